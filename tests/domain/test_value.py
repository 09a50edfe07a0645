"""Value functions and three-valued logic, by hand."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from landbank.domain.kleene import FALSE, TRUE, UNKNOWN, every, negate, tri
from landbank.domain.value import best_held, value_at, value_bounds, worth_of

IDEAL = ((2_000.0, 0.0), (10_000.0, 1.0), (50_000.0, 1.0), (150_000.0, 0.2))


@pytest.mark.parametrize(
    ("amount", "v"),
    [(0, 0), (2_000, 0), (6_000, 0.5), (10_000, 1), (30_000, 1), (100_000, 0.6), (150_000, 0.2), (1e9, 0.2)],
)
def test_value_lies_on_the_line_between_the_points(amount: float, v: float) -> None:
    assert value_at(np.array([amount]), IDEAL)[0] == pytest.approx(v)


def test_unknown_amount_has_no_value() -> None:
    assert np.isnan(value_at(np.array([np.nan]), IDEAL)[0])


@pytest.mark.parametrize(
    ("low", "high", "bounds"),
    [
        (np.nan, np.nan, (0, 1)),
        (6_000, np.nan, (0.2, 1)),
        (np.nan, 6_000, (0, 0.5)),
        (100_000, np.nan, (0.2, 0.6)),
        (6_000, 100_000, (0.5, 1)),
        (20_000, 30_000, (1, 1)),
    ],
)
def test_bounds_cover_the_part_of_the_curve_between_them(
    low: float, high: float, bounds: tuple[float, float]
) -> None:
    least, most = value_bounds(np.array([low]), np.array([high]), IDEAL)
    assert (least[0], most[0]) == pytest.approx(bounds)


def test_unbounded_side_reaches_below_zero_too() -> None:
    least, most = value_bounds(np.array([np.nan]), np.array([5.0]), ((-30.0, 1.0), (0.0, 0.25), (10.0, 0.0)))
    assert (least[0], most[0]) == (0.125, 1)


def test_set_is_worth_its_best_member() -> None:
    held = np.array([0b000, 0b001, 0b011, 0b100], dtype=np.uint64)
    assert best_held(held, {0: 0.3, 1: 0.8}).tolist() == [0, 0.3, 0.8, 0]


def test_code_that_is_not_named_is_worth_nothing() -> None:
    assert worth_of(np.array([3, 4, -1]), {3: 0.7}).tolist() == [0.7, 0, 0]


@pytest.mark.parametrize(
    ("left", "right", "both"),
    [
        (1, 1, 1),
        (1, 0, 0),
        (1, -1, -1),
        (0, 0, 0),
        (0, -1, -1),
        (-1, -1, -1),
    ],
)
def test_and_follows_kleene(left: int, right: int, both: int) -> None:
    pair = [np.array([left], dtype=np.int8), np.array([right], dtype=np.int8)]
    assert every(pair, 1)[0] == every(pair[::-1], 1)[0] == both


def test_nothing_asked_is_met() -> None:
    assert every([], 2).tolist() == [TRUE, TRUE]


def test_not_keeps_the_unknown_unknown() -> None:
    claims = np.array([FALSE, UNKNOWN, TRUE], dtype=np.int8)
    assert negate(claims).tolist() == [TRUE, UNKNOWN, FALSE]


def test_neither_true_nor_false_is_unknown() -> None:
    pairs = [(t, f) for t, f in product((False, True), repeat=2) if not (t and f)]
    is_true, is_false = (np.array(side) for side in zip(*pairs, strict=True))
    assert tri(is_true, is_false).tolist() == [UNKNOWN, FALSE, TRUE]
