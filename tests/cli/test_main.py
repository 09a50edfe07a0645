"""The command as a whole: help that teaches, faults told plainly, results apart from progress."""

from __future__ import annotations

import json
import logging
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from landbank.cli.common import fail, read_settings, step
from landbank.cli.logs import ForMachines, ForPeople
from landbank.cli.main import COMMANDS, app
from landbank.errors import Conflict, Gone, Invalid, LandbankError, NotFound, Unavailable

runner = CliRunner()


def test_help_shows_every_command_and_the_first_steps() -> None:
    told = runner.invoke(app, ["--help"], env={"COLUMNS": "100"}).output

    assert "First steps" in told
    assert "landbank up" in told
    for name, _, _ in COMMANDS:
        assert f" {name} " in told


@pytest.mark.parametrize("name", [name for name, _, _ in COMMANDS])
def test_each_command_explains_itself_with_an_example(name: str) -> None:
    told = runner.invoke(app, [name, "--help"], env={"COLUMNS": "100"}).output

    assert "Example:" in told


def test_no_command_shows_the_help() -> None:
    told = runner.invoke(app, [])

    assert "First steps" in told.output


def test_help_needs_no_heavy_library() -> None:
    import subprocess
    import sys

    code = (
        "import sys; import landbank.cli.main;"
        " heavy = {'sqlalchemy', 'pyogrio', 'pandas', 'shapely', 'fastapi', 'folium', 'scipy', 'numpy'};"
        " print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Invalid("No."), 2),
        (NotFound("No."), 4),
        (Gone("No."), 4),
        (Conflict("No."), 5),
        (Unavailable("No."), 6),
        (LandbankError("No."), 1),
    ],
)
def test_each_family_of_faults_has_its_exit_code(error: LandbankError, code: int) -> None:
    assert fail(error) == code


def test_fault_says_what_and_what_to_do_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    fail(Invalid("The port [red] is wrong.", hint="Choose another.", where="port 9"))

    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines() == [
        "Invalid input: The port [red] is wrong. (port 9)",
        "→ Choose another.",
    ]


def test_step_is_told_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    with step("Looking around"):
        time.sleep(0)

    told = capsys.readouterr()
    assert (told.out, told.err) == ("", "Looking around …\n")


def test_wrong_setting_is_named_and_its_value_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANDBANK_LOG_LEVEL", "hemligt")

    with pytest.raises(Invalid, match="LANDBANK_LOG_LEVEL") as refusal:
        read_settings()

    assert "hemligt" not in str(refusal.value)


def test_doctor_tells_what_is_missing_and_leaves_with_six(tmp_path: Path) -> None:
    environment = {"LANDBANK_PG_BIN": str(tmp_path), "LANDBANK_HOME": str(tmp_path / "home")}

    done = runner.invoke(app, ["doctor", "--json"], env=environment)

    told = json.loads(done.stdout)
    postgresql = next(check for check in told["checks"] if check["name"] == "PostgreSQL")
    assert done.exit_code == 6
    assert (told["is_well"], postgresql["is_well"]) == (False, False)
    assert "LANDBANK_PG_BIN" in postgresql["hint"]
    assert not (tmp_path / "home").exists()


def test_doctor_finds_a_database_at_this_schema_well(database_url: str) -> None:
    done = runner.invoke(app, ["doctor", "--json"], env={"LANDBANK_DATABASE_URL": database_url})

    checks = {check["name"]: check for check in json.loads(done.stdout)["checks"]}
    assert checks["Database"]["is_well"]
    assert checks["Schema"]["is_well"]
    assert "PostGIS" in checks["Database"]["told"]


def test_doctor_finds_an_empty_database_unwell(server: str) -> None:
    done = runner.invoke(app, ["doctor", "--json"], env={"LANDBANK_DATABASE_URL": server})

    checks = {check["name"]: check for check in json.loads(done.stdout)["checks"]}
    assert done.exit_code == 6
    assert not checks["Database"]["is_well"]
    assert "landbank migrate" in checks["Database"]["hint"]


def test_migrate_tells_the_revision_and_changes_nothing_the_second_time(database_url: str) -> None:
    from landbank.store.migrate import head_revision

    done = runner.invoke(app, ["migrate"], env={"LANDBANK_DATABASE_URL": database_url})

    assert done.exit_code == 0
    assert done.stdout.strip() == f"The database has schema revision {head_revision()}."


def access_record() -> logging.LogRecord:
    """A request as the application logs it."""
    message = '{"request_id":"a1","method":"GET","path":"/ogc","status":200,"ms":3.14,"bytes":9}'
    return logging.LogRecord("landbank.access", logging.INFO, __file__, 1, message, (), None)


def test_request_is_logged_for_people_in_a_few_words() -> None:
    assert ForPeople().format(access_record())[9:] == "GET /ogc 200 3.1 ms"


def test_request_is_logged_for_machines_as_one_json_line_with_time_and_level() -> None:
    told = json.loads(ForMachines().format(access_record()))

    assert list(told)[:3] == ["time", "level", "logger"]
    assert (told["path"], told["status"], told["level"]) == ("/ogc", 200, "info")


def test_line_break_in_a_message_stays_within_its_json_line() -> None:
    record = logging.LogRecord("landbank", logging.WARNING, __file__, 1, "one\ntwo", (), None)

    assert len(ForMachines().format(record).splitlines()) == 1
