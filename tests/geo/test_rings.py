"""Rings measured as numbers agree with GEOS."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from landbank.geo.rings import single_rings

SHAPES = np.array(
    [
        shapely.box(330_000, 6_400_000, 330_100, 6_400_050),
        shapely.box(0, 0, 9, 9).difference(shapely.box(1, 1, 2, 2)),
        None,
        shapely.Polygon([(330_000, 6_400_000), (330_060, 6_400_000), (330_000, 6_400_030)]),
        shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(2, 0, 3, 1)]),
        shapely.Point(1, 1),
    ],
    dtype=object,
)


def test_only_polygons_without_holes_are_single_rings() -> None:
    rings = single_rings(SHAPES)
    assert rings.rows.tolist() == [0, 3]
    assert rings.counts.tolist() == [5, 4]


def test_area_and_centroid_by_hand() -> None:
    areas, middles = single_rings(SHAPES).measured()
    assert areas == pytest.approx([5_000, 900])
    assert middles == pytest.approx(np.array([[330_050, 6_400_025], [330_020, 6_400_010]]))


def test_area_and_centroid_agree_with_geos_for_any_ring() -> None:
    chance = np.random.default_rng(7)
    turns = np.sort(chance.uniform(0, 2 * np.pi, (200, 9)), axis=1)
    away = chance.uniform(20, 200, (200, 9))
    x, y = 320_000 + away * np.cos(turns), 6_400_000 + away * np.sin(turns)
    stars: np.ndarray = shapely.polygons(np.stack((x, y), axis=2))
    areas, middles = single_rings(stars).measured()
    assert areas == pytest.approx(shapely.area(stars), rel=1e-9)
    assert middles == pytest.approx(shapely.get_coordinates(shapely.centroid(stars)), abs=1e-6)


def test_no_rings_measure_nothing() -> None:
    areas, middles = single_rings(np.array([None], dtype=object)).measured()
    assert (len(areas), middles.shape) == (0, (0, 2))
