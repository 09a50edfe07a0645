"""GeoParquet by Arrow, batch by batch; GDAL's wheels have no driver for it."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from landbank.errors import Invalid
from landbank.exchange.read import Batch, Layer, Note
from landbank.exchange.read_batches import Normaliser
from landbank.exchange.read_notes import note
from landbank.exchange.read_request import BATCH_ROWS, Opened, Request, Staged
from landbank.geo.identify import crs_code


def open_parquet(request: Request, staged: Staged) -> Opened:
    """A staged GeoParquet file, opened.

    Raises
    ------
    Invalid
        Damaged, without GeoParquet's metadata, or in an encoding other than WKB.
    """
    try:
        file = pq.ParquetFile(staged.file, memory_map=False, pre_buffer=False)
    except (pa.ArrowException, OSError) as error:
        raise Invalid(
            f"{request.name} is no whole Parquet file ({str(error)[:200]}).",
            hint="Export or copy it again.",
            where=request.name,
        ) from error
    primary, told = _geometry_column(file, request)
    crs, crs_from, notes = _crs(told)
    kinds = told.get("geometry_types") or []
    kind = (
        kinds[0]
        if len(kinds) == 1
        else "MultiPolygon"
        if set(kinds) == {"Polygon", "MultiPolygon"}
        else "Unknown"
    )
    layer = Layer(staged.stem, file.metadata.num_rows, kind, crs)
    return Opened(
        layers=(layer,),
        layer=layer,
        driver=str(staged.kind),
        crs_from=crs_from,
        notes=(*staged.notes, *notes),
        batches=functools.partial(_batches, request, file, primary, _covering(told), crs_from),
    )


def _geometry_column(file: pq.ParquetFile, request: Request) -> tuple[str, dict[str, Any]]:
    raw = (file.metadata.metadata or {}).get(b"geo")
    try:
        geo = json.loads(raw) if raw else {}
        primary = str(geo["primary_column"])
        told = dict(geo["columns"][primary])
    except (ValueError, KeyError, TypeError) as error:
        raise Invalid(
            f"{request.name} is Parquet, but not GeoParquet: its metadata names no geometry column.",
            hint="Write it with GeoPandas, QGIS or GDAL as GeoParquet.",
            where=request.name,
        ) from error
    if told.get("encoding") != "WKB" or primary not in file.schema_arrow.names:
        raise Invalid(
            f"{request.name} keeps its geometry as {told.get('encoding')!r}; WKB is read.",
            hint="Write it as GeoParquet 1.0 or with the encoding WKB.",
            where=request.name,
        )
    return primary, told


def _crs(told: dict[str, Any]) -> tuple[str | None, Literal["file", "format"] | None, tuple[Note, ...]]:
    """By GeoParquet 1.1: no `crs` key means OGC:CRS84, null means unknown."""
    if "crs" not in told:
        text = "No crs key: longitude and latitude in degrees (WGS 84), by GeoParquet."
        return "EPSG:4326", "format", (note("crs_default", text),)
    stated = told["crs"]
    if stated is None:
        return None, None, ()
    text = stated if isinstance(stated, str) else json.dumps(stated)
    code = crs_code(text)
    if code is None:
        return None, None, (note("crs_unreadable", "The crs key names no known CRS. State it with --crs."),)
    return code, "file", ()


def _covering(told: dict[str, Any]) -> frozenset[str]:
    """Names of the helper columns that repeat each row's bounding box."""
    try:
        return frozenset(str(path[0]) for path in told["covering"]["bbox"].values())
    except (KeyError, TypeError, AttributeError, IndexError):
        return frozenset()


def _batches(
    request: Request, file: pq.ParquetFile, primary: str, hidden: frozenset[str], crs_from: str | None
) -> Iterator[Batch]:
    columns = [name for name in file.schema_arrow.names if name not in hidden]
    stream = file.iter_batches(batch_size=BATCH_ROWS, columns=columns, use_threads=False)
    try:
        yield from Normaliser(
            primary, degrees_by_format=crs_from == "format" and request.crs is None
        ).batches(stream)
    except (pa.ArrowException, OSError) as error:
        raise Invalid(
            f"{request.name} breaks off inside ({str(error)[:200]}).",
            hint="Export or copy it again.",
            where=request.name,
        ) from error
