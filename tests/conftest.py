"""One PostgreSQL cluster a run, one migrated template database, a clone of it a test."""

from __future__ import annotations

import os
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

SERVER = "LANDBANK_TEST_SERVER"
"""Address of a maintenance database on a running test server; when it is not set, the run starts its own."""

_started: list[object] = []


def pytest_configure(config: pytest.Config) -> None:
    """Start the cluster once, in the process that leads the run."""
    if hasattr(config, "workerinput") or os.environ.get(SERVER) or config.option.collectonly:
        return
    from landbank.cluster import Cluster, find_binaries

    folder = Path(tempfile.mkdtemp(prefix="landbank-test-"))
    cluster = Cluster(folder, find_binaries(None), durable=False)
    cluster.start()
    _started.append(cluster)
    os.environ[SERVER] = cluster.url("postgres")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop and remove what this run started, and nothing else."""
    for cluster in _started:
        cluster.remove()  # type: ignore[attr-defined]
    if _started:
        os.environ.pop(SERVER, None)
        _started.clear()


def with_database(server: str, name: str) -> str:
    """The server's address with another database."""
    from sqlalchemy import make_url

    return make_url(server).set(database=name).render_as_string(hide_password=False)


def create_database(server: str, name: str, template: str | None = None) -> str:
    """Create a database, as a copy of a template where one is named; its address comes back."""
    with psycopg.connect(server, autocommit=True) as connection:
        statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if template:
            statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
        connection.execute(statement)
    return with_database(server, name)


def drop_database(server: str, name: str) -> None:
    """Drop a database that a test created."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def server() -> str:
    """Address of the maintenance database of the test server."""
    return os.environ[SERVER]


@pytest.fixture(scope="session")
def template(server: str) -> Iterator[str]:
    """Name of an empty database at the newest schema."""
    from landbank.settings import Settings
    from landbank.wiring import open_landbank

    name = f"landbank_template_{uuid.uuid4().hex[:10]}"
    landbank = open_landbank(Settings(), create_database(server, name))
    landbank.migrate()
    landbank.close()
    yield name
    drop_database(server, name)


@pytest.fixture(scope="session")
def databases(server: str, template: str) -> Iterator[Callable[[], str]]:
    """Makes empty, migrated databases that last as long as the run; each call gives another one's address."""
    made: list[str] = []

    def make() -> str:
        made.append(f"landbank_shared_{uuid.uuid4().hex[:10]}")
        return create_database(server, made[-1], template)

    yield make
    for name in made:
        drop_database(server, name)


@pytest.fixture
def database_url(server: str, template: str) -> Iterator[str]:
    """Address of an empty, migrated database of the test's own."""
    name = f"landbank_test_{uuid.uuid4().hex[:10]}"
    yield create_database(server, name, template)
    drop_database(server, name)


@pytest.fixture
def landbank(database_url: str) -> Iterator[object]:
    """An opened landbank on an empty, migrated database of the test's own."""
    from landbank.settings import Settings
    from landbank.wiring import open_landbank

    opened = open_landbank(Settings(), database_url)
    yield opened
    opened.close()
