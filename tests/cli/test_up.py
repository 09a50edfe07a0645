"""`landbank up` as a person meets it: started, stopped, started twice, and after accidents."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from landbank.cluster import Cluster, find_binaries

ROOT = Path(__file__).parents[2]
READY = re.compile(r"landbank is ready: (http://\S+)")


class Running:
    """One `landbank up`, its address once it is ready, and what it said."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stdout is not None
        line = process.stdout.readline()
        match = READY.search(line)
        if match is None:
            _, told = process.communicate()
            pytest.fail(f"landbank up did not get ready: {line} {told}")
        self.address = match.group(1)

    def get(self, path: str) -> dict[str, str]:
        """The JSON at a path."""
        with urllib.request.urlopen(self.address + path, timeout=10) as answer:  # noqa: S310 - our own
            told: dict[str, str] = json.load(answer)
        return told

    def stop(self, kind: signal.Signals = signal.SIGINT) -> int:
        """Send a signal and wait; the exit code comes back."""
        self.process.send_signal(kind)
        self.process.communicate(timeout=60)
        return self.process.returncode


@pytest.fixture
def home(cluster_folder: Callable[[str], Path]) -> Iterator[Path]:
    """A home of the test's own; a server that a failed test left in it is stopped."""
    place = cluster_folder("landbank-up-")
    yield place
    cluster = Cluster(place / "cluster", find_binaries(None))
    if cluster.is_created:
        cluster.start()
        cluster.remove()
    shutil.rmtree(place, ignore_errors=True)


Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(home: Path) -> Iterator[Start]:
    """Starts `landbank ...` in the test's home; whatever still runs afterwards is killed."""
    started: list[subprocess.Popen[str]] = []

    def begin(*arguments: str, **variables: str) -> subprocess.Popen[str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("LANDBANK_")}
        started.append(
            subprocess.Popen(
                [sys.executable, "-m", "landbank", *arguments],
                cwd=ROOT,
                env={**inherited, "LANDBANK_HOME": str(home), "NO_COLOR": "1", **variables},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        return started[-1]

    yield begin
    for process in started:
        with process:
            if process.poll() is None:
                process.kill()
                process.communicate()


@pytest.fixture
def up(start: Start) -> Callable[..., Running]:
    """Starts `landbank up` without demo on a free port and waits until it is ready."""
    return lambda **variables: Running(start("up", "--no-demo", "--port", "0", **variables))


def refusal(process: subprocess.Popen[str]) -> tuple[int, str]:
    """The exit code and the text of a command that is expected to fail."""
    _, told = process.communicate(timeout=60)
    assert "Traceback" not in told
    return process.returncode, told


def server_of(home: Path) -> int | None:
    """The process of the home's database server, or None."""
    running = Cluster(home / "cluster", find_binaries(None)).running()
    return running.pid if running else None


def test_second_start_in_one_home_says_where_the_first_is_and_sigterm_ends_that(
    home: Path, up: Callable[..., Running], start: Start
) -> None:
    first = up()

    code, told = refusal(start("up", "--port", "0"))

    assert code == 5
    assert first.address in told
    assert f"process {first.process.pid}" in told
    assert first.get("/live") == {"status": "live"}
    assert first.stop(signal.SIGTERM) == 0
    assert server_of(home) is None


def test_port_in_use_is_told_before_anything_is_made(home: Path, start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, told = refusal(start("up", "--port", str(port)))

    assert code == 5
    assert f"Another program uses port {port}" in told
    assert f"landbank up --port {port + 1}" in told
    assert not (home / "cluster").exists()


def test_killed_with_its_database_it_starts_again(home: Path, up: Callable[..., Running]) -> None:
    first = up()
    server = server_of(home)
    assert server is not None
    os.kill(server, signal.SIGKILL)
    first.process.kill()
    first.process.communicate()

    again = up()

    assert again.get("/live") == {"status": "live"}
    assert again.stop() == 0
    assert server_of(home) is None


def test_killed_alone_it_leaves_a_server_that_the_next_start_takes_over(
    home: Path, up: Callable[..., Running]
) -> None:
    first = up()
    server = server_of(home)
    first.process.kill()
    first.process.communicate()

    again = up()

    assert server_of(home) == server
    again.stop()
    assert server_of(home) is None


def test_interrupted_start_leaves_nothing_running(home: Path, start: Start) -> None:
    process = start("up", "--port", "0")
    deadline = time.monotonic() + 60
    while not (home / "cluster" / "data").exists() and time.monotonic() < deadline:
        time.sleep(0.02)

    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)

    assert process.returncode == 130
    assert "Traceback" not in told
    assert server_of(home) is None


def test_missing_postgis_is_told_with_the_command_and_nothing_is_made(
    home: Path, start: Start, tmp_path: Path
) -> None:
    for name, text in {
        "postgres": "echo 'postgres (PostgreSQL) 97.1'",
        "initdb": "exit 1",
        "pg_ctl": "",
    }.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / name).chmod(0o755)

    code, told = refusal(start("up", "--port", "0", LANDBANK_PG_BIN=str(tmp_path)))

    assert code == 6
    assert "PostGIS for PostgreSQL 97 is not installed." in told
    assert "Install" in told
    assert not (home / "cluster").exists()


def test_database_of_a_newer_version_is_refused_and_stays_as_it_is(
    home: Path, up: Callable[..., Running], start: Start
) -> None:
    up().stop()
    cluster = Cluster(home / "cluster", find_binaries(None))
    cluster.start()
    with psycopg.connect(cluster.url("landbank")) as connection:
        connection.execute("UPDATE landbank.schema_version SET version_num = '9999'")
    cluster.stop()

    code, told = refusal(start("up", "--port", "0"))

    assert code == 5
    assert "schema revision 9999" in told
    assert "newer" in told
    assert server_of(home) is None


@pytest.fixture
def empty_database(server: str) -> Iterator[str]:
    """Address of a database with nothing in it, on the test server."""
    name = f"landbank_own_{uuid.uuid4().hex[:10]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield server.replace("/postgres?", f"/{name}?")
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_own_server_is_used_and_none_is_started(
    home: Path, up: Callable[..., Running], empty_database: str
) -> None:
    running = up(LANDBANK_DATABASE_URL=empty_database)

    assert running.get("/live") == {"status": "live"}
    with psycopg.connect(empty_database) as connection:
        row = connection.execute("SELECT count(*) FROM landbank.schema_version").fetchone()
    assert row == (1,)
    assert not (home / "cluster").exists()
    assert running.stop() == 0


def test_own_server_that_is_silent_is_named_without_the_password(home: Path, start: Start) -> None:
    address = "postgresql://planner:hemligt@127.0.0.1:1/tomter"

    code, told = refusal(start("up", "--port", "0", LANDBANK_DATABASE_URL=address))

    assert code == 6
    assert "database tomter on 127.0.0.1:1" in told
    assert "hemligt" not in told


def test_own_database_that_is_missing_says_so(server: str, start: Start) -> None:
    address = server.replace("/postgres?", "/no_such_inventory?")

    code, told = refusal(start("up", "--port", "0", LANDBANK_DATABASE_URL=address))

    assert code == 6
    assert 'database "no_such_inventory" does not exist' in told
    assert "createdb" in told


def test_setting_that_can_not_be_is_named(start: Start) -> None:
    code, told = refusal(start("up", LANDBANK_PORT="eighty"))

    assert code == 2
    assert "LANDBANK_PORT" in told


def test_first_start_serves_a_demo_inventory_until_ctrl_c_and_leaves_nothing_running(
    home: Path, start: Start
) -> None:
    running = Running(start("up", "--port", "0"))

    assert running.get("/ready") == {"status": "ready"}
    assert running.get("/version")["name"] == "landbank"
    with psycopg.connect(Cluster(home / "cluster", find_binaries(None)).url("landbank")) as connection:
        row = connection.execute("SELECT count(*), bool_and(is_synthetic) FROM landbank.plot").fetchone()
    assert row == (250, True)
    assert running.stop() == 0
    assert server_of(home) is None
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(running.address, timeout=2)  # noqa: S310 - our own


def test_first_import_into_a_new_home_knows_the_municipalities(home: Path, start: Start) -> None:
    file = home / "plots.csv"
    file.write_text("referens;kommun;x;y\nA1;Lerum;341000;6406000\n", encoding="utf-8")

    process = start("import", str(file), "--crs", "EPSG:3006", "--apply")
    told, faults = process.communicate(timeout=60)

    assert process.returncode == 0, faults
    assert "1 new" in told
