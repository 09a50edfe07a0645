"""The versions of the libraries that read and write files."""

from __future__ import annotations

import pyogrio

from landbank.geo import libraries


def library_versions() -> dict[str, str]:
    """Version by name of GDAL, GEOS and PROJ."""
    return {"GDAL": pyogrio.__gdal_version_string__, **libraries.library_versions()}
