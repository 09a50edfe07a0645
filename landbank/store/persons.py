"""People and their roles. What a transaction sees and may change of them, the database's policies decide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, text

from landbank.domain.accounts import Person
from landbank.domain.people import Grant, Role

COLUMNS = """p.id, p.login, p.display_name, p.email, p.is_disabled, ARRAY(
  SELECT ARRAY[g.role, g.municipality_code] FROM landbank.role_grant g
  WHERE g.person_id = p.id AND g.revoked_at IS NULL ORDER BY g.role, g.municipality_code) AS grants"""
"""A person with the roles that hold; the policies leave no role of a visible person out."""


def person_of(row: Any) -> Person:
    """The person of a row with `COLUMNS`."""
    grants = frozenset(Grant(Role(role), code) for role, code in row.grants)
    return Person(row.id, row.login, row.display_name, row.email, row.is_disabled, grants)


class Persons:
    """Statements about people."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, person_id: int) -> Person | None:
        """The person with this number, if there is one that the transaction may see."""
        return self._one("p.id = :told", person_id)

    def by_login(self, login: str) -> Person | None:
        """The person with this sign-in name, in small letters."""
        return self._one("p.login = :told", login)

    def by_identity(self, issuer: str, subject: str) -> Person | None:
        """The person whom a sign-in service knows by this subject."""
        row = self._connection.execute(
            text(
                f"SELECT {COLUMNS} FROM landbank.identity i JOIN landbank.person p ON p.id = i.person_id"  # noqa: S608
                " WHERE i.issuer = :issuer AND i.subject = :subject"
            ),
            {"issuer": issuer, "subject": subject},
        ).one_or_none()
        return None if row is None else person_of(row)

    def all(self) -> list[Person]:
        """Everybody whom the transaction may see, by name."""
        rows = self._connection.execute(
            text(
                f"SELECT {COLUMNS} FROM landbank.person p"  # noqa: S608
                ' ORDER BY p.is_disabled, p.display_name COLLATE "sv-x-icu", p.id'
            )
        )
        return [person_of(row) for row in rows]

    def add(self, display_name: str, *, login: str | None, email: str | None, created_by: str) -> int | None:
        """The number of a new person; None where the sign-in name is taken."""
        number: int | None = self._connection.execute(
            text(
                "INSERT INTO landbank.person (display_name, login, email, created_by)"
                " VALUES (:display_name, :login, :email, :created_by) ON CONFLICT (login) DO NOTHING RETURNING id"
            ),
            {"display_name": display_name, "login": login, "email": email, "created_by": created_by},
        ).scalar_one_or_none()
        return number

    def add_identity(self, person_id: int, issuer: str, subject: str) -> None:
        """Let a sign-in service's subject be this person."""
        self._connection.execute(
            text(
                "INSERT INTO landbank.identity (issuer, subject, person_id) VALUES (:issuer, :subject, :person_id)"
            ),
            {"issuer": issuer, "subject": subject, "person_id": person_id},
        )

    def lock_identity(self, issuer: str, subject: str) -> None:
        """Wait until nobody else signs in as this subject, so that a first-time person is added once."""
        self._connection.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:who, 0))"), {"who": f"{issuer} {subject}"}
        )

    def rename(self, person_id: int, *, display_name: str, email: str | None) -> None:
        """Bring a person's name and address up to date."""
        self._connection.execute(
            text("UPDATE landbank.person SET display_name = :display_name, email = :email WHERE id = :id"),
            {"id": person_id, "display_name": display_name, "email": email},
        )

    def identities(self, person_id: int) -> Sequence[str]:
        """The sign-in services that know the person."""
        found = self._connection.execute(
            text("SELECT issuer FROM landbank.identity WHERE person_id = :id ORDER BY issuer"),
            {"id": person_id},
        )
        return found.scalars().all()

    def grant(self, person_id: int, grant: Grant, *, by: str) -> bool:
        """Give a role; whether it was not held yet."""
        done = self._connection.execute(
            text(
                "INSERT INTO landbank.role_grant (person_id, role, municipality_code, granted_by)"
                " VALUES (:person_id, :role, :code, :by)"
                " ON CONFLICT (person_id, role, coalesce(municipality_code, '')) WHERE revoked_at IS NULL DO NOTHING"
            ),
            {"person_id": person_id, "role": grant.role, "code": grant.municipality_code, "by": by},
        )
        return done.rowcount == 1

    def revoke(self, person_id: int, grant: Grant, *, by: str) -> bool:
        """Take a role away; whether it was held."""
        done = self._connection.execute(
            text(
                "UPDATE landbank.role_grant SET revoked_at = now(), revoked_by = :by WHERE person_id = :person_id"
                " AND role = :role AND municipality_code IS NOT DISTINCT FROM :code AND revoked_at IS NULL"
            ),
            {"person_id": person_id, "role": grant.role, "code": grant.municipality_code, "by": by},
        )
        return done.rowcount == 1

    def knows_municipality(self, code: str) -> bool:
        """Whether the inventory has a municipality with this code."""
        return bool(
            self._connection.execute(
                text("SELECT EXISTS (SELECT FROM landbank.municipality WHERE code = :code)"), {"code": code}
            ).scalar_one()
        )

    def set_disabled(self, person_id: int, *, is_disabled: bool) -> bool:
        """Disable or enable an account; whether the transaction may, and it was not so already."""
        done = self._connection.execute(
            text("UPDATE landbank.person SET is_disabled = :told WHERE id = :id AND is_disabled <> :told"),
            {"id": person_id, "told": is_disabled},
        )
        return done.rowcount == 1

    def forget(self, person_id: int) -> None:
        """Blank the name and addresses of a person; the number stays, for the history names it."""
        self._connection.execute(
            text(
                "UPDATE landbank.person SET display_name = '–', login = NULL, email = NULL, is_disabled = true"
                " WHERE id = :id"
            ),
            {"id": person_id},
        )
        self._connection.execute(
            text("DELETE FROM landbank.identity WHERE person_id = :id"), {"id": person_id}
        )

    def _one(self, condition: str, told: object) -> Person | None:
        row = self._connection.execute(
            text(f"SELECT {COLUMNS} FROM landbank.person p WHERE {condition}"),  # noqa: S608
            {"told": told},
        ).one_or_none()
        return None if row is None else person_of(row)
