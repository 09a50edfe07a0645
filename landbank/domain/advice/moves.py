"""The smallest change of one criterion of a plot that gains so many points, or meets the musts on it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import numpy as np

from landbank.domain.advice.inverse import Limits, nearest_worth
from landbank.domain.criteria import CRITERIA
from landbank.domain.criterion import Criterion, Kind, Op
from landbank.domain.explain import Contribution, Held, Judged, Match
from landbank.domain.match import TIE
from landbank.domain.musts import asked_for, limits_on
from landbank.domain.need import Must, Need
from landbank.domain.value import value_at
from landbank.domain.wishes import curve_of

Costs: TypeAlias = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Move:
    """One criterion of a plot changed: `to` is an amount in its unit, a code or a truth.

    `size` is the signed difference in the unit, None for codes and claims. `cost` is the size in units of what
    matters (the criterion's scale), 1 for codes and claims, unless the unit's cost is given.
    """

    criterion: str
    held: Held
    to: float | str | bool
    size: float | None
    cost: float


@dataclass(frozen=True, slots=True, eq=False)
class Mover:
    """Changes of one plot's criteria, as the need of a day values them; `costs` are of one unit by criterion."""

    need: Need
    on: date
    plot: Match
    costs: Costs

    def reach(self, part: Contribution, points: float) -> Move | None:
        """The smallest move by one wish's criterion alone that gains so many points, None if there is none."""
        if points > part.lost + TIE:
            return None
        wanted = min(1.0, (part.points + points) / (100 * part.share))
        criterion = CRITERIA[part.wish.criterion]
        if criterion.is_numeric:
            return self.to_amount_worth(part, wanted)
        # The code that suffices most narrowly is the nearest; of equal ones the one that the wish names first.
        enough = [
            (v, place, x)
            for place, (x, v) in enumerate(part.wish.points)
            if v >= wanted - 1e-12 and self.fits_musts(criterion, x)
        ]
        return self.to_code(criterion, part.held, min(enough, key=lambda one: one[:2])[2]) if enough else None

    def corners(self, part: Contribution) -> Iterator[tuple[Move, float]]:
        """The moves of a wish's criterion to the points and limits of its curve, with the points that they gain."""
        criterion = CRITERIA[part.wish.criterion]
        if not criterion.is_numeric:
            for x, v in part.wish.points:
                if self.fits_musts(criterion, x):
                    yield self.to_code(criterion, part.held, x), 100 * part.share * v - part.points
            return
        curve, allowed = curve_of(part.wish), self.limits_of(criterion)
        ends = value_at(np.array([allowed.least, allowed.most]), curve)
        for v in sorted({v for _, v in curve} | {float(v) for v in ends}):
            if (move := self.to_amount_worth(part, v)) is not None:
                yield move, 100 * part.share * v - part.points

    def to_amount_worth(self, part: Contribution, v: float) -> Move | None:
        """The nearest amount that is worth so much and keeps the musts on the same criterion."""
        if not isinstance(part.held.value, float):
            return None
        criterion = CRITERIA[part.wish.criterion]
        to = nearest_worth(curve_of(part.wish), v, part.held.value, self.limits_of(criterion))
        return None if to is None else self.to_amount(criterion, part.held, to)

    def to_threshold(self, failed: Sequence[Judged]) -> Move | None:
        """The smallest move that meets all musts on the criterion of those that fail; None if there is none."""
        criterion, held = CRITERIA[failed[0].must.criterion], failed[0].held
        if criterion.is_numeric:
            allowed = self.limits_of(criterion)
            if not isinstance(held.value, float) or allowed.least > allowed.most:
                return None
            return self.to_amount(criterion, held, min(max(held.value, allowed.least), allowed.most))
        if held.value in criterion.final_codes or is_about_members(criterion, failed):
            return None
        codes: Sequence[str | bool] = (True, False) if criterion.kind is Kind.CLAIM else criterion.codes
        fitting = [
            code for code in codes if self.fits_musts(criterion, code) and code not in criterion.final_codes
        ]
        return self.to_code(criterion, held, fitting[0]) if fitting else None

    def to_amount(self, criterion: Criterion, held: Held, to: float) -> Move:
        """A change of an amount."""
        size = to - held.value if isinstance(held.value, float) else math.nan
        return Move(
            criterion.id, held, to, size, abs(size) * self.costs.get(criterion.id, 1 / criterion.scale)
        )

    def to_code(self, criterion: Criterion, held: Held, to: float | str | bool) -> Move:
        """A change to a code or a truth."""
        return Move(criterion.id, held, to, None, self.costs.get(criterion.id, 1.0))

    def limits_of(self, criterion: Criterion) -> Limits:
        """What an amount may become: nothing below 0, no day before that of the asking, and the need's own musts."""
        asked = asked_for(self.need, self.on)
        floor = 0.0 if criterion.kind is Kind.AMOUNT else float((self.on - asked.date).days)
        least, most = limits_on(self.need, criterion, asked)
        return Limits(floor if least is None else max(floor, least), math.inf if most is None else most)

    def fits_musts(self, criterion: Criterion, code: float | str | bool) -> bool:
        """Whether a plot with this code or truth keeps the musts on the criterion."""
        return all(accepts(must, code) for must in self.need.musts if must.criterion == criterion.id)


def accepts(must: Must, code: float | str | bool) -> bool:
    """Whether a must on codes or a truth is met by this one."""
    if must.op is Op.IS:
        return must.threshold == code
    is_listed = isinstance(must.threshold, tuple) and code in must.threshold
    return is_listed is (must.op is Op.ANY_OF)


def is_about_members(criterion: Criterion, failed: Sequence[Judged]) -> bool:
    """Whether a plot holds something that is refused, which adding another code does not mend."""
    return criterion.kind is Kind.CODES and any(judged.must.op is Op.NONE_OF for judged in failed)
