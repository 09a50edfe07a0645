"""What passes between the parts of the reading process: the request, the staged file, the opened file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Literal

from landbank.exchange.read import Batch, Layer, Note, ReadLimits, TableOptions

BATCH_ROWS = 16_384


class Kind(StrEnum):
    """The formats that are read, by the name shown to people."""

    GPKG = "GeoPackage"
    SHAPEFILE = "Shapefile"
    GEOJSON = "GeoJSON"
    GML = "GML"
    KML = "KML"
    FLATGEOBUF = "FlatGeobuf"
    PARQUET = "GeoParquet"
    TAB = "MapInfo TAB"
    GDB = "File Geodatabase"
    DXF = "DXF"
    CSV = "CSV"
    XLSX = "XLSX"
    OSM = "OpenStreetMap PBF"


FORMATS = ", ".join(kind for kind in Kind if kind is not Kind.OSM)
"""All formats that plots are read from, for messages."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the parent asks for."""

    path: Path
    scratch: Path
    layer: str | None
    crs: str | None
    crs_override: bool
    limits: ReadLimits
    table: TableOptions
    of_roads: bool = False
    """Whether roads are looked for: only then is an extract of OpenStreetMap opened."""
    verbatim: bool = False

    @property
    def name(self) -> str:
        """The file's name, for messages."""
        return self.path.name


@dataclass(frozen=True, slots=True)
class Staged:
    """A file under a fixed name in the scratch folder, with the side files it needs and no others."""

    kind: Kind
    parts: tuple[tuple[str, Path], ...]
    """Layer name and file; several for a folder or archive of Shapefiles."""
    notes: tuple[Note, ...] = ()

    @property
    def file(self) -> Path:
        """The file, where the format has one."""
        return self.parts[0][1]

    @property
    def stem(self) -> str:
        """The name that people know it by, without its ending."""
        return self.parts[0][0]


@dataclass(frozen=True, slots=True)
class Opened:
    """A file with its layers read and one chosen, before the caller's CRS is applied."""

    layers: tuple[Layer, ...]
    layer: Layer
    driver: str
    crs_from: Literal["file", "format", "flag"] | None
    notes: tuple[Note, ...]
    batches: Callable[[], Iterator[Batch]]
