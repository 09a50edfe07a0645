"""Answers that are kept for a day, so that a request sent twice is carried out once and answered alike.

Source: draft-ietf-httpapi-idempotency-key-header. An answer is kept in the transaction of its change: there are both or
neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql import bindparam

from landbank.errors import Conflict

KEPT_HOURS = 24


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer as it was sent."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class KeptAnswers:
    """Statements on kept answers."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def recall(self, actor: str, key: str, fingerprint: str) -> KeptAnswer | None:
        """The answer that the actor got for this key within a day; None where the request is the first.

        Whoever asks a second time waits here until the first is done. `fingerprint` stands for method, address and
        body.

        Raises
        ------
        Conflict
            The key came with another request.
        """
        self._connection.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:told, 7))"), {"told": f"{actor} {key}"}
        )
        row = self._connection.execute(
            text(
                "SELECT fingerprint, status, headers, body FROM landbank.kept_answer WHERE actor = :actor"
                " AND key = :key AND kept_at > now() - make_interval(hours => :hours)"
            ),
            {"actor": actor, "key": key, "hours": KEPT_HOURS},
        ).one_or_none()
        if row is None:
            return None
        if row.fingerprint != fingerprint:
            raise Conflict(
                "This Idempotency-Key came with another request before.",
                hint="Use a new key for each new request, the same only to send one again.",
                where="Idempotency-Key",
            )
        return KeptAnswer(row.status, row.headers, bytes(row.body))

    def keep(self, actor: str, key: str, fingerprint: str, answer: KeptAnswer) -> None:
        """Keep the answer to a request."""
        statement = text(
            """INSERT INTO landbank.kept_answer (actor, key, fingerprint, status, headers, body, kept_at)
            VALUES (:actor, :key, :fingerprint, :status, :headers, :body, now())
            ON CONFLICT (actor, key) DO UPDATE SET fingerprint = excluded.fingerprint, status = excluded.status,
              headers = excluded.headers, body = excluded.body, kept_at = excluded.kept_at"""
        ).bindparams(bindparam("headers", type_=JSONB))
        self._connection.execute(
            statement,
            {
                "actor": actor,
                "key": key,
                "fingerprint": fingerprint,
                "status": answer.status,
                "headers": dict(answer.headers),
                "body": answer.body,
            },
        )

    def forget(self) -> int:
        """Remove what is older than a day; how many there were."""
        done = self._connection.execute(
            text("DELETE FROM landbank.kept_answer WHERE kept_at <= now() - make_interval(hours => :hours)"),
            {"hours": KEPT_HOURS},
        )
        return int(done.rowcount)
