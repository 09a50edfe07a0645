"""Judging musts: for each plot, whether it meets the condition, fails it, or may do either."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from landbank.domain.columns import Columns
from landbank.domain.criteria import CRITERIA
from landbank.domain.criterion import Criterion, Op
from landbank.domain.kleene import UNKNOWN, Bools, Tri, negate, tri
from landbank.domain.need import Must, Need
from landbank.domain.reading import AmountReading, Asked, ClaimReading, CodeReading, Reading

Floats: TypeAlias = NDArray[np.float64]


def asked_for(need: Need, on: date, *, conditional: bool = False) -> Asked:
    """The days that readings of this need speak of."""
    return Asked(on=on, date=need.date or on, with_conditional=conditional, place=need.place)


def judge(must: Must, columns: Columns, asked: Asked) -> Tri:
    """Whether each plot meets the must."""
    return judge_reading(must, CRITERIA[must.criterion].read(columns, asked), asked)


def judge_reading(must: Must, reading: Reading, asked: Asked) -> Tri:
    """Whether what was read meets the must."""
    if isinstance(reading, AmountReading):
        return judge_amount(reading, *limits(must, asked))
    if isinstance(reading, ClaimReading):
        return reading.holds if must.threshold else negate(reading.holds)
    has_any = has_one_of(must, reading)
    return has_any if must.op is Op.ANY_OF else negate(has_any)


def has_one_of(must: Must, reading: Reading) -> Tri:
    """Whether each plot has at least one of the must's codes."""
    wanted = keys(must)
    if isinstance(reading, CodeReading):
        is_known = reading.key >= 0
        is_in = np.isin(reading.key, wanted)
        return tri(is_known & is_in, is_known & ~is_in)
    if isinstance(reading, AmountReading | ClaimReading):
        raise TypeError(f"{must.criterion} has no codes")
    mask = np.uint64(sum(1 << key for key in wanted))
    return tri((reading.certain & mask) != 0, (reading.possible & mask) == 0)


def keys(must: Must) -> list[int]:
    """The numbers of the must's codes."""
    if not isinstance(must.threshold, tuple):
        raise TypeError(f"{must.criterion} has no codes to compare with")
    return keys_of(CRITERIA[must.criterion], [str(code) for code in must.threshold])


def keys_of(criterion: Criterion, codes: Iterable[str]) -> list[int]:
    """The numbers of some of a criterion's codes."""
    return [criterion.key(code) for code in codes]


def limits(must: Must, asked: Asked) -> tuple[float | None, float | None]:
    """Least and most that the must allows, in the criterion's unit; a date as days from the need's day."""
    threshold = must.threshold
    if isinstance(threshold, tuple):
        low, high = threshold
        return float(low), float(high)
    bound = float((threshold - asked.date).days) if isinstance(threshold, date) else float(threshold)
    return (bound, None) if must.op is Op.AT_LEAST else (None, bound)


def limits_on(need: Need, criterion: Criterion, asked: Asked) -> tuple[float | None, float | None]:
    """Least and most that all musts of a need together allow on one criterion of amounts."""
    sides = [limits(must, asked) for must in need.musts if must.criterion == criterion.id]
    return (
        max((low for low, _ in sides if low is not None), default=None),
        min((high for _, high in sides if high is not None), default=None),
    )


def judge_amount(reading: AmountReading, least: float | None, most: float | None) -> Tri:
    """True where all of the bounds lies inside the limits, false where all lies outside on one side."""
    passes: Bools = np.ones(len(reading.low), dtype=np.bool_)
    fails: Bools = np.zeros(len(reading.low), dtype=np.bool_)
    # A comparison with NaN is false, so a side that is unbounded neither passes nor fails.
    if least is not None:
        passes &= reading.low >= least
        fails |= reading.high < least
    if most is not None:
        passes &= reading.high <= most
        fails |= reading.low > most
    return tri(passes, fails)


def missing(reading: AmountReading, least: float | None, most: float | None) -> Floats:
    """By how much the best that an amount can be lies outside the limits, in its unit; 0 where it may pass."""
    short = np.zeros(len(reading.low))
    if least is not None:
        short = np.fmax(short, least - reading.high)
    if most is not None:
        short = np.fmax(short, reading.low - most)
    return short


def relative_shortfall(must: Must, columns: Columns, asked: Asked) -> Floats:
    """How far each plot is from the must as a share of the threshold; 1 for a code or claim that fails."""
    return relative_missing(must, CRITERIA[must.criterion].read(columns, asked), asked)


def relative_missing(must: Must, reading: Reading, asked: Asked) -> Floats:
    """The same of what was read."""
    if not isinstance(reading, AmountReading):
        return (judge_reading(must, reading, asked) < UNKNOWN).astype(np.float64)
    least, most = limits(must, asked)
    below = missing(reading, least, None) / reach(must, least)
    above = missing(reading, None, most) / reach(must, most)
    return np.maximum(below, above)


def reach(must: Must, bound: float | None) -> float:
    """What a shortfall is set against: the size of the bound, or the criterion's scale where that is next to 0."""
    scale = CRITERIA[must.criterion].scale
    return abs(bound) if bound is not None and abs(bound) > 1e-6 * scale else scale
