"""Bake tiles: draw those of some zooms, one zoom after the other, and go on where an earlier run was stopped.

A tile is drawn where something may lie in it; below a tile without anything nothing is looked for.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import Protocol

from isal import igzip
from pmtiles.tile import tileid_to_zxy, zxy_to_tileid

from landbank.exchange.pmtiles_spool import Spool
from landbank.geo.tile import Tile

BATCH = 64
"""Tiles drawn side by side before they are kept in their order: no more than so many are drawn in vain by a kill."""

Progress = Callable[[int, int], AbstractContextManager[Callable[[int], None]]]
"""`progress(zoom, tiles)` opens the bar of a zoom; what comes back takes the number of tiles just done."""


class Source(Protocol):
    """Where tiles come from."""

    def draw(self, tile: Tile) -> bytes | None:
        """A tile's bytes; None where nothing lies in it nor below it."""
        ...


def bake(source: Source, spool: Spool, zooms: tuple[int, int], *, threads: int, progress: Progress) -> None:
    """Draw all tiles of the zooms (first and last) into the spool, each gzipped, in the order of their numbers.

    The tiles of the zooms above the first one are looked at too, but drawn into the spool empty.
    """
    above: list[int] = []
    with ThreadPoolExecutor(threads) as pool:
        for z in range(zooms[1] + 1):
            candidates = candidates_of(z, above)
            missing = [tile_id for tile_id in candidates if tile_id > spool.last_id]
            with progress(z, len(candidates)) as advance:
                advance(len(candidates) - len(missing))
                for start in range(0, len(missing), BATCH):
                    some = missing[start : start + BATCH]
                    for tile_id, content in zip(some, pool.map(source.draw, map(tile_of, some)), strict=True):
                        if content is not None:
                            spool.add(tile_id, packed(content) if z >= zooms[0] else b"")
                    advance(len(some))
            above = [kept.tile_id for kept in spool.kept if first_id(z) <= kept.tile_id < first_id(z + 1)]


def candidates_of(z: int, above: list[int]) -> list[int]:
    """The numbers, ascending, of the tiles of a zoom below the occupied ones of the zoom above."""
    if z == 0:
        return [0]
    return sorted(
        zxy_to_tileid(child.z, child.x, child.y) for tile_id in above for child in tile_of(tile_id).children()
    )


def tile_of(tile_id: int) -> Tile:
    """The tile of a PMTiles number (Hilbert curve, zoom after zoom)."""
    return Tile(*tileid_to_zxy(tile_id))


def first_id(z: int) -> int:
    """The number of a zoom's first tile: as many tiles as all the zooms above it have."""
    return ((1 << 2 * z) - 1) // 3


def packed(content: bytes) -> bytes:
    """A tile gzipped, the same for the same bytes; an empty one stays empty."""
    return igzip.compress(content, compresslevel=3, mtime=0) if content else b""
