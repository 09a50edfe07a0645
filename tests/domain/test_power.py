"""Power at a plot: a later row replaces the earlier level, conditional power is not firm."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from landbank.domain.columns import columns_of
from landbank.domain.power import power_bounds

DAY = date(2026, 11, 23)
Y27, Y28, Y29 = date(2027, 1, 1), date(2028, 1, 1), date(2029, 1, 1)
PATH = [(None, 2.0, True), (Y29, 10.0, True)]


def bounds(steps: list[Any], when: date, *, conditional: bool = False) -> tuple[float | None, float | None]:
    """Bounds of one plot's power, None for unknown."""
    columns = columns_of([{"plot_id": 1, "power": steps}], day=DAY)
    low, high = power_bounds(columns.power, 1, when, with_conditional=conditional)
    return tuple(None if side != side else side for side in (float(low[0]), float(high[0])))  # type: ignore[return-value] # noqa: PLR0124


@pytest.mark.parametrize(("when", "mw"), [(date(2028, 12, 31), 2.0), (Y29, 10.0), (date(2035, 6, 1), 10.0)])
def test_level_steps_on_its_date(when: date, mw: float) -> None:
    assert bounds(PATH, when) == (mw, mw)


def test_later_row_replaces_a_higher_level() -> None:
    assert bounds([(Y27, 8.0, True), (Y28, 3.0, True)], Y29) == (3.0, 3.0)


def test_nothing_is_available_before_the_first_date() -> None:
    assert bounds([(Y29, 10.0, True)], Y27) == (0.0, 0.0)


def test_no_row_is_unknown() -> None:
    assert bounds([], Y29) == (None, None)


def test_connection_without_capacity_is_unknown() -> None:
    assert bounds([(None, None, True)], Y29) == (None, None)


def test_conditional_power_is_not_firm() -> None:
    steps = [(None, 2.0, True), (Y28, 8.0, False)]
    assert bounds(steps, Y29) == (2.0, 2.0)
    assert bounds(steps, Y29, conditional=True) == (8.0, 8.0)


def test_only_conditional_power_is_no_firm_power() -> None:
    assert bounds([(None, 8.0, False)], Y29) == (0.0, 0.0)


def test_row_that_does_not_say_whether_it_is_firm_gives_bounds() -> None:
    assert bounds([(None, 2.0, True), (Y28, 8.0, None)], Y29) == (2.0, 8.0)


def test_each_doubtful_row_after_the_last_firm_one_may_be_in_force() -> None:
    assert bounds([(None, 5.0, True), (Y27, 8.0, None), (Y28, 2.0, None)], Y29) == (2.0, 8.0)


def test_doubtful_row_before_a_firm_one_does_not_matter() -> None:
    assert bounds([(Y27, 8.0, None), (Y28, 5.0, True)], Y29) == (5.0, 5.0)


def test_order_of_rows_does_not_matter() -> None:
    assert bounds(PATH[::-1], Y29) == (10.0, 10.0)
