"""Fill an empty inventory with the synthetic one; or only with the municipalities and points it refers to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import numpy as np
import shapely
from numpy.typing import NDArray

from landbank import codelists
from landbank.codelists.infrastructure import SOURCE
from landbank.demo import REGION_HOLDS, TABLES, Border, Infrastructure, generate
from landbank.errors import Conflict
from landbank.exchange.borders import CRS, GEOMETRY_SOURCE, MunicipalityBorder, read_borders
from landbank.geo.crs import LONLAT, STORAGE, reproject

Advance = Callable[[int], None]


class Loading(Protocol):
    """What this service needs of the store."""

    def has_plots(self) -> bool:
        """Whether the inventory holds plots, areas or plans."""
        ...

    def allow_pauses(self) -> None:
        """Let the transaction wait while rows are being made."""
        ...

    def municipalities(self, rows: Sequence[Mapping[str, object]]) -> None:
        """Add or renew municipalities."""
        ...

    def infrastructure(self, rows: Sequence[Mapping[str, object]]) -> None:
        """Add or renew infrastructure."""
        ...

    def first_numbers(self) -> dict[str, int]:
        """Offsets of numbered rows."""
        ...

    def copy(
        self,
        tables: Iterable[tuple[str, Mapping[str, NDArray[Any]]]],
        numbers: Mapping[str, int],
    ) -> None:
        """Copy rows in."""
        ...

    def settle_numbers(self) -> None:
        """Continue numbering behind the copied rows."""
        ...

    def analyse(self) -> None:
        """Renew the planner's statistics."""
        ...


class HasLoad(Protocol):
    """A transaction's store."""

    @property
    def load(self) -> Loading:
        """The statements that fill an inventory."""
        ...


@dataclass(frozen=True, slots=True)
class Reference:
    """What was loaded for reference: borders and infrastructure in EPSG:3006."""

    borders: tuple[Border, ...]
    infrastructure: Infrastructure


@dataclass(frozen=True, slots=True)
class Loaded:
    """How much was loaded."""

    plots: int
    rows: int
    municipalities: int


def load_reference(store: HasLoad, *, whole_country: bool = False) -> Reference:
    """Load the 13 municipalities with their borders, or all 290, and the infrastructure points.

    What is there already and the same stays untouched: no event, no new revision.

    Raises
    ------
    Unavailable
        The borders are not installed.
    """
    read = read_borders(None if whole_country else codelists.municipalities())
    lands = reproject(np.array([border.geometry_lonlat for border in read], dtype=object), CRS, STORAGE)
    store.load.municipalities(
        [municipality_row(border, land) for border, land in zip(read, lands, strict=True)]
    )
    listed = codelists.infrastructure()
    points = reproject(shapely.points([point.lonlat for point in listed]), LONLAT, STORAGE)
    store.load.infrastructure(
        [
            {"kind": str(point.kind), "name": point.name, "source": SOURCE, "accuracy_m": point.accuracy_m,
             "location": as_ewkb(place)}
            for point, place in zip(listed, points, strict=True)
        ]
    )  # fmt: skip
    return Reference(
        tuple(Border(border.code, border.name, land) for border, land in zip(read, lands, strict=True)),
        Infrastructure(shapely.get_coordinates(points), tuple(str(point.kind) for point in listed)),
    )


def municipality_row(border: MunicipalityBorder, land: shapely.Geometry) -> dict[str, object]:
    """A row of table `municipality`; the county is known of the region's own."""
    known = codelists.municipalities().get(border.code)
    return {
        "code": border.code,
        "name": border.name,
        "county": known.county if known else None,
        "geometry": as_ewkb(land),
        "geometry_source": GEOMETRY_SOURCE,
    }


def as_ewkb(geometry: shapely.Geometry) -> str:
    """The geometry as hex EWKB with EPSG:3006."""
    return str(shapely.to_wkb(shapely.set_srid(geometry, STORAGE), hex=True, include_srid=True))


def load_demo(
    store: HasLoad, *, on: date, plots: int = 250, seed: int = 1, advance: Advance | None = None
) -> Loaded:
    """Load the synthetic inventory of so many plots, seen from the day `on`.

    Up to 3 000 plots lie in the 13 municipalities of the region, more in all of Sweden. `advance` is told the number
    of plots after each batch. The same arguments fill an empty inventory with the same rows.

    Raises
    ------
    Conflict
        The inventory holds plots, parks or plans already.
    Invalid
        `plots` is below 1, or there is no room for so many.
    """
    if store.load.has_plots():
        raise Conflict(
            "The inventory already holds plots, business parks or plans; invented ones are not mixed with them.",
            hint="Use an empty database for the demo: another LANDBANK_HOME or LANDBANK_DATABASE_URL.",
        )
    store.load.allow_pauses()
    reference = load_reference(store, whole_country=plots > REGION_HOLDS)
    numbers = store.load.first_numbers()
    done = rows = 0
    for batch in generate(
        plots, seed, borders=reference.borders, infrastructure=reference.infrastructure, on=on
    ):
        tables = [(name, batch[name]) for name in TABLES if name in batch.tables]
        store.load.copy(tables, numbers)
        rows += sum(len(next(iter(columns.values()))) for _, columns in tables)
        done += batch.plots
        if advance:
            advance(batch.plots)
    store.load.settle_numbers()
    store.load.analyse()
    return Loaded(done, rows, len(reference.borders))
