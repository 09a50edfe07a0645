"""Shapes of filters placed where a collection is searched: axis order, boxes across 180 degrees, what is nowhere."""

from __future__ import annotations

from typing import Any

import pytest
import shapely

from landbank.domain.filter import Call, Node, Shape
from landbank.domain.filter_text import read_text
from landbank.errors import Invalid
from landbank.geo.named_crs import CRS84, NAMED, NamedCrs, named_crs
from landbank.geo.place_filter import placed

EPSG = "http://www.opengis.net/def/crs/EPSG/0/"


def shape_of(text: str, crs: NamedCrs = CRS84, srid: int = 4326) -> Any:
    """The second argument of a spatial filter, placed."""
    root: Node = placed(read_text(f"S_INTERSECTS(g, {text})"), crs, srid)
    assert isinstance(root, Call)
    shape = root.args[1]
    assert isinstance(shape, Shape)
    assert shape.srid == srid
    return shape.geometry


def test_box_across_180_degrees_is_two_boxes() -> None:
    box = shape_of("BBOX(170, -10, -170, 10)")
    assert box.equals(shapely.union(shapely.box(170, -10, 180, 10), shapely.box(-180, -10, -170, 10)))


def test_first_axis_points_north_where_the_crs_says_so() -> None:
    assert shape_of("POINT(57 12)", NAMED[f"{EPSG}4326"]).equals(shapely.Point(12, 57))
    assert shape_of("BBOX(57, 12, 58, 13)", NAMED[f"{EPSG}4326"]).equals(shapely.box(12, 57, 13, 58))


def test_same_place_in_every_crs_comes_to_the_same_place() -> None:
    # Lerum, by PostGIS 3.3 (PROJ 9.1.1) from 12.27 E, 57.77 N; 3857 is x before y, the others north before east.
    told = {
        "4326": "POINT(57.77 12.27)",
        "4258": "POINT(57.77 12.27)",
        "3006": "POINT(6406377.305 337624.963)",
        "3007": "POINT(6405698.306 166068.090)",
        "3857": "POINT(1365890.152 7919156.121)",
    }
    for number, text in told.items():
        found = shape_of(text, NAMED[EPSG + number])
        assert (found.x, found.y) == pytest.approx((12.27, 57.77), abs=2e-7), number


def test_straight_line_of_one_crs_stays_so_in_the_other() -> None:
    # Half way along a parallel the straight line of degrees has the same latitude; in 3857 so does its image.
    line = shape_of("LINESTRING(10 57, 14 59)", srid=3857)
    middle = shapely.Point(*_mercator(12, 58))
    assert line.distance(middle) < 0.2
    assert shapely.LineString([line.coords[0], line.coords[-1]]).distance(middle) > 1_000


def _mercator(lon: float, lat: float) -> tuple[float, float]:
    from math import log, pi, radians, tan

    return 6378137 * radians(lon), 6378137 * log(tan(pi / 4 + radians(lat) / 2))


def test_what_lies_beyond_the_maps_edge_is_cut_off_there() -> None:
    world = shape_of("POLYGON((-180 -90, 180 -90, 180 90, -180 90, -180 -90))", srid=3857)
    assert world.bounds == pytest.approx((-20037508.34, -20037508.34, 20037508.34, 20037508.34), abs=0.01)


@pytest.mark.parametrize(
    ("text", "crs", "what"),
    [
        ("POINT(90 180)", CRS84, "position 90 180 is outside"),
        ("BBOX(1000000, 1000000, 2000000, 2000000)", CRS84, "outside its coordinate reference system"),
        ("BBOX(0, 10, 5, 5)", CRS84, "south above its north"),
        ("BBOX(6500000, 400000, 6600000, 300000)", NAMED[f"{EPSG}3006"], "west beyond its east"),
        ("POINT(1e12 1e12)", NAMED[f"{EPSG}3006"], "outside"),
        ("POLYGON((0 0, 1 1, 1 0, 0 1, 0 0))", CRS84, "Self-intersection"),
    ],
)
def test_what_can_not_be_placed_is_refused(text: str, crs: NamedCrs, what: str) -> None:
    with pytest.raises(Invalid, match=what) as refusal:
        shape_of(text, crs)
    assert refusal.value.where == "filter, character 17"


@pytest.mark.parametrize("text", ["BBOX(12, 57, 12, 58)", "BBOX(12, 57, 12, 57)"])
def test_box_without_width_is_a_line_or_a_point(text: str) -> None:
    assert shape_of(text, srid=3857).is_valid


def test_crs_is_known_by_its_exact_name_alone() -> None:
    assert named_crs(f"{EPSG}3006", "crs").srid == 3006
    for wrong in ("EPSG:3006", "http://www.opengis.net/def/crs/EPSG/0/27700", "", "3006"):
        with pytest.raises(Invalid) as refusal:
            named_crs(wrong, "crs")
        assert refusal.value.where == "crs"
