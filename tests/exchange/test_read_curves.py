"""Arcs as chords: areas of circles and half circles by their formula, and what is no shape."""

from __future__ import annotations

import math
import struct

import numpy as np
import pytest
import shapely

from landbank.exchange.read_curve_wkt import curve_from_wkt
from landbank.exchange.read_curves import UnknownShape, arc, linearise


def points(*pairs: tuple[float, float]) -> bytes:
    """A count and coordinates as in WKB."""
    return struct.pack("<I", len(pairs)) + b"".join(struct.pack("<2d", *pair) for pair in pairs)


def head(kind: int) -> bytes:
    """Byte order and type as in WKB."""
    return struct.pack("<BI", 1, kind)


CIRCLE = head(8) + points((-1, 0), (1, 0), (-1, 0))


def test_full_circle_keeps_its_area_within_a_hundredth_of_a_percent() -> None:
    made, arcs = linearise(head(10) + struct.pack("<I", 1) + CIRCLE)
    assert shapely.from_wkb(made).area == pytest.approx(math.pi, rel=1e-4)
    assert arcs == 1


def test_half_circle_closed_by_a_line_has_half_the_area() -> None:
    bow = head(8) + points((-1, 0), (0, 1), (1, 0))
    chord = head(2) + points((1, 0), (-1, 0))
    ring = head(9) + struct.pack("<I", 2) + bow + chord
    made, _ = linearise(head(10) + struct.pack("<I", 1) + ring)
    assert shapely.from_wkb(made).area == pytest.approx(math.pi / 2, rel=1e-4)


@pytest.mark.parametrize(("through", "highest"), [((0.0, 1.0), 1.0), ((0.0, -1.0), 0.0)])
def test_arc_goes_through_its_middle_point(through: tuple[float, float], highest: float) -> None:
    made = arc(np.array([-1.0, 0.0]), np.array(through), np.array([1.0, 0.0]))
    assert made[:, 1].max() == pytest.approx(highest, abs=1e-9)
    assert made[0].tolist() == [-1.0, 0.0]
    assert made[-1].tolist() == [1.0, 0.0]


def test_arc_of_three_points_on_a_line_is_that_line() -> None:
    made = arc(np.array([0.0, 0.0]), np.array([1.0, 1.0]), np.array([2.0, 2.0]))
    assert made.tolist() == [[0, 0], [1, 1], [2, 2]]


def test_arc_far_from_the_origin_keeps_its_radius() -> None:
    centre = np.array([150_000.0, 6_400_000.0])
    west, north, east = (centre + np.array(way) for way in ([-25.0, 0], [0, 25.0], [25.0, 0]))
    made = arc(west, north, east)
    assert np.hypot(*(made - centre).T) == pytest.approx(25.0, abs=1e-6)


def test_curve_without_arcs_counts_none() -> None:
    square = head(2) + points((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))
    made, arcs = linearise(head(12) + struct.pack("<I", 1) + head(10) + struct.pack("<I", 1) + square)
    assert (shapely.from_wkb(made).geom_type, arcs) == ("MultiPolygon", 0)


@pytest.mark.parametrize("kind", [15, 16, 17, 99, 5010])
def test_surfaces_and_unknown_types_are_no_shapes(kind: int) -> None:
    with pytest.raises(UnknownShape):
        linearise(head(kind) + struct.pack("<I", 0))


@pytest.mark.parametrize("cut", [3, 6, 12, 30])
def test_bytes_that_break_off_are_no_shape(cut: int) -> None:
    with pytest.raises(UnknownShape):
        linearise((head(10) + struct.pack("<I", 1) + CIRCLE)[:cut])


def test_nested_without_end_is_no_shape() -> None:
    with pytest.raises(UnknownShape, match="deep"):
        linearise((head(7) + struct.pack("<I", 1)) * 10_000)


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("CURVEPOLYGON (CIRCULARSTRING (-1 0, 1 0, -1 0))", math.pi),
        (
            "CURVEPOLYGON Z (COMPOUNDCURVE Z (CIRCULARSTRING Z (-1 0 5, 0 1 5, 1 0 5), (1 0 5, -1 0 5)))",
            math.pi / 2,
        ),
        ("MULTISURFACE (((0 0, 2 0, 2 2, 0 2, 0 0)), CURVEPOLYGON ((5 5, 6 5, 6 6, 5 6, 5 5)))", 5.0),
        ("CURVEPOLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), CIRCULARSTRING (1 2, 3 2, 1 2))", 16 - math.pi),
    ],
)
def test_areas_of_curved_wkt(text: str, area: float) -> None:
    assert curve_from_wkt(text).area == pytest.approx(area, rel=1e-4)


@pytest.mark.parametrize(
    "text", ["TIN (((0 0, 1 0, 1 1, 0 0)))", "CURVEPOLYGON ((0 0, 1", "CIRCULARSTRING (a b)"]
)
def test_wkt_that_is_no_curve_is_refused(text: str) -> None:
    with pytest.raises(UnknownShape):
        curve_from_wkt(text)
