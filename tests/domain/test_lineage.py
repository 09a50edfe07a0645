"""Ground that changes plots: parts that are the whole, and those that are not, with figures."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from landbank.domain.lineage import Outline, Unbalanced, compare

X, Y = 330_000.0, 6_400_000.0


def box(name: str, west: float, south: float, east: float, north: float) -> Outline:
    """A rectangle counted from a place in Lerum, metres; its area in the plane stands for the one that counts."""
    shape = shapely.box(X + west, Y + south, X + east, Y + north)
    return Outline(name, shape, shape.area)


WHOLE = box("A1", 0, 0, 100, 100)


def test_halves_are_the_whole() -> None:
    ledger = compare([WHOLE], [box("a", 0, 0, 50, 100), box("b", 50, 0, 100, 100)])

    assert ledger.balances
    assert (ledger.has_left, ledger.has_added, ledger.overlaps) == (False, False, ())
    assert ledger.shares.tolist() == [[5000.0, 5000.0]]


def test_gap_is_named_with_its_size_and_place() -> None:
    ledger = compare([WHOLE], [box("a", 0, 0, 50, 100), box("b", 60, 0, 100, 100)])

    assert (ledger.has_left, ledger.left_m2, ledger.left_at) == (True, 1000.0, (330_055.0, 6_400_050.0))
    assert "1,000.0 m² lie in no part, around 330055, 6400050" in str(Unbalanced(ledger))


def test_overlap_names_both_parts() -> None:
    ledger = compare([WHOLE], [box("a", 0, 0, 60, 100), box("b", 50, 0, 100, 100)])

    assert "'a' and 'b' both cover 1,000.0 m²." in str(Unbalanced(ledger))
    assert ledger.as_members()["overlaps"] == [{"parts": ["a", "b"], "area_m2": 1000.0}]


def test_ground_outside_the_whole_is_named() -> None:
    ledger = compare([WHOLE], [box("a", 0, 0, 50, 100), box("b", 50, 0, 120, 100)])

    assert (ledger.has_added, ledger.added_m2, ledger.added_at) == (True, 2000.0, (330_110.0, 6_400_050.0))


def test_sums_that_differ_are_told_with_both() -> None:
    ledger = compare([WHOLE], [Outline("a", WHOLE.geometry, 9_000.0)])

    assert not ledger.balances
    assert "The parts cover 9,000.0 m², the whole 10,000.0 m²; 1.0 m² are tolerated." in str(
        Unbalanced(ledger)
    )


@pytest.mark.parametrize(("width_m", "is_told"), [(0.005, False), (0.02, True)])
def test_slit_of_the_drawing_is_tolerated_and_a_strip_is_not(width_m: float, is_told: bool) -> None:
    ledger = compare([WHOLE], [box("a", 0, 0, 50, 100), box("b", 50 + width_m, 0, 100, 100)])

    assert ledger.has_left is is_told


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(0.02, 0.98), min_size=1, max_size=5, unique_by=lambda share: round(share, 2)),
    st.lists(st.floats(0.02, 0.98), max_size=3, unique_by=lambda share: round(share, 2)),
    st.floats(20, 2_000),
)
def test_any_cutting_adds_up_and_any_missing_piece_does_not(
    across: list[float], along: list[float], side: float
) -> None:
    """A rectangle cut along straight lines in both directions, and the same with one piece left out."""
    xs = [0.0, *sorted(share * side for share in across), side]
    ys = [0.0, *sorted(share * side for share in along), side]
    parts = [
        box(f"{i}-{j}", xs[i], ys[j], xs[i + 1], ys[j + 1])
        for i in range(len(xs) - 1)
        for j in range(len(ys) - 1)
    ]
    whole = box("W", 0, 0, side, side)
    ledger = compare([whole], parts)

    assert ledger.balances
    assert (ledger.has_left, ledger.has_added, ledger.overlaps) == (False, False, ())
    assert ledger.parts_m2 == pytest.approx(ledger.whole_m2)
    smallest = min(parts, key=lambda part: part.area_m2)
    lacking = compare([whole], [part for part in parts if part is not smallest])
    assert lacking.has_left == (smallest.area_m2 > lacking.tolerance_m2)
    merged = compare(parts, [whole])
    assert merged.balances
    assert merged.sources(0) == list(range(len(parts)))
