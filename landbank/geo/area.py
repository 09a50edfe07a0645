"""The area that counts: on the GRS80 ellipsoid, in square metres."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from landbank.geo.crs import STORAGE, Geometries, reproject
from landbank.geo.rings import Rings

EQUAL_AREA = 3035

SEMI_MAJOR_M = 6_378_137.0
ECCENTRICITY = 0.0818191910428158
"""Of GRS80: the square root of f (2 - f) with 1/f = 298.257222101."""
ORIGIN = (10.0, 52.0)
"""Longitude and latitude of the origin of EPSG:3035, degrees."""


def geodesic_area_m2(geometries: Geometries, crs: CRS | int = STORAGE) -> NDArray[np.float64]:
    """Areas on the GRS80 ellipsoid in m², one for each geometry; NaN for None, 0 for points and lines.

    The polygons are mapped to ETRS89-LAEA (EPSG:3035), which keeps ellipsoidal areas exactly, and measured in the
    plane there: for plots the difference from geodesic edges is below 1e-6 of the area (tested against
    `pyproj.Geod` and PostGIS `geography`), at a third of `Geod`'s time.
    """
    return np.asarray(shapely.area(reproject(geometries, crs, EQUAL_AREA)), dtype=np.float64)


def ring_areas_m2(rings: Rings, lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same for rings whose coordinates are known in degrees (ETRS89), (m, 2)."""
    areas, _ = rings.measured(equal_area(lonlat))
    return areas


def equal_area(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Metres east and north (m, 2) of EPSG:3035's origin, without its false easting and northing, of degrees.

    Source: IOGP Guidance Note 7-2, Lambert Azimuthal Equal Area (EPSG method 9820).
    """
    q_pole = float(_authalic(np.array(1.0)))
    beta_0 = np.arcsin(_authalic(np.sin(np.radians(np.array(ORIGIN[1])))) / q_pole)
    phi_0 = np.radians(ORIGIN[1])
    radius = SEMI_MAJOR_M * np.sqrt(q_pole / 2)
    parallel = np.cos(phi_0) / np.sqrt(1 - (ECCENTRICITY * np.sin(phi_0)) ** 2)
    stretch = SEMI_MAJOR_M * parallel / (radius * np.cos(beta_0))
    sin_beta = _authalic(np.sin(np.radians(lonlat[:, 1]))) / q_pole
    cos_beta = np.sqrt(1 - sin_beta * sin_beta)
    turned = np.radians(lonlat[:, 0] - ORIGIN[0])
    sin_turn, cos_turn = np.sin(turned), np.cos(turned)
    scale = radius * np.sqrt(2 / (1 + np.sin(beta_0) * sin_beta + np.cos(beta_0) * cos_beta * cos_turn))
    east = scale * stretch * cos_beta * sin_turn
    north = scale / stretch * (np.cos(beta_0) * sin_beta - np.sin(beta_0) * cos_beta * cos_turn)
    return np.column_stack((east, north))


def _authalic(sine: NDArray[np.float64]) -> NDArray[np.float64]:
    """The auxiliary quantity q of a latitude given by its sine."""
    e = ECCENTRICITY
    told: NDArray[np.float64] = (1 - e * e) * (sine / (1 - (e * sine) ** 2) + np.arctanh(e * sine) / e)
    return told
