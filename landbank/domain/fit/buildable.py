"""The zone that may be built on: a plot less its set-backs and less areas where nothing may stand."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import shapely

from landbank.domain.fit.centres import Floats, Shape, areas_of
from landbank.errors import Invalid

LARGEST_SET_BACK_M: Final = 500.0
CHORD: Final = math.pi / 32
"""Around inward corners the set-back is an arc; it is drawn by chords of this angle, outside the true arc."""

OVERLAP: Final = 0.02
OUTSIDE_M: Final = 0.01
SMALLEST_PART_M2: Final = 0.25
SIDE_REACH_M: Final = 1.0
"""A border belongs to a side that is drawn no farther from it than this."""


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """A side of the plot with a set-back of its own: a line along that part of the border, in the plot's CRS."""

    line: Shape
    set_back_m: float


@dataclass(frozen=True, slots=True, eq=False)
class Zone:
    """The zone, and what was taken from the plot for each reason.

    `taken_m2` gives for `set_back` and each kind of area how much of the plot it covers; kinds may overlap.
    """

    shape: Shape
    plot_m2: float
    set_back_m: float
    taken_m2: Mapping[str, float]

    @property
    def area_m2(self) -> float:
        """Area of the zone, in the plane of the plot's CRS."""
        return float(self.shape.area)


def buildable_zone(
    plot: Shape,
    *,
    set_back_m: float = 0.0,
    sides: Sequence[Side] = (),
    areas: Mapping[str, Sequence[Shape]] | None = None,
) -> Zone:
    """The plot less the ground nearer than the set-back to its border and less the areas.

    Near a border means: at less than the set-back's distance from any point of it, to within a thousandth of the
    set-back. A side has its own set-back in place of the uniform one. `areas` are polygons by kind (ground with
    building ban, easements, water, steep ground) in the plot's CRS. Parts too small for any footprint are dropped.

    Raises
    ------
    Invalid
        The plot or an area is not a valid polygon, or a set-back is not from 0 to 500 m.
    """
    check_areas("plot", [plot])
    for distance in (set_back_m, *(side.set_back_m for side in sides)):
        check_set_back(distance)
    left = areas_of(plot.difference(near_border(plot, set_back_m, sides)))
    taken = {"set_back": float(plot.area - left.area)}
    for kind, shapes in (areas or {}).items():
        check_areas(kind, shapes)
        blocked = shapely.union_all(list(shapes))
        taken[kind] = float(plot.intersection(blocked).area)
        left = areas_of(left.difference(blocked))
    parts = [part for part in shapely.get_parts(left) if part.area >= SMALLEST_PART_M2]
    shape = parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
    return Zone(shape, float(plot.area), set_back_m, taken)


def check_set_back(distance: float) -> None:
    """Refuse a set-back that is none."""
    if not 0 <= distance <= LARGEST_SET_BACK_M:
        raise Invalid(
            f"A set-back can't be {distance} m.",
            hint=f"Give a distance from 0 to {LARGEST_SET_BACK_M:g} m.",
            where="set_back_m",
        )


def check_areas(kind: str, shapes: Sequence[Shape]) -> None:
    """Refuse what is not ground: lines, points, polygons that cross themselves."""
    for shape in shapes:
        if shape.geom_type not in ("Polygon", "MultiPolygon") or not shapely.is_valid(shape):
            raise Invalid(
                f"A shape of '{kind}' is not a valid polygon: {shapely.is_valid_reason(shape)}.",
                hint="Give polygons; a line, such as a pipe, needs its width as a polygon around it.",
                where=kind,
            )


def near_border(plot: Shape, distance: float, sides: Sequence[Side]) -> Shape:
    """The ground nearer to the border than its set-backs."""
    if not sides:
        return shapely.union_all(border_strips(plot, distance)) if distance else shapely.Polygon()
    border = plot.boundary
    near: list[Shape] = []
    for side in sides:
        along = border_along(border, side.line)
        near.extend(around_edges(along, side.set_back_m))
        border = border.difference(shapely.buffer(along, OUTSIDE_M, cap_style="flat"))
    return shapely.union_all([*near, *around_edges(border, distance)])


def border_along(border: Shape, line: Shape) -> Shape:
    """The part of the border that runs along a line, not what only begins or ends at it or crosses it."""
    steps = [shapely.get_coordinates(part) for part in shapely.get_parts(border)]
    edges = [shapely.LineString(pair) for part in steps for pair in pairwise(part)]
    reach = shapely.buffer(line, SIDE_REACH_M, cap_style="flat")
    clipped = [(edge.intersection(reach), edge) for edge in edges]
    return shapely.union_all(
        [piece for piece, edge in clipped if piece.length > min(2 * SIDE_REACH_M, 0.999 * edge.length)]
    )


def around_edges(lines: Shape, distance: float) -> list[Shape]:
    """Each straight piece of the lines with all that is nearer to it than the distance."""
    pieces = [shapely.get_coordinates(part) for part in shapely.get_parts(lines) if part.length > 0]
    if not pieces or not distance:
        return []
    steps = np.vstack([np.stack([piece[:-1], piece[1:]], axis=1) for piece in pieces])
    reach = distance / math.cos(CHORD / 2)
    # Edge by edge: buffering a whole line GEOS would move it by up to a hundredth of the distance.
    return list(shapely.get_parts(shapely.buffer(shapely.linestrings(steps), reach, quad_segs=16)))


def border_strips(plot: Shape, distance: float) -> list[Shape]:
    """Polygons that together cover the ground nearer to the border than the distance: strips and inner corners.

    Not shapely's buffer of the whole plot, which may move a border by a hundredth of the distance.
    """
    strips: list[Shape] = []
    oriented = shapely.orient_polygons(shapely.get_parts(plot))
    for ring in shapely.get_rings(oriented):
        edges = edges_of_ring(shapely.get_coordinates(ring))
        strips.extend(shapely.get_parts(shapely.polygons(strip_corners(edges, distance))))
        strips.extend(corner_fans(edges, distance))
    return strips


def edges_of_ring(points: Floats) -> Floats:
    """The edges of one closed ring, those without length left out: (n, 4)."""
    edges = np.hstack([points[:-1], points[1:]])
    return edges[np.any(edges[:, :2] != edges[:, 2:], axis=1)]


def strip_corners(edges: Floats, distance: float) -> Floats:
    """A strip along the left of each edge, a centimetre of it outside so that borders don't coincide."""
    inward = normals(edges)
    starts, ends = edges[:, :2], edges[:, 2:]
    out, deep = inward * OUTSIDE_M, inward * distance
    return np.stack([starts - out, ends - out, ends + deep, starts + deep], axis=1)


def normals(edges: Floats) -> Floats:
    """The unit vector to the left of each edge, which is inward."""
    steps = edges[:, 2:] - edges[:, :2]
    lengths = np.hypot(steps[:, 0], steps[:, 1])
    return np.column_stack([-steps[:, 1], steps[:, 0]]) / lengths[:, None]


def corner_fans(edges: Floats, distance: float) -> list[Shape]:
    """For each corner that points into the ground, a fan between the strips of its two edges."""
    before = normals(edges)
    after = np.roll(before, -1, axis=0)
    turn = np.arctan2(before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0], np.sum(before * after, axis=1))
    fans: list[Shape] = []
    for place in np.flatnonzero(turn < 0):
        first = math.atan2(before[place, 1], before[place, 0])
        fans.append(fan(edges[place, 2:], first + OVERLAP, first + turn[place] - OVERLAP, distance))
    return fans


def fan(corner: Floats, first: float, last: float, distance: float) -> shapely.Polygon:
    """The sector around a corner from one direction to another, its arc drawn outside the true one."""
    number = max(1, math.ceil(abs(last - first) / CHORD))
    step = (last - first) / number
    tips = first + step * (np.arange(number) + 0.5)
    reach = np.concatenate([[distance], np.full(number, distance / math.cos(step / 2)), [distance]])
    angles = np.concatenate([[first], tips, [last]])
    rim = corner + reach[:, None] * np.column_stack([np.cos(angles), np.sin(angles)])
    return shapely.Polygon([corner, *rim])
