"""Plots leave in seven formats, readable by other programs, with their dictionary and without formulas."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import geopandas
import openpyxl
import pyogrio
import pytest
from sqlalchemy import text

from landbank.codelists.fields import load_fields
from landbank.exchange.write import ExportFormat
from landbank.services.export_plots import Ranked, export_plots
from landbank.wiring import Landbank

OUTLINES = {
    "A1": "POLYGON((330000 6400000,330100 6400000,330100 6400100,330000 6400100,330000 6400000))",
    "=cmd|' /C calc'!A0": "POLYGON((331000 6400000,331200 6400000,331200 6400100,331000 6400100,331000 6400000))",
}


@pytest.fixture
def three_plots(landbank: Landbank) -> Landbank:
    """Two plots with outlines, one of them with a dangerous name, and one known only as a point."""
    with landbank.changing(actor="test") as store:
        run = store.connection.execute
        run(text("INSERT INTO landbank.municipality (code, name) VALUES ('1407', 'Öckerö')"))
        for place, (name, outline) in enumerate(OUTLINES.items()):
            run(
                text(
                    "INSERT INTO landbank.plot (municipality_code, reference, name, dataset, geometry, location, area_m2,"
                    " area_method, availability, planning_state, readiness, ready_on) SELECT '1407', :ref, :name, 'test',"
                    " ST_Multi(g), ST_PointOnSurface(g), :area, 'computed', 'ledig', 'laga_kraft', 'byggklar',"
                    " DATE '2026-05-01' FROM ST_GeomFromText(:wkt, 3006) g"
                ),
                {"ref": f"R{place}", "name": name, "wkt": outline, "area": 10_000.0 * (place + 1)},
            )
        run(
            text(
                "INSERT INTO landbank.plot (municipality_code, reference, name, dataset, location)"
                " VALUES ('1407', 'R2', 'Åsen', 'test', ST_Point(332000, 6400000, 3006))"
            )
        )
        run(
            text(
                "INSERT INTO landbank.plot_use (plot_id, code) SELECT id, c FROM landbank.plot, unnest(ARRAY['Z', 'J']) c"
            )
        )
        run(
            text(
                "INSERT INTO landbank.utility (plot_id, kind, capacity, capacity_unit, is_firm)"
                " SELECT min(id), 'el', 2500, 'kW', true FROM landbank.plot"
            )
        )
    return landbank


def taken_out(
    landbank: Landbank, folder: Path, export_format: ExportFormat, ranking: list[Ranked] | None = None
) -> Path:
    """The file of an export of three plots, or of a search."""
    path = folder / f"plots.{export_format}"
    with landbank.reading() as store:
        count = export_plots(
            store.exports, path, export_format=export_format, fields=load_fields(), ranking=ranking
        )
    assert count == (3 if ranking is None else len(ranking))
    return path


@pytest.mark.parametrize("export_format", [ExportFormat.GPKG, ExportFormat.FGB])
def test_gdal_reads_outlines_points_and_attributes(
    three_plots: Landbank, tmp_path: Path, export_format: ExportFormat
) -> None:
    frame = pyogrio.read_dataframe(
        taken_out(three_plots, tmp_path, export_format), layer="plots"
    ).sort_values("plot_id")
    assert frame.crs.to_epsg() == 3006
    assert list(frame.geom_type) == ["MultiPolygon", "MultiPolygon", "Point"]
    assert list(frame.area) == [10_000, 20_000, 0]
    assert list(frame["use_codes"]) == ["J; Z"] * 3
    assert list(frame["municipality_name"]) == ["Öckerö"] * 3
    assert frame["power_mw"].iloc[0] == 2.5
    assert list(frame["label"]) == ["ledig_nu", "ledig_nu", "kommande"]


def test_geopackage_carries_the_dictionary(three_plots: Landbank, tmp_path: Path) -> None:
    path = taken_out(three_plots, tmp_path, ExportFormat.GPKG)
    told = pyogrio.read_dataframe(path, layer="data_dictionary", read_geometry=False).set_index("field")
    assert told.loc["power_mw", "unit"] == "MW"
    assert told.loc["availability", "code_list"] == "availability"


def test_geojson_is_rfc_7946(three_plots: Landbank, tmp_path: Path) -> None:
    told = json.loads(taken_out(three_plots, tmp_path, ExportFormat.GEOJSON).read_text())
    assert "crs" not in told
    lon, lat = told["features"][2]["geometry"]["coordinates"]
    # PostGIS: ST_Transform(ST_Point(332000, 6400000, 3006), 4326).
    assert (lon, lat) == (pytest.approx(12.180017, abs=1e-6), pytest.approx(57.710715, abs=1e-6))


def test_geoparquet_is_read_by_geopandas(three_plots: Landbank, tmp_path: Path) -> None:
    frame = geopandas.read_parquet(taken_out(three_plots, tmp_path, ExportFormat.PARQUET))
    assert frame.crs.to_epsg() == 3006
    assert frame["ready_on"].iloc[0].isoformat() == "2026-05-01"
    assert len(frame) == 3


def test_shapefile_splits_points_and_keeps_swedish_letters(three_plots: Landbank, tmp_path: Path) -> None:
    path = taken_out(three_plots, tmp_path, ExportFormat.SHP)
    names = zipfile.ZipFile(path).namelist()
    assert {"plots.shp", "plot_points.shp", "data_dictionary.csv"} <= set(names)
    points = pyogrio.read_dataframe(f"/vsizip/{path}/plot_points.shp")
    assert list(points["namn"]) == ["Åsen"]
    assert list(points["kommun"]) == ["Öckerö"]


def test_csv_defuses_formulas_and_states_its_crs(three_plots: Landbank, tmp_path: Path) -> None:
    raw = taken_out(three_plots, tmp_path, ExportFormat.CSV).read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
    assert rows[1]["name"] == "'=cmd|' /C calc'!A0"
    assert rows[2]["ewkt"] == "SRID=3006;POINT (332000 6400000)"
    assert (rows[2]["x_epsg3006"], rows[2]["y_epsg3006"]) == ("332000.0", "6400000.0")


def test_xlsx_holds_strings_not_formulas_and_a_dictionary_sheet(
    three_plots: Landbank, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(taken_out(three_plots, tmp_path, ExportFormat.XLSX))
    sheet = book["Tomter"]
    heads = [cell.value for cell in sheet[1]]
    name = sheet.cell(row=3, column=heads.index("name") + 1)
    assert (name.value, name.data_type) == ("=cmd|' /C calc'!A0", "s")
    assert book["Datakatalog"].cell(row=1, column=1).value == "field"


def test_search_is_exported_in_its_order_with_rank_tier_and_score(
    three_plots: Landbank, tmp_path: Path
) -> None:
    with three_plots.reading() as store:
        first, second, _ = store.connection.execute(
            text("SELECT id FROM landbank.plot ORDER BY id")
        ).scalars()
    ranking = [Ranked(second, 1, "A", 88.5), Ranked(first, 2, "B", 40.0)]
    frame = pyogrio.read_dataframe(
        taken_out(three_plots, tmp_path, ExportFormat.GPKG, ranking), layer="plots"
    )
    assert list(frame["plot_id"]) == [second, first]
    assert list(frame["rank"]) == [1, 2]
    assert list(frame["tier"]) == ["A", "B"]
    assert list(frame["score"]) == [88.5, 40.0]


@pytest.mark.parametrize("export_format", list(ExportFormat))
def test_empty_selection_gives_a_file_with_columns_and_no_rows(
    landbank: Landbank, tmp_path: Path, export_format: ExportFormat
) -> None:
    path = tmp_path / f"none.{export_format}"
    with landbank.reading() as store:
        assert (
            export_plots(store.exports, path, export_format=export_format, fields=load_fields(), ranking=[])
            == 0
        )
    assert path.stat().st_size > 0
