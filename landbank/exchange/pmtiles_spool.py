"""Tiles on their way into a PMTiles file: kept on disk as they are drawn, so that work that was stopped goes on.

Two files in a folder beside the destination, both only appended to: the tiles' bytes, and a record of 24 bytes a tile.
A record is written after its bytes and carries their checksum: what a kill or a power cut left half written is cut off.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from landbank.errors import Conflict

RECORD = struct.Struct("<QQII")
"""Tile's number, offset and length of its bytes, and their CRC-32."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Where the bytes of a tile stand; `length` 0: the tile is empty, but others may lie below it."""

    tile_id: int
    offset: int
    length: int


class Spool:
    """The tiles drawn so far, in ascending order of their numbers; equal bytes are kept once."""

    def __init__(self, folder: Path, about: IO[bytes], tiles: IO[bytes], records: IO[bytes]) -> None:
        self.folder = folder
        self._about, self._tiles, self._records = about, tiles, records
        self.kept: list[Kept] = []
        self._places: dict[bytes, Kept] = {}
        self._end = 0

    @property
    def last_id(self) -> int:
        """Number of the last tile kept; -1 before any."""
        return self.kept[-1].tile_id if self.kept else -1

    def add(self, tile_id: int, content: bytes) -> None:
        """Keep a tile's bytes; numbers must ascend."""
        if tile_id <= self.last_id:
            raise ValueError(f"tile {tile_id} comes after {self.last_id}")
        place = self._places.get(_digest(content)) if content else Kept(tile_id, 0, 0)
        if place is None:
            self._tiles.write(content)
            self._tiles.flush()
        kept = self._note(tile_id, content, place)
        self._records.write(RECORD.pack(kept.tile_id, kept.offset, kept.length, zlib.crc32(content)))
        self._records.flush()

    def read(self) -> Iterator[bytes]:
        """All bytes, each once, in the order of their offsets."""
        self._tiles.seek(0)
        while piece := self._tiles.read(1 << 20):
            yield piece

    @property
    def size(self) -> int:
        """Bytes of all tiles, equal ones counted once."""
        return self._end

    @property
    def contents(self) -> int:
        """How many different tiles there are, the empty one not among them."""
        return len(self._places)

    def remove(self) -> None:
        """Throw it away: the file it was for stands."""
        shutil.rmtree(self.folder)

    def close(self) -> None:
        """Let go of it; what it holds stays for another time."""
        for file in (self._tiles, self._records, self._about):
            file.close()

    def _note(self, tile_id: int, content: bytes, place: Kept | None) -> Kept:
        kept = Kept(tile_id, place.offset if place else self._end, len(content))
        if content and place is None:
            self._places[_digest(content)] = kept
            self._end += len(content)
        self.kept.append(kept)
        return kept

    def _recover(self) -> None:
        """Take up what is whole, and cut off the rest."""
        data = self._records.read()
        for tile_id, offset, length, checksum in RECORD.iter_unpack(
            data[: len(data) // RECORD.size * RECORD.size]
        ):
            self._tiles.seek(offset)
            content = self._tiles.read(length)
            known = self._places.get(_digest(content)) if content else None
            is_whole = len(content) == length and zlib.crc32(content) == checksum and tile_id > self.last_id
            if not is_whole or (content and (known.offset if known else self._end) != offset):
                break
            self._note(tile_id, content, known)
        self._records.truncate(len(self.kept) * RECORD.size)
        self._records.seek(0, os.SEEK_END)
        self._tiles.truncate(self._end)
        self._tiles.seek(0, os.SEEK_END)


def open_spool(destination: Path, about: Mapping[str, Any], *, resume: bool) -> Spool:
    """The spool of a destination; what an earlier run about the same left is taken up where `resume` says so.

    `about` is all that the tiles' bytes depend on. What was left by a run about something else is thrown away.

    Raises
    ------
    Conflict
        Another process is writing the same file.
    """
    folder = folder_of(destination)
    folder.mkdir(exist_ok=True)
    lock = (folder / "about.json").open("a+b")  # not emptied before it is certain that nobody else holds it
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise Conflict(
            f"{destination} is being baked already.", hint="Wait for the other run, or end it first."
        ) from None
    told = json.dumps(about, sort_keys=True).encode()
    lock.seek(0)
    is_same = resume and lock.read() == told
    if not is_same:
        lock.truncate(0)
        lock.write(told)
        lock.flush()
    mode = "r+b" if is_same and (folder / "records").exists() and (folder / "tiles").exists() else "w+b"
    spool = Spool(folder, lock, (folder / "tiles").open(mode), (folder / "records").open(mode))
    spool._recover()
    return spool


def folder_of(destination: Path) -> Path:
    """The folder beside the destination in which its tiles wait."""
    return destination.with_name(destination.name + ".part")


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=16).digest()
