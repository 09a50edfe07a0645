"""The side of a plot that faces the road: given by the road, by a point of access, or assumed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Floats: TypeAlias = NDArray[np.float64]
Shape: TypeAlias = BaseGeometry

REACH_M: Final = 15.0
"""A border is front where the road's middle line or edge is no farther than this, straight out from it."""

INSIDE_M: Final = 2.0
"""A road may be drawn this far inside the plot."""

PIECE_M: Final = 2.0
ACCESS_M: Final = 200.0
"""A point of access farther from the plot than this is not its access."""

CORNER: Final = math.radians(15)
BEND: Final = math.radians(30)


@dataclass(frozen=True, slots=True, eq=False)
class Front:
    """The border that counts as road front, and the straight sides that it lies on.

    `sides` are lines along the border, each nearly straight, those with the longest front first.
    """

    line: Shape
    sides: tuple[shapely.LineString, ...]
    is_assumed: bool

    def length_of(self, part: Shape) -> float:
        """How much of the front belongs to a part of the plot, m."""
        return float(shapely.intersection(self.line, shapely.buffer(part, 1e-6)).length)


def find_front(plot: Shape, road: Shape | None, *, least_m: float) -> Front | None:
    """The front towards the road; None where no side has at least `least_m` of it.

    `road` is a line, a polygon, or a point of access up to 200 m away, for which the nearest side is taken. Without
    a road the longest side is assumed to be the front, and the answer says so.
    """
    sides = straight_sides(plot)
    if road is None:
        side = max(sides, key=lambda one: round(one.length, 6))
        return Front(side, (side,), is_assumed=True)
    if shapely.get_dimensions(road) == 0:
        if plot.distance(road) > ACCESS_M:
            return None
        side = min(sides, key=lambda one: (round(one.distance(road), 6), -round(one.length, 6)))
        return Front(side, (side,), is_assumed=False)
    facing = [(side, facing_road(side, road)) for side in sides]
    long_enough = [(side, pieces) for side, pieces in facing if pieces.length >= least_m]
    if not long_enough:
        return None
    long_enough.sort(key=lambda one: -round(one[1].length, 6))
    line = shapely.union_all([pieces for _, pieces in long_enough])
    return Front(line, tuple(side for side, _ in long_enough), is_assumed=False)


def facing_road(side: shapely.LineString, road: Shape) -> Shape:
    """The pieces of a side from which, going straight out, one meets the road within reach.

    A side that only ends at the road does not face it.
    """
    points = shapely.get_coordinates(shapely.segmentize(side, PIECE_M))
    starts, ends = points[:-1], points[1:]
    way = (ends - starts) / np.hypot(*(ends - starts).T)[:, None]
    out = np.column_stack([way[:, 1], -way[:, 0]])
    middle = (starts + ends) / 2
    rays = shapely.linestrings(np.stack([middle - out * INSIDE_M, middle + out * REACH_M], axis=1))
    pieces = np.asarray(shapely.linestrings(np.stack([starts, ends], axis=1)), dtype=object)
    return shapely.union_all(pieces[shapely.intersects(rays, road)])


def straight_sides(plot: Shape) -> list[shapely.LineString]:
    """The outer borders cut at their corners: a turn of 15 degrees, or a bend of 30 in all, begins a new side."""
    sides: list[shapely.LineString] = []
    for part in shapely.get_parts(shapely.orient_polygons(shapely.get_parts(plot))):
        points = shapely.get_coordinates(shapely.get_exterior_ring(part))
        sides.extend(sides_of(points[np.append(np.any(points[1:] != points[:-1], axis=1), True)]))
    return sides


def sides_of(ring: Floats) -> list[shapely.LineString]:
    """The nearly straight sides of a closed ring, beginning at its sharpest corner."""
    steps = np.diff(ring, axis=0)
    ways = np.arctan2(steps[:, 1], steps[:, 0])
    turns = (np.diff(ways, append=ways[0]) + math.pi) % (2 * math.pi) - math.pi
    first = (int(np.argmax(np.abs(turns).round(9))) + 1) % len(steps)
    turns = np.roll(turns, -first)
    points = np.vstack([np.roll(ring[:-1], -first, axis=0), ring[first]])
    cuts, bend = [0], 0.0
    for place, turn in enumerate(turns[:-1], start=1):
        bend += turn
        if abs(turn) >= CORNER or abs(bend) >= BEND:
            cuts.append(place)
            bend = 0.0
    return [
        shapely.LineString(points[start : end + 1])
        for start, end in zip(cuts, [*cuts[1:], len(points) - 1], strict=True)
    ]
