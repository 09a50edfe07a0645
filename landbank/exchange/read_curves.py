"""Curves as chords: GEOS, PostGIS' area functions and tiles know straight lines only.

A chord spans at most one degree of its circle, which takes 0.005 % off the area of a full circle.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Points = NDArray[np.float64]

POINT, LINE, POLYGON, MULTIPOINT, MULTILINE, MULTIPOLYGON, COLLECTION = 1, 2, 3, 4, 5, 6, 7
CIRCULAR, COMPOUND, CURVE_POLYGON, MULTICURVE, MULTISURFACE = 8, 9, 10, 11, 12
CURVES = frozenset({CIRCULAR, COMPOUND, CURVE_POLYGON, MULTICURVE, MULTISURFACE})
STEP = math.radians(1)
_DEEPEST = 32


class UnknownShape(ValueError):
    """The bytes hold a geometry that is no point, line, area or curve (a TIN, say), or are damaged."""


def linearise(wkb: bytes) -> tuple[bytes, int]:
    """The geometry with every arc as chords, two-dimensional, as little-endian WKB; and how many arcs it had.

    Parameters
    ----------
    wkb
        WKB or EWKB (types 1-12 and their Z, M and ZM forms).

    Raises
    ------
    UnknownShape
        Another geometry type, or damaged bytes.
    """
    parser = _Parser(wkb)
    try:
        shape = parser.geometry(0)
    except (struct.error, IndexError, shapely.errors.ShapelyError) as error:
        raise UnknownShape(str(error)) from error
    made: bytes = shapely.to_wkb(shape, byte_order=1)
    return made, parser.arcs


def arc(start: Points, through: Points, end: Points) -> Points:
    """The points from `start` along the circle through three points to `end`, both ends exact.

    Three points on a line give that line; equal ends give the full circle whose diameter runs from `start`
    to `through` (ISO/IEC 13249-3, ST_CircularString).
    """
    if np.array_equal(start, end):
        centre, sweep = (start + through) / 2, 2 * math.pi
    else:
        found = _centre(start, through, end)
        if found is None:
            return np.array([start, through, end])
        centre = found
        sweep = _sweep(start - centre, through - centre, end - centre)
    steps = max(2, math.ceil(abs(sweep) / STEP))
    begin = math.atan2(*(start - centre)[::-1])
    radius = math.hypot(*(start - centre))
    angles = begin + sweep * np.arange(steps + 1) / steps
    points = centre + radius * np.column_stack((np.cos(angles), np.sin(angles)))
    points[0], points[-1] = start, end
    return points


def _centre(one: Points, two: Points, three: Points) -> Points | None:
    """Centre of the circle through three points, None where they lie on a line."""
    (ax, ay), (bx, by) = two - one, three - one
    cross = 2 * (ax * by - ay * bx)
    if not np.isfinite(cross) or abs(cross) < 1e-12 * max(ax * ax + ay * ay, bx * bx + by * by):
        return None
    a, b = ax * ax + ay * ay, bx * bx + by * by
    centre: Points = one + np.array([(by * a - ay * b) / cross, (ax * b - bx * a) / cross])
    return centre


def _sweep(start: Points, through: Points, end: Points) -> float:
    """Signed angle from start to end that passes `through`."""
    begin, middle, last = (math.atan2(y, x) for x, y in (start, through, end))
    full = 2 * math.pi
    left = (last - begin) % full
    return left if (middle - begin) % full <= left else left - full


class _Parser:
    """Reads WKB front to back."""

    def __init__(self, wkb: bytes) -> None:
        self._wkb = wkb
        self._at = 0
        self.arcs = 0

    def geometry(self, depth: int) -> BaseGeometry:
        """The next geometry."""
        if depth > _DEEPEST:
            raise UnknownShape("nested too deep")
        kind, order, size = self._head()
        readers: dict[int, Callable[[], BaseGeometry]] = {
            POINT: lambda: self._point(order, size),
            LINE: lambda: shapely.LineString(self._points(order, size)),
            CIRCULAR: lambda: shapely.LineString(self._stroked(self._points(order, size))),
            COMPOUND: lambda: shapely.LineString(self._compound(order)),
            POLYGON: lambda: polygon([self._points(order, size) for _ in range(self._count(order))]),
            CURVE_POLYGON: lambda: polygon([self._path() for _ in range(self._count(order))]),
        }
        if kind in readers:
            return readers[kind]()
        parts: dict[int, Callable[[Any], BaseGeometry]] = {
            MULTIPOINT: shapely.MultiPoint,
            MULTILINE: shapely.MultiLineString,
            MULTICURVE: shapely.MultiLineString,
            MULTIPOLYGON: shapely.MultiPolygon,
            MULTISURFACE: shapely.MultiPolygon,
            COLLECTION: shapely.GeometryCollection,
        }
        if kind not in parts:
            raise UnknownShape(f"geometry type {kind}")
        return parts[kind]([self.geometry(depth + 1) for _ in range(self._count(order))])

    def _head(self) -> tuple[int, str, int]:
        """Kind, struct's byte order and numbers a point."""
        order = "<" if self._wkb[self._at] == 1 else ">"
        (code,) = struct.unpack_from(order + "I", self._wkb, self._at + 1)
        self._at += 5
        self._at += 4 * bool(code & 0x20000000)  # EWKB: an SRID follows
        plain = code & 0x0FFFFFFF
        extra = {0: 0, 1: 1, 2: 1, 3: 2}.get(plain // 1000)
        if extra is None:
            raise UnknownShape(f"geometry code {code}")
        return plain % 1000, order, 2 + extra + bool(code & 0x80000000) + bool(code & 0x40000000)

    def _count(self, order: str) -> int:
        (count,) = struct.unpack_from(order + "I", self._wkb, self._at)
        self._at += 4
        if count > len(self._wkb) - self._at:
            raise UnknownShape("a count larger than the geometry")
        return int(count)

    def _points(self, order: str, size: int) -> Points:
        count = self._count(order)
        if count * size * 8 > len(self._wkb) - self._at:
            raise UnknownShape("cut off")
        flat = np.frombuffer(self._wkb, dtype=order + "f8", count=count * size, offset=self._at)
        self._at += flat.nbytes
        return flat.reshape(count, size)[:, :2].astype(np.float64)

    def _point(self, order: str, size: int) -> BaseGeometry:
        values = struct.unpack_from(f"{order}{size}d", self._wkb, self._at)
        self._at += 8 * size
        return shapely.Point() if math.isnan(values[0]) else shapely.Point(values[:2])

    def _path(self) -> Points:
        """The points of the next line, circular string or compound curve."""
        kind, order, size = self._head()
        if kind == COMPOUND:
            return self._compound(order)
        if kind not in (LINE, CIRCULAR):
            raise UnknownShape(f"geometry type {kind} in a curve")
        points = self._points(order, size)
        return self._stroked(points) if kind == CIRCULAR else points

    def _compound(self, order: str) -> Points:
        parts = [self._path() for _ in range(self._count(order))]
        filled = [part for part in parts if len(part)]
        if not filled:
            return np.empty((0, 2))
        return np.vstack([filled[0], *(part[1:] for part in filled[1:])])

    def _stroked(self, points: Points) -> Points:
        self.arcs += max(len(points) - 1, 0) // 2
        return stroked(points)


def stroked(points: Points) -> Points:
    """A circular string (start, through, end, through, end, ...) as a line."""
    if len(points) < 3:
        return points
    arcs = [arc(*points[at : at + 3]) for at in range(0, len(points) - 2, 2)]
    return np.vstack([arcs[0], *(piece[1:] for piece in arcs[1:])])


def polygon(rings: list[Points]) -> shapely.Polygon:
    """A polygon of its outer ring and its holes; an empty one without rings."""
    return shapely.Polygon(rings[0], rings[1:]) if rings else shapely.Polygon()
