"""Shown numbers: tenths whose parts add up."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landbank.domain.shown import parts_in_tenths, tenths, tenths_down, tenths_up

PARTS = st.lists(st.floats(0, 30), min_size=1, max_size=12)


def test_largest_remainder_takes_the_tenth_that_is_left() -> None:
    # 33.33 + 33.33 + 33.34 = 100: floors 333 + 333 + 333 leave one tenth, for the largest remainder.
    assert parts_in_tenths([33.33, 33.33, 33.34], 1000) == (333, 333, 334)


def test_of_equal_remainders_the_earlier_is_raised() -> None:
    assert parts_in_tenths([33.35, 33.35, 33.30], 1000) == (334, 333, 333)


def test_half_a_tenth_is_rounded_up() -> None:
    assert (tenths(87.25), tenths(87.249), tenths(0.1 + 0.2)) == (873, 872, 3)


def test_bounds_are_rounded_outward_and_exact_tenths_stay() -> None:
    assert (tenths_down(87.29), tenths_up(87.21)) == (872, 873)
    assert (tenths_down(0.1 + 0.2), tenths_up(0.1 + 0.2)) == (3, 3)


def test_parts_that_do_not_sum_to_the_whole_are_refused() -> None:
    with pytest.raises(ValueError, match="sum"):
        parts_in_tenths([10.0, 20.0], 500)


@settings(max_examples=300, deadline=None)
@given(PARTS)
def test_shown_parts_add_up_to_the_shown_whole(parts: list[float]) -> None:
    assert sum(parts_in_tenths(parts, tenths(sum(parts)))) == tenths(sum(parts))


@settings(max_examples=300, deadline=None)
@given(PARTS)
def test_each_shown_part_is_within_a_tenth_of_itself_and_nothing_stays_nothing(parts: list[float]) -> None:
    for part, shown in zip(parts, parts_in_tenths(parts, tenths(sum(parts))), strict=True):
        assert abs(part * 10 - shown) < 1 + 1e-6
        assert part > 0 or shown == 0
