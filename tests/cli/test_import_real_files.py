"""Files that other people made: every one lands or is refused with its reason, and what is known of them comes out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from landbank.cli.main import app
from landbank.services.load_demo import load_reference
from landbank.settings import Settings
from landbank.wiring import open_landbank

SHARED = Path(__file__).parents[2].parent / "shared" / "data"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is not here")

ENDINGS = {".gpkg", ".shp", ".zip", ".geojson", ".gml", ".csv", ".xlsx", ".dxf", ".json", ".pbf"}
TABLES = {
    "needs_and_prices",
    "planbestammelsekatalog",
    "anvandning_kvartersmark",
    "sjbrg",
    "cql2_ats",
    "hilucs",
}
FILES = sorted(
    path
    for path in (SHARED.rglob("*") if SHARED.is_dir() else [])
    if path.suffix in ENDINGS and "schemas" not in path.parts and not path.name.startswith(tuple(TABLES))
)

Looked = Callable[..., tuple[int, dict[str, Any], str]]


@pytest.fixture(scope="module")
def address(databases: Callable[[], str]) -> str:
    """An inventory that holds nothing but the 13 municipalities; dry runs leave it so."""
    opened = open_landbank(Settings(), url := databases())
    with opened.changing(actor="test") as store:
        load_reference(store)
    opened.close()
    return url


@pytest.fixture
def look(address: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Looked:
    """A dry run: exit code, report (empty where the file was refused whole) and what was printed."""
    monkeypatch.setenv("LANDBANK_DATABASE_URL", address)

    def looked(path: Path, *words: str) -> tuple[int, dict[str, Any], str]:
        report = tmp_path / "report.json"
        result = CliRunner().invoke(app, ["import", str(path), *words, "--report", str(report)])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, json.loads(report.read_text()) if report.exists() else {}, result.output

    return looked


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SHARED)))
def test_every_file_lands_or_is_refused_with_its_reason(look: Looked, path: Path) -> None:
    code, report, output = look(path, "--municipality", "1480")
    if not report:
        assert code == 2
        assert output.startswith(("Invalid input:", "\n"))
        assert "→" in output
        return
    outcomes = [report[name] for name in ("landed", "repaired", "refused", "unchanged")]
    assert sum(outcomes) == report["rows"]
    assert code == (3 if outcomes[0] + outcomes[1] == 0 else 1 if outcomes[2] else 0)
    refused_rows = {finding["row"] for finding in report["findings"] if finding["severity"] == "error"}
    assert len(refused_rows) >= min(report["refused"], 1)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("gpkg_3007_multi.gpkg", ()),
        ("shp_3007_cp1252/shp_3007_cp1252.shp", ()),
        ("geojson_crs_3007.geojson", ()),
        ("geojson_rfc7946.geojson", ()),
        ("gml32_3007_NE.gml", ()),
        ("dxf_3007.dxf", ("--crs", "EPSG:3007")),
        ("csv_wkt_semikolon.csv", ("--crs", "EPSG:3007")),
    ],
)
def test_thirteen_municipalities_land_from_each_encoding(
    look: Looked, name: str, words: tuple[str, ...]
) -> None:
    code, report, _ = look(SHARED / "encodings" / name, *words)
    assert (code, report["rows"], report["landed"]) == (0, 13, 13)
    # 691 058.7 ha in the plane of EPSG:3007, as the data's own notes say.
    assert report["area_m2_computed"] == pytest.approx(6_910_587_000, rel=1e-3)


def test_workbook_with_x_for_north_gives_thirteen_points(look: Looked) -> None:
    code, report, _ = look(SHARED / "encodings" / "xlsx_XN_YE.xlsx", "--crs", "EPSG:3007")
    assert (code, report["rows"], report["landed"]) == (0, 13, 13)
    assert report["area_m2_declared"] == pytest.approx(6_910_587_000, rel=1e-4)


def test_table_without_a_system_is_asked_for_one_and_told_a_likely_one(look: Looked) -> None:
    code, report, output = look(SHARED / "encodings" / "csv_wkt_semikolon.csv")
    assert (code, report) == (2, {})
    assert "EPSG:3007" in output


@pytest.mark.parametrize(
    ("name", "rows", "landed"),
    [("nvdb_ak_riks.zip", 295, 295), ("la_regioner.gpkg", 67, 67), ("tatorter_2020_points.gpkg", 2017, 2017)],
)
def test_known_numbers_of_rows_come_out(look: Looked, name: str, rows: int, landed: int) -> None:
    _, report, _ = look(SHARED / "sweden" / name, "--municipality", "1480")
    assert (report["rows"], report["landed"]) == (rows, landed)


def test_polygons_that_stand_twice_land_once(look: Looked) -> None:
    _, report, _ = look(SHARED / "sweden" / "ground_mark_result.geojson", "--municipality", "1480")
    # The union is 145.678 ha in the plane of EPSG:3006, 0.04 % more on the ellipsoid there.
    assert report["area_m2_computed"] == pytest.approx(1_456_780, rel=1e-3)
    assert report["refused"] == 29


def test_german_plan_is_refused_as_outside_and_lands_where_the_extent_says_so(
    look: Looked, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = SHARED / "plans" / "BP2135_41.zip"
    assert look(path, "--municipality", "1480")[0] == 3
    monkeypatch.setenv("LANDBANK_EXTENT", "[5, 47, 25, 70]")
    code, report, _ = look(path, "--municipality", "1480")
    assert (code, report["landed"] + report["repaired"]) == (0, 23)
