"""The walls of the reading process, asked of that process itself."""

from __future__ import annotations

import subprocess
import sys
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
