"""Shapes of reference layers: where they lie, which CRS keeps them, and what is done to those that aren't fit."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from landbank.geo.layer_shape import Tally, bounds_lonlat, layer_shapes, storage_for


@pytest.mark.parametrize(
    ("bounds", "srid"),
    [
        ((11.0, 57.0, 13.0, 58.0), 3006),
        ((10.0, 54.9, 24.7, 69.5), 3006),
        ((-180.0, -90.0, 180.0, 83.6), 4326),
        ((-75.0, 40.0, -73.0, 41.0), 4326),
        ((11.0, 57.0, 45.0, 58.0), 4326),
    ],
)
def test_layer_is_kept_where_it_stays_true(bounds: tuple[float, float, float, float], srid: int) -> None:
    assert storage_for(bounds) == srid


def test_bounds_come_in_degrees() -> None:
    found = bounds_lonlat((300000, 6400000, 400000, 6500000), "EPSG:3006")
    assert found is not None
    # The outermost corners by PostGIS 3.3 (PROJ 9.1.1).
    assert found == pytest.approx((11.5583, 57.6976, 13.3207, 58.6288), abs=1e-4)
    assert bounds_lonlat((1e12, 1e12, 2e12, 2e12), "EPSG:3006") is None


def shaped(*shapes: str | None) -> tuple[list[object], Tally]:
    """The shapes as they are kept in EPSG:4326, and what was done."""
    tally = Tally()
    wkb = np.array(
        [None if text is None else shapely.to_wkb(shapely.from_wkt(text)) for text in shapes], dtype=object
    )
    return list(layer_shapes(wkb, "EPSG:4326", 4326, tally)), tally


def test_fit_shapes_stay_as_they_are() -> None:
    told = [
        "POINT (1 2)",
        "LINESTRING (0 0, 1 1)",
        "POLYGON ((0 0, 1 0, 1 1, 0 0))",
        "MULTIPOINT ((1 2), (3 4))",
    ]
    shapes, tally = shaped(*told)
    assert [shapely.to_wkt(shape, trim=True) for shape in shapes] == told
    assert tally == Tally()


def test_heights_are_left_out_and_nothing_is_nothing() -> None:
    shapes, tally = shaped("POINT Z (1 2 3)", None, "POLYGON EMPTY")
    assert shapely.to_wkt(shapes[0], trim=True) == "POINT (1 2)"
    assert shapes[1:] == [None, None]
    assert tally.without_shape == 2


def test_crossed_polygon_is_repaired_and_counted() -> None:
    shapes, tally = shaped("POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))")
    assert shapely.area(shapes[0]) == pytest.approx(2.0)
    assert tally.repaired == 1


def test_of_a_mixture_the_largest_kind_is_kept() -> None:
    shapes, tally = shaped("GEOMETRYCOLLECTION (POINT (5 5), POLYGON ((0 0, 1 0, 1 1, 0 0)))")
    assert shapely.to_wkt(shapes[0], trim=True) == "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)))"
    assert tally.parts_dropped == 1


def test_coordinate_that_is_nowhere_leaves_its_row_without_a_shape() -> None:
    tally = Tally()
    wkb = np.array(
        [shapely.to_wkb(shapely.Point(500000, 6400000)), shapely.to_wkb(shapely.Point(1e15, 1e15))],
        dtype=object,
    )
    shapes = layer_shapes(wkb, "EPSG:3006", 4326, tally)
    assert (shapes[0] is None, shapes[1] is None, tally.unplaceable) == (False, True, 1)
