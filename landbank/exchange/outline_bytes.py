"""Outlines as the database takes them: EWKB MultiPolygons in the storage CRS and in the tiles' plane.

An outline of one ring is its coordinates behind a header of 26 bytes, joined by Arrow without an object for each; what
has holes or parts is written by GEOS. Layout: well-known binary (ISO 19125-1) with PostGIS's flag for an SRID.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from landbank.geo.crs import STORAGE, TILE, Geometries, reproject, reproject_places
from landbank.geo.shape import Shapes
from landbank.geo.tile import morton24, on_plane

Places = NDArray[np.float64]

LITTLE_ENDIAN = 1
HAS_SRID = 0x20000000
POINT, POLYGON, MULTIPOLYGON = 1, 3, 6

_MULTIPOLYGON_OF_ONE_RING = np.dtype(
    [("order", "u1"), ("kind", "<u4"), ("srid", "<u4"), ("parts", "<u4"),
     ("part_order", "u1"), ("part_kind", "<u4"), ("rings", "<u4"), ("points", "<u4")]
)  # fmt: skip
_POINT = np.dtype([("order", "u1"), ("kind", "<u4"), ("srid", "<u4"), ("xy", "<f8", 2)])


def outlines(shapes: Shapes) -> pa.Array:
    """EWKB in EPSG:3006 of each cleaned shape; null for points and for what was refused."""
    return _multipolygons(shapes, shapes.rings.xy if shapes.rings else np.empty((0, 2)), STORAGE)


def on_tiles(shapes: Shapes) -> dict[str, pa.Array]:
    """The columns of `plot` that tiles are made of, in EPSG:3857: outline or point, location, and its Morton number.

    The same as the database makes of a plot that comes without them (migrations/sql/0004_bulk_load.sql).
    """
    places = reproject_places(shapes.location, STORAGE, TILE)
    points = point_ewkb(places, TILE)
    drawn = _multipolygons(shapes, on_plane(shapes.ring_lonlat), TILE)
    return {
        "geometry_tile": pc.coalesce(drawn, points),
        "location_tile": points,
        "morton": pa.array(morton24(places)),
    }


def point_ewkb(places: Places, srid: int = STORAGE) -> pa.Array:
    """Places (n, 2) as EWKB points."""
    points = np.empty(len(places), dtype=_POINT)
    points["order"], points["kind"], points["srid"] = LITTLE_ENDIAN, POINT | HAS_SRID, srid
    points["xy"] = places
    return _as_binary(points)


def _multipolygons(shapes: Shapes, xy: Places, srid: int) -> pa.Array:
    """EWKB of the outlines; `xy` are the coordinates of the single rings in the system asked for."""
    told = _of_rings(shapes, xy, srid)
    is_other = ~shapely.is_missing(shapes.geometry) & shapes.alive
    if shapes.rings is not None:
        is_other[shapes.rings.rows] = False
    rows = np.flatnonzero(is_other)
    if len(rows) == 0:
        return told
    written = np.full(len(shapes.geometry), None, dtype=object)
    moved = reproject(_with_parts(shapes.geometry[rows]), STORAGE, srid)
    written[rows] = shapely.to_wkb(shapely.set_srid(moved, srid), include_srid=True, byte_order=LITTLE_ENDIAN)
    return pc.coalesce(told, pa.array(written, pa.large_binary()))


def _of_rings(shapes: Shapes, xy: Places, srid: int) -> pa.Array:
    rings, n = shapes.rings, len(shapes.geometry)
    if rings is None or len(rings.rows) == 0:
        return pa.nulls(n, pa.large_binary())
    headers = np.zeros(n, dtype=_MULTIPOLYGON_OF_ONE_RING)
    headers["order"] = headers["part_order"] = LITTLE_ENDIAN
    headers["kind"], headers["srid"] = MULTIPOLYGON | HAS_SRID, srid
    headers["part_kind"], headers["parts"], headers["rings"] = POLYGON, 1, 1
    headers["points"][rings.rows] = rings.counts
    is_told = np.zeros(n, dtype=bool)
    is_told[rings.rows] = shapes.alive[rings.rows]
    lengths = headers["points"].astype(np.int64) * xy.itemsize * 2
    offsets = np.concatenate(([0], np.cumsum(lengths)))
    buffers = [pa.array(is_told).buffers()[1], pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(xy))]
    coordinates = pa.Array.from_buffers(pa.large_binary(), n, buffers)
    return pc.binary_join_element_wise(_as_binary(headers), coordinates, pa.scalar(b"", pa.large_binary()))


def _with_parts(geometries: Geometries) -> Geometries:
    """The same, polygons as MultiPolygons of one part."""
    told = geometries.copy()
    rows = np.flatnonzero(shapely.get_type_id(told) == POLYGON)
    if len(rows):
        told[rows] = shapely.multipolygons(told[rows], indices=np.arange(len(rows)))
    return told


def _as_binary(values: NDArray[Any]) -> pa.Array:
    width = values.dtype.itemsize
    offsets = np.arange(0, (len(values) + 1) * width, width, dtype=np.int64)
    return pa.Array.from_buffers(
        pa.large_binary(), len(values), [None, pa.py_buffer(offsets), pa.py_buffer(values)]
    )
