"""Remembers what an import has met, in 16 bytes a row, to find what comes twice."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray


class Seen:
    """Fingerprints of things met, each with the row where it was first met.

    A fingerprint is Python's 64-bit hash: among a million rows two different things share one with a chance of
    about 3 in 100 million.
    """

    def __init__(self) -> None:
        """Nothing met yet."""
        self._prints = np.empty(0, dtype=np.int64)
        self._rows = np.empty(0, dtype=np.int64)

    def first_rows(self, things: Iterable[object], rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """For each thing the row where it was met before, -1 where it is new; new ones are remembered."""
        prints = np.fromiter(map(hash, things), dtype=np.int64, count=len(rows))
        _, first, inverse = np.unique(prints, return_index=True, return_inverse=True)
        earlier = rows[first[inverse]]
        is_new = first[inverse] == np.arange(len(rows))
        place = np.searchsorted(self._prints, prints)
        inside = place < len(self._prints)
        known = np.zeros(len(rows), dtype=bool)
        known[inside] = self._prints[place[inside]] == prints[inside]
        earlier[known] = self._rows[place[known]]
        result = np.where(is_new & ~known, -1, earlier)
        self._remember(prints[result == -1], rows[result == -1])
        return result

    def _remember(self, prints: NDArray[np.int64], rows: NDArray[np.int64]) -> None:
        order = np.argsort(prints, kind="stable")
        at = np.searchsorted(self._prints, prints[order])
        self._prints = np.insert(self._prints, at, prints[order])
        self._rows = np.insert(self._rows, at, rows[order])
