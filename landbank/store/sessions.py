"""Sessions of browsers: found by the digest of their id, never by the id, which only the browser has."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from landbank.domain.accounts import Method, Session, Stage
from landbank.store.persons import COLUMNS, person_of

SELECT = f"""
SELECT s.id AS session_id, s.stage, s.method, s.device, s.created_at, s.last_used_at, s.expires_at, s.revoked_at,
  {COLUMNS}
FROM landbank.session s JOIN landbank.person p ON p.id = s.person_id
"""  # noqa: S608


def session_of(row: Any) -> Session:
    """The session of a row."""
    return Session(
        row.session_id,
        person_of(row),
        Stage(row.stage),
        Method(row.method),
        row.device,
        row.created_at,
        row.last_used_at,
        row.expires_at,
        row.revoked_at,
    )


class Sessions:
    """Statements about sessions."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        digest: bytes,
        person_id: int,
        *,
        stage: Stage,
        method: Method,
        device: str,
        now: datetime,
        expires_at: datetime,
    ) -> None:
        """Begin a session; the person's dead ones are cleared away."""
        self._connection.execute(
            text("DELETE FROM landbank.session WHERE person_id = :id AND expires_at < :now"),
            {"id": person_id, "now": now},
        )
        self._connection.execute(
            text(
                "INSERT INTO landbank.session"
                " (digest, person_id, stage, method, device, created_at, last_used_at, expires_at)"
                " VALUES (:digest, :id, :stage, :method, :device, :now, :now, :expires_at)"
            ),
            {
                "digest": digest,
                "id": person_id,
                "stage": stage,
                "method": method,
                "device": device,
                "now": now,
                "expires_at": expires_at,
            },
        )

    def find(self, digest: bytes) -> Session | None:
        """The session with this digest, alive or not, with its person as they are now."""
        row = self._connection.execute(
            text(f"{SELECT} WHERE s.digest = :digest"), {"digest": digest}
        ).one_or_none()
        return None if row is None else session_of(row)

    def of_person(self, person_id: int) -> list[Session]:
        """All sessions of a person that are kept, the last used first."""
        rows = self._connection.execute(
            text(f"{SELECT} WHERE s.person_id = :id ORDER BY s.last_used_at DESC, s.id DESC"),
            {"id": person_id},
        )
        return [session_of(row) for row in rows]

    def touch(self, session_id: int, now: datetime) -> None:
        """Note that the session is used."""
        self._connection.execute(
            text("UPDATE landbank.session SET last_used_at = :now WHERE id = :id"),
            {"id": session_id, "now": now},
        )

    def revoke(self, session_id: int, person_id: int, now: datetime) -> bool:
        """End one session of a person; whether it was theirs and not ended yet."""
        done = self._connection.execute(
            text(
                "UPDATE landbank.session SET revoked_at = :now"
                " WHERE id = :id AND person_id = :person_id AND revoked_at IS NULL"
            ),
            {"id": session_id, "person_id": person_id, "now": now},
        )
        return done.rowcount == 1

    def revoke_all(self, person_id: int, now: datetime) -> None:
        """End every session of a person."""
        self._connection.execute(
            text(
                "UPDATE landbank.session SET revoked_at = :now WHERE person_id = :id AND revoked_at IS NULL"
            ),
            {"id": person_id, "now": now},
        )
