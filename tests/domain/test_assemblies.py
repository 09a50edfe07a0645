"""Minimal sets of neighbouring plots, against every subset tried one by one."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landbank.domain.assembly.adjacency import Adjacency
from landbank.domain.assembly.for_need import assemblies_for
from landbank.domain.assembly.sets import Assemblies, find_assemblies
from landbank.domain.columns import columns_of
from landbank.domain.need import Must, Need
from landbank.errors import Invalid

DAY = date(2026, 11, 23)


def pairs_of(size: int, edges: list[tuple[int, int]]) -> Adjacency:
    """Neighbours as they are listed, without lengths."""
    listed = sorted({(min(edge), max(edge)) for edge in edges if edge[0] != edge[1]})
    first, second = (np.array([edge[side] for edge in listed], dtype=np.int64) for side in (0, 1))
    lengths = np.full(len(listed), 20.0)
    return Adjacency(size, first, second, lengths, np.zeros(len(listed)), np.zeros(len(listed), dtype=bool))


def is_connected(members: tuple[int, ...], edges: set[tuple[int, int]]) -> bool:
    """Whether the members hang together."""
    reached = {members[0]}
    for _ in members:
        reached |= {
            other for one in reached for other in members if (min(one, other), max(one, other)) in edges
        }
    return reached == set(members)


def every_minimal_set(
    size: int,
    edges: list[tuple[int, int]],
    amounts: list[tuple[int, ...]],
    needed: tuple[int, ...],
    most: int,
) -> set[tuple[int, ...]]:
    """All minimal connected sets of 2 to `most` plots that are enough, by trying every subset."""
    listed = {(min(edge), max(edge)) for edge in edges if edge[0] != edge[1]}

    def is_enough(members: tuple[int, ...]) -> bool:
        return all(sum(amounts[one][n] for one in members) >= needed[n] for n in range(len(needed)))

    good = {
        members
        for number in range(1, most + 1)
        for members in combinations(range(size), number)
        if is_enough(members) and is_connected(members, listed)
    }
    return {
        members
        for members in good
        if len(members) > 1 and not any(set(other) < set(members) for other in good)
    }


@st.composite
def plots(draw: Any, most: int) -> tuple[int, list[tuple[int, int]], list[tuple[int, ...]], tuple[int, ...]]:
    """Up to so many plots, random neighbours, one or two whole amounts each, and what is needed of them."""
    size = draw(st.integers(2, most))
    place = st.integers(0, size - 1)
    edges = draw(st.lists(st.tuples(place, place), max_size=2 * size))
    kinds = draw(st.integers(1, 2))
    amounts = draw(st.lists(st.tuples(*[st.integers(0, 9)] * kinds), min_size=size, max_size=size))
    needed = draw(st.tuples(st.integers(1, 25), *[st.integers(0, 20)] * (kinds - 1)))
    return size, edges, amounts, needed


@settings(max_examples=400, deadline=None)
@given(plots(9), st.integers(2, 5))
def test_exactly_the_minimal_sets_are_found_each_once(case: Any, most: int) -> None:
    size, edges, amounts, needed = case
    found = find_assemblies(pairs_of(size, edges), np.array(amounts), needed, most_plots=most)

    assert len(found.sets) == len(set(found.sets))
    assert set(found.sets) == every_minimal_set(size, edges, amounts, needed, most)
    assert (found.complete_up_to, found.more_exist) == (most, False)


@settings(max_examples=15, deadline=None)
@given(plots(18))
def test_exactly_the_minimal_sets_are_found_among_eighteen(case: Any) -> None:
    size, edges, amounts, needed = case
    found = find_assemblies(pairs_of(size, edges), np.array(amounts), needed)

    assert set(found.sets) == every_minimal_set(size, edges, amounts, needed, 5)


@settings(max_examples=100, deadline=None)
@given(plots(12), st.randoms(use_true_random=False))
def test_numbering_of_the_plots_changes_nothing(case: Any, random: Any) -> None:
    size, edges, amounts, needed = case
    renamed = list(range(size))
    random.shuffle(renamed)
    moved = [(renamed[one], renamed[other]) for one, other in edges]
    placed = [amounts[renamed.index(place)] for place in range(size)]
    one = find_assemblies(pairs_of(size, edges), np.array(amounts), needed)
    other = find_assemblies(pairs_of(size, moved), np.array(placed), needed)

    assert {tuple(sorted(renamed[place] for place in members)) for members in one.sets} == set(other.sets)


CHAIN = pairs_of(6, [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)])


def test_small_sets_come_first_then_the_least_too_much_then_places() -> None:
    found = find_assemblies(CHAIN, np.array([5, 5, 6, 3, 4, 7]), [10])

    assert found.sets == ((0, 1), (1, 2), (4, 5), (2, 3, 4))
    # 10 and 11 are enough with two plots, 11 with two again, 13 with three.


def test_plot_that_is_enough_alone_is_in_no_assembly() -> None:
    assert find_assemblies(CHAIN, np.array([5, 5, 20, 5, 5, 5]), [10]).sets == ((0, 1), (3, 4), (4, 5))


def test_plot_that_is_no_candidate_does_not_connect() -> None:
    is_candidate = np.array([True, True, False, True, True, True])
    found = find_assemblies(CHAIN, np.array([5, 4, 9, 4, 4, 4]), [12], is_candidate=is_candidate)

    assert found.sets == ((3, 4, 5),)


def test_unknown_amount_is_counted_as_nothing() -> None:
    # Plot 1 may be large; all that is sure is that it connects 0 and 2.
    assert find_assemblies(CHAIN, np.array([9, np.nan, 9, 1, 0, 0]), [10]).sets == ((2, 3), (0, 1, 2))


def test_five_plots_are_the_most() -> None:
    assert find_assemblies(CHAIN, np.ones(6), [5]).sets == ((0, 1, 2, 3, 4), (1, 2, 3, 4, 5))
    assert find_assemblies(CHAIN, np.ones(6), [6]).sets == ()


def test_sets_left_out_are_said_to_exist() -> None:
    amounts = np.array([5, 5, 6, 3, 4, 7])
    two = find_assemblies(CHAIN, amounts, [10], most_found=2)
    three = find_assemblies(CHAIN, amounts, [10], most_found=3)
    four = find_assemblies(CHAIN, amounts, [10], most_found=4)

    assert two == Assemblies(((0, 1), (1, 2)), 1, more_exist=True)
    assert three == Assemblies(((0, 1), (1, 2), (4, 5)), 2, more_exist=True)
    assert (four.complete_up_to, four.more_exist) == (5, False)


def test_search_that_is_stopped_says_up_to_where_it_is_complete() -> None:
    grid = [(x * 6 + y, x * 6 + y + 1) for x in range(6) for y in range(5)]
    grid += [(x * 6 + y, x * 6 + y + 6) for x in range(5) for y in range(6)]
    found = find_assemblies(pairs_of(36, grid), np.ones(36), [5], most_grown=100)

    assert found == Assemblies((), 3, more_exist=True)


@pytest.mark.parametrize(("most", "needed"), [(1, [10]), (6, [10]), (5, [0]), (5, [])])
def test_question_without_sense_is_refused(most: int, needed: list[float]) -> None:
    with pytest.raises(Invalid):
        find_assemblies(CHAIN, np.ones((6, max(1, len(needed)))), needed, most_plots=most)


ROWS = [
    {"plot_id": 11, "area_m2": 6_000, "use": ["J"], "planning_state": "laga_kraft", "availability": "ledig"},
    {
        "plot_id": 12,
        "area_m2": 5_000,
        "use": ["J", "Z"],
        "planning_state": "laga_kraft",
        "availability": "ledig",
    },
    {"plot_id": 13, "area_m2": 7_000, "use": ["Z"], "planning_state": "laga_kraft", "availability": "ledig"},
    {
        "plot_id": 14,
        "area_m2": 9_000,
        "use": None,
        "planning_state": "laga_kraft",
        "availability": "kommande",
    },
    {"plot_id": 15, "area_m2": 9_000, "use": ["J"], "planning_state": "laga_kraft", "availability": "sald"},
    {"plot_id": 16, "area_m2": 3_000, "use": ["J"], "planning_state": "laga_kraft", "availability": "ledig"},
]
COLUMNS = columns_of(ROWS, day=DAY)


def sets_for(*musts: Must) -> set[tuple[int, ...]]:
    """The assemblies for these musts along the chain, by plot id."""
    found = assemblies_for(Need(musts=musts), COLUMNS, CHAIN, on=DAY)
    return {tuple(int(COLUMNS.plot_id[place]) for place in members) for members in found.sets}


def test_only_available_plots_take_part() -> None:
    assert sets_for(Must("area_m2", ">=", 10_000)) == {(11, 12), (12, 13), (13, 14)}


def test_plot_that_fails_what_all_must_meet_takes_no_part() -> None:
    assert sets_for(Must("area_m2", ">=", 10_000), Must("use", "any_of", ["J"])) == {(11, 12)}


def test_unknown_does_not_shut_a_plot_out() -> None:
    assert sets_for(Must("area_m2", ">=", 15_000), Must("use", "any_of", ["Z"])) == {(13, 14)}


def test_range_asks_for_its_least() -> None:
    assert sets_for(Must("area_m2", "between", [10_500, 12_500])) == {(11, 12), (12, 13), (13, 14)}


@pytest.mark.parametrize("must", [Must("area_m2", "<=", 10_000), Must("water", "is", threshold=True)])
def test_need_without_a_least_area_has_no_assemblies(must: Must) -> None:
    assert sets_for(must) == set()


def test_neighbours_of_other_plots_than_the_columns_are_refused() -> None:
    with pytest.raises(ValueError, match="6 plots"):
        assemblies_for(Need(), columns_of(ROWS[:2], day=DAY), CHAIN, on=DAY)
