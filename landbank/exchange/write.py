"""Plots out into files: seven formats, streamed, with the data dictionary inside where the format allows.

Coordinates leave in EPSG:3006, but for GeoJSON, which RFC 7946 binds to WGS 84 longitude and latitude.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pyogrio
import shapely

from landbank.errors import Invalid
from landbank.exchange.attributes import ATTRIBUTES, Attribute, arrow_columns, arrow_schema, plain_value
from landbank.exchange.cells import write_csv, write_xlsx
from landbank.exchange.long_texts import cut_long
from landbank.geo.crs import LONLAT, STORAGE, crs_wkt, geoparquet_crs, reproject

LAYER = "plots"
DICTIONARY = "data_dictionary"


class ExportFormat(StrEnum):
    """The formats an inventory can be taken out in; the value is the file's ending."""

    GPKG = "gpkg"
    GEOJSON = "geojson"
    PARQUET = "parquet"
    FGB = "fgb"
    SHP = "zip"
    CSV = "csv"
    XLSX = "xlsx"


MEDIA_TYPE: dict[ExportFormat, str] = {
    ExportFormat.GPKG: "application/geopackage+sqlite3",
    ExportFormat.GEOJSON: "application/geo+json",
    ExportFormat.PARQUET: "application/vnd.apache.parquet",
    ExportFormat.FGB: "application/flatgeobuf",
    ExportFormat.SHP: "application/zip",
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def format_of(path: Path) -> ExportFormat:
    """The format that a file's ending names.

    Raises
    ------
    Invalid
        The ending is none of the seven.
    """
    try:
        return ExportFormat(path.suffix.lower().removeprefix("."))
    except ValueError:
        raise Invalid(
            f"'{path.name}' does not end in a format that landbank writes.",
            hint="Use one of " + ", ".join(f".{known}" for known in ExportFormat) + " (zip is Shapefile).",
        ) from None


@contextmanager
def replacing(destination: Path) -> Iterator[Path]:
    """A path to write to, moved to the destination once all is written: never half a file under its name."""
    with tempfile.TemporaryDirectory(prefix=".landbank-", dir=destination.parent) as folder:
        path = Path(folder) / destination.name
        yield path
        path.replace(destination)


@dataclass(frozen=True, slots=True)
class DictionaryRow:
    """One line of the data dictionary that travels with an export."""

    field: str
    short_name: str
    meaning_sv: str
    meaning_en: str
    unit: str
    code_list: str


@dataclass(frozen=True, slots=True)
class Export:
    """What is to be written: batches of rows (dictionaries with `wkb` in EPSG:3006), columns and their dictionary."""

    batches: Iterable[list[dict[str, Any]]]
    attributes: tuple[Attribute, ...] = ATTRIBUTES
    dictionary: tuple[DictionaryRow, ...] = ()
    short_names: dict[str, str] | None = None


def write(path: Path, export_format: ExportFormat, export: Export) -> int:
    """Write the plots to `path`; the number of plots written comes back.

    The rows are taken batch by batch, so memory does not grow with their number (FlatGeobuf sorts its index at the
    end and XLSX keeps its sheet: they do). An empty selection gives a file with the columns and no rows.
    """
    counted = _Counted(export.batches)
    writers: dict[ExportFormat, Callable[[Path, Export, Iterator[list[dict[str, Any]]]], None]] = {
        ExportFormat.GPKG: _write_gpkg,
        ExportFormat.GEOJSON: _write_geojson,
        ExportFormat.PARQUET: _write_parquet,
        ExportFormat.FGB: _write_fgb,
        ExportFormat.SHP: _write_shp,
        ExportFormat.CSV: _write_csv,
        ExportFormat.XLSX: _write_xlsx,
    }
    writers[export_format](path, export, iter(counted))
    return counted.rows


class _Counted:
    """Passes batches on and counts their rows."""

    def __init__(self, batches: Iterable[list[dict[str, Any]]]) -> None:
        self.batches, self.rows = batches, 0

    def __iter__(self) -> Iterator[list[dict[str, Any]]]:
        for batch in self.batches:
            self.rows += len(batch)
            yield batch


def _table(export: Export, rows: list[dict[str, Any]], wkb: list[bytes | None]) -> pa.RecordBatch:
    schema = _schema(export)
    return pa.record_batch(
        [*arrow_columns(export.attributes, rows), pa.array(wkb, pa.binary())], schema=schema
    )


def _schema(export: Export) -> pa.Schema:
    geometry = pa.field("geometry", pa.binary(), metadata={"ARROW:extension:name": "geoarrow.wkb"})
    return arrow_schema(export.attributes).append(geometry)


def _reader(
    export: Export, batches: Iterator[list[dict[str, Any]]], *, lonlat: bool = False
) -> pa.RecordBatchReader:
    def tables() -> Iterator[pa.RecordBatch]:
        for rows in batches:
            wkb = [row["wkb"] for row in rows]
            yield _table(export, rows, _to_lonlat(wkb) if lonlat else wkb)

    return pa.RecordBatchReader.from_batches(_schema(export), tables())


def _to_lonlat(wkb: list[bytes | None]) -> list[bytes | None]:
    """The same shapes in longitude and latitude, outer rings counter-clockwise (RFC 7946, 3.1.6)."""
    moved = reproject(shapely.from_wkb(wkb), STORAGE, LONLAT)
    return list(shapely.to_wkb(shapely.orient_polygons(moved)))


def _write_gpkg(path: Path, export: Export, batches: Iterator[list[dict[str, Any]]]) -> None:
    pyogrio.write_arrow(
        _reader(export, batches), path, layer=LAYER, driver="GPKG", geometry_name="geometry",
        geometry_type="Unknown", crs=crs_wkt(STORAGE),
        layer_options={"DESCRIPTION": "landbank: plots (EPSG:3006)", "GEOMETRY_NAME": "geometry"},
    )  # fmt: skip
    if export.dictionary:
        pyogrio.write_arrow(_dictionary_table(export), path, layer=DICTIONARY, driver="GPKG", append=True)


def _write_geojson(path: Path, export: Export, batches: Iterator[list[dict[str, Any]]]) -> None:
    pyogrio.write_arrow(
        _reader(export, batches, lonlat=True), path, layer=LAYER, driver="GeoJSON", geometry_name="geometry",
        geometry_type="Unknown", crs=crs_wkt(LONLAT),
        layer_options={"RFC7946": "YES", "COORDINATE_PRECISION": "9"},
    )  # fmt: skip


def _write_fgb(path: Path, export: Export, batches: Iterator[list[dict[str, Any]]]) -> None:
    pyogrio.write_arrow(
        _reader(export, batches), path, layer=LAYER, driver="FlatGeobuf", geometry_name="geometry",
        geometry_type="Unknown", crs=crs_wkt(STORAGE),
    )  # fmt: skip


def _write_parquet(path: Path, export: Export, batches: Iterator[list[dict[str, Any]]]) -> None:
    """GeoParquet 1.1, WKB encoding; the dictionary travels in the file's metadata."""
    import json

    geo = {
        "version": "1.1.0",
        "primary_column": "geometry",
        "columns": {"geometry": {"encoding": "WKB", "geometry_types": [], "crs": geoparquet_crs(STORAGE)}},
    }
    told = [
        {"field": row.field, "sv": row.meaning_sv, "en": row.meaning_en, "unit": row.unit}
        for row in export.dictionary
    ]
    schema = _schema(export).with_metadata({"geo": json.dumps(geo), "landbank:dictionary": json.dumps(told)})
    with pyarrow.parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        for rows in batches:
            batch = _table(export, rows, [row["wkb"] for row in rows])
            writer.write_batch(batch.replace_schema_metadata(schema.metadata))


def _write_shp(path: Path, export: Export, batches: Iterator[list[dict[str, Any]]]) -> None:
    """A zip of Shapefiles: polygons, and points where only the location is known (one file can't hold both)."""
    folder = path.with_suffix(".parts")
    folder.mkdir()
    try:
        rows = [row for batch in batches for row in batch]
        shapes: Any = shapely.from_wkb([row["wkb"] for row in rows]) if rows else []
        is_point = [shape.geom_type == "Point" for shape in shapes]
        for name, kind, wanted in (("plots", "MultiPolygon", False), ("plot_points", "Point", True)):
            chosen = [row for row, point in zip(rows, is_point, strict=True) if point is wanted]
            if chosen or name == "plots":
                _write_one_shp(folder / f"{name}.shp", export, chosen, kind)
        if export.dictionary:
            write_csv(folder / f"{DICTIONARY}.csv", *_dictionary_rows(export))
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in sorted(folder.iterdir()):
                archive.write(part, part.name)
    finally:
        for part in folder.iterdir():
            part.unlink()
        folder.rmdir()


def _write_one_shp(path: Path, export: Export, rows: list[dict[str, Any]], kind: str) -> None:
    table = pa.Table.from_batches([_table(export, rows, [row["wkb"] for row in rows])])
    short = export.short_names or {}
    table = table.rename_columns([short.get(name, name[:10]) for name in table.column_names])
    table = cut_long(table.replace_schema_metadata(None))
    schema = table.schema
    index = schema.get_field_index("geometry")
    field = schema.field(index).with_metadata({"ARROW:extension:name": "geoarrow.wkb"})
    pyogrio.write_arrow(
        table.cast(schema.set(index, field)), path, driver="ESRI Shapefile", geometry_name="geometry",
        geometry_type=kind, crs=crs_wkt(STORAGE), layer_options={"ENCODING": "UTF-8"},
    )  # fmt: skip


def _write_csv(path: Path, export: Export, batches: Iterator[list[dict[str, Any]]]) -> None:
    write_csv(path, _cell_names(export), _cell_rows(export, batches))


def _write_xlsx(path: Path, export: Export, batches: Iterator[list[dict[str, Any]]]) -> None:
    sheets: dict[str, tuple[list[str], Iterable[list[Any]]]] = {
        "Tomter": (_cell_names(export), _cell_rows(export, batches))
    }
    if export.dictionary:
        sheets["Datakatalog"] = _dictionary_rows(export)
    write_xlsx(path, sheets)


def _cell_names(export: Export) -> list[str]:
    return [*(attribute.name for attribute in export.attributes), "x_epsg3006", "y_epsg3006", "ewkt"]


def _cell_rows(export: Export, batches: Iterator[list[dict[str, Any]]]) -> Iterator[list[Any]]:
    for rows in batches:
        shapes: Any = shapely.from_wkb([row["wkb"] for row in rows])
        places = shapely.point_on_surface(shapes)
        texts = shapely.to_wkt(shapes, rounding_precision=4, trim=True)
        for row, place, text in zip(rows, places, texts, strict=True):
            cells = [plain_value(attribute, row[attribute.name]) for attribute in export.attributes]
            yield [*cells, round(place.x, 3), round(place.y, 3), f"SRID={STORAGE};{text}"]


def _dictionary_rows(export: Export) -> tuple[list[str], list[list[Any]]]:
    names = ["field", "short_name", "meaning_sv", "meaning_en", "unit", "code_list"]
    return names, [[getattr(row, name) for name in names] for row in export.dictionary]


def _dictionary_table(export: Export) -> pa.Table:
    names, rows = _dictionary_rows(export)
    return pa.table(
        {name: pa.array([row[place] for row in rows], pa.string()) for place, name in enumerate(names)}
    )
