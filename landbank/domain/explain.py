"""Why a plot ranks where it does: every verdict with its value, every point won and lost, and what to ask."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from landbank.domain.columns import Columns
from landbank.domain.criteria import CRITERIA
from landbank.domain.criterion import Criterion
from landbank.domain.kleene import FALSE, TRUE
from landbank.domain.musts import asked_for, judge_reading, limits, missing
from landbank.domain.need import Must, Need, Wish
from landbank.domain.reading import AmountReading, Asked, ClaimReading, CodeReading, Reading
from landbank.domain.wishes import Priors, plot_classes, point_worth, shares, worth_of_reading

Value: TypeAlias = float | str | bool | tuple[str, ...] | None

WEIGHTY_SHARE = 0.1
"""From this share of the weight on, a wish can be a plot's weakest link."""


class Tier(StrEnum):
    """A meets every must; B fails none and leaves some unknown; C fails at least one."""

    A = "A"
    B = "B"
    C = "C"


class Verdict(StrEnum):
    """What is known of one must on one plot."""

    PASS = "pass"  # noqa: S105 - a verdict, no secret
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Held:
    """What a plot holds on a criterion: a value, or bounds of one that is not known exactly."""

    value: Value
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """One must on one plot; `shortfall` is what is missing at least, in the unit, None where that has no size."""

    must: Must
    held: Held
    verdict: Verdict
    shortfall: float | None


@dataclass(frozen=True, slots=True)
class Contribution:
    """One wish on one plot: points won and lost of 100, and between which bounds if the value is unknown."""

    wish: Wish
    share: float
    held: Held
    points: float
    lost: float
    points_low: float
    points_high: float
    is_known: bool


@dataclass(frozen=True, slots=True)
class Match:
    """A plot's answer to a need. The score is None where nothing is wished for: there is nothing to score."""

    plot_id: int
    rank: int | None
    tier: Tier
    score: float | None
    score_low: float | None
    score_high: float | None
    coverage: float | None
    musts: tuple[Judged, ...]
    contributions: tuple[Contribution, ...]

    @property
    def ask(self) -> tuple[str, ...]:
        """Criteria whose value is unknown: musts first, then wishes by weight."""
        unsure = [judged.must.criterion for judged in self.musts if judged.verdict is Verdict.UNKNOWN]
        by_weight = sorted(self.contributions, key=lambda part: -part.share)
        unsure += [part.wish.criterion for part in by_weight if not part.is_known]
        return tuple(dict.fromkeys(unsure))

    @property
    def weakest(self) -> str | None:
        """The weighty wish that is known to be met least; None where every one is met in full."""
        weighty = [
            part
            for part in self.contributions
            if part.is_known and part.share >= WEIGHTY_SHARE - 1e-12 and part.lost > 1e-9
        ]
        return min(weighty, key=lambda part: part.points / part.share).wish.criterion if weighty else None


def explain(
    need: Need, columns: Columns, *, on: date, priors: Priors, ranks: Sequence[int | None]
) -> tuple[Match, ...]:
    """Every plot of the columns explained, in their order; meant for the few that are shown."""

    def asked(part: Must | Wish) -> Asked:
        return asked_for(need, on, conditional=part.conditional)

    classes = plot_classes(columns)
    musts = [explain_must(must, columns, asked(must)) for must in need.musts]
    wishes = [
        explain_wish(wish, columns, asked(wish), share=share, expected=np.array(prior)[classes])
        for wish, share, prior in zip(need.wishes, shares(need), priors, strict=True)
    ]
    return tuple(
        assemble(
            int(columns.plot_id[place]),
            ranks[place],
            tuple(must[place] for must in musts),
            tuple(wish[place] for wish in wishes),
        )
        for place in range(len(columns))
    )


def assemble(
    plot_id: int, rank: int | None, musts: tuple[Judged, ...], parts: tuple[Contribution, ...]
) -> Match:
    """One plot's parts put together."""
    verdicts = {judged.verdict for judged in musts}
    tier = Tier.C if Verdict.FAIL in verdicts else Tier.B if Verdict.UNKNOWN in verdicts else Tier.A
    return Match(
        plot_id=plot_id,
        rank=rank,
        tier=tier,
        score=sum(part.points for part in parts) if parts else None,
        score_low=sum(part.points_low for part in parts) if parts else None,
        score_high=sum(part.points_high for part in parts) if parts else None,
        coverage=sum(part.share for part in parts if part.is_known) if parts else None,
        musts=musts,
        contributions=parts,
    )


def explain_must(must: Must, columns: Columns, asked: Asked) -> list[Judged]:
    """One must over all plots of the columns."""
    criterion = CRITERIA[must.criterion]
    reading = criterion.read(columns, asked)
    short = shortfalls(must, reading, asked)
    names = {int(TRUE): Verdict.PASS, int(FALSE): Verdict.FAIL}
    return [
        Judged(
            must,
            held(criterion, reading, place),
            names.get(int(verdict), Verdict.UNKNOWN),
            float(short[place]) if verdict == FALSE and math.isfinite(short[place]) else None,
        )
        for place, verdict in enumerate(judge_reading(must, reading, asked))
    ]


def shortfalls(must: Must, reading: Reading, asked: Asked) -> NDArray[np.float64]:
    """What is missing on each plot, in the criterion's unit; infinite where it has no size."""
    if isinstance(reading, AmountReading):
        return missing(reading, *limits(must, asked))
    return np.full(len(judge_reading(must, reading, asked)), np.inf)


def explain_wish(
    wish: Wish, columns: Columns, asked: Asked, *, share: float, expected: NDArray[np.float64]
) -> list[Contribution]:
    """One wish over all plots of the columns; `expected` is the prior worth of each."""
    criterion = CRITERIA[wish.criterion]
    reading = criterion.read(columns, asked)
    found = worth_of_reading(wish, criterion, reading)
    point = point_worth(found, expected)
    return [
        Contribution(
            wish,
            share,
            held(criterion, reading, place),
            points=100 * share * float(point[place]),
            lost=100 * share * float(1 - point[place]),
            points_low=100 * share * float(found.low[place]),
            points_high=100 * share * float(found.high[place]),
            is_known=bool(found.is_known[place]),
        )
        for place in range(len(columns))
    ]


def held(criterion: Criterion, reading: Reading, place: int) -> Held:
    """What one plot holds, in words and numbers of the catalogue."""
    if isinstance(reading, AmountReading):
        low, high = (finite(float(side[place])) for side in (reading.low, reading.high))
        return Held(low) if low == high else Held(None, low, high)
    if isinstance(reading, CodeReading):
        key = int(reading.key[place])
        return Held(None if key < 0 else criterion.codes[key] if criterion.codes else f"{key:04d}")
    if isinstance(reading, ClaimReading):
        claim = int(reading.holds[place])
        return Held(None if claim == 0 else claim > 0)
    certain, possible = int(reading.certain[place]), int(reading.possible[place])
    codes = tuple(code for code in criterion.codes if certain >> criterion.key(code) & 1)
    return Held(codes if certain == possible else None)


def finite(amount: float) -> float | None:
    """The amount, or None where it is unknown or endless."""
    return amount if math.isfinite(amount) else None
