"""Minimal sets, against every subset tried and against Berge's multiplication."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landbank.domain.advice.hitting import minimal_hitting_sets, one_by_sparing
from landbank.domain.advice.masks import distinct, mask_of, members, minimal_masks, violations

MANY = settings(max_examples=300, deadline=None)
EDGES = st.lists(st.integers(1, 255), max_size=14, unique=True)


def masks(values: list[int]) -> np.ndarray:
    """Masks as an array."""
    return np.array(values, dtype=np.uint64)


def by_trying_all(edges: list[int], bits: int) -> set[int]:
    """The minimal hitting sets, from all subsets."""
    hitting = [one for one in range(1 << bits) if all(one & edge for edge in edges)]
    return {one for one in hitting if not any(other != one and other & one == other for other in hitting)}


def by_berge(edges: list[int]) -> set[int]:
    """The minimal hitting sets, one edge multiplied in after the other."""
    found = {0}
    for edge in edges:
        grown = {one | (0 if one & edge else 1 << bit) for one in found for bit in members(edge)}
        found = {one for one in grown if not any(other != one and other & one == other for other in grown)}
    return found


def test_two_edges_with_a_common_member_have_three_minimal_hitting_sets() -> None:
    # {a,b} and {b,c}: b alone, or a with c.
    assert minimal_hitting_sets(masks([0b011, 0b110]), 3).masks == (0b010, 0b101)


def test_nothing_to_hit_is_hit_by_nothing() -> None:
    assert minimal_hitting_sets(masks([]), 4).masks == (0,)


@MANY
@given(EDGES)
def test_hitting_sets_are_those_that_trying_all_subsets_finds(edges: list[int]) -> None:
    found = minimal_hitting_sets(masks(edges), 8)
    assert found.is_complete
    assert len(found.masks) == len(set(found.masks))
    assert set(found.masks) == by_trying_all(edges, 8) == by_berge(edges)


@MANY
@given(EDGES)
def test_only_the_minimal_edges_count(edges: list[int]) -> None:
    minimal = minimal_masks(masks(sorted(edges)))
    assert set(minimal.masks) == {e for e in edges if not any(o != e and o & e == o for o in edges)}
    assert (
        minimal_hitting_sets(masks(list(minimal.masks)), 8).masks
        == minimal_hitting_sets(masks(edges), 8).masks
    )


@MANY
@given(EDGES)
def test_hitting_sets_of_the_hitting_sets_are_the_minimal_edges(edges: list[int]) -> None:
    minimal = minimal_masks(masks(sorted(edges))).masks
    if minimal:
        there = minimal_hitting_sets(masks(list(minimal)), 8).masks
        assert set(minimal_hitting_sets(masks(list(there)), 8).masks) == set(minimal)


def test_sets_are_ordered_by_size_then_by_members() -> None:
    found = minimal_hitting_sets(masks([0b1100, 0b0101, 0b1010]), 4).masks
    assert [members(one) for one in found] == sorted(
        (members(one) for one in found), key=lambda one: (len(one), one)
    )


def test_search_that_is_cut_says_so_and_what_it_tells_is_true() -> None:
    rng = np.random.default_rng(3)
    edges = np.unique(
        rng.integers(1, 1 << 40, 3_000, dtype=np.uint64) | rng.integers(1, 1 << 40, 3_000, dtype=np.uint64)
    )
    found = minimal_hitting_sets(edges, 40, most_steps=500)
    assert not found.is_complete
    assert found.masks
    for one in found.masks:
        assert np.all(edges & np.uint64(one))
        for bit in members(one):
            assert not np.all(edges & np.uint64(one & ~(1 << bit)))


def test_all_small_sets_are_found_where_the_search_is_cut() -> None:
    rng = np.random.default_rng(4)
    edges = np.unique(rng.integers(1, 1 << 16, 60, dtype=np.uint64))
    every = minimal_hitting_sets(edges, 16, most_steps=10**6)
    some = minimal_hitting_sets(edges, 16, most_steps=400)
    assert every.is_complete
    assert not some.is_complete
    small = {one for one in every.masks if one.bit_count() <= some.complete_to}
    assert small <= set(some.masks) <= set(every.masks)


def test_one_set_is_found_however_little_may_be_searched() -> None:
    edges = masks([0b0110, 0b1001, 0b1100])
    one = one_by_sparing(edges, 4)
    assert one in by_trying_all(edges.tolist(), 4)


def test_minimal_masks_are_cut_at_the_smallest_and_say_so() -> None:
    singles = masks([1 << bit for bit in range(30)])
    found = minimal_masks(singles, most=10)
    assert (len(found.masks), found.is_complete) == (10, False)


def test_masks_hold_a_bit_for_each_failed_and_each_unknown_must() -> None:
    seen = violations([np.array([-1, 0, 1], dtype=np.int8), np.array([-1, -1, 0], dtype=np.int8)], 3)
    assert seen.fails.tolist() == [0b11, 0b10, 0]
    assert seen.unsure.tolist() == [0, 0b01, 0b10]


@pytest.mark.parametrize("bits", [4, 40])
def test_each_mask_is_listed_once_in_a_table_and_by_sorting(bits: int) -> None:
    assert distinct(masks([9, 3, 9, 0, 3]), bits).tolist() == [0, 3, 9]
    assert distinct(masks([]), bits).tolist() == []


def test_mask_and_members_are_each_others_inverse() -> None:
    assert members(mask_of([5, 1, 1])) == (1, 5)
