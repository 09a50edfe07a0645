"""Attempts to sign in, counted so that nobody guesses at leisure; kept for minutes, and naming nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class Counted:
    """Attempts since a moment: of this subject, and of everybody."""

    of_subject: int
    of_all: int


class Attempts:
    """Statements about attempts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def note(self, kind: str, subject: bytes, *, now: datetime, since: datetime) -> Counted:
        """Note an attempt, forget those from before `since`, and count those left, this one among them."""
        self._connection.execute(
            text("DELETE FROM landbank.sign_in_attempt WHERE attempted_at < :since"), {"since": since}
        )
        self._connection.execute(
            text(
                "INSERT INTO landbank.sign_in_attempt (kind, subject, attempted_at) VALUES (:kind, :subject, :now)"
            ),
            {"kind": kind, "subject": subject, "now": now},
        )
        row = self._connection.execute(
            text(
                "SELECT count(*) FILTER (WHERE subject = :subject) AS of_subject, count(*) AS of_all"
                " FROM landbank.sign_in_attempt WHERE kind = :kind AND attempted_at >= :since"
            ),
            {"kind": kind, "subject": subject, "since": since},
        ).one()
        return Counted(row.of_subject, row.of_all)

    def forgive(self, kind: str, subject: bytes) -> None:
        """Forget a subject's attempts: the last one was right."""
        self._connection.execute(
            text("DELETE FROM landbank.sign_in_attempt WHERE kind = :kind AND subject = :subject"),
            {"kind": kind, "subject": subject},
        )
