"""`landbank need` in the terminal."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from landbank.cli.main import app
from landbank.services.load_demo import load_demo
from landbank.wiring import Landbank

pytestmark = pytest.mark.postgis


def test_text_is_explained_and_written_as_a_need_that_matches(
    landbank: Landbank, database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with landbank.changing(actor="test") as store:
        load_demo(store, on=date(2026, 11, 23), plots=20, seed=1)
    monkeypatch.setenv("LANDBANK_DATABASE_URL", database_url)
    monkeypatch.setenv("COLUMNS", "160")
    out = tmp_path / "need.json"

    told = CliRunner().invoke(app, ["need", "5 000 kvm lager i Lerum, 35 portar", "--out", str(out)])

    assert told.exit_code == 0, told.output
    assert "Ask: is '5 000 kvm' plot or floor?" in told.stdout
    assert "Not understood: 35 portar." in told.stdout
    assert json.loads(out.read_text(encoding="utf-8"))["wishes"][1]["points"] == [["1441", 1]]
    assert CliRunner().invoke(app, ["match", str(out)]).exit_code == 0
