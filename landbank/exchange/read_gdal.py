"""The formats that GDAL reads, as Arrow batches; only ever imported in the reading process."""

from __future__ import annotations

import dataclasses
import functools
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from landbank.errors import Invalid
from landbank.exchange.long_texts import join_long
from landbank.exchange.read import ROW_ID, Batch, Layer, Note
from landbank.exchange.read_batches import LARGEST_BATCH_BYTES, Normaliser
from landbank.exchange.read_dbf import check_shapefile, decide_encoding
from landbank.exchange.read_geopackage import count_rows
from landbank.exchange.read_json import crs_member
from landbank.exchange.read_layers import choose_layer
from landbank.exchange.read_notes import note
from landbank.exchange.read_request import BATCH_ROWS, Kind, Opened, Request, Staged
from landbank.exchange.read_types import typed
from landbank.exchange.read_xml import check_xml, crs_of_gml
from landbank.geo.identify import crs_code, crs_name

_NAMED_BY_FILE = frozenset({Kind.SHAPEFILE, Kind.GEOJSON, Kind.FLATGEOBUF, Kind.TAB})
"""Formats with one layer, whose name would be the fixed name in the scratch folder."""
_TEXT_ONLY = frozenset({Kind.GML, Kind.KML})
_HIDDEN = {
    Kind.KML: frozenset({"altitudeMode", "tessellate", "extrude", "visibility", "drawOrder", "icon"}),
    Kind.GML: frozenset({"lowerCorner", "upperCorner"}),
}
"""Columns that say how a shape is drawn or what its bounding box is, nothing about what it is."""
_DAMAGE = (DataSourceError, DataLayerError, pa.ArrowException, OSError, RuntimeError)


_Stated = tuple[str | None, Literal["file", "format"] | None, tuple[Note, ...]]


@dataclass(frozen=True, slots=True)
class _Rows:
    """Where the rows of the chosen layer come from."""

    path: Path
    inner: str
    layer: Layer
    crs_from: str | None

    def geometry(self, told: dict[str, Any]) -> str | None:
        """The name of the geometry column in the stream."""
        return None if self.layer.geometry_kind is None else str(told["geometry_name"] or "wkb_geometry")

    def by_format(self, request: Request) -> bool:
        """Whether the coordinates are degrees for no other reason than the format."""
        return self.crs_from == "format" and request.crs is None


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
    layer, told = choose_layer(layers, request.layer, request.name, verbatim=request.verbatim)
    _, path, inner = found[layers.index(layer)]
    crs, crs_from, said = _crs(staged, path, layer, request.name)
    final = Layer(layer.name, layer.rows, layer.geometry_kind, crs)
    return Opened(
        layers=tuple(final if one is layer else one for one in layers),
        layer=final,
        driver=str(staged.kind),
        crs_from=crs_from,
        notes=(*notes, *told, *said),
        batches=functools.partial(_batches, request, staged, _Rows(path, inner, layer, crs_from)),
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
        if staged.kind in _NAMED_BY_FILE:  # each look at a GeoJSON file reads all of it
            only = pyogrio.read_info(path)
            return [(_layer(name, only), path, str(only["layer_name"]))]
        inner = [str(row[0]) for row in pyogrio.list_layers(path)]
        found = [pyogrio.read_info(path, layer=one) for one in inner]
    except _DAMAGE as error:
        raise damaged(request, staged.kind, error) from error
    titles = [name if one == path.stem else one for one in inner]  # an unnamed KML document: the fixed name
    return [(_layer(title, told), path, one) for title, one, told in zip(titles, inner, found, strict=True)]


def _layer(name: str, told: dict[str, Any]) -> Layer:
    rows = int(told["features"])
    stated = told["crs"]
    crs = None if stated is None or told["geometry_type"] is None else crs_code(stated) or stated
    return Layer(name, None if rows < 0 else rows, told["geometry_type"], crs)


def _crs(staged: Staged, path: Path, layer: Layer, name: str) -> _Stated:
    """The CRS, who states it, and what is to be said about that."""
    if staged.kind is Kind.GEOJSON:
        return _geojson_crs(path, name)
    if staged.kind is Kind.KML:
        return "EPSG:4326", "file", ()
    crs = layer.crs
    if crs is None and staged.kind is Kind.GML and layer.geometry_kind is not None:
        crs = crs_of_gml(path)
    if crs is None:
        return None, None, ()
    if staged.kind is Kind.TAB and crs.startswith("EPSG:"):
        text = f"MapInfo names no code; the parameters are those of {crs_name(crs)}."
        return crs, "file", (note("crs_by_parameters", text, value=crs),)
    return crs, "file", ()


def _geojson_crs(path: Path, name: str) -> _Stated:
    member = crs_member(path, name)
    if member is None:
        text = "No crs member: longitude and latitude in degrees (WGS 84), by RFC 7946."
        return "EPSG:4326", "format", (note("crs_default", text),)
    if member.code is None:
        text = f"The crs member says {member.said!r}, which names no known CRS. State it with --crs."
        return None, None, (note("crs_unreadable", text, value=member.said),)
    return member.code, "file", ()


def _batches(request: Request, staged: Staged, rows: _Rows) -> Iterator[Batch]:
    read = _read(request, staged, rows)
    return typed(read, request.scratch, decimals=(".",)) if staged.kind in _TEXT_ONLY else read


def _read(request: Request, staged: Staged, rows: _Rows) -> Iterator[Batch]:
    hidden = _HIDDEN.get(staged.kind, frozenset())
    count = 0
    try:
        stream_of = _stream(staged, rows, with_ids=request.verbatim)
        with warnings.catch_warnings(action="ignore"), stream_of as (told, stream):
            renamed = {told["fid_column"] or "OGC_FID": ROW_ID} if request.verbatim else {}
            kept = {name: renamed.get(name, name) for name in stream.schema.names if name not in hidden}
            normaliser = Normaliser(rows.geometry(told), degrees_by_format=rows.by_format(request))
            records = (record.select(list(kept)).rename_columns(list(kept.values())) for record in stream)
            for batch in normaliser.batches(records):
                count += batch.rows
                yield _whole(batch) if staged.kind is Kind.SHAPEFILE else batch
    except _DAMAGE as error:
        raise damaged(request, staged.kind, error) from error
    try:
        promised = _promised(staged, rows)
    except OSError as error:
        raise damaged(request, staged.kind, error) from error
    if promised is not None and count < promised:
        raise Invalid(
            f"{request.name} promises {promised} rows in '{rows.layer.name}' and gives {count}.",
            hint="It is damaged. Export or copy it again.",
            where=request.name,
        )


def _whole(batch: Batch) -> Batch:
    return dataclasses.replace(batch, columns=join_long(batch.columns))


def _stream(staged: Staged, rows: _Rows, *, with_ids: bool) -> Any:
    """The context of the layer's Arrow stream.

    The byte limit of batches makes the FlatGeobuf driver drop every row after the first full batch (GDAL
    3.12), so there the rows of a batch are limited by their mean size instead.
    """
    size = BATCH_ROWS
    if staged.kind is Kind.FLATGEOBUF:
        pyogrio.set_gdal_config_options({"OGR_ARROW_MEM_LIMIT": None})
        mean = rows.path.stat().st_size / max(rows.layer.rows or 1, 1)
        size = max(1, min(BATCH_ROWS, int(LARGEST_BATCH_BYTES / mean)))
    return pyogrio.open_arrow(
        rows.path, layer=rows.inner, batch_size=size, use_pyarrow=True, return_fids=with_ids
    )


def _promised(staged: Staged, rows: _Rows) -> int | None:
    """How many rows there must have been; None where the format's own count is not binding.

    GDAL ends the stream without a word where a page of a GeoPackage is damaged. The count that GeoPackage
    keeps beside the rows may be old, so they are counted; rows marked as deleted count in .dbf and .dat.
    """
    if staged.kind in (Kind.SHAPEFILE, Kind.TAB):
        return None
    if staged.kind is Kind.GPKG:
        return count_rows(rows.path, rows.inner)
    return rows.layer.rows


def damaged(request: Request, kind: Kind, error: Exception) -> Invalid:
    """What GDAL says of a file that it can't read, without its scratch paths and advice."""
    said = re.sub(r"[\w/.-]*/(source|part\d+/source)\.\w+", request.name, str(error))
    said = said.replace(
        "; It might help to specify the correct driver explicitly by prefixing the file path with", ""
    )
    said = re.sub(r" '<DRIVER>:'.*", "", said).strip().rstrip(".")
    if "not recognized as being in a supported file format" in said:
        said = f"its content is not {kind}"
    return Invalid(
        f"{request.name} can't be read: {said[:300]}.",
        hint="It is cut off, damaged or not what its name says. Export or copy it again.",
        where=request.name,
    )
