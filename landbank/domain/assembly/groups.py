"""Values of plots brought together by assembly: sums, least and greatest, in one pass over all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from landbank.domain.assembly.sets import Assembly

Floats: TypeAlias = NDArray[np.float64]
Days: TypeAlias = NDArray[np.datetime64]
Array: TypeAlias = NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """The members of all assemblies one after the other, and where each assembly begins."""

    members: NDArray[np.int64]
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, assemblies: Sequence[Assembly]) -> Groups:
        """The groups of these assemblies, none of which is empty."""
        sizes = np.array([len(one) for one in assemblies])
        members = np.array([place for one in assemblies for place in one], dtype=np.int64)
        return cls(members, np.cumsum(sizes) - sizes)

    def renumbered(self) -> Groups:
        """The same groups, by places among the members alone."""
        return Groups(np.searchsorted(np.unique(self.members), self.members), self.starts)

    def sum(self, values: Floats) -> Floats:
        """The sum of each group; NaN if one value is."""
        total: Floats = np.add.reduceat(values[self.members], self.starts)
        return total

    def least(self, values: Array) -> Array:
        """The least of each group; NaN or NaT if one value is."""
        return np.minimum.reduceat(values[self.members], self.starts)

    def most(self, values: Array) -> Array:
        """The greatest of each group; NaN or NaT if one value is."""
        return np.maximum.reduceat(values[self.members], self.starts)

    def most_known(self, values: Floats) -> Floats:
        """The greatest known value of each group; NaN where none is known."""
        most: Floats = np.fmax.reduceat(values[self.members], self.starts)
        return most

    def latest(self, values: Days) -> Days:
        """The latest date of each group, those unknown left out; NaT where all are."""
        latest: Days = np.fmax.reduceat(values[self.members], self.starts)
        return latest

    def any(self, flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Whether one of each group has the flag."""
        found: NDArray[np.bool_] = np.logical_or.reduceat(flags[self.members], self.starts)
        return found

    def all(self, flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Whether each of the group has the flag."""
        return ~self.any(~flags)
