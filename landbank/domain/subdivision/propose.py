"""Proposals for cutting off what a need asks for from a larger plot, and why there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import shapely

from landbank.domain.fit.buildable import buildable_zone
from landbank.domain.fit.footprint import FitAnswer, Footprint, Rectangle
from landbank.domain.fit.ground import prepare
from landbank.domain.fit.largest import Largest
from landbank.domain.fit.largest_any import largest_rectangle
from landbank.domain.fit.search import fit
from landbank.domain.subdivision.front import Floats, Front, Shape, find_front
from landbank.errors import Invalid

LEAST_FRONT_M: Final = 6.0
FINE_M: Final = 0.1
MOST_PROPOSALS: Final = 3
CLOSE: Final = 0.05


class Obstacle(StrEnum):
    """Why a cut is not proposed."""

    NOT_ALLOWED = "not_allowed"
    NO_FRONT = "no_front"
    PLOT_TOO_SMALL = "plot_too_small"
    FOOTPRINT_DOES_NOT_FIT = "footprint_does_not_fit"
    PIECE_FALLS_APART = "piece_falls_apart"
    REMAINDER_TOO_SMALL = "remainder_too_small"
    REMAINDER_WITHOUT_ROAD = "remainder_without_road"
    REMAINDER_FALLS_APART = "remainder_falls_apart"


class Open(StrEnum):
    """What has to be asked before a proposal can be relied on."""

    IS_SUBDIVIDABLE = "is_subdividable"
    MINIMUM_LOT = "minimum_lot"
    ROAD_FRONT = "road_front"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be cut off, and by which rules.

    Attributes
    ----------
    area_m2, footprint
        The piece has at least this area, and room for this footprint behind the set-back; at least one is given.
    minimum_lot_m2
        Least area of either part; None where it is unknown: then it is not checked, and told as open.
    least_front_m
        Least road front of either part.
    is_subdividable
        Whether whoever sells divides the plot; None where that is unknown.
    """

    area_m2: float | None = None
    footprint: Footprint | None = None
    set_back_m: float = 0.0
    minimum_lot_m2: float | None = None
    least_front_m: float = LEAST_FRONT_M
    is_subdividable: bool | None = None

    def __post_init__(self) -> None:
        if self.area_m2 is None and self.footprint is None:
            raise Invalid(
                "Nothing is asked for.", hint="Give an area, or a width and a depth.", where="area_m2"
            )
        for name in ("area_m2", "minimum_lot_m2", "least_front_m"):
            value = getattr(self, name)
            if value is not None and not 0 < value <= 1e9:
                raise Invalid(f"{name} can't be {value}.", hint="Give a number above 0.", where=name)

    @property
    def least_m2(self) -> float:
        """The least area that the piece must have."""
        return max(self.area_m2 or 0.0, self.minimum_lot_m2 or 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Proposal:
    """One cut: the piece for the need and the remainder, areas in m², road fronts in m.

    `rectangle` is the footprint in its place on the piece; `largest` the largest rectangle on the remainder behind
    the set-back.
    """

    piece: Shape
    remainder: Shape
    cut: Shape
    piece_front_m: float
    remainder_front_m: float
    rectangle: Rectangle | None
    largest: Largest


@dataclass(frozen=True, slots=True)
class Refusal:
    """A cut that is not proposed: why, and the amounts that decide (m² or m), where there are any."""

    obstacle: Obstacle
    needed: float | None = None
    found: float | None = None


@dataclass(frozen=True, slots=True)
class Subdivision:
    """The proposals, best first: least land taken, then the longest road front left, then the side's place.

    `refusals` say why the other cuts are not proposed; `open` what has to be asked.
    """

    proposals: tuple[Proposal, ...]
    refusals: tuple[Refusal, ...]
    open: tuple[Open, ...]


def propose(plot: Shape, wanted: Wanted, *, road: Shape | None = None) -> Subdivision:
    """Where a piece can be cut off by one straight cut at a right angle to the road front, from either end of it.

    Each cut takes as little land as meets the rules, to within 10 cm along the front. Both parts hang together,
    have the minimum lot, and touch the front with at least `least_front_m`.

    Raises
    ------
    Invalid
        The plot is not a valid polygon.
    """
    if plot.geom_type not in ("Polygon", "MultiPolygon") or not shapely.is_valid(plot) or plot.is_empty:
        raise Invalid("The plot has no valid outline.", hint="Only a plot with an outline can be divided.")
    if wanted.is_subdividable is False:
        return Subdivision((), (Refusal(Obstacle.NOT_ALLOWED),), ())
    smallest = wanted.least_m2 + (wanted.minimum_lot_m2 or 0.0)
    if plot.area < smallest:
        return Subdivision((), (Refusal(Obstacle.PLOT_TOO_SMALL, smallest, float(plot.area)),), ())
    front = find_front(plot, road, least_m=wanted.least_front_m)
    if front is None:
        return Subdivision((), (Refusal(Obstacle.NO_FRONT, wanted.least_front_m),), ())
    tried = [
        Cut(plot, front, wanted, side, from_end).made() for side in front.sides for from_end in (False, True)
    ]
    made = [one for one in tried if isinstance(one, Parts)]
    made.sort(key=lambda one: (round(float(one.piece.area)), -round(front.length_of(one.remainder), 1)))
    return Subdivision(
        tuple(one.proposal(front, wanted) for one in made[:MOST_PROPOSALS]),
        tuple(dict.fromkeys(one for one in tried if isinstance(one, Refusal))),
        tuple(asked(wanted, front)),
    )


def asked(wanted: Wanted, front: Front) -> Iterator[Open]:
    """What the proposals take for granted."""
    if wanted.is_subdividable is None:
        yield Open.IS_SUBDIVIDABLE
    if wanted.minimum_lot_m2 is None:
        yield Open.MINIMUM_LOT
    if front.is_assumed:
        yield Open.ROAD_FRONT


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """A plot in two, with the line between them."""

    piece: Shape
    remainder: Shape
    cut: Shape

    def proposal(self, front: Front, wanted: Wanted) -> Proposal:
        """The parts with what is told of them."""
        behind = buildable_zone(self.remainder, set_back_m=wanted.set_back_m).shape
        return Proposal(
            self.piece,
            self.remainder,
            self.cut,
            front.length_of(self.piece),
            front.length_of(self.remainder),
            placed(self.piece, wanted),
            largest_rectangle(prepare(behind), close=CLOSE),
        )


class Cut:
    """Cuts at a right angle to one side of the front, counted from one end of the plot along it."""

    def __init__(
        self, plot: Shape, front: Front, wanted: Wanted, side: shapely.LineString, from_end: bool
    ) -> None:
        self.plot, self.front, self.wanted = plot, front, wanted
        points = shapely.get_coordinates(side)
        way = points[-1] - points[0]
        self.along: Floats = way / np.hypot(*way) * (-1 if from_end else 1)
        spans = shapely.get_coordinates(plot) @ self.along
        self.start, self.end = float(spans.min()), float(spans.max())
        self.reach = float(np.hypot(plot.bounds[2] - plot.bounds[0], plot.bounds[3] - plot.bounds[1])) + 1

    def made(self) -> Parts | Refusal:
        """The cut that takes the least land, or why there is none."""
        least = self.wanted.least_m2
        at = self.first(
            lambda piece: piece.area >= least and self.front_of(piece) >= self.wanted.least_front_m
        )
        if at is not None and self.wanted.footprint is not None:
            at = self.first(lambda piece: placed(piece, self.wanted) is not None, after=at)
            if at is None:
                return Refusal(Obstacle.FOOTPRINT_DOES_NOT_FIT)
        if at is None:
            return Refusal(Obstacle.PLOT_TOO_SMALL, least, float(self.plot.area))
        return self.checked(self.parts(at))

    def first(self, is_enough: Callable[[Shape], bool], *, after: float | None = None) -> float | None:
        """The least distance along the front, to 10 cm, at which the piece is enough; a longer piece is so too."""
        low = self.start if after is None else after
        if after is not None and is_enough(self.parts(after).piece):
            return after
        high = self.end
        if not is_enough(self.plot):
            return None
        while high - low > FINE_M:
            middle = (low + high) / 2
            low, high = (low, middle) if is_enough(self.parts(middle).piece) else (middle, high)
        return high

    def parts(self, at: float) -> Parts:
        """The plot cut at a distance along the front."""
        across = np.array([-self.along[1], self.along[0]]) * 2 * self.reach
        middle = np.array(shapely.get_coordinates(self.plot.centroid)[0])
        edge = middle + self.along * (at - float(middle @ self.along))
        back = self.along * 2 * self.reach
        half = shapely.Polygon([edge - across, edge + across, edge + across - back, edge - across - back])
        line = shapely.LineString([edge - across, edge + across]).intersection(self.plot)
        return Parts(self.plot.intersection(half), self.plot.difference(half), line)

    def front_of(self, part: Shape) -> float:
        """The road front of a part."""
        return self.front.length_of(part)

    def checked(self, parts: Parts) -> Parts | Refusal:
        """The parts if both keep the rules, else which one is broken."""
        lot, front = self.wanted.minimum_lot_m2 or 0.0, self.wanted.least_front_m
        left, left_front = float(parts.remainder.area), self.front_of(parts.remainder)
        if left <= 0 or left < lot:
            return Refusal(Obstacle.REMAINDER_TOO_SMALL, lot, round(left, 1))
        if left_front < front:
            return Refusal(Obstacle.REMAINDER_WITHOUT_ROAD, front, round(left_front, 1))
        if parts.piece.geom_type != "Polygon":
            return Refusal(Obstacle.PIECE_FALLS_APART)
        if parts.remainder.geom_type != "Polygon":
            return Refusal(Obstacle.REMAINDER_FALLS_APART)
        return parts


def placed(piece: Shape, wanted: Wanted) -> Rectangle | None:
    """The footprint in its place behind the set-back on the piece, or None."""
    if wanted.footprint is None or piece.is_empty:
        return None
    zone = buildable_zone(piece, set_back_m=wanted.set_back_m).shape
    found = fit(prepare(zone), wanted.footprint)
    return found.rectangle if found.answer is FitAnswer.FITS else None
