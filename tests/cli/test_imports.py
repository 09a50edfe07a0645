"""The commands around an import: applied by its number, listed, taken back; each says what it did."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import pytest
import shapely
from sqlalchemy import text
from typer.testing import CliRunner

from landbank.cli.main import app
from landbank.services.load_demo import load_reference
from landbank.wiring import Landbank

Run = Callable[..., Any]


@pytest.fixture
def run(landbank: Landbank, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command against an inventory that knows the 13 municipalities; its words in one line."""
    with landbank.changing(actor="test") as store:
        load_reference(store)
    monkeypatch.setenv("LANDBANK_DATABASE_URL", database_url)
    return lambda *words: CliRunner().invoke(app, list(map(str, words)), env={"COLUMNS": "200"})


def plots(folder: Path, references: str, name: str) -> Path:
    """A GeoPackage of squares in Lerum that don't touch, named by letters."""
    rows = [
        {"referens": reference, "kommun": "Lerum", "namn": name,
         "geometry": shapely.box(330_000 + 300 * place, 6_408_000, 330_100 + 300 * place, 6_408_100)}
        for place, reference in enumerate(references)
    ]  # fmt: skip
    path = folder / f"{name}.gpkg"
    geopandas.GeoDataFrame(rows, crs=3006).to_file(path, layer="plots")
    return path


def names(landbank: Landbank) -> list[tuple[str, str]]:
    """Reference and name of the current plots."""
    with landbank.reading() as store:
        found = store.connection.execute(text("SELECT reference, name FROM landbank.plot_facts ORDER BY 1"))
        return [tuple(row) for row in found]


def test_difference_is_applied_by_its_number_and_taken_back(
    run: Run, landbank: Landbank, tmp_path: Path
) -> None:
    assert run("import", plots(tmp_path, "ABCDEF", "Ett"), "--dataset", "d", "--apply").exit_code == 0
    path = plots(tmp_path, "ABCDE", "Ny")
    seen = run("import", path, "--dataset", "d", "--end-missing")
    assert "1 of 6 plots that stood would end (17%)" in seen.output
    number = re.search(r"--apply --hash ([0-9a-f]{16})", seen.output)
    assert number is not None

    wrong = run("import", path, "--dataset", "d", "--end-missing", "--apply", "--hash", "0" * 16)
    assert (wrong.exit_code, len(names(landbank))) == (5, 6)
    done = run("import", path, "--dataset", "d", "--end-missing", "--apply", "--hash", number[1])
    assert (done.exit_code, "import 2)" in done.output) == (0, True)
    assert names(landbank) == [(letter, "Ny") for letter in "ABCDE"]

    listing = json.loads(run("imports", "--json").output)
    assert [(one["id"], one["file_name"], one["counts"]["ended"]) for one in listing] == [
        (2, "Ny.gpkg", 1), (1, "Ett.gpkg", 0),
    ]  # fmt: skip
    assert "Ny.gpkg" in run("imports").output
    assert run("imports", 2, "--report", tmp_path / "kept.json").exit_code == 0
    assert json.loads((tmp_path / "kept.json").read_text())["ended"] == 1

    assert "6 plots would be restored" in run("rollback", 2).output
    back = run("rollback", 2, "--apply")
    assert (back.exit_code, "Done as import 3" in back.output) == (0, True)
    assert names(landbank) == [(letter, "Ett") for letter in "ABCDEF"]
    assert run("rollback", 2, "--apply").exit_code == 5
    assert run("rollback", 77).exit_code == 4


def test_more_than_a_fifth_ends_only_with_a_second_yes(run: Run, landbank: Landbank, tmp_path: Path) -> None:
    run("import", plots(tmp_path, "ABCDEF", "Ett"), "--dataset", "d", "--apply")
    path = plots(tmp_path, "ABCD", "Två")
    words = ("import", path, "--dataset", "d", "--end-missing", "--apply")
    refused = run(*words)
    assert (refused.exit_code, "more than a fifth" in refused.output) == (5, True)
    assert len(names(landbank)) == 6
    assert run(*words, "--yes-end-many").exit_code == 0
    assert len(names(landbank)) == 4
