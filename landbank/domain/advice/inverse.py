"""Value functions read backwards: which amounts, nearest to what is held, are worth at least so much."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from landbank.domain.value import Curve

Span: TypeAlias = tuple[float, float]

NOISE = 1e-12


@dataclass(frozen=True, slots=True)
class Limits:
    """The least and most that an amount may become."""

    least: float = -math.inf
    most: float = math.inf

    def hold(self, amount: float) -> bool:
        """Whether the amount lies within."""
        return self.least <= amount <= self.most


def spans_worth(curve: Curve, v: float) -> list[Span]:
    """All spans of amounts that are worth at least v, rising; the curve is level beyond its ends."""
    (first, first_v), (last, last_v) = curve[0], curve[-1]
    spans = [(-math.inf, first)] if first_v >= v - NOISE else []
    spans += [span for left, right in pairwise(curve) if (span := span_within(left, right, v)) is not None]
    spans += [(last, math.inf)] if last_v >= v - NOISE else []
    return spans


def span_within(left: tuple[float, float], right: tuple[float, float], v: float) -> Span | None:
    """The part of one straight piece that is worth at least v."""
    (x0, v0), (x1, v1) = left, right
    if min(v0, v1) >= v - NOISE:
        return x0, x1
    if max(v0, v1) < v - NOISE:
        return None
    if max(v0, v1) <= v:  # the better end just reaches it; a division could step beyond
        return (x0, x0) if v0 > v1 else (x1, x1)
    crossing = x0 + (x1 - x0) * (v - v0) / (v1 - v0)
    return (x0, crossing) if v0 > v1 else (crossing, x1)


def nearest_worth(curve: Curve, v: float, held: float, limits: Limits) -> float | None:
    """The amount nearest to what is held, within the limits, that is worth at least v; None where there is none."""
    reachable = [
        min(max(held, low), high)
        for span in spans_worth(curve, v)
        if (low := max(span[0], limits.least)) <= (high := min(span[1], limits.most))
    ]
    return min(reachable, key=lambda amount: (abs(amount - held), amount), default=None)
