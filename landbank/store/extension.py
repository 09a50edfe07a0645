"""PostGIS in a database: put there when missing, refused when too old or out of place."""

from __future__ import annotations

from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from landbank.errors import Unavailable

OLDEST_SERVER = 150_000
OLDEST_POSTGIS = (3, 3)
INSUFFICIENT_PRIVILEGE = "42501"


def ensure_postgis(connection: Connection) -> None:
    """Put PostGIS into the schema public of this database, unless it is there.

    Raises
    ------
    Unavailable
        The server is too old, has no PostGIS or an old one, the user may not put it there, or it lies in another
        schema; nothing was changed.
    """
    version = connection.execute(text("SELECT current_setting('server_version_num')::int")).scalar_one()
    if version < OLDEST_SERVER:
        raise Unavailable(
            f"The server is PostgreSQL {version // 10_000}; landbank needs 15 or newer.",
            hint="Use a newer server.",
        )
    there = connection.execute(
        text(
            "SELECT extversion, nspname FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace"
            " WHERE extname = 'postgis'"
        )
    ).one_or_none()
    if there is None:
        _create_postgis(connection)
    elif there.nspname != "public":
        raise Unavailable(
            f"PostGIS lies in the schema {there.nspname} of this database; landbank looks for it in public.",
            hint="Give landbank a database of its own.",
        )
    else:
        _refuse_old(there.extversion, "ALTER EXTENSION postgis UPDATE brings it to the installed version.")


def _create_postgis(connection: Connection) -> None:
    offered = connection.execute(
        text("SELECT default_version FROM pg_available_extensions WHERE name = 'postgis'")
    ).scalar_one_or_none()
    if offered is None:
        raise Unavailable(
            "PostGIS is not installed on the database server.",
            hint="Install the server's package for it, on Debian: sudo apt-get install postgresql-postgis",
        )
    _refuse_old(offered, "Install a newer PostGIS on the server.")
    try:
        connection.execute(text("CREATE EXTENSION postgis SCHEMA public"))
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", None) != INSUFFICIENT_PRIVILEGE:
            raise
        raise Unavailable(
            "This database has no PostGIS yet, and its user may not put it there.",
            hint="Let an administrator run this in the database once: CREATE EXTENSION postgis SCHEMA public",
        ) from error


def _refuse_old(version: str, hint: str) -> None:
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST_POSTGIS:
        raise Unavailable(f"The server has PostGIS {version}; landbank needs 3.3 or newer.", hint=hint)
