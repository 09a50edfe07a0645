"""Sets of musts as bit masks: which musts each plot fails, and the smallest of such sets.

Bit k stands for the need's must number k. Up to 64 musts fit; a need has at most 40.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from landbank.domain.kleene import FALSE, UNKNOWN, Bools, Tri

Masks: TypeAlias = NDArray[np.uint64]

MOST_MINIMAL: Final = 2_000
"""So many minimal masks are kept at most; the search says so where there are more."""

TABLE_BITS: Final = 20


@dataclass(frozen=True, slots=True, eq=False)
class Violations:
    """For each plot the musts that it fails, and those on which it is unknown."""

    fails: Masks
    unsure: Masks


@dataclass(frozen=True, slots=True)
class Minimal:
    """Inclusion-minimal masks, smallest first; all of them if `is_complete`, else the smallest."""

    masks: tuple[int, ...]
    is_complete: bool


def violations(verdicts: Sequence[Tri], size: int) -> Violations:
    """The violation masks of all plots, from the verdicts of each must."""
    fails, unsure = np.zeros(size, dtype=np.uint64), np.zeros(size, dtype=np.uint64)
    for bit, verdict in enumerate(verdicts):
        fails |= (verdict == FALSE).astype(np.uint64) << np.uint64(bit)
        unsure |= (verdict == UNKNOWN).astype(np.uint64) << np.uint64(bit)
    return Violations(fails, unsure)


def members(mask: int) -> tuple[int, ...]:
    """The places of a mask's bits, rising."""
    return tuple(bit for bit in range(mask.bit_length()) if mask >> bit & 1)


def mask_of(bits: Iterable[int]) -> int:
    """The mask with these bits."""
    return sum(1 << bit for bit in set(bits))


def by_size(masks: Iterable[int]) -> list[int]:
    """Masks with the fewest bits first, then in the order of their bits."""
    return sorted(masks, key=lambda mask: (mask.bit_count(), members(mask)))


def distinct(masks: Masks, bits: int) -> Masks:
    """The masks that occur, each once, rising."""
    if bits <= TABLE_BITS:  # counting in a table spares the sorting of a million masks
        return np.flatnonzero(np.bincount(masks.astype(np.int64), minlength=1)).astype(np.uint64)
    ordered = np.sort(masks)  # a tenth of the time of numpy.unique at a million masks
    return ordered[np.concatenate(([True], ordered[1:] != ordered[:-1]))] if len(ordered) else ordered


def within(masks: Masks, whole: int) -> Bools:
    """Which masks have no bit outside the whole."""
    inside: Bools = (masks & ~np.uint64(whole)) == 0
    return inside


def minimal_masks(masks: Masks, *, most: int = MOST_MINIMAL) -> Minimal:
    """Those of distinct masks that contain no other of them; the empty mask is left out and contains nothing."""
    sizes = np.bitwise_count(masks)
    found: list[int] = []
    for size in np.unique(sizes[sizes > 0]):
        level = masks[sizes == size]
        # Masks of one size don't contain each other, so only smaller ones can make one not minimal.
        for smaller in np.array(found, dtype=np.uint64):
            level = level[(level & smaller) != smaller]
            if not len(level):
                break
        found += by_size(int(mask) for mask in level)
        if len(found) > most:
            return Minimal(tuple(found[:most]), is_complete=False)
    return Minimal(tuple(found), is_complete=True)
