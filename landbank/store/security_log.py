"""The security log: who signed in, was refused, was given a role or a key. Appended only, and naming numbers only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class SecurityEvent:
    """One line of the log."""

    occurred_at: datetime
    kind: str
    actor: str
    subject: str | None
    municipality_code: str | None
    request_id: str | None


class SecurityLog:
    """Statements about the log."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def note(
        self,
        kind: str,
        *,
        actor: str,
        subject: str | None = None,
        municipality_code: str | None = None,
        request_id: str | None = None,
    ) -> None:
        """Append a line; it holds when the transaction does."""
        self._connection.execute(
            text(
                "INSERT INTO landbank.security_event (kind, actor, subject, municipality_code, request_id)"
                " VALUES (:kind, :actor, :subject, :code, :request_id)"
            ),
            {
                "kind": kind,
                "actor": actor,
                "subject": subject,
                "code": municipality_code,
                "request_id": request_id,
            },
        )

    def latest(self, count: int) -> Sequence[SecurityEvent]:
        """The last lines, the newest first, as far as the transaction may read them."""
        rows = self._connection.execute(
            text(
                "SELECT occurred_at, kind, actor, subject, municipality_code, request_id"
                " FROM landbank.security_event ORDER BY id DESC LIMIT :count"
            ),
            {"count": count},
        )
        return [SecurityEvent(*row) for row in rows]
