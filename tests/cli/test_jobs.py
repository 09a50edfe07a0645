"""`landbank jobs run`: what time alone brings about, once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from landbank.cli.jobs import run_jobs
from landbank.cli.main import app
from landbank.wiring import Landbank


@pytest.fixture
def reserved(landbank: Landbank) -> int:
    """A plot whose reservation ended yesterday."""
    with landbank.changing(actor="test") as store:
        store.connection.execute(
            text("INSERT INTO landbank.municipality (code, name) VALUES ('1441', 'Lerum')")
        )
        return int(
            store.connection.execute(
                text(
                    "INSERT INTO landbank.plot (municipality_code, reference, dataset, location, availability,"
                    " availability_until) VALUES ('1441', 'A1', 'test', ST_Point(330000, 6400000, 3006), 'reserverad',"
                    " current_date - 1) RETURNING id"
                )
            ).scalar_one()
        )


def test_plot_whose_term_is_over_is_free_after_one_run_and_a_second_changes_nothing(
    landbank: Landbank, reserved: int
) -> None:
    assert run_jobs(landbank)[:2] == [
        f"1 plots free again since their term is over: {reserved}",
        "1 new notices",
    ]
    assert run_jobs(landbank)[:2] == ["0 plots free again since their term is over", "0 new notices"]
    with landbank.reading() as store:
        (event,) = store.connection.execute(
            text("SELECT actor, reason, changes FROM landbank.event WHERE noun = 'plot' AND kind = 'changed'")
        )
    assert (event.actor, event.reason) == ("system", "nightly jobs")
    assert event.changes["availability"] == ["reserverad", "ledig"]


def test_command_tells_what_it_did(
    landbank: Landbank, reserved: int, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    monkeypatch.setenv("LANDBANK_DATABASE_URL", database_url)
    done = CliRunner().invoke(app, ["jobs", "run"])

    assert done.exit_code == 0, done.output
    assert f"1 plots free again since their term is over: {reserved}" in done.output


def test_other_actions_are_no_command() -> None:
    assert CliRunner().invoke(app, ["jobs", "stop"]).exit_code == 2


def test_day_may_be_given(landbank: Landbank, reserved: int) -> None:
    assert run_jobs(landbank, date.today() - timedelta(days=40))[0].startswith("0 plots")  # noqa: DTZ011
