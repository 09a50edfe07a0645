"""Roads out of a file: an extract of OpenStreetMap, or lines with a speed (NVDB as GeoPackage or Shapefile).

Which column holds the speed and which the direction is found by name or told; a road without a speed takes that of
its class, and one that no car may use is left out and counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import shapely

from landbank.domain.roads import Road, Way
from landbank.errors import Invalid
from landbank.exchange.read import Batch, Source
from landbank.geo.crs import STORAGE, parse_crs, reproject

CLASS_SPEEDS: Final[Mapping[str, float]] = {
    "motorway": 110, "motorway_link": 70, "trunk": 90, "trunk_link": 60, "primary": 80, "primary_link": 60,
    "secondary": 70, "secondary_link": 50, "tertiary": 60, "tertiary_link": 50, "unclassified": 50, "road": 50,
    "residential": 40, "living_street": 15, "service": 20,
}  # fmt: skip
"""km/h where OpenStreetMap names no speed: landbank's own defaults, near Swedish limits. Others carry no cars."""

SPEED_NAMES: Final = (
    "maxspeed",
    "speed_kmh",
    "hastighet",
    "hastighetsgrans",
    "hastighetsgräns",
    "hogsta_tillatna",
    "speed",
)
WAY_NAMES: Final = ("oneway", "enkelriktad", "riktning", "direction")
ALONG_WORDS: Final = frozenset({"yes", "true", "1", "med", "forward", "along", "ja"})
AGAINST_WORDS: Final = frozenset({"-1", "reverse", "mot", "backward", "against"})
TAG: Final = re.compile(r'"((?:[^"\\]|\\.)*)"=>"((?:[^"\\]|\\.)*)"')
KMH_PER_MPH: Final = 1.609344


@dataclass(slots=True)
class RoadsRead:
    """The roads of a file in EPSG:3006, and why the other lines are not among them: reason and count."""

    roads: list[Road]
    left_out: dict[str, int] = field(default_factory=dict)
    by_class: int = 0
    """How many took the speed of their class or the default, since none is stated."""

    def leave(self, reason: str) -> None:
        """Count a line that is left out."""
        self.left_out[reason] = self.left_out.get(reason, 0) + 1


def read_roads(
    source: Source, *, speed_field: str | None = None, default_kmh: float | None = None
) -> RoadsRead:
    """The roads of an opened file.

    `speed_field` names the column of speeds in km/h where its name doesn't tell; `default_kmh` is for roads that have
    neither speed nor a class.

    Raises
    ------
    Invalid
        The file states no CRS, has no lines, no column of speeds, or not the one named.
    """
    if source.layer.crs is None:
        raise Invalid(
            "The file does not state its coordinate reference system.",
            hint="Give it with --crs.",
            where="crs",
        )
    crs = parse_crs(source.layer.crs)
    read = RoadsRead([])
    for batch in source.batches():
        rows = RowsOfRoads(batch, speed_field, default_kmh)
        geometry = reproject(shapely.from_wkb(batch.wkb.to_numpy(zero_copy_only=False)), crs, STORAGE)
        for line, attributes in zip(geometry, rows.attributes(), strict=True):
            take(read, line, attributes, rows)
    if not read.roads:
        counted = ", ".join(f"{count} {reason}" for reason, count in read.left_out.items()) or "it is empty"
        raise Invalid(
            f"The file holds no road for cars: {counted}.", hint="Send lines with a speed, or an OSM extract."
        )
    return read


def take(read: RoadsRead, line: Any, attributes: Mapping[str, Any], rows: RowsOfRoads) -> None:
    """Add the line's roads, or count it as left out."""
    if line is None or shapely.is_empty(line):
        read.leave("without shape")
        return
    if rows.is_osm and attributes.get("highway") not in CLASS_SPEEDS:
        read.leave("no road for cars")
        return
    stated = rows.speed(attributes)
    speed = stated if stated is not None else rows.fallback(attributes)
    if speed is None:
        read.leave("without speed")
        return
    read.by_class += stated is None
    for part in shapely.get_parts(line):
        corners = shapely.get_coordinates(part)
        if shapely.get_type_id(part) != 1 or not np.isfinite(corners).all():
            read.leave("no line")
            continue
        read.roads.append(Road(corners, speed, rows.way(attributes)))


class RowsOfRoads:
    """How the rows of a batch tell speed and direction."""

    def __init__(self, batch: Batch, speed_field: str | None, default_kmh: float | None) -> None:
        self._columns = batch.columns
        lower = {name.lower(): name for name in batch.columns}
        self.is_osm = "highway" in lower and "other_tags" in lower
        self._default = default_kmh
        self._speed = speed_field or next((lower[name] for name in SPEED_NAMES if name in lower), None)
        self._way = next((lower[name] for name in WAY_NAMES if name in lower), None)
        if speed_field is not None and speed_field not in batch.columns:
            raise Invalid(
                f"There is no column '{speed_field}'.",
                hint=f"Columns: {', '.join(batch.columns)}.",
                where="speed",
            )
        if not self.is_osm and self._speed is None and default_kmh is None:
            raise Invalid(
                "No column of the file is known to hold speeds.",
                hint=f"Name it with --speed-field, or give --default-kmh. Columns: {', '.join(batch.columns)}.",
                where="speed",
            )

    def attributes(self) -> Iterator[dict[str, Any]]:
        """Each row's attributes; for OpenStreetMap with its further tags opened."""
        names = list(self._columns)
        lists = [self._columns[name].to_pylist() for name in names]
        for values in zip(*lists, strict=True):
            row = dict(zip(names, values, strict=True))
            yield row | tags(row.get("other_tags")) if self.is_osm else row

    def speed(self, attributes: Mapping[str, Any]) -> float | None:
        """The speed that the row states, km/h; None where it states none that can be driven."""
        value = attributes.get("maxspeed" if self.is_osm else self._speed or "")
        return read_speed(value)

    def fallback(self, attributes: Mapping[str, Any]) -> float | None:
        """The speed of the row's class, or the default."""
        return (
            CLASS_SPEEDS.get(str(attributes.get("highway")), self._default) if self.is_osm else self._default
        )

    def way(self, attributes: Mapping[str, Any]) -> Way:
        """The direction; roundabouts and motorways of OpenStreetMap run along their corners unless they say not."""
        said = str(attributes.get("oneway" if self.is_osm else self._way or "") or "").strip().lower()
        if said in AGAINST_WORDS:
            return Way.AGAINST
        implied = self.is_osm and (
            attributes.get("junction") == "roundabout" or attributes.get("highway") == "motorway"
        )
        return Way.ALONG if said in ALONG_WORDS or (implied and said != "no") else Way.BOTH


def tags(text: Any) -> dict[str, str]:
    """The further tags of a row, which GDAL writes as PostgreSQL's hstore."""
    return dict(TAG.findall(text)) if isinstance(text, str) else {}


def read_speed(value: Any) -> float | None:
    """km/h out of 70, '70', '70 km/h', '40 mph', '50;70' (the least); None for anything else."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value) if 0 < value <= 200 else None
    found = re.findall(r"(\d+(?:\.\d+)?)\s*(mph)?", str(value or ""))
    speeds = [float(number) * (KMH_PER_MPH if unit else 1.0) for number, unit in found]
    usable = [speed for speed in speeds if 0 < speed <= 200]
    return min(usable, default=None)
