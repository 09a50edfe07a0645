"""What would make a plot first: exact by recomputing, nearest by dense search, cheapest pair by a grid."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landbank.domain.advice.counterfactual import Counterfactual, Goal, counterfactuals
from landbank.domain.advice.differences import differences
from landbank.domain.advice.inverse import Limits, nearest_worth, spans_worth
from landbank.domain.advice.moves import Move
from landbank.domain.columns import columns_of
from landbank.domain.explain import Match
from landbank.domain.match import answer_of, assess, match_one
from landbank.domain.need import Must, Need, Wish
from landbank.domain.value import value_at

DAY = date(2026, 11, 23)
MANY = settings(max_examples=300, deadline=None)
SEEDS = st.integers(0, 2**32 - 1)
ANYWHERE = Limits()
PRICE = Wish("price_sek_per_m2", ((200, 1), (1_200, 0)), "important")
POWER = Wish("power_mw", ((0, 0), (10, 1)), "important")
HUMP = ((0.0, 0.2), (10.0, 1.0), (20.0, 0.0), (30.0, 0.8))


def of(need: Need, *plots: dict[str, Any], **asked: Any) -> dict[int, tuple[Counterfactual, ...]]:
    """The counterfactuals over plots numbered from 1."""
    found = assess(
        need, columns_of([{"plot_id": n, **facts} for n, facts in enumerate(plots, 1)], day=DAY), on=DAY
    )
    return counterfactuals(found, answer_of(found).matches, **asked)


def told(changes: tuple[Counterfactual, ...]) -> list[tuple[str, list[tuple[str, Any]]]]:
    """Goals with what becomes of each criterion."""
    return [
        (
            str(one.goal),
            [(m.criterion, round(m.to, 6) if isinstance(m.to, float) else m.to) for m in one.moves],
        )
        for one in changes
    ]


@pytest.mark.parametrize(
    ("v", "held", "limits", "nearest"),
    [
        (0.6, 0.0, ANYWHERE, 5.0),
        (0.6, 18.0, ANYWHERE, 14.0),
        (0.6, 25.0, ANYWHERE, 27.5),
        (0.6, 12.0, ANYWHERE, 12.0),
        (0.6, 0.0, Limits(15.0, 40.0), 27.5),
        (1.0, 0.0, ANYWHERE, 10.0),
        (0.9, 25.0, Limits(20.0, 40.0), None),
        (0.8, 25.0, ANYWHERE, 30.0),
        (0.2, -5.0, ANYWHERE, -5.0),
    ],
)
def test_curve_read_backwards_gives_the_nearest_amount(
    v: float, held: float, limits: Limits, nearest: float | None
) -> None:
    assert nearest_worth(HUMP, v, held, limits) == (None if nearest is None else pytest.approx(nearest))


@MANY
@given(SEEDS)
def test_spans_are_where_the_curve_is_worth_so_much(seed: int) -> None:
    rng = np.random.default_rng(seed)
    curve = tuple(
        zip(
            np.cumsum(rng.integers(1, 5, 4)).astype(float).tolist(),
            rng.random(4).round(1).tolist(),
            strict=True,
        )
    )
    v = round(float(rng.random()), 1)
    spans = spans_worth(curve, v)
    for amount in np.linspace(-2, 22, 481):
        inside = any(low <= amount <= high for low, high in spans)
        worth = float(value_at(np.array([amount]), curve)[0])
        if abs(worth - v) > 1e-9:
            assert inside == (worth > v)


def test_price_power_or_a_day_that_would_make_a_plot_first() -> None:
    # Plot 1: v 0.5 and 0.5, 50 points; plot 2: v 0.2 and 0.4, 30 points. Alone 0.4 of v more: 600 kr or 8 MW.
    need = Need(wishes=(PRICE, POWER))
    changes = of(
        need,
        {"price_sek_per_m2": 700.0, "power": [(None, 5.0, True)]},
        {"price_sek_per_m2": 1_000.0, "power": [(None, 4.0, True)]},
    )
    assert told(changes[2]) == [
        ("first", [("price_sek_per_m2", 600.0)]),
        ("first", [("power_mw", 8.0)]),
    ]
    assert [one.moves[0].size for one in changes[2]] == [pytest.approx(-400), pytest.approx(4)]
    assert 1 not in changes


def test_where_none_alone_is_enough_the_cheapest_pair_is_told_by_the_costs_given() -> None:
    # 100 points against 20: each alone gives at most 40, both together 80.
    need = Need(wishes=(replace(PRICE, weight=1.0), replace(POWER, weight=1.0)))
    plots = (
        {"price_sek_per_m2": 300.0, "power": [(None, 9.0, True)]},
        {"price_sek_per_m2": 1_000.0, "power": [(None, 2.0, True)]},
    )
    cheap_power = of(need, *plots, costs={"price_sek_per_m2": 1.0, "power_mw": 10.0})[2]
    cheap_price = of(need, *plots, costs={"price_sek_per_m2": 1.0, "power_mw": 1_000.0})[2]
    # v 0.2 + 0.2 must become 1.8 together: power in full (8 MW) and the price to 0.8, or the other way round.
    assert told(cheap_power) == [("first", [("price_sek_per_m2", 400.0), ("power_mw", 10.0)])]
    assert told(cheap_price) == [("first", [("price_sek_per_m2", 200.0), ("power_mw", 8.0)])]
    assert cheap_power[0].cost == pytest.approx(600 + 80)


def test_plot_that_fails_one_must_is_told_its_threshold_and_one_that_fails_more_nothing() -> None:
    need = Need((Must("power_mw", ">=", 5), Must("price_sek_per_m2", "<=", 800)))
    changes = of(
        need,
        {"power": [(None, 3.0, True)], "price_sek_per_m2": 700.0},
        {"power": [(None, 3.0, True)]},
        {"power": [(None, 3.0, True)], "price_sek_per_m2": 900.0},
        {"power": [(None, 6.0, True)], "price_sek_per_m2": 900.0},
    )
    assert told(changes[1]) == [("tier_a", [("power_mw", 5.0)])]
    assert told(changes[2]) == [("tier_b", [("power_mw", 5.0)])]
    assert told(changes[3]) == []
    assert told(changes[4]) == [("tier_a", [("price_sek_per_m2", 800.0)])]


def test_codes_and_claims_can_be_changed_too_but_not_what_is_sold_or_where_it_lies() -> None:
    plan = Need((Must("planning_state", "any_of", ("laga_kraft",)),))
    assert told(of(plan, {"planning_state": "samrad"})[1]) == [("tier_a", [("planning_state", "laga_kraft")])]
    assert told(of(Need((Must("fibre", "is", True),)), {"has_fibre": False})[1]) == [
        ("tier_a", [("fibre", True)])
    ]
    assert of(Need((Must("label", "none_of", ("sald",)),)), {"availability": "sald"})[1] == ()
    assert of(Need((Must("port_m", "<=", 1),)), {"port_m": 9.0})[1] == ()
    assert of(Need((Must("use", "none_of", ("K",)),)), {"use": ["K"]})[1] == ()


def test_wish_is_reached_within_the_musts_on_the_same_criterion() -> None:
    need = Need(
        (Must("area_m2", "<=", 6_000),),
        (Wish("area_m2", ((0, 0), (10_000, 1), (12_000, 0.5)), 1.0), replace(PRICE, weight=1.0)),
    )
    plots = ({"area_m2": 6_000.0, "price_sek_per_m2": 200.0}, {"area_m2": 2_000.0, "price_sek_per_m2": 500.0})
    # 0.8 is wanted: area would have to be 9 000 m², which the must forbids; the price must make up the difference.
    assert told(of(need, *plots)[2]) == [("first", [("area_m2", 6_000.0), ("price_sek_per_m2", 200.0)])]


def test_no_plot_can_be_ready_before_the_day_of_the_asking() -> None:
    ready = Wish("ready_by", ((-400, 1), (0, 0.5), (400, 0)), 1.0)
    need = Need(wishes=(ready, replace(PRICE, weight=1.0)), date=date(2026, 12, 3))
    plots = (
        {"availability": "ledig", "readiness": "byggklar", "price_sek_per_m2": 200.0},
        {
            "availability": "ledig",
            "readiness": "byggklar",
            "available_on": date(2027, 6, 1),
            "price_sek_per_m2": 210.0,
        },
    )
    # v of readiness would have to be 0.5225, nine days before the day of the asking; ready on that day is not enough.
    assert told(of(need, *plots)[2]) == [("first", [("ready_by", -10.0), ("price_sek_per_m2", 200.0)])]


def moved(row: dict[str, Any], move: Move, day: date) -> dict[str, Any]:
    """The plot's row with the move made."""
    column = {"fibre": "has_fibre", "tenure": "tenures", "power_mw": "power"}.get(
        move.criterion, move.criterion
    )
    value: Any = {
        "power": [(None, move.to, True)],
        "tenures": [*(row["tenures"] or ()), move.to],
        "use": [*(row["use"] or ()), move.to],
    }.get(column, move.to)
    return {**row, column: value} | ({"price_max_sek_per_m2": None} if column == "price_sek_per_m2" else {})


@MANY
@given(SEEDS)
def test_recomputed_score_reaches_the_first_ones(random_problem: Callable[..., Any], seed: int) -> None:
    problem = random_problem(seed, plots=6, wishes=5, musts=1, gaps=0.05)
    found = problem.found
    matches = answer_of(found).matches
    rows = {row["plot_id"]: row for row in problem.rows}
    for plot_id, changes in counterfactuals(found, matches).items():
        for change in changes:
            if any(move.criterion in ("ready_by", "label", "restrictions") for move in change.moves):
                continue
            row = rows[plot_id]
            for move in change.moves:
                row = moved(row, move, DAY)
            columns = columns_of(
                [{**other, **(row if other["plot_id"] == plot_id else {})} for other in problem.rows], day=DAY
            )
            again = assess(found.need, columns, on=DAY, priors=found.priors)
            place = plot_id - 1
            if change.goal is Goal.FIRST:
                reached = again.scores.point[place] - (matches[0].score or 0)
                assert reached >= -1e-6
                if all(move.size is not None for move in change.moves):
                    assert reached == pytest.approx(0, abs=1e-6) or len(change.moves) == 2
            else:
                assert again.tiers[place] == {Goal.TIER_A: 0, Goal.TIER_B: 1}[change.goal]


@MANY
@given(SEEDS)
def test_no_nearer_amount_is_enough(random_problem: Callable[..., Any], seed: int) -> None:
    found = random_problem(seed, plots=6, wishes=4, musts=0, gaps=0.05).found
    matches = answer_of(found).matches
    for plot_id, changes in counterfactuals(found, matches).items():
        match = next(one for one in matches if one.plot_id == plot_id)
        for change in changes:
            move = change.moves[0]
            if len(change.moves) == 1 and move.size is not None and abs(move.size) > 1e-6:
                part = next(part for part in match.contributions if part.wish.criterion == move.criterion)
                between = np.linspace(float(move.held.value), float(move.to), 50)[:-1]
                worth = value_at(between, tuple((float(x), v) for x, v in part.wish.points))
                gained = 100 * part.share * worth - part.points
                assert np.all(gained < (matches[0].score or 0) - (match.score or 0) + 1e-9)


@MANY
@given(SEEDS)
def test_no_pair_on_a_grid_is_cheaper(seed: int) -> None:
    rng = np.random.default_rng(seed)
    price = tuple(zip((0.0, 300.0, 700.0, 1_200.0), [*sorted(rng.random(3), reverse=True), 0.0], strict=True))
    power = tuple(zip((0.0, 3.0, 6.0, 10.0), [0.0, *sorted(rng.random(3))], strict=True))
    need = Need(
        wishes=(Wish("price_sek_per_m2", price, 1.0), Wish("power_mw", power, float(rng.uniform(0.5, 2))))
    )
    costs = {"price_sek_per_m2": 1.0, "power_mw": float(rng.uniform(20, 500))}
    rows = [
        {"plot_id": 1, "price_sek_per_m2": 50.0, "power": [(None, 9.0, True)]},
        {"plot_id": 2, "price_sek_per_m2": 1_100.0, "power": [(None, 0.5, True)]},
    ]
    found = assess(need, columns_of(rows, day=DAY), on=DAY)
    (change,) = counterfactuals(found, answer_of(found).matches, costs=costs).get(2) or (None,)
    if change is None or len(change.moves) == 1:
        return
    prices, powers = np.meshgrid(np.linspace(0, 1_100, 111), np.linspace(0.5, 10, 96))
    share = need.wishes[1].units / (1 + need.wishes[1].units)
    worth = (1 - share) * value_at(prices, price) + share * value_at(powers, power)
    enough = 100 * worth >= found.scores.point[0] - 1e-9
    cost = np.abs(prices - 1_100) + costs["power_mw"] * np.abs(powers - 0.5)
    assert change.cost <= cost[enough].min() + 1e-6


@MANY
@given(SEEDS)
def test_differences_to_any_plot_add_up_exactly_and_as_displayed(
    random_problem: Callable[..., Any], seed: int
) -> None:
    found = random_problem(seed).found
    matches = answer_of(found).matches
    for one in matches:
        for other in matches[:3]:
            between = differences(one, other)
            assert between is not None
            assert sum(part.points for part in between.parts) == pytest.approx(between.points, abs=1e-9)
            assert sum(part.shown_tenths for part in between.parts) == between.shown_tenths
            assert between.shown_tenths == tenths(one) - tenths(other)


def tenths(match: Match) -> int:
    """The displayed score in tenths, halves upward."""
    return int(np.floor((match.score or 0) * 10 + 0.5 + 1e-9))


def test_without_wishes_there_are_no_points_to_differ_in() -> None:
    found = match_one(Need(), columns_of([{"plot_id": 1}], day=DAY), 1, on=DAY)
    assert differences(found, found) is None
