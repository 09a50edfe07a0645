"""From a need and the inventory's columns to tiers, scores and an order.

Tier A meets every must, B fails none but leaves some unknown, C fails at least one. The score is additive over
value functions on fixed scales: S = 100 * sum of w_j v_j, so that its parts sum to it and no other plot enters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from landbank.domain.columns import Columns
from landbank.domain.effects import MustEffect, must_effects
from landbank.domain.explain import Match, Tier, explain
from landbank.domain.kleene import FALSE, TRUE, Tri, every
from landbank.domain.musts import asked_for, judge, relative_shortfall
from landbank.domain.need import Need
from landbank.domain.wishes import Priors, plot_classes, point_worth, prior_where_needed, shares, worth
from landbank.errors import NotFound

Floats: TypeAlias = NDArray[np.float64]
Places: TypeAlias = NDArray[np.int64]

TIE: Final = 1e-9
"""Scores that differ by no more than this have the same rank."""

TIERS: Final = tuple(Tier)
A, B, C = (np.int8(place) for place in range(3))


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """Score of each plot with its bounds, 0 to 100, and the share of the weight that rests on known values."""

    point: Floats
    low: Floats
    high: Floats
    coverage: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Ranks:
    """The plots that fail no must, best first: ids, ranks (ties share one) and tiers as places in `TIERS`."""

    plot_id: NDArray[np.int64]
    rank: NDArray[np.int64]
    tier: NDArray[np.int8]


@dataclass(frozen=True, slots=True, eq=False)
class Assessment:
    """A need held against every plot: what an answer, and all that is said about it, is made from.

    `need.date` is filled in; `verdicts` are by must; `places` tell where the plots of `ranks` stand in the columns.
    """

    need: Need
    columns: Columns
    on: date
    verdicts: tuple[Tri, ...]
    tiers: NDArray[np.int8]
    scores: Scores
    priors: Priors
    ranks: Ranks
    places: Places


@dataclass(frozen=True, slots=True)
class Counts:
    """How many plots are in each tier."""

    a: int
    b: int
    c: int

    @property
    def total(self) -> int:
        """All plots of the inventory."""
        return self.a + self.b + self.c


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What the inventory has for a need; `need.date` is filled in, `matches` are the first `need.limit`."""

    need: Need
    revision: int
    as_of: date
    counts: Counts
    must_effects: tuple[MustEffect, ...]
    matches: tuple[Match, ...]
    ranks: Ranks


def match(need: Need, columns: Columns, *, on: date, priors: Priors | None = None) -> Answer:
    """The answer to a need over the columns, as asked on a day.

    `priors` are taken from the columns unless given; give those of the whole inventory to match a part of it.
    """
    return answer_of(assess(need, columns, on=on, priors=priors))


def assess(need: Need, columns: Columns, *, on: date, priors: Priors | None = None) -> Assessment:
    """Tiers, scores and order of all plots for a need, as asked on a day."""
    need = need.on(on)
    verdicts = tuple(judge_all(need, columns, on))
    tiers = tiers_of(verdicts, len(columns))
    scores, used = score(need, columns, on=on, priors=priors)
    ranks, places = rank_open(columns, tiers, scores.point)
    return Assessment(need, columns, on, verdicts, tiers, scores, used, ranks, places)


def answer_of(found: Assessment, *, unfit: Places | None = None) -> Answer:
    """The answer that an assessment holds, with the first `need.limit` plots explained.

    `unfit` are places of plots that fail no must but that of fit: the nearest of the near misses.
    """
    need, columns, on = found.need, found.columns, found.on
    places, point = found.places, found.scores.point
    left = max(0, need.limit - len(places))
    only_fit = np.zeros(0, dtype=np.int64) if unfit is None else unfit[:left]
    near = nearest(need, columns, on, found.verdicts, point, wanted=left - len(only_fit))
    near = np.concatenate([only_fit, near])
    shown = np.concatenate([places[: need.limit], near])
    shown_ranks = np.concatenate([found.ranks.rank[: need.limit], len(places) + 1 + np.arange(len(near))])
    return Answer(
        need=need,
        revision=columns.revision,
        as_of=on,
        counts=Counts(*(int(np.count_nonzero(found.tiers == tier)) for tier in (A, B, C))),
        must_effects=must_effects(need, found.verdicts, len(columns)),
        matches=tuple(
            replace(one, tier=TIERS[found.tiers[place]])
            for one, place in zip(
                explain_in_order(need, columns, on=on, priors=found.priors, places=shown, ranks=shown_ranks),
                shown,
                strict=True,
            )
        ),
        ranks=found.ranks,
    )


def match_one(need: Need, columns: Columns, plot_id: int, *, on: date) -> Match:
    """How one plot answers a need, wherever it ranks; its rank is None if it fails a must.

    Raises
    ------
    NotFound
        The inventory has no current plot of this id.
    """
    place = place_of(columns, plot_id)
    return explain_at(assess(need, columns, on=on), place)


def place_of(columns: Columns, plot_id: int) -> int:
    """Where a plot stands in the columns.

    Raises
    ------
    NotFound
        The inventory has no current plot of this id.
    """
    place = columns.place_of(plot_id)
    if place is None:
        raise NotFound(
            f"There is no current plot {plot_id}.", hint="Look its number up in the list or on the map."
        )
    return place


def explain_at(found: Assessment, place: int) -> Match:
    """How the plot at a place of the columns answers the need."""
    ranked = found.ranks.rank[found.places == place]
    (explained,) = explain(
        found.need,
        found.columns.take(np.array([place], dtype=np.int64)),
        on=found.on,
        priors=found.priors,
        ranks=[int(rank) for rank in ranked] or [None],
    )
    return explained


def judge_all(need: Need, columns: Columns, on: date) -> list[Tri]:
    """The verdicts of each must over all plots."""
    return [judge(must, columns, asked_for(need, on, conditional=must.conditional)) for must in need.musts]


def tiers_of(verdicts: Sequence[Tri], size: int) -> NDArray[np.int8]:
    """The tier of each plot, as a place in `TIERS`."""
    # The places of the tiers run against the verdicts: true 1 -> A 0, unknown 0 -> B 1, false -1 -> C 2.
    return TRUE - every(verdicts, size)


def score(need: Need, columns: Columns, *, on: date, priors: Priors | None = None) -> tuple[Scores, Priors]:
    """Scores of all plots, and the priors that stood in for unknown values."""
    classes = plot_classes(columns)
    point, low, high, coverage = (np.zeros(len(columns)) for _ in range(4))
    used: list[tuple[float, ...]] = []
    for place, (wish, share) in enumerate(zip(need.wishes, shares(need), strict=True)):
        found = worth(wish, columns, asked_for(need, on, conditional=wish.conditional))
        used.append(priors[place] if priors else prior_where_needed(found, classes))
        point += 100 * share * point_worth(found, np.array(used[-1])[classes])
        low += 100 * share * found.low
        high += 100 * share * found.high
        coverage += share * found.is_known
    return Scores(point, low, high, coverage), tuple(used)


def rank_open(columns: Columns, tiers: NDArray[np.int8], point: Floats) -> tuple[Ranks, Places]:
    """The plots of tiers A and B in their order, and where they stand in the columns."""
    places: list[Places] = []
    ranks: list[NDArray[np.int64]] = []
    ahead = 0
    for tier in (A, B):
        ordered, rank = by_score(np.flatnonzero(tiers == tier), point)
        places.append(ordered)
        ranks.append(rank + ahead)
        ahead += len(ordered)
    together = np.concatenate(places)
    return Ranks(columns.plot_id[together], np.concatenate(ranks), tiers[together]), together


def by_score(places: Places, point: Floats) -> tuple[Places, NDArray[np.int64]]:
    """Places by falling score, ties by plot id, and their ranks from 1; neighbours within `TIE` share a rank."""
    ordered = places[np.argsort(-point[places], kind="stable")]
    starts = np.diff(-point[ordered], prepend=-np.inf) > TIE
    group = np.cumsum(starts)
    # Places ascend with plot ids, so a stable order by group puts ties in the order of their ids.
    ordered = ordered[np.lexsort((ordered, group))]
    return ordered, (np.flatnonzero(starts) + 1)[group - 1] if len(ordered) else np.zeros(0, dtype=np.int64)


def nearest(
    need: Need, columns: Columns, on: date, verdicts: Sequence[Tri], point: Floats, *, wanted: int
) -> Places:
    """Near misses: fewest failed musts first, then the smallest relative shortfall, the score, the plot id."""
    fails = np.zeros(len(columns), dtype=np.int16)
    for verdict in verdicts:
        fails += verdict == FALSE
    found: list[Places] = []
    for number in range(1, len(verdicts) + 1):
        if wanted <= 0:
            break
        places = np.flatnonzero(fails == number)
        short = np.round(worst_shortfall(need, columns.take(places), on), 9)
        order = np.lexsort((places, -np.round(point[places], 9), short))
        found.append(places[order][:wanted])
        wanted -= len(places)
    return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)


def worst_shortfall(need: Need, columns: Columns, on: date) -> Floats:
    """The greatest relative shortfall over the musts, per plot."""
    worst = np.zeros(len(columns))
    for must in need.musts:
        asked = asked_for(need, on, conditional=must.conditional)
        np.maximum(worst, relative_shortfall(must, columns, asked), out=worst)
    return worst


def explain_in_order(
    need: Need, columns: Columns, *, on: date, priors: Priors, places: Places, ranks: NDArray[np.int64]
) -> tuple[Match, ...]:
    """The plots at `places` explained, in that order."""
    ascending = np.argsort(places)
    part = columns.take(places[ascending])
    explained = explain(need, part, on=on, priors=priors, ranks=[int(ranks[place]) for place in ascending])
    back = np.argsort(ascending)
    return tuple(explained[place] for place in back)
