"""Which registered CRS a description means: files often give parameters and no code."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pyproj import CRS
from pyproj.exceptions import CRSError

SWEDISH = (3006, *range(3007, 3019), 3021, 3019, 3020, 3022, 3023, 3024)
"""SWEREF 99 TM, the twelve SWEREF 99 zones, RT 90 (2.5 gon V first)."""
NEIGHBOURS = (25832, 25833, 25834, 25835, 25831, 32632, 32633, 32634, 32635, 4258, 4326, 3857)
"""ETRS89 and WGS 84 systems that meet in Swedish files; ETRS89 / UTM 33 equals SWEREF 99 TM, which stands first."""


def crs_code(text: str) -> str | None:
    """The CRS a text means as `AUTHORITY:code`, or None when it means none that is registered.

    WKT, PROJJSON, URNs, URIs and codes are understood. Longitude before latitude is landbank's order
    everywhere, so `OGC:CRS84` comes back as `EPSG:4326`. A description without a code (MapInfo writes such)
    is compared by projection, parameters and ellipsoid with the systems used in Sweden.
    """
    try:
        crs = CRS.from_user_input(text)
    except CRSError:
        return None
    if crs.is_compound:
        crs = crs.sub_crs_list[0]
    told = crs.to_authority(min_confidence=100) or crs.to_authority(min_confidence=70)
    if told == ("OGC", "CRS84"):
        return "EPSG:4326"
    if told is not None:
        return ":".join(told)
    return _by_parameters(crs)


def same_crs(one: str, other: str) -> bool:
    """Whether two descriptions place the same coordinates in the same spot, x before y in both."""
    codes = crs_code(one), crs_code(other)
    if None not in codes and codes[0] == codes[1]:
        return True
    try:
        return CRS.from_user_input(one).equals(CRS.from_user_input(other), ignore_axis_order=True)
    except CRSError:
        return False


def crs_name(text: str) -> str:
    """A name for people: `EPSG:3007 (SWEREF99 12 00)`, the text itself when PROJ does not know it."""
    code = crs_code(text)
    try:
        name = CRS.from_user_input(text).name
    except CRSError:
        return text[:80]
    return f"{code} ({name})" if code else name


def _by_parameters(crs: CRS) -> str | None:
    wanted = _parameters(crs)
    if wanted is None:
        return None
    for code in (*SWEDISH, *NEIGHBOURS):
        if _registered(code) == wanted:
            return f"EPSG:{code}"
    return None


@lru_cache(maxsize=64)
def _registered(code: int) -> tuple[tuple[str, Any], ...] | None:
    return _parameters(CRS.from_epsg(code))


def _parameters(crs: CRS) -> tuple[tuple[str, Any], ...] | None:
    """Method, its parameters and the ellipsoid as sorted pairs; None for what has no ellipsoid."""
    if crs.ellipsoid is None or crs.prime_meridian is None or crs.prime_meridian.longitude != 0:
        return None
    shape = (
        ("semi_major_m", round(crs.ellipsoid.semi_major_metre, 3)),
        ("flattening", round(crs.ellipsoid.inverse_flattening, 6)),
        ("unit", round(crs.axis_info[0].unit_conversion_factor, 9) if crs.axis_info else 0),
    )
    operation = crs.coordinate_operation
    if operation is None:
        return shape if crs.is_geographic else None
    values = tuple(
        sorted(
            (param.name, round(float(param.value) * param.unit_conversion_factor, 9))
            for param in operation.params
            if not isinstance(param.value, str)
        )
    )
    return (*shape, ("method", operation.method_name), *values)
