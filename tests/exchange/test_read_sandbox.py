"""The walls of the reading process, asked of that process itself."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from landbank.exchange import sandbox


def inside(code: str, scratch: Path) -> str:
    """What a program prints in the environment of the reading process."""
    run = subprocess.run(
        [sys.executable, "-P", "-s", "-c", code],
        env=sandbox.child_environment(scratch),
        cwd=scratch,
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout.strip()


def test_only_listed_drivers_are_there(tmp_path: Path) -> None:
    code = (
        "from landbank.exchange import sandbox; sandbox.keep_to_listed_drivers()\n"
        "import pyogrio; print(sorted(pyogrio.list_drivers()) == sorted(sandbox.DRIVERS))"
    )
    assert inside(code, tmp_path) == "True"


def test_environment_holds_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANDBANK_DATABASE_URL", "postgresql://a:secret@b/c")
    assert "secret" not in inside("import os; print(dict(os.environ))", tmp_path)


def test_network_is_cut_where_the_system_can(tmp_path: Path) -> None:
    code = (
        "from landbank.exchange.sandbox import cut_network\n"
        "import socket\n"
        "print('cut' if cut_network() else 'not here', [name for _, name in socket.if_nameindex()])"
    )
    told = inside(code, tmp_path)
    if told.startswith("not here"):
        pytest.skip("this system grants no network namespace")
    assert told == "cut ['lo']"


def test_memory_limit_holds(tmp_path: Path) -> None:
    code = (
        "from landbank.exchange.sandbox import limit_resources\n"
        "limit_resources(memory_mb=300, cpu_s=60, file_mb=10)\n"
        "kept = bytearray(200_000_000)\n"
        "try: more = bytearray(200_000_000)\n"
        "except MemoryError: print('refused')"
    )
    assert inside(code, tmp_path) == "refused"


def test_killed_parent_leaves_no_scratch_folder(tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    table.write_text("namn;yta\n" + "Öckerö;1,5\n" * 400_000)
    (tmp_path / "scratch").mkdir()
    code = (
        "import os, signal, tempfile; from pathlib import Path\n"
        f"tempfile.tempdir = {str(tmp_path / 'scratch')!r}\n"
        "from landbank.exchange.read import open_source\n"
        f"source = open_source(Path({str(table)!r}))\n"
        "next(source.batches())\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(sandbox.__file__).parents[2])}
    subprocess.run([sys.executable, "-c", code], env=environment, check=False)
    until = time.monotonic() + 20
    while list((tmp_path / "scratch").iterdir()) and time.monotonic() < until:
        time.sleep(0.1)
    assert list((tmp_path / "scratch").iterdir()) == []
