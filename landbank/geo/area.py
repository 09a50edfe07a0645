"""The area that counts: on the GRS80 ellipsoid, in square metres."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from landbank.geo.crs import STORAGE, Geometries, reproject

EQUAL_AREA = 3035


def geodesic_area_m2(geometries: Geometries, crs: CRS | int = STORAGE) -> NDArray[np.float64]:
    """Areas on the GRS80 ellipsoid in m², one for each geometry; NaN for None, 0 for points and lines.

    The polygons are mapped to ETRS89-LAEA (EPSG:3035), which keeps ellipsoidal areas exactly, and measured in the
    plane there: for plots the difference from geodesic edges is below 1e-6 of the area (tested against
    `pyproj.Geod` and PostGIS `geography`), at a third of `Geod`'s time.
    """
    return np.asarray(shapely.area(reproject(geometries, crs, EQUAL_AREA)), dtype=np.float64)
