"""What a running server offers: whether it answers, its versions, and whether it can make vector tiles.

`binaries.py` judges what is installed before a server runs; this module asks one that runs.
"""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from landbank.errors import Invalid, Unavailable


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """Versions of a server and of the libraries inside its PostGIS."""

    postgresql: str
    postgis: str
    geos: str
    proj: str


def describe_address(url: str) -> str:
    """The place that an address names, without user and password.

    Raises
    ------
    Invalid
        The text is no address of a PostgreSQL server; it is not repeated, for it may hold a password.
    """
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise Invalid(
            "The database address is not one that PostgreSQL understands.",
            hint="Its form is postgresql://user:password@host:5432/database; %40 stands for @ in a password.",
            where="LANDBANK_DATABASE_URL",
        ) from None
    host = parts.get("host") or "the local socket"
    port = f":{parts['port']}" if parts.get("port") else ""
    return f"database {parts.get('dbname') or parts.get('user') or ''} on {host}{port}"


def refuse_silent_server(url: str) -> None:
    """Connect once.

    Raises
    ------
    Unavailable
        The server does not answer, does not let this user in, or does not have the database.
    Invalid
        The address is not one.
    """
    place = describe_address(url)
    try:
        psycopg.connect(url, connect_timeout=5, application_name="landbank").close()
    except psycopg.OperationalError as error:
        raise Unavailable(
            f"Can't connect to the {place}: {_reason(error)}.",
            hint="Check LANDBANK_DATABASE_URL, that the server runs, and that the database exists"
            " (createdb makes one); docs/operations/own-postgis.md has the steps.",
            where="LANDBANK_DATABASE_URL",
        ) from None


def inspect_server(url: str) -> ServerFacts:
    """The versions of the server at `url`, once it is known that it can make vector tiles.

    Raises
    ------
    Unavailable
        The server does not answer, or its PostGIS is missing or built without vector tiles.
    """
    refuse_silent_server(url)
    with psycopg.connect(url, connect_timeout=5, application_name="landbank") as connection:
        try:
            return _inspect(connection)
        except psycopg.errors.UndefinedFunction as error:
            raise Unavailable(
                "PostGIS is not in this database.", hint="`landbank migrate` puts it there."
            ) from error


def _inspect(connection: psycopg.Connection) -> ServerFacts:
    select = (
        "SELECT current_setting('server_version'), postgis_lib_version(), postgis_geos_version(),"
        " postgis_proj_version()"
    )
    [(postgresql, postgis, geos, proj)] = connection.execute(select).fetchall()
    try:
        connection.execute("SELECT ST_AsMVT(probe) FROM (SELECT 1 AS id, ST_MakePoint(1, 1) AS geom) probe")
    except psycopg.errors.InternalError as error:
        raise Unavailable(
            "This server's PostGIS can't make vector tiles: it was built without protobuf-c (ST_AsMVT).",
            hint="Use the PostGIS package of your distribution or of the PostgreSQL project.",
        ) from error
    return ServerFacts(postgresql.split()[0], postgis, geos.split("-")[0], proj.split()[0])


def ensure_database(maintenance_url: str, name: str) -> None:
    """Create a database where it is missing."""
    with psycopg.connect(maintenance_url, autocommit=True, connect_timeout=5) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def _reason(error: psycopg.OperationalError) -> str:
    """The last line of the driver's message, which names the cause and holds no password."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    reason = lines[-1] if lines else "no reason was given"
    return reason.rpartition("FATAL:")[2].strip().rstrip(".")
