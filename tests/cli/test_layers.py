"""`landbank layers`: load, list, publish, hide, replace and end, with exit codes and words that tell what happened."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import pytest
import shapely
from typer.testing import CliRunner

from landbank.cli.main import app
from landbank.wiring import Landbank

Run = Callable[..., Any]


@pytest.fixture
def run(landbank: Landbank, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `landbank layers`."""
    monkeypatch.setenv("LANDBANK_DATABASE_URL", database_url)
    monkeypatch.setenv("COLUMNS", "200")
    runner = CliRunner()
    return lambda *words: runner.invoke(app, ["layers", *map(str, words)])


@pytest.fixture
def flood(tmp_path: Path) -> Path:
    """Two areas, one of which crosses itself."""
    crossed = shapely.Polygon([(310000, 6400000), (310200, 6400200), (310200, 6400000), (310000, 6400200)])
    shapes = [shapely.box(320000, 6400000, 320100, 6400100), crossed]
    path = tmp_path / "flood.gpkg"
    geopandas.GeoDataFrame({"level": [1, 2]}, geometry=shapes, crs=3006).to_file(path, driver="GPKG")
    return path


def test_layer_from_loading_to_its_end(run: Run, flood: Path) -> None:
    assert "There are no reference layers" in run("list").output
    added = run("add", flood, "--name", "flood", "--title", "Översvämning", "--attribution", "MSB, CC0")
    assert added.exit_code == 0, added.output
    assert (
        "flood: 2 rows, polygon-or-multipolygon, 1 columns, from EPSG:3006 kept in EPSG:3006" in added.output
    )
    assert "1 shapes were not valid and were repaired" in added.output
    assert "Planners see it under /ogc/collections." in added.output
    assert "Översvämning" in run("list").output
    again = run("add", flood, "--name", "flood")
    assert (again.exit_code, "--replace" in again.output) == (5, True)
    assert run("add", flood, "--name", "flood", "--replace", "--public").exit_code == 0
    assert "everybody" in run("list").output
    assert "planners alone" in run("hide", "flood").output
    assert "everybody" in run("publish", "flood").output
    assert run("remove", "flood").exit_code == 0
    assert "There are no reference layers" in run("list").output
    assert run("remove", "flood").exit_code == 4


@pytest.mark.parametrize(
    "words", [("add", "missing.gpkg", "--name", "x"), ("add", "{flood}", "--name", "Bad Name")]
)
def test_what_can_not_be_loaded_is_told(run: Run, flood: Path, words: tuple[str, ...]) -> None:
    result = run(*(word.format(flood=flood) for word in words))
    assert result.exit_code == 2
    assert "Traceback" not in result.output
