"""Which municipality a place lies in, from the stored borders."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import shapely
from numpy.typing import NDArray

from landbank.geo.shape import is_none

Points = NDArray[np.float64]


class Borders:
    """The borders of municipalities in EPSG:3006; without borders it knows no place."""

    def __init__(self, names: Mapping[str, str], borders: Mapping[str, bytes]) -> None:
        """`names` by code; `borders` WKB by code, for those that have one."""
        self._names = dict(names)
        self._codes = tuple(sorted(borders))
        self._polygons = shapely.from_wkb([borders[code] for code in self._codes])
        if len(self._codes):
            shapely.prepare(self._polygons)

    @property
    def known(self) -> tuple[str, ...]:
        """Codes of the municipalities with a border."""
        return self._codes

    def codes(self, points: Points) -> NDArray[np.object_]:
        """The code of the municipality that holds each point (n, 2), None where none does or the point is NaN."""
        found = np.full(len(points), None, dtype=object)
        for code, polygon in zip(self._codes, self._polygons, strict=True):
            open_rows = np.flatnonzero(is_none(found))
            inside = shapely.contains_xy(polygon, points[open_rows, 0], points[open_rows, 1])
            found[open_rows[inside]] = code
        return found

    def codes_by_share(self, geometries: NDArray[np.object_]) -> NDArray[np.object_]:
        """The code of the municipality that shares most area with each outline, None where none shares any.

        For outlines whose middle no border holds: the stored borders follow the shore, plots may reach beyond it.
        """
        found = np.full(len(geometries), None, dtype=object)
        most = np.zeros(len(geometries))
        for code, polygon in zip(self._codes, self._polygons, strict=True):
            touching = np.flatnonzero(shapely.intersects(polygon, geometries))
            shared = shapely.area(shapely.intersection(polygon, geometries[touching]))
            more = shared > most[touching]
            found[touching[more]], most[touching[more]] = code, shared[more]
        return found

    def names(self, points: Points) -> list[str | None]:
        """The name of the municipality that holds each point, None where none does."""
        return [None if code is None else self._names[code] for code in self.codes(points)]

    def is_within(self, points: Points, codes: NDArray[np.object_]) -> NDArray[np.bool_]:
        """Whether each point lies in the municipality beside it; true where that has no border or none is given."""
        within = np.ones(len(points), dtype=bool)
        for code, polygon in zip(self._codes, self._polygons, strict=True):
            rows = np.flatnonzero(codes == code)
            within[rows] = shapely.contains_xy(polygon, points[rows, 0], points[rows, 1])
        return within
