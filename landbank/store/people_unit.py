"""One transaction's view of the people: each noun's statements over the same connection."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from landbank.store.api_keys import ApiKeys
from landbank.store.attempts import Attempts
from landbank.store.credentials import Credentials
from landbank.store.persons import Persons
from landbank.store.security_log import SecurityLog
from landbank.store.sessions import Sessions


@dataclass(frozen=True, slots=True)
class People:
    """The nouns of one transaction among people."""

    connection: Connection

    @property
    def persons(self) -> Persons:
        """People and their roles."""
        return Persons(self.connection)

    @property
    def credentials(self) -> Credentials:
        """What people prove themselves by."""
        return Credentials(self.connection)

    @property
    def sessions(self) -> Sessions:
        """Sessions of browsers."""
        return Sessions(self.connection)

    @property
    def keys(self) -> ApiKeys:
        """Keys of programs."""
        return ApiKeys(self.connection)

    @property
    def attempts(self) -> Attempts:
        """Attempts to sign in."""
        return Attempts(self.connection)

    @property
    def log(self) -> SecurityLog:
        """The security log."""
        return SecurityLog(self.connection)
