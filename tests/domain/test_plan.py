"""A plan's course: order of states, the implementation period in years, and what it guarantees until when."""

from __future__ import annotations

from datetime import date

import pytest

from landbank.domain.codes import PlanningState as State
from landbank.domain.days import add_months
from landbank.domain.plan import (
    Period,
    PlanCourse,
    check_course,
    extended,
    implementation_period,
    refuse_state,
)
from landbank.errors import Conflict, Invalid

IN_FORCE = PlanCourse(
    State.LAGA_KRAFT, date(2026, 2, 1), date(2026, 3, 15), date(2026, 3, 15), date(2036, 3, 15)
)


@pytest.mark.parametrize(
    ("day", "months", "last"),
    [
        (date(2026, 3, 15), 12, date(2027, 3, 15)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ],
)
def test_term_ends_on_the_day_of_the_same_number_or_the_months_last(
    day: date, months: int, last: date
) -> None:
    assert add_months(day, months) == last


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (State.SAMRAD, State.GRANSKNING),
        (State.SAMRAD, State.ANTAGEN),
        (State.ANTAGEN, State.OVERKLAGAD),
        (State.OVERKLAGAD, State.LAGA_KRAFT),
        (State.LAGA_KRAFT, State.UPPHAVD),
        (None, State.LAGA_KRAFT),
    ],
)
def test_state_that_may_follow(before: State | None, after: State) -> None:
    refuse_state(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (State.LAGA_KRAFT, State.SAMRAD),
        (State.UPPHAVD, State.LAGA_KRAFT),
        (State.PABORJAD, State.LAGA_KRAFT),
        (State.AVSLUTAD, State.PABORJAD),
    ],
)
def test_state_that_may_not_follow_is_refused_but_set_right(before: State, after: State) -> None:
    with pytest.raises(Conflict, match="may not follow"):
        refuse_state(before, after)
    refuse_state(before, after, is_correction=True)


def test_period_runs_from_legal_force_or_from_the_later_day_of_the_plan() -> None:
    assert implementation_period(date(2026, 3, 15), 10) == Period(date(2026, 3, 15), date(2036, 3, 15))
    assert implementation_period(date(2026, 3, 15), 5, starts_on=date(2027, 1, 1)) == Period(
        date(2027, 1, 1), date(2032, 1, 1)
    )


@pytest.mark.parametrize("years", [4, 16, 0, -5])
def test_period_is_five_to_fifteen_years(years: int) -> None:
    with pytest.raises(Invalid, match="5 to 15 years"):
        implementation_period(date(2026, 3, 15), years)


def test_period_does_not_begin_before_legal_force() -> None:
    with pytest.raises(Invalid, match="before legal force"):
        implementation_period(date(2026, 3, 15), 5, starts_on=date(2026, 3, 14))


def test_period_is_extended_by_at_most_five_years_at_a_time() -> None:
    period = Period(date(2026, 3, 15), date(2031, 3, 15))
    assert extended(period, 5).ends_on == date(2036, 3, 15)
    with pytest.raises(Invalid, match="1 to 5 years"):
        extended(period, 6)


def test_right_to_build_is_guaranteed_to_the_last_day_and_not_after() -> None:
    assert IN_FORCE.guaranteed_until(date(2036, 3, 15)) == date(2036, 3, 15)
    assert IN_FORCE.guaranteed_until(date(2036, 3, 16)) is None
    assert PlanCourse(State.ANTAGEN, ends_on=date(2036, 3, 15)).guaranteed_until(date(2030, 1, 1)) is None


def test_permits_wait_for_force_and_for_the_period() -> None:
    later = PlanCourse(State.LAGA_KRAFT, None, date(2026, 3, 15), date(2027, 1, 1))
    assert later.permits_start(date(2026, 12, 31)) is False
    assert later.permits_start(date(2027, 1, 1)) is True
    assert PlanCourse(State.SAMRAD).permits_start(date(2027, 1, 1)) is False
    assert PlanCourse(None).permits_start(date(2027, 1, 1)) is None


@pytest.mark.parametrize(
    ("course", "where"),
    [
        (PlanCourse(State.LAGA_KRAFT), "/legal_force_on"),
        (PlanCourse(State.ANTAGEN), "/adopted_on"),
        (PlanCourse(State.LAGA_KRAFT, date(2026, 3, 1), date(2026, 2, 1)), "/legal_force_on"),
        (
            PlanCourse(State.LAGA_KRAFT, None, date(2026, 3, 1), date(2026, 3, 1), date(2026, 2, 1)),
            "/implementation_ends_on",
        ),
    ],
)
def test_dates_that_contradict_are_refused(course: PlanCourse, where: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_course(course)
    assert refusal.value.where == where
