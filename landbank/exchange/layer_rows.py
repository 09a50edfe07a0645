"""A file's layer as rows of a reference layer: looked through once for what it holds, read again to be written.

Nothing is known of what the rows are about: columns keep their names and types, shapes keep their kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from landbank.domain.filter import Kind
from landbank.errors import Invalid
from landbank.exchange.binary_rows import binary_rows
from landbank.exchange.read import ROW_ID, Batch, Source
from landbank.geo.layer_shape import Bounds, Tally, bounds_lonlat, layer_shapes

KEY, GEOMETRY = "fid", "geom"
"""What every layer's id and geometry are called."""
_GEOMETRY_KINDS = {
    "point": {"Point"},
    "point-or-multipoint": {"Point", "MultiPoint"},
    "linestring-or-multilinestring": {"LineString", "MultiLineString"},
    "polygon-or-multipolygon": {"Polygon", "MultiPolygon"},
}
"""Words of OGC API Features, Part 3, for what kinds a geometry may be of."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What a layer holds: property by column of the file, with its kind; where it lies; how many rows."""

    columns: Mapping[str, tuple[str, Kind]]
    extent: Bounds | None
    geometry_kind: str
    rows: int
    has_ids: bool


def survey(source: Source) -> Survey:
    """What the layer of an opened file holds; reads all of it.

    Raises
    ------
    Invalid
        Its coordinates lie nowhere on earth in its CRS, or a column changes its type on the way.
    """
    crs = _crs(source)
    schema: dict[str, pa.DataType] = {}
    kinds: set[str] = set()
    corners: list[Bounds] = []
    ids: list[Any] = []
    rows = 0
    for batch in source.batches():
        _note_types(schema, batch, source)
        shapes = shapely.from_wkb(batch.wkb.to_numpy(zero_copy_only=False), on_invalid="fix")
        present = shapes[~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)]
        kinds |= {
            shape.geom_type
            for shape in present[np.unique(shapely.get_type_id(present), return_index=True)[1]]
        }
        if len(present):
            corners.append(tuple(shapely.total_bounds(present)))
        if ROW_ID in batch.columns:
            ids.append(batch.columns[ROW_ID].to_numpy(zero_copy_only=False))
        rows += batch.rows
    names = _property_names([name for name in schema if name != ROW_ID])
    return Survey(
        columns={name: (names[name], _kind(schema[name])) for name in names},
        extent=_extent(corners, crs, source),
        geometry_kind=_geometry_kind(kinds),
        rows=rows,
        has_ids=bool(ids) and len(np.unique(np.concatenate(ids))) == rows,
    )


def copy_streams(
    source: Source, found: Survey, *, stored: Mapping[str, str], srid: int, tally: Tally
) -> Iterator[tuple[tuple[str, ...], bytes, int]]:
    """Column names, a COPY stream in binary form and its number of rows, batch by batch.

    `stored` gives the database's column of each property; the id comes first and the geometry last.
    """
    crs = _crs(source)
    for batch in source.batches():
        columns: dict[str, pa.Array] = {KEY: _ids(batch, found)}
        for name, (called, kind) in found.columns.items():
            columns[stored[called]] = _as(batch.columns.get(name), kind, batch.rows)
        shapes = layer_shapes(batch.wkb.to_numpy(zero_copy_only=False), crs, srid, tally)
        wkb = shapely.to_wkb(shapely.set_srid(shapes, srid), include_srid=True)
        columns["geometry"] = pa.array(list(wkb), pa.binary())
        yield tuple(columns), binary_rows(columns), batch.rows


def _crs(source: Source) -> str:
    if source.layer.crs is None:
        raise Invalid(
            f"The layer '{source.layer.name}' does not state its coordinate reference system.",
            hint="Give it with --crs, as EPSG:3006; the sender of the file knows it.",
            where="crs",
        )
    return source.layer.crs


def _note_types(schema: dict[str, pa.DataType], batch: Batch, source: Source) -> None:
    for name, array in batch.columns.items():
        known = schema.setdefault(name, array.type)
        if _kind(known) is not _kind(array.type):
            raise Invalid(
                f"The column '{name}' of '{source.layer.name}' is {known} in some rows and {array.type} in others.",
                hint="Export the layer with one type a column.",
                where=name,
            )


def _kind(kind: pa.DataType) -> Kind:
    tests = (
        (pa.types.is_boolean, Kind.BOOLEAN),
        (pa.types.is_integer, Kind.INTEGER),
        (pa.types.is_floating, Kind.NUMBER),
        (pa.types.is_date, Kind.DATE),
        (pa.types.is_timestamp, Kind.DATETIME),
    )
    return next((found for is_it, found in tests if is_it(kind)), Kind.TEXT)


_ARROW: dict[Kind, pa.DataType] = {
    Kind.BOOLEAN: pa.bool_(),
    Kind.INTEGER: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.DATE: pa.date32(),
    Kind.DATETIME: pa.timestamp("us"),
    Kind.TEXT: pa.string(),
}


def _as(array: pa.Array | None, kind: Kind, rows: int) -> pa.Array:
    """The column in the type that is written; a moment without a zone is taken as UTC."""
    if array is None:
        return pa.nulls(rows, _ARROW[kind])
    if kind is Kind.DATETIME and array.type.tz is not None:
        array = array.cast(pa.timestamp("us", "UTC")).cast(pa.int64())
    return array.cast(_ARROW[kind])


def _ids(batch: Batch, found: Survey) -> pa.Array:
    if found.has_ids:
        return batch.columns[ROW_ID].cast(pa.int64())
    return pa.array(np.arange(batch.first_row, batch.first_row + batch.rows, dtype=np.int64))


def _property_names(names: list[str]) -> dict[str, str]:
    """The property of each column of the file: its name, made unlike all others and what every layer has."""
    taken = {KEY, GEOMETRY}
    made: dict[str, str] = {}
    for name in names:
        base = "".join(sign for sign in name.strip() if sign.isprintable())[:100] or "column"
        called, number = base, 1
        while called in taken:
            called, number = f"{base}_{number}", number + 1
        taken.add(called)
        made[name] = called
    return made


def _extent(corners: list[Bounds], crs: str, source: Source) -> Bounds | None:
    if not corners:
        return None
    west, south, east, north = np.array(corners).T
    whole = (float(west.min()), float(south.min()), float(east.max()), float(north.max()))
    found = bounds_lonlat(whole, crs) if np.isfinite(whole).all() else None
    if found is None:
        raise Invalid(
            f"The layer '{source.layer.name}' has coordinates that lie nowhere on earth in {crs}.",
            hint="State the coordinate reference system with --crs, and --crs-override if the file names another.",
            where="crs",
        )
    return found


def _geometry_kind(kinds: set[str]) -> str:
    return next((word for word, those in _GEOMETRY_KINDS.items() if kinds and kinds <= those), "any")
