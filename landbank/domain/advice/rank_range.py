"""Between which ranks a plot stands for certain, whatever the unknown turns out to be, at the weights as stated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from landbank.domain.explain import Match
from landbank.domain.match import TIE, A, Assessment, B


@dataclass(frozen=True, slots=True)
class RankRange:
    """The best and worst rank of a plot that meets all its musts once everything is known."""

    best: int
    worst: int


def rank_ranges(found: Assessment, matches: Sequence[Match]) -> dict[int, RankRange]:
    """The range of each match that fails no must, by plot id.

    Ahead for certain are the plots of tier A whose least score is above the plot's highest. All plots of A and B
    whose highest score is not below the plot's least may come ahead, as a plot of B may turn out to meet every must.
    """
    low_a = np.sort(found.scores.low[found.tiers == A])
    high = np.sort(found.scores.high[found.tiers <= B])
    ranges = {}
    for one in matches:
        place = found.columns.place_of(one.plot_id)
        if one.rank is None or place is None or found.tiers[place] > B:
            continue
        ahead = len(low_a) - np.searchsorted(low_a, found.scores.high[place] + TIE, "right")
        behind = np.searchsorted(high, found.scores.low[place] - TIE, "left")
        ranges[one.plot_id] = RankRange(int(ahead) + 1, max(int(ahead) + 1, int(len(high) - behind)))
    return ranges
