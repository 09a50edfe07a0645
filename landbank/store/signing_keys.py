"""Keys that every process over the same database signs with; made by a migration, never shown."""

from __future__ import annotations

from sqlalchemy import Connection, select

from landbank.store.layer_tables import signing_key


class SigningKeys:
    """Reads the keys."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def key(self, name: str) -> bytes:
        """The key of that name."""
        found = self._connection.execute(
            select(signing_key.c.key).where(signing_key.c.name == name)
        ).scalar_one()
        return bytes(found)
