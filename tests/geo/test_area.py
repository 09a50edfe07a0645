"""Ellipsoidal areas agree with two programs that compute them otherwise."""

from __future__ import annotations

import numpy as np
import psycopg
import pytest
import shapely
from pyproj import Geod, Transformer
from shapely import affinity

from landbank.geo.area import equal_area, geodesic_area_m2

LERUM = affinity.rotate(shapely.box(330_000, 6_405_000, 330_400, 6_405_250), 17)
HAPARANDA = shapely.box(890_000, 7_320_000, 891_500, 7_320_900)
WITH_HOLE = shapely.box(640_000, 6_150_000, 641_000, 6_151_000).difference(
    shapely.box(640_300, 6_150_300, 640_500, 6_150_600)
)
SHAPES = [LERUM, HAPARANDA, WITH_HOLE]


def test_areas_agree_with_geod() -> None:
    to_lonlat = Transformer.from_crs(3006, 4326, always_xy=True)
    lonlat = [shapely.transform(s, lambda xy: np.column_stack(to_lonlat.transform(*xy.T))) for s in SHAPES]
    expected = [Geod(ellps="GRS80").geometry_area_perimeter(shapely.orient_polygons(s))[0] for s in lonlat]
    assert geodesic_area_m2(np.array(SHAPES)) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("shape", SHAPES, ids=["Lerum", "Haparanda", "hole"])
def test_areas_agree_with_postgis_geography(database_url: str, shape: shapely.Polygon) -> None:
    with psycopg.connect(database_url) as connection:
        row = connection.execute(
            "SELECT ST_Area(ST_Transform(ST_GeomFromText(%s, 3006), 4326)::geography)", [shape.wkt]
        ).fetchone()
    assert row is not None
    assert geodesic_area_m2(np.array([shape]))[0] == pytest.approx(row[0], rel=1e-6)


def test_area_is_not_the_plane_one_at_haparanda() -> None:
    # 0.342 % smaller on the ellipsoid than in the plane of EPSG:3006 at 24.1 E.
    assert geodesic_area_m2(np.array([HAPARANDA]))[0] == pytest.approx(1_350_000 / 1.00342, rel=1e-3)


def test_points_have_no_area_and_nothing_gives_nan() -> None:
    areas = geodesic_area_m2(np.array([shapely.Point(330_000, 6_405_000), None], dtype=object))
    assert areas[0] == 0
    assert np.isnan(areas[1])


def test_equal_area_plane_is_that_of_proj() -> None:
    chance = np.random.default_rng(1)
    lonlat = np.column_stack((chance.uniform(10, 25, 500), chance.uniform(55, 69.5, 500)))
    east, north = Transformer.from_crs(4258, 3035, always_xy=True).transform(*lonlat.T)
    assert np.allclose(equal_area(lonlat), np.column_stack((east - 4_321_000, north - 3_210_000)), atol=1e-6)
