"""A PMTiles file out of spooled tiles: header, directories, metadata and tiles in one file, each read by its range.

The same tiles and metadata give the same bytes: nothing in the file knows when or where it was written.

Source: PMTiles version 3, https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pmtiles.tile import Compression, Entry, HeaderDict, TileType, serialize_directory, serialize_header

from landbank.exchange.pmtiles_spool import Kept, Spool
from landbank.exchange.write import replacing

HEADER_BYTES = 127
MOST_ROOT_BYTES = 16_384 - HEADER_BYTES
"""Header and root directory must fit into the first 16 KiB, which a reader asks for at once (spec, 4)."""
LEAF_ENTRIES = 4096


@dataclass(frozen=True, slots=True)
class Shown:
    """What a reader should know of the whole: zooms, extent in degrees (west, south, east, north), where to begin."""

    zooms: tuple[int, int]
    extent: tuple[float, float, float, float]
    start_zoom: int
    metadata: Mapping[str, Any]


def write_pmtiles(destination: Path, spool: Spool, shown: Shown) -> int:
    """Put the file in its place, whole or not at all; its size in bytes comes back."""
    entries = entries_of(spool.kept)
    root, leaves = directories_of(entries)
    told = gzip.compress(json.dumps(shown.metadata, ensure_ascii=False, sort_keys=True).encode(), mtime=0)
    head = serialize_header(header_of(spool, shown, (len(entries), len(root), len(told), len(leaves))))
    with replacing(destination) as path, path.open("xb") as file:
        for part in (head, root, told, leaves):
            file.write(part)
        for piece in spool.read():
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
        return file.tell()


def entries_of(kept: list[Kept]) -> list[Entry]:
    """The directory's lines: empty tiles are left out, neighbours with the same bytes share one line."""
    entries: list[Entry] = []
    for tile in kept:
        last = entries[-1] if entries else None
        if tile.length == 0:
            continue
        if last and last.tile_id + last.run_length == tile.tile_id and last.offset == tile.offset:
            last.run_length += 1
        else:
            entries.append(Entry(tile.tile_id, tile.offset, tile.length, 1))
    return entries


def directories_of(entries: list[Entry]) -> tuple[bytes, bytes]:
    """The root directory and the leaves that it points to; no leaves where the root holds all."""
    root = serialize_directory(entries)
    if len(root) <= MOST_ROOT_BYTES:
        return root, b""
    size = LEAF_ENTRIES
    while True:
        pointers, leaves = [], b""
        for start in range(0, len(entries), size):
            leaf = serialize_directory(entries[start : start + size])
            pointers.append(Entry(entries[start].tile_id, len(leaves), len(leaf), 0))
            leaves += leaf
        root = serialize_directory(pointers)
        if len(root) <= MOST_ROOT_BYTES:
            return root, leaves
        size *= 2


def header_of(spool: Spool, shown: Shown, sizes: tuple[int, int, int, int]) -> HeaderDict:
    """The header (spec, 3); `sizes` are entries, and bytes of root, metadata and leaves."""
    entries, root, metadata, leaves = sizes
    west, south, east, north = (round(degrees * 1e7) for degrees in shown.extent)
    return {
        "version": 3,
        "root_offset": HEADER_BYTES,
        "root_length": root,
        "metadata_offset": HEADER_BYTES + root,
        "metadata_length": metadata,
        "leaf_directory_offset": HEADER_BYTES + root + metadata,
        "leaf_directory_length": leaves,
        "tile_data_offset": HEADER_BYTES + root + metadata + leaves,
        "tile_data_length": spool.size,
        "addressed_tiles_count": sum(1 for tile in spool.kept if tile.length),
        "tile_entries_count": entries,
        "tile_contents_count": spool.contents,
        "clustered": True,
        "internal_compression": Compression.GZIP,
        "tile_compression": Compression.GZIP,
        "tile_type": TileType.MVT,
        "min_zoom": shown.zooms[0],
        "max_zoom": shown.zooms[1],
        "min_lon_e7": west,
        "min_lat_e7": south,
        "max_lon_e7": east,
        "max_lat_e7": north,
        "center_zoom": shown.start_zoom,
        "center_lon_e7": (west + east) // 2,
        "center_lat_e7": (south + north) // 2,
    }
