"""Where the centre of a box of fixed sides and angle can stand so that no border crosses the box."""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Floats: TypeAlias = NDArray[np.float64]
Shape: TypeAlias = BaseGeometry


def edges_of(shape: Shape) -> Floats:
    """All border edges of a polygon or several, holes included: (n, 4) x0, y0, x1, y1, interior on the left."""
    oriented = shapely.orient_polygons(shapely.get_parts(shape))
    rings = [shapely.get_coordinates(ring) for ring in shapely.get_rings(oriented)]
    edges = [np.hstack([ring[:-1], ring[1:]]) for ring in rings]
    together = np.vstack(edges) if edges else np.zeros((0, 4))
    return together[np.any(together[:, :2] != together[:, 2:], axis=1)]


def inner_box(long_m: float, short_m: float, half: float) -> tuple[float, float]:
    """Sides of a box that lies inside the long x short rectangle at every angle from -half to half.

    W' cos h + D' sin h = W and W' sin h + D' cos h = D, solved: W' = (W cos h - D sin h) / cos 2h and D' likewise.
    The corner of the box is farthest out at h only while sin 2h <= D / W; beyond, the formula is wrong, so that
    wider ranges of angles must be halved first.
    """
    if math.sin(2 * half) > short_m / long_m or half >= math.pi / 4:
        raise ValueError("the range of angles is too wide for one inner box")
    cosine, sine, double = math.cos(half), math.sin(half), math.cos(2 * half)
    return (long_m * cosine - short_m * sine) / double, (short_m * cosine - long_m * sine) / double


def centres_left(region: Shape, edges: Floats, *, angle: float, long_m: float, short_m: float) -> Shape:
    """The part of the region in which the centre of a box can stand so that no edge crosses the open box.

    A centre is lost where the edge meets the box around it: the edge grown by the box, a hexagon. Only edges that
    boxes of this region can reach are looked at. Lines and points are dropped: the part has an area or is empty.
    """
    cosine, sine = math.cos(angle), math.sin(angle)
    turn = np.array([[cosine, -sine], [sine, cosine]])
    turned = shapely.transform(region, lambda points: points @ turn)
    near = edges_near(turned.bounds, edges[:, :2] @ turn, edges[:, 2:] @ turn, long_m, short_m)
    if not len(near):
        return region
    lost = shapely.union_all(shapely.polygons(grown_edges(near, long_m / 2, short_m / 2)))
    left = areas_of(shapely.difference(turned, lost))
    return shapely.transform(left, lambda points: points @ turn.T)


def edges_near(
    bounds: tuple[float, float, float, float], starts: Floats, ends: Floats, long_m: float, short_m: float
) -> Floats:
    """The edges, ends ordered by x, that a box centred within the bounds can touch."""
    x0, y0, x1, y1 = bounds
    low, high = np.minimum(starts, ends), np.maximum(starts, ends)
    reached = (
        (low[:, 0] < x1 + long_m / 2)
        & (high[:, 0] > x0 - long_m / 2)
        & (low[:, 1] < y1 + short_m / 2)
        & (high[:, 1] > y0 - short_m / 2)
    )
    starts, ends = starts[reached], ends[reached]
    is_backward = (starts[:, 0] > ends[:, 0])[:, None]
    return np.hstack([np.where(is_backward, ends, starts), np.where(is_backward, starts, ends)])


def grown_edges(edges: Floats, a: float, b: float) -> Floats:
    """Each edge (from left to right) grown by a box of half sides a, b: closed hexagons, (n, 7, 2)."""
    left, right = edges[:, :2], edges[:, 2:]
    up = np.where(right[:, 1] >= left[:, 1], b, -b)
    hexagons = np.stack([left, left, right, right, right, left, left], axis=1)
    hexagons[:, [0, 4, 5, 6], 0] -= a
    hexagons[:, [1, 2, 3], 0] += a
    hexagons[:, [0, 1, 2, 6], 1] -= up[:, None]
    hexagons[:, [3, 4, 5], 1] += up[:, None]
    return hexagons


def areas_of(shape: Shape) -> Shape:
    """The polygons of a shape, without its lines and points."""
    if shape.geom_type in ("Polygon", "MultiPolygon"):
        return shape
    parts = shapely.get_parts(shape)
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2])


def inside_point(region: Shape) -> tuple[float, float]:
    """A point well inside the largest part of a region with an area."""
    parts = shapely.get_parts(region)
    point = shapely.point_on_surface(parts[int(np.argmax(shapely.area(parts)))])
    return float(point.x), float(point.y)
