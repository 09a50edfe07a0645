"""`landbank fit` in the terminal: the same answer as the API's, in words and as a drawing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from landbank.cli.main import app
from landbank.settings import Settings
from landbank.wiring import open_landbank

pytestmark = pytest.mark.postgis
runner = CliRunner()

PLOTS = """
INSERT INTO landbank.municipality (code, name) VALUES ('1480', 'Göteborg');
INSERT INTO landbank.plot (id, municipality_code, reference, dataset, is_synthetic, geometry, location)
OVERRIDING SYSTEM VALUE VALUES
  (1, '1480', 'Hamnen 7', 'test', true, ST_Multi(ST_MakeEnvelope(320000, 6400000, 320100, 6400050, 3006)),
   ST_Point(320050, 6400025, 3006)),
  (2, '1480', 'B', 'test', false, NULL, ST_Point(320150, 6400025, 3006))
"""


@pytest.fixture(scope="module")
def address(databases: Callable[[], str]) -> str:
    """The address of a database with a plot of 100 x 50 m and one that is only a point."""
    url = databases()
    landbank = open_landbank(Settings(), url)
    with landbank.changing(actor="test") as store:
        for statement in PLOTS.split(";\n"):
            store.connection.execute(text(statement.replace(":", r"\:")))
    landbank.close()
    return url


@pytest.fixture
def told(address: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """What the command says."""
    monkeypatch.setenv("LANDBANK_DATABASE_URL", address)
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *arguments: runner.invoke(app, ["fit", *arguments])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("1", "80x30", "--set-back", "6"), ("80 x 30 m FITS", "Hamnen 7", "3,344 of 5,000 m²", "synthetic")),
        (("1", "100x50"), ("BORDERLINE", "99.95 x 49.95")),
        (("1", "200x30"), ("DOES NOT FIT", "less area")),
        (("1", "106x20"), ("DOES NOT FIT", "at every angle")),
        (("1", "60x48", "60x48"), ("60 x 48 m and 60 x 48 m DOES NOT FIT", "together they take 5,760 m²")),
        (("1", "51x26", "51x26"), ("UNDECIDED", "no place was found")),
        (("2", "10x10"), ("Unknown whether 10 x 10 m fits", "outline is not known")),
    ],
)
def test_answer_is_told_in_words(
    told: Callable[..., Result], arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    result = told(*arguments)
    assert result.exit_code == 0, result.output
    assert [word for word in words if word not in result.stdout] == []


def test_drawing_is_written_into_a_file(told: Callable[..., Result], tmp_path: Path) -> None:
    path = tmp_path / "fit.geojson"
    assert told("1", "80x30", "--geojson", str(path)).exit_code == 0
    drawing = json.loads(path.read_text(encoding="utf-8"))
    assert (drawing["type"], drawing["fit"]["answer"]) == ("FeatureCollection", "fits")


def test_drawing_on_standard_output_is_all_that_is_printed_there(told: Callable[..., Result]) -> None:
    assert json.loads(told("1", "80x30", "--geojson", "-").stdout)["fit"]["plot_id"] == 1


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (("1", "eighty"), 2, "120x80"),
        (("1", "0x10"), 2, "width_m"),
        (("1",), 2, "WxD"),
        (("1", "10x10", "--set-back", "-3"), 2, "set-back"),
        (("99", "10x10"), 4, "no current plot 99"),
        (("1", "10x10", "--geojson", "nowhere/fit.geojson"), 2, "nowhere/fit.geojson"),
    ],
)
def test_wrong_usage_is_told(
    told: Callable[..., Result], arguments: tuple[str, ...], code: int, word: str
) -> None:
    result = told(*arguments)
    assert (result.exit_code, word in result.output) == (code, True), result.output
