"""Ground cut along lines."""

from __future__ import annotations

import pytest
import shapely
from shapely.geometry import MultiPolygon, Polygon, box

from landbank.domain.cutting import cut
from landbank.errors import Invalid

SQUARE = MultiPolygon([box(320_000, 6_400_000, 320_100, 6_400_100)])


def test_line_from_border_to_border_makes_two_pieces_from_west_to_east() -> None:
    west, east = cut(SQUARE, [[(320_030, 6_399_990), (320_030, 6_400_110)]])
    assert (round(west.area), round(east.area)) == (3_000, 7_000)


def test_line_that_ends_a_little_before_the_border_reaches_it() -> None:
    pieces = cut(SQUARE, [[(320_050, 6_400_000.4), (320_050, 6_400_099.6)]])
    assert [round(piece.area) for piece in pieces] == [5_000, 5_000]


def test_bent_line_and_two_lines_cut_too() -> None:
    bent = cut(SQUARE, [[(320_000, 6_400_050), (320_050, 6_400_050), (320_050, 6_400_000)]])
    assert sorted(round(piece.area) for piece in bent) == [2_500, 7_500]
    across = [[(320_000, 6_400_050), (320_100, 6_400_050)], [(320_050, 6_400_000), (320_050, 6_400_100)]]
    assert [round(piece.area) for piece in cut(SQUARE, across)] == [2_500] * 4


def test_hole_stays_a_hole() -> None:
    holed = Polygon(box(0, 0, 100, 100).exterior.coords, [box(40, 40, 60, 60).exterior.coords])
    pieces = cut(MultiPolygon([holed]), [[(50, 0), (50, 100)]])
    assert sum(piece.area for piece in pieces) == pytest.approx(9_600)
    assert not any(piece.contains(shapely.Point(50.5, 50)) for piece in pieces)


@pytest.mark.parametrize(
    "line",
    [
        [(320_020, 6_400_020), (320_050, 6_400_050)],
        [(320_200, 6_400_000), (320_200, 6_400_100)],
        [(320_050, 6_400_050), (320_050, 6_400_050)],
        [(320_000.001, 6_399_990), (320_000.001, 6_400_110)],
    ],
    ids=["ends inside", "passes by", "no length", "a sliver"],
)
def test_line_that_parts_nothing_is_refused(line: list[tuple[float, float]]) -> None:
    with pytest.raises(Invalid) as refused:
        cut(SQUARE, [line])
    assert refused.value.where == "line"
