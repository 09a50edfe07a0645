"""What the weights say about one wish in terms of another: one kilometre nearer the motorway is worth 14 kr/m².

The marginal rate of substitution (w_a v_a') / (w_b v_b') is taken along the main slope of each curve, the straight
part over which its value changes most, and told with the stretch on which it holds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from landbank.domain.criteria import CRITERIA
from landbank.domain.criterion import Criterion, Kind
from landbank.domain.need import Need, Wish
from landbank.domain.wishes import curve_of, shares

MONEY: Final = "price_sek_per_m2"
LONGEST_STEP: Final[dict[str, float]] = {"m": 1_000.0, "d": 30.0}
"""Distances are told by the kilometre and time by the month, even where larger differences matter."""


@dataclass(frozen=True, slots=True)
class Slope:
    """The main slope of a wish: v changes by `gain` from `worse` to `better` (amounts), which may be a step."""

    wish: Wish
    share: float
    worse: float
    better: float
    gain: float

    @property
    def rate(self) -> float:
        """Points of the whole per unit towards the better end."""
        return self.share * self.gain / abs(self.better - self.worse)


@dataclass(frozen=True, slots=True)
class TradeOff:
    """A step of one wish set against an amount of another.

    `step` is signed towards the better: -1000 is a kilometre nearer; None for a claim or the best code instead of the
    worst, with `better` and `worse` naming them (`worse` None: any code that is not named). `worth` is the amount of
    the other wish that weighs the same, in its unit; `is_beyond` says that it is more than that wish's whole slope.
    """

    criterion: str
    step: float | None
    better: float | str | bool
    worse: float | str | bool | None
    against: str
    worth: float
    is_beyond: bool
    against_worse: float
    against_better: float


def trade_offs(need: Need) -> tuple[TradeOff, ...]:
    """Each wish against the price, or against the heaviest wish with a slope where no price is wished for."""
    slopes = {
        wish.criterion: slope
        for wish, share in zip(need.wishes, shares(need), strict=True)
        if (slope := main_slope(wish, share)) is not None
    }
    if not slopes:
        return ()
    coin = slopes.get(MONEY) or max(slopes.values(), key=lambda slope: slope.share)
    found = (
        trade_off(wish, share, slopes.get(wish.criterion), coin)
        for wish, share in zip(need.wishes, shares(need), strict=True)
        if wish.criterion != coin.wish.criterion
    )
    return tuple(one for one in found if one is not None)


def main_slope(wish: Wish, share: float) -> Slope | None:
    """The straight part of a curve over which v changes most; None for codes, claims and level curves."""
    if not CRITERIA[wish.criterion].is_numeric:
        return None
    (x0, v0), (x1, v1) = max(pairwise(curve_of(wish)), key=lambda part: abs(part[1][1] - part[0][1]))
    if v0 == v1:
        return None
    worse, better = (x0, x1) if v1 > v0 else (x1, x0)
    return Slope(wish, share, worse, better, abs(v1 - v0))


def trade_off(wish: Wish, share: float, slope: Slope | None, coin: Slope) -> TradeOff | None:
    """One wish against the coin."""
    if slope is not None:
        step = natural_step(CRITERIA[wish.criterion])
        step = math.copysign(min(step, abs(slope.better - slope.worse)), slope.better - slope.worse)
        return against(coin, wish, abs(step) * slope.rate, step=step, better=slope.better, worse=slope.worse)
    if CRITERIA[wish.criterion].is_numeric:
        return None
    better, high = max(wish.points, key=lambda point: point[1])
    worse, low = worst_held(wish)
    if low >= high:
        return None
    return against(coin, wish, share * (high - low), step=None, better=better, worse=worse)


def worst_held(wish: Wish) -> tuple[float | str | bool | None, float]:
    """What is worth least to a wish for codes or a truth: one that is named, or None for all that are not."""
    criterion = CRITERIA[wish.criterion]
    named = [x for x, _ in wish.points]
    if criterion.kind is Kind.CLAIM and len(named) == 1:
        return not named[0], 0.0
    if criterion.kind is not Kind.CLAIM and len(named) < (len(criterion.codes) or math.inf):
        return None, 0.0
    return min(wish.points, key=lambda point: point[1])


def against(
    coin: Slope,
    wish: Wish,
    weight: float,
    *,
    step: float | None,
    better: float | str | bool,
    worse: float | str | bool | None,
) -> TradeOff:
    """The trade-off of a difference that weighs so much."""
    worth_of_it = weight / coin.rate
    return TradeOff(
        criterion=wish.criterion,
        step=step,
        better=better,
        worse=worse,
        against=coin.wish.criterion,
        worth=worth_of_it,
        is_beyond=worth_of_it > abs(coin.better - coin.worse) * (1 + 1e-9),
        against_worse=coin.worse,
        against_better=coin.better,
    )


def natural_step(criterion: Criterion) -> float:
    """A step as people say it: the power of ten below what matters, at most a kilometre or a month."""
    step = 10.0 ** math.floor(math.log10(criterion.scale))
    return min(step, LONGEST_STEP.get(criterion.unit or "", math.inf))
