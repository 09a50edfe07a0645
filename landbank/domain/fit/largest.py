"""The largest rectangle of one ratio of its sides that fits, found by bisection, and the area that none exceeds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import shapely

from landbank.domain.fit.footprint import (
    LARGEST_SIDE_M,
    SMALLEST_SIDE_M,
    TOLERANCE_M,
    FitAnswer,
    Footprint,
    Rectangle,
)
from landbank.domain.fit.ground import Ground
from landbank.domain.fit.search import fit
from landbank.errors import Invalid

CLOSE: Final = 0.005


@dataclass(frozen=True, slots=True)
class Largest:
    """The largest rectangle found, None where not even the smallest fits, and the area in m² that none exceeds."""

    rectangle: Rectangle | None
    at_most_m2: float


def largest_of_ratio(ground: Ground, ratio: float, *, close: float = CLOSE) -> Largest:
    """The largest rectangle whose short side is `ratio` of its long side, found by bisection.

    The long side is found to within the share `close`, the upper bound is proved wherever the fit is decided.

    Raises
    ------
    Invalid
        The ratio is not above 0 and up to 1.
    """
    if not 0 < ratio <= 1:
        raise Invalid(
            f"The ratio {ratio} is none of a short to a long side.",
            hint="Give a number above 0 and up to 1.",
            where="ratio",
        )
    if ground.is_empty:
        return Largest(None, 0.0)
    low, high = bounds_of_long_side(ground, ratio)
    return bisect(ground, ratio, low, high, close=close)


def bounds_of_long_side(ground: Ground, ratio: float) -> tuple[float, float]:
    """A long side that fits but for rounding, and one that does not fit; from the largest circle and the area."""
    parts = shapely.get_parts(ground.around)
    radius = float(shapely.length(shapely.maximum_inscribed_circle(parts, tolerance=0.01)).max()) + 0.01
    area = float(shapely.area(parts).max())
    # A circle holds the rectangle whose diagonal is its diameter; a rectangle holds a circle as wide as it is.
    low = 2 * (radius - 0.02) / math.hypot(1, ratio)
    high = min((2 * radius + TOLERANCE_M) / ratio, math.sqrt(area / ratio) + TOLERANCE_M)
    return low, min(high, LARGEST_SIDE_M)


def bisect(ground: Ground, ratio: float, first: float, high: float, *, close: float) -> Largest:
    """The largest long side below `high` that is found to fit, tried from `first`, and the area that is not."""
    best: Rectangle | None = None
    low, ceiling, proved, trial = 0.0, high, high, first
    while trial * ratio >= SMALLEST_SIDE_M:
        found = fit(ground, Footprint(trial, trial * ratio))
        if found.answer is FitAnswer.FITS:
            best, low = found.rectangle, trial
        else:
            ceiling = trial
            proved = trial if found.answer is FitAnswer.DOES_NOT_FIT else proved
        if ceiling - low <= close * ceiling:
            break
        trial = (low + ceiling) / 2
    return Largest(best, ratio * proved**2)
