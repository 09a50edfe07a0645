"""Which plots can stand among the first ranks in any of many samples, and what they score in each.

A plot is left out when it is proved to stay behind in every sample that was drawn, so the ranks counted are those that
all plots together would give. Where too much is unknown of too many for that, it is told how many more there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from landbank.domain.kleene import Bools
from landbank.domain.match import TIE, A, Assessment
from landbank.domain.musts import asked_for
from landbank.domain.wishes import plot_classes, point_worth, worth

Floats: TypeAlias = NDArray[np.float64]
Places: TypeAlias = NDArray[np.int64]

RANKS: Final = 10
"""Ranks that are told one by one."""

FRONT: Final = 128
"""The first plots, whose sampled scores set the bar for all others."""

AHEAD: Final = 200.0
"""Added to the score of tier A, so that no score of tier B reaches it: tiers come before points."""

CELLS: Final = 4_096

MOST_TRIED: Final = 40_000
"""So many plots times wishes are held against the bar one by one, the most promising first."""

MOST_DRAWN: Final = 4_000
"""So many unknown values of plots beyond the front are drawn; each takes as many numbers as there are samples."""

CHUNK: Final = 256
"""Rows that are scored at a time: few enough to stay in a processor's cache."""


@dataclass(frozen=True, slots=True, eq=False)
class Worths:
    """What plots are worth to each wish, at least and at most (plots x wishes)."""

    low: Floats
    high: Floats

    @property
    def is_unknown(self) -> Bools:
        """Where the worth is not known exactly."""
        return self.low < self.high


@dataclass(frozen=True, slots=True, eq=False)
class OpenWorth:
    """What the plots of tiers A and B, in the answer's order, are worth to one wish: as scored, and at most."""

    point: Floats
    high: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Contenders:
    """Plots with their scores in each sample (plots x samples), tier A set ahead of B by `AHEAD`.

    The first `shown` of them stand in the answer's order, whether or not they ever reach a first rank. `drawn` holds
    for each of the first `len(drawn)` plots the worth that was drawn for each unknown wish, by the wish's number.
    `left_out` counts plots that could reach one and were not drawn, since so much is unknown of so many.
    """

    places: Places
    shown: int
    weights: Floats
    worths: Worths
    scores: Floats
    drawn: tuple[dict[int, Floats], ...]
    left_out: int


def open_worths(found: Assessment) -> tuple[OpenWorth, ...]:
    """What all plots of tiers A and B are worth to each wish; 16 bytes a plot and wish."""
    kinds = plot_classes(found.columns)[found.places]
    kept = []
    for wish, prior in zip(found.need.wishes, found.priors, strict=True):
        asked = asked_for(found.need, found.on, conditional=wish.conditional)
        one = worth(wish, found.columns, asked).of(found.places)
        kept.append(OpenWorth(point_worth(one, np.array(prior)[kinds]), one.high))
    return tuple(kept)


def contenders(
    found: Assessment,
    worths: Sequence[OpenWorth],
    weights: Floats,
    *,
    rng: np.random.Generator,
    shown: int,
) -> Contenders:
    """The plots of tiers A and B that reach one of the first `RANKS` ranks in any sample, after the first `shown`.

    Besides the shown ones the first of tier B are kept, as an answer to a question may carry them into tier A.
    The work is bounded: where unknown values leave very many plots in the race, the least promising are left out.
    """
    front, rest = split(found, shown)
    first = worths_of(found, found.places[front])
    scores, drawn = sampled(first, ahead(found, front), weights, rng)
    later, untried = survivors(found, worths, rest, weights=weights, bars=bar(scores))
    later, more, undrawn = drawable(found, later)
    further, _ = sampled(more, ahead(found, later), weights, rng)
    scores = np.concatenate([scores, further])
    asked = min(shown, len(front)) + count_of_first_b(found, shown)
    kept = np.flatnonzero(np.any(scores >= bar(scores) - TIE, axis=1) | (np.arange(len(scores)) < asked))
    return Contenders(
        places=found.places[np.concatenate([front, later])[kept]],
        shown=min(shown, len(front)),
        weights=weights,
        worths=Worths(
            np.concatenate([first.low, more.low])[kept], np.concatenate([first.high, more.high])[kept]
        ),
        scores=scores[kept],
        drawn=drawn[:asked],
        left_out=untried + undrawn,
    )


def split(found: Assessment, shown: int) -> tuple[Places, Places]:
    """Places in the answer's order: the shown ones, the first of tier B, more of the first; and the others."""
    size = len(found.places)
    first_b = int(np.count_nonzero(found.ranks.tier == A))
    lead = list(range(min(shown, size)))
    lead += range(max(shown, first_b), min(first_b + shown, size))
    chosen = set(lead)
    lead += [place for place in range(min(FRONT, size)) if place not in chosen]
    is_rest = np.ones(size, dtype=np.bool_)
    is_rest[lead] = False
    return np.array(lead, dtype=np.int64), np.flatnonzero(is_rest)


def count_of_first_b(found: Assessment, shown: int) -> int:
    """How many plots of tier B stand behind the shown ones in the front."""
    first_b = int(np.count_nonzero(found.ranks.tier == A))
    return max(0, min(first_b + shown, len(found.places)) - max(shown, first_b))


def ahead(found: Assessment, places: Places) -> Floats:
    """By how much plots are set ahead for their tier, by their places in the answer's order."""
    return np.where(found.ranks.tier[places] == A, AHEAD, 0.0)


def worths_of(found: Assessment, places: Places) -> Worths:
    """What the plots at some places of the columns are worth to each wish."""
    order = np.argsort(places)
    columns = found.columns.take(places[order])
    low, high = (np.zeros((len(places), len(found.need.wishes))) for _ in range(2))
    for number, wish in enumerate(found.need.wishes):
        one = worth(wish, columns, asked_for(found.need, found.on, conditional=wish.conditional))
        low[order, number], high[order, number] = one.low, one.high
    return Worths(low, high)


def sampled(
    worths: Worths, offset: Floats, weights: Floats, rng: np.random.Generator
) -> tuple[Floats, tuple[dict[int, Floats], ...]]:
    """The scores of plots in each sample, unknown worth drawn evenly between its bounds; and what was drawn."""
    scores = weighted(worths.low, weights) + offset[:, None]
    drawn: tuple[dict[int, Floats], ...] = tuple({} for _ in offset)
    for number, plots in enumerate(worths.is_unknown.T):
        for plot in np.flatnonzero(plots):
            low, high = worths.low[plot, number], worths.high[plot, number]
            worth_drawn = low + (high - low) * rng.random(len(weights))
            scores[plot] += 100 * weights[:, number] * (worth_drawn - low)
            drawn[plot][number] = worth_drawn
    return scores, drawn


def bar(scores: Floats) -> Floats:
    """The score of rank `RANKS` in each sample; less than any score where there are fewer plots."""
    if len(scores) < RANKS:
        return np.full(scores.shape[1], -np.inf)
    lowest: Floats = -np.partition(-scores, RANKS - 1, axis=0)[RANKS - 1]
    return lowest


def survivors(
    found: Assessment, worths: Sequence[OpenWorth], rest: Places, *, weights: Floats, bars: Floats
) -> tuple[Places, int]:
    """Those of the other plots whose best possible score reaches the bar in some sample, best scored first.

    The number that comes back with them counts plots that could not be ruled out and were not tried.
    """
    if not worths:  # all scores are equal, and no ranks are told
        return rest[:0], 0
    tier = found.ranks.tier[rest]
    if np.any(tier == A) or np.all(bars >= AHEAD):  # then all first ranks are held by tier A
        rest = rest[tier == A]
    if not len(rest):
        return rest, 0
    bars = bars - ahead(found, rest[:1])[0]
    high = [one.high[rest] for one in worths]
    cell, highest = cells(high)
    kept = np.flatnonzero(reaches(highest, weights, bars)[cell])
    tried = kept[: MOST_TRIED // len(worths)]
    highest = np.column_stack([one[tried] for one in high])
    return rest[tried[reaches(highest, weights, bars)]], len(kept) - len(tried)


def drawable(found: Assessment, places: Places) -> tuple[Places, Worths, int]:
    """The first plots of which not too much is unknown together, their worth, and how many are left out."""
    worths = worths_of(found, found.places[places])
    count = int(np.count_nonzero(np.cumsum(worths.is_unknown.sum(axis=1)) <= MOST_DRAWN))
    return places[:count], Worths(worths.low[:count], worths.high[:count]), len(places) - count


def reaches(highest: Floats, weights: Floats, bars: Floats) -> Bools:
    """Whether rows of highest worth (rows x wishes) reach the bar in some sample."""
    reached = np.zeros(len(highest), dtype=np.bool_)
    for start in range(0, len(highest), CHUNK):
        scores = weighted(highest[start : start + CHUNK], weights)
        reached[start : start + CHUNK] = np.any(scores >= bars - TIE, axis=1)
    return reached


def weighted(worth: Floats, weights: Floats) -> Floats:
    """The scores of rows of worth in each sample (rows x samples).

    Summed wish by wish rather than by a matrix product: the order of the sums never depends on the number of threads,
    and for so few wishes waking threads costs more than it saves.
    """
    scores = np.zeros((len(worth), len(weights)))
    part = np.empty_like(scores)
    for number in range(worth.shape[1]):
        np.multiply.outer(100 * worth[:, number], weights[:, number], out=part)
        scores += part
    return scores


def cells(high: Sequence[Floats]) -> tuple[NDArray[np.int64], Floats]:
    """Plots put into cells of alike worth: the cell of each, and the highest worth in each cell (cells x wishes)."""
    steps = max(2, int(CELLS ** (1 / len(high))))
    key = np.zeros(len(high[0]), dtype=np.int64)
    size = 1
    for one in high:
        if size * steps > CELLS:
            break
        key = key * steps + np.minimum((one * steps).astype(np.int64), steps - 1)
        size *= steps
    used, cell = renumbered(key, size)
    highest = np.zeros((used, len(high)))
    for number, one in enumerate(high):
        np.maximum.at(highest[:, number], cell, one)
    return cell, highest


def renumbered(key: NDArray[np.int64], size: int) -> tuple[int, NDArray[np.int64]]:
    """How many different keys there are below `size`, and each key as its place among them."""
    is_used = np.bincount(key, minlength=size) > 0
    return int(np.count_nonzero(is_used)), (np.cumsum(is_used) - 1)[key]
