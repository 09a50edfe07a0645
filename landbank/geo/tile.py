"""Tile arithmetic of the web Mercator quadtree: z/x/y, boxes in EPSG:3857 metres, Morton (Z-order) numbers.

Rows count from the north, as in OGC's WebMercatorQuad and XYZ addresses. Source: OGC 17-083r4, annex D.1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import asinh, atan, cosh, degrees, pi, radians, sinh, tan

import numpy as np
from numpy.typing import ArrayLike, NDArray

HALF_WORLD_M = 20037508.342789244
"""Half the circumference of the sphere of EPSG:3857: pi times 6 378 137 m."""

MOST_LATITUDE = 85.0511287798066
"""Latitude of the map's northern edge in degrees; the southern one lies as far south."""

MOST_ZOOM = 22
MORTON_ZOOM = 24
"""Zoom of the cells that a Morton number names: about 2.4 m at the equator, 48 bits."""

_SPREADS = (
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """One tile: zoom z >= 0, column x from the west, row y from the north."""

    z: int
    x: int
    y: int

    @property
    def exists(self) -> bool:
        """Whether the zoom is one that is served (0 to 22) and the tile lies on the map."""
        return 0 <= self.z <= MOST_ZOOM and 0 <= self.x < 1 << self.z and 0 <= self.y < 1 << self.z

    @property
    def width_m(self) -> float:
        """Side of the tile in EPSG:3857 metres."""
        return 2 * HALF_WORLD_M / (1 << self.z)

    def box(self) -> tuple[float, float, float, float]:
        """West, south, east, north in EPSG:3857 metres."""
        west = self.x * self.width_m - HALF_WORLD_M
        north = HALF_WORLD_M - self.y * self.width_m
        return west, north - self.width_m, west + self.width_m, north

    def box_lonlat(self) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees (EPSG:4326, lon before lat)."""
        west, south, east, north = self.box()
        return (
            180 * west / HALF_WORLD_M,
            latitude(south),
            180 * east / HALF_WORLD_M,
            latitude(north),
        )

    def parent(self) -> Tile | None:
        """The tile one zoom up that holds this one; None for the one tile of zoom 0."""
        return Tile(self.z - 1, self.x >> 1, self.y >> 1) if self.z else None

    def children(self) -> tuple[Tile, Tile, Tile, Tile]:
        """The four tiles one zoom down, in Morton order: north-west, north-east, south-west, south-east."""
        z, x, y = self.z + 1, self.x << 1, self.y << 1
        return Tile(z, x, y), Tile(z, x + 1, y), Tile(z, x, y + 1), Tile(z, x + 1, y + 1)

    def morton_range(self) -> tuple[int, int]:
        """First and last Morton number at zoom 24 inside the tile; both belong to it.

        The same numbers as `landbank.morton24` gives in the database.
        """
        shift = 2 * (MORTON_ZOOM - self.z)
        first = int(interleave(self.x, self.y)) << shift
        return first, first + (1 << shift) - 1


def latitude(northing_m: float) -> float:
    """Degrees of latitude of a northing in EPSG:3857 metres."""
    return degrees(atan(sinh(pi * northing_m / HALF_WORLD_M)))


def on_map(lon: float, lat: float) -> tuple[float, float]:
    """Easting and northing in EPSG:3857 metres of degrees (EPSG:4326); what lies beyond the map's edge stands on it."""
    bounded = max(-MOST_LATITUDE, min(MOST_LATITUDE, lat))
    return HALF_WORLD_M * lon / 180, HALF_WORLD_M * asinh(tan(radians(bounded))) / pi


def on_plane(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same for places (n, 2) within the map's edge."""
    northing = np.arcsinh(np.tan(np.radians(lonlat[:, 1])))
    return np.column_stack((HALF_WORLD_M * lonlat[:, 0] / 180, HALF_WORLD_M * northing / pi))


def morton24(places: NDArray[np.float64]) -> NDArray[np.int64]:
    """Morton numbers at zoom 24 of places (n, 2) in EPSG:3857 metres, by the steps of `landbank.morton24`."""
    cells = 1 << MORTON_ZOOM
    columns = np.floor((places[:, 0] + HALF_WORLD_M) / (2 * HALF_WORLD_M) * cells)
    rows = np.floor((HALF_WORLD_M - places[:, 1]) / (2 * HALF_WORLD_M) * cells)
    x, y = (np.clip(np.nan_to_num(numbers), 0, cells - 1).astype(np.int64) for numbers in (columns, rows))
    return interleave(x, y)


def stretch(northing_m: float) -> float:
    """How much longer a short line is on the map of EPSG:3857 than on the ground: 1 / cos(latitude)."""
    return cosh(pi * northing_m / HALF_WORLD_M)


def tile_at(easting_m: float, northing_m: float, z: int) -> Tile:
    """The tile of a zoom that holds a point given in EPSG:3857 metres; the nearest one when it lies outside."""
    cells = 1 << z
    column = int((easting_m + HALF_WORLD_M) / (2 * HALF_WORLD_M) * cells)
    row = int((HALF_WORLD_M - northing_m) / (2 * HALF_WORLD_M) * cells)
    return Tile(z, min(max(column, 0), cells - 1), min(max(row, 0), cells - 1))


def tiles_over(west: float, south: float, east: float, north: float, z: int) -> Iterator[Tile]:
    """The tiles of a zoom that touch a box in EPSG:3857 metres, row by row from the north-west."""
    first, last = tile_at(west, north, z), tile_at(east, south, z)
    for y in range(first.y, last.y + 1):
        for x in range(first.x, last.x + 1):
            yield Tile(z, x, y)


def interleave(x: ArrayLike, y: ArrayLike) -> NDArray[np.int64]:
    """Morton numbers of columns and rows below 2**24: bits of x at the even places, bits of y at the odd ones."""
    return _spread(x) | (_spread(y) << 1)


def _spread(numbers: ArrayLike) -> NDArray[np.int64]:
    spread = np.asarray(numbers, dtype=np.int64)
    for places, mask in _SPREADS:
        spread = (spread | (spread << places)) & mask
    return spread
