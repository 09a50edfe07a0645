"""The coordinate reference systems that programs may ask and be answered in, by their OGC names, with axis order.

Source: OGC API - Features - Part 2: Coordinate Reference Systems by Reference, OGC 18-058r1, 6.2.
"""

from __future__ import annotations

from dataclasses import dataclass

from landbank.errors import Invalid


@dataclass(frozen=True, slots=True)
class NamedCrs:
    """A CRS by name. Where `is_northing_first` holds, its first axis points north; inside landbank x is always first.

    `decimals` keep a coordinate to about a centimetre, so that an item never leaves the box it was asked by.
    """

    uri: str
    srid: int
    is_northing_first: bool
    is_degrees: bool
    decimals: int


CRS84 = NamedCrs("http://www.opengis.net/def/crs/OGC/1.3/CRS84", 4326, False, True, 7)
_EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
NAMED = {
    crs.uri: crs
    for crs in (
        CRS84,
        NamedCrs(f"{_EPSG}4326", 4326, True, True, 7),
        NamedCrs(f"{_EPSG}4258", 4258, True, True, 7),
        NamedCrs(f"{_EPSG}3006", 3006, True, False, 3),
        NamedCrs(f"{_EPSG}3007", 3007, True, False, 3),
        NamedCrs(f"{_EPSG}3857", 3857, False, False, 3),
    )
}
"""Every CRS by its URI, the default one first."""

STORED = {3006: NAMED[f"{_EPSG}3006"], 4326: CRS84}
"""The name of each CRS that rows are stored in, by its number."""


def named_crs(uri: str, parameter: str) -> NamedCrs:
    """The CRS of that name.

    Raises
    ------
    Invalid
        It is none of those offered; `parameter` says where the name was given.
    """
    found = NAMED.get(uri)
    if found is None:
        raise Invalid(
            f"The coordinate reference system '{uri[:80]}' is not offered.",
            hint="Offered: " + ", ".join(NAMED) + ".",
            where=parameter,
        )
    return found
