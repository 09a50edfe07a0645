"""Outlines of a single ring as flat coordinates, measured and moved all at once.

Nearly every plot is one ring. Its area, middle and tile coordinates come from arrays of numbers, without an object
for each shape; what has holes or parts is left to GEOS.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import GeometryType as Kind

from landbank.geo.crs import Geometries

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rings:
    """Closed rings: the first coordinate of each is its last one too."""

    rows: Places
    """Positions of the shapes in the array that they were taken from, rising."""
    starts: Places
    """(n + 1) the place of each ring's first coordinate, and the number of all coordinates."""
    xy: Floats
    """(m, 2) the coordinates of all rings, one after the other."""

    @property
    def counts(self) -> Places:
        """How many coordinates each ring has."""
        return np.diff(self.starts)

    def measured(self, xy: Floats | None = None) -> tuple[Floats, Floats]:
        """Areas in the plane, never negative, and centroids (n, 2); of `xy` where the rings were moved there.

        Counted from each ring's first coordinate: differences of large coordinates keep their digits.
        """
        xy = self.xy if xy is None else xy
        if len(self.rows) == 0:
            return np.empty(0), np.empty((0, 2))
        first = self.starts[:-1]
        origin = xy[first]
        x, y = (xy - np.repeat(origin, self.counts, axis=0)).T
        cross = np.zeros(len(xy))
        cross[:-1] = x[:-1] * y[1:] - x[1:] * y[:-1]
        cross[self.starts[1:] - 1] = 0  # from one ring's end to the next one's start leads no edge
        doubled = np.add.reduceat(cross, first)
        middle = np.empty((len(first), 2))
        with np.errstate(invalid="ignore", divide="ignore"):
            for axis, values in enumerate((x, y)):
                moments = cross.copy()
                moments[:-1] *= values[:-1] + values[1:]
                middle[:, axis] = np.add.reduceat(moments, first) / (3 * doubled) + origin[:, axis]
        return np.abs(doubled) / 2, middle


def single_rings(geometries: Geometries) -> Rings:
    """The rings of those shapes that are polygons without holes."""
    is_single = (shapely.get_type_id(geometries) == Kind.POLYGON) & (
        shapely.get_num_interior_rings(geometries) == 0
    )
    rows = np.flatnonzero(is_single)
    counts = shapely.get_num_coordinates(geometries[rows])
    starts = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    return Rings(rows, starts, shapely.get_coordinates(geometries[rows]))
