"""The division of a park into plots."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landbank.demo.subdivide import divide, lay_out, park_rectangle

SIZES = st.lists(st.floats(2_500, 900_000), min_size=1, max_size=30)


def test_a_single_plot_takes_the_whole_park() -> None:
    assert divide([10_000], 100, 100) == [(0, 0, 100, 100)]


def test_two_plots_are_cut_across_the_longer_side_in_proportion() -> None:
    assert divide([10_000, 30_000], 400, 100) == [(300, 0, 400, 100), (0, 0, 300, 100)]


def test_a_corner_on_a_neighbours_edge_is_a_vertex_of_the_neighbour() -> None:
    """Left one plot, right two: the corner between the right ones at (50, 40) lies on the left one's edge."""
    layout = lay_out([(0, 0, 50, 80), (50, 0, 90, 40), (50, 40, 90, 80)], 90, 80)
    left = [layout.vertices[i] for i in layout.rings[0]]
    assert left == [(0, 0), (50, 0), (50, 40), (50, 80), (0, 80)]


@given(sizes=SIZES, aspect=st.floats(1, 2))
def test_plots_fill_their_park_without_overlap(sizes: list[float], aspect: float) -> None:
    width, height = park_rectangle(sizes, aspect)
    boxes = divide(sizes, width, height)
    assert all(0 <= x0 < x1 <= width + 1e-6 and 0 <= y0 < y1 <= height + 1e-6 for x0, y0, x1, y1 in boxes)
    for i, (a0, b0, a1, b1) in enumerate(boxes):
        for c0, d0, c1, d1 in boxes[:i]:
            assert min(a1, c1) - max(a0, c0) <= 1e-9 or min(b1, d1) - max(b0, d0) <= 1e-9


@given(sizes=st.lists(st.floats(2_500, 90_000), min_size=1, max_size=4))
def test_few_plots_have_the_sizes_asked_for(sizes: list[float]) -> None:
    """No street runs between fewer than five."""
    width, height = park_rectangle(sizes, 1.3)
    areas = [(x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in divide(sizes, width, height)]
    assert areas == pytest.approx(sizes, rel=1e-6)
