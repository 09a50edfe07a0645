"""The role that the running application acts as: it owns nothing, so that the database's own rules hold for it.

Roles belong to a whole server, so another database's migration may have made it already, or make it this moment.
"""

from __future__ import annotations

from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from landbank.errors import Unavailable

APP_ROLE = "landbank_app"
INSUFFICIENT_PRIVILEGE = "42501"

MAY_ACT = f"""pg_has_role(current_user, '{APP_ROLE}',
  CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END)"""
"""Since PostgreSQL 16 a member need not be allowed to act as the role; until then each one is."""

MAKE = f"""
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APP_ROLE}') THEN
    BEGIN
      CREATE ROLE {APP_ROLE} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL; -- another database's migration made it meanwhile
    END;
  END IF;
  IF NOT {MAY_ACT} THEN
    EXECUTE format('GRANT {APP_ROLE} TO %I', current_user);
  END IF;
END $$
"""


def ensure_app_role(connection: Connection) -> None:
    """Make the application's role, and let this user act as it; where both is so already nothing is done.

    Raises
    ------
    Unavailable
        This user may not make roles, or the role has rights that it must not have.
    """
    # Another migration that makes the role at the same time holds the name until it commits.
    connection.execute(text("SET LOCAL lock_timeout = '60s'"))
    try:
        with connection.begin_nested():
            connection.execute(text(MAKE))
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", None) != INSUFFICIENT_PRIVILEGE:
            raise
        raise _missing(connection) from error
    finally:
        connection.execute(text("SET LOCAL lock_timeout = '3s'"))
    _refuse_powerful(connection)


def refuse_missing_role(connection: Connection) -> None:
    """Return if this user may act as the application's role; raises `Unavailable` else."""
    is_there = text("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = :role)")
    if (
        not connection.execute(is_there, {"role": APP_ROLE}).scalar_one()
        or not connection.execute(text(f"SELECT {MAY_ACT}")).scalar_one()
    ):
        raise _missing(connection)
    _refuse_powerful(connection)


def _missing(connection: Connection) -> Unavailable:
    user = connection.execute(text("SELECT quote_ident(current_user)")).scalar_one()
    return Unavailable(
        f"The server has no role {APP_ROLE} that this user may act as.",
        hint=f"Let an administrator run this once: CREATE ROLE {APP_ROLE} NOLOGIN (where it is missing), then"
        f" GRANT {APP_ROLE} TO {user}. docs/operations/own-postgis.md says what it is for.",
        where="role",
    )


def _refuse_powerful(connection: Connection) -> None:
    is_powerful = connection.execute(
        text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = :role"), {"role": APP_ROLE}
    ).scalar_one()
    if is_powerful:
        raise Unavailable(
            f"The role {APP_ROLE} is a superuser or passes by row-level security; landbank must not act as it.",
            hint=f"Let an administrator run: ALTER ROLE {APP_ROLE} NOSUPERUSER NOBYPASSRLS",
        )
