"""The largest rectangle of a ratio and of any: drawn, and close to a bound that is proved."""

from __future__ import annotations

import math

import pytest
import shapely

from landbank.domain.fit.footprint import Footprint
from landbank.domain.fit.ground import prepare
from landbank.domain.fit.key import fit_key
from landbank.domain.fit.largest import largest_of_ratio
from landbank.domain.fit.largest_any import largest_rectangle
from landbank.errors import Invalid

EAST, NORTH = 320_000.0, 6_400_000.0
TRIANGLE = shapely.Polygon([(EAST, NORTH), (EAST + 200, NORTH), (EAST + 60, NORTH + 120)])
L_SHAPE = shapely.Polygon([(0, 0), (100, 0), (100, 40), (40, 40), (40, 100), (0, 100)])


def test_largest_rectangle_in_a_triangle_is_half_of_it() -> None:
    found = largest_rectangle(prepare(TRIANGLE))

    assert found.rectangle is not None
    assert TRIANGLE.covers(found.rectangle.outline())
    assert found.rectangle.area_m2 / TRIANGLE.area == pytest.approx(0.5, abs=0.0015)
    assert 0.5 <= found.at_most_m2 / TRIANGLE.area <= 0.52


def test_largest_rectangle_in_an_l_is_one_arm() -> None:
    found = largest_rectangle(prepare(L_SHAPE), close=0.01)

    assert found.rectangle is not None
    assert found.rectangle.area_m2 == pytest.approx(4_000, rel=0.01)
    assert 4_000 <= found.at_most_m2 <= 4_050


@pytest.mark.parametrize(("ratio", "long"), [(1.0, 40.0), (0.4, 100.0), (0.5, 80.0)])
def test_largest_of_a_ratio_in_an_l(ratio: float, long: float) -> None:
    found = largest_of_ratio(prepare(L_SHAPE), ratio)

    assert found.rectangle is not None
    assert found.rectangle.long_m == pytest.approx(long, rel=0.006)
    assert found.rectangle.short_m == pytest.approx(found.rectangle.long_m * ratio)
    assert found.at_most_m2 >= long**2 * ratio - 1e-6


def test_largest_square_in_a_circle_has_its_diagonal() -> None:
    found = largest_of_ratio(prepare(shapely.Point(0, 0).buffer(80, quad_segs=128)), 1.0)

    assert found.rectangle is not None
    assert found.rectangle.long_m == pytest.approx(80 * math.sqrt(2), rel=0.006)


def test_ratio_can_be_bounded_so_that_no_corridor_is_offered() -> None:
    corridor = shapely.box(0, 0, 300, 12)
    found = largest_rectangle(prepare(corridor), narrowest=0.5)

    assert found.rectangle is not None
    assert found.rectangle.area_m2 == pytest.approx(24 * 12, rel=0.03)


def test_squares_alone_are_bounded_by_proof_too() -> None:
    found = largest_rectangle(prepare(TRIANGLE), narrowest=1.0)
    of_ratio = largest_of_ratio(prepare(TRIANGLE), 1.0)

    assert found.rectangle is not None
    assert of_ratio.rectangle is not None
    assert found.rectangle.area_m2 == pytest.approx(of_ratio.rectangle.area_m2, rel=0.03)
    assert of_ratio.rectangle.area_m2 <= found.at_most_m2 <= 1.04 * of_ratio.rectangle.area_m2


@pytest.mark.parametrize("zone", [shapely.Polygon(), shapely.box(0, 0, 100, 0.8)])
def test_nothing_is_drawn_where_not_even_a_metre_fits(zone: shapely.Polygon) -> None:
    assert largest_rectangle(prepare(zone)).rectangle is None
    assert largest_of_ratio(prepare(zone), 0.5).rectangle is None


@pytest.mark.parametrize("ratio", [0.0, -1.0, 1.1, math.nan])
def test_ratio_that_is_none_is_refused(ratio: float) -> None:
    with pytest.raises(Invalid):
        largest_of_ratio(prepare(TRIANGLE), ratio)


def test_key_changes_with_what_the_answer_depends_on_and_with_nothing_else() -> None:
    ban = shapely.box(0, 0, 10, 10)
    same = [
        fit_key(7, 2, footprints=[Footprint(60, 40)], set_back_m=6, areas={"easement": [ban]}),
        fit_key(7, 2, footprints=[Footprint(40, 60)], set_back_m=6.0, areas={"easement": [ban.reverse()]}),
    ]
    others = [
        fit_key(8, 2, footprints=[Footprint(60, 40)], set_back_m=6, areas={"easement": [ban]}),
        fit_key(7, 3, footprints=[Footprint(60, 40)], set_back_m=6, areas={"easement": [ban]}),
        fit_key(7, 2, footprints=[Footprint(60, 41)], set_back_m=6, areas={"easement": [ban]}),
        fit_key(7, 2, footprints=[Footprint(60, 40)], set_back_m=7, areas={"easement": [ban]}),
        fit_key(7, 2, footprints=[Footprint(60, 40)], set_back_m=6, gap_m=1, areas={"easement": [ban]}),
        fit_key(7, 2, footprints=[Footprint(60, 40)], set_back_m=6, areas={"water": [ban]}),
        fit_key(7, 2, footprints=[Footprint(60, 40)], set_back_m=6),
        fit_key(7, 2, footprints=[Footprint(60, 40)] * 2, set_back_m=6, areas={"easement": [ban]}),
    ]
    assert len(set(same)) == 1
    assert len({*same, *others}) == 1 + len(others)
