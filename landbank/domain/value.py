"""Value functions: what an amount or a code is worth, from 0 to 1, on a scale that the need fixes.

Nothing here looks at what else is on offer, so that adding or removing a plot changes no other plot's value.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Masks: TypeAlias = NDArray[np.uint64]
Curve: TypeAlias = tuple[tuple[float, float], ...]


def value_at(amount: Floats, curve: Curve) -> Floats:
    """v of each amount: straight lines through the curve's points, level beyond its ends; NaN stays NaN."""
    return np.interp(amount, [x for x, _ in curve], [v for _, v in curve])


def value_bounds(low: Floats, high: Floats, curve: Curve) -> tuple[Floats, Floats]:
    """Least and most v of any amount from `low` to `high`; NaN bounds nothing on its side."""
    left = np.where(np.isnan(low), -np.inf, low)
    right = np.where(np.isnan(high), np.inf, high)
    at_left, at_right = value_at(left, curve), value_at(right, curve)
    least, most = np.minimum(at_left, at_right), np.maximum(at_left, at_right)
    for x, v in curve:
        between = (left < x) & (x < right)
        least[between] = np.minimum(least[between], v)
        most[between] = np.maximum(most[between], v)
    return least, most


def best_held(held: Masks, worth: Mapping[int, float]) -> Floats:
    """The highest worth among the codes that each plot holds; 0 for none. `worth` is by bit."""
    best = np.zeros(len(held))
    for bit, v in worth.items():
        holds = (held & np.uint64(1 << bit)) != 0
        best[holds] = np.maximum(best[holds], v)
    return best


def worth_of(keys: NDArray[np.int64], worth: Mapping[int, float]) -> Floats:
    """The worth of each plot's one code; 0 for a code that is not named."""
    values = np.zeros(len(keys))
    for key, v in worth.items():
        values[keys == key] = v
    return values
