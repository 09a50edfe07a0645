"""What to relax: by hand, and against every subset of up to eight musts left out in turn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from landbank.domain.advice.masks import violations
from landbank.domain.advice.relax import Relaxations, relaxations
from landbank.domain.columns import columns_of
from landbank.domain.criteria import CRITERIA
from landbank.domain.effects import Count
from landbank.domain.match import Assessment, assess
from landbank.domain.need import Must, Need

DAY = date(2026, 11, 23)
MANY = settings(max_examples=300, deadline=None)
SEEDS = st.integers(0, 2**32 - 1)


def relaxed(found: Assessment) -> Relaxations:
    """The relaxations of an assessment."""
    return relaxations(found, violations(found.verdicts, len(found.columns)))


def of(musts: tuple[Must, ...], *plots: dict[str, Any], need_date: date = DAY) -> Relaxations:
    """The relaxations of musts over plots numbered from 1."""
    columns = columns_of([{"plot_id": n, **facts} for n, facts in enumerate(plots, 1)], day=DAY)
    return relaxed(assess(Need(musts, date=need_date), columns, on=DAY))


def test_steps_of_one_must_are_the_order_statistics_of_what_plots_hold() -> None:
    # 4,6 ha lets 1 plot in, 4,2 ha 3 plots, 4,0 ha 10.
    areas = [46_000, 44_000, 42_000, 41_500, 41_000, 40_900, 40_800, 40_700, 40_600, 40_000, 12_000]
    found = of((Must("area_m2", ">=", 50_000),), *({"area_m2": area} for area in areas))
    (one,) = found.sets
    assert [(rung.must.threshold, rung.gain) for rung in one.rungs] == [
        (46_000, 1),
        (42_000, 3),
        (40_000, 10),
    ]
    assert (one.plot_id, one.gain, one.if_dropped) == (1, 1, Count(11, 0))
    assert (one.steps[0].size, one.steps[0].relative) == (4_000, pytest.approx(0.08))


def test_minimal_sets_come_with_fewest_musts_first_and_then_by_the_smallest_step() -> None:
    musts = (Must("area_m2", ">=", 10_000), Must("power_mw", ">=", 10), Must("price_sek_per_m2", "<=", 500))
    found = of(
        musts,
        {
            "area_m2": 9_000,
            "power": [(None, 20.0, True)],
            "price_sek_per_m2": 1_000,
        },  # area 10 %, price 100 %
        {"area_m2": 20_000, "power": [(None, 5.0, True)], "price_sek_per_m2": 400},  # power 50 %
        {
            "area_m2": 20_000,
            "power": [(None, 4.0, True)],
            "price_sek_per_m2": 900,
        },  # holds power: not minimal
    )
    assert [tuple(step.must.criterion for step in one.steps) for one in found.sets] == [
        ("power_mw",),
        ("area_m2", "price_sek_per_m2"),
    ]
    assert found.sets[1].then == Count(1, 0)
    assert [step.relaxed.threshold for step in found.sets[1].steps if step.relaxed] == [9_000, 1_000]


def test_unknown_makes_a_gain_possible_but_not_certain() -> None:
    musts = (Must("area_m2", ">=", 10_000), Must("fibre", "is", True))
    found = of(musts, {"area_m2": 9_000}, {"area_m2": 8_000, "has_fibre": True})
    assert [(rung.must.threshold, rung.then) for rung in found.sets[0].rungs] == [(9_000, Count(0, 1))]
    assert found.sets[0].if_dropped == Count(1, 1)


def test_bounded_value_counts_by_its_best_and_is_certain_only_by_its_worst() -> None:
    price = {"price_sek_per_m2": 600.0, "price_max_sek_per_m2": 900.0}
    (one,) = of((Must("price_sek_per_m2", "<=", 500),), price).sets
    assert (one.steps[0].relaxed, one.then) == (Must("price_sek_per_m2", "<=", 600), Count(0, 1))


def test_legal_must_is_never_relaxed_but_named() -> None:
    musts = (Must("use", "any_of", ("J",)), Must("area_m2", ">=", 10_000))
    found = of(musts, {"use": ["K"], "area_m2": 20_000}, {"use": ["J"], "area_m2": 5_000})
    assert [one.steps[0].must.criterion for one in found.sets] == ["area_m2"]
    assert [(closed.musts, closed.plots) for closed in found.legal] == [((musts[0],), 1)]


def test_sold_plots_are_not_what_a_relaxation_offers() -> None:
    musts = (Must("label", "none_of", ("sald",)), Must("area_m2", ">=", 10_000))
    found = of(musts, {"area_m2": 20_000, "availability": "sald"}, {"area_m2": 9_000, "availability": "sald"})
    assert (found.sets, found.count, found.not_to_be_had) == ((), 0, 2)


def test_letting_go_of_a_must_on_the_status_still_counts_no_sold_plot() -> None:
    musts = (Must("label", "any_of", ("ledig_nu",)),)
    plan = {"planning_state": "laga_kraft"}
    found = of(
        musts,
        {"availability": "ledig", **plan},
        {"availability": "kommande", **plan},
        {"availability": "sald", **plan},
    )
    # Without the must there are the two that are not sold; the first is free but not known to be ready to build on.
    assert [(one.then, one.if_dropped) for one in found.sets] == [(Count(1, 0), Count(2, 0))]
    assert found.not_to_be_had == 1


def test_accepting_one_more_code_is_a_step_and_the_code_that_gains_most_comes_first() -> None:
    musts = (Must("municipality", "any_of", ("1480",)),)
    found = of(musts, {"municipality": "1401"}, {"municipality": "1441"}, {"municipality": "1441"})
    assert [(rung.must.threshold, rung.gain) for rung in found.sets[0].rungs] == [
        (("1441", "1480"), 2),
        (("1401", "1480"), 1),
    ]


def test_date_is_relaxed_to_a_date() -> None:
    plot = {"availability": "ledig", "readiness": "byggklar", "available_on": date(2027, 3, 1)}
    (one,) = of((Must("ready_by", "<=", date(2027, 1, 1)),), plot, need_date=date(2026, 12, 1)).sets
    assert one.steps[0].relaxed == Must("ready_by", "<=", date(2027, 3, 1))
    assert one.steps[0].size == 59


def test_range_is_relaxed_on_the_side_where_the_plot_lies() -> None:
    musts = (Must("area_m2", "between", (10_000, 20_000)),)
    found = of(musts, {"area_m2": 21_000}, {"area_m2": 5_000})
    assert [rung.must.threshold for rung in found.sets[0].rungs] == [(10_000, 21_000)]


def test_claim_has_no_step_but_letting_go_of_it() -> None:
    (one,) = of((Must("fibre", "is", True),), {"has_fibre": False}).sets
    assert (one.steps[0].relaxed, one.steps[0].size, one.rungs, one.then) == (None, None, (), Count(1, 0))


def test_plots_that_are_found_already_need_no_relaxation_and_more_can_be_gained() -> None:
    found = of((Must("area_m2", ">=", 10_000),), {"area_m2": 12_000}, {"area_m2": 9_000})
    assert (found.sets[0].gain, found.sets[0].then) == (1, Count(2, 0))


def test_no_musts_and_no_plots_have_nothing_to_relax() -> None:
    assert of(()).count == of((), {"area_m2": 1.0}).count == of((Must("area_m2", ">=", 1),)).count == 0


@MANY
@given(SEEDS)
def test_sets_are_the_minimal_ones_whose_dropping_gains_a_plot(
    random_problem: Callable[..., Any], relaxed_counts: Callable[..., Any], seed: int
) -> None:
    problem = random_problem(seed, musts=6, wishes=0)
    found = relaxed(problem.found)
    assume(not found.not_to_be_had)
    now = sum(relaxed_counts(problem, {}))
    bits = range(len(problem.need.musts))
    gaining: list[tuple[int, ...]] = []
    for size in bits:
        for chosen in combinations(bits, size + 1):
            is_new = not any(set(less) <= set(chosen) for less in gaining)
            if is_new and sum(relaxed_counts(problem, dict.fromkeys(chosen))) > now:
                gaining.append(chosen)
    musts = problem.need.musts
    legal = {chosen for chosen in gaining if any(CRITERIA[musts[bit].criterion].is_legal for bit in chosen)}
    assert {musts_of(one.steps) for one in found.sets} == {
        tuple(musts[bit] for bit in chosen) for chosen in gaining if chosen not in legal
    }
    assert {one.musts for one in found.legal} == {tuple(musts[bit] for bit in chosen) for chosen in legal}
    assert (found.count, found.legal_count, found.is_complete) == (len(found.sets), len(legal), True)


def musts_of(steps: Any) -> tuple[Must, ...]:
    """The musts of steps."""
    return tuple(step.must for step in steps)


@MANY
@given(SEEDS)
def test_told_counts_are_those_of_matching_with_the_relaxed_musts(
    random_problem: Callable[..., Any], relaxed_counts: Callable[..., Any], seed: int
) -> None:
    problem = random_problem(seed, musts=8, wishes=0)
    found = relaxed(problem.found)
    assume(not found.not_to_be_had)
    now = sum(relaxed_counts(problem, {}))
    for one in found.sets:
        bits = [problem.need.musts.index(step.must) for step in one.steps]
        steps = {bit: step.relaxed for bit, step in zip(bits, one.steps, strict=True)}
        assert relaxed_counts(problem, steps) == (one.then.a, one.then.b)
        assert relaxed_counts(problem, dict.fromkeys(bits)) == (one.if_dropped.a, one.if_dropped.b)
        assert one.gain == one.then.a + one.then.b - now >= 1
        for rung in one.rungs:
            assert relaxed_counts(problem, {bits[0]: rung.must}) == (rung.then.a, rung.then.b)


@MANY
@given(SEEDS)
def test_step_of_an_amount_is_the_smallest_that_gains_a_plot(
    random_problem: Callable[..., Any], relaxed_counts: Callable[..., Any], seed: int
) -> None:
    problem = random_problem(seed, musts=5, wishes=0)
    now = sum(relaxed_counts(problem, {}))
    for one in relaxed(problem.found).sets:
        step = one.steps[0]
        if len(one.steps) > 1 or step.relaxed is None or not isinstance(step.relaxed.threshold, float):
            continue
        bit = problem.need.musts.index(step.must)
        a_little_less = step.relaxed.threshold + (1e-6 if step.must.op == ">=" else -1e-6)
        assert sum(relaxed_counts(problem, {bit: replace(step.must, threshold=a_little_less)})) == now


def test_forty_musts_over_many_plots_are_bounded_and_the_cut_is_told() -> None:
    rng = np.random.default_rng(1)
    musts = tuple(Must("area_m2", ">=", 1_000.0 + n) for n in range(20)) + tuple(
        Must("price_sek_per_m2", "<=", 1_000.0 - n) for n in range(20)
    )
    columns = columns_of(
        [{"plot_id": n, "area_m2": 900.0, "price_sek_per_m2": 1_100.0} for n in range(1, 3_001)], day=DAY
    )
    found = assess(Need(musts), columns, on=DAY)
    scattered = tuple(np.where(rng.random(3_000) < 0.5, -1, 1).astype(np.int8) for _ in musts)
    told = relaxed(replace(found, verdicts=scattered))
    assert (len(told.sets), told.count, told.is_complete) == (20, 2_000, False)
    sizes = [len(one.steps) for one in told.sets]
    assert sizes == sorted(sizes)
