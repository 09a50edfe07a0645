"""What a server offers: its versions, and whether landbank can work there."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from psycopg import sql

from landbank.cluster.binaries import OLDEST_POSTGIS, OLDEST_POSTGRESQL
from landbank.errors import Unavailable


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """Versions of a server and of the libraries inside its PostGIS."""

    postgresql: str
    postgis: str
    geos: str
    proj: str


def inspect_server(url: str) -> ServerFacts:
    """The versions of the server at `url`, once it is known that it can make vector tiles.

    PostGIS must be in the database already.

    Raises
    ------
    Unavailable
        The server does not answer, or PostGIS is missing, too old, or built without vector tiles.
    """
    try:
        with psycopg.connect(url, connect_timeout=5, application_name="landbank") as connection:
            return _inspect(connection)
    except psycopg.errors.UndefinedFunction as error:
        raise Unavailable(
            "PostGIS is not in this database.", hint="`landbank migrate` puts it there."
        ) from error
    except psycopg.errors.FeatureNotSupported as error:
        raise Unavailable(
            "This server's PostGIS can't make vector tiles: it was built without protobuf-c (ST_AsMVT).",
            hint="Use the PostGIS package of your distribution or of the PostgreSQL project.",
        ) from error
    except psycopg.OperationalError as error:
        raise Unavailable(
            "The database server does not answer.",
            hint="Check its address and that it runs: `landbank doctor`.",
        ) from error


def _inspect(connection: psycopg.Connection) -> ServerFacts:
    major = connection.info.server_version // 10_000
    if major < OLDEST_POSTGRESQL:
        raise Unavailable(f"The server is PostgreSQL {major}; landbank needs {OLDEST_POSTGRESQL} or newer.")
    select = (
        "SELECT current_setting('server_version'), postgis_lib_version(), postgis_geos_version(),"
        " postgis_proj_version()"
    )
    [(postgresql, postgis, geos, proj)] = connection.execute(select).fetchall()
    if tuple(int(part) for part in postgis.split(".")[:2]) < OLDEST_POSTGIS:
        raise Unavailable(f"The server has PostGIS {postgis}; landbank needs 3.3 or newer.")
    try:
        connection.execute("SELECT ST_AsMVT(probe) FROM (SELECT 1 AS id, ST_MakePoint(1, 1) AS geom) probe")
    except psycopg.errors.InternalError as error:
        raise psycopg.errors.FeatureNotSupported(str(error)) from error
    return ServerFacts(postgresql.split()[0], postgis, geos.split("-")[0], proj.split()[0])


def ensure_database(maintenance_url: str, name: str) -> None:
    """Create a database where it is missing; its text is ordered the same on every machine."""
    with psycopg.connect(maintenance_url, autocommit=True, connect_timeout=5) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
