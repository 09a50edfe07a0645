"""Why there is no result: by hand, and against every subset of up to eight musts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import combinations
from typing import Any

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from landbank.domain.advice.conflicts import Conflicts, conflicts
from landbank.domain.advice.masks import violations
from landbank.domain.columns import columns_of
from landbank.domain.match import Assessment, assess
from landbank.domain.need import Must, Need

DAY = date(2026, 11, 23)
MANY = settings(max_examples=300, deadline=None)
SEEDS = st.integers(0, 2**32 - 1)

POWER = Must("power_mw", ">=", 10)
PORT = Must("port_m", "<=", 5_000)
BIG = Must("area_m2", ">=", 10_000)


def told(found: Assessment) -> Conflicts:
    """The conflicts of an assessment."""
    return conflicts(found, violations(found.verdicts, len(found.columns)))


def of(musts: tuple[Must, ...], *plots: dict[str, Any]) -> Conflicts:
    """The conflicts of musts over plots numbered from 1."""
    columns = columns_of([{"plot_id": n, **facts} for n, facts in enumerate(plots, 1)], day=DAY)
    return told(assess(Need(musts), columns, on=DAY))


def plot(power: float, port: float, area: float = 50_000) -> dict[str, Any]:
    """A plot with firm power, at a distance from the port."""
    return {"power": [(None, power, True)], "port_m": port, "area_m2": area}


def test_no_plot_combines_power_and_port_though_each_is_there() -> None:
    found = of((BIG, POWER, PORT), plot(12, 40_000), plot(2, 3_000), plot(15, 60_000))
    (one,) = found.sets
    assert one.musts == (POWER, PORT)
    # Plot 2 has the port and lacks the power, 1 and 3 have the power and lack the port.
    assert [(w.must, w.plot_id, w.plots) for w in one.witnesses] == [(POWER, 2, 1), (PORT, 1, 2)]
    assert (found.count, found.is_certain, found.is_complete) == (1, True, True)


def test_must_that_every_plot_fails_is_a_conflict_by_itself() -> None:
    found = of((BIG, POWER), plot(2, 1_000), plot(3, 1_000))
    assert [one.musts for one in found.sets] == [(POWER,)]


def test_several_conflicts_come_with_fewest_musts_first() -> None:
    found = of((BIG, POWER, PORT), plot(2, 3_000, area=500), plot(3, 40_000), plot(4, 3_000, area=400))
    assert [one.musts for one in found.sets] == [(POWER,), (BIG, PORT)]


def test_there_is_no_conflict_where_a_plot_meets_every_must() -> None:
    assert of((BIG, POWER), plot(12, 1_000), plot(1, 1_000)).sets == ()


def test_where_plots_may_meet_all_the_conflict_is_of_what_is_known() -> None:
    unknown = {"port_m": 3_000, "area_m2": 50_000}
    found = of((POWER, PORT), unknown, plot(12, 40_000))
    assert (found.is_certain, [one.musts for one in found.sets]) == (False, [(POWER, PORT)])


def test_empty_inventory_and_empty_need_have_no_conflicts() -> None:
    assert of((BIG,)).count == of((), plot(1, 1)).count == 0


@MANY
@given(SEEDS)
def test_conflicts_are_the_minimal_sets_that_no_plot_meets(
    random_problem: Callable[..., Any], seed: int
) -> None:
    found = random_problem(seed, musts=8, wishes=0).found
    assume(not np.any(found.tiers == 0))
    answer = told(found)
    least = 0 if answer.is_certain else 1
    verdicts = np.array(found.verdicts)
    expected: list[tuple[int, ...]] = []
    for size in range(1, len(verdicts) + 1):
        for chosen in combinations(range(len(verdicts)), size):
            is_met = np.any(np.all(verdicts[list(chosen)] >= least, axis=0))
            if not is_met and not any(set(less) <= set(chosen) for less in expected):
                expected.append(chosen)
    assert answer.count == len(expected)
    assert [one.musts for one in answer.sets] == [
        tuple(found.need.musts[bit] for bit in chosen) for chosen in expected[:20]
    ]


@MANY
@given(SEEDS)
def test_witness_of_a_must_meets_all_others_of_the_conflict(
    random_problem: Callable[..., Any], seed: int
) -> None:
    found = random_problem(seed, musts=6, wishes=0).found
    assume(not np.any(found.tiers == 0))
    answer = told(found)
    least = 0 if answer.is_certain else 1
    for one in answer.sets:
        assert [witness.must for witness in one.witnesses] == list(one.musts)
        for witness in one.witnesses:
            place = witness.plot_id - 1
            verdict = {must: found.verdicts[bit][place] for bit, must in enumerate(found.need.musts)}
            assert [must for must in one.musts if verdict[must] < least] == [witness.must]
