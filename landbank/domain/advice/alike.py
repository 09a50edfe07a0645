"""Wishes that ask for the same thing twice: their worth goes together over the whole inventory.

A sum of values counts what is common to two wishes twice, so whoever weights both should know.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from landbank.domain.match import Assessment
from landbank.domain.musts import asked_for
from landbank.domain.wishes import Worth, worth

ALIKE: Final = 0.9
MOST_COMPARED: Final = 5_000
FEWEST_COMPARED: Final = 10


@dataclass(frozen=True, slots=True)
class Alike:
    """Two wishes whose worth goes together (or against each other, if negative) over the inventory."""

    first: str
    second: str
    correlation: float


def alike_wishes(found: Assessment) -> tuple[Alike, ...]:
    """Pairs of wishes with |correlation| above 0.9 where both are known, over the inventory.

    Up to 5 000 plots are compared all, more by that many at equal distances, which moves a correlation of 0.9 by
    about 0.003.
    """
    plots = found.columns.take(evenly(len(found.columns), MOST_COMPARED))
    worths = [
        worth(wish, plots, asked_for(found.need, found.on, conditional=wish.conditional))
        for wish in found.need.wishes
    ]
    pairs = []
    for later, second in enumerate(found.need.wishes):
        for earlier, first in enumerate(found.need.wishes[:later]):
            correlation = correlation_of(worths[earlier], worths[later])
            if abs(correlation) > ALIKE:
                pairs.append(Alike(first.criterion, second.criterion, correlation))
    return tuple(sorted(pairs, key=lambda pair: -abs(pair.correlation)))


def evenly(size: int, most: int) -> NDArray[np.int64]:
    """All places, or so many at equal distances."""
    return np.arange(size) if size <= most else np.arange(most) * size // most


def correlation_of(first: Worth, second: Worth) -> float:
    """Pearson's correlation of worth where both are known; 0 where either does not vary or few are."""
    both = first.is_known & second.is_known
    left, right = first.low[both], second.low[both]
    if len(left) < FEWEST_COMPARED or np.ptp(left) < 1e-9 or np.ptp(right) < 1e-9:
        return 0.0
    left, right = left - left.mean(), right - right.mean()
    return float(left @ right / math.sqrt(float(left @ left) * float(right @ right)))
