"""What every job is done with: the inventory over connections of its own, the mail server, and a writer of letters."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Final

from landbank.jobs.mail_setup import mail_server, stop_tokens
from landbank.mail import Composer, MailServer
from landbank.services.write_mail import Links, Writer
from landbank.store.unit import Store
from landbank.wiring import Landbank, open_landbank

CONNECTIONS: Final = 3
LONGEST_STATEMENT_MS: Final = 600_000


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where jobs are done."""

    landbank: Landbank
    server: MailServer | None
    writer: Writer

    @property
    def address(self) -> str:
        """The database's address in libpq form; it may hold a password and is never shown."""
        url = self.landbank.engine.url.set(drivername="postgresql")
        return url.render_as_string(hide_password=False)

    def upkeep(self) -> AbstractContextManager[Store]:
        """One transaction that writes what is derived or sent."""
        return self.landbank.upkeep(timeout_ms=LONGEST_STATEMENT_MS)


@contextmanager
def open_workplace(landbank: Landbank, *, address: str | None = None) -> Iterator[Workplace]:
    """A workplace over the database of a landbank, beside its connections and not out of them.

    `address` is where the pages are served, for links in letters where the settings name no public address.

    Raises
    ------
    Invalid, Unavailable
        The settings of mail don't fit together, or the key of the stop links can't be read or made.
    """
    settings = landbank.settings
    base = settings.public_url or address or f"http://{settings.host}:{settings.port}"
    writer = Writer(Composer(), Links(base.rstrip("/"), stop_tokens(settings)))
    server = mail_server(settings)
    url = landbank.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    own = open_landbank(settings.model_copy(update={"pool_size": CONNECTIONS}), url)
    try:
        yield Workplace(own, server, writer)
    finally:
        own.close()
