"""The formats that GDAL reads, as Arrow batches; only ever imported in the reading process."""

from __future__ import annotations

import functools
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from landbank.errors import Invalid
from landbank.exchange.read import Batch, Layer, Note
from landbank.exchange.read_batches import Normaliser
from landbank.exchange.read_dbf import check_shapefile, decide_encoding
from landbank.exchange.read_json import crs_member
from landbank.exchange.read_layers import choose_layer
from landbank.exchange.read_notes import note
from landbank.exchange.read_request import BATCH_ROWS, Kind, Opened, Request, Staged
from landbank.exchange.read_types import typed
from landbank.exchange.read_xml import check_xml
from landbank.geo.identify import crs_code, crs_name

_NAMED_BY_FILE = frozenset({Kind.SHAPEFILE, Kind.GEOJSON, Kind.FLATGEOBUF, Kind.TAB})
"""Formats with one layer, whose name would be the fixed name in the scratch folder."""
_TEXT_ONLY = frozenset({Kind.GML, Kind.KML})
_KML_DISPLAY = frozenset({"altitudeMode", "tessellate", "extrude", "visibility", "drawOrder", "icon"})
_DAMAGE = (DataSourceError, DataLayerError, pa.ArrowException, OSError, RuntimeError)


def open_gdal(request: Request, staged: Staged) -> Opened:
    """A staged file of a GDAL format, opened.

    Raises
    ------
    Invalid
        The file is damaged, or its layer is not clear.
    """
    notes = list(staged.notes) + _before(request, staged)
    found: list[tuple[Layer, Path, str]] = []
    for name, path in staged.parts:
        found += _layers(request, staged, name, path)
    layers = tuple(layer for layer, _, _ in found)
    layer, told = choose_layer(layers, request.layer, request.name)
    _, path, inner = found[layers.index(layer)]
    crs, crs_from, said = _crs(staged, path, layer, request.name)
    final = Layer(layer.name, layer.rows, layer.geometry_kind, crs)
    return Opened(
        layers=tuple(final if one is layer else one for one in layers),
        layer=final,
        driver=str(staged.kind),
        crs_from=crs_from,
        notes=(*notes, *told, *said),
        batches=functools.partial(_batches, request, staged, path, inner, layer, crs_from),
    )


def _before(request: Request, staged: Staged) -> list[Note]:
    """Checks that GDAL does not make, before it sees the file."""
    notes: list[Note] = []
    if staged.kind in _TEXT_ONLY:
        check_xml(staged.file, request.name)
    if staged.kind is Kind.SHAPEFILE:
        for _, path in staged.parts:
            notes += check_shapefile(path, request.name)
            encoding, told = decide_encoding(path, request.name)
            notes += [told] if told else []
            cpg = path.with_suffix(".cpg")
            cpg.unlink(missing_ok=True)
            cpg.write_text(encoding.upper().replace("CP", "") + "\n")
    if staged.kind is Kind.GEOJSON:
        crs_member(staged.file, request.name)  # a link is refused before GDAL could follow it
    return notes


def _layers(request: Request, staged: Staged, name: str, path: Path) -> list[tuple[Layer, Path, str]]:
    try:
        inner = [str(row[0]) for row in pyogrio.list_layers(path)]
        found = [pyogrio.read_info(path, layer=one) for one in inner]
    except _DAMAGE as error:
        raise _damaged(request, error) from error
    shown = [name] if staged.kind in _NAMED_BY_FILE and len(inner) == 1 else inner
    return [(_layer(title, told), path, one) for title, one, told in zip(shown, inner, found, strict=True)]


def _layer(name: str, told: dict[str, Any]) -> Layer:
    rows = int(told["features"])
    stated = told["crs"]
    crs = None if stated is None or told["geometry_type"] is None else crs_code(stated) or stated
    return Layer(name, None if rows < 0 else rows, told["geometry_type"], crs)


def _crs(
    staged: Staged, path: Path, layer: Layer, name: str
) -> tuple[str | None, Literal["file", "format"] | None, tuple[Note, ...]]:
    """The CRS, who states it, and what is to be said about that."""
    if staged.kind is Kind.GEOJSON:
        member = crs_member(path, name)
        if member is None:
            text = "No crs member: longitude and latitude in degrees (WGS 84), by RFC 7946."
            return "EPSG:4326", "format", (note("crs_default", text),)
        if member.code is None:
            text = f"The crs member says {member.said!r}, which names no known CRS. State it with --crs."
            return None, None, (note("crs_unreadable", text, value=member.said),)
        return member.code, "file", ()
    if staged.kind is Kind.KML:
        return "EPSG:4326", "file", ()
    if layer.crs is None:
        return None, None, ()
    if staged.kind is Kind.TAB and layer.crs.startswith("EPSG:"):
        text = f"MapInfo names no code; the parameters are those of {crs_name(layer.crs)}."
        return layer.crs, "file", (note("crs_by_parameters", text, value=layer.crs),)
    return layer.crs, "file", ()


def _batches(
    request: Request, staged: Staged, path: Path, inner: str, layer: Layer, crs_from: str | None
) -> Iterator[Batch]:
    read = _read(request, staged, path, inner, layer, crs_from)
    if staged.kind in _TEXT_ONLY:
        return typed(read, request.scratch, decimals=(".",))
    return read


def _read(
    request: Request, staged: Staged, path: Path, inner: str, layer: Layer, crs_from: str | None
) -> Iterator[Batch]:
    hidden = _KML_DISPLAY if staged.kind is Kind.KML else frozenset()
    rows = 0
    try:
        with (
            warnings.catch_warnings(action="ignore"),
            pyogrio.open_arrow(path, layer=inner, batch_size=BATCH_ROWS, use_pyarrow=True) as (told, stream),
        ):
            geometry = None
            if layer.geometry_kind is not None:
                geometry = told["geometry_name"] or "wkb_geometry"
            kept = [name for name in stream.schema.names if name not in hidden]
            chosen = (record.select(kept) for record in stream)
            normaliser = Normaliser(geometry, degrees_by_format=crs_from == "format" and request.crs is None)
            for batch in normaliser.batches(chosen):
                rows += batch.rows
                yield batch
    except _DAMAGE as error:
        raise _damaged(request, error) from error
    if layer.rows is not None and rows < layer.rows:
        raise Invalid(
            f"{request.name} promises {layer.rows} rows in '{layer.name}' and gives {rows}: it is damaged.",
            hint="Export or copy it again.",
            where=request.name,
        )


def _damaged(request: Request, error: Exception) -> Invalid:
    said = re.sub(r"[\w/.-]*/(source|part\d+/source)\.\w+", request.name, str(error))
    said = said.replace(
        "; It might help to specify the correct driver explicitly by prefixing the file path with", ""
    )
    said = re.sub(r" '<DRIVER>:'.*", "", said).strip().rstrip(".")
    return Invalid(
        f"{request.name} can't be read: {said[:300]}.",
        hint="It is cut off, damaged or not what its name says. Export or copy it again.",
        where=request.name,
    )
