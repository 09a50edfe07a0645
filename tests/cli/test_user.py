"""`landbank user` and `landbank key`: the first administrator, roles, links and keys, and no secret where it shows."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from landbank.cli.main import app
from landbank.domain.people import Permission
from landbank.errors import NotSignedIn
from landbank.services.choose_password import owner_of_link, set_by_link
from landbank.services.door import Caller, Door
from landbank.services.identify import key_of
from landbank.services.sign_in import sign_in
from landbank.settings import Settings
from landbank.wiring import Landbank, open_door

pytestmark = [pytest.mark.postgis, pytest.mark.usefixtures("environment")]
runner = CliRunner()
PASSWORD = "fyra kor gnager räls"


@pytest.fixture
def environment(peopled: Landbank, region_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database and home that the commands find."""
    for name, value in {
        "LANDBANK_DATABASE_URL": region_url,
        "LANDBANK_HOME": str(tmp_path),
        "LANDBANK_PUBLIC_URL": "https://tomter.example.org/",
        "LANDBANK_PASSWORD_MEMORY_MB": "1",
        "COLUMNS": "200",
    }.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def home_door(environment: None, peopled: Landbank, tmp_path: Path) -> Door:
    """The door as the commands open it."""
    return open_door(Landbank(Settings(), peopled.engine))


def told(*arguments: str) -> Result:
    """What a command says."""
    return runner.invoke(app, arguments)


def add(login: str, role: str, *more: str) -> Result:
    """What adding somebody says."""
    return told("user", "add", login, "--role", role, *more)


def test_nobody_has_an_account_at_first() -> None:
    assert "admin" not in told("user", "list").stdout


def test_first_administrator_gets_a_link_where_nobody_can_be_asked(home_door: Door) -> None:
    result = add("anna", "administrator", "--municipality", "Lerum", "--name", "Anna Ask")
    assert result.exit_code == 0, result.output
    link = re.search(r"https://tomter\.example\.org/valkommen\?kod=(\S+)", result.stdout)
    assert link
    assert owner_of_link(home_door, link[1]).display_name == "Anna Ask"
    shown = told("user", "list").stdout
    assert "Anna Ask" in shown
    assert "administrator 1441" in shown


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("bo", "planner"), "held in a municipality"),
        (("bo", "planner", "--municipality", "Atlantis"), "no municipality 'Atlantis'"),
        (("bo", "operator", "--municipality", "1441"), "holds everywhere"),
        (("b o", "operator"), "can't be a sign-in name"),
    ],
)
def test_account_that_can_not_be_is_refused(arguments: tuple[str, ...], what: str) -> None:
    result = add(*arguments)
    assert result.exit_code == 2
    assert what in result.stderr


def test_name_that_is_taken_is_a_conflict() -> None:
    assert add("anna", "operator").exit_code == 0
    assert add("Anna", "operator").exit_code == 5


def test_roles_are_given_and_taken() -> None:
    add("anna", "planner", "--municipality", "1441")
    assert (
        "now is planner 1480"
        in told("user", "grant", "anna", "--role", "planner", "--municipality", "Göteborg").stdout
    )
    assert "planner 1441, planner 1480" in told("user", "list").stdout
    assert told("user", "revoke", "1", "--role", "planner", "--municipality", "1441").exit_code == 0
    assert told("user", "revoke", "1", "--role", "planner", "--municipality", "1441").exit_code == 4
    assert told("user", "grant", "nobody", "--role", "operator").exit_code == 4


def test_account_is_reset_disabled_enabled_and_forgotten(home_door: Door) -> None:
    secret = re.search(r"kod=(\S+)", add("anna", "operator").stdout)
    assert secret
    set_by_link(home_door, secret[1], PASSWORD)
    caller = Caller("", "test")
    assert sign_in(home_door, "anna", PASSWORD, caller=caller)
    assert "kod=" in told("user", "reset", "anna", "--second-factor").stdout
    with pytest.raises(NotSignedIn):
        sign_in(home_door, "anna", PASSWORD, caller=caller)
    for command in ("disable", "enable"):
        assert told("user", command, "anna").exit_code == 0
    assert told("user", "forget", "anna").exit_code == 0
    assert "anna" not in told("user", "list").stdout
    story = told("user", "log").stdout
    for kind in (
        "person_added",
        "role_granted:operator",
        "account_reset",
        "person_disabled",
        "person_forgotten",
    ):
        assert kind in story
    assert "anna" not in story


def test_password_is_asked_for_on_a_terminal_twice_and_never_shown(home_door: Door) -> None:
    with Terminal(sys.executable, "-m", "landbank", "user", "add", "anna", "--role", "operator") as terminal:
        terminal.answer("Password", "kort")
        terminal.answer("Repeat", "kort")
        terminal.answer("fewer than 12", "")
        terminal.answer("Password", PASSWORD)
        terminal.answer("Repeat", PASSWORD)
        assert terminal.ends() == 0
    assert "anna can sign in." in terminal.seen
    assert PASSWORD not in terminal.seen
    assert sign_in(home_door, "anna", PASSWORD, caller=Caller("", "test"))


def test_no_option_takes_a_password_or_a_secret() -> None:
    for group in ("user", "key"):
        for command in re.findall(r"^│ (\w+) ", told(group, "--help").stdout, re.MULTILINE):
            shown = told(group, command, "--help").stdout
            assert not re.search(r"--(password|secret|token)", shown), command


def test_key_is_printed_once_listed_without_its_secret_and_revoked(home_door: Door) -> None:
    result = told(
        "key", "add", "nightly", "--scope", "import", "--scope", "confirm", "--municipality", "1441"
    )
    assert result.exit_code == 0, result.output
    key = re.search(r"lb_\S+", result.stdout)
    assert key
    assert key_of(home_door, key[0]).scopes == {Permission.IMPORT, Permission.CONFIRM}
    shown = told("key", "list").stdout
    assert "nightly" in shown
    assert key[0] not in shown
    assert told("key", "revoke", key[0].split("_")[1]).exit_code == 0
    assert told("key", "revoke", key[0].split("_")[1]).exit_code == 4
    with pytest.raises(NotSignedIn):
        key_of(home_door, key[0])


def test_key_that_manages_people_is_not_made() -> None:
    assert told("key", "add", "x", "--scope", "manage_people", "--municipality", "1441").exit_code == 2
    assert told("key", "add", "x", "--scope", "import").exit_code == 2
    assert (
        told("key", "add", "x", "--scope", "import", "--municipality", "1441", "--days", "9999").exit_code
        == 2
    )


class Terminal:
    """A program on a terminal of its own."""

    def __init__(self, *command: str) -> None:
        self.seen = ""
        self.place = 0
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - nothing else runs in it
        )
        os.close(slave)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_raised: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.master)

    def answer(self, asked: str, with_text: str) -> None:
        """Wait until the program says something, then type a line; nothing where the text is empty."""
        while asked not in self.seen[self.place :]:
            assert self.read(), f"{asked!r} was not said: {self.seen}"
        self.place = self.seen.index(asked, self.place) + len(asked)
        if with_text:
            time.sleep(0.1)  # what is typed before the echo is switched off is thrown away
            os.write(self.master, with_text.encode() + b"\n")

    def read(self) -> bool:
        """Take what the program said; whether there was anything within thirty seconds."""
        if not select.select([self.master], [], [], 30)[0]:
            return False
        try:
            told = os.read(self.master, 4096)
        except OSError:
            return False
        self.seen += told.decode(errors="replace")
        return bool(told)

    def ends(self) -> int:
        """The exit code."""
        while self.read():
            pass
        return self.process.wait(30)
