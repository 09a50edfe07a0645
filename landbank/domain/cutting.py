"""Cutting ground along lines: the pieces that a plot falls into. Coordinates are EPSG:3006, metres."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import shapely
from shapely.geometry import LineString, Polygon
from shapely.ops import polygonize

from landbank.errors import Invalid

OVERSHOOT_M: Final = 1.0
"""A line that ends this near the border is taken to reach it: nobody sets a point exactly on a line."""

SMALLEST_M2: Final = 1.0


def cut(ground: shapely.Geometry, lines: Sequence[Sequence[tuple[float, float]]]) -> list[Polygon]:
    """The pieces of ground between the lines, from west to east; lines that end inside it cut nothing.

    Raises
    ------
    Invalid
        The lines leave the ground in one piece, or cut off less than a square metre.
    """
    drawn = [LineString(lengthened(line)) for line in lines]
    edges = shapely.union_all([shapely.boundary(ground), *drawn])
    pieces = [
        piece for piece in polygonize(edges) if shapely.contains(ground, shapely.point_on_surface(piece))
    ]
    if len(pieces) <= shapely.get_num_geometries(ground):
        raise Invalid(
            "The line does not part the plot.",
            hint="Let it cross the plot from border to border.",
            where="line",
        )
    if min(piece.area for piece in pieces) < SMALLEST_M2:
        raise Invalid("The line cuts off less than a square metre.", hint="Move it.", where="line")
    return sorted(pieces, key=lambda piece: (piece.centroid.x, piece.centroid.y))


def lengthened(line: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The line, a metre longer at both ends."""
    return [beyond(line[1], line[0]), *line, beyond(line[-2], line[-1])]


def beyond(before: tuple[float, float], end: tuple[float, float]) -> tuple[float, float]:
    """The point a metre beyond the end of a line that comes from another point."""
    length = math.dist(before, end)
    if length == 0:
        raise Invalid("Two points of the line are the same.", where="line")
    return (
        end[0] + (end[0] - before[0]) / length * OVERSHOOT_M,
        end[1] + (end[1] - before[1]) / length * OVERSHOOT_M,
    )
