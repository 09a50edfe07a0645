"""Each format, written here by other libraries and read back: rows, types, letters, CRS, shapes."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from landbank.errors import Invalid
from landbank.exchange.read import ReadLimits, open_source

NAMES = ["Härryda", "Öckerö", "Göteborg"]


def plots() -> gpd.GeoDataFrame:
    """Three squares of 100 m near Göteborg in SWEREF 99 12 00."""
    squares = [shapely.box(150_000 + 200 * n, 6_400_000, 150_100 + 200 * n, 6_400_100) for n in range(3)]
    columns = {"namn": NAMES, "nummer": [1, 2, 3], "yta": [1.5, 2.5, 3.5], "kod": ["0180", "1480", "1401"]}
    return gpd.GeoDataFrame(columns, geometry=squares, crs=3007)


OPTIONS: dict[str, dict[str, str]] = {
    "fgb": {"SPATIAL_INDEX": "NO"},  # the index would sort the rows
    "gdb": {"TARGET_ARCGIS_VERSION": "ARCGIS_PRO_3_2_OR_LATER"},  # whole numbers of 64 bits
}
FORMATS = {
    "gpkg": ("GPKG", "GeoPackage"),
    "shp": ("ESRI Shapefile", "Shapefile"),
    "geojson": ("GeoJSON", "GeoJSON"),
    "gml": ("GML", "GML"),
    "fgb": ("FlatGeobuf", "FlatGeobuf"),
    "tab": ("MapInfo File", "MapInfo TAB"),
    "gdb": ("OpenFileGDB", "File Geodatabase"),
}


@pytest.mark.parametrize("suffix", FORMATS)
def test_format_keeps_rows_letters_crs_and_area(
    suffix: str, tmp_path: Path, read_file: Callable[..., Any]
) -> None:
    driver, shown = FORMATS[suffix]
    path = tmp_path / f"tomter.{suffix}"
    plots().to_file(path, driver=driver, **OPTIONS.get(suffix, {}))
    read = read_file(path)
    assert read.source.driver == shown
    assert read.source.layer.crs == "EPSG:3007"
    assert read.source.crs_from == "file"
    assert read.columns["namn"] == NAMES
    assert read.columns["kod"] == ["0180", "1480", "1401"]
    assert read.columns["yta"] == [1.5, 2.5, 3.5]
    # a TAB file keeps whole numbers of a grid over its bounds: a few centimetres here
    assert [shape.area for shape in read.shapes] == pytest.approx(
        [10_000.0] * 3, abs=5 if suffix == "tab" else 1e-3
    )


def test_geoparquet_keeps_rows_types_and_crs(tmp_path: Path, read_file: Callable[..., Any]) -> None:
    path = tmp_path / "tomter.parquet"
    frame = plots()
    frame["dag"] = pd.Series([dt.date(2026, 9, 12)] * 3)
    frame.to_parquet(path, write_covering_bbox=True)
    read = read_file(path)
    assert read.source.layer.crs == "EPSG:3007"
    assert read.source.layer.rows == 3
    assert read.types == {
        "namn": "string",
        "nummer": "int64",
        "yta": "double",
        "kod": "string",
        "dag": "date32[day]",
    }
    assert shapely.area(read.shapes).sum() == pytest.approx(30_000)


def test_geoparquet_without_crs_key_is_degrees(tmp_path: Path, read_file: Callable[..., Any]) -> None:
    import pyarrow.parquet as pq

    path = tmp_path / "tomter.parquet"
    plots().to_crs(4326).to_parquet(path)
    table = pq.read_table(path)
    geo = json.loads(table.schema.metadata[b"geo"])
    del geo["columns"]["geometry"]["crs"]
    pq.write_table(table.replace_schema_metadata({b"geo": json.dumps(geo).encode()}), path)
    read = read_file(path)
    assert (read.source.layer.crs, read.source.crs_from) == ("EPSG:4326", "format")


def test_parquet_without_geo_metadata_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tomter.parquet"
    pd.DataFrame({"a": [1]}).to_parquet(path)
    with pytest.raises(Invalid, match="not GeoParquet"):
        open_source(path)


def test_kml_is_degrees_by_its_standard(tmp_path: Path, read_file: Callable[..., Any]) -> None:
    path = tmp_path / "tomter.kml"
    plots().to_crs(4326).rename(columns={"namn": "Name"}).to_file(path, driver="LIBKML")
    read = read_file(path)
    assert read.source.layer.crs == "EPSG:4326"
    assert read.columns["Name"] == NAMES
    assert read.columns["kod"] == ["0180", "1480", "1401"]
    assert read.columns["nummer"] == [1, 2, 3]
    assert "tessellate" not in read.columns


def test_geojson_lines_are_read(tmp_path: Path, read_file: Callable[..., Any]) -> None:
    path = tmp_path / "tomter.geojsonl"
    plots().to_crs(4326).to_file(path, driver="GeoJSONSeq")
    read = read_file(path)
    assert (read.rows, read.columns["namn"]) == (3, NAMES)


@pytest.mark.parametrize(
    "document",
    [
        {"type": "Polygon", "coordinates": [[[12, 57], [12.1, 57], [12.1, 57.1], [12, 57]]]},
        {
            "type": "Feature",
            "properties": {"namn": "Öckerö"},
            "geometry": {"type": "Polygon", "coordinates": [[[12, 57], [12.1, 57], [12.1, 57.1], [12, 57]]]},
        },
    ],
)
def test_bare_geometry_and_single_feature_are_one_row(
    document: dict[str, Any], tmp_path: Path, read_file: Callable[..., Any]
) -> None:
    path = tmp_path / "en.geojson"
    path.write_text(json.dumps(document))
    read = read_file(path)
    assert (read.rows, read.shapes[0].geom_type) == (1, "Polygon")


@pytest.mark.parametrize("wrapped", [False, True])
def test_zipped_geodatabase_and_shapefile_are_read(
    wrapped: bool, tmp_path: Path, read_file: Callable[..., Any]
) -> None:
    folder = tmp_path / ("tomter.gdb" if wrapped else "tomter.shp")
    driver = "OpenFileGDB" if wrapped else "ESRI Shapefile"
    plots().to_file(folder, driver=driver, **(OPTIONS["gdb"] if wrapped else {}))
    members = folder.iterdir() if wrapped else tmp_path.iterdir()
    archive = tmp_path / "sent.zip"
    inside = "tomter.gdb/" if wrapped else "mapp/"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for member in sorted(members):
            if member != archive:
                packed.write(member, inside + member.name)
    read = read_file(archive)
    assert (read.columns["namn"], read.source.layer.crs) == (NAMES, "EPSG:3007")


def test_reading_leaves_the_folder_as_it_was(tmp_path: Path, read_file: Callable[..., Any]) -> None:
    for suffix in ("gpkg", "gml", "shp", "fgb"):
        plots().to_file(tmp_path / f"tomter.{suffix}", driver=FORMATS[suffix][0])
    (tmp_path / "tomter.xsd").unlink()
    before = {entry.name: entry.stat().st_mtime_ns for entry in tmp_path.iterdir()}
    for suffix in ("gpkg", "gml", "shp", "fgb"):
        read_file(tmp_path / f"tomter.{suffix}")
    assert {entry.name: entry.stat().st_mtime_ns for entry in tmp_path.iterdir()} == before


def test_geopackage_in_use_shows_what_is_committed(tmp_path: Path, read_file: Callable[..., Any]) -> None:
    import sqlite3

    path = tmp_path / "tomter.gpkg"
    plots().to_file(path)
    editor = sqlite3.connect(path)
    editor.execute("PRAGMA journal_mode=WAL")
    editor.execute("CREATE TABLE other (a)")
    editor.commit()
    assert read_file(path).columns["namn"] == NAMES
    editor.close()


def test_shapefile_without_prj_states_no_crs(tmp_path: Path, read_file: Callable[..., Any]) -> None:
    plots().to_file(tmp_path / "tomter.shp")
    (tmp_path / "tomter.prj").unlink()
    source = read_file(tmp_path / "tomter.shp").source
    assert (source.layer.crs, source.crs_from) == (None, None)


def test_flag_gives_the_crs_that_the_file_lacks(tmp_path: Path, read_file: Callable[..., Any]) -> None:
    plots().to_file(tmp_path / "tomter.shp")
    (tmp_path / "tomter.prj").unlink()
    source = read_file(tmp_path / "tomter.shp", crs="3007").source
    assert (source.layer.crs, source.crs_from) == ("EPSG:3007", "flag")


def test_flag_against_the_file_is_refused_and_both_are_named(tmp_path: Path) -> None:
    plots().to_file(tmp_path / "tomter.gpkg")
    with pytest.raises(Invalid, match=r"EPSG:3007.*EPSG:3008"):
        open_source(tmp_path / "tomter.gpkg", crs="EPSG:3008")


def test_flag_against_the_file_holds_with_override(tmp_path: Path, read_file: Callable[..., Any]) -> None:
    plots().to_file(tmp_path / "tomter.gpkg")
    read = read_file(tmp_path / "tomter.gpkg", crs="EPSG:3008", crs_override=True)
    assert (read.source.layer.crs, read.source.crs_from) == ("EPSG:3008", "flag")
    assert "EPSG:3007" in read.noted("crs_overridden")[0].text


def test_flag_equal_to_the_file_is_accepted(tmp_path: Path, read_file: Callable[..., Any]) -> None:
    plots().to_file(tmp_path / "tomter.gpkg")
    assert read_file(tmp_path / "tomter.gpkg", crs="EPSG:3007").source.crs_from == "file"


def test_flag_that_is_no_crs_is_refused(tmp_path: Path) -> None:
    plots().to_file(tmp_path / "tomter.gpkg")
    with pytest.raises(Invalid, match="EPSG:99999"):
        open_source(tmp_path / "tomter.gpkg", crs="EPSG:99999")


def metre_geojson(tmp_path: Path, **members: Any) -> Path:
    """A GeoJSON file with one point in metres and the given members at its top."""
    feature = {
        "type": "Feature",
        "properties": {},
        "geometry": {"type": "Point", "coordinates": [150000, 6400000]},
    }
    path = tmp_path / "punkt.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", **members, "features": [feature]}))
    return path


def test_metres_in_geojson_without_crs_are_told(tmp_path: Path, read_file: Callable[..., Any]) -> None:
    read = read_file(metre_geojson(tmp_path))
    assert (read.source.layer.crs, read.source.crs_from) == ("EPSG:4326", "format")
    assert "150000" in read.noted("crs_default_impossible")[0].text


def test_flag_replaces_the_default_of_geojson(tmp_path: Path, read_file: Callable[..., Any]) -> None:
    read = read_file(metre_geojson(tmp_path), crs="EPSG:3007")
    assert (read.source.layer.crs, read.source.crs_from) == ("EPSG:3007", "flag")
    assert not read.noted("crs_default_impossible")


@pytest.mark.parametrize(
    "crs", [None, "hej", {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::99999"}}]
)
def test_crs_member_that_names_nothing_is_not_degrees(
    crs: Any, tmp_path: Path, read_file: Callable[..., Any]
) -> None:
    read = read_file(metre_geojson(tmp_path, crs=crs))
    assert (read.source.layer.crs, read.source.crs_from) == (None, None)
    assert read.noted("crs_unreadable")


def test_crs_member_after_the_features_counts(tmp_path: Path, read_file: Callable[..., Any]) -> None:
    path = metre_geojson(tmp_path)
    document = json.loads(path.read_text())
    document["features"][0]["properties"] = {"crs": "EPSG:3006"}
    document["crs"] = {"type": "name", "properties": {"name": "EPSG:3007"}}
    path.write_text(json.dumps(document))
    assert read_file(path).source.layer.crs == "EPSG:3007"


def two_layers(path: Path, first: str, second: str) -> None:
    """A GeoPackage with two layers of areas and one of points."""
    plots().to_file(path, layer=first)
    plots().to_file(path, layer=second)
    plots().assign(geometry=plots().centroid).to_file(path, layer="etiketter")


def test_layer_that_says_building_land_is_taken(tmp_path: Path, read_file: Callable[..., Any]) -> None:
    two_layers(tmp_path / "plan.gpkg", "planlagd_mark", "vattenytor")
    read = read_file(tmp_path / "plan.gpkg")
    assert read.source.layer.name == "planlagd_mark"
    assert len(read.source.layers) == 3
    assert read.noted("layer_chosen")


def test_layers_are_listed_with_rows_when_several_could_be_meant(tmp_path: Path) -> None:
    two_layers(tmp_path / "plan.gpkg", "yta_a", "yta_b")
    with pytest.raises(Invalid, match=r"yta_a \(3 rows, Polygon\), yta_b \(3 rows, Polygon\)"):
        open_source(tmp_path / "plan.gpkg")


def test_named_layer_is_taken_in_any_case_of_letters(tmp_path: Path, read_file: Callable[..., Any]) -> None:
    two_layers(tmp_path / "plan.gpkg", "yta_a", "yta_b")
    assert read_file(tmp_path / "plan.gpkg", layer="YTA_B").source.layer.name == "yta_b"


def test_unknown_layer_is_refused_with_those_there_are(tmp_path: Path) -> None:
    two_layers(tmp_path / "plan.gpkg", "yta_a", "yta_b")
    with pytest.raises(Invalid, match=r"no layer 'yta_c'. It has yta_a"):
        open_source(tmp_path / "plan.gpkg", layer="yta_c")


def test_null_geometry_stays_null(tmp_path: Path, read_file: Callable[..., Any]) -> None:
    frame = plots()
    frame.loc[1, "geometry"] = None
    frame.to_file(tmp_path / "tomter.gpkg")
    assert [shape is None for shape in read_file(tmp_path / "tomter.gpkg").shapes] == [False, True, False]


def test_heights_are_told_once(tmp_path: Path, read_file: Callable[..., Any]) -> None:
    frame = plots()
    frame["geometry"] = shapely.force_3d(frame.geometry, 12.0)
    frame.to_file(tmp_path / "tomter.gpkg")
    assert len(read_file(tmp_path / "tomter.gpkg").noted("z_or_m")) == 1


def test_two_shapefiles_in_a_folder_are_two_layers(tmp_path: Path, read_file: Callable[..., Any]) -> None:
    plots().to_file(tmp_path / "tomter.shp")
    plots().to_file(tmp_path / "vatten.shp")
    read = read_file(tmp_path)
    assert [layer.name for layer in read.source.layers] == ["tomter", "vatten"]
    assert read.source.layer.name == "tomter"


def test_large_shapes_come_in_small_batches(tmp_path: Path) -> None:
    ring = shapely.Point(150_000, 6_400_000).buffer(500, quad_segs=25_000)
    gpd.GeoDataFrame(geometry=[ring] * 100, crs=3007).to_file(tmp_path / "stora.fgb", driver="FlatGeobuf")
    with open_source(tmp_path / "stora.fgb", limits=ReadLimits(memory_mb=1_500)) as source:
        sizes = [batch.rows for batch in source.batches()]
    assert sum(sizes) == 100
    assert max(sizes) <= 84  # a ring of 50 001 points has 0.8 MB, a batch at most 64 to 67 MB


def test_row_numbers_run_on_over_batches(tmp_path: Path) -> None:
    points = gpd.GeoDataFrame({"n": range(70_000)}, geometry=shapely.points([[12, 57]] * 70_000), crs=4326)
    points.to_parquet(tmp_path / "punkter.parquet")
    with open_source(tmp_path / "punkter.parquet") as source:
        starts = [(batch.first_row, batch.columns["n"][0].as_py()) for batch in source.batches()]
    assert starts == [(1, 0), *((16_384 * n + 1, 16_384 * n) for n in range(1, 5))]


def test_closing_early_removes_the_scratch_folder_and_ends_the_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    plots().to_file(tmp_path / "tomter.gpkg")
    source = open_source(tmp_path / "tomter.gpkg")
    assert len(list((tmp_path / "scratch").iterdir())) == 1
    source.close()
    source.close()
    assert list((tmp_path / "scratch").iterdir()) == []
    with pytest.raises(Invalid, match="closed"):
        list(source.batches())


def test_shapefile_missing_an_index_is_refused(tmp_path: Path) -> None:
    plots().to_file(tmp_path / "tomter.shp")
    (tmp_path / "tomter.shx").unlink()
    with pytest.raises(Invalid, match=r"lacks its \.shx"):
        open_source(tmp_path / "tomter.shp")


def test_parts_of_two_shapefiles_are_refused(tmp_path: Path) -> None:
    plots().to_file(tmp_path / "tomter.shp")
    plots().head(2).to_file(tmp_path / "andra.shp")
    shutil.copy(tmp_path / "andra.dbf", tmp_path / "tomter.dbf")
    with pytest.raises(Invalid, match="3 shapes and 2 rows"):
        open_source(tmp_path / "tomter.shp")
