"""The zone that may be built on: distances literally from the border, sides of their own, areas taken out."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely

from landbank.domain.fit.buildable import Side, buildable_zone
from landbank.errors import Invalid

SQUARE = shapely.box(320_000, 6_400_000, 320_100, 6_400_100)
L_SHAPE = shapely.Polygon([(0, 0), (100, 0), (100, 40), (40, 40), (40, 100), (0, 100)])


def test_set_back_leaves_the_inner_square() -> None:
    zone = buildable_zone(SQUARE, set_back_m=6)

    assert zone.area_m2 == pytest.approx(88**2)
    assert zone.shape.equals_exact(shapely.box(320_006, 6_400_006, 320_094, 6_400_094).normalize(), 1e-6) or (
        zone.shape.symmetric_difference(shapely.box(320_006, 6_400_006, 320_094, 6_400_094)).area < 1e-4
    )
    assert zone.taken_m2 == {"set_back": pytest.approx(100**2 - 88**2)}


def test_no_set_back_leaves_the_plot() -> None:
    assert buildable_zone(SQUARE).shape.equals(SQUARE)


def test_inner_corner_keeps_its_distance_all_around() -> None:
    # 100 x 40 and 40 x 60 less 5 m: the outer strips, and at the corner that points in a quarter circle of 5 m.
    zone = buildable_zone(L_SHAPE, set_back_m=5)

    assert zone.area_m2 == pytest.approx(90 * 30 + 30 * 60 + 25 - math.pi * 25 / 4, abs=0.03)
    assert zone.shape.distance(shapely.Point(40, 40)) == pytest.approx(5, abs=0.01)


@pytest.mark.parametrize("distance", [1.0, 6.0, 15.0])
def test_zone_is_what_lies_at_the_distance_from_any_border(distance: float) -> None:
    rng = np.random.default_rng(3)
    for _ in range(10):
        number = int(rng.integers(5, 40))
        angles = np.sort(rng.uniform(0, 2 * math.pi, number))
        radii = rng.uniform(30, 100, number)
        plot = shapely.Polygon(np.column_stack([radii * np.cos(angles), radii * np.sin(angles)]))
        plot = shapely.difference(plot, shapely.Point(5, 5).buffer(7, quad_segs=3))
        zone = buildable_zone(plot, set_back_m=distance).shape
        points = shapely.points(rng.uniform(-100, 100, (3_000, 2)))
        points = points[shapely.contains(plot, points)]
        apart = shapely.distance(points, plot.boundary)

        assert shapely.contains(zone, points[apart > distance * 1.002]).all()
        assert not shapely.contains(zone, points[apart < distance - 1e-6]).any()


def test_side_has_its_own_set_back() -> None:
    south = shapely.LineString([(320_000, 6_400_000), (320_100, 6_400_000)])
    zone = buildable_zone(SQUARE, set_back_m=4, sides=[Side(south, 12)])

    assert zone.shape.bounds == pytest.approx((320_004, 6_400_012, 320_096, 6_400_096), abs=0.02)


def test_side_may_be_built_up_to() -> None:
    south = shapely.LineString([(320_000, 6_400_000), (320_100, 6_400_000)])
    zone = buildable_zone(SQUARE, set_back_m=4, sides=[Side(south, 0)])

    # Near the side's ends the other borders keep their distance.
    assert zone.shape.bounds == pytest.approx((320_004, 6_400_000, 320_096, 6_400_096), abs=0.02)


def test_areas_are_taken_out_and_counted_by_kind() -> None:
    ban = shapely.box(320_000, 6_400_000, 320_100, 6_400_020)
    pipe = shapely.LineString([(320_050, 6_399_000), (320_050, 6_401_000)]).buffer(3)
    zone = buildable_zone(SQUARE, areas={"building_ban": [ban], "easement": [pipe], "water": []})

    assert zone.area_m2 == pytest.approx(80 * 94)
    assert zone.taken_m2["building_ban"] == pytest.approx(2_000)
    assert zone.taken_m2["easement"] == pytest.approx(600)
    assert zone.taken_m2["water"] == 0
    assert len(shapely.get_parts(zone.shape)) == 2


def test_nothing_is_left_of_a_plot_narrower_than_its_set_backs() -> None:
    zone = buildable_zone(shapely.box(0, 0, 100, 11), set_back_m=6)

    assert zone.shape.is_empty
    assert zone.taken_m2["set_back"] == pytest.approx(1_100)


@pytest.mark.parametrize("distance", [-1, math.nan, math.inf, 501])
def test_set_back_that_is_none_is_refused(distance: float) -> None:
    with pytest.raises(Invalid):
        buildable_zone(SQUARE, set_back_m=distance)


@pytest.mark.parametrize(
    "shape",
    [
        shapely.LineString([(0, 0), (1, 1)]),
        shapely.Point(0, 0),
        shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)]),
    ],
)
def test_what_is_no_ground_is_refused_and_not_repaired(shape: shapely.Geometry) -> None:
    with pytest.raises(Invalid, match="polygon"):
        buildable_zone(SQUARE, areas={"easement": [shape]})
