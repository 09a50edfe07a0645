"""Geometries in a filter, from WKT or GeoJSON: read, made two-dimensional, refused where they can't be right.

Coordinates stay in the filter's CRS and axis order; whoever places them knows both.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import shapely
from shapely.errors import ShapelyError

from landbank.domain.filter import Box, Shape, fault

GEOMETRY_NAMES = {
    name.upper(): name
    for name in (
        "Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection",
    )
}  # fmt: skip
"""The names of geometries as WKT and as GeoJSON has them."""


def shape_of_wkt(text: str, at: str) -> Shape:
    """The geometry of well-known text.

    Raises
    ------
    Invalid
        It is no such text, is empty, or is no geometry that can be compared with.
    """
    return _shape(lambda: shapely.from_wkt(text), at)


def shape_of_geojson(told: dict[str, Any], at: str) -> Shape:
    """The geometry of a GeoJSON geometry object; the same errors."""
    if told.get("type") not in GEOMETRY_NAMES.values():
        raise fault(f"'{str(told.get('type'))[:40]}' is no type of geometry.", at)
    return _shape(lambda: shapely.from_geojson(json.dumps(told)), at)


def box_of(numbers: list[float], at: str) -> Box:
    """The rectangle of four numbers, or of six with heights, which don't matter to land."""
    if len(numbers) == 6:
        numbers = [*numbers[:2], *numbers[3:5]]
    if len(numbers) != 4:
        raise fault(f"a box has 4 numbers, or 6 with heights; here are {len(numbers)}.", at)
    if not all(math.isfinite(number) for number in numbers):
        raise fault("a side of the box is not finite.", at)
    first, second, third, fourth = (float(number) for number in numbers)
    return Box((first, second, third, fourth), at)


def _shape(read: Callable[[], Any], at: str) -> Shape:
    try:
        geometry = shapely.force_2d(read())
    except (ShapelyError, ValueError, TypeError) as error:
        said = str(error).strip().removeprefix("ParseException: ").removeprefix("IllegalArgumentException: ")
        raise fault(f"this is no geometry: {said[:120]}.", at) from error
    if geometry is None or geometry.is_empty:
        raise fault("the geometry is empty.", at)
    if not all(math.isfinite(side) for side in geometry.bounds):
        raise fault("a coordinate is not finite.", at)
    return Shape(geometry, at)


def refuse_invalid(geometry: Any, at: str) -> None:
    """Raise `Invalid` for a geometry that is not valid: no relation to it is defined."""
    if not geometry.is_valid:
        raise fault(f"the geometry is not valid: {shapely.is_valid_reason(geometry)}.", at)
