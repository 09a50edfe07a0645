"""What becomes of broken, odd and harmless shapes. Areas by hand: squares of whole metres near Lerum (EPSG:3006)."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from landbank.geo.shape import Shapes, clean, read_shapes

X, Y = 330_000.0, 6_400_000.0


def at(wkt: str) -> bytes:
    """WKB of a text with coordinates counted from a place near Lerum."""
    drawn = shapely.from_wkt(wkt)
    moved = shapely.transform(
        drawn, lambda xy: xy + np.array([X, Y, 0])[: xy.shape[1]], include_z=drawn.has_z
    )
    return shapely.to_wkb(moved, output_dimension=3)


def cleaned(*wkb: bytes | None) -> Shapes:
    """The shapes after both steps, from EPSG:3006."""
    return clean(read_shapes(np.array(wkb, dtype=object)), 3006)


def codes(shapes: Shapes) -> list[str]:
    """The codes of all marks, in order."""
    return [mark.code for mark in shapes.marks]


SQUARE = "POLYGON ((0 0, 100 0, 100 100, 0 100, 0 0))"


def test_plain_square_lands_without_a_word() -> None:
    shapes = cleaned(at(SQUARE))
    assert codes(shapes) == []
    assert shapes.geometry[0].geom_type == "Polygon"
    assert shapes.area_m2[0] == pytest.approx(10_000, rel=5e-4)  # geodesic: planar is 0.015 % low at Lerum
    assert shapes.location[0] == pytest.approx([X + 50, Y + 50])


@pytest.mark.parametrize(
    "wkt",
    [
        "POLYGON ((100 100, 0 100, 0 0, 100 0, 100 100))",
        "POLYGON ((0 0, 0 100, 100 100, 100 0, 0 0))",
        "MULTIPOLYGON (((100 0, 100 100, 0 100, 0 0, 100 0)))",
        "POLYGON Z ((0 0 1, 100 0 2, 100 100 3, 0 100 4, 0 0 1))",
        "POLYGON ((0 0, 0 0, 100 0, 100 100, 0 100, 0 0))",
    ],
)
def test_same_ground_has_the_same_coordinates_however_it_was_drawn(wkt: str) -> None:
    one, other = cleaned(at(SQUARE)), cleaned(at(wkt))
    assert shapely.to_wkb(one.geometry[0]) == shapely.to_wkb(other.geometry[0])


@pytest.mark.parametrize(
    ("wkt", "code"),
    [
        ("POLYGON EMPTY", "empty_geometry"),
        ("LINESTRING (0 0, 100 0, 100 100)", "open_line"),
        ("MULTIPOINT ((0 0), (100 0))", "not_an_area"),
        ("GEOMETRYCOLLECTION (POINT (0 0), LINESTRING (0 0, 1 1))", "not_an_area"),
        ("POLYGON ((0 0, 100 0, 200 0, 0 0))", "no_area"),
        ("POLYGON ((0 0, 0.5 0, 0.5 0.5, 0 0.5, 0 0))", "no_area"),
    ],
)
def test_shape_that_is_no_area_is_refused(wkt: str, code: str) -> None:
    shapes = cleaned(at(wkt))
    assert codes(shapes)[-1] == code
    assert shapes.is_refused[0]
    assert shapes.geometry[0] is None


def test_null_and_bytes_that_are_no_geometry_are_refused() -> None:
    shapes = cleaned(None, b"\x01\x03")
    assert codes(shapes) == ["no_geometry", "unreadable_geometry"]
    assert shapes.is_refused.all()


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_coordinate_that_is_not_finite_is_refused(bad: float) -> None:
    wkb = at(SQUARE).replace(np.array([X + 100, Y + 100]).tobytes(), np.array([X + 100, bad]).tobytes())
    shapes = cleaned(wkb)
    assert codes(shapes) == ["not_finite"]


def test_bow_tie_is_repaired_and_both_areas_are_told() -> None:
    shapes = cleaned(at("POLYGON ((0 0, 100 100, 100 0, 0 100, 0 0))"))
    assert codes(shapes) == ["repaired_geometry"]
    assert "Self-intersection" in shapes.marks[0].texts[0]
    assert "0.0 m² before" in shapes.marks[0].texts[0]
    assert shapes.area_m2[0] == pytest.approx(5_000, rel=5e-4)


def test_ring_drawn_twice_counts_once() -> None:
    shapes = cleaned(
        at(f"MULTIPOLYGON ({SQUARE[8:]}, {SQUARE[8:]})".replace("MULTIPOLYGON ( (", "MULTIPOLYGON (("))
    )
    assert codes(shapes) == ["repaired_geometry"]
    assert shapes.area_m2[0] == pytest.approx(10_000, rel=5e-4)


def test_ring_that_is_not_closed_is_closed() -> None:
    ring = b"".join(
        np.array(xy, "<f8").tobytes() for xy in ((X, Y), (X + 100, Y), (X + 100, Y + 100), (X, Y + 100))
    )
    wkb = b"\x01" + (3).to_bytes(4, "little") + (1).to_bytes(4, "little") + (4).to_bytes(4, "little") + ring
    shapes = cleaned(wkb)
    assert codes(shapes) == ["unclosed_ring"]
    assert shapes.area_m2[0] == pytest.approx(10_000, rel=5e-4)


def test_closed_line_becomes_its_area() -> None:
    shapes = cleaned(at("LINESTRING (0 0, 100 0, 100 100, 0 100, 0 0)"))
    assert codes(shapes) == ["closed_line"]
    assert shapes.area_m2[0] == pytest.approx(10_000, rel=5e-4)


def test_of_two_closed_lines_and_one_open_the_row_is_refused() -> None:
    closed = "(0 0, 100 0, 100 100, 0 100, 0 0)"
    shapes = cleaned(at(f"MULTILINESTRING ({closed}, (0 0, 5 5))"), at(f"MULTILINESTRING ({closed})"))
    assert list(shapes.is_refused) == [True, False]


def test_collection_gives_its_polygons() -> None:
    shapes = cleaned(at(f"GEOMETRYCOLLECTION (POINT (0 0), {SQUARE})"))
    assert codes(shapes) == ["parts_dropped"]
    assert shapes.area_m2[0] == pytest.approx(10_000, rel=5e-4)


def test_point_is_a_place_without_area() -> None:
    shapes = cleaned(at("POINT Z (10 20 5)"))
    assert codes(shapes) == ["height_dropped", "point_only"]
    assert shapes.is_point[0]
    assert np.isnan(shapes.area_m2[0])
    assert list(shapes.location[0]) == [X + 10, Y + 20]


def test_location_of_a_horseshoe_lies_on_it() -> None:
    horseshoe = "POLYGON ((0 0, 100 0, 100 100, 90 100, 90 10, 10 10, 10 100, 0 100, 0 0))"
    shapes = cleaned(at(horseshoe))
    assert shapely.contains_xy(shapes.geometry[0], *shapes.location[0])


def test_thin_strip_is_a_sliver_that_lands() -> None:
    shapes = cleaned(at("POLYGON ((0 0, 300 0, 300 0.2, 0 0.2, 0 0))"))
    assert codes(shapes) == ["sliver"]
    assert not shapes.is_refused[0]


def test_too_many_vertices_are_refused() -> None:
    turns = np.linspace(0, 2 * np.pi, 100_002)
    circle = shapely.Polygon(np.column_stack((X + 100 * np.cos(turns), Y + 100 * np.sin(turns))))
    assert codes(cleaned(shapely.to_wkb(circle))) == ["too_many_vertices"]
