"""A mail server on the loopback that can be told to misbehave, and an inventory with stewards who get mail."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from sqlalchemy import text

from landbank.jobs import Workplace
from landbank.mail import Composer, MailServer, StopTokens
from landbank.services.write_mail import Links, Writer
from landbank.settings import Settings
from landbank.wiring import Landbank, open_landbank

SENDER = "landbank@example.org"
BASE = "https://mark.example.org"


@dataclass
class Handler:
    """Takes letters; `on_data` may answer otherwise, and `on_reader` refuse."""

    letters: list[EmailMessage] = field(default_factory=list)
    on_data: Callable[[], str | None] = lambda: None
    on_reader: Callable[[str], str | None] = lambda _address: None

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: Any
    ) -> str:
        """Take a reader, or refuse it."""
        refusal = self.on_reader(address)
        if refusal is None:
            envelope.rcpt_tos.append(address)
        return refusal or "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802
        """Take a letter, or refuse it."""
        refusal = self.on_data()
        if refusal is not None:
            return refusal
        self.letters.append(message_from_bytes(envelope.content or b"", policy=default))  # type: ignore[arg-type]
        return "250 OK"


class Mailbox:
    """A mail server on a port of the loopback."""

    def __init__(self, **options: Any) -> None:
        self.handler = Handler()
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        self.controller = Controller(self.handler, hostname="127.0.0.1", port=self.port, **options)

    @property
    def letters(self) -> list[EmailMessage]:
        """What was taken, in order."""
        return self.handler.letters

    def server(self, **changes: Any) -> MailServer:
        """The settings that reach it."""
        told: dict[str, Any] = {
            "host": "127.0.0.1",
            "port": self.port,
            "security": "none",
            "sender": SENDER,
            **changes,
        }
        return MailServer(**told)


@pytest.fixture(scope="session")
def mailboxes() -> type[Mailbox]:
    """Makes mail servers; whoever starts one stops it."""
    return Mailbox


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A mail server without encryption."""
    box = Mailbox()
    box.controller.start()
    yield box
    box.controller.stop()


@pytest.fixture(scope="session")
def writer() -> Writer:
    """Writes letters whose links lead to the pages of a made-up landbank."""
    return Writer(Composer(), Links(BASE, StopTokens(b"k" * 32)))


GROUND = """
INSERT INTO landbank.municipality (code, name) VALUES ('1480', 'Göteborg'), ('1441', 'Lerum');
INSERT INTO landbank.contact (municipality_code, kind, title, email, is_synthetic) VALUES
  ('1480', 'steward', 'Markenheten', 'mark@goteborg.example', false),
  ('1480', 'sales', 'Näringslivsenheten', 'salj@goteborg.example', false),
  ('1441', 'steward', 'Exploateringen', 'expl@lerum.example', false),
  ('1441', 'steward', 'Påhittad', 'nobody@example.org', true);
INSERT INTO landbank.plot (municipality_code, reference, name, dataset, planning_state, readiness, availability,
  availability_until, sales_contact_id, area_m2, area_method, geometry, location, confirmed_on)
SELECT '1480', 'H1', E'Hamn <b>1</b>', 'test', 'laga_kraft', 'byggklar', 'reserverad', current_date + 10, 2, 10000,
  'computed', ST_Multi(ST_MakeEnvelope(310000, 6400000, 310100, 6400100, 3006)), ST_Point(310050, 6400050, 3006),
  current_date;
"""


@pytest.fixture
def place(landbank: Landbank, mailbox: Mailbox, writer: Writer) -> Workplace:
    """A workplace over a small inventory: one reserved plot in Göteborg, none in Lerum."""
    with landbank.changing(actor="test") as store:
        for statement in GROUND.split(";\n"):
            if statement.strip():
                store.connection.execute(text(statement))
    return Workplace(landbank, mailbox.server(), writer)


@pytest.fixture
def reopened(database_url: str) -> Callable[..., Landbank]:
    """Opens the test's database again with other settings."""
    return lambda **settings: open_landbank(Settings(**settings), database_url)


def wait_for(is_so: Callable[[], bool], seconds: float = 20.0) -> None:
    """Return once the claim holds; fail after so many seconds."""
    waiting = threading.Event()
    for _ in range(int(seconds / 0.05)):
        if is_so():
            return
        waiting.wait(0.05)
    pytest.fail("waited in vain")


@pytest.fixture(scope="session")
def until() -> Callable[..., None]:
    """`until(claim)` returns once the claim holds."""
    return wait_for
