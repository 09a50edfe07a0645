"""The running server of a data folder, as its own pid file and the process list tell."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Postmaster:
    """A running server: its process and the folder with its socket."""

    pid: int
    sockets: Path
    port: int

    @property
    def socket_file(self) -> Path:
        """The socket that clients connect to."""
        return self.sockets / f".s.PGSQL.{self.port}"


def read_postmaster(data: Path) -> Postmaster | None:
    """The server that runs on `data`, or None.

    A pid file left by a killed server may name a number that another program has by now (likely in a
    container). The server would refuse to start then, so such a file is removed.
    """
    path = data / "postmaster.pid"
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        pid, port, sockets = int(lines[0]), int(lines[3]), Path(lines[4])
    except (IndexError, ValueError):
        return None
    if not _is_alive(pid):
        return None
    if not _is_server(pid, data):
        path.unlink(missing_ok=True)
        return None
    return Postmaster(pid, sockets, port)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    """Whether the process is dead and only waits for its parent to notice."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] == "Z"


def _is_server(pid: int, data: Path) -> bool:
    """Whether the process is a PostgreSQL server that works in `data`."""
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == data
    except OSError:
        shown = subprocess.run(
            ["ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True, check=False
        )
        return "postgres" in shown.stdout
