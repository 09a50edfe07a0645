"""What an owner could change to suit more companies, told of at least five needs together."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landbank.domain.advice.owner_view import OwnerView, owner_view, round_down, round_up
from landbank.domain.columns import Columns, columns_of
from landbank.domain.need import Must, Need
from landbank.domain.parties import Party
from landbank.errors import Invalid, NotFound

DAY = date(2026, 11, 23)


def plot(**facts: Any) -> Columns:
    """An inventory of plot 7."""
    return columns_of([{"plot_id": 7, **facts}], day=DAY)


def view(columns: Columns, *needs: Need) -> OwnerView:
    """What the owner of plot 7 is told."""
    return owner_view(7, columns, needs, on=DAY)


def power(least: float, *others: Must) -> Need:
    """A need of so much power."""
    return Need((Must("power_mw", ">=", least), *others))


def test_five_megawatts_open_the_plot_to_nine_more_needs() -> None:
    needs = [power(n / 2) for n in range(2, 11)] + [power(42)] * 3
    told = view(plot(power=[(None, 0.5, True)]), *needs)
    assert (told.needs, told.tier_a, told.tier_b) == (12, 0, 0)
    # Needs of 1, 1.5, ..., 5 MW: 3 MW is enough for five of them, 4 for seven, 5 for nine, and 50 for all.
    assert [(one.to, one.needs) for one in told.openings] == [(50, 12), (5, 9), (4, 7), (3, 5)]
    assert {(one.criterion, one.op, one.by) for one in told.openings} == {
        ("power_mw", ">=", (Party.GRID_OWNER,))
    }


@pytest.mark.parametrize(
    ("amount", "up", "down"),
    [(4.2, 5, 4), (1, 1, 1), (0.07, 0.08, 0.06), (9, 10, 8), (12_345, 15_000, 10_000), (0, 0, 0)],
)
def test_amounts_are_told_round_so_that_no_need_is_known_by_its_own(
    amount: float, up: float, down: float
) -> None:
    assert (round_up(amount), round_down(amount)) == (pytest.approx(up), pytest.approx(down))


def test_round_amount_that_is_too_much_for_a_need_does_not_open_it() -> None:
    needs = [Need((Must("area_m2", "between", (10_200, 11_000)),))] * 5 + [
        Need((Must("area_m2", ">=", 14_000),))
    ] * 5
    assert [(one.to, one.needs) for one in view(plot(area_m2=5_000.0), *needs).openings] == [(15_000, 5)]


def test_fewer_than_five_needs_are_refused() -> None:
    with pytest.raises(Invalid, match="4 needs are too few"):
        view(plot(), *[power(1)] * 4)


def test_step_that_opens_the_plot_to_fewer_than_five_is_not_told() -> None:
    needs = [power(2), power(2), power(3), power(4), Need((Must("use", "any_of", ("J",)),))]
    assert view(plot(power=[(None, 1.0, True)], use=["J"]), *needs).openings == ()


def test_need_that_also_lacks_something_else_does_not_count() -> None:
    needs = [power(2, Must("port_m", "<=", 1_000)), *[power(2)] * 5]
    (one,) = view(plot(power=[(None, 1.0, True)], port_m=9_000.0), *needs).openings
    assert (one.to, one.needs) == (2, 5)


def test_unknown_value_is_an_opening_as_a_missing_one_is() -> None:
    told = view(plot(), *[power(3)] * 6)
    assert (told.tier_b, [(one.to, one.needs) for one in told.openings]) == (6, [(3, 6)])


def test_prices_fall_days_come_earlier_and_codes_and_claims_are_counted_each() -> None:
    cheap = [Need((Must("price_sek_per_m2", "<=", 400 + 100 * n),)) for n in range(5)]
    early = [Need((Must("ready_by", "<=", 0),), date=date(2027, 1, n)) for n in range(1, 6)]
    leased = [Need((Must("tenure", "any_of", ("tomtratt", "anlaggningsarrende")),))] * 5
    wet = [Need((Must("water", "is", True),))] * 5
    columns = plot(
        price_sek_per_m2=900.0, availability="ledig", readiness="byggklar", available_on=date(2028, 1, 1),
        tenures=["forsaljning"], has_water=False,
    )  # fmt: skip
    told = {
        (one.criterion, one.op, one.to): one.needs
        for one in view(columns, *cheap, *early, *leased, *wet).openings
    }
    assert told == {
        ("price_sek_per_m2", "<=", 400): 5,
        ("ready_by", "<=", date(2027, 1, 1)): 5,
        ("tenure", "any_of", "tomtratt"): 5,
        ("tenure", "any_of", "anlaggningsarrende"): 5,
        ("water", "is", True): 5,
    }


def test_sold_plot_has_no_openings_and_an_absent_one_is_not_found() -> None:
    needs = [Need((Must("label", "any_of", ("ledig_nu",)),))] * 5
    assert view(plot(availability="sald"), *needs).openings == ()
    with pytest.raises(NotFound, match="9"):
        owner_view(9, plot(), needs, on=DAY)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=5, max_size=12), st.integers(0, 9))
def test_told_number_of_needs_is_met_with_the_change(wanted: list[int], held: int) -> None:
    needs = [power(float(least)) for least in wanted]
    told = view(plot(power=[(None, float(held), True)]), *needs)
    assert told.tier_a == sum(least <= held for least in wanted)
    for one in told.openings:
        assert sum(least <= float(one.to) for least in wanted) == told.tier_a + one.needs
        assert one.needs >= 5
