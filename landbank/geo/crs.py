"""Coordinate reference systems: order is always x, y (easting, northing; longitude, latitude)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from landbank.errors import Invalid

STORAGE = 3006
LONLAT = 4326
TILE = 3857

Geometries = NDArray[np.object_]


def parse_crs(text: str) -> CRS:
    """The CRS that a text names: `EPSG:3007`, `3007`, an OGC URN or URI, WKT.

    Raises
    ------
    Invalid
        The text names no CRS that PROJ knows.
    """
    told = text.strip()
    try:
        return CRS.from_epsg(int(told)) if told.isdigit() else CRS.from_user_input(told)
    except CRSError as error:
        raise Invalid(
            f"'{text}' names no coordinate reference system.",
            hint="Give it as EPSG:3006, EPSG:3007 or EPSG:4326.",
        ) from error


@lru_cache(maxsize=64)
def transformer(source: CRS | int, target: CRS | int) -> Transformer:
    """A transformer between two CRS, x before y on both sides."""
    return Transformer.from_crs(source, target, always_xy=True)


def reproject(geometries: Geometries, source: CRS | int, target: CRS | int) -> Geometries:
    """The geometries in the target CRS, same shape of array, None kept.

    Coordinates that PROJ can't place come back as infinite; the caller checks.
    """
    if source == target:
        return geometries
    moved: Any = shapely.transform(geometries, lambda xy: reproject_places(xy, source, target))
    return moved if isinstance(moved, np.ndarray) else np.asarray(moved, dtype=object)


def reproject_places(
    places: NDArray[np.float64], source: CRS | int, target: CRS | int
) -> NDArray[np.float64]:
    """Places (n, 2) in the target CRS; what PROJ can't place, NaN among it, comes back as infinite or NaN."""
    x, y = transformer(source, target).transform(places[:, 0], places[:, 1])
    return np.column_stack((x, y))


def crs_wkt(crs: int) -> str:
    """The CRS as WKT, as GDAL takes it."""
    return CRS.from_epsg(crs).to_wkt()


def geoparquet_crs(crs: int) -> dict[str, Any]:
    """The CRS as PROJJSON, as GeoParquet 1.1 wants it."""
    return dict(CRS.from_epsg(crs).to_json_dict())
