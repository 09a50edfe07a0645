"""An importer that is killed while it writes leaves nothing behind; the next one finds the inventory as it was.

It is held where it shall die: the test locks a table against writers, and the importer waits there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import geopandas
import numpy as np
import psycopg
import pytest
import shapely

from landbank.services.load_demo import load_reference
from landbank.wiring import Landbank

ROWS = 1_000

WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()
"""
OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
      AND xact_start IS NOT NULL
"""
Watcher = psycopg.Connection[tuple[int, ...]]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A GeoPackage of 1 000 squares of 50 m."""
    n = np.arange(ROWS)
    x, y = 330_000.0 + 60 * (n % 200), 6_400_000.0 + 60 * (n // 200)
    frame = geopandas.GeoDataFrame(
        {"referens": [f"K{i}" for i in n], "anvandning": "J"},
        geometry=shapely.box(x, y, x + 50, y + 50),
        crs=3006,
    )
    path = tmp_path_factory.mktemp("many") / "many.gpkg"
    frame.to_file(path, layer="plots")
    return path


def import_process(file: Path, url: str) -> subprocess.Popen[bytes]:
    """`landbank import --apply` as a process of its own."""
    command = [sys.executable, "-m", "landbank", "import", str(file), "--municipality", "1441", "--apply"]
    environment = {**os.environ, "LANDBANK_DATABASE_URL": url}
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def standing(watcher: Watcher) -> tuple[int, ...]:
    """Plots, plots' events, imports and the revision."""
    row = watcher.execute(
        "SELECT (SELECT count(*) FROM landbank.plot), (SELECT count(*) FROM landbank.event WHERE noun = 'plot'),"
        " (SELECT count(*) FROM landbank.plot_import), (SELECT revision FROM landbank.inventory)"
    ).fetchone()
    assert row is not None
    return row


def wait_until(watcher: Watcher, counting: str, wanted: int, importer: subprocess.Popen[bytes]) -> None:
    """Return once a counting statement says so; the importer must not end by itself meanwhile."""
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        row = watcher.execute(counting).fetchone()
        if row == (wanted,):
            return
        assert importer.poll() in (None, -signal.SIGKILL), "the import ended by itself"
        time.sleep(0.02)
    pytest.fail(f"never {wanted}: {counting}")


def kill_where_it_writes(
    importer: subprocess.Popen[bytes], watcher: Watcher, *, url: str, table: str
) -> None:
    """Kill the process where it waits to write into the table, and let the database find out."""
    with psycopg.connect(url) as locker:
        locker.execute(f"LOCK TABLE landbank.{table} IN SHARE MODE")
        wait_until(watcher, WAITING, 1, importer)
        importer.send_signal(signal.SIGKILL)
        importer.wait(30)
    wait_until(watcher, OTHERS, 0, importer)


@pytest.mark.parametrize("table", ["plot_use", "plot_import"])
def test_killed_importer_leaves_nothing_and_the_next_one_lands(
    landbank: Landbank, database_url: str, many: Path, table: str
) -> None:
    with landbank.changing(actor="test") as store:
        load_reference(store)
    with psycopg.connect(database_url, autocommit=True) as watcher:
        before = standing(watcher)
        kill_where_it_writes(import_process(many, database_url), watcher, url=database_url, table=table)
        assert standing(watcher) == before
        assert import_process(many, database_url).wait(180) == 0
        assert standing(watcher) == (ROWS, ROWS, 1, before[3] + ROWS)
