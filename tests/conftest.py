"""One PostgreSQL cluster a run, one migrated template database, a clone of it a test."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

MEMORY = Path("/dev/shm")
ROOM = 4 << 30
"""Bytes free in memory from which the runs' clusters are put there: a database is cloned ten times as fast as on a disk
of a virtual machine, and the tests clone some hundreds."""

SERVER = "LANDBANK_TEST_SERVER"
"""Address of a maintenance database on a running test server; when it is not set, the run starts its own."""

_started: list[object] = []


def new_folder(prefix: str) -> Path:
    """An empty folder for a cluster, in memory where there is room; whoever asks removes it."""
    roomy = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM
    return Path(tempfile.mkdtemp(prefix=prefix, dir=MEMORY if roomy else None))


def pytest_configure(config: pytest.Config) -> None:
    """Start the cluster once, in the process that leads the run."""
    if hasattr(config, "workerinput") or os.environ.get(SERVER) or config.option.collectonly:
        return
    from landbank.cluster import Cluster, find_binaries

    cluster = Cluster(new_folder("landbank-test-"), find_binaries(None), durable=False)
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
def cluster_folder() -> Callable[[str], Path]:
    """Makes an empty folder for a cluster of the test's own, which the account of the server can enter."""

    def make(prefix: str) -> Path:
        place = new_folder(prefix)
        place.chmod(0o755)
        return place

    return make


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


class Clock:
    """A clock that a test turns on by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The time."""
        return self.now

    def advance(self, **span: float) -> None:
        """Let time pass: `clock.advance(minutes=31)`."""
        self.now += timedelta(**span)


PEOPLE_TABLES = "landbank.person, landbank.sign_in_attempt, landbank.security_event"
"""Everything else about people refers to a person, and goes with them."""


@pytest.fixture(scope="module")
def region_url(databases: Callable[[], str]) -> str:
    """Address of a database that a module's tests share, with the municipalities and no plot."""
    from landbank.services.load_demo import load_reference
    from landbank.settings import Settings
    from landbank.wiring import open_landbank

    url = databases()
    landbank = open_landbank(Settings(), url)
    with landbank.changing(actor="test") as store:
        load_reference(store)
    landbank.close()
    return url


def empty_of_people(url: str) -> None:
    """Remove everybody from a database."""
    with psycopg.connect(url) as owner:
        owner.execute(f"TRUNCATE {PEOPLE_TABLES} RESTART IDENTITY CASCADE")


def make_door(landbank: Any, clock: Clock, folder: Path) -> object:
    """The door of a landbank: cheap passwords, the test's clock, a key file of its own."""
    from landbank.identity.hashing import Passwords
    from landbank.identity.sealing import Sealer
    from landbank.services.door import Door

    return Door(
        people=landbank.people,
        passwords=Passwords(memory_mb=1),
        sealer=Sealer(folder / "secret.key"),
        clock=clock,
    )


@pytest.fixture(scope="module")
def shared(region_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, object, Clock]]:
    """A landbank with the municipalities, its door, and their clock: for all tests of a module."""
    from landbank.settings import Settings
    from landbank.wiring import open_landbank

    opened, clock = open_landbank(Settings(), region_url), Clock()
    yield opened, make_door(opened, clock, tmp_path_factory.mktemp("key")), clock
    opened.close()


@pytest.fixture
def peopled(shared: tuple[Any, object, Clock], region_url: str) -> object:
    """An opened landbank with the municipalities, in which no test before has left anybody."""
    empty_of_people(region_url)
    shared[2].now = Clock().now
    return shared[0]


@pytest.fixture
def clock(shared: tuple[Any, object, Clock]) -> Clock:
    """The clock of the door; it stands at 2026-11-24 09:00 UTC until it is turned on."""
    return shared[2]


@pytest.fixture
def door(peopled: object, shared: tuple[Any, object, Clock]) -> object:
    """The door of the landbank in which nobody is left."""
    return shared[1]
