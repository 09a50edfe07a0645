"""No result: the smallest sets of musts that no plot meets together, with plots that show that none can be spared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from landbank.domain.advice.hitting import minimal_hitting_sets
from landbank.domain.advice.masks import Masks, Violations, distinct, members, minimal_masks
from landbank.domain.kleene import Bools
from landbank.domain.match import A, Assessment, B
from landbank.domain.need import Must

MOST_CONFLICTS: Final = 20
"""So many conflicts are told in full; the others are counted."""


@dataclass(frozen=True, slots=True)
class Witness:
    """A plot that meets all of a conflict's musts but this one, and how many such plots there are."""

    must: Must
    plot_id: int
    plots: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """Musts that no plot meets together, though some plot meets all but any one of them."""

    musts: tuple[Must, ...]
    witnesses: tuple[Witness, ...]


@dataclass(frozen=True, slots=True)
class Conflicts:
    """The first `MOST_CONFLICTS` of `count` conflicts, fewest musts first, then in the need's order.

    `is_certain` says that every plot is known to fail one of the musts; else some plots of tier B may meet all, and
    the conflicts tell what no plot is known to meet. All conflicts were found if `is_complete`, else all of up to
    `complete_to` musts. There is none where tier A has a plot.
    """

    sets: tuple[Conflict, ...]
    count: int
    is_certain: bool
    is_complete: bool
    complete_to: int


def conflicts(found: Assessment, seen: Violations) -> Conflicts:
    """All minimal sets of musts that no plot meets, or is known to meet, together."""
    musts = len(found.need.musts)
    if not len(found.columns) or np.any(found.tiers == A):
        return Conflicts((), 0, is_certain=True, is_complete=True, complete_to=musts)
    is_certain = not np.any(found.tiers == B)
    masks = seen.fails if is_certain else seen.fails | seen.unsure
    sets = minimal_hitting_sets(to_hit(masks, musts), musts)
    return Conflicts(
        sets=tuple(conflict(found, masks, mask) for mask in sets.masks[:MOST_CONFLICTS]),
        count=len(sets.masks),
        is_certain=is_certain,
        is_complete=sets.is_complete,
        complete_to=sets.complete_to,
    )


def to_hit(masks: Masks, musts: int) -> Masks:
    """The sets that every conflict shares a must with: the minimal ones say it all, if they are all known."""
    every = distinct(masks, musts)
    minimal = minimal_masks(every)
    return np.array(minimal.masks, dtype=np.uint64) if minimal.is_complete else every


def conflict(found: Assessment, masks: Masks, mask: int) -> Conflict:
    """One conflict with its witnesses."""
    shared = masks & np.uint64(mask)
    bits = members(mask)
    return Conflict(
        tuple(found.need.musts[bit] for bit in bits),
        tuple(witness(found, masks, shared == np.uint64(1 << bit), bit) for bit in bits),
    )


def witness(found: Assessment, masks: Masks, fails_only_this: Bools, bit: int) -> Witness:
    """Of the plots that fail only this must of a conflict, the one that fails fewest musts, then the lowest id."""
    places = np.flatnonzero(fails_only_this)
    best = places[np.argmin(np.bitwise_count(masks[places]))]
    return Witness(found.need.musts[bit], int(found.columns.plot_id[best]), len(places))
