"""Public data by others: every file opens with what is known of it, or is refused in a sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from landbank.errors import Invalid

MUNICIPALITIES = [
    "Ale",
    "Alingsås",
    "Göteborg",
    "Härryda",
    "Kungsbacka",
    "Kungälv",
    "Lerum",
    "Lilla Edet",
    "Mölndal",
    "Partille",
    "Stenungsund",
    "Tjörn",
    "Öckerö",
]
"""The members of Göteborgsregionen (goteborgsregionen.se)."""
TOTAL_HECTARES = 691_058.7


@pytest.mark.parametrize(
    ("name", "crs", "hectares"),
    [
        ("csv_wkt_semikolon.csv", None, TOTAL_HECTARES),
        ("geojson_crs_3007.geojson", "EPSG:3007", TOTAL_HECTARES),
        ("geojson_rfc7946.geojson", "EPSG:4326", None),
        ("gml32_3007_NE.gml", "EPSG:3007", TOTAL_HECTARES),
        ("gpkg_3007_multi.gpkg", "EPSG:3007", TOTAL_HECTARES),
        ("shp_3007_cp1252", "EPSG:3007", TOTAL_HECTARES),
        ("xlsx_XN_YE.xlsx", "EPSG:3007", None),
    ],
)
def test_thirteen_municipalities_in_every_encoding(
    name: str, crs: str | None, hectares: float | None, real_data: Path, read_file: Callable[..., Any]
) -> None:
    read = read_file(real_data / "encodings" / name)
    assert sorted(read.columns["kommun"], key=lambda town: town.replace("Ö", "Z")) == MUNICIPALITIES
    assert read.source.layer.crs == crs
    assert read.columns["lan"].count("Västra Götalands län") == 12
    if hectares is not None:
        assert sum(shape.area for shape in read.shapes) / 10_000 == pytest.approx(hectares, rel=1e-3)


def test_thirteen_drawn_municipalities_carry_their_labels(
    real_data: Path, read_file: Callable[..., Any]
) -> None:
    read = read_file(real_data / "encodings" / "dxf_3007.dxf")
    assert sum(shape.area for shape in read.shapes) / 10_000 == pytest.approx(TOTAL_HECTARES, rel=1e-3)
    assert (read.rows, read.source.layer.crs) == (13, None)
    assert len(read.source.layers) == 14
    assert read.columns["Layer"][0] == "1384"
    assert set(read.columns["Text"]) - {None} <= set(read.columns["Layer"])


def test_points_of_surveying_lie_in_the_region(real_data: Path, read_file: Callable[..., Any]) -> None:
    read = read_file(real_data / "encodings" / "xlsx_XN_YE.xlsx")
    place = read.columns["kommun"].index("Härryda")
    assert (read.shapes[place].x, read.shapes[place].y) == (167779.74, 6394059.04)


KNOWN = {
    "sweden/nvdb_ak_riks.zip": (295, "EPSG:3006"),
    "sweden/tatorter_2020_points.gpkg": (2017, "EPSG:3006"),
    "sweden/la_regioner.gpkg": (67, "EPSG:3006"),
    "sweden/ground_mark_result.geojson": (59, "EPSG:3006"),
    "sweden/communication_vaglinje_result.geojson": (22, "EPSG:3006"),
    "sweden/ne_10m_airports.json": (891, "EPSG:4326"),
    "sweden/needs_and_prices.csv": (21, None),
    "sweden/sjbrg_postal_to_municipality.csv": (15_463, None),
    "plans/BP2135_41.zip": (23, "EPSG:31467"),
    "plans/Eidelstedt_4_V4.zip": (4, "EPSG:25832"),
    "plans/Langenhorn_multiple.gml": (47, "EPSG:25832"),
    "inspire/hamburg_PlannedLandUse.gml": (76, "EPSG:4258"),
    "inspire/hilucs_codes.csv": (98, None),
    "cql2/ne110m4cql2.gpkg": (177, "EPSG:4326"),
    "messy/fiona_coutwildrnp.zip": (67, "EPSG:4326"),
    "messy/fiona_curves_line.csv": (9, None),
    "messy/geojson/valid/valid_featurecollection_empty_features.geojson": (0, "EPSG:4326"),
}


@pytest.mark.parametrize("name", KNOWN)
def test_known_files_give_their_rows_and_crs(
    name: str, real_data: Path, read_here: Callable[..., Any]
) -> None:
    rows, crs = KNOWN[name]
    read = read_here(real_data / name)
    assert (read.rows, read.source.layer.crs) == (rows, crs)


def test_leading_zeros_and_letters_of_the_boundaries_stay(
    real_data: Path, read_here: Callable[..., Any]
) -> None:
    read = read_here(real_data / "sweden" / "nvdb_ak_riks.zip")
    assert "0180" in read.columns["KOM_KOD"]
    assert {"Göteborg", "Härryda", "Öckerö"} <= {name.title() for name in read.columns["KOMMUNNAMN"]}


def test_codes_in_csv_keep_their_zeros(real_data: Path, read_here: Callable[..., Any]) -> None:
    read = read_here(real_data / "sweden" / "sjbrg_municipality_county.csv")
    assert read.columns["municipality_code"][0] == "0114"


def test_latitude_before_longitude_comes_right(real_data: Path, read_here: Callable[..., Any]) -> None:
    point = read_here(real_data / "inspire" / "hamburg_PlannedLandUse.gml").shapes[0].centroid
    assert 9 < point.x < 11
    assert 53 < point.y < 54


def test_layer_of_a_plan_is_chosen_by_name(real_data: Path, read_here: Callable[..., Any]) -> None:
    read = read_here(real_data / "plans" / "FNP_Grasleben.gml", layer="FP_Gewaesser")
    assert (read.source.layer.name, read.rows) == ("FP_Gewaesser", 39)


REFUSED = {
    "plans/FNP_Grasleben.gml": "FP_Gruen (53 rows",
    "messy/fiona_testopenfilegdb.gdb.zip": "several could be meant",
    "osm/andorra.osm.pbf": "OpenStreetMap extract",
    "cql2/cql2_ats_cases.json": "not GeoJSON",
}


@pytest.mark.parametrize("name", REFUSED)
def test_files_without_a_clear_layer_or_format_are_refused(
    name: str, real_data: Path, read_here: Callable[..., Any]
) -> None:
    with pytest.raises(Invalid) as caught:
        read_here(real_data / name)
    assert REFUSED[name] in str(caught.value)


def test_every_other_file_opens_or_is_refused_in_a_sentence(
    real_data: Path, read_here: Callable[..., Any]
) -> None:
    known = {real_data / name for name in (*KNOWN, *REFUSED)}
    folders = ("messy", "plans", "brownfield", "cql2", "osm", "inspire", "sweden")
    files = [file for folder in folders for file in sorted((real_data / folder).rglob("*")) if file.is_file()]
    wanted = [file for file in files if file not in known and "schemas" not in file.parts]

    told = {}
    for file in wanted:
        try:
            told[file.name] = f"{read_here(file).rows} rows"
        except Invalid as error:
            told[file.name] = f"refused: {error.message}"
    refused = {name for name, text in told.items() if text.startswith("refused")}
    assert {Path(name).suffix for name in refused} <= {".pbf", ".ogc", ".json"}
    brownfield = [told[file.name] for file in wanted if file.parent.name == "brownfield"]
    assert all(text.endswith(" rows") and text != "0 rows" for text in brownfield)
