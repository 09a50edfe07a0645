"""Which plots adjoin: pairs of neighbours with the length of border they share or face, built once an inventory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from landbank.domain.assembly.facing import (
    TOUCHING_M,
    Flags,
    Floats,
    Pieces,
    Places,
    Shape,
    facing_pieces,
)
from landbank.errors import Invalid

LEAST_BORDER_M: Final = 10.0
LARGEST_GAP_M: Final = 50.0


@dataclass(frozen=True, slots=True, eq=False)
class Adjacency:
    """Pairs of neighbours, each once with `first` < `second`, ordered by both; arrays of one length.

    Attributes
    ----------
    size
        How many plots there are, neighbours or not.
    border_m
        Length of border that the two share or face each other with.
    gap_m
        The least distance between them along it; 0 where they share at least the least border.
    is_across_barrier
        Only across a road, a river or another barrier do they have the least border.
    """

    size: int
    first: Places
    second: Places
    border_m: Floats
    gap_m: Floats
    is_across_barrier: Flags

    def __len__(self) -> int:
        return len(self.first)

    def without_barriers(self) -> Adjacency:
        """The pairs that have no barrier between them."""
        return self.taken(~self.is_across_barrier)

    def among(self, is_wanted: Flags) -> Adjacency:
        """The pairs of which both plots are wanted; places stay as they are."""
        return self.taken(is_wanted[self.first] & is_wanted[self.second])

    def taken(self, chosen: Flags) -> Adjacency:
        """Some of the pairs."""
        return Adjacency(
            self.size,
            self.first[chosen],
            self.second[chosen],
            self.border_m[chosen],
            self.gap_m[chosen],
            self.is_across_barrier[chosen],
        )

    def neighbours(self) -> list[list[int]]:
        """The neighbours of each plot in ascending order."""
        found: list[list[int]] = [[] for _ in range(self.size)]
        for one, other in zip(self.first.tolist(), self.second.tolist(), strict=True):
            found[one].append(other)
            found[other].append(one)
        for places in found:
            places.sort()
        return found


def adjacency(
    shapes: Sequence[Shape | None],
    *,
    least_border_m: float = LEAST_BORDER_M,
    most_gap_m: float = 0.0,
    barriers: Sequence[Shape] = (),
    between: Sequence[Shape] = (),
) -> Adjacency:
    """The plots that share at least the least border, or face each other with it across at most the gap.

    Going straight out from one plot's border one meets the other's; measured from both sides, the lesser counts.
    Nothing of another plot or of `between` may lie on the way. Pairs with a barrier between them are marked, never
    mixed with the others: use `without_barriers` unless a crossing is wanted.

    Raises
    ------
    Invalid
        The least border is not above 0, or the gap is not from 0 to 50 m.
    """
    if not least_border_m > 0 or not 0 <= most_gap_m <= LARGEST_GAP_M:
        raise Invalid(
            f"Plots can't adjoin with {least_border_m} m of border across {most_gap_m} m.",
            hint=f"Give a border above 0 m and a gap from 0 to {LARGEST_GAP_M:g} m.",
            where="most_gap_m",
        )
    pieces = facing_pieces(shapes, most_gap_m=most_gap_m, barriers=barriers, between=between)
    return pairs_of(pieces, len(shapes), least_border_m)


def pairs_of(pieces: Pieces, size: int, least_border_m: float) -> Adjacency:
    """The pairs of plots that the pieces make neighbours."""
    low, high = np.minimum(pieces.of, pieces.to), np.maximum(pieces.of, pieces.to)
    pair, number = np.unique(low * size + high, return_inverse=True)
    is_back = pieces.of > pieces.to

    def faced(counts: Flags) -> Floats:
        forth, back = (
            np.bincount(number[counts & way], pieces.length_m[counts & way], len(pair))
            for way in (~is_back, is_back)
        )
        return np.minimum(forth, back)

    free = ~pieces.is_across_barrier
    open_border, all_border = faced(free), faced(np.ones_like(free))
    shared = faced(free & (pieces.gap_m <= TOUCHING_M))
    across = open_border < least_border_m
    gap = np.full(len(pair), np.inf)
    counted = free | across[number]
    np.minimum.at(gap, number[counted], np.maximum(pieces.gap_m[counted], 0))
    gap[shared >= least_border_m] = 0.0
    kept = np.where(across, all_border, open_border) >= least_border_m
    border = np.where(across, all_border, open_border)
    return Adjacency(size, pair[kept] // size, pair[kept] % size, border[kept], gap[kept], across[kept])
