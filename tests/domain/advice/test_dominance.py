"""Rank ranges, plots that others beat on everything, and plots that no weights would put first."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from landbank.domain.advice.contenders import Worths, contenders, open_worths
from landbank.domain.advice.dominance import (
    always_behind,
    dominated,
    dominators,
    first_under_some_weights,
    is_never_first,
    lead,
)
from landbank.domain.advice.rank_range import RankRange, rank_ranges
from landbank.domain.advice.robust import robustness
from landbank.domain.advice.weights import draw_weights
from landbank.domain.columns import columns_of
from landbank.domain.match import answer_of, assess
from landbank.domain.need import Must, Need, Wish

DAY = date(2026, 11, 23)
MANY = settings(max_examples=300, deadline=None)
SEEDS = st.integers(0, 2**32 - 1)
LINE = ((0, 0), (1_000, 1))
NAMES = ("area_m2", "motorway_m", "port_m", "rail_m")


def need_of(*weights: Any) -> Need:
    """A need whose wishes are worth amount / 1000."""
    return Need(wishes=tuple(Wish(name, LINE, weight) for name, weight in zip(NAMES, weights, strict=False)))


def test_ranks_that_the_unknown_leaves_open() -> None:
    # Scores 90, 60, between 0 and 100, and 20: the third may be first or last, the others move by one rank.
    rows = [
        {"plot_id": 1, "area_m2": 900.0},
        {"plot_id": 2, "area_m2": 600.0},
        {"plot_id": 3},
        {"plot_id": 4, "area_m2": 200.0},
    ]
    found = assess(need_of("useful"), columns_of(rows, day=DAY), on=DAY)
    ranges = rank_ranges(found, answer_of(found).matches)
    assert ranges == {1: RankRange(1, 2), 2: RankRange(2, 3), 3: RankRange(1, 4), 4: RankRange(3, 4)}


def test_range_of_a_plot_holds_for_the_case_that_it_meets_every_must() -> None:
    rows = [{"plot_id": 1, "area_m2": 900.0, "has_fibre": True}, {"plot_id": 2, "area_m2": 950.0}]
    need = replace(need_of("useful"), musts=(Must("fibre", "is", True),))
    found = assess(need, columns_of(rows, day=DAY), on=DAY)
    assert rank_ranges(found, answer_of(found).matches) == {1: RankRange(1, 2), 2: RankRange(1, 1)}


@MANY
@given(SEEDS, SEEDS)
def test_rank_lies_in_its_range_whatever_the_unknown_turns_out_to_be(
    random_problem: Callable[..., Any], seed: int, truth: int
) -> None:
    problem = random_problem(seed, gaps=0.3)
    wishes = tuple(wish for wish in problem.need.wishes if wish.criterion != "ready_by")
    musts = tuple(must for must in problem.need.musts if must.criterion not in ("label", "ready_by"))
    assume(wishes)
    need = replace(problem.need, wishes=wishes, musts=musts)
    found = assess(need, problem.columns, on=DAY)
    ranges = rank_ranges(found, answer_of(found).matches)
    other = {row["plot_id"]: row for row in random_problem(truth, plots=1, gaps=0).rows}[1]
    rows = [
        {name: other[name] if value is None else value for name, value in row.items()} for row in problem.rows
    ]
    rows = [settled(row) for row in rows]
    known = assess(need, columns_of(rows, day=DAY), on=DAY)
    for plot_id, rank in zip(known.ranks.plot_id.tolist(), known.ranks.rank.tolist(), strict=True):
        assert ranges[plot_id].best <= rank <= ranges[plot_id].worst


def settled(row: dict[str, Any]) -> dict[str, Any]:
    """A row whose price has one value and whose power is firm or not."""
    power = [(since, mw, True if firm is None else firm) for since, mw, firm in row["power"]]
    return {
        **row,
        "power": power,
        "price_max_sek_per_m2": row["price_max_sek_per_m2"] and row["price_sek_per_m2"],
    }


def test_dominator_is_at_least_as_good_on_everything_and_better_on_something() -> None:
    rows = [
        {"plot_id": 1, "area_m2": 900.0, "motorway_m": 500.0},
        {"plot_id": 2, "area_m2": 900.0, "motorway_m": 400.0},
        {"plot_id": 3, "area_m2": 950.0, "motorway_m": 100.0},
        {"plot_id": 4, "area_m2": 900.0},
    ]
    found = assess(need_of("useful", "useful"), columns_of(rows, day=DAY), on=DAY)
    told = dominated(answer_of(found).matches)
    assert {plot_id: [(d.plot_id, d.better_on) for d in one.by] for plot_id, one in told.items()} == {
        2: [(1, ("motorway_m",))]
    }


def test_plot_that_only_may_be_as_good_on_a_must_does_not_dominate() -> None:
    rows = [{"plot_id": 1, "area_m2": 900.0}, {"plot_id": 2, "area_m2": 800.0}]
    need = replace(need_of("useful"), musts=(Must("fibre", "is", True),))
    found = assess(need, columns_of(rows, day=DAY), on=DAY)
    assert dominated(answer_of(found).matches) == {}


def counted_dominators(worth: np.ndarray) -> np.ndarray:
    """How many rows dominate each row, as scikit-criteria counts it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import skcriteria as skc
    return skc.mkdm(worth, [max] * worth.shape[1]).dominance.dominance(strict=False).to_numpy().sum(axis=0)


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.integers(1, 12))
def test_dominated_are_those_that_scikit_criteria_finds_also_where_few_are_shown(
    seed: int, limit: int
) -> None:
    rng = np.random.default_rng(seed)
    worth = rng.integers(0, 4, (int(rng.integers(2, 9)), 3)) * 250.0
    rows = [{"plot_id": n, **dict(zip(NAMES, row, strict=False))} for n, row in enumerate(worth.tolist())]
    found = assess(replace(need_of(*(["useful"] * 3)), limit=limit), columns_of(rows, day=DAY), on=DAY)
    shown = answer_of(found).matches
    told = {plot_id: one.count for plot_id, one in dominated(shown).items()}
    counts = counted_dominators(worth)
    assert told == {one.plot_id: counts[one.plot_id] for one in shown if counts[one.plot_id]}


def test_plot_in_the_hollow_between_two_others_is_never_first_though_neither_dominates_it() -> None:
    worths = Worths(*(np.array([[1.0, 0.0], [0.0, 1.0], [0.4, 0.4]]),) * 2)
    need = need_of(1.0, 1.0)
    assert lead(need, worths, np.array([0, 1]), 2) == pytest.approx(-0.1)
    assert is_never_first(need, worths, np.array([0, 1]), 2)
    assert not is_never_first(need, worths, np.array([1, 2]), 0)


def test_order_of_words_rules_out_what_other_weights_would_allow() -> None:
    worths = Worths(*(np.array([[0.8, 0.2], [0.5, 0.45]]),) * 2)
    assert is_never_first(need_of("decisive", "nice"), worths, np.array([0]), 1)
    assert not is_never_first(need_of(8.0, 1.0), worths, np.array([0]), 1)
    assert not is_never_first(need_of("nice", "nice"), worths, np.array([0]), 1)


@MANY
@given(SEEDS)
def test_two_wishes_settle_by_their_crossings_who_can_be_first(seed: int) -> None:
    # With two wishes the lead over each rival is linear in one weight, so its ends and crossings decide.
    rng = np.random.default_rng(seed)
    worth = rng.random((6, 2))
    is_ordered = bool(rng.random() < 0.5)
    need = need_of(*(("important", "nice") if is_ordered else (1.0, 1.0)))
    lowest = 0.5 if is_ordered else 0.0
    gaps = worth[0] - worth[1:]
    crossings = [
        (g[1] - h[1]) / (h[0] - h[1] - g[0] + g[1]) for g in gaps for h in gaps if not np.array_equal(g, h)
    ]
    tried = np.array([lowest, 1.0, *(t for t in crossings if lowest < t < 1)])
    expected = max(min(float(t * g[0] + (1 - t) * g[1]) for g in gaps) for t in tried)
    found = lead(need, Worths(worth, worth), np.arange(1, 6), 0)
    assert found == pytest.approx(expected, abs=1e-7)


@MANY
@given(SEEDS)
def test_rival_that_is_ahead_under_all_weights_is_so_under_drawn_ones_and_in_the_programme(seed: int) -> None:
    rng = np.random.default_rng(seed)
    need = need_of(*rng.choice(["decisive", "important", "nice"], 4))
    worth = rng.random((2, 4)) + np.array([[0.3], [0.0]])
    gap = worth[:1] - worth[1]
    weights = draw_weights(need, 200, rng)
    is_behind = always_behind(need, gap)
    assert is_behind == (lead(need, Worths(worth, worth), np.array([0]), 1) < -1e-9)
    if is_behind:
        assert np.all(weights @ gap[0] > 0)


@settings(max_examples=300, deadline=None)
@given(SEEDS)
def test_plot_that_is_said_never_to_be_first_is_first_under_no_drawn_weights_and_values(
    random_problem: Callable[..., Any], seed: int
) -> None:
    found = random_problem(seed, plots=7, musts=1, gaps=0.1).found
    rng = np.random.default_rng(seed)
    worths = open_worths(found)
    few = contenders(found, worths, draw_weights(found.need, 3, rng), rng=rng, shown=10)
    beaten = dominated(answer_of(found).matches)
    told = first_under_some_weights(found, few, robustness(found, few), beaten)
    many = contenders(found, worths, draw_weights(found.need, 150, rng), rng=rng, shown=10)
    shares = robustness(found, many)
    for plot in shares.plots if shares else ():
        if told.get(plot.plot_id) is False:
            assert plot.first == 0


@MANY
@given(SEEDS)
def test_dominators_of_one_plot_are_those_that_comparing_all_matches_finds(
    random_problem: Callable[..., Any], seed: int
) -> None:
    problem = random_problem(seed, plots=14, gaps=0.1)
    told = dominated(answer_of(problem.found).matches)
    for place, row in enumerate(problem.rows):
        assert dominators(problem.found, place) == told.get(row["plot_id"])
