"""`landbank check`, `landbank mail`, `landbank doctor` and what `landbank up` does beside serving."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from landbank.cli.main import app
from landbank.cli.up import jobs_beside
from landbank.jobs.work import is_behind
from landbank.jobs.workplace import open_workplace
from landbank.services.load_demo import load_demo
from landbank.settings import Settings
from landbank.wiring import Landbank, open_landbank

pytestmark = pytest.mark.postgis
runner = CliRunner()


@pytest.fixture(scope="module")
def url(databases: Callable[[], str]) -> str:
    """Address of a database with sixty synthetic plots, one of which lies over another."""
    address = databases()
    landbank = open_landbank(Settings(), address)
    with landbank.changing(actor="test") as store:
        load_demo(store, on=date(2026, 11, 23), plots=60, seed=1)
        store.connection.execute(
            text(
                "UPDATE landbank.plot p SET geometry = o.geometry FROM landbank.plot o WHERE p.id = 2 AND o.id = 1"
            )
        )
    landbank.close()
    return address


@pytest.fixture
def told(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs a command over that database; its result comes back."""
    monkeypatch.setenv("LANDBANK_DATABASE_URL", url)
    monkeypatch.setenv("LANDBANK_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *arguments, **env: runner.invoke(app, list(arguments), env=env)


def test_check_shows_findings_as_a_table_and_says_so_by_its_exit_code(told: Callable[..., Result]) -> None:
    result = told("check")

    assert result.exit_code == 1
    assert "Overlaps another plot" in result.stdout
    assert "60 plots checked" in result.stdout
    again = told("check")
    assert "0 new, 0 put right since the last time" in again.stdout


def test_check_tells_the_same_to_scripts(told: Callable[..., Result]) -> None:
    result = json.loads(told("check", "--json").stdout)

    overlaps = [one for one in result["findings"] if one["kind"] == "overlap"]
    assert result["plots"] == 60
    assert sum(one["count"] for one in overlaps) == 2


def test_check_of_one_municipality(told: Callable[..., Result]) -> None:
    whole = json.loads(told("check", "--json").stdout)
    code = whole["findings"][0]["municipality_code"]

    part = json.loads(told("check", "--municipality", code, "--json").stdout)
    assert 0 < part["plots"] < 60
    assert part["findings"] == [one for one in whole["findings"] if one["municipality_code"] == code]
    assert told("check", "--municipality", "9999").exit_code == 4


def test_check_that_finds_nothing_ends_with_zero(told: Callable[..., Result], database_url: str) -> None:
    result = told("check", LANDBANK_DATABASE_URL=database_url)

    assert result.exit_code == 0, result.output
    assert "0 plots checked, 0 findings" in result.stdout


def test_mail_that_is_off_says_what_waits_and_sends_no_trial(told: Callable[..., Result], url: str) -> None:
    landbank = open_landbank(Settings(), url)
    with landbank.upkeep() as store:
        store.mails.write(key="k", kind="weekly", language="sv", recipient="a@b.example", subject="s",
                          body_text="t", body_html="h")  # fmt: skip
    landbank.close()

    result = told("mail")
    assert "Mail is off" in result.stdout
    assert "1 waiting" in result.stdout
    assert "b.example" not in result.output
    assert json.loads(told("mail", "--json").stdout)["open"][0]["state"] == "waiting"
    assert told("mail", "--trial", "a@b.example").exit_code == 6
    assert told("mail", "--again", "1").exit_code == 4


def test_letter_that_is_uncertain_is_sent_again_when_told(told: Callable[..., Result], url: str) -> None:
    landbank = open_landbank(Settings(), url)
    with landbank.upkeep() as store:
        mail_id = store.mails.write(key="u", kind="weekly", language="sv", recipient="a@b.example", subject="s",
                                    body_text="t", body_html="h")  # fmt: skip
        store.connection.execute(text("UPDATE landbank.mail SET state = 'uncertain' WHERE key = 'u'"))
    doctor = told("doctor")
    assert "1 uncertain" in doctor.stdout
    assert "`landbank mail` lists the letters" in doctor.stdout

    assert told("mail", "--again", str(mail_id)).exit_code == 0
    with landbank.reading() as store:
        assert mail_id in store.mails.waiting()
        assert ("send_mail", 1) in [(job.name, job.waiting) for job in store.queue.standing()]
    landbank.close()


@pytest.mark.parametrize(
    ("setting", "value", "named"),
    [
        ("LANDBANK_MAIL_FROM", "", "LANDBANK_MAIL_FROM"),
        ("LANDBANK_SMTP_PASSWORD_FILE", "/nowhere/secret", "LANDBANK_SMTP_PASSWORD_FILE"),
        ("LANDBANK_SMTP_CA_FILE", "/nowhere/ca.pem", "LANDBANK_SMTP_CA_FILE"),
    ],
)
def test_mail_settings_that_cannot_be_used_are_named(
    told: Callable[..., Result], setting: str, value: str, named: str
) -> None:
    env = {"LANDBANK_SMTP_HOST": "smtp.example.org", "LANDBANK_MAIL_FROM": "a@example.org", setting: value}
    told_env = {name: one for name, one in env.items() if one}

    result = told("mail", **told_env)

    assert result.exit_code == 2, result.output
    assert named in result.stderr


def test_up_does_the_jobs_unless_they_are_left_to_others(
    landbank: Landbank, tmp_path: Path, database_url: str
) -> None:
    with landbank.changing(actor="test") as store:
        load_demo(store, on=date(2026, 11, 23), plots=13, seed=1)
    for run_jobs, followed in ((False, False), (True, True)):
        opened = open_landbank(Settings(home=tmp_path, run_jobs=run_jobs), database_url)
        with open_workplace(opened) as place, jobs_beside(opened, "http://127.0.0.1:1"):
            assert wait(lambda: not is_behind(place), 15.0 if followed else 0.5) is followed
        opened.close()


def wait(claim: Callable[[], bool], seconds: float) -> bool:
    """Whether the claim holds before so many seconds have passed."""
    import threading

    pause = threading.Event()
    for _ in range(int(seconds / 0.1)):
        if claim():
            return True
        pause.wait(0.1)
    return claim()


def test_doctor_tells_of_jobs_and_mail(told: Callable[..., Result], database_url: str) -> None:
    checks: list[dict[str, Any]] = json.loads(
        told("doctor", "--json", LANDBANK_DATABASE_URL=database_url).stdout
    )["checks"]
    by_name = {check["name"]: check for check in checks}

    assert by_name["Jobs"]["is_well"]
    assert "nobody does them now" in by_name["Jobs"]["told"]
    assert by_name["Mail"]["told"] == "off, so letters are written and wait; nothing waits"
