"""What people prove themselves by: passwords, second factors, recovery codes and one-time set-up links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class KeptTotp:
    """A second factor as it is kept: sealed with the key named; unconfirmed until the first right code."""

    key_id: str
    sealed: bytes
    is_confirmed: bool


class Credentials:
    """Statements about what people prove themselves by."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def password(self, person_id: int) -> str | None:
        """The password's hash, or None without a password."""
        found: str | None = self._connection.execute(
            text("SELECT hash FROM landbank.password WHERE person_id = :id"), {"id": person_id}
        ).scalar_one_or_none()
        return found

    def set_password(self, person_id: int, kept: str, now: datetime) -> None:
        """Keep a password's hash in the place of any other."""
        self._connection.execute(
            text(
                "INSERT INTO landbank.password (person_id, hash, changed_at) VALUES (:id, :hash, :now)"
                " ON CONFLICT (person_id) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at"
            ),
            {"id": person_id, "hash": kept, "now": now},
        )

    def drop_password(self, person_id: int) -> None:
        """Forget the password."""
        self._connection.execute(
            text("DELETE FROM landbank.password WHERE person_id = :id"), {"id": person_id}
        )

    def totp(self, person_id: int) -> KeptTotp | None:
        """The second factor, confirmed or not, or None."""
        row = self._connection.execute(
            text("SELECT key_id, sealed, confirmed_at FROM landbank.totp WHERE person_id = :id"),
            {"id": person_id},
        ).one_or_none()
        return None if row is None else KeptTotp(row.key_id, bytes(row.sealed), row.confirmed_at is not None)

    def put_totp(self, person_id: int, key_id: str, sealed: bytes) -> None:
        """Keep a new second factor, unconfirmed, unless a confirmed one stands."""
        self._connection.execute(
            text(
                "INSERT INTO landbank.totp AS t (person_id, key_id, sealed) VALUES (:id, :key_id, :sealed)"
                " ON CONFLICT (person_id) DO UPDATE SET key_id = excluded.key_id, sealed = excluded.sealed,"
                " last_step = NULL WHERE t.confirmed_at IS NULL"
            ),
            {"id": person_id, "key_id": key_id, "sealed": sealed},
        )

    def confirm_totp(self, person_id: int, now: datetime) -> None:
        """Let the second factor count from now on."""
        self._connection.execute(
            text("UPDATE landbank.totp SET confirmed_at = :now WHERE person_id = :id"),
            {"id": person_id, "now": now},
        )

    def use_step(self, person_id: int, step: int) -> bool:
        """Take the code of a time step; False where that or a later one was taken before."""
        done = self._connection.execute(
            text(
                "UPDATE landbank.totp SET last_step = :step"
                " WHERE person_id = :id AND coalesce(last_step, -1) < :step"
            ),
            {"id": person_id, "step": step},
        )
        return done.rowcount == 1

    def drop_second_factor(self, person_id: int) -> None:
        """Forget the second factor and its recovery codes."""
        self._connection.execute(text("DELETE FROM landbank.totp WHERE person_id = :id"), {"id": person_id})
        self._connection.execute(
            text("DELETE FROM landbank.recovery_code WHERE person_id = :id"), {"id": person_id}
        )

    def put_codes(self, person_id: int, digests: Sequence[bytes]) -> None:
        """Keep these recovery codes in the place of all others."""
        self._connection.execute(
            text("DELETE FROM landbank.recovery_code WHERE person_id = :id"), {"id": person_id}
        )
        self._connection.execute(
            text("INSERT INTO landbank.recovery_code (person_id, digest) VALUES (:id, :digest)"),
            [{"id": person_id, "digest": digest} for digest in digests],
        )

    def use_code(self, person_id: int, digest: bytes, now: datetime) -> bool:
        """Use up a recovery code; False where there is no such unused one."""
        done = self._connection.execute(
            text(
                "UPDATE landbank.recovery_code SET used_at = :now"
                " WHERE person_id = :id AND digest = :digest AND used_at IS NULL"
            ),
            {"id": person_id, "digest": digest, "now": now},
        )
        return done.rowcount == 1

    def codes_left(self, person_id: int) -> int:
        """How many recovery codes are unused."""
        left: int = self._connection.execute(
            text("SELECT count(*) FROM landbank.recovery_code WHERE person_id = :id AND used_at IS NULL"),
            {"id": person_id},
        ).scalar_one()
        return left

    def put_link(self, person_id: int, digest: bytes, expires_at: datetime, *, by: str) -> None:
        """Keep a set-up link; earlier ones of the person hold no more."""
        self._connection.execute(
            text("DELETE FROM landbank.setup_link WHERE person_id = :id"), {"id": person_id}
        )
        self._connection.execute(
            text(
                "INSERT INTO landbank.setup_link (digest, person_id, created_by, expires_at)"
                " VALUES (:digest, :id, :by, :expires_at)"
            ),
            {"digest": digest, "id": person_id, "by": by, "expires_at": expires_at},
        )

    def owner_of_link(self, digest: bytes, now: datetime) -> int | None:
        """The person that a link is for, while it holds and is unused."""
        owner: int | None = self._connection.execute(
            text(
                "SELECT person_id FROM landbank.setup_link"
                " WHERE digest = :digest AND used_at IS NULL AND expires_at > :now"
            ),
            {"digest": digest, "now": now},
        ).scalar_one_or_none()
        return owner

    def use_link(self, digest: bytes, now: datetime) -> int | None:
        """Use up a link; the person that it is for, or None where it does not hold."""
        owner: int | None = self._connection.execute(
            text(
                "UPDATE landbank.setup_link SET used_at = :now"
                " WHERE digest = :digest AND used_at IS NULL AND expires_at > :now RETURNING person_id"
            ),
            {"digest": digest, "now": now},
        ).scalar_one_or_none()
        return owner
