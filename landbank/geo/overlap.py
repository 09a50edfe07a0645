"""Finds shapes that cover the same ground, for any number of shapes in bounded memory.

Shapes wait on disk; only their bounding boxes stay in memory. They are compared in neighbourhoods along a curve that
keeps near things near (Z-order), so that a file in any order costs about the same.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from types import TracebackType
from typing import IO, Any

import numpy as np
import shapely
from numpy.typing import NDArray

TOLERATED_M2 = 1.0
TOLERATED_WIDTH_M = 0.05
"""Neighbours drawn apart overlap by less than this; it is no finding."""
CHUNK = 50_000


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two rows that share ground, and how much of it in m²; the other row's name as it was given."""

    row: int
    other_row: int
    area_m2: float
    other_name: str


class OverlapFinder:
    """Collects shapes and answers which overlap. A context manager; leaving it removes its file."""

    def __init__(self) -> None:
        """An empty one."""
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        self._rows: list[NDArray[np.int64]] = []
        self._bounds: list[NDArray[np.float64]] = []
        self._lengths: list[NDArray[np.int32]] = []

    def add(
        self, rows: NDArray[np.int64], bounds: NDArray[np.float64], wkb: Sequence[bytes], names: Sequence[str]
    ) -> None:
        """Take shapes: their row numbers, bounds (n, 4) in metres, WKB, and names."""
        told = [name.encode() for name in names]
        self._rows.append(rows)
        self._bounds.append(bounds)
        self._lengths.append(
            np.column_stack(
                [np.fromiter(map(len, parts), np.int32, count=len(rows)) for parts in (wkb, told)]
            )
        )
        self._file.write(b"".join(chain.from_iterable(zip(wkb, told, strict=True))))

    def overlaps(self) -> Iterator[Overlap]:
        """Every pair that shares more than 1 m² of ground; the later row first, in the order of rows."""
        if not self._rows:
            return
        rows, bounds = np.concatenate(self._rows), np.concatenate(self._bounds)
        lengths = np.concatenate(self._lengths)
        starts = np.cumsum(lengths, dtype=np.int64).reshape(-1, 2) - lengths
        order = np.argsort(_z_order(bounds), kind="stable")
        rank = np.empty(len(order), dtype=np.int64)
        rank[order] = np.arange(len(order))
        found: list[Overlap] = []
        for first in range(0, len(order), CHUNK):
            chunk = order[first : first + CHUNK]
            near = _near(bounds, chunk, rank)
            for one, other in _pairs(bounds, chunk, near, rank):
                found += self._measure(rows, starts, lengths, one, other)
        yield from sorted(found, key=lambda pair: (pair.row, pair.other_row))

    def _measure(
        self, rows: Any, starts: Any, lengths: Any, one: NDArray[np.int64], other: NDArray[np.int64]
    ) -> list[Overlap]:
        needed, place = np.unique(np.concatenate((one, other)), return_inverse=True)
        shapes = shapely.from_wkb([self._read(starts[i, 0], lengths[i, 0]) for i in needed])
        left, right = shapes[place[: len(one)]], shapes[place[len(one) :]]
        shared = shapely.area(shapely.intersection(left, right))
        found = []
        for k in np.flatnonzero(shared > TOLERATED_M2):
            later, earlier = (one[k], other[k]) if rows[one[k]] > rows[other[k]] else (other[k], one[k])
            name = self._read(starts[earlier, 1], lengths[earlier, 1]).decode()
            found.append(Overlap(int(rows[later]), int(rows[earlier]), float(shared[k]), name))
        return found

    def _read(self, start: int, length: int) -> bytes:
        self._file.seek(int(start))
        return self._file.read(int(length))

    def close(self) -> None:
        """Remove the file; harmless to repeat."""
        self._file.close()

    def __enter__(self) -> OverlapFinder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _z_order(bounds: NDArray[np.float64]) -> NDArray[np.uint64]:
    """A number for each box by which near boxes mostly stand near each other: 16 bits of x and y interleaved."""
    middle = (bounds[:, :2] + bounds[:, 2:]) / 2
    low = middle.min(axis=0)
    span = max(float((middle.max(axis=0) - low).max()), 1e-9)
    cells = ((middle - low) / span * 65_535).astype(np.uint64)
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        cells = (cells | (cells << np.uint64(shift))) & np.uint64(mask)
    number: NDArray[np.uint64] = cells[:, 0] | (cells[:, 1] << np.uint64(1))
    return number


def _near(
    bounds: NDArray[np.float64], chunk: NDArray[np.int64], rank: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Shapes of the chunk and later ones whose boxes touch the chunk's box."""
    west, south = bounds[chunk, :2].min(axis=0)
    east, north = bounds[chunk, 2:].max(axis=0)
    touches = (
        (bounds[:, 0] <= east) & (bounds[:, 2] >= west) & (bounds[:, 1] <= north) & (bounds[:, 3] >= south)
    )
    return np.flatnonzero(touches & (rank >= rank[chunk[0]]))


def _pairs(
    bounds: NDArray[np.float64], chunk: NDArray[np.int64], near: NDArray[np.int64], rank: NDArray[np.int64]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Pairs whose boxes share more than the tolerated ground, in portions."""
    tree = shapely.STRtree(_diagonals(bounds[near]))
    for start in range(0, len(chunk), 10_000):
        part = chunk[start : start + 10_000]
        which, hit = tree.query(_diagonals(bounds[part]))
        one, other = part[which], near[hit]
        later = rank[other] > rank[one]
        one, other = one[later], other[later]
        width = np.minimum(bounds[one, 2:], bounds[other, 2:]) - np.maximum(
            bounds[one, :2], bounds[other, :2]
        )
        shares = (width > TOLERATED_WIDTH_M).all(axis=1) & (width.prod(axis=1) > TOLERATED_M2)
        for begin in range(0, int(shares.sum()), 100_000):
            kept = np.flatnonzero(shares)[begin : begin + 100_000]
            yield one[kept], other[kept]


def _diagonals(bounds: NDArray[np.float64]) -> Any:
    """A line for each box whose own box it is: made faster than a polygon."""
    return shapely.linestrings(bounds.reshape(-1, 2, 2))
