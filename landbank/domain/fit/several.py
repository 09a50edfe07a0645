"""Several footprints on the same ground at once, with a gap between them.

Finding a place for all is sound: each rectangle drawn lies in the zone and keeps its distance. That there is none
is said only where it is proved, by one footprint that has no place alone or by area; otherwise the question stays
undecided, since no exact method is tried.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
import shapely

from landbank.domain.fit.centres import Floats, Shape, centres_left, edges_of
from landbank.domain.fit.footprint import Fit, FitAnswer, Footprint, Rectangle
from landbank.domain.fit.ground import Ground
from landbank.domain.fit.search import fit
from landbank.errors import Invalid

MOST_FOOTPRINTS: Final = 10
LARGEST_GAP_M: Final = 200.0
MOST_PLACED: Final = 800
CLEAR_M: Final = 0.001
"""Rectangles are laid this far from what they could touch, so that rounding never makes them overlap."""

CORNERS: Final = ((1, 1), (1, -1), (-1, 1), (-1, -1))


@dataclass(frozen=True, slots=True)
class Together:
    """The answer for several footprints.

    `rectangles` are in the order of the footprints where all fit, else empty. `alone` are the answers for each
    footprint by itself; `needed_m2` and `found_m2` compare the ground that they take with their gaps, and the
    ground there is, grown by half a gap.
    """

    answer: FitAnswer
    footprints: tuple[Footprint, ...]
    gap_m: float
    rectangles: tuple[Rectangle, ...]
    alone: tuple[Fit, ...]
    needed_m2: float
    found_m2: float


def fit_together(ground: Ground, footprints: Sequence[Footprint], *, gap_m: float = 0.0) -> Together:
    """Whether all footprints have places in the zone that do not overlap and lie at least the gap apart.

    Raises
    ------
    Invalid
        There are none or more than ten footprints, or the gap is not from 0 to 200 m.
    """
    check_number(footprints, gap_m)
    wanted = tuple(footprints)
    by_size = {one: fit(ground, one) for one in dict.fromkeys(wanted)}
    alone = tuple(by_size[one] for one in wanted)
    needed, found = ground_needed(wanted, gap_m), ground_found(ground, gap_m)

    def told(answer: FitAnswer, rectangles: tuple[Rectangle, ...] = ()) -> Together:
        return Together(answer, wanted, gap_m, rectangles, alone, needed, found)

    if len(wanted) == 1:
        place = alone[0].rectangle if alone[0].answer is FitAnswer.FITS else None
        return told(alone[0].answer, (place,) if place else ())
    if needed > found or any(one.answer is FitAnswer.DOES_NOT_FIT for one in alone):
        return told(FitAnswer.DOES_NOT_FIT)
    if any(one.rectangle is None for one in alone):
        return told(FitAnswer.UNDECIDED)
    placed = Laying(ground, wanted, gap_m).find([one.rectangle.angle for one in alone if one.rectangle])
    return told(FitAnswer.FITS, placed) if placed else told(FitAnswer.UNDECIDED)


def check_number(footprints: Sequence[Footprint], gap_m: float) -> None:
    """Refuse none or too many footprints, and a gap that is none."""
    if not 1 <= len(footprints) <= MOST_FOOTPRINTS:
        raise Invalid(
            f"{len(footprints)} footprints can't be placed together.",
            hint=f"Give from 1 to {MOST_FOOTPRINTS}.",
            where="footprints",
        )
    if not 0 <= gap_m <= LARGEST_GAP_M:
        raise Invalid(
            f"A gap can't be {gap_m} m.",
            hint=f"Give a distance from 0 to {LARGEST_GAP_M:g} m.",
            where="gap_m",
        )


def ground_needed(footprints: Sequence[Footprint], gap_m: float) -> float:
    """Area that the footprints take when each is grown by half the gap, m²: W D + (W + D) g + pi g² / 4 each.

    Grown so, footprints that keep the gap don't overlap.
    """
    return sum(
        one.area_m2 + (one.width_m + one.depth_m) * gap_m + math.pi * gap_m**2 / 4 for one in footprints
    )


def ground_found(ground: Ground, gap_m: float) -> float:
    """Area that holds all footprints grown by half the gap, m², rather too large."""
    # Chords lie inside the true arc, by less than a fiftieth of it.
    return float(shapely.buffer(ground.around, 1.03 * gap_m / 2).area)


@dataclass(frozen=True, slots=True)
class Corner:
    """A direction, and the corner of the ground that rectangles along it are pushed into."""

    angle: float
    right: int
    up: int

    def farthest(self, points: Floats) -> tuple[float, float]:
        """The point farthest into the corner, first along the direction, then across it."""
        cosine, sine = math.cos(self.angle), math.sin(self.angle)
        along = points @ np.array([cosine, sine]) * self.right
        across = points @ np.array([-sine, cosine]) * self.up
        x, y = points[np.lexsort((across.round(6), along.round(6)))[0]]
        return float(x), float(y)


class Laying:
    """Laying rectangles one after the other, the largest first, each as far into a corner as it goes."""

    def __init__(self, ground: Ground, footprints: tuple[Footprint, ...], gap_m: float) -> None:
        self.ground = ground
        self.footprints = footprints
        self.gap_m = gap_m
        self.order = sorted(range(len(footprints)), key=lambda place: (-footprints[place].area_m2, place))
        self.left = MOST_PLACED

    def find(self, angles: Sequence[float]) -> tuple[Rectangle, ...]:
        """Places for all, in the order of the footprints, tried along each direction; empty if none were found."""
        for angle in dict.fromkeys([*self.ground.directions, *angles]):
            for right, up in CORNERS:
                laid = self.lay(self.ground.local, Corner(angle, right, up), self.order)
                if laid and self.holds(laid):
                    by_place = dict(zip(self.order, laid, strict=True))
                    return tuple(by_place[place].moved(*self.ground.origin) for place in sorted(by_place))
        return ()

    def lay(self, free: Shape, corner: Corner, rest: list[int]) -> list[Rectangle]:
        """The rest of the footprints laid on the free ground, along or across the direction; empty if they can't."""
        edges = edges_of(free)
        for turned in (corner.angle, corner.angle + math.pi / 2):
            if self.left <= 0:
                return []
            self.left -= 1
            found = corner_place(free, edges, self.footprints[rest[0]], turned, corner)
            if found is None:
                continue
            if len(rest) == 1:
                return [found]
            taken = shapely.buffer(found.outline(), self.gap_m + CLEAR_M / 2, join_style="mitre")
            if after := self.lay(free.difference(taken), corner, rest[1:]):
                return [found, *after]
        return []

    def holds(self, laid: list[Rectangle]) -> bool:
        """Whether each rectangle lies in the zone and any two keep the gap, checked where the ground lies."""
        outlines = [one.moved(*self.ground.origin).outline() for one in laid]
        return all(self.ground.zone.covers(one) for one in outlines) and all(
            one.distance(other) >= self.gap_m and not one.relate_pattern(other, "T********")
            for one, other in combinations(outlines, 2)
        )


def corner_place(
    free: Shape, edges: Floats, footprint: Footprint, angle: float, corner: Corner
) -> Rectangle | None:
    """The footprint, at this angle, as far into the corner of the free ground as it goes, or None."""
    if free.is_empty:
        return None
    long, short = footprint.long_m + CLEAR_M, footprint.short_m + CLEAR_M
    centres = shapely.get_coordinates(centres_left(free, edges, angle=angle, long_m=long, short_m=short))
    if not len(centres):
        return None
    return Rectangle(*corner.farthest(centres), footprint.long_m, footprint.short_m, angle)
