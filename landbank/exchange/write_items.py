"""A page of items as a file: CSV, FlatGeobuf or GeoParquet, with whatever columns the collection has."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pyogrio
import shapely

from landbank.domain.filter import Kind
from landbank.geo.crs import LONLAT, crs_wkt, geoparquet_crs

GEOMETRY = "geometry"
_ARROW: dict[Kind, pa.DataType] = {
    Kind.TEXT: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.BOOLEAN: pa.bool_(),
    Kind.DATE: pa.date32(),
    Kind.DATETIME: pa.timestamp("us", "UTC"),
    Kind.TEXTS: pa.list_(pa.string()),
    Kind.UUID: pa.string(),
}

Columns = Mapping[str, Kind]
Rows = Sequence[tuple[Mapping[str, Any], bytes | None]]
"""Properties and WKB (x before y) of each item."""


def csv_of(columns: Columns, rows: Rows, *, is_northing_first: bool, decimals: int) -> bytes:
    """The items as CSV with a header; the geometry as WKT in the axis order of its CRS, lists joined by `; `.

    A text that a spreadsheet would run as a formula gets a ' in front. Source: OWASP, "CSV Injection".
    """
    shapes: Any = shapely.from_wkb([wkb for _, wkb in rows]) if rows else []
    if is_northing_first and len(shapes):
        shapes = shapely.transform(shapes, lambda xy: xy[:, ::-1])
    texts = shapely.to_wkt(shapes, rounding_precision=decimals, trim=True) if len(shapes) else []
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow([*map(_harmless, columns), GEOMETRY])
    for (values, _), text in zip(rows, texts, strict=True):
        writer.writerow([*(_cell(values[name]) for name in columns), text])
    return written.getvalue().encode()


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, list):
        return _harmless("; ".join(map(str, value)))
    return _harmless(value) if isinstance(value, str) else value


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def flatgeobuf_of(columns: Columns, rows: Rows, *, name: str, srid: int) -> bytes:
    """The items as FlatGeobuf; lists are joined, since the format has none."""
    table = _table({one: Kind.TEXT if kind is Kind.TEXTS else kind for one, kind in columns.items()}, rows)
    written = io.BytesIO()
    pyogrio.write_arrow(
        table, written, layer=name, driver="FlatGeobuf", geometry_name=GEOMETRY, geometry_type="Unknown",
        crs=crs_wkt(srid), layer_options={"SPATIAL_INDEX": "NO"},
    )  # fmt: skip
    return written.getvalue()


def geoparquet_of(columns: Columns, rows: Rows, *, srid: int) -> bytes:
    """The items as GeoParquet 1.1, WKB encoding; longitude and latitude without a CRS, as its standard has it."""
    primary: dict[str, Any] = {"encoding": "WKB", "geometry_types": []}
    if srid != LONLAT:
        primary["crs"] = geoparquet_crs(srid)
    told = {"version": "1.1.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: primary}}
    table = _table(columns, rows).replace_schema_metadata({"geo": json.dumps(told)})
    written = pa.BufferOutputStream()
    pyarrow.parquet.write_table(table, written, compression="zstd")
    return written.getvalue().to_pybytes()  # type: ignore[no-any-return]


def _table(columns: Columns, rows: Rows) -> pa.Table:
    arrays = [
        pa.array([_plain(values[name], kind) for values, _ in rows], _ARROW[kind])
        for name, kind in columns.items()
    ]
    geometry = pa.field(GEOMETRY, pa.binary(), metadata={"ARROW:extension:name": "geoarrow.wkb"})
    names = _apart(columns)
    schema = pa.schema(
        [*(pa.field(name, array.type) for name, array in zip(names, arrays, strict=True)), geometry]
    )
    return pa.table([*arrays, pa.array([wkb for _, wkb in rows], pa.binary())], schema=schema)


def _apart(columns: Columns) -> list[str]:
    """The names of the columns, unlike the geometry's."""
    return [f"{name}_1" if name == GEOMETRY else name for name in columns]


def _plain(value: Any, kind: Kind) -> Any:
    if kind is Kind.TEXT and isinstance(value, list):
        return "; ".join(value)
    return str(value) if kind is Kind.UUID and value is not None else value
