"""Minimal hitting sets: the smallest sets that share at least one member with each of several sets.

Over the sets of musts that plots fail, they are the conflicts of a need: every plot fails at least one must of
each, and none of their musts can be spared.

Source: C. Berge, Hypergraphs (1989), ch. 2, for the notion; K. Murakami and T. Uno, Efficient algorithms for
dualizing large-scale hypergraphs, Discrete Applied Mathematics 170 (2014), for the search, which yields each set
once, needs no comparison with those found before, and may therefore be stopped at any time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from landbank.domain.advice.masks import Masks, by_size

MOST_STEPS: Final = 8_000
USUAL_EDGES: Final = 2_000


@dataclass(frozen=True, slots=True)
class HittingSets:
    """Minimal hitting sets as masks, smallest first; all if `is_complete`, else each is one and others are missing.

    `complete_to` is the size up to which none is missing.
    """

    masks: tuple[int, ...]
    is_complete: bool
    complete_to: int


def minimal_hitting_sets(edges: Masks, bits: int, *, most_steps: int = MOST_STEPS) -> HittingSets:
    """The minimal hitting sets of non-empty masks below `bits`; the empty set alone where there are no masks.

    The work is bounded by `most_steps` steps, fewer in proportion beyond 2 000 masks. Where that is not enough for
    all, as many steps again look for the smallest.
    """
    steps = max(200, most_steps * USUAL_EDGES // max(USUAL_EDGES, len(edges)))
    search = Search.over(edges, bits, steps=steps)
    found = set(search.sets(bits))
    if search.steps >= 0:
        return HittingSets(tuple(by_size(found)), is_complete=True, complete_to=bits)
    found.add(one_by_sparing(edges, bits))
    search.steps = steps
    size = 0
    while search.steps >= 0:
        size += 1
        found.update(search.sets(size))
    return HittingSets(tuple(by_size(found)), is_complete=False, complete_to=size - 1)


def one_by_sparing(edges: Masks, bits: int) -> int:
    """One minimal hitting set: of all members, each is spared in turn where the rest still hits every edge."""
    chosen = (1 << bits) - 1
    for bit in range(bits):
        rest = chosen & ~(1 << bit)
        if np.all(edges & np.uint64(rest)):
            chosen = rest
    return chosen


@dataclass(slots=True)
class Search:
    """A depth-first search over members; edges are numbered, and a set of edges is the bits of an integer."""

    edges: Sequence[int]
    edges_with: Sequence[int]
    steps: int
    was_cut: bool = False

    @classmethod
    def over(cls, edges: Masks, bits: int, *, steps: int) -> Search:
        """A search over masks, small ones first, as they leave fewest choices."""
        ordered = edges[np.argsort(np.bitwise_count(edges), kind="stable")]
        edges_with = [
            int.from_bytes(
                np.packbits(ordered >> np.uint64(bit) & np.uint64(1) != 0, bitorder="little").tobytes(),
                "little",
            )
            for bit in range(bits)
        ]
        return cls(ordered.tolist(), edges_with, steps)

    def sets(self, size: int) -> Iterator[int]:
        """The minimal hitting sets of up to `size` members; `was_cut` says whether there may be larger ones."""
        self.was_cut = False
        everything = (1 << len(self.edges)) - 1
        yield from self.grow((), [], everything, (1 << len(self.edges_with)) - 1, size)

    def grow(
        self, chosen: tuple[int, ...], critical: list[int], open_edges: int, allowed: int, room: int
    ) -> Iterator[int]:
        """The minimal hitting sets that hold the chosen members and else only allowed ones.

        `critical` holds for each chosen member the edges that it alone hits: a member without any is not needed.
        """
        self.steps -= 1
        if self.steps < 0:
            return
        if not open_edges:
            yield sum(1 << bit for bit in chosen)
            return
        if not room:
            self.was_cut = True
            return
        first = (open_edges & -open_edges).bit_length() - 1
        choices = self.edges[first] & allowed
        allowed &= ~choices
        while choices:
            bit = (choices & -choices).bit_length() - 1
            choices &= choices - 1
            hit = self.edges_with[bit]
            still = [edges & ~hit for edges in critical]
            if all(still):
                yield from self.grow(
                    (*chosen, bit), [*still, open_edges & hit], open_edges & ~hit, allowed, room - 1
                )
            # Members tried before may be used in what follows, which keeps each set from being found twice.
            allowed |= 1 << bit
