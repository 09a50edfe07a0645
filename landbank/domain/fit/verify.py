"""Checks an answer without the search that found it: by rectangles alone, laid on the zone one by one.

A place is checked by laying the rectangle there. A proof is checked by dividing all places and angles into cells
and laying in each cell the box that every rectangle of the cell contains: where that box leaves the zone, the cell
holds no place. No cell may remain. Nothing of centres.py or search.py is used.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import affinity
from shapely.geometry.base import BaseGeometry

from landbank.domain.fit.footprint import Footprint, Interval, Proof, Reason, Rectangle

Floats: TypeAlias = NDArray[np.float64]
Shape: TypeAlias = BaseGeometry

FINEST_M: Final = 0.004
MOST_CELLS: Final = 200_000
FINEST_RADIANS: Final = 1e-5
WITHIN: Final = 1e-6


def is_placed(zone: Shape, rectangle: Rectangle, footprint: Footprint) -> bool:
    """Whether the rectangle has the footprint's sides and lies in the zone."""
    corners = rectangle.corners()
    sides = np.hypot(*(corners - np.roll(corners, 1, axis=0)).T)
    wanted = [footprint.short_m, footprint.short_m, footprint.long_m, footprint.long_m]
    return bool(np.allclose(np.sort(sides), wanted, rtol=0, atol=WITHIN)) and zone.covers(
        shapely.Polygon(corners)
    )


def is_proved(zone: Shape, footprint: Footprint, proof: Proof) -> bool:
    """Whether the proof shows that the footprint has no place in the zone at any angle."""
    if proof.reason is Reason.NO_GROUND:
        return bool(zone.is_empty)
    if zone.is_empty:
        return False
    if proof.reason is Reason.AREA:
        return float(shapely.area(shapely.get_parts(zone)).max()) < footprint.area_m2
    if proof.reason is Reason.DIAGONAL:
        return widest_span(zone) < math.hypot(footprint.width_m, footprint.depth_m)
    if proof.reason is Reason.CIRCLE:
        return largest_circle(zone) < footprint.short_m
    return spans_all(proof.intervals, footprint) and all(
        is_shut_out(zone, footprint, interval) for interval in proof.intervals
    )


def widest_span(zone: Shape) -> float:
    """The distance between the two points of the zone that lie farthest apart."""
    hull = shapely.get_coordinates(shapely.convex_hull(zone))
    return float(max(np.hypot(*(hull - point).T).max() for point in hull))


def largest_circle(zone: Shape) -> float:
    """A diameter that no circle inside one part of the zone exceeds."""
    within = 0.005
    parts = shapely.get_parts(zone)
    return 2 * (float(shapely.length(shapely.maximum_inscribed_circle(parts, within)).max()) + within)


def spans_all(intervals: tuple[Interval, ...], footprint: Footprint) -> bool:
    """Whether the ranges leave no angle out: a half turn, or a quarter turn for a square."""
    turn = math.pi / 2 if footprint.width_m == footprint.depth_m else math.pi
    reached = 0.0
    for one in sorted(intervals, key=lambda interval: interval.middle - interval.half):
        if one.middle - one.half > reached + 1e-12:
            return False
        reached = max(reached, one.middle + one.half)
    return reached >= turn - 1e-12


def is_shut_out(zone: Shape, footprint: Footprint, interval: Interval) -> bool:
    """Whether no place exists at any angle of the range, shown by ever smaller cells of centres and angles."""
    waiting = [(interval, first_cells(turned(zone, interval.middle), footprint.short_m))]
    laid = 0
    while waiting:
        interval, cells = waiting.pop()
        cells, number = cells_left(turned(zone, interval.middle), footprint, interval, cells)
        laid += number
        if not len(cells.centres):
            continue
        if laid > MOST_CELLS or cells.half < FINEST_M or interval.half < FINEST_RADIANS:
            return False
        quarter = interval.half / 2
        waiting.extend(
            (Interval(interval.middle + turn, quarter), cells.turned(turn)) for turn in (-quarter, quarter)
        )
    return True


def turned(zone: Shape, angle: float) -> Shape:
    """The zone turned back by an angle around (0, 0), so that boxes at that angle lie along the axes."""
    shape = affinity.rotate(zone, -angle, origin=(0, 0), use_radians=True)
    shapely.prepare(shape)
    return shape


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Squares of possible centres: their middles, (n, 2), and half their side."""

    centres: Floats
    half: float

    def turned(self, angle: float) -> Cells:
        """Squares, seen from axes turned by a further angle, that contain these."""
        cosine, sine = math.cos(angle), math.sin(angle)
        turn = np.array([[cosine, -sine], [sine, cosine]])
        return Cells(self.centres @ turn, self.half * (abs(cosine) + abs(sine)))

    def quartered(self) -> Cells:
        """The same ground in squares of half the side."""
        steps = self.half / 2 * np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]])
        return Cells((self.centres[:, None, :] + steps).reshape(-1, 2), self.half / 2)


def first_cells(zone: Shape, short: float) -> Cells:
    """Squares over the zone's bounds, a quarter of the footprint's short side wide."""
    x0, y0, x1, y1 = zone.bounds
    half = max(short / 8, (x1 - x0) / 600, (y1 - y0) / 600)
    x = np.arange(x0 + half, x1 + half, 2 * half)
    y = np.arange(y0 + half, y1 + half, 2 * half)
    return Cells(np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2), half)


def cells_left(zone: Shape, footprint: Footprint, interval: Interval, cells: Cells) -> tuple[Cells, int]:
    """The cells that may hold a place, as fine as is worth while for the range of angles, and how many were laid."""
    long, short = common_box(footprint, interval.half)
    lost_by_turning = (footprint.long_m - long + footprint.short_m - short) / 4
    laid = 0
    while len(cells.centres):
        laid += len(cells.centres)
        cells = Cells(cells.centres[is_covered(zone, cells, long, short)], cells.half)
        if cells.half < max(lost_by_turning / 2, FINEST_M) or laid > MOST_CELLS:
            break
        cells = cells.quartered()
    return cells, laid


def is_covered(zone: Shape, cells: Cells, long: float, short: float) -> NDArray[np.bool_]:
    """For each cell, whether the box that all boxes centred in the cell contain lies in the zone."""
    a, b = max(long / 2 - cells.half, 0.0), max(short / 2 - cells.half, 0.0)
    x, y = cells.centres.T
    held = np.ones(len(x), dtype=np.bool_)
    for right, up in ((-a, -b), (a, b), (-a, b), (a, -b), (0, 0)):
        held[held] = shapely.intersects_xy(zone, x[held] + right, y[held] + up)
    x, y = x[held], y[held]
    held[held] = shapely.covers(zone, shapely.box(x - a, y - b, x + a, y + b))
    return held


def common_box(footprint: Footprint, half: float) -> tuple[float, float]:
    """Sides of a box inside the footprint turned by any angle up to `half` either way.

    Of 41 shapes, each shrunk until its corner, turned by every such angle, stays inside, the one with the longest
    short side.
    """
    long, short = footprint.long_m, footprint.short_m
    a, b = np.full(41, long), short * np.linspace(0, 1, 41) + 1e-9
    # Turned by t the corner reaches a cos t + b sin t along and a sin t + b cos t across; both are greatest at an
    # end of the range or where the corner points straight along or across.
    turns = np.stack([np.zeros(41), np.full(41, half), np.arctan2(b, a), np.arctan2(a, b)]).clip(0, half)
    along = (a * np.cos(turns) + b * np.sin(turns)).max(axis=0)
    across = (a * np.sin(turns) + b * np.cos(turns)).max(axis=0)
    scale = np.minimum(long / along, short / across)
    best = int(np.argmax(np.minimum(a, b) * scale))
    return float((a * scale)[best]), float((b * scale)[best])
