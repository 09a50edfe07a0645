"""Where the border of one plot faces another: straight out, across a gap or none, with nothing in between.

A piece of border faces another plot when one meets it going straight out (at a right angle to the border) within
the gap, and the two borders run against each other to within 45 degrees.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from landbank.domain.fit.centres import edges_of

Floats: TypeAlias = NDArray[np.float64]
Places: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]
Shape: TypeAlias = BaseGeometry

TOUCHING_M: Final = 0.1
"""Borders nearer than this, or overlapping by less, are one border drawn twice."""

PIECE_M: Final = 5.0
SHORTEST_M: Final = 0.001
AGAINST: Final = -(0.5**0.5)


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Pieces of border of plot `of` that face plot `to`; row i of every array belongs together.

    `strip` holds the four corners of the ground between: two on the border, two straight out on the other, (n, 4, 2).
    `gap_m` is the greatest distance along the piece; less than 0 where the plots overlap a little.
    """

    of: Places
    to: Places
    length_m: Floats
    gap_m: Floats
    strip: Floats
    is_across_barrier: Flags

    def taken(self, chosen: Flags | Places) -> Pieces:
        """Some of the pieces."""
        return Pieces(
            self.of[chosen],
            self.to[chosen],
            self.length_m[chosen],
            self.gap_m[chosen],
            self.strip[chosen],
            self.is_across_barrier[chosen],
        )


def facing_pieces(
    shapes: Sequence[Shape | None],
    *,
    most_gap_m: float,
    barriers: Sequence[Shape] = (),
    between: Sequence[Shape] = (),
) -> Pieces:
    """The pieces of border that face another plot at no more than the gap, at most 5 m long each.

    A piece with any plot, or any shape of `between` (plots that can't be had), on the way is left out; one whose
    ground between touches a barrier (a road, a river; lines or polygons) is marked. None stands for a plot that
    is only a point.
    """
    present = [(place, shape) for place, shape in enumerate(shapes) if shape is not None]
    if len(present) < 2:
        return no_pieces()
    edges = [edges_of(shape) for _, shape in present]
    owner = np.repeat([place for place, _ in present], [len(part) for part in edges])
    pieces = whole_pieces(np.vstack(edges), owner, max(most_gap_m, TOUCHING_M))
    pieces = split(pieces)
    pieces = pieces.taken(is_clear(pieces, [shape for _, shape in present], between))
    if not len(barriers):
        return pieces
    blocked = touched(shapely.polygons(widened(pieces)), barriers)
    return Pieces(pieces.of, pieces.to, pieces.length_m, pieces.gap_m, pieces.strip, blocked)


def no_pieces() -> Pieces:
    """No pieces at all."""
    places, lengths = np.zeros(0, dtype=np.int64), np.zeros(0)
    return Pieces(places, places, lengths, lengths, np.zeros((0, 4, 2)), np.zeros(0, dtype=np.bool_))


def whole_pieces(edges: Floats, owner: Places, most_gap_m: float) -> Pieces:
    """For each two edges of different plots that face each other, the piece of the first that does.

    The other edge runs against the first, so that its end stands nearer to the first's start than its own start.
    Along the first (s) and straight out from it (d), the other is a line from (s0, d0) to (s1, d1) with s0 < s1.
    """
    one, other = edges_within(edges, owner, most_gap_m)
    start, far = edges[one, :2], edges[one, 2:] - edges[one, :2]
    length = np.hypot(far[:, 0], far[:, 1])
    way = far / length[:, None]
    out = np.column_stack([way[:, 1], -way[:, 0]])
    first, last = edges[other, 2:] - start, edges[other, :2] - start
    s0, s1 = np.sum(first * way, axis=1), np.sum(last * way, axis=1)
    d0, d1 = np.sum(first * out, axis=1), np.sum(last * out, axis=1)
    rise = (d1 - d0) / (s1 - s0)
    low, high = np.maximum(s0, 0), np.minimum(s1, length)
    for limit, is_least in ((-TOUCHING_M, True), (most_gap_m, False)):
        low, high = beyond(low, high, d0 - limit - rise * s0, rise, is_least=is_least)
    kept = high - low > SHORTEST_M
    ends = np.stack([low, high], axis=1)[kept]
    apart = d0[kept, None] + rise[kept, None] * (ends - s0[kept, None])
    border = start[kept, None] + way[kept, None] * ends[..., None]
    met = border + out[kept, None] * apart[..., None]
    return Pieces(
        owner[one[kept]],
        owner[other[kept]],
        ends[:, 1] - ends[:, 0],
        apart.max(axis=1),
        np.concatenate([border, met[:, ::-1]], axis=1),
        np.zeros(int(kept.sum()), dtype=np.bool_),
    )


def edges_within(edges: Floats, owner: Places, most_gap_m: float) -> tuple[Places, Places]:
    """Ordered pairs of edges of different plots, no farther apart than the gap and running against each other."""
    lines = np.asarray(shapely.linestrings(edges.reshape(-1, 2, 2)), dtype=object)
    one, other = shapely.STRtree(lines).query(lines, predicate="dwithin", distance=most_gap_m)
    apart = owner[one] != owner[other]
    one, other = one[apart], other[apart]
    way = edges[:, 2:] - edges[:, :2]
    way /= np.hypot(way[:, 0], way[:, 1])[:, None]
    against = np.sum(way[one] * way[other], axis=1) < AGAINST
    return one[against], other[against]


def beyond(
    low: Floats, high: Floats, at_zero: Floats, rise: Floats, *, is_least: bool
) -> tuple[Floats, Floats]:
    """The part of each range where the line `at_zero + rise s` is at least 0, or at most 0; empty if high <= low."""
    value, slope = (at_zero, rise) if is_least else (-at_zero, -rise)
    with np.errstate(divide="ignore", invalid="ignore"):
        crossing = -value / slope
    low = np.where(slope > 0, np.maximum(low, crossing), low)
    high = np.where(slope < 0, np.minimum(high, crossing), high)
    return low, np.where((slope == 0) & (value < 0), low, high)


def split(pieces: Pieces) -> Pieces:
    """The same border in pieces of at most 5 m, so that what lies between blocks only what it covers."""
    number = np.ceil(pieces.length_m / PIECE_M).astype(np.int64)
    parts = pieces.taken(np.repeat(np.arange(len(number)), number))
    place = np.arange(len(parts.of)) - np.repeat(np.cumsum(number) - number, number)
    from_share, to_share = ((share / np.repeat(number, number))[:, None] for share in (place, place + 1))
    a, b, c, d = (parts.strip[:, corner] for corner in range(4))
    strip = np.stack(
        [a + (b - a) * from_share, a + (b - a) * to_share, d + (c - d) * to_share, d + (c - d) * from_share],
        axis=1,
    )
    gap = np.maximum(
        np.hypot(*(strip[:, 2] - strip[:, 1]).T), np.hypot(*(strip[:, 3] - strip[:, 0]).T)
    ) * np.where(parts.gap_m < 0, -1, 1)
    return Pieces(
        parts.of, parts.to, parts.length_m / np.repeat(number, number), gap, strip, parts.is_across_barrier
    )


def is_clear(pieces: Pieces, shapes: Sequence[Shape], between: Sequence[Shape]) -> Flags:
    """Whether the way straight out from the middle of each piece meets no plot before the one it faces."""
    start, end = pieces.strip[:, :2].mean(axis=1), pieces.strip[:, 2:].mean(axis=1)
    way = end - start
    length = np.hypot(way[:, 0], way[:, 1])
    far = np.flatnonzero((length > 2 * TOUCHING_M) & (pieces.gap_m > 0))
    step = way[far] * (TOUCHING_M / length[far])[:, None]
    rays = shapely.linestrings(np.stack([start[far] + step, end[far] - step], axis=1))
    clear = np.ones(len(length), dtype=np.bool_)
    clear[far[touched(rays, [*shapes, *between])]] = False
    return clear


def widened(pieces: Pieces) -> Floats:
    """The strips with 10 cm of each plot at their ends, so that a barrier on the border itself is met."""
    start, end = pieces.strip[:, 0], pieces.strip[:, 1]
    way = (end - start) / pieces.length_m[:, None]
    out = np.column_stack([way[:, 1], -way[:, 0]]) * TOUCHING_M
    return pieces.strip + np.stack([-out, -out, out, out], axis=1)


def touched(shapes: NDArray[np.object_] | Shape, by: Sequence[Shape]) -> Flags:
    """Which shapes touch any of the others."""
    asked = np.atleast_1d(np.asarray(shapes, dtype=object))
    flags = np.zeros(len(asked), dtype=np.bool_)
    if len(asked) and len(by):
        flags[shapely.STRtree(list(by)).query(asked, predicate="intersects")[0]] = True
    return flags
