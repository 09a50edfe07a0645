"""Certainty by hand, and the columns by the rows."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landbank.codelists.fields import load_fields
from landbank.domain.codes import AttributeClass, KeyFact
from landbank.domain.freshness import (
    KEY_NAMES,
    Held,
    certainties,
    is_stale,
    key_max_ages,
    plot_freshness,
    stale_marks,
)

DAY = date(2026, 11, 24)
AGES = dict.fromkeys(AttributeClass, 100)


def days_ago(days: int) -> date:
    """A day that lies so many days back."""
    return DAY - timedelta(days=days)


@pytest.mark.parametrize(
    ("confirmed_on", "most", "stale"),
    [
        (days_ago(100), 100, False),
        (days_ago(101), 100, True),
        (None, 100, True),
        (None, None, False),
        (days_ago(9999), None, False),
        (days_ago(-3), 100, False),
    ],
)
def test_value_is_stale_from_the_day_after_its_last(
    confirmed_on: date | None, most: int | None, stale: bool
) -> None:
    assert is_stale(confirmed_on, most, DAY) is stale


def test_certainty_is_the_mean_of_what_the_values_count() -> None:
    values = [
        Held(KeyFact.READINESS, True, days_ago(100)),  # just in time: 1
        Held(KeyFact.AVAILABILITY, True, days_ago(200)),  # twice as old as it may be: 1/2
        Held(KeyFact.PRICE, True, None),  # never confirmed: 1/4
        Held(KeyFact.POWER, False, None),  # unknown: 0
        Held(KeyFact.OUTLINE, True, None),  # never ages: 1
    ]

    told = plot_freshness(values, AGES, DAY)

    assert told.certainty == pytest.approx(2.75 / 5)
    assert (told.counted, told.sound) == (5, 2)
    assert told.stale == (KeyFact.AVAILABILITY, KeyFact.PRICE)
    assert told.unknown == (KeyFact.POWER,)


def test_value_that_does_not_count_changes_nothing() -> None:
    one = [Held(KeyFact.READINESS, True, DAY)]

    assert plot_freshness(one, AGES, DAY).certainty == 1.0
    assert plot_freshness([], AGES, DAY).certainty == 0.0


KNOWN = st.lists(st.sampled_from([-1, 0, 1]), min_size=len(KEY_NAMES), max_size=len(KEY_NAMES))
AGE = st.lists(st.none() | st.integers(-5, 900), min_size=len(KEY_NAMES), max_size=len(KEY_NAMES))


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.tuples(KNOWN, AGE), min_size=1, max_size=4))
def test_columns_give_what_rows_give(rows: list[tuple[list[int], list[int | None]]]) -> None:
    ages = load_fields().max_ages
    known = np.array([row[0] for row in rows], dtype=np.int8)
    age = np.array([[np.nan if one is None else one for one in row[1]] for row in rows], dtype=np.float64)

    by_column = certainties(known, age, key_max_ages(ages))
    stale = stale_marks(known, age, key_max_ages(ages))

    for place, (flags, days) in enumerate(rows):
        held = [
            Held(name, flag == 1, None if day is None else days_ago(day))
            for name, flag, day in zip(KEY_NAMES, flags, days, strict=True)
            if flag >= 0
        ]
        told = plot_freshness(held, ages, DAY)
        assert by_column[place] == pytest.approx(told.certainty)
        assert tuple(np.array(KEY_NAMES)[stale[place]]) == told.stale


def test_every_class_has_an_age_a_keeper_and_a_role() -> None:
    fields = load_fields()

    assert set(fields.classes) == set(AttributeClass)
    assert {one.keeper for one in fields.classes.values()} <= set(fields.keepers)
    assert all(one.max_age_days > 0 for one in fields.classes.values())
    assert fields.classes[AttributeClass.SALE].max_age_days == 90
    assert fields.classes[AttributeClass.POWER].role == "steward"
