"""A need: what a company must have and what it wishes for, checked when it is made.

Every fault is an `Invalid` whose `where` is the JSON pointer of the field inside the part that is at fault.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Any, Final, TypeAlias

from landbank.domain.building import Building, check_buildings
from landbank.domain.criteria import CRITERIA
from landbank.domain.criterion import Criterion, Kind, Op, Points
from landbank.domain.place import Place
from landbank.errors import Invalid

Day: TypeAlias = date
Threshold: TypeAlias = float | bool | date | tuple[float, float] | tuple[str, ...]

MOST_PARTS: Final = 40
MOST_MATCHES: Final = 1_000
DEFAULT_MATCHES: Final = 20
MOST_AMOUNT: Final = 1e12
NEAR: Final = "place_km"
"""The criterion that is measured to the need's own place."""
FINEST: Final = 1e-9
"""Amounts of a curve that lie closer than this are the same: the line between them would have no finite slope."""


class Weight(StrEnum):
    """How much a wish counts, in words."""

    DECISIVE = "decisive"
    IMPORTANT = "important"
    USEFUL = "useful"
    NICE = "nice"


WEIGHTS: Final[dict[Weight, float]] = {
    Weight.DECISIVE: 8.0,
    Weight.IMPORTANT: 4.0,
    Weight.USEFUL: 2.0,
    Weight.NICE: 1.0,
}


@dataclass(frozen=True, slots=True)
class Must:
    """A condition that a plot meets, fails, or may meet.

    `threshold` is a number for >= and <=, (least, most) for between, codes for any_of and none_of, a truth for
    `is`; for `ready_by` also a date. `conditional` lets power that is not firm count.
    """

    criterion: str
    op: Op
    threshold: Threshold
    conditional: bool = False

    def __post_init__(self) -> None:
        criterion = find_criterion(self.criterion)
        check_conditional(criterion, self.conditional)
        object.__setattr__(self, "op", check_op(criterion, self.op))
        object.__setattr__(self, "threshold", check_threshold(criterion, self.op, self.threshold))


@dataclass(frozen=True, slots=True)
class Wish:
    """A value function on one criterion and how much it counts.

    `points` are (amount, v) with rising amounts, or (code or truth, v), v from 0 to 1; empty takes the
    criterion's default. A code that is not named is worth 0. The weight says what the step from v = 0 to v = 1
    is worth against the other wishes' steps.
    """

    criterion: str
    points: Points = ()
    weight: Weight | float = Weight.USEFUL
    conditional: bool = False

    def __post_init__(self) -> None:
        criterion = find_criterion(self.criterion)
        check_conditional(criterion, self.conditional)
        object.__setattr__(self, "weight", check_weight(self.weight))
        object.__setattr__(self, "points", check_points(criterion, self.points or criterion.default))

    @property
    def units(self) -> float:
        """The weight as a number, before it is set against the others."""
        return WEIGHTS[self.weight] if isinstance(self.weight, Weight) else self.weight


@dataclass(frozen=True, slots=True)
class Need:
    """What a company asks for. `date` is the day that it needs the plot; None is the day of the asking.

    `place` is what `place_km` is measured to.
    `footprints` are buildings and yards that all have to fit on the plot together: a must that is judged last.
    """

    musts: tuple[Must, ...] = ()
    wishes: tuple[Wish, ...] = ()
    date: Day | None = None
    title: str | None = None
    template: str | None = None
    limit: int = DEFAULT_MATCHES
    place: Place | None = None
    footprints: tuple[Building, ...] = ()

    def __post_init__(self) -> None:
        check_buildings(self.footprints)
        if not 1 <= self.limit <= MOST_MATCHES:
            raise Invalid(
                f"The limit is {self.limit}.", hint=f"Give a number from 1 to {MOST_MATCHES}.", where="/limit"
            )
        for name, parts in (("musts", self.musts), ("wishes", self.wishes)):
            if len(parts) > MOST_PARTS:
                raise Invalid(
                    f"The need has {len(parts)} {name}.",
                    hint=f"At most {MOST_PARTS} are read.",
                    where=f"/{name}",
                )
        asked = [wish.criterion for wish in self.wishes]
        if self.place is None and NEAR in self.criteria:
            raise Invalid(
                f"{NEAR} needs a place to measure to.",
                hint='Add "place": {"name": ...} or {"longitude": ..., "latitude": ...}.',
                where="/place",
            )
        for place, name in enumerate(asked):
            if name in asked[:place]:
                raise Invalid(
                    f"{name} is wished for twice.",
                    hint="Put both into one value function: counted twice it would weigh twice.",
                    where=f"/wishes/{place}/criterion",
                )

    @property
    def criteria(self) -> frozenset[str]:
        """The criteria that it asks for anything of."""
        return frozenset(must.criterion for must in self.musts) | {wish.criterion for wish in self.wishes}

    def on(self, day: Day) -> Need:
        """The same need with its day filled in."""
        return self if self.date else replace(self, date=day)


def find_criterion(name: str) -> Criterion:
    """The criterion of this id."""
    if name == "place_min":
        raise Invalid(
            "Minutes to a place of one's own can't be told: landbank holds minutes by road only to the nearest"
            " motorway junction, rail terminal, port and airport.",
            hint=f"Ask for {NEAR}, the straight line, or for motorway_min, rail_min, port_min or airport_min.",
            where="/criterion",
        )
    try:
        return CRITERIA[name]
    except (KeyError, TypeError):
        raise Invalid(
            f"There is no criterion {name!r}.", hint=f"Criteria: {', '.join(CRITERIA)}.", where="/criterion"
        ) from None


def check_conditional(criterion: Criterion, asked: bool) -> None:
    """Refuse `conditional` where it means nothing."""
    if asked and not criterion.can_be_conditional:
        able = [one.id for one in CRITERIA.values() if one.can_be_conditional]
        raise Invalid(
            f"{criterion.id} is never conditional.",
            hint=f"Only {', '.join(able)} can be.",
            where="/conditional",
        )


def check_op(criterion: Criterion, op: str) -> Op:
    """The operator, if the criterion has it."""
    if op not in criterion.operators:
        raise Invalid(
            f"{criterion.id} can't be compared by {op!r}.",
            hint=f"Operators of {criterion.id}: {', '.join(criterion.operators)}.",
            where="/op",
        )
    return Op(op)


def check_threshold(criterion: Criterion, op: Op, threshold: Any) -> Threshold:
    """The threshold in its normal form: numbers as floats, codes sorted and each once."""
    if op is Op.IS:
        if not isinstance(threshold, bool):
            raise refused(criterion, threshold, "true or false")
        return threshold
    if op in (Op.ANY_OF, Op.NONE_OF):
        return check_codes(criterion, threshold)
    if op is Op.BETWEEN:
        return check_range(criterion, threshold)
    if criterion.kind is Kind.DAYS and isinstance(threshold, date):
        return threshold
    return check_number(criterion, threshold)


def check_codes(criterion: Criterion, threshold: Any) -> tuple[str, ...]:
    """One or more codes of the criterion's list."""
    if (
        isinstance(threshold, str)
        or not isinstance(threshold, list | tuple | set | frozenset)
        or not threshold
    ):
        raise refused(criterion, threshold, "a list of one or more codes")
    for code in threshold:
        check_code(criterion, code, where="/threshold")
    return tuple(sorted(set(threshold)))


def check_code(criterion: Criterion, code: Any, *, where: str) -> str:
    """A code that the criterion knows."""
    is_known = isinstance(code, str) and (
        code in criterion.codes or bool(criterion.pattern and re.fullmatch(criterion.pattern, code))
    )
    if not is_known:
        allowed = ", ".join(criterion.codes) or f"text of the form {criterion.pattern}"
        raise Invalid(f"{criterion.id} has no code {code!r}.", hint=f"Allowed: {allowed}.", where=where)
    return str(code)


def check_range(criterion: Criterion, threshold: Any) -> tuple[float, float]:
    """Two numbers, the lesser first."""
    if not isinstance(threshold, list | tuple) or len(threshold) != 2:
        raise refused(criterion, threshold, "[least, most]")
    low, high = (check_number(criterion, side) for side in threshold)
    if low > high:
        raise refused(criterion, threshold, "[least, most] with the lesser number first")
    return low, high


def check_number(criterion: Criterion, threshold: Any) -> float:
    """A finite number."""
    if not is_amount(threshold):
        also = " or a date" if criterion.kind is Kind.DAYS else ""
        raise refused(criterion, threshold, f"a number in {criterion.unit} up to {MOST_AMOUNT:g}{also}")
    return float(threshold)


def is_amount(value: Any) -> bool:
    """Whether a value is a number of a size that land, power, money or time can have."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= MOST_AMOUNT


def refused(criterion: Criterion, threshold: Any, wanted: str) -> Invalid:
    """The error for a threshold of the wrong form."""
    return Invalid(
        f"{criterion.id} can't have the threshold {threshold!r}.", hint=f"Give {wanted}.", where="/threshold"
    )


def check_weight(weight: Any) -> Weight | float:
    """A weight word, or a positive number."""
    if isinstance(weight, str) and weight in list(Weight):
        return Weight(weight)
    if isinstance(weight, int | float) and not isinstance(weight, bool) and 0 < weight <= 1e6:
        return float(weight)
    raise Invalid(
        f"A wish can't have the weight {weight!r}.",
        hint=f"Give {', '.join(Weight)}, or a number above 0 and up to 1 000 000.",
        where="/weight",
    )


def check_points(criterion: Criterion, points: Any) -> Points:
    """The value function's points in their normal form."""
    if not points:
        raise Invalid(
            f"A wish for {criterion.id} needs points, as it has no default.",
            hint="Name what is worth what, for example [[code, 1.0]].",
            where="/points",
        )
    if len(points) > 50 or any(len(point) != 2 for point in points):
        raise Invalid(
            "Points are up to 50 pairs [x, value].", hint="Give [[x, value], ...].", where="/points"
        )
    for place, (_, v) in enumerate(points):
        if isinstance(v, bool) or not isinstance(v, int | float) or not 0 <= v <= 1:
            raise Invalid(
                f"The value {v!r} is not from 0 to 1.",
                hint="0 is worth nothing, 1 is all that could be wished.",
                where=f"/points/{place}/1",
            )
    if criterion.is_numeric:
        return check_curve(criterion, points)
    return check_table(criterion, points)


def check_curve(criterion: Criterion, points: Any) -> Points:
    """Two or more points with rising amounts."""
    amounts = [x for x, _ in points]
    for place, x in enumerate(amounts):
        if not is_amount(x):
            raise Invalid(
                f"{x!r} is not a number in {criterion.unit}.",
                hint="Give an amount.",
                where=f"/points/{place}/0",
            )
    if len(amounts) < 2 or any(right - left < FINEST for left, right in pairwise(amounts)):
        raise Invalid(
            f"The points of {criterion.id} don't rise.",
            hint="Give two or more points, each at a greater amount than the one before.",
            where="/points",
        )
    return tuple((float(x), float(v)) for x, v in points)


def check_table(criterion: Criterion, points: Any) -> Points:
    """Codes or truths, each once."""
    named: list[str | bool] = []
    for place, (x, _) in enumerate(points):
        where = f"/points/{place}/0"
        if criterion.kind is not Kind.CLAIM:
            check_code(criterion, x, where=where)
        elif not isinstance(x, bool):
            raise Invalid(
                f"{criterion.id} is true or false, not {x!r}.", hint="Give true or false.", where=where
            )
        if x in named:
            raise Invalid(f"{x!r} is valued twice.", hint="Value each code once.", where=where)
        named.append(x)
    return tuple((x, float(v)) for x, v in points)
