"""The versions of the geometry libraries in this process, which need not be the database's."""

from __future__ import annotations

import pyproj
import shapely


def library_versions() -> dict[str, str]:
    """Version by name of GEOS and PROJ."""
    return {"GEOS": shapely.geos_version_string, "PROJ": pyproj.proj_version_str}
