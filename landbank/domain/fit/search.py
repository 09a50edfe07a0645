"""Whether a footprint fits at any angle: likely directions first, then branch and bound over the half turn.

A range of angles is shut out when even the box inside all of the range's rectangles has no place at its middle.
What is shut out is the footprint less half the tolerance, so that rounding never decides; what is called
borderline has a place for the footprint less the whole tolerance.

Source: interval branch and bound over the angle, with the free places at one angle as in robot motion planning
(T. Lozano-Pérez, Spatial planning: a configuration space approach, 1983).
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass, field
from itertools import count
from typing import Final

import shapely

from landbank.domain.fit.centres import Shape, centres_left, inner_box, inside_point
from landbank.domain.fit.footprint import (
    TOLERANCE_M,
    Fit,
    FitAnswer,
    Footprint,
    Interval,
    Proof,
    Reason,
    Rectangle,
)
from landbank.domain.fit.ground import Ground

MOST_TRIED: Final = 1_500
MOST_EDGES: Final = 300_000
MOST_TRIED_NEARLY: Final = 500
NARROW_HALF: Final = math.radians(2.5)
WIDEST_HALF: Final = math.radians(10)
ERODED: Final = 0.985
"""GEOS may move a border by a hundredth of a buffer's distance; the core must rather be too large."""


def fit(ground: Ground, footprint: Footprint, *, most_tried: int = MOST_TRIED) -> Fit:
    """Whether the footprint fits on the ground, with the place found or the proof that there is none.

    The answer is undecided where more than `most_tried` angles, or too many borders, would have to be looked at.
    """
    search = Search(ground, footprint, most_tried)
    if (proof := quick_proof(ground, footprint)) is not None:
        return Fit(FitAnswer.DOES_NOT_FIT, footprint, proof=proof)
    core = core_of(ground, footprint)
    if core.is_empty:
        needed = footprint.short_m
        return Fit(FitAnswer.DOES_NOT_FIT, footprint, proof=Proof(Reason.CIRCLE, needed=needed))
    for angle in ground.directions:
        if (place := search.place(core, angle)) is not None:
            return search.answer(FitAnswer.FITS, place)
    return search.explore(core)


def quick_proof(ground: Ground, footprint: Footprint) -> Proof | None:
    """A proof from area or diagonal alone, or None."""
    if ground.is_empty:
        return Proof(Reason.NO_GROUND)
    long, short = footprint.long_m - TOLERANCE_M / 2, footprint.short_m - TOLERANCE_M / 2
    largest = max(float(shapely.area(part)) for part in shapely.get_parts(ground.around))
    if largest < long * short:
        return Proof(Reason.AREA, needed=footprint.area_m2, found=largest)
    reach = diameter(ground.around)
    if reach < math.hypot(long, short):
        return Proof(Reason.DIAGONAL, needed=math.hypot(footprint.long_m, footprint.short_m), found=reach)
    return None


def diameter(shape: Shape) -> float:
    """No less than the distance between the farthest points of the shape: that of its smallest circle."""
    return 2 * float(shapely.minimum_bounding_radius(shape))


def core_of(ground: Ground, footprint: Footprint) -> Shape:
    """All points that may be a centre at any angle: those with a circle as wide as the short side around them."""
    radius = (footprint.short_m - TOLERANCE_M / 2) / 2
    return shapely.buffer(ground.around, -ERODED * radius, quad_segs=4)


@dataclass(slots=True, eq=False)
class Search:
    """One footprint's search over the angles, and what it has cost so far."""

    ground: Ground
    footprint: Footprint
    most_tried: int
    tried: int = 0
    edges_tried: int = 0
    nearly: Rectangle | None = None
    shut_out: list[Interval] = field(default_factory=list)

    @property
    def is_spent(self) -> bool:
        """Whether the search has cost as much as one may."""
        most = self.most_tried if self.nearly is None else min(self.most_tried, MOST_TRIED_NEARLY)
        return self.tried >= most or self.edges_tried >= MOST_EDGES

    def answer(self, answer: FitAnswer, place: Rectangle | None = None, proof: Proof | None = None) -> Fit:
        """The answer, its place where the ground lies."""
        moved = None if place is None else place.moved(*self.ground.origin)
        return Fit(answer, self.footprint, moved, proof, self.tried)

    def place(self, region: Shape, angle: float) -> Rectangle | None:
        """The footprint in its place at this angle with its centre in the region, checked in the zone, or None."""
        long, short = self.footprint.long_m, self.footprint.short_m
        left = region
        if self.ground.around is not self.ground.local and len(self.ground.edges) > len(
            self.ground.edges_around
        ):
            left = self.left(left, angle, long, short, smooth=True)
        if not left.is_empty:
            left = self.left(left, angle, long, short, smooth=False)
        if left.is_empty:
            return None
        found = Rectangle(*inside_point(left), long, short, angle)
        outline = found.moved(*self.ground.origin).outline()
        return found if self.ground.zone.covers(outline) else None

    def left(self, region: Shape, angle: float, long: float, short: float, *, smooth: bool) -> Shape:
        """The centres left in the region for a box at this angle."""
        edges = self.ground.edges_around if smooth else self.ground.edges
        self.tried += 1
        self.edges_tried += len(edges)
        return centres_left(region, edges, angle=angle, long_m=long, short_m=short)

    def explore(self, core: Shape) -> Fit:
        """Halve ranges of angles, the most promising first, until each is shut out or a place is found."""
        order = count()
        waiting = [(0.0, next(order), interval, core) for interval in self.first_intervals()]
        is_open = False
        while waiting:
            if self.is_spent:
                return self.ended(is_open=True)
            _, _, interval, region = heapq.heappop(waiting)
            left = self.centres_in(interval, region)
            if left.is_empty:
                self.shut_out.append(interval)
                continue
            if (place := self.place(left, interval.middle)) is not None:
                return self.answer(FitAnswer.FITS, place)
            if self.nearly is None and interval.half <= NARROW_HALF:
                self.nearly = self.place_nearly(left, interval.middle)
            if self.is_fine(interval):
                is_open = True
                continue
            for part in halves(interval):
                heapq.heappush(waiting, (-float(left.area), next(order), part, left))
        return self.ended(is_open=is_open)

    def ended(self, *, is_open: bool) -> Fit:
        """The answer of a search that found no place; `is_open` where some angle was not shut out."""
        if self.nearly is not None:
            return self.answer(FitAnswer.BORDERLINE, self.nearly)
        if is_open:
            return self.answer(FitAnswer.UNDECIDED)
        proof = Proof(Reason.EVERY_ANGLE, intervals=tuple(sorted(self.shut_out, key=lambda one: one.middle)))
        return self.answer(FitAnswer.DOES_NOT_FIT, proof=proof)

    def first_intervals(self) -> list[Interval]:
        """Ranges that make up the half turn (the quarter turn for a square), narrow enough for an inner box."""
        long, short = self.footprint.long_m - TOLERANCE_M / 2, self.footprint.short_m - TOLERANCE_M / 2
        turn = math.pi if self.footprint.long_m > self.footprint.short_m else math.pi / 2
        widest = min(WIDEST_HALF, 0.45 * math.asin(short / long))
        number = math.ceil(turn / 2 / widest)
        half = turn / 2 / number
        return [Interval((2 * place + 1) * half, half) for place in range(number)]

    def inner(self, interval: Interval) -> tuple[float, float]:
        """The box inside all rectangles of the range, for the footprint less half the tolerance."""
        long, short = self.footprint.long_m - TOLERANCE_M / 2, self.footprint.short_m - TOLERANCE_M / 2
        return inner_box(long, short, interval.half)

    def centres_in(self, interval: Interval, region: Shape) -> Shape:
        """Where in the region a centre may be at some angle of the range; empty shuts the range out."""
        return self.left(region, interval.middle, *self.inner(interval), smooth=True)

    def is_fine(self, interval: Interval) -> bool:
        """Whether the inner box is within the tolerance of the footprint: halving tells no more."""
        long, short = self.inner(interval)
        return self.footprint.long_m - long <= TOLERANCE_M and self.footprint.short_m - short <= TOLERANCE_M

    def place_nearly(self, region: Shape, angle: float) -> Rectangle | None:
        """The footprint less the tolerance in its place, cracks overlooked, or None where it has none here."""
        long, short = self.footprint.long_m - TOLERANCE_M, self.footprint.short_m - TOLERANCE_M
        left = self.left(region, angle, long, short, smooth=True)
        if left.is_empty:
            return None
        found = Rectangle(*inside_point(left), long, short, angle)
        return found if self.ground.around.covers(found.outline()) else None


def halves(interval: Interval) -> tuple[Interval, Interval]:
    """The two halves of a range."""
    quarter = interval.half / 2
    return Interval(interval.middle - quarter, quarter), Interval(interval.middle + quarter, quarter)
