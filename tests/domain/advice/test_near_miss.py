"""What a plot that fails would need, on either side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landbank.domain.advice.near_miss import NearMiss, near_misses
from landbank.domain.columns import columns_of
from landbank.domain.criteria import CRITERIA
from landbank.domain.match import answer_of, assess, match_one
from landbank.domain.need import Must, Need
from landbank.domain.parties import Party

DAY = date(2026, 11, 23)
MANY = settings(max_examples=300, deadline=None)


def of(musts: tuple[Must, ...], facts: dict[str, Any], need_date: date = DAY) -> NearMiss:
    """What one plot would need."""
    found = assess(Need(musts, date=need_date), columns_of([{"plot_id": 7, **facts}], day=DAY), on=DAY)
    return near_misses(found, answer_of(found).matches)[7]


def test_power_that_comes_later_is_told_with_its_day_and_who_could_bring_it_forward() -> None:
    steps = [(None, 2.0, True), (date(2029, 1, 1), 10.0, True)]
    (change,) = of((Must("power_mw", ">=", 10),), {"power": steps}, date(2028, 1, 1)).changes
    assert change.need is not None
    assert (change.need.relaxed, change.need.size) == (Must("power_mw", ">=", 2), 8)
    assert change.supply is not None
    assert (change.supply.held.value, change.supply.by, change.supply.on) == (
        2.0,
        (Party.GRID_OWNER,),
        date(2029, 1, 1),
    )


def test_step_that_is_not_enough_or_not_firm_is_no_day_from_which_the_must_is_met() -> None:
    steps = [(None, 2.0, True), (date(2029, 1, 1), 8.0, True), (date(2030, 1, 1), 12.0, False)]
    (change,) = of((Must("power_mw", ">=", 10),), {"power": steps}).changes
    assert change.supply is not None
    assert change.supply.on is None


def test_plan_is_not_the_companys_to_relax() -> None:
    found = of((Must("planning_state", "any_of", ("laga_kraft",)),), {"planning_state": "samrad"})
    (change,) = found.changes
    assert change.need is None
    assert change.supply is not None
    assert change.supply.by == (Party.PLAN_AUTHORITY,)
    assert (found.by_need, found.by_supply) == (False, True)


def test_distance_is_nobodys_to_change() -> None:
    found = of((Must("port_m", "<=", 5_000),), {"port_m": 7_000.0})
    assert found.changes[0].supply is None
    assert (found.by_need, found.by_supply) == (True, False)


def test_reserved_plot_is_told_with_the_end_of_its_reservation() -> None:
    facts = {
        "availability": "reserverad",
        "availability_until": date(2027, 5, 1),
        "planning_state": "laga_kraft",
    }
    (change,) = of((Must("label", "any_of", ("ledig_nu",)),), facts).changes
    assert change.supply is not None
    assert (change.supply.held.value, change.supply.on) == ("reserverad", date(2027, 5, 1))


def test_day_that_has_passed_is_no_day_to_expect() -> None:
    facts = {"availability": "kommande", "available_on": date(2026, 5, 1), "planning_state": "laga_kraft"}
    (change,) = of((Must("label", "any_of", ("ledig_nu",)),), facts).changes
    assert change.supply is not None
    assert change.supply.on is None


def test_plot_that_is_ready_too_late_is_told_with_its_day() -> None:
    facts = {"availability": "ledig", "readiness": "byggklar", "available_on": date(2027, 6, 1)}
    (change,) = of((Must("ready_by", "<=", date(2027, 1, 1)),), facts, date(2026, 12, 1)).changes
    assert change.need is not None
    assert change.need.relaxed == Must("ready_by", "<=", date(2027, 6, 1))
    assert change.supply is not None
    assert change.supply.on == date(2027, 6, 1)


@pytest.mark.parametrize("must", [Must("label", "none_of", ("sald",)), Must("ready_by", "<=", 30)])
def test_sold_plot_is_not_to_be_had_on_either_side(must: Must) -> None:
    (change,) = of((must,), {"availability": "sald"}).changes
    assert (change.need, change.supply) == (None, None)


def test_every_criterion_names_who_knows_it() -> None:
    assert all(isinstance(one.known_by, Party) for one in CRITERIA.values())
    unmovable = {name for name, one in CRITERIA.items() if not one.changed_by}
    assert unmovable == {
        *("motorway_m", "rail_m", "port_m", "airport_m", "municipality", "dwelling_distance_m"),
        *("motorway_min", "rail_min", "port_min", "airport_min", "place_km"),
        *("slope_percent", "ground_kind", "flood_class", "owner_kind"),
    }


@MANY
@given(st.integers(0, 2**32 - 1))
def test_all_changes_of_the_need_together_bring_the_plot_in_and_none_can_be_left_out(
    random_problem: Callable[..., Any], seed: int
) -> None:
    problem = random_problem(seed, musts=5, wishes=0)
    found = problem.found
    for plot_id, near in near_misses(found, answer_of(found).matches).items():
        assert near.changes
        if not near.by_need:
            continue
        changed = {change.must: change.need.relaxed for change in near.changes if change.need}
        assert tier(problem, plot_id, changed) != "C"
        for kept in changed:
            assert tier(problem, plot_id, {must: to for must, to in changed.items() if must != kept}) == "C"


def tier(problem: Any, plot_id: int, changed: dict[Must, Must | None]) -> str:
    """A plot's tier with some musts replaced, or dropped where they are None."""
    musts = (changed.get(must, must) for must in problem.need.musts)
    need = replace(problem.need, musts=tuple(must for must in musts if must is not None))
    return str(match_one(need, problem.columns, plot_id, on=DAY).tier)
