"""`landbank bake`: one file of tiles that other programs read, the same for the same state, taken up after a kill."""

from __future__ import annotations

import gzip
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import pyogrio
import pytest
from pmtiles.reader import MemorySource, Reader
from sqlalchemy import text
from typer.testing import CliRunner

from landbank.cli.main import app
from landbank.exchange.pmtiles_spool import RECORD
from landbank.services.load_demo import load_demo
from landbank.settings import Settings
from landbank.wiring import Landbank, open_landbank

Run = Callable[..., Any]


@pytest.fixture(scope="module")
def inventory(databases: Callable[[], str]) -> Iterator[tuple[Landbank, str]]:
    """Forty invented plots among thirteen municipalities, and the database's address."""
    url = databases()
    opened = open_landbank(Settings(), url)
    with opened.changing(actor="test", timeout_ms=0) as store:
        load_demo(store, on=date(2026, 11, 23), plots=40, seed=3)
    yield opened, url
    opened.close()


@pytest.fixture
def run(inventory: tuple[Landbank, str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `landbank bake`."""
    monkeypatch.setenv("LANDBANK_DATABASE_URL", inventory[1])
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *words: CliRunner().invoke(app, ["bake", *map(str, words)])


def read(path: Path) -> Reader:
    """The file as the format's own library reads it."""
    return Reader(MemorySource(path.read_bytes()))  # type: ignore[no-untyped-call]


def test_same_state_gives_the_same_bytes_and_no_plot_is_missing(
    run: Run, inventory: tuple[Landbank, str], tmp_path: Path
) -> None:
    one, other = tmp_path / "one.pmtiles", tmp_path / "other.pmtiles"
    assert run(one, "--zooms", "0-9").exit_code == 0
    told = run(other, "--zooms", "0-9", "--threads", "3")
    assert told.exit_code == 0, told.output
    assert one.read_bytes() == other.read_bytes()
    assert not (tmp_path / "one.pmtiles.part").exists()

    reader = read(one)
    about = reader.metadata()["landbank"]
    with inventory[0].reading() as store:
        known = {row.id for row in store.connection.execute(text("SELECT id FROM landbank.plot"))}
        revision = store.standing.inventory().revision
    assert (about["revision"], about["is_synthetic"]) == (revision, True)
    assert {plot["plot_id"] for plot in about["plots"]} == known
    world = mapbox_vector_tile.decode(gzip.decompress(reader.get(0, 0, 0)))
    assert {feature["id"] for feature in world["plots"]["features"]} == known


def test_gdal_reads_every_plot_of_the_deepest_zoom(
    run: Run, inventory: tuple[Landbank, str], tmp_path: Path
) -> None:
    path = tmp_path / "karta.pmtiles"
    assert run(path, "--zooms", "10-10").exit_code == 0
    assert "plots" in {name for name, _ in pyogrio.list_layers(path)}
    frame = pyogrio.read_dataframe(path, layer="plots", CLIP="NO")
    with inventory[0].reading() as store:
        known = {row.id for row in store.connection.execute(text("SELECT id FROM landbank.plot"))}
    assert set(frame["pid"]) == known
    assert frame.crs.to_epsg() == 3857


def test_killed_run_goes_on_where_it_was_and_ends_with_the_same_file(
    run: Run, inventory: tuple[Landbank, str], tmp_path: Path
) -> None:
    whole, stopped = tmp_path / "whole.pmtiles", tmp_path / "stopped.pmtiles"
    assert run(whole, "--zooms", "0-12").exit_code == 0
    records = tmp_path / "stopped.pmtiles.part" / "records"
    command = [sys.executable, "-m", "landbank", "bake", str(stopped), "--zooms", "0-12"]
    process = subprocess.Popen(
        command, stderr=subprocess.DEVNULL, env={**os.environ, "LANDBANK_DATABASE_URL": inventory[1]}
    )
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        if records.exists() and records.stat().st_size > 20 * RECORD.size:
            break
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not stopped.exists()
    drawn = records.stat().st_size // RECORD.size
    assert drawn > 20
    told = run(stopped, "--zooms", "0-12", "--resume")
    assert told.exit_code == 0, told.output
    assert f"{drawn} tiles are drawn already" in told.output
    assert stopped.read_bytes() == whole.read_bytes()


@pytest.mark.parametrize(
    "case",
    [
        (("karta.mbtiles",), 2, "does not end in .pmtiles"),
        (("nowhere/karta.pmtiles",), 2, "is not there"),
        (("there.pmtiles",), 5, "--overwrite"),
        (("karta.pmtiles", "--zooms", "9-3"), 2, "are no zooms"),
        (("karta.pmtiles", "--zooms", "0-19"), 2, "are no zooms"),
        (("karta.pmtiles", "--as-of", "2999-01-01"), 2, "future"),
    ],
)
def test_what_cannot_be_baked_is_refused_before_anything_is_drawn(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: tuple[tuple[str, ...], int, str]
) -> None:
    words, code, said = case
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there.pmtiles").write_bytes(b"mine")
    answer = run(*words)
    assert answer.exit_code == code, answer.output
    assert said in " ".join(answer.output.split())
    assert (tmp_path / "there.pmtiles").read_bytes() == b"mine"
    assert [path.name for path in tmp_path.iterdir()] == ["there.pmtiles"]
