"""`landbank seal`, `heads` and `fsck`, and the two times of `match` and `export` in the terminal."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from landbank.cli.main import app
from landbank.cli.sealing import sealing_hourly
from landbank.domain.people import Actor, Grant, Role
from landbank.services.load_demo import load_demo
from landbank.settings import Settings
from landbank.wiring import Landbank, open_landbank

pytestmark = pytest.mark.postgis
PLANNER = Actor("user:1", frozenset({Grant(Role.OPERATOR)}))


@pytest.fixture(scope="module")
def demo(databases: Callable[[], str]) -> Iterator[tuple[Landbank, str]]:
    """Forty synthetic plots, of which one is sold later."""
    url = databases()
    landbank = open_landbank(Settings(), url)
    with landbank.changing(actor="test") as store:
        load_demo(store, on=date(2026, 11, 23), plots=40, seed=1)
    with landbank.changing(actor=PLANNER, role="planner") as store:
        store.connection.execute(text("UPDATE landbank.plot SET availability = 'sald' WHERE id = 1"))
    yield landbank, url
    landbank.close()


@pytest.fixture
def run(demo: tuple[Landbank, str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs a command on the forty plots."""
    monkeypatch.setenv("LANDBANK_DATABASE_URL", demo[1])
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *arguments, **given: CliRunner().invoke(app, list(arguments), **given)


def test_sealed_history_is_vouched_for_and_a_tampered_one_is_not(
    demo: tuple[Landbank, str], run: Callable[..., Result], tmp_path: Path
) -> None:
    sealed = run("seal")
    assert sealed.exit_code == 0, sealed.output
    assert re.search(r"\d+ events sealed; the chain ends at revision \d+", sealed.stdout)
    assert run("seal").stdout.startswith("0 events sealed")
    (tmp_path / "heads.txt").write_text(run("heads").stdout, encoding="utf-8")
    whole = run("fsck", "--heads", str(tmp_path / "heads.txt"))
    assert whole.exit_code == 0, whole.output
    assert "1 heads compared: all is as the history says" in whole.stdout

    with behind_the_triggers(demo[0], "UPDATE landbank.plot SET area_m2 = area_m2 + 1 WHERE id = 2"):
        broken = run("fsck")
    assert broken.exit_code == 5
    assert "replay: plot 2: area_m2: the events say" in broken.stdout
    assert "1 things differ" in broken.stdout


@contextmanager
def behind_the_triggers(landbank: Landbank, change: str) -> Iterator[None]:
    """A superuser's change of plot 2's area, put right at the end."""
    with landbank.engine.begin() as connection:
        was = connection.execute(text("SELECT area_m2 FROM landbank.plot WHERE id = 2")).scalar_one()
    for statement in (change, "UPDATE landbank.plot SET area_m2 = :was WHERE id = 2"):
        with landbank.engine.begin() as connection:
            connection.execute(text("SET LOCAL ROLE NONE"))
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            connection.execute(text(statement), {"was": was} if ":was" in statement else {})
        if statement is change:
            yield


def test_head_that_the_chain_does_not_have_is_told(run: Callable[..., Result]) -> None:
    run("seal")
    kept = f"2026-01-01 1 {'ab' * 32}\n"
    result = run("fsck", "--heads", "-", input=kept)
    assert result.exit_code == 5
    assert "head of 2026-01-01: the chain has another hash there" in result.stdout


@pytest.mark.parametrize(
    ("given", "told"), [("no head\n", "holds no heads"), (f"2026-01-01 1 {'ab' * 31}\n", "31 bytes")]
)
def test_file_that_holds_no_heads_is_refused(run: Callable[..., Result], given: str, told: str) -> None:
    result = run("fsck", "--heads", "-", input=given)
    assert (result.exit_code, told in result.output) == (2, True)


def test_heads_as_json_are_those_of_the_api(run: Callable[..., Result]) -> None:
    run("seal")
    told = json.loads(run("heads", "--json").stdout)
    assert run("heads").stdout.split()[2] == told["heads"][0]["hash"]


def test_match_and_export_at_an_earlier_moment(
    demo: tuple[Landbank, str], run: Callable[..., Result], tmp_path: Path
) -> None:
    with demo[0].reading() as store:
        before = store.connection.execute(
            text("SELECT occurred_at - interval '1 microsecond' FROM landbank.event WHERE actor = 'user:1'")
        ).scalar_one()
    now = json.loads(run("match", "--template", "office", "--json").stdout)
    then = json.loads(run("match", "--template", "office", "--json", "--as-of", before.isoformat()).stdout)
    assert then["inventory_revision"] == now["inventory_revision"] - 1
    assert then["as_of"] == before.isoformat()
    done = run("export", str(tmp_path / "then.csv"), "--as-of", before.isoformat())
    assert done.exit_code == 0, done.output
    run("export", str(tmp_path / "now.csv"))
    assert (tmp_path / "then.csv").read_text(encoding="utf-8") != (tmp_path / "now.csv").read_text(
        encoding="utf-8"
    )
    assert run("export", str(tmp_path / "x.csv"), "--as-of", "2099-01-01").exit_code == 2
    assert run("match", "--template", "office", "--valid-on", "snart").exit_code == 2
    assert not (tmp_path / "x.csv").exists()


def test_serving_seals_by_itself(databases: Callable[[], str]) -> None:
    landbank = open_landbank(Settings(), databases())
    with landbank.changing(actor="test") as store:
        store.connection.execute(
            text("INSERT INTO landbank.municipality (code, name) VALUES ('1441', 'Lerum')")
        )
    sealed = 0
    with sealing_hourly(landbank, every_s=0.05):
        for _ in range(100):
            with landbank.reading() as store:
                sealed = store.ledger.end()[0]
            if sealed:
                break
            time.sleep(0.05)
    assert sealed == 1
    landbank.close()
