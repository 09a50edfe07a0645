"""`landbank roads` in the terminal, over a network of one road."""

from __future__ import annotations

from pathlib import Path

import geopandas
import pytest
from shapely.geometry import LineString
from sqlalchemy import text
from typer.testing import CliRunner

from landbank.cli.main import app
from landbank.wiring import Landbank

pytestmark = pytest.mark.postgis

SETTING = """
INSERT INTO landbank.municipality (code, name) VALUES ('1441', 'Lerum');
INSERT INTO landbank.infrastructure (kind, name, source, location) VALUES
  ('port', 'Hamnen', 'test', ST_Point(330000, 6400000, 3006)),
  ('airport', 'Fältet', 'test', ST_Point(339900, 6400000, 3006));
INSERT INTO landbank.plot (municipality_code, reference, dataset, location) VALUES
  ('1441', 'vid vägen', 'test', ST_Point(335000, 6400200, 3006)),
  ('1441', 'i skogen', 'test', ST_Point(335000, 6402000, 3006));
"""


@pytest.fixture
def road(landbank: Landbank, database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Ten kilometres of road at 60 km/h, beside one plot and far from another."""
    with landbank.changing(actor="test") as store:
        for statement in SETTING.strip().split(";\n"):
            store.connection.execute(text(statement))
    monkeypatch.setenv("LANDBANK_DATABASE_URL", database_url)
    monkeypatch.setenv("COLUMNS", "160")
    path = tmp_path / "vag.gpkg"
    line = LineString([(330_000 + 1000 * n, 6_400_000) for n in range(11)])
    geopandas.GeoDataFrame({"hastighet": [60]}, geometry=[line], crs="EPSG:3006").to_file(path)
    return path


def routes_of(landbank: Landbank) -> list[tuple[str, str, float]]:
    """The routes that hold: plot, kind, minutes."""
    with landbank.reading() as store:
        rows = store.connection.execute(
            text(
                "SELECT p.reference, a.kind, a.minutes FROM landbank.access a JOIN landbank.plot p ON p.id = a.plot_id"
                " WHERE a.superseded_at IS NULL ORDER BY a.kind"
            )
        )
        return [(row.reference, row.kind, row.minutes) for row in rows]


def test_minutes_are_counted_then_written_and_the_same_again_changes_nothing(
    landbank: Landbank, road: Path
) -> None:
    run = CliRunner()

    counted = run.invoke(app, ["roads", str(road), "--name", "test 2026"])
    assert counted.exit_code == 0, counted.output
    assert "1 of 2 plots lie within a kilometre of a road" in counted.stdout
    assert routes_of(landbank) == []

    written = run.invoke(app, ["roads", str(road), "--name", "test 2026", "--apply"])
    assert "2 new or changed, 0 unchanged, 0 ended" in written.stdout, written.output
    # 200 m to the road at 20 km/h are 0.6 minutes, 5 km at 60 km/h five; the airport lies 100 m before the road's end
    assert routes_of(landbank) == [
        ("vid vägen", "airport", pytest.approx(0.6 + 5 + 0.3, abs=0.01)),
        ("vid vägen", "port", pytest.approx(5.6, abs=0.01)),
    ]
    again = run.invoke(app, ["roads", str(road), "--name", "test 2026", "--apply"])
    assert "0 new or changed, 2 unchanged, 0 ended" in again.stdout


def test_road_that_is_gone_ends_its_routes(landbank: Landbank, road: Path, tmp_path: Path) -> None:
    run = CliRunner()
    run.invoke(app, ["roads", str(road), "--name", "test 2026", "--apply"])
    elsewhere = tmp_path / "annan.gpkg"
    line = LineString([(360_000, 6_400_000), (361_000, 6_400_000)])
    geopandas.GeoDataFrame({"hastighet": [60]}, geometry=[line], crs="EPSG:3006").to_file(elsewhere)

    told = run.invoke(app, ["roads", str(elsewhere), "--name", "test 2027", "--apply"])

    assert "2 ended" in told.stdout, told.output
    assert routes_of(landbank) == []
