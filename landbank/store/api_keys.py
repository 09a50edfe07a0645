"""Keys of programs; the secret itself is nowhere."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from landbank.domain.accounts import ApiKey
from landbank.domain.people import Permission
from landbank.store.persons import COLUMNS, person_of

SELECT = f"""
SELECT k.id AS key_id, k.label, k.scopes, k.municipality_code, k.created_at, k.expires_at, k.last_used_at,
  k.revoked_at, k.digest, {COLUMNS}
FROM landbank.api_key k LEFT JOIN landbank.person p ON p.id = k.made_by
"""  # noqa: S608


def key_of(row: Any) -> ApiKey:
    """The key of a row."""
    return ApiKey(
        row.key_id,
        row.label,
        frozenset(Permission(scope) for scope in row.scopes),
        row.municipality_code,
        None if row.id is None else person_of(row),
        row.created_at,
        row.expires_at,
        row.last_used_at,
        row.revoked_at,
    )


class ApiKeys:
    """Statements about keys."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        digest: bytes,
        *,
        label: str,
        scopes: Iterable[Permission],
        municipality_code: str,
        made_by: int | None,
        now: datetime,
        expires_at: datetime,
    ) -> int:
        """The number of a new key."""
        number: int = self._connection.execute(
            text(
                "INSERT INTO landbank.api_key"
                " (digest, label, scopes, municipality_code, made_by, created_at, expires_at)"
                " VALUES (:digest, :label, :scopes, :code, :made_by, :now, :expires_at) RETURNING id"
            ),
            {
                "digest": digest,
                "label": label,
                "scopes": sorted(scopes),
                "code": municipality_code,
                "made_by": made_by,
                "now": now,
                "expires_at": expires_at,
            },
        ).scalar_one()
        return number

    def find(self, key_id: int) -> tuple[ApiKey, bytes] | None:
        """A key and the digest of its secret, alive or not."""
        row = self._connection.execute(text(f"{SELECT} WHERE k.id = :id"), {"id": key_id}).one_or_none()
        return None if row is None else (key_of(row), bytes(row.digest))

    def all(self) -> list[ApiKey]:
        """The keys that the transaction may see and that are not revoked, the newest first."""
        rows = self._connection.execute(text(f"{SELECT} WHERE k.revoked_at IS NULL ORDER BY k.id DESC"))
        return [key_of(row) for row in rows]

    def touch(self, key_id: int, now: datetime) -> None:
        """Note that the key is used."""
        self._connection.execute(
            text("UPDATE landbank.api_key SET last_used_at = :now WHERE id = :id"), {"id": key_id, "now": now}
        )

    def revoke(self, key_id: int, now: datetime) -> bool:
        """End a key; whether the transaction may, and it was not ended yet."""
        done = self._connection.execute(
            text("UPDATE landbank.api_key SET revoked_at = :now WHERE id = :id AND revoked_at IS NULL"),
            {"id": key_id, "now": now},
        )
        return done.rowcount == 1
