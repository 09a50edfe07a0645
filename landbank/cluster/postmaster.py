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
    """The server that runs on `data` and has come so far that it says where its socket is, or None."""
    pid = read_pid(data)
    if pid is None:
        return None
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        return Postmaster(pid, Path(lines[4]), int(lines[3]))
    except (FileNotFoundError, IndexError, ValueError):
        return None


def read_pid(data: Path) -> int | None:
    """The process of the server that runs on `data`, however far it has come, or None.

    A pid file left by a killed server may name a number that another program has by now, or a dead process that
    nobody buries: both are likely in a container. The server would refuse to start then, so such a file is removed.
    """
    path = data / "postmaster.pid"
    try:
        pid = int(path.read_text(encoding="utf-8").split("\n", 1)[0])
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    if not _is_there(pid):
        return None
    if _is_dead(pid) or not _is_server(pid, data):
        path.unlink(missing_ok=True)
        return None
    return pid


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _is_dead(pid: int) -> bool:
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
        return "postgres" in _command_of(pid)


def _command_of(pid: int) -> str:
    """The command line of a process; from `ps` where there is no /proc, as on macOS."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8", errors="replace")
    except OSError:
        command = ["ps", "-p", str(pid), "-o", "command="]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout
