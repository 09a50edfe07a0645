"""Walls around the process that reads other people's files.

Only listed GDAL drivers, no network, limits on memory, processor time and file size. Each wall stands
alone: where the system lacks one (network namespaces in some containers), the others still hold.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import sys
from pathlib import Path

DRIVERS = frozenset(
    {
        "DXF",
        "ESRI Shapefile",
        "FlatGeobuf",
        "GML",
        "GPKG",
        "GeoJSON",
        "GeoJSONSeq",
        "LIBKML",
        "MapInfo File",
        "OpenFileGDB",
    }
)
"""GDAL drivers that may exist in the reading process. CSV, XLSX and GeoParquet are read without GDAL."""

KNOWN_OTHERS = (
    "MEM,PCIDSK,PDS4,VICAR,PDF,MBTiles,EEDA,OGCAPI,GDALG,LVBAG,S57,DGN,OGR_VRT,CSV,GPX,"
    "KML,ESRIJSON,TopoJSON,OGR_GMT,SQLite,WAsP,GeoRSS,VFK,PGDUMP,OSM,GPSBabel,OGR_PDS,WFS,"
    "OAPIF,EDIGEO,Idrisi,ODS,XLSX,Elasticsearch,Carto,AmigoCloud,SXF,Selafin,JML,PLSCENES,"
    "CSW,VDV,MVT,NGW,MapML,GTFS,PMTiles,JSONFG,MiraMonVector,ADBC,AVCBin,AVCE00,AIVector,"
    "HTTP"
)
"""Vector drivers of GDAL 3.12 that are switched off; another build's further ones are found at start."""

GDAL_OPTIONS = {
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "none",
    "DOWNLOAD_SCHEMA": "NO",
    "GML_DOWNLOAD_WFS_SCHEMA": "NO",
    "GML_DOWNLOAD_SCHEMA": "NO",
    "GML_SKIP_RESOLVE_ELEMS": "ALL",
    "GML_FIELDTYPES": "ALWAYS_STRING",  # without its schema GDAL would make a number of the code 0180
    "GDAL_HTTP_PROXY": "127.0.0.1:9",
    "GDAL_HTTP_TIMEOUT": "1",
    "GDAL_HTTP_MAX_RETRY": "0",
    "OGR_ARC_STEPSIZE": "1",
    "OGR_ARROW_MEM_LIMIT": "67108864",
    "OGR_GEOJSON_MAX_OBJ_SIZE": "200",
    "OGR_SQLITE_LOAD_EXTENSIONS": "",
    "PROJ_NETWORK": "OFF",
    "SHAPE_RESTORE_SHX": "NO",
}

ROADS = "LANDBANK_READER_OF_ROADS"
"""Set where an extract of OpenStreetMap may be opened, whose driver is otherwise off."""

_KEPT = ("GDAL_DATA", "PROJ_DATA", "PROJ_LIB", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000


def child_environment(scratch: Path, *, of_roads: bool = False) -> dict[str, str]:
    """The whole environment of the reading process: nothing secret, GDAL's doors shut."""
    code = Path(__file__).resolve().parents[2]
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {
        **kept,
        **GDAL_OPTIONS,
        **({ROADS: "1"} if of_roads else {}),
        "OGR_SKIP": ",".join(name for name in KNOWN_OTHERS.split(",") if not (of_roads and name == "OSM")),
        "PATH": os.defpath,
        "PYTHONPATH": str(code),
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "LC_ALL": "C.UTF-8",
        # one thread and one arena: parallel allocators reserve address space that the limit counts
        "MALLOC_ARENA_MAX": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "GDAL_NUM_THREADS": "1",
        "ARROW_DEFAULT_MEMORY_POOL": "system",
    }


def keep_to_listed_drivers() -> None:
    """Import GDAL with no driver beyond `DRIVERS`; start this process anew where its build has more.

    Raises
    ------
    RuntimeError
        GDAL keeps a driver that was switched off.
    """
    without = ("geopandas", "pandas")  # pyogrio would import them, half of the time that a start takes
    for name in without:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]
    import pyogrio

    for name in without:  # Arrow looks pandas up by itself and must find it whole or not at all
        if sys.modules.get(name) is None:
            sys.modules.pop(name, None)
    surplus = set(pyogrio.list_drivers()) - DRIVERS - ({"OSM"} if os.environ.get(ROADS) else set())
    if not surplus:
        return
    if os.environ.get("LANDBANK_READER_RESTARTED"):
        raise RuntimeError(f"GDAL keeps drivers that must not be there: {sorted(surplus)}")
    skip = ",".join([os.environ["OGR_SKIP"], *sorted(surplus)])
    environment = {**os.environ, "OGR_SKIP": skip, "LANDBANK_READER_RESTARTED": "1"}
    os.execve(sys.executable, sys.orig_argv, environment)  # noqa: S606


def cut_network() -> bool:
    """Whether this process now sits in an own, empty network namespace (Linux)."""
    if not sys.platform.startswith("linux"):
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    kinds = (_NEW_NETWORK, _NEW_NETWORK | _NEW_USER)
    return any(libc.unshare(kind) == 0 for kind in kinds)


def limit_resources(*, memory_mb: int, cpu_s: int, file_mb: int) -> None:
    """Limit this process from now on: memory on top of what it holds, processor seconds, size of a file."""
    soft = {
        resource.RLIMIT_AS: _address_space() + memory_mb * 1_000_000,
        resource.RLIMIT_CPU: cpu_s,
        resource.RLIMIT_FSIZE: file_mb * 1_000_000,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: 256,
    }
    for kind, value in soft.items():
        _, hard = resource.getrlimit(kind)
        ceiling = value if hard == resource.RLIM_INFINITY else min(value, hard)
        with contextlib.suppress(ValueError):  # macOS refuses RLIMIT_AS; processor time still bounds the run
            resource.setrlimit(kind, (ceiling, ceiling if kind != resource.RLIMIT_CPU else hard))


def _address_space() -> int:
    """Bytes of address space this process has now; half a gigabyte where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:
        return 500_000_000
    return pages * resource.getpagesize()
