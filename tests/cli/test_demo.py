"""`landbank demo` in the terminal."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from landbank.cli.main import app

pytestmark = pytest.mark.postgis
runner = CliRunner()


def test_an_empty_inventory_is_filled_and_the_result_told(database_url: str) -> None:
    told = runner.invoke(app, ["demo", "--plots", "40"], env={"LANDBANK_DATABASE_URL": database_url})
    assert told.exit_code == 0, told.output
    assert "40 synthetic plots in 13 municipalities" in told.stdout


def test_a_filled_inventory_is_refused_with_what_to_do(database_url: str) -> None:
    env = {"LANDBANK_DATABASE_URL": database_url}
    runner.invoke(app, ["demo", "--plots", "5"], env=env)
    told = runner.invoke(app, ["demo"], env=env)
    assert told.exit_code == 5
    assert "already holds" in told.stderr
    assert "LANDBANK_HOME" in told.stderr


def test_no_plots_at_all_is_a_usage_error() -> None:
    assert runner.invoke(app, ["demo", "--plots", "0"]).exit_code == 2
