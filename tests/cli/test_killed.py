"""Killed at 49 random points while it writes (tests/cli/test_import_killed.py has the fiftieth): the application, the
importer, the database. Each time all of a change stands or nothing of it, and the history still makes the tables."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from landbank.cluster import Cluster, find_binaries
from landbank.services.check_history import check_history
from landbank.services.load_demo import load_reference
from landbank.services.seal_history import seal_history
from landbank.settings import Settings
from landbank.wiring import open_landbank

APPLICATION, IMPORTER, DATABASE = 30, 7, 12
PLOTS, ROWS = 12, 200

WRITER = """
import os, sys
from sqlalchemy import text
from landbank.cli.main import app
from landbank.cli import import_
from landbank.services import import_plots
from landbank.settings import Settings
from landbank.wiring import open_landbank

CHANGE = (
    "UPDATE landbank.plot SET availability = CASE availability WHEN 'ledig' THEN 'intresse' ELSE 'ledig' END WHERE dataset = 'kept'",
    "UPDATE landbank.price SET superseded_at = landbank.change_time() WHERE superseded_at IS NULL",
    "INSERT INTO landbank.price (plot_id, tenure, price_sek_per_m2, basis)"
    " SELECT id, 'forsaljning', row_version, 'tomtarea' FROM landbank.plot WHERE dataset = 'kept'",
)

def write():
    landbank = open_landbank(Settings(), os.environ["LANDBANK_DATABASE_URL"])
    with landbank.reading():
        print("writes", flush=True)
    while True:
        with landbank.changing(actor="killed", role="planner") as store:
            for statement in CHANGE:
                store.connection.execute(text(statement))

for line in sys.stdin:
    pid = os.fork()
    if pid == 0:
        sys.stdin.close()
        try:
            write() if line == "write\\n" else app(["import", line.strip(), "--municipality", "1441", "--apply"])
        finally:
            os._exit(1)
    print(pid, flush=True)
    os.waitpid(pid, 0)
    print("gone", flush=True)
"""
"""Forks a process that writes for each line, so that none has to import everything anew."""

HALVES = """
    SELECT (SELECT count(*) FROM (
        SELECT occurred_at FROM landbank.event WHERE actor = 'killed' GROUP BY occurred_at
        HAVING count(*) <> %(plots)s) half),
      (SELECT count(*) FROM landbank.plot WHERE dataset <> 'kept') %% %(rows)s,
      (SELECT revision FROM landbank.inventory) - (SELECT count(*) FROM landbank.event)
"""
"""Changes of which a part stands; rows of an import of which a part stands; revisions without an event."""


@dataclass
class Victim:
    """A database with its writers."""

    cluster: Cluster
    url: str
    writer: subprocess.Popen[str]
    random: random.Random

    def start(self, what: str) -> int:
        """Let a process write; its id."""
        assert self.writer.stdin
        assert self.writer.stdout
        self.writer.stdin.write(f"{what}\n")
        self.writer.stdin.flush()
        return int(self.writer.stdout.readline())

    def start_writing(self) -> int:
        """Let a process make change after change; its id, once it is connected."""
        pid = self.start("write")
        self.hear("writes")
        return pid

    def is_gone(self) -> None:
        """Wait until the process has ended."""
        self.hear("gone")

    def hear(self, word: str) -> None:
        """Wait for a line of the writer's."""
        assert self.writer.stdout
        assert self.writer.stdout.readline() == f"{word}\n"

    def halves(self) -> tuple[int, ...]:
        """What stands in part."""
        with psycopg.connect(self.url) as connection:
            # whoever still works for a killed client holds the inventory; after it nothing more comes
            connection.execute("SELECT FROM landbank.inventory FOR UPDATE")
            row = connection.execute(HALVES, {"plots": PLOTS, "rows": ROWS}).fetchone()
        assert row is not None
        return tuple(row)


@pytest.fixture(scope="module")
def victim(cluster_folder: Callable[[str], Path]) -> Iterator[Victim]:
    """A cluster of its own, with twelve plots.

    It does without fsync: what a killed process wrote stays with the operating system, which is not killed here, and the
    server would wait for the disk at each of its returns. Commits are written before they are acknowledged, as usual.
    """
    folder = cluster_folder("landbank-kill-")
    cluster = Cluster(folder / "cluster", find_binaries(None), durable=False)
    cluster.start()
    url = cluster.ensure_database("landbank")
    landbank = open_landbank(Settings(), url)
    landbank.migrate()
    with landbank.changing(actor="test") as store:
        load_reference(store)
    with psycopg.connect(url) as connection:
        connection.execute("ALTER DATABASE landbank SET synchronous_commit = on")
        connection.execute("SELECT set_config('landbank.actor', 'test', true)")
        connection.execute(
            "INSERT INTO landbank.plot (municipality_code, reference, dataset, availability, location) SELECT '1441',"
            " 'K' || n, 'kept', 'ledig', ST_Point(330000 + n, 6400000, 3006) FROM generate_series(1, %s) n",
            (PLOTS,),
        )
    landbank.close()
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "LANDBANK_DATABASE_URL": url},
    )
    yield Victim(cluster, url, writer, random.Random(20261124))
    assert writer.stdin
    writer.stdin.close()
    writer.wait(30)
    writer.stdout.close()  # type: ignore[union-attr]
    cluster.stop()
    cluster.remove()
    folder.rmdir()


def written(victim: Victim) -> int:
    """How many changes of the writer stand."""
    with psycopg.connect(victim.url) as connection:
        row = connection.execute(
            "SELECT count(DISTINCT occurred_at) FROM landbank.event WHERE actor = 'killed'"
        ).fetchone()
    return int(row[0]) if row else 0


def test_application_killed_while_it_writes_leaves_whole_changes(victim: Victim) -> None:
    for point in range(APPLICATION):
        pid = victim.start_writing()
        time.sleep(victim.random.random() * 0.3)
        os.kill(pid, signal.SIGKILL)
        victim.is_gone()
        assert victim.halves() == (0, 0, 0), f"point {point}"
    assert written(victim) > 0


def test_importer_killed_while_it_works_leaves_its_file_whole_or_not_at_all(
    victim: Victim, tmp_path: Path
) -> None:
    tmp_path.chmod(0o755)
    for point in range(IMPORTER):
        file = tmp_path / f"plots{point}.geojson"
        file.write_text(json.dumps(collection(point)), encoding="utf-8")
        pid = victim.start(str(file))
        time.sleep(0.1 + victim.random.random() * 1.4)
        with suppress(ProcessLookupError):  # it may have ended by itself
            os.kill(pid, signal.SIGKILL)
        victim.is_gone()
        assert victim.halves() == (0, 0, 0), f"point {point}"


def collection(point: int) -> dict[str, object]:
    """Plots of a file of its own, as squares of 0.0001 degrees."""

    def square(number: int) -> list[list[float]]:
        x, y = 12.20 + 0.0002 * (number % 50), 57.70 + 0.001 * point + 0.0002 * (number // 50)
        return [[x, y], [x + 1e-4, y], [x + 1e-4, y + 1e-4], [x, y + 1e-4], [x, y]]

    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {
                    "referens": f"P{point}-{number}",
                    "anvandning": "J",
                    "pris_kr_m2": 100 + number,
                },
                "geometry": {"type": "Polygon", "coordinates": [square(number)]},
            }
            for number in range(ROWS)
        ],
    }


def test_database_killed_while_it_is_written_to_comes_back_with_whole_changes(victim: Victim) -> None:
    before = written(victim)
    for point in range(DATABASE):
        victim.start_writing()
        time.sleep(victim.random.random() * 0.3)
        running = victim.cluster.running()
        assert running is not None
        os.kill(running.pid, signal.SIGKILL)
        victim.is_gone()
        victim.cluster.stop()
        victim.cluster.start()
        assert victim.halves() == (0, 0, 0), f"point {point}"
    assert written(victim) > before


def test_history_makes_the_tables_after_all_of_it(victim: Victim) -> None:
    landbank = open_landbank(Settings(), victim.url)
    with landbank.sealing() as store:
        seal_history(store.ledger)
    with landbank.reading() as store:
        assert list(check_history(store.audit, store.ledger)) == []
    landbank.close()
