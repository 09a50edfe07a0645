"""How far an order rests on exact weights and on values that nobody knows: how often each plot gets each rank.

Weights are drawn among those that agree with what was said, unknown values between their bounds, and the plots are
ordered anew each time. The tiers stay as they are: a plot of tier B stands behind tier A in every sample.

Source: R. Lahdelma and P. Salminen, SMAA-2 (Operations Research 49, 2001), for rank acceptability and central
weights.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from landbank.domain.advice.contenders import RANKS, Contenders
from landbank.domain.advice.weights import Basis, basis_of
from landbank.domain.match import TIE, Assessment

Floats: TypeAlias = NDArray[np.float64]

SAMPLES: Final = 2_000
"""Of so many the standard error of a share is at most 1.1 per cent."""

SHOWN: Final = 20
"""For so many of the first plots it is told how often they get each rank."""

PAIRED: Final = 10
"""For so many of the first plots it is told how often each stands before each other, and whether each can be first."""

FEWEST_WINS: Final = 20
"""In so many samples a plot must be first for its central weights to be told."""

STABLE: Final = 0.8
LEANING: Final = 0.5


class Label(StrEnum):
    """How sure the first rank is: stable from 80 % of the samples, leaning from 50 %, else open."""

    STABLE = "stable"
    LEANING = "leaning"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Acceptance:
    """How often a plot gets each rank.

    `by_rank` are shares of the samples for ranks 1 to `RANKS`, `later` the share of all ranks behind; plots with
    equal scores share their ranks in equal parts. `central` are the mean weights of the samples in which the plot is
    first, None where these are too few.
    """

    plot_id: int
    by_rank: tuple[float, ...]
    later: float
    central: tuple[float, ...] | None

    @property
    def first(self) -> float:
        """The share of samples in which the plot is first."""
        return self.by_rank[0]

    @property
    def top3(self) -> float:
        """The share of samples in which the plot has one of the first three ranks."""
        return sum(self.by_rank[:3])


@dataclass(frozen=True, slots=True)
class Robustness:
    """Rank acceptability of the first plots of an answer, in its order.

    `others` is the share of each rank that falls to plots which are not among them, so that each rank's shares sum
    to 1; `before[i][k]` is how often the first plots stand before one another, equal scores counting half. `left_out`
    plots could reach a told rank but were not drawn: where there are any, the shares of the others are a little high.
    """

    samples: int
    basis: Basis
    label: Label
    plots: tuple[Acceptance, ...]
    others: tuple[float, ...]
    before: tuple[tuple[float, ...], ...]
    left_out: int


def robustness(found: Assessment, field: Contenders) -> Robustness | None:
    """How robust the order of the first plots is; None where there is no plot or nothing is wished for."""
    if not field.shown or not found.need.wishes:
        return None
    shares = rank_shares(field.scores, field.shown)
    plots = tuple(
        acceptance(int(found.columns.plot_id[field.places[place]]), by_sample, field.weights)
        for place, by_sample in enumerate(shares)
    )
    ranks = min(RANKS, len(found.places))
    held = [sum(plot.by_rank[rank] for plot in plots) for rank in range(RANKS)]
    return Robustness(
        samples=len(field.weights),
        basis=basis_of(found.need),
        label=label_of(plots[0].first),
        plots=plots,
        others=tuple(max(0.0, 1 - held[rank]) if rank < ranks else 0.0 for rank in range(RANKS)),
        before=before(field.scores[: min(PAIRED, field.shown)]),
        left_out=field.left_out,
    )


def rank_shares(scores: Floats, shown: int) -> Floats:
    """For each of the first `shown` plots, the share of each of `RANKS` ranks in each sample (plots x ranks x samples).

    `scores` (plots x samples) hold at least all plots that reach one of these ranks. Of m plots with the same score
    behind r others each gets an m-th of the ranks r + 1 to r + m.
    """
    ranks = np.arange(RANKS)[:, None]
    shares = np.zeros((shown, RANKS, scores.shape[1]))
    for plot in range(shown):
        ahead = np.count_nonzero(scores > scores[plot] + TIE, axis=0)
        tied = np.count_nonzero(scores >= scores[plot] - TIE, axis=0) - ahead
        shares[plot] = ((ranks >= ahead) & (ranks < ahead + tied)) / tied
    return shares


def acceptance(plot_id: int, by_sample: Floats, weights: Floats) -> Acceptance:
    """One plot's shares, from those in each sample (ranks x samples)."""
    by_rank = by_sample.mean(axis=1)
    wins = by_sample[0].sum()
    central = by_sample[0] @ weights / wins if wins >= FEWEST_WINS else None
    return Acceptance(
        plot_id,
        tuple(map(float, by_rank)),
        later=max(0.0, 1.0 - float(by_rank.sum())),
        central=None if central is None else tuple(map(float, central)),
    )


def before(scores: Floats) -> tuple[tuple[float, ...], ...]:
    """How often each plot (row) has a higher score than each other, equal scores counting half."""
    rows = []
    for one in scores:
        wins = np.mean(one > scores + TIE, axis=1)
        ties = np.mean(np.abs(one - scores) <= TIE, axis=1)
        rows.append(tuple(map(float, wins + ties / 2)))
    return tuple(rows)


def label_of(share: float) -> Label:
    """What a share of first ranks is called, by the whole per cent that people are shown."""
    share = round(share, 2)
    return Label.STABLE if share >= STABLE else Label.LEANING if share >= LEANING else Label.OPEN


def standard_error(share: float, samples: int) -> float:
    """The standard error of a share that was counted in so many samples."""
    return math.sqrt(share * (1 - share) / samples)
