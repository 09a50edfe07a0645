"""The server's configuration: no TCP, peer authentication for one person and root, memory by the machine."""

from __future__ import annotations

import os
from pathlib import Path

ROLE = "landbank"
PORT = 5432
"""Only a part of the socket's file name: there is no TCP port."""

MEBIBYTE = 1024 * 1024


def settings_text(
    *, data: Path, config: Path, sockets: Path, durable: bool, memory_mb: int, shm_mb: int
) -> str:
    """The text of the configuration file.

    It includes the file that initdb wrote (time zone, locale), which people may edit, and then states what
    landbank depends on. `durable=False` gives up safety against a crash for speed: tests only.
    """
    values: dict[str, str | int] = {
        "data_directory": str(data),
        "hba_file": str(config / "pg_hba.conf"),
        "ident_file": str(config / "pg_ident.conf"),
        "listen_addresses": "",
        "port": PORT,
        "unix_socket_directories": str(sockets),
        "max_connections": 200,
        "shared_buffers": f"{min(max(memory_mb // 8, 128), 1024)}MB",
        "effective_cache_size": f"{max(memory_mb // 2, 256)}MB",
        "work_mem": "32MB",
        "maintenance_work_mem": f"{min(max(memory_mb // 16, 64), 512)}MB",
        "max_wal_size": "2GB",
        "random_page_cost": "1.1",
        "jit": "off",
        "client_connection_check_interval": "5s",
        "log_lock_waits": "on",
        "log_line_prefix": "%m [%p] %a ",
    }
    if shm_mb < 256:
        # Parallel queries share memory there and fail half-way where it is small (containers give 64 MB).
        values["max_parallel_workers_per_gather"] = 0
    if durable:
        values["log_min_duration_statement"] = "1s"
    else:
        values |= {
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "wal_level": "minimal",
            "max_wal_senders": 0,
            "shared_buffers": "128MB",
        }
    lines = [f"include = {_quoted(data / 'postgresql.conf')}"]
    lines += [f"{name} = {_quoted(value)}" for name, value in values.items()]
    return "\n".join(["# Written by landbank at every start; edit data/postgresql.conf instead.", *lines, ""])


def hba_text() -> str:
    """Who may connect: over the socket only, and only who the map names."""
    return f"local all all peer map={ROLE}\n"


def ident_text(names: list[str]) -> str:
    """The map from system users to the cluster's one role."""
    return "".join(f'{ROLE} "{name}" {ROLE}\n' for name in dict.fromkeys(names))


def memory_mb() -> int:
    """Memory of this machine in MiB; 4096 where the system does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MEBIBYTE
    except (ValueError, OSError):
        return 4096


def shm_mb(place: Path = Path("/dev/shm")) -> int:  # noqa: S108 - the kernel's shared memory, not a file we write
    """Size of the shared memory file system in MiB; large where there is none, as on macOS."""
    try:
        facts = os.statvfs(place)
    except OSError:
        return 4096
    return facts.f_frsize * facts.f_blocks // MEBIBYTE


def _quoted(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"
