"""Find a PostgreSQL server with PostGIS on this machine; too old is refused before anything is made."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from landbank.cluster.packages import installation_hint, read_system
from landbank.errors import Unavailable

OLDEST_POSTGRESQL = 15
OLDEST_POSTGIS = (3, 3)
PATTERNS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/lib/postgresql*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    "/opt/local/lib/postgresql*/bin",
)
"""Debian and Ubuntu; the project's own RPMs; openSUSE; Homebrew on ARM and on Intel; MacPorts."""


@dataclass(frozen=True, slots=True)
class Binaries:
    """One installed PostgreSQL: the folder of its programs, its version, and the version of its PostGIS."""

    folder: Path
    version: str
    postgis: str

    @property
    def major(self) -> int:
        """The major version, which a cluster's files are bound to."""
        return int(self.version.split(".")[0])

    def program(self, name: str) -> str:
        """The path of a program such as `initdb`."""
        return str(self.folder / name)


def find_binaries(pg_bin: Path | None, *, major: int | None = None) -> Binaries:
    """The newest PostgreSQL here that has PostGIS.

    Parameters
    ----------
    pg_bin
        A folder to use and no other, or None to search.
    major
        The major version that an existing cluster needs; it is preferred where it is installed.

    Raises
    ------
    Unavailable
        There is none, or none that is new enough; the hint is the command that installs it here.
    """
    folders = [pg_bin] if pg_bin else list(dict.fromkeys(_folders()))
    found: list[Binaries] = []
    faults: list[Unavailable] = []
    for folder in folders:
        try:
            found.append(_inspect(folder))
        except Unavailable as fault:
            faults.append(fault)
    if found:
        return max(found, key=lambda one: (one.major == major, _numbers(one.version)))
    if faults:
        raise faults[0]
    raise Unavailable(
        "PostgreSQL is not installed on this machine (initdb, postgres and pg_ctl were not found).",
        hint=installation_hint(None, read_system()),
    )


def _folders() -> Iterator[Path]:
    """Folders that hold a server; `pg_config` may point to one that holds only a client."""
    told = _ask("pg_config", "--bindir")
    on_path = shutil.which("postgres")
    places = [Path(told)] if told else []
    if on_path:
        places.append(Path(on_path).resolve().parent)
    for pattern in PATTERNS:
        matches = Path("/").glob(pattern.lstrip("/"))
        places.extend(sorted(matches, key=lambda place: _numbers(str(place)), reverse=True))
    for place in places:
        if all(os.access(place / name, os.X_OK) for name in ("initdb", "postgres", "pg_ctl")):
            yield place.resolve()


def _inspect(folder: Path) -> Binaries:
    """What stands in a folder of programs, once it is known to be new enough."""
    missing = [name for name in ("initdb", "postgres", "pg_ctl") if not os.access(folder / name, os.X_OK)]
    if missing:
        raise Unavailable(
            f"The folder {folder} does not hold PostgreSQL's programs: {', '.join(missing)} not found there.",
            hint="Point LANDBANK_PG_BIN at the folder that holds them, or unset it to search.",
            where="LANDBANK_PG_BIN",
        )
    answer = _ask(str(folder / "postgres"), "--version") or ""
    match = re.search(r"(\d+(?:\.\d+)*)", answer)
    if match is None:
        raise Unavailable(f"{folder / 'postgres'} does not run: `postgres --version` gave no version.")
    version, system = match.group(1), read_system()
    number = int(version.split(".")[0])
    if number < OLDEST_POSTGRESQL:
        raise Unavailable(
            f"PostgreSQL {version} in {folder} is too old: landbank needs {OLDEST_POSTGRESQL} or newer.",
            hint=f"{installation_hint(None, system)}. If that is as old, postgresql.org has newer packages.",
        )
    postgis = _postgis_version(folder, number)
    if postgis is None:
        raise Unavailable(
            f"PostGIS for PostgreSQL {number} is not installed.", hint=installation_hint(number, system)
        )
    if _numbers(postgis)[:2] < OLDEST_POSTGIS:
        raise Unavailable(
            f"PostGIS {postgis} for PostgreSQL {number} is too old: landbank needs 3.3 or newer.",
            hint=installation_hint(number, system),
        )
    return Binaries(folder, version, postgis)


def _postgis_version(folder: Path, major: int) -> str | None:
    """The version in PostGIS's control file, read without a server; None where PostGIS is not installed."""
    told = _ask(str(folder / "pg_config"), "--sharedir")
    shares = [Path(told)] if told else []
    shares += [
        folder.parent / "share",
        folder.parent / "share/postgresql",
        Path(f"/usr/share/postgresql/{major}"),
    ]
    for share in shares:
        try:
            control = (share / "extension/postgis.control").read_text(encoding="utf-8")
        except OSError:
            continue
        match = re.search(r"^default_version\s*=\s*'([^']+)'", control, re.MULTILINE)
        return match.group(1) if match else None
    return None


def _ask(*command: str) -> str | None:
    """What a program prints, or None where it is missing or fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def _numbers(text: str) -> tuple[int, ...]:
    """The whole numbers in a text, in order, for comparing versions."""
    return tuple(int(part) for part in re.findall(r"\d+", text))
