"""Plots that another plot beats on everything that was asked for, and plots that no weights would put first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from landbank.domain.advice.contenders import Contenders, Worths
from landbank.domain.advice.robust import PAIRED, Robustness
from landbank.domain.advice.weights import Basis, basis_of, classes
from landbank.domain.explain import Contribution, Match, Tier, Verdict
from landbank.domain.kleene import FALSE, TRUE
from landbank.domain.match import Assessment
from landbank.domain.musts import asked_for
from landbank.domain.need import Need
from landbank.domain.wishes import shares, worth

Floats: TypeAlias = NDArray[np.float64]

MOST_DOMINATORS: Final = 3
SLACK: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Dominator:
    """A plot that is at least as good on every must and wish, and better on these wishes."""

    plot_id: int
    better_on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dominated:
    """The first `MOST_DOMINATORS` of `count` plots that dominate one."""

    by: tuple[Dominator, ...]
    count: int


def dominated(matches: Sequence[Match]) -> dict[int, Dominated]:
    """Which matches are dominated for certain, whatever the unknown turns out to be, by plot id.

    Only matches are compared, and none is missed by that: a dominator fails no must and has more points, so it ranks
    ahead of the plot, and an answer shows all plots that rank ahead of a shown one.
    """
    found: dict[int, list[Dominator]] = {}
    ahead: list[Match] = []
    for one in matches:
        for other in ahead:
            better_on = beats(other, one)
            if better_on:
                found.setdefault(one.plot_id, []).append(Dominator(other.plot_id, better_on))
        if one.tier is not Tier.C:
            ahead.append(one)
    return {plot_id: Dominated(tuple(by[:MOST_DOMINATORS]), len(by)) for plot_id, by in found.items()}


def beats(other: Match, one: Match) -> tuple[str, ...]:
    """The wishes on which the other is better, if it is at least as good on everything for certain."""
    for theirs, ours in zip(other.musts, one.musts, strict=True):
        if theirs.verdict is not Verdict.PASS and ours.verdict is not Verdict.FAIL:
            return ()
    pairs = list(zip(other.contributions, one.contributions, strict=True))
    if not all(is_as_good(theirs, ours) for theirs, ours in pairs):
        return ()
    return tuple(
        theirs.wish.criterion for theirs, ours in pairs if theirs.points_low > ours.points_high + SLACK
    )


def is_as_good(theirs: Contribution, ours: Contribution) -> bool:
    """Whether a part is worth at least as much for certain; float noise is no difference."""
    return theirs.points_low >= ours.points_high - SLACK


def dominators(found: Assessment, place: int) -> Dominated | None:
    """Which plots dominate one for certain, wherever it ranks; None if none does."""
    musts = [(verdict[found.places] == TRUE) | (verdict[place] == FALSE) for verdict in found.verdicts]
    as_good = np.logical_and.reduce(musts, axis=0) if musts else np.ones(len(found.places), dtype=np.bool_)
    better = []
    for wish, share in zip(found.need.wishes, shares(found.need), strict=True):
        asked = asked_for(found.need, found.on, conditional=wish.conditional)
        one = worth(wish, found.columns, asked)
        ahead = 100 * share * (one.low[found.places] - one.high[place])
        as_good &= ahead >= -SLACK
        better.append(ahead > SLACK)
    those = (
        np.flatnonzero(as_good & np.logical_or.reduce(better, axis=0))
        if better
        else np.zeros(0, dtype=np.int64)
    )
    names = [wish.criterion for wish in found.need.wishes]
    by = tuple(
        Dominator(
            int(found.ranks.plot_id[at]),
            tuple(name for name, is_so in zip(names, better, strict=True) if is_so[at]),
        )
        for at in those[:MOST_DOMINATORS]
    )
    return Dominated(by, len(those)) if by else None


def first_under_some_weights(
    found: Assessment, field: Contenders, robust: Robustness | None, beaten: dict[int, Dominated]
) -> dict[int, bool | None]:
    """Whether each of the ten first plots could be first under some weights that agree with what was said, by plot id.

    True if it was in a sample, false if it is proved that it can't be even where all that is unknown turns out best
    for it and worst for the others; None where neither is shown. Plots of tier B behind a tier A are left out.
    """
    if robust is None:
        return {}
    tiers = found.tiers[field.places]
    answers: dict[int, bool | None] = {}
    for place, plot in enumerate(robust.plots[:PAIRED]):
        if tiers[place] != tiers[0]:
            continue
        if plot.first > 0:
            answers[plot.plot_id] = True
        else:
            rivals = np.flatnonzero((tiers == tiers[0]) & (np.arange(len(tiers)) != place))
            is_out = plot.plot_id in beaten or is_never_first(found.need, field.worths, rivals, place)
            answers[plot.plot_id] = False if is_out else None
    return answers


def is_never_first(need: Need, worths: Worths, rivals: NDArray[np.int64], place: int) -> bool:
    """Whether under all weights that agree with the need some rival is proved to be ahead of the plot."""
    if always_behind(need, worths.low[rivals] - worths.high[place]):
        return True
    few = rivals[rivals < place]  # those ranked ahead, which settle most cases in a small programme
    return lead(need, worths, few, place) < -SLACK or lead(need, worths, rivals, place) < -SLACK


def always_behind(need: Need, ahead: Floats) -> bool:
    """Whether one rival (row: its lead in worth on each wish) is ahead under all weights that agree with the need.

    Such weights are mixtures of equal weights on all wishes of the heaviest words and some of the next word, so it
    is enough that each of these sums of leads is positive; within a word the smallest leads make the smallest sums.
    """
    if basis_of(need) is Basis.NUMBERS:
        return bool(np.any(np.all(ahead > SLACK, axis=1)))
    words = np.broadcast_to(classes(need.wishes), ahead.shape)
    ordered = np.take_along_axis(ahead, np.lexsort((ahead, words), axis=1), axis=1)
    return bool(np.any(np.all(np.cumsum(ordered, axis=1) > SLACK, axis=1)))


def lead(need: Need, worths: Worths, others: NDArray[np.int64], place: int) -> float:
    """The greatest lead in worth, over all weights that agree with the need, of a plot over the best of the others.

    max d: w . (v_i - v_k) >= d for all k, sum w = 1, w >= 0, and by words each wish of a heavier word weighs at
    least as much as each of a lighter one.
    """
    if not len(others):
        return 0.0
    behind = worths.low[others] - worths.high[place]
    rows = [np.column_stack([behind, np.ones(len(others))])]
    order = order_rows(need)
    if len(order):
        rows.append(np.column_stack([order, np.zeros(len(order))]))
    wishes = len(need.wishes)
    solved = linprog(
        c=np.append(np.zeros(wishes), -1.0),
        A_ub=np.vstack(rows),
        b_ub=np.zeros(sum(map(len, rows))),
        A_eq=np.append(np.ones(wishes), 0.0)[None, :],
        b_eq=[1.0],
        bounds=[(0, None)] * wishes + [(None, 1)],
        method="highs",
    )
    if solved.fun is None:
        raise ArithmeticError(f"the linear programme has no answer: {solved.message}")
    return -solved.fun


def order_rows(need: Need) -> Floats:
    """For each wish and each of the next lighter word: the lighter weight minus the heavier, which is at most 0."""
    if basis_of(need) is Basis.NUMBERS:
        return np.zeros((0, len(need.wishes)))
    words = classes(need.wishes)
    used = sorted(set(words))
    lighter = dict(pairwise(used))
    identity = np.eye(len(words))
    rows = [
        identity[light] - identity[heavy]
        for heavy, word in enumerate(words)
        for light, other in enumerate(words)
        if lighter.get(word) == other
    ]
    return np.array(rows).reshape(len(rows), len(words))
