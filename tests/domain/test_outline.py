"""Outlines as lists of corners."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Polygon, box

from landbank.domain.outline import read_outline, write_outline
from landbank.errors import Invalid

SQUARE = "6400000 320000\n6400000 320100\n6400050 320100\n6400050 320000"


def test_corners_in_either_order_make_the_same_outline() -> None:
    east_first = "\n".join(" ".join(reversed(line.split())) for line in SQUARE.splitlines())
    assert read_outline(SQUARE).equals(MultiPolygon([box(320_000, 6_400_000, 320_100, 6_400_050)]))
    assert read_outline(east_first).equals(read_outline(SQUARE))


def test_hole_and_further_part_are_read() -> None:
    text = (
        f"{SQUARE}\nhål\n6400010 320010\n6400010 320020\n6400020 320020\n\n"
        "6400000 320200\n6400000 320300\n6400050 320300"
    )
    outline = read_outline(text)
    assert len(outline.geoms) == 2
    assert outline.area == pytest.approx(5000 - 50 + 2500)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", "outline"),
        ("6400000 320000\n6400000 320100", "outline"),
        (f"{SQUARE}\nabc", "outline:5"),
        ("57.7 11.9", "outline:1"),
        ("hål\n6400000 320000", "outline:1"),
        ("6400000 320000\n6400050 320100\n6400000 320100\n6400050 320000", "outline"),
        ("6400000 320000\n" * 20_001, "outline"),
    ],
    ids=["empty", "two corners", "no corner", "degrees", "hole first", "bow tie", "too many"],
)
def test_what_is_no_outline_is_refused_with_its_line(text: str, where: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_outline(text)
    assert refused.value.where == where


@given(
    st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 5_000)), min_size=3, max_size=12, unique=True),
    st.sampled_from(["sv", "en"]),
)
@settings(max_examples=100, deadline=None)
def test_outline_survives_writing_and_reading(corners: list[tuple[int, int]], language: str) -> None:
    hull = shapely.MultiPoint([(320_000 + x / 4, 6_400_000 + y / 4) for x, y in corners]).convex_hull
    if not isinstance(hull, Polygon):
        return
    outline = MultiPolygon([hull])
    assert read_outline(write_outline(outline, language)).equals(outline)  # type: ignore[arg-type]
