"""Which shapes share ground, against a comparison of every pair."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from landbank.geo import overlap
from landbank.geo.overlap import OverlapFinder


def pairs(boxes: list[shapely.Geometry], batch: int = 3) -> list[tuple[int, int, float]]:
    """What the finder says of boxes given in batches, rows counted from 1."""
    with OverlapFinder() as finder:
        for start in range(0, len(boxes), batch):
            part = np.array(boxes[start : start + batch])
            rows = np.arange(start + 1, start + 1 + len(part))
            names = [f"Å{row}" for row in rows]
            finder.add(rows, shapely.bounds(part), [shapely.to_wkb(box) for box in part], names)
        assert all(one.other_name == f"Å{one.other_row}" for one in finder.overlaps())
        return [(one.row, one.other_row, round(one.area_m2, 6)) for one in finder.overlaps()]


def test_neighbours_with_a_shared_edge_do_not_overlap() -> None:
    assert pairs([shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)]) == []


def test_overlap_names_the_later_row_first_and_its_area() -> None:
    assert pairs([shapely.box(0, 0, 10, 10), shapely.box(8, 0, 20, 10)]) == [(2, 1, 20.0)]


def test_strip_of_a_few_centimetres_is_tolerated() -> None:
    assert pairs([shapely.box(0, 0, 100, 100), shapely.box(99.96, 0, 200, 100)]) == []


coordinate = st.integers(0, 60)
boxes = st.lists(
    st.tuples(coordinate, coordinate, st.integers(1, 20), st.integers(1, 20)), min_size=1, max_size=25
)


@settings(max_examples=60, deadline=None)
@given(boxes)
def test_finder_agrees_with_comparing_every_pair(sizes: list[tuple[int, int, int, int]]) -> None:
    shapes = [shapely.box(x, y, x + width, y + height) for x, y, width, height in sizes]
    expected = [
        (i + 1, j + 1, shapes[i].intersection(shapes[j]).area)
        for i in range(len(shapes))
        for j in range(i)
        if shapes[i].intersection(shapes[j]).area > 1
    ]
    assert pairs(shapes) == expected


def test_answer_does_not_depend_on_the_size_of_neighbourhoods(monkeypatch: pytest.MonkeyPatch) -> None:
    shapes = [shapely.box(x, y, x + 12, y + 12) for x in range(0, 100, 10) for y in range(0, 100, 10)]
    whole = pairs(shapes)
    monkeypatch.setattr(overlap, "CHUNK", 7)
    assert pairs(shapes) == whole
    assert len(whole) == 342  # 180 beside each other, 162 at corners
