"""Coordinates that can't be right are refused with their likely cause. The box stands for Lerum's border."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from landbank.geo.crs import parse_crs
from landbank.geo.places import Borders
from landbank.geo.plausible import Extent, likely_systems, refuse_misplaced
from landbank.geo.shape import Shapes, read_shapes

SWEDEN = Extent(10.0, 54.9, 24.7, 69.5)
LERUM = Borders(
    {"1441": "Lerum"}, {"1441": shapely.to_wkb(shapely.box(328_000, 6_398_000, 345_000, 6_420_000))}
)
NOWHERE = Borders({}, {})


def refused(x: float, y: float, crs: str, borders: Borders = LERUM) -> Shapes:
    """A point, after the check."""
    shapes = read_shapes(np.array([shapely.to_wkb(shapely.Point(x, y))], dtype=object))
    refuse_misplaced(shapes, parse_crs(crs), SWEDEN, borders.names)
    return shapes


@pytest.mark.parametrize(
    ("x", "y", "crs"),
    [(335_000, 6_405_000, "EPSG:3006"), (12.2, 57.75, "EPSG:4326"), (164_000, 6_405_000, "EPSG:3007")],
)
def test_place_in_sweden_is_accepted(x: float, y: float, crs: str) -> None:
    assert not refused(x, y, crs).is_refused[0]


@pytest.mark.parametrize(
    ("x", "y", "crs", "code", "told"),
    [
        (6_405_000, 335_000, "EPSG:3006", "swapped_axes", "in Lerum if x and y changed places in EPSG:3006"),
        (57.78, 12.25, "EPSG:4326", "swapped_axes", "in Lerum if x and y changed places in EPSG:4326"),
        (335_000, 6_405_000, "EPSG:4326", "other_crs", "in Lerum if they are EPSG:3006"),
        (164_000, 6_405_000, "EPSG:4326", "other_crs", "in Lerum if they are EPSG:3007"),
        (6_405_000, 164_000, "EPSG:4326", "other_crs", "EPSG:3007 with x and y in changed places"),
        (12.25, 57.78, "EPSG:3006", "other_crs", "in Lerum if they are EPSG:4326"),
        (0, 0, "EPSG:4326", "missing_position", "The coordinates are 0, 0"),
        (330_941, 431_694, "EPSG:27700", "outside_extent", "53.777° N, 3.049° W"),
    ],
)
def test_misplaced_row_names_the_likely_cause(x: float, y: float, crs: str, code: str, told: str) -> None:
    shapes = refused(x, y, crs)
    assert [mark.code for mark in shapes.marks] == [code]
    assert told in shapes.marks[0].texts[0]
    assert shapes.is_refused[0]


def test_without_borders_metres_read_as_degrees_are_still_named() -> None:
    shapes = refused(335_000, 6_405_000, "EPSG:4326", NOWHERE)
    assert "inside the extent if they are EPSG:3006" in shapes.marks[0].texts[0]


def test_systems_of_coordinates_that_nobody_states_are_those_that_hit_a_known_place() -> None:
    told = likely_systems(np.array([shapely.Point(164_000, 6_405_000)]), SWEDEN, LERUM.names)
    assert told == ["in Lerum if they are EPSG:3007"]


def test_wider_extent_takes_what_the_narrow_one_refuses() -> None:
    shapes = read_shapes(np.array([shapely.to_wkb(shapely.Point(-3, 53))], dtype=object))
    refuse_misplaced(shapes, parse_crs("EPSG:4326"), Extent(-10, 49, 25, 70), NOWHERE.names)
    assert not shapes.is_refused[0]
