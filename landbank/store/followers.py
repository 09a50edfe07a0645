"""Who follows the inventory's changes, and how far each has come: what makes a derived table impossible to forget."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class Progress:
    """The revision up to which a follower has worked, and when it last said so."""

    revision: int
    ran_at: datetime


class Followers:
    """Statements about followers."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def progress(self, name: str) -> Progress | None:
        """How far a follower has come; None for one that never ran."""
        row = self._connection.execute(
            text("SELECT revision, ran_at FROM landbank.follower WHERE name = :name"), {"name": name}
        ).one_or_none()
        return None if row is None else Progress(row.revision, row.ran_at)

    def reached(self, name: str, revision: int) -> None:
        """Note that a follower has worked up to a revision; never backwards."""
        self._connection.execute(
            text(
                """INSERT INTO landbank.follower AS f (name, revision) VALUES (:name, :revision)
                   ON CONFLICT (name) DO UPDATE
                   SET revision = greatest(f.revision, excluded.revision), ran_at = now()"""
            ),
            {"name": name, "revision": revision},
        )
