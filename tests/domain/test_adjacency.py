"""Who adjoins whom: borders shared or faced, never across what lies between."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import affinity
from shapely.geometry.base import BaseGeometry

from landbank.domain.assembly.adjacency import Adjacency, adjacency
from landbank.domain.assembly.outline import outline_of
from landbank.errors import Invalid

EAST, NORTH = 320_000.0, 6_400_000.0


def box(x0: float, y0: float, x1: float, y1: float) -> BaseGeometry:
    """A rectangle somewhere in the region."""
    return shapely.box(EAST + x0, NORTH + y0, EAST + x1, NORTH + y1)


def pairs(found: Adjacency) -> dict[tuple[int, int], tuple[float, float, bool]]:
    """Border, gap and barrier by pair."""
    rows = zip(
        found.first.tolist(),
        found.second.tolist(),
        found.border_m.round(2).tolist(),
        found.gap_m.round(2).tolist(),
        found.is_across_barrier.tolist(),
        strict=True,
    )
    return {(first, second): (border, gap, barrier) for first, second, border, gap, barrier in rows}


A, B = box(0, 0, 100, 50), box(100, 0, 200, 50)


def test_plots_that_share_a_border_adjoin() -> None:
    assert pairs(adjacency([A, B])) == {(0, 1): (50, 0, False)}


def test_border_shorter_than_the_least_is_not_enough() -> None:
    shifted = box(100, 41, 200, 91)
    assert pairs(adjacency([A, shifted])) == {}
    assert pairs(adjacency([A, shifted], least_border_m=9)) == {(0, 1): (9, 0, False)}


def test_corner_is_no_border() -> None:
    assert pairs(adjacency([A, box(100, 50, 200, 100)], least_border_m=0.01)) == {}
    # Ten metres apart corner to corner: nothing lies straight out from either.
    assert pairs(adjacency([A, box(105, 55, 200, 100)], least_border_m=1, most_gap_m=20)) == {}


@pytest.mark.parametrize("drawn", [-0.08, 0.005, 0.08])
def test_border_drawn_twice_is_one_border(drawn: float) -> None:
    assert pairs(adjacency([A, box(100 + drawn, 0, 200, 50)])) == {(0, 1): (50, 0, False)}


def test_corners_in_a_neighbours_side_are_no_matter() -> None:
    halves = [box(100, 0, 200, 20), box(100, 20, 200, 50)]
    assert pairs(adjacency([A, *halves])) == {
        (0, 1): (20, 0, False),
        (0, 2): (30, 0, False),
        (1, 2): (100, 0, False),
    }


def test_gap_counts_only_up_to_what_is_allowed() -> None:
    across = box(106, 10, 200, 70)
    assert pairs(adjacency([A, across], most_gap_m=5)) == {}
    assert pairs(adjacency([A, across], most_gap_m=6)) == {(0, 1): (40, 6, False)}


def test_wedge_is_faced_only_where_it_is_narrow_enough() -> None:
    # The gap opens from 0 to 20 m over 50 m of height: 10 m are reached half way up.
    wedge = shapely.Polygon([(100, 0), (200, 0), (200, 50), (120, 50)])
    found = pairs(adjacency([shapely.box(0, 0, 100, 50), wedge], most_gap_m=10))
    assert found[0, 1][0] == pytest.approx(25, abs=2)


def test_border_is_measured_from_both_sides_and_the_lesser_counts() -> None:
    # From the upright side all 50 m meet the slanting one. Straight out from that one, of 55.9 m, its highest 21.6 %
    # pass above: 50 s + (2 + 25 s) / 2 = 50 at s = 0.784, so that 43.8 m are faced.
    slanting = shapely.Polygon([(102, 0), (200, 0), (200, 50), (127, 50)])
    found = pairs(adjacency([shapely.box(0, 0, 100, 50), slanting], most_gap_m=30))
    assert found[0, 1][0] == pytest.approx(0.784 * math.hypot(25, 50), abs=0.1)


def test_plot_between_is_in_the_way() -> None:
    between = box(102, 0, 108, 50)
    far = box(110, 0, 200, 50)
    assert set(pairs(adjacency([A, between, far], most_gap_m=12))) == {(0, 1), (1, 2)}
    assert set(pairs(adjacency([A, far], most_gap_m=12, between=[between]))) == set()


def test_plot_between_shades_only_what_it_covers() -> None:
    assert pairs(adjacency([A, box(110, 0, 200, 50), box(102, 0, 108, 20)], most_gap_m=12))[0, 1] == (
        30,
        10,
        False,
    )


def test_road_in_the_gap_is_a_barrier() -> None:
    road = shapely.LineString([(EAST + 103, NORTH - 50), (EAST + 103, NORTH + 90)])
    found = adjacency([A, box(106, 0, 200, 50)], most_gap_m=10, barriers=[road])

    assert pairs(found) == {(0, 1): (50, 6, True)}
    assert len(found.without_barriers()) == 0


def test_river_on_the_common_border_is_a_barrier() -> None:
    river = shapely.LineString([(EAST + 100, NORTH - 50), (EAST + 100, NORTH + 90)])
    assert pairs(adjacency([A, B], barriers=[river])) == {(0, 1): (50, 0, True)}


def test_road_that_ends_at_half_the_border_leaves_the_other_half() -> None:
    road = shapely.LineString([(EAST + 103, NORTH - 50), (EAST + 103, NORTH + 20)])
    assert pairs(adjacency([A, box(106, 0, 200, 50)], most_gap_m=10, barriers=[road]))[0, 1] == (25, 6, False)


def test_own_arm_in_between_is_in_the_way() -> None:
    # A U-shaped plot around another: the inner one faces both arms, and one arm never faces the other.
    u_shape = shapely.Polygon([(0, 0), (100, 0), (100, 80), (70, 80), (70, 30), (30, 30), (30, 80), (0, 80)])
    inside = shapely.box(32, 32, 68, 80)
    found = pairs(adjacency([u_shape, inside], most_gap_m=5))
    assert found == {(0, 1): (pytest.approx(36 + 48 + 48, abs=0.1), 2, False)}


def test_plots_without_an_outline_have_no_neighbours_and_keep_their_places() -> None:
    found = adjacency([None, A, None, B, None])
    assert (found.size, set(pairs(found))) == (5, {(1, 3)})
    assert found.neighbours() == [[], [3], [], [1], []]
    assert len(adjacency([])) == 0
    assert len(adjacency([A, None])) == 0


@pytest.mark.parametrize(
    ("border", "gap"), [(0, 0), (-1, 0), (math.nan, 0), (10, -1), (10, 51), (10, math.nan)]
)
def test_amounts_that_cannot_be_are_refused(border: float, gap: float) -> None:
    with pytest.raises(Invalid):
        adjacency([A, B], least_border_m=border, most_gap_m=gap)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(2, 5),
    st.integers(2, 5),
    st.floats(0, 8),
    st.floats(0, math.pi),
    st.randoms(use_true_random=False),
)
def test_grid_has_the_neighbours_of_a_grid_however_it_is_turned_and_ordered(
    across: int, up: int, gap: float, angle: float, random: object
) -> None:
    cells = [(x, y) for x in range(across) for y in range(up)]
    random.shuffle(cells)  # type: ignore[attr-defined]
    step = 40 + gap
    plots = [shapely.box(step * x, step * y, step * x + 40, step * y + 40) for x, y in cells]
    turned = [affinity.rotate(plot, angle, origin=(0, 0), use_radians=True) for plot in plots]
    moved = [affinity.translate(plot, EAST, NORTH) for plot in turned]
    found = pairs(adjacency(moved, most_gap_m=8.5))

    wanted = {
        (one, other)
        for one in range(len(cells))
        for other in range(one + 1, len(cells))
        if abs(cells[one][0] - cells[other][0]) + abs(cells[one][1] - cells[other][1]) == 1
    }
    assert set(found) == wanted
    assert all(border == pytest.approx(40, abs=0.02) for border, _, _ in found.values())


def test_ground_of_an_assembly_is_one_piece_with_its_strips_told_apart() -> None:
    ground = outline_of([A, box(106, 10, 200, 70), box(0, 50.003, 50, 90)], most_gap_m=10)

    assert ground.is_whole
    assert ground.strips_m2 == pytest.approx(6 * 40 + 0.003 * 50, abs=0.01)
    assert ground.shape.area == pytest.approx(100 * 50 + 94 * 60 + 50 * 39.997 + ground.strips_m2, abs=0.01)
    # Nothing is added around a corner: the strip ends where one of the two borders does.
    assert not ground.shape.covers(shapely.Point(EAST + 103, NORTH + 5))
    assert not ground.shape.covers(shapely.Point(EAST + 103, NORTH + 60))
    assert ground.shape.covers(box(90, 11, 120, 49))


def test_barrier_keeps_the_ground_apart_unless_it_may_be_crossed() -> None:
    plots = [A, box(106, 0, 200, 50)]
    road = shapely.LineString([(EAST + 103, NORTH - 50), (EAST + 103, NORTH + 90)])

    assert not outline_of(plots, most_gap_m=10, barriers=[road]).is_whole
    assert outline_of(plots, most_gap_m=10, barriers=[road], across_barriers=True).is_whole


def test_touching_plots_have_no_strips() -> None:
    ground = outline_of([A, B])
    assert (ground.is_whole, ground.strips_m2) == (True, 0)
    assert ground.shape.equals(box(0, 0, 200, 50))


def test_neighbours_of_the_same_shape_are_found_by_a_plain_search_too() -> None:
    rng = np.random.default_rng(2)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(rng.uniform(0, 600, (40, 2)))))
    plots = [cell for cell in cells if shapely.box(0, 0, 600, 600).covers(cell)]
    found = pairs(adjacency(plots, least_border_m=10))
    for one in range(len(plots)):
        for other in range(one + 1, len(plots)):
            shared = plots[one].buffer(1e-6).intersection(plots[other].boundary).length
            if abs(shared - 10) > 0.3:
                assert ((one, other) in found) == (shared > 10)
