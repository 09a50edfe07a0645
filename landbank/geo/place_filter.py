"""Places the shapes of a filter where a collection is searched: from the filter's CRS and axis order to x, y there.

The shape is changed, never the column, so that a spatial index serves. Lines that are straight in the filter's CRS stay
so to a few centimetres: they are cut in short pieces first.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from landbank.domain.filter import Box, Node, Shape, fault, replaced
from landbank.domain.filter_shapes import refuse_invalid
from landbank.geo.crs import LONLAT, TILE, transformer
from landbank.geo.named_crs import NamedCrs
from landbank.geo.tile import MOST_LATITUDE, on_map

PIECE_DEGREES = 0.01
PIECE_M = 1_000.0
MOST_PIECES = 2_000
"""Longest piece of a line, and into how many all lines of a shape are cut at most."""


def placed(root: Node, crs: NamedCrs, srid: int) -> Node:
    """The filter with its shapes in the CRS `srid` (3857 or 4326), x before y.

    Raises
    ------
    Invalid
        A coordinate lies outside its CRS, a box has its sides the wrong way round, or a geometry is not valid.
    """

    def place(node: Node) -> Node:
        if isinstance(node, Box):
            return Shape(_box(node, crs, srid), node.at, srid)
        if isinstance(node, Shape):
            return Shape(_shape(node, crs, srid), node.at, srid)
        return node

    return replaced(root, place)


def widened(box: Box, crs: NamedCrs) -> Box:
    """The box, wider on each side by half of the last decimal that coordinates are sent with.

    Whatever was sent as lying on its edge is then met, though its exact place may be a few millimetres beyond.
    """
    slack = 0.5 * 10.0**-crs.decimals
    first, second, third, fourth = box.sides
    sides = (first - slack, second - slack, third + slack, fourth + slack)
    if not crs.is_degrees:
        return replace(box, sides=sides)
    ends = (90.0, 180.0) if crs.is_northing_first else (180.0, 90.0)
    first, second, third, fourth = (
        old if abs(old) > end else min(max(new, -end), end)
        for old, new, end in zip(box.sides, sides, (*ends, *ends), strict=True)
    )
    return replace(box, sides=(first, second, third, fourth))


def _box(box: Box, crs: NamedCrs, srid: int) -> Any:
    """The rectangle; two of them where it crosses 180 degrees."""
    west, south, east, north = box.sides
    if crs.is_northing_first:
        west, south, east, north = south, west, north, east
    _refuse_outside(np.array([[west, south], [east, north]]), crs, box.at)
    if south > north:
        raise fault("the box has its south above its north.", box.at)
    if west > east and not crs.is_degrees:
        raise fault("the box has its west beyond its east.", box.at)
    spans = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
    parts = [_rectangle((left, south, right, north), crs, srid) for left, right in spans]
    return parts[0] if len(parts) == 1 else shapely.union_all(parts)


def _rectangle(sides: tuple[float, float, float, float], crs: NamedCrs, srid: int) -> Any:
    west, south, east, north = sides
    if crs.is_degrees and srid == TILE:  # a rectangle there too
        (west, south), (east, north) = on_map(west, south), on_map(east, north)
        return _flat(west, south, east, north)
    return _moved(_flat(west, south, east, north), crs, srid)


def _flat(west: float, south: float, east: float, north: float) -> Any:
    """A rectangle; a line or a point where it has no width or height."""
    if west == east and south == north:
        return shapely.Point(west, south)
    if west == east or south == north:
        return shapely.LineString([(west, south), (east, north)])
    return shapely.box(west, south, east, north)


def _shape(shape: Shape, crs: NamedCrs, srid: int) -> Any:
    geometry = shape.geometry
    if crs.is_northing_first:
        geometry = shapely.transform(geometry, lambda xy: xy[:, ::-1])
    _refuse_outside(shapely.get_coordinates(geometry), crs, shape.at)
    refuse_invalid(geometry, shape.at)
    return _moved(geometry, crs, srid)


def _refuse_outside(xy: NDArray[np.float64], crs: NamedCrs, at: str) -> None:
    """Raise for coordinates that are nowhere on earth."""
    lonlat = xy if crs.is_degrees else _change(xy, crs.srid, LONLAT)
    is_there = np.isfinite(lonlat).all(axis=1)
    is_there &= (np.abs(lonlat[:, 0]) <= 180) & (np.abs(lonlat[:, 1]) <= 90)
    if not is_there.all():
        first, second = xy[~is_there][0][::-1] if crs.is_northing_first else xy[~is_there][0]
        raise fault(
            f"the position {first:g} {second:g} is outside its coordinate reference system.",
            at,
            hint=f"Coordinates are read in {crs.uri}; filter-crs or bbox-crs names another.",
        )


def _moved(geometry: Any, crs: NamedCrs, srid: int) -> Any:
    if crs.srid == srid or (crs.is_degrees and srid == LONLAT):
        return geometry
    pieces = max(PIECE_DEGREES if crs.is_degrees else PIECE_M, shapely.length(geometry) / MOST_PIECES)
    cut = shapely.segmentize(geometry, pieces)
    if srid == TILE and crs.is_degrees:
        cut = shapely.clip_by_rect(cut, -180, -MOST_LATITUDE, 180, MOST_LATITUDE)
    moved = shapely.transform(cut, lambda xy: _change(xy, crs.srid, srid))
    return moved if shapely.is_valid(moved) else shapely.make_valid(moved)


def _change(xy: NDArray[np.float64], source: int, target: int) -> NDArray[np.float64]:
    x, y = transformer(source, target).transform(xy[:, 0], xy[:, 1])
    return np.column_stack((x, y))
