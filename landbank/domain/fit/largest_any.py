"""The largest rectangle of any ratio that fits, by branch and bound over angle and ratio together.

Every rectangle of at least the area T, with a ratio from a to b and an angle of a range, contains the inner box of
sqrt(T / b) x sqrt(T a). Where that box has no place, none of them has. T is a little more than the best area found.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass, field
from itertools import count
from typing import Final

import shapely

from landbank.domain.fit.centres import Shape, centres_left, inner_box, inside_point
from landbank.domain.fit.footprint import SMALLEST_SIDE_M, Interval, Rectangle
from landbank.domain.fit.ground import Ground
from landbank.domain.fit.largest import Largest
from landbank.domain.fit.search import halves
from landbank.errors import Invalid

CLOSE: Final = 0.03
NARROWEST: Final = 0.1
MOST_BRANCHES: Final = 8_000
GAIN: Final = 1.0005
"""A rectangle beats another by at least this, and growing stops below it."""

FIRST_RATIOS: Final = (1.0, 0.7, 0.5, 0.35, 0.25, 0.15)


@dataclass(frozen=True, slots=True, eq=False)
class Branch:
    """Angles and ratios (short side by long side) that are looked at together, and where centres may be."""

    angles: Interval
    low: float
    high: float
    region: Shape

    def is_fine(self, close: float) -> bool:
        """Whether halving tells no more: angles and ratios lose far less than what counts as close."""
        return self.loss_by_angle < close / 50 and self.high / self.low < 1 + close / 50

    @property
    def loss_by_angle(self) -> float:
        """About the share of its area that a rectangle loses to the box inside all of the range's angles."""
        return self.angles.half * (1 / self.low + self.low)

    def parts(self) -> tuple[Branch, Branch]:
        """Its two halves, by angle or by ratio, whichever loses more."""
        if self.loss_by_angle > math.log(self.high / self.low) / 2:
            first, second = halves(self.angles)
            return (
                Branch(first, self.low, self.high, self.region),
                Branch(second, self.low, self.high, self.region),
            )
        middle = math.sqrt(self.low * self.high)
        return (
            Branch(self.angles, self.low, middle, self.region),
            Branch(self.angles, middle, self.high, self.region),
        )


def largest_rectangle(
    ground: Ground,
    *,
    narrowest: float = NARROWEST,
    close: float = CLOSE,
    most_branches: int = MOST_BRANCHES,
) -> Largest:
    """The largest rectangle of any ratio from `narrowest` to 1, to within the share `close` of its area.

    The bound is proved; where the search is stopped first it is the area of the largest part of the ground.

    Raises
    ------
    Invalid
        `narrowest` is not from 0.02 to 1.
    """
    if not 0.02 <= narrowest <= 1:
        raise Invalid(f"The narrowest ratio can't be {narrowest}.", hint="Give a number from 0.02 to 1.")
    if ground.is_empty:
        return Largest(None, 0.0)
    growing = Growing(ground, close)
    for angle in ground.directions:
        for ratio in FIRST_RATIOS:
            growing.grow(ground.around, angle, max(ratio, narrowest))
    is_proved = growing.explore(narrowest, most_branches)
    area = max(float(part.area) for part in shapely.get_parts(ground.around))
    best = growing.best
    return Largest(
        best.moved(*ground.origin) if best else None, min(growing.wanted_m2, area) if is_proved else area
    )


@dataclass(slots=True, eq=False)
class Growing:
    """The best rectangle so far, which only grows."""

    ground: Ground
    close: float
    best: Rectangle | None = None
    _order: count[int] = field(default_factory=count)

    @property
    def wanted_m2(self) -> float:
        """The area that is looked for: a little more than the best, or the smallest that counts."""
        return (self.best.area_m2 if self.best else SMALLEST_SIDE_M**2) * (1 + self.close)

    def explore(self, narrowest: float, most_branches: int) -> bool:
        """Look through all angles and ratios; whether nothing was left out."""
        waiting = [(0.0, next(self._order), one) for one in self.first_branches(narrowest)]
        while waiting:
            _, number, branch = heapq.heappop(waiting)
            if number > most_branches:
                return False
            left = self.centres_in(branch)
            if left.is_empty:
                continue
            self.grow(left, branch.angles.middle, math.sqrt(branch.low * branch.high))
            if branch.is_fine(self.close):
                return False
            for part in Branch(branch.angles, branch.low, branch.high, left).parts():
                heapq.heappush(waiting, (-float(left.area), next(self._order), part))
        return True

    def first_branches(self, narrowest: float) -> list[Branch]:
        """Ranges of ratios, each with ranges of angles that are narrow enough for an inner box."""
        found: list[Branch] = []
        high = 1.0
        while not found or high > narrowest:
            low = max(high / 2, narrowest)
            number = math.ceil(math.pi / 2 / (0.45 * math.asin(low / 2)))
            half = math.pi / 2 / number
            found.extend(
                Branch(Interval((2 * place + 1) * half, half), low, high, self.ground.around)
                for place in range(number)
            )
            high = low
        return found

    def centres_in(self, branch: Branch) -> Shape:
        """Where a centre of a rectangle of the wanted area may be; empty where there is none."""
        wanted = self.wanted_m2
        long, short = math.sqrt(wanted / branch.high), math.sqrt(wanted * branch.low)
        sides = inner_box(long, short, branch.angles.half)
        return self.left(branch.region, branch.angles.middle, *sides)

    def left(self, region: Shape, angle: float, long: float, short: float) -> Shape:
        """The centres left in the region for a box at this angle."""
        return centres_left(region, self.ground.edges_around, angle=angle, long_m=long, short_m=short)

    def grow(self, region: Shape, angle: float, ratio: float) -> None:
        """Keep the largest rectangle of this angle and ratio with its centre in the region, if it beats the best."""
        low, fails, step = 0.0, math.inf, 1 + self.close
        area = self.best.area_m2 * GAIN if self.best else SMALLEST_SIDE_M**2 / ratio
        while fails > low * GAIN:
            found = self.place(region, angle, area, ratio)
            if found is not None:
                self.best, low = found, area
            elif low:
                fails = area
            else:
                return
            area = low * step if fails == math.inf else math.sqrt(low * fails)
            step *= step

    def place(self, region: Shape, angle: float, area: float, ratio: float) -> Rectangle | None:
        """A rectangle of this area, ratio and angle in its place, checked in the zone, or None."""
        long = math.sqrt(area / ratio)
        left = self.left(region, angle, long, long * ratio)
        if left.is_empty:
            return None
        found = Rectangle(*inside_point(left), long, long * ratio, angle)
        outline = found.moved(*self.ground.origin).outline()
        return found if self.ground.zone.covers(outline) else None
