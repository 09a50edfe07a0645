"""How much one weight may change before another plot takes the first rank, in closed form.

With the other weights keeping their ratios, the score is S_i(t) = 100 (t v_ij + (1 - t) R_i), where R_i is the plot's
worth by the other wishes alone, so that the difference of two plots is linear in the weight t of wish j.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from landbank.domain.advice.contenders import OpenWorth
from landbank.domain.match import Assessment
from landbank.domain.wishes import shares

Floats: TypeAlias = NDArray[np.float64]

NOISE = 1e-9


@dataclass(frozen=True, slots=True)
class Stability:
    """The first plot stays first while the weight of a wish (share of all) lies between `low` and `high`."""

    criterion: str
    share: float
    low: float
    high: float


def stabilities(found: Assessment, worths: Sequence[OpenWorth]) -> tuple[Stability, ...]:
    """The interval of each wish's weight for the first plot, against all plots of its tier; empty for one wish."""
    wishes = found.need.wishes
    if len(wishes) < 2 or not len(found.places):
        return ()
    rivals = int(np.count_nonzero(found.ranks.tier == found.ranks.tier[0]))
    scores = found.scores.point[found.places[:rivals]] / 100
    intervals = []
    for wish, share, worth in zip(wishes, shares(found.need), worths, strict=True):
        if 1 - share < NOISE:  # nothing is left for the others to be set against
            continue
        v = worth.point[:rivals]
        rest = (scores - share * v) / (1 - share)
        low, high = interval(v[0] - v, rest[0] - rest)
        intervals.append(Stability(wish.criterion, share, min(low, share), max(high, share)))
    return tuple(intervals)


def interval(ahead: Floats, rest_ahead: Floats) -> tuple[float, float]:
    """For which t in 0..1 no t * ahead + (1 - t) * rest_ahead is negative, given that it holds for some t."""
    slope = ahead - rest_ahead
    with np.errstate(divide="ignore", invalid="ignore"):
        crossing = -rest_ahead / slope
    rising, falling = crossing[slope > NOISE], crossing[slope < -NOISE]
    low = float(rising.max(initial=0.0))
    high = float(falling.min(initial=1.0))
    return low, high
