"""The account of land by hand; its parts are the whole."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landbank.domain.codes import Availability, PlanningState, Readiness
from landbank.domain.columns import columns_of
from landbank.domain.waterfall import Amount, Part, Step, waterfall, waterfalls

DAY = date(2026, 11, 24)
FREE = {"availability": "ledig", "planning_state": "laga_kraft", "readiness": "byggklar"}


def plot(plot_id: int, **changes: Any) -> dict[str, Any]:
    """A plot of one hectare that is free now, saleable in full, with changes."""
    return {"plot_id": plot_id, **FREE, "area_m2": 10_000.0, "net_area_m2": 10_000.0, **changes}


def test_every_plot_has_its_part() -> None:
    plots = [
        plot(1, net_area_m2=8_000.0),
        plot(2, availability="sald"),
        plot(3, availability="reserverad", availability_until=DAY),
        plot(4, availability="ej_till_salu"),
        plot(5, is_blocked=True),
        plot(6, availability=None),
        plot(7, planning_state="samrad"),
        plot(8, readiness=None),
        plot(9, readiness="ramark", net_area_m2=None),
        plot(10, availability="kommande", readiness=None, planning_state=None),
        plot(11, readiness=None, ready_on=date(2027, 5, 1)),
        plot(12, area_m2=None, net_area_m2=None),
        plot(13, net_area_m2=12_000.0),
    ]

    told = waterfall(columns_of(plots, day=DAY))

    assert dict(told.parts) == {
        Part.UNSALEABLE: Amount(2_000.0, 0.0, 1),
        Part.SOLD: Amount(10_000.0, 0.0, 1),
        Part.RESERVED: Amount(10_000.0, 0.0, 1),
        Part.NOT_FOR_SALE: Amount(10_000.0, 0.0, 1),
        Part.BLOCKED: Amount(10_000.0, 0.0, 1),
        Part.UNKNOWN_SALE: Amount(10_000.0, 0.0, 1),
        Part.COMING: Amount(20_000.0, 0.0, 2),
        Part.UNKNOWN_GROUND: Amount(10_000.0, 0.0, 1),
        Part.LATER: Amount(10_000.0, 10_000.0, 2),
        Part.READY_NOW: Amount(18_000.0, 0.0, 3, 1),
    }
    assert told.step(Step.GROSS) == Amount(110_000.0, 10_000.0, 13, 1)
    assert told.step(Step.NET).area_m2 == 118_000.0
    assert told.step(Step.USABLE) == Amount(58_000.0, 10_000.0, 8, 1)
    assert told.step(Step.READY_NOW).area_m2 == 18_000.0


def test_choice_takes_only_the_chosen() -> None:
    columns = columns_of([plot(1), plot(2, availability="sald"), plot(3)], day=DAY)

    told = waterfall(columns, np.array([True, True, False]))

    assert told.step(Step.GROSS).plots == 2
    assert told.step(Step.READY_NOW) == Amount(10_000.0, 0.0, 1)


def maybe(values: Any) -> Any:
    """One of the values, or unknown."""
    return st.none() | st.sampled_from([str(value) for value in values])


PLOTS = st.lists(
    st.fixed_dictionaries(
        {
            "availability": maybe(Availability),
            "planning_state": maybe(PlanningState),
            "readiness": maybe(Readiness),
            "is_blocked": st.booleans(),
            "area_m2": st.none() | st.floats(1, 1e6),
            "net_area_m2": st.none() | st.floats(0, 1e6),
            "ready_on": st.sampled_from([None, date(2026, 1, 1), date(2027, 1, 1)]),
        }
    ),
    max_size=12,
)


@settings(max_examples=80, deadline=None)
@given(plots=PLOTS)
def test_parts_are_the_whole_and_each_step_is_within_the_one_before(plots: list[dict[str, Any]]) -> None:
    columns = columns_of([{"plot_id": place, **one} for place, one in enumerate(plots, 1)], day=DAY)

    told = waterfall(columns)

    gross = sum(one["area_m2"] or 0.0 for one in plots)
    assert round(sum(amount.area_m2 for amount in told.parts.values()), 1) == told.step(Step.GROSS).area_m2
    assert told.step(Step.GROSS).area_m2 == pytest.approx(gross, abs=0.06 * max(len(plots), 1))
    assert told.step(Step.GROSS).plots == len(plots)
    assert told.step(Step.GROSS).unmeasured == sum(one["area_m2"] is None for one in plots)
    areas = [told.step(step).area_m2 for step in Step]
    assert all(less <= more + 1e-6 for more, less in pairwise(areas))


def test_accounts_of_groups_are_those_of_their_plots() -> None:
    columns = columns_of([plot(1), plot(2, availability="sald"), plot(3, net_area_m2=None)], day=DAY)

    told = waterfalls(columns, np.array([7, 7, 9]), np.array([True, True, True]))

    assert set(told) == {7, 9}
    assert told[7] == waterfall(columns, np.array([True, True, False]))
    assert told[9].step(Step.READY_NOW) == Amount(0.0, 10_000.0, 1)
    assert waterfalls(columns, np.array([7, 7, 9]), np.zeros(3, dtype=np.bool_)) == {}
    assert waterfall(columns, np.zeros(3, dtype=np.bool_)).step(Step.GROSS) == Amount()
