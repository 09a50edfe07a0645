"""Which sets of neighbouring plots are together enough for a need: all minimal ones, each once, smallest first.

Source: S. Wernicke, Efficient detection of network motifs (2006), algorithm ESU, which grows each connected set
from its smallest member in one way only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from landbank.domain.assembly.adjacency import Adjacency
from landbank.errors import Invalid

Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]
Assembly: TypeAlias = tuple[int, ...]
"""The places of the plots of one assembly, ascending."""

State: TypeAlias = tuple[Assembly, int, tuple[int, ...]]

MOST_PLOTS: Final = 5
MOST_FOUND: Final = 1_000
MOST_GROWN: Final = 300_000
FINE: Final = 1_000
"""Amounts are added as whole thousandths, so that a sum does not depend on the order."""


@dataclass(frozen=True, slots=True)
class Assemblies:
    """Minimal sets of two or more plots, ordered by number of plots, then by what is too much, then by places.

    `complete_up_to` is the largest number of plots up to which every set is listed; `more_exist` says that sets of
    the allowed sizes were left out, or may have been where the search was stopped.
    """

    sets: tuple[Assembly, ...]
    complete_up_to: int
    more_exist: bool


def find_assemblies(
    adjacency: Adjacency,
    amounts: Floats,
    needed: Sequence[float],
    *,
    is_candidate: Flags | None = None,
    most_plots: int = MOST_PLOTS,
    most_found: int = MOST_FOUND,
    most_grown: int = MOST_GROWN,
) -> Assemblies:
    """All minimal connected sets of candidates whose amounts together reach what is needed.

    Minimal: no plot can be dropped so that the rest is still connected and enough. A plot that is enough alone is
    in no set. `amounts` are (plots, m), not negative, such as areas; unknown counts as 0, so that a set is surely
    enough. Pairs across barriers count as neighbours like others: leave them out before where they should not.

    Raises
    ------
    Invalid
        `most_plots` is not from 2 to 5, or no amount is needed.
    """
    if not 2 <= most_plots <= MOST_PLOTS:
        raise Invalid(
            f"An assembly can't have up to {most_plots} plots.",
            hint=f"Give a number from 2 to {MOST_PLOTS}.",
            where="most_plots",
        )
    if not any(amount > 0 for amount in needed):
        raise Invalid("Nothing is needed that plots could add up to.", hint="Ask for an area, for example.")
    known = np.nan_to_num(np.asarray(amounts, dtype=np.float64).reshape(adjacency.size, len(needed)))
    units = np.rint(known * FINE)
    wanted = tuple(round(amount * FINE) for amount in needed)
    is_open = ~np.all(units >= np.asarray(wanted), axis=1)
    if is_candidate is not None:
        is_open &= is_candidate
    growing = Growing(adjacency.among(is_open), units.astype(np.int64), wanted, most_plots)
    found: list[Assembly] = []
    for size in range(2, most_plots + 1):
        sets = growing.next_size(size)
        room = most_found - len(found)
        found.extend(sets[:room])
        if len(sets) > room:
            return Assemblies(tuple(found), size - 1, more_exist=True)
        if size < most_plots and growing.number > most_grown:
            return Assemblies(tuple(found), size, more_exist=True)
    return Assemblies(tuple(found), most_plots, more_exist=False)


class Growing:
    """All connected sets of one size that are not enough yet, and how each may grow.

    A state is (members, their first amount together, plots that may be added). The first member is the smallest;
    plots that were passed over are not added later, so that no set comes up twice.
    """

    def __init__(
        self, adjacency: Adjacency, units: NDArray[np.int64], needed: tuple[int, ...], most_plots: int
    ) -> None:
        self.neighbours = adjacency.neighbours()
        self.around = [frozenset(places) for places in self.neighbours]
        self.units = [tuple(row) for row in units.tolist()]
        self.first: list[int] = units[:, 0].tolist()
        self.needed = needed
        self.most_plots = most_plots
        self.near: list[int] = most_nearby(adjacency, units[:, 0]).tolist()
        self.states: list[State] = [
            ((root,), self.first[root], tuple(one for one in places if one > root))
            for root, places in enumerate(self.neighbours)
            if places
        ]

    @property
    def number(self) -> int:
        """How many sets may still grow."""
        return len(self.states)

    def next_size(self, size: int) -> list[Assembly]:
        """The minimal sets of this size, grown from those one smaller; least too much first, then by places."""
        found: list[tuple[float, Assembly]] = []
        states: list[State] = []
        still, least = self.most_plots - size, self.needed[0]
        for members, total, extension in self.states:
            root, seen = members[0], self.around[members[0]].union(*(self.around[one] for one in members[1:]))
            may_come = still * self.near[root]
            for place, added in enumerate(extension):
                together = total + self.first[added]
                if together >= least and self.is_enough((*members, added)):
                    if self.is_minimal((*members, added), together):
                        ordered = tuple(sorted((*members, added)))
                        found.append((self.excess(ordered, together), ordered))
                elif still and together + may_come >= least:
                    fresh = [one for one in self.neighbours[added] if one > root and one not in seen]
                    if rest := (*extension[place + 1 :], *fresh):
                        states.append(((*members, added), together, rest))
        self.states = states
        return [one for _, one in sorted(found)]

    def is_enough(self, members: Assembly) -> bool:
        """Whether the plots, which have enough of the first amount, have enough of the others."""
        return len(self.needed) == 1 or all(
            sum(self.units[member][number] for member in members) >= wanted
            for number, wanted in enumerate(self.needed)
        )

    def is_minimal(self, members: Assembly, total: int) -> bool:
        """Whether no plot can be dropped so that the rest is connected and still enough."""
        for dropped in members:
            if total - self.first[dropped] >= self.needed[0]:
                rest = tuple(one for one in members if one != dropped)
                if self.is_enough(rest) and self.is_connected(rest):
                    return False
        return True

    def is_connected(self, members: Assembly) -> bool:
        """Whether one can go from each member to any other through members."""
        rest, waiting = set(members[1:]), [members[0]]
        while waiting:
            following = rest & self.around[waiting.pop()]
            rest -= following
            waiting.extend(following)
        return not rest

    def excess(self, members: Assembly, total: int) -> float:
        """How much more than needed the plots have, in shares of what is needed, summed over the amounts."""
        if len(self.needed) == 1:
            return total / self.needed[0] - 1
        shares = (
            sum(self.units[member][number] for member in members) / wanted - 1
            for number, wanted in enumerate(self.needed)
            if wanted > 0
        )
        return float(sum(shares))


def most_nearby(adjacency: Adjacency, units: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each plot the largest amount among the plots few enough steps away to be in one set with it."""
    most = units.copy()
    for _ in range(MOST_PLOTS - 1):
        before = most.copy()
        np.maximum.at(most, adjacency.first, before[adjacency.second])
        np.maximum.at(most, adjacency.second, before[adjacency.first])
    return most
