"""How far a must would have to give way for a plot to come in, in its own unit and as a must that could be asked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from landbank.domain.criteria import CRITERIA
from landbank.domain.criterion import Op
from landbank.domain.explain import held
from landbank.domain.musts import limits, relative_missing
from landbank.domain.need import MOST_AMOUNT, Must, Threshold
from landbank.domain.reading import (
    AmountReading,
    Asked,
    ClaimReading,
    CodeReading,
    Reading,
    SetReading,
)


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of one must.

    `relaxed` is the must that lets the plot in, None where nothing does but letting go of it. `size` is the
    difference in the criterion's unit, None for codes and claims; `relative` is its share of the threshold, 1 for
    codes and claims, infinite where no amount is enough.
    """

    must: Must
    relaxed: Must | None
    size: float | None
    relative: float


def step_for(must: Must, one: Reading, asked: Asked) -> Step:
    """The smallest step that lets one plot in, of which this was read: it then meets the must, or may."""
    relative = float(relative_missing(must, one, asked)[0])
    size = None
    if isinstance(one, AmountReading) and math.isfinite(relative):
        least, most = limits(must, asked)
        size = outside(float(one.low[0]), float(one.high[0]), least, most)
    return Step(must, relaxed_for(must, one, asked), size, relative)


def outside(low: float, high: float, least: float | None, most: float | None) -> float:
    """By how much the best of an amount lies outside the limits; NaN bounds nothing."""
    below = least - high if least is not None and high < least else 0.0
    above = low - most if most is not None and low > most else 0.0
    return max(below, above)


def relaxed_for(must: Must, plots: Reading, asked: Asked) -> Must | None:
    """The tightest must that lets all of these plots in; None where there is none short of letting go of it."""
    if isinstance(plots, AmountReading):
        return with_limits(must, plots, asked)
    if isinstance(plots, ClaimReading):
        return None
    return with_codes(must, plots)


def with_limits(must: Must, plots: AmountReading, asked: Asked) -> Must | None:
    """The must with limits moved out to the best that each plot may be."""
    least, most = limits(must, asked)
    if least is not None:
        least = float(np.fmin.reduce(plots.high, initial=least))
    if most is not None:
        most = float(np.fmax.reduce(plots.low, initial=most))
    moved = [side for side in (least, most) if side is not None]
    if any(not math.isfinite(side) or abs(side) > MOST_AMOUNT for side in moved):
        return None
    return replace(must, threshold=threshold_like(must, moved, asked))


def threshold_like(must: Must, sides: Sequence[float], asked: Asked) -> Threshold:
    """The limits in the form that the must was asked in: a range, a date or a number."""
    if must.op is Op.BETWEEN:
        return sides[0], sides[1]
    if isinstance(must.threshold, date):
        return asked.date + timedelta(days=math.ceil(sides[0]))
    return sides[0]


def with_codes(must: Must, plots: CodeReading | SetReading) -> Must | None:
    """The must that also accepts, or no longer excludes, what each plot is known to hold."""
    criterion = CRITERIA[must.criterion]
    asked = set(must.threshold) if isinstance(must.threshold, tuple) else set()
    size = len(plots.key) if isinstance(plots, CodeReading) else len(plots.certain)
    for place in range(size):
        value = held(criterion, plots, place).value
        codes = (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ()
        if must.op is Op.NONE_OF:
            asked -= set(codes)
        elif not codes:
            return None
        elif asked.isdisjoint(codes):
            asked.add(codes[0])
    return replace(must, threshold=tuple(str(code) for code in asked)) if asked else None
