"""Unpacks a zip archive under limits: counted while inflating, fixed names, nothing outside the scratch."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from landbank.errors import Invalid

ENTRIES = 20
ENTRIES_GEODATABASE = 2_000
"""A File Geodatabase is a folder of four to eight files a table."""
RATIO = 100
RATIO_FREE_BYTES = 10_000_000
"""So much may come out of a few packed bytes before the ratio counts: blank columns pack well."""
_CHUNK = 1 << 18
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@dataclass(slots=True)
class _Budget:
    """What may still come out of an archive."""

    name: str
    left: int
    largest: int

    def spend(self, amount: int, so_far: int, packed: int) -> None:
        """Count inflated bytes of one entry; Invalid when a limit breaks."""
        self.left -= amount
        if self.left < 0:
            raise _bomb(
                self.name, f"it unpacks to more than {self.largest / 1e6:,.0f} MB", "LANDBANK_IMPORT_MAX_MB"
            )
        if so_far > RATIO_FREE_BYTES and so_far > RATIO * max(packed, 1):
            raise _bomb(self.name, f"it unpacks to more than {RATIO} times its size", None)


def unpack(path: Path, into: Path, *, name: str, max_mb: int) -> list[Path]:
    """The files of an archive, unpacked flat into a folder, in the archive's order.

    A file keeps its last name only; an archive with two files of one name is refused.

    Raises
    ------
    Invalid
        Damaged, encrypted, too many or too large entries, links, or paths that lead outside.
    """
    into.mkdir()
    written: list[Path] = []
    for archive, entry, budget in _entries(path, name, max_mb):
        target = into / PurePosixPath(entry.filename.replace("\\", "/")).name
        if target.exists():
            raise Invalid(f"{name} holds two files named {target.name}.", hint="Send them apart.", where=name)
        with target.open("wb") as file:
            for chunk in _inflated(archive, entry, budget):
                file.write(chunk)
        written.append(target)
    return written


def check_inflated(path: Path, *, name: str, max_mb: int) -> None:
    """Nothing, when everything in an archive inflates within the limits (for XLSX, read where it lies)."""
    for archive, entry, budget in _entries(path, name, max_mb):
        for _ in _inflated(archive, entry, budget):
            pass


def names_in(path: Path, name: str) -> list[str]:
    """The names in an archive, as they stand.

    Raises
    ------
    Invalid
        It is no whole zip archive.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise _damaged(name, str(error)) from error


def _entries(
    path: Path, name: str, max_mb: int
) -> Iterator[tuple[zipfile.ZipFile, zipfile.ZipInfo, _Budget]]:
    names_in(path, name)
    with zipfile.ZipFile(path) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        _check_count(entries, name)
        budget = _Budget(name, max_mb * 1_000_000, max_mb * 1_000_000)
        for entry in entries:
            _check_entry(entry, name)
            yield archive, entry, budget


def _check_count(entries: list[zipfile.ZipInfo], name: str) -> None:
    special = any(".gdbtable" in entry.filename for entry in entries) or any(
        entry.filename == "[Content_Types].xml" for entry in entries
    )
    most = ENTRIES_GEODATABASE if special else ENTRIES
    if len(entries) > most:
        raise Invalid(
            f"{name} holds {len(entries)} files; at most {most} are read.",
            hint="Send one layer, or a GeoPackage.",
            where=name,
        )


def _check_entry(entry: zipfile.ZipInfo, name: str) -> None:
    inside = PurePosixPath(entry.filename.replace("\\", "/"))
    shown = entry.filename[:80]
    if inside.is_absolute() or ".." in inside.parts or ":" in inside.parts[0] or "\x00" in entry.filename:
        raise Invalid(f"{name} holds a file with a path that leads outside: {shown!r}.", where=name)
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise Invalid(f"{name} holds a link ({shown!r}); links are not followed.", where=name)
    if entry.flag_bits & 0x1:
        raise Invalid(f"{name} is encrypted.", hint="Send it without a password.", where=name)
    if entry.compress_type not in _METHODS:
        raise Invalid(
            f"{name} is packed by a method that is not read (number {entry.compress_type}).",
            hint="Pack it again as an ordinary zip.",
            where=name,
        )
    if inside.suffix.lower() == ".zip":
        raise Invalid(f"{name} holds another archive ({shown!r}).", hint="Send that one itself.", where=name)


def _inflated(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: _Budget) -> Iterator[bytes]:
    so_far = 0
    try:
        with archive.open(entry) as source:
            while chunk := source.read(_CHUNK):
                so_far += len(chunk)
                budget.spend(len(chunk), so_far, entry.compress_size)
                yield chunk
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise _damaged(budget.name, str(error)) from error


def _damaged(name: str, why: str) -> Invalid:
    return Invalid(
        f"{name} is no whole zip archive ({why[:120]}).", hint="Pack or copy it again.", where=name
    )


def _bomb(name: str, why: str, setting: str | None) -> Invalid:
    hint = "Unpack it and send the file itself" + (f", or raise {setting}." if setting else ".")
    return Invalid(f"{name} is refused: {why}.", hint=hint, where=name)
