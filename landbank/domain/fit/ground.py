"""The ground of one plot made ready for many fits: edges, likely directions, and a smoother shape around it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from landbank.domain.fit.centres import Floats, Shape, edges_of

CRACK_M: Final = 0.02
"""Gaps narrower than this are faults of drawing: where a footprint spans one, it is borderline, never refused."""

SMOOTHED_M: Final = 0.005
MANY_VERTICES: Final = 150
DIRECTIONS: Final = 6
SAME_DIRECTION: Final = math.radians(0.25)


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """The zone that may be built on, seen from `origin`, so that coordinates are short and keep their precision.

    Attributes
    ----------
    zone
        The zone where it lies.
    local
        The same, `origin` at (0, 0).
    around
        Contains `local`: cracks closed and, where there are many vertices, borders smoothed by half a centimetre.
        What has no place in it has none in the zone; what has one may still fail in the zone.
    directions
        Angles of the longest borders and across them, longest first.
    """

    zone: Shape
    origin: tuple[float, float]
    local: Shape
    around: Shape
    edges: Floats
    edges_around: Floats
    directions: tuple[float, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing may be built on."""
        return bool(self.local.is_empty)


def prepare(zone: Shape) -> Ground:
    """The zone, a valid polygon or several, made ready."""
    if not shapely.is_valid(zone) or zone.geom_type not in ("Polygon", "MultiPolygon"):
        raise ValueError("the zone must be a valid polygon or several")
    x, y = (round(float(middle)) for middle in middle_of(zone))
    local = shapely.transform(zone, lambda points: points - (x, y))
    around = surround(local)
    shapely.prepare([zone, around])
    edges = edges_of(local)
    return Ground(zone, (x, y), local, around, edges, edges_of(around), main_directions(edges))


def middle_of(zone: Shape) -> tuple[float, float]:
    """The middle of the zone's bounds; (0, 0) where it is empty."""
    if zone.is_empty:
        return 0.0, 0.0
    x0, y0, x1, y1 = zone.bounds
    return (x0 + x1) / 2, (y0 + y1) / 2


def surround(local: Shape) -> Shape:
    """A shape that contains the zone, without its cracks and finest details."""
    smoothed = 0.0
    outer = local
    if shapely.get_num_coordinates(local) > MANY_VERTICES:
        smoothed = SMOOTHED_M
        outer = shapely.simplify(local, smoothed)
    out, back = CRACK_M / 2 + 1.02 * smoothed, CRACK_M / 2
    grown = shapely.buffer(outer, out, join_style="mitre")
    around = shapely.buffer(grown, -back, join_style="mitre")
    # The border of a shape can move by a hundredth of a buffer's distance, here a tenth of a millimetre.
    return around if shapely.buffer(around, 0.001).covers(local) else local


def main_directions(edges: Floats) -> tuple[float, ...]:
    """The directions with the longest borders, each followed by the one across it; radians from 0 to pi."""
    steps = edges[:, 2:] - edges[:, :2]
    lengths = np.hypot(steps[:, 0], steps[:, 1])
    angles = np.arctan2(steps[:, 1], steps[:, 0]) % math.pi
    found: list[float] = []
    for place in np.argsort(-lengths, kind="stable")[: 20 * DIRECTIONS]:
        for angle in (float(angles[place]), float((angles[place] + math.pi / 2) % math.pi)):
            if all(apart(angle, other) > SAME_DIRECTION for other in found):
                found.append(angle)
        if len(found) >= 2 * DIRECTIONS:
            break
    return tuple(found)


def apart(one: float, other: float) -> float:
    """The angle between two directions."""
    turn = abs(one - other) % math.pi
    return min(turn, math.pi - turn)
