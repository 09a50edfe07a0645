"""Fit footprints on a plot of the inventory, or divide it: the domain decides over the outline that is stored.

Finding the outline takes a transaction, deciding takes none: a connection is not held while it lasts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import shapely
from shapely.geometry.base import BaseGeometry

from landbank.domain.fit.buildable import Zone, buildable_zone, check_set_back
from landbank.domain.fit.footprint import Footprint
from landbank.domain.fit.ground import prepare
from landbank.domain.fit.key import fit_key
from landbank.domain.fit.several import Together, check_number, fit_together
from landbank.domain.subdivision.propose import Subdivision, Wanted, propose
from landbank.errors import NotFound

MOST_VERTICES: Final = 5_000
"""Outlines with more corners are not fitted: it would take a request's whole time."""

GREATEST_ID: Final = 2**63 - 1

Areas = Mapping[str, Sequence[BaseGeometry]]


class ShapeOfPlot(Protocol):
    """A current plot with its outline in EPSG:3006."""

    @property
    def plot_id(self) -> int:
        """The plot's id."""

    @property
    def row_version(self) -> int:
        """The version of its row."""

    @property
    def reference(self) -> str:
        """The municipality's name of it."""

    @property
    def name(self) -> str | None:
        """Its name."""

    @property
    def is_synthetic(self) -> bool:
        """Whether it is invented."""

    @property
    def minimum_lot_m2(self) -> float | None:
        """Least area of a plot there."""

    @property
    def is_subdividable(self) -> bool | None:
        """Whether it may be divided."""

    @property
    def outline(self) -> BaseGeometry | None:
        """Its outline; None for a point."""


class ShapeReader(Protocol):
    """What fitting needs of the store."""

    def shape(self, plot_id: int) -> ShapeOfPlot | None:
        """A current plot with its outline."""


@dataclass(frozen=True, slots=True, eq=False)
class FittedPlot:
    """The answer for footprints on a plot; zone and answer are None where the plot's outline says nothing.

    `key` names the answer as long as the plot's version, the footprints and the distances are the same.
    """

    plot: ShapeOfPlot
    footprints: tuple[Footprint, ...]
    gap_m: float
    zone: Zone | None
    together: Together | None
    key: str

    @property
    def because(self) -> str | None:
        """Why there is no answer; None where there is one."""
        return None if self.together is not None else why_not(self.plot)


def find_shape(reader: ShapeReader, plot_id: int) -> ShapeOfPlot:
    """A current plot with its outline.

    Raises
    ------
    NotFound
        No plot of this id is current.
    """
    plot = reader.shape(plot_id) if 0 < plot_id <= GREATEST_ID else None
    if plot is None:
        raise NotFound(
            f"There is no current plot {plot_id}.",
            hint="Look its number up in the list or on the map.",
            where="plot_id",
        )
    return plot


def fit_on(
    plot: ShapeOfPlot,
    footprints: Sequence[Footprint],
    *,
    set_back_m: float = 0.0,
    gap_m: float = 0.0,
    areas: Areas | None = None,
) -> FittedPlot:
    """Whether the footprints fit on the plot behind its set-back and outside the areas (EPSG:3006, by kind).

    The inventory holds no shapes of restrictions: what is not given as an area is not taken out.

    Raises
    ------
    Invalid
        A distance, a number or an area can't be.
    """
    check_number(footprints, gap_m)
    check_set_back(set_back_m)
    key = fit_key(
        plot.plot_id, plot.row_version, footprints=footprints, set_back_m=set_back_m, gap_m=gap_m, areas=areas
    )
    outline = workable_outline(plot)
    if outline is None:
        return FittedPlot(plot, tuple(footprints), gap_m, None, None, key)
    zone = buildable_zone(outline, set_back_m=set_back_m, areas=areas)
    together = fit_together(prepare(zone.shape), footprints, gap_m=gap_m)
    return FittedPlot(plot, tuple(footprints), gap_m, zone, together, key)


def workable_outline(plot: ShapeOfPlot) -> BaseGeometry | None:
    """The plot's outline if it has one, of a size that is worked with."""
    outline = plot.outline
    if outline is None or int(shapely.get_num_coordinates(outline)) > MOST_VERTICES:
        return None
    return outline


def why_not(plot: ShapeOfPlot) -> str:
    """Why a plot's outline can't be worked with: `no_outline` or `too_many_corners`."""
    return "no_outline" if plot.outline is None else "too_many_corners"


@dataclass(frozen=True, slots=True, eq=False)
class DividedPlot:
    """The proposals for dividing a plot by the rules of `wanted`; None where its outline says nothing."""

    plot: ShapeOfPlot
    wanted: Wanted
    subdivision: Subdivision | None

    @property
    def because(self) -> str | None:
        """Why there are no proposals; None where the outline was looked at."""
        return None if self.subdivision is not None else why_not(self.plot)


def divide(
    plot: ShapeOfPlot,
    *,
    area_m2: float | None = None,
    footprint: Footprint | None = None,
    set_back_m: float = 0.0,
    least_front_m: float | None = None,
    minimum_lot_m2: float | None = None,
    road: BaseGeometry | None = None,
) -> DividedPlot:
    """Where a piece for a need can be cut off the plot; `minimum_lot_m2` only where the plot's own is unknown.

    `road` is a line, polygon or point in EPSG:3006; without one the longest side is assumed to be the front.

    Raises
    ------
    Invalid
        Nothing is asked for, or an amount can't be.
    """
    check_set_back(set_back_m)
    wanted = Wanted(
        area_m2=area_m2,
        footprint=footprint,
        set_back_m=set_back_m,
        minimum_lot_m2=minimum_lot_m2 if plot.minimum_lot_m2 is None else plot.minimum_lot_m2,
        is_subdividable=plot.is_subdividable,
        **({} if least_front_m is None else {"least_front_m": least_front_m}),
    )
    outline = workable_outline(plot)
    if outline is None:
        return DividedPlot(plot, wanted, None)
    return DividedPlot(plot, wanted, propose(outline, wanted, road=road))
