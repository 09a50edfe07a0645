"""An importer that is killed while it writes leaves nothing behind; the next one finds the inventory as it was."""

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

ROWS = 20_000

WRITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid()
      AND (query LIKE '%INSERT INTO landbank.plot %' OR query LIKE 'COPY landbank.plot %')
"""


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A GeoPackage of 20 000 squares of 50 m."""
    n = np.arange(ROWS)
    x, y = 330_000.0 + 60 * (n % 200), 6_400_000.0 + 60 * (n // 200)
    frame = geopandas.GeoDataFrame(
        {"referens": [f"K{i}" for i in n]}, geometry=shapely.box(x, y, x + 50, y + 50), crs=3006
    )
    frame.to_file(tmp_path / "many.gpkg", layer="plots")
    return tmp_path / "many.gpkg"


def import_process(file: Path, url: str) -> subprocess.Popen[bytes]:
    """`landbank import --apply` as a process of its own."""
    command = [sys.executable, "-m", "landbank", "import", str(file), "--municipality", "1441", "--apply"]
    environment = {**os.environ, "LANDBANK_DATABASE_URL": url}
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def standing(watcher: psycopg.Connection[tuple[int, ...]]) -> tuple[int, ...]:
    """Plots, plots' events and the revision."""
    row = watcher.execute(
        "SELECT (SELECT count(*) FROM landbank.plot), (SELECT count(*) FROM landbank.event WHERE noun = 'plot'),"
        " (SELECT revision FROM landbank.inventory)"
    ).fetchone()
    assert row is not None
    return row


def kill_while_writing(
    importer: subprocess.Popen[bytes], watcher: psycopg.Connection[tuple[int, ...]]
) -> None:
    """Kill the process the moment its transaction inserts plots."""
    ends = time.monotonic() + 120
    while time.monotonic() < ends:
        row = watcher.execute(WRITING).fetchone()
        if row and row[0]:
            importer.send_signal(signal.SIGKILL)
            importer.wait(30)
            return
        assert importer.poll() is None, "the import ended before it was seen writing"
        time.sleep(0.002)
    pytest.fail("the import never began to write")


def test_killed_importer_leaves_nothing_and_the_next_one_lands(
    landbank: Landbank, database_url: str, many: Path
) -> None:
    with landbank.changing(actor="test") as store:
        load_reference(store)
    with psycopg.connect(database_url, autocommit=True) as watcher:
        before = standing(watcher)
        kill_while_writing(import_process(many, database_url), watcher)
        assert standing(watcher) == before
        assert import_process(many, database_url).wait(180) == 0
        assert standing(watcher) == (ROWS, ROWS, before[2] + ROWS)
