"""What GDAL does not ask of a GeoPackage: is it one, is it in use, how many rows has it really."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from landbank.errors import Invalid

_APPLICATIONS = (b"GPKG", b"GP10", b"GP11")
_IN_USE = b"\x02\x02"
"""File format numbers 18 and 19 of an SQLite database in WAL mode."""


def stage_geopackage(path: Path, target: Path, name: str) -> None:
    """Link a GeoPackage; copy it where it is in use (WAL), since SQLite would write next to the original.

    Raises
    ------
    Invalid
        An SQLite database that is no GeoPackage.
    """
    with path.open("rb") as file:
        head = file.read(100)
    if head[68:72] not in _APPLICATIONS and not _has_contents(path):
        raise Invalid(
            f"{name} is an SQLite database, but no GeoPackage (it lacks gpkg_contents).",
            hint="Export the layer as GeoPackage.",
            where=name,
        )
    if head[18:20] != _IN_USE:
        target.symlink_to(path.absolute())
        return
    shutil.copyfile(path, target)
    journal = path.with_name(path.name + "-wal")
    if journal.exists():
        shutil.copyfile(journal, target.with_name(target.name + "-wal"))


def count_rows(path: Path, table: str) -> int:
    """How many rows a table has, counted.

    Raises
    ------
    OSError
        The database is damaged.
    """
    quoted = table.replace('"', '""')
    try:
        with closing(_opened(path)) as database:
            (count,) = database.execute(f'SELECT count(*) FROM "{quoted}"').fetchone()  # noqa: S608 - quoted
    except sqlite3.DatabaseError as error:
        raise OSError(str(error)) from error
    return int(count)


def _has_contents(path: Path) -> bool:
    try:
        with closing(_opened(path)) as database:
            found = database.execute("SELECT 1 FROM sqlite_master WHERE name = 'gpkg_contents'").fetchone()
    except sqlite3.DatabaseError:
        return False
    return found is not None


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
