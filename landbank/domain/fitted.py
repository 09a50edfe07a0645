"""The last must: whether the buildings fit, judged on the first plots and taken into tiers, order and ranks.

It is a must like the others, but too dear to judge on every plot, so it is judged in the order of the answer. In
three-valued logic a plot that was not judged is unknown: it stands in tier B, behind those that were.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from landbank.domain.kleene import FALSE, TRUE
from landbank.domain.match import A, Assessment, B, C, Places, Ranks, by_score


def with_fit(found: Assessment, verdicts: Mapping[int, int]) -> Assessment:
    """The assessment with the verdicts on fit (by place in the columns) as one more must.

    Plots proved not to fit leave the order for tier C; of the others only those known to fit stay in tier A. The
    order is: A; then B as judged, those that lack nothing but the fit first; then B as not judged.
    """
    places = found.places
    judged = np.array([int(place) in verdicts for place in places], dtype=np.bool_)
    verdict = np.array([verdicts.get(int(place), 0) for place in places], dtype=np.int8)
    was_a = found.tiers[places] == A
    tiers = found.tiers.copy()
    tiers[places] = B
    tiers[places[was_a & (verdict == TRUE)]] = A
    tiers[places[verdict == FALSE]] = C
    open_still = verdict != FALSE
    is_a = was_a & (verdict == TRUE)
    groups = [
        places[is_a],
        *(
            places[open_still & ~is_a & (judged == told) & (was_a == a)]
            for told in (True, False)
            for a in (True, False)
        ),
    ]
    ranks, order = ranked(found, groups, tiers)
    return replace(found, tiers=tiers, ranks=ranks, places=order)


def ranked(found: Assessment, groups: list[Places], tiers: np.ndarray) -> tuple[Ranks, Places]:
    """The groups one behind the other, each in the order of its scores."""
    placed, ranks, ahead = [], [], 0
    for group in groups:
        ordered, rank = by_score(np.sort(group), found.scores.point)
        placed.append(ordered)
        ranks.append(rank + ahead)
        ahead += len(group)
    order = np.concatenate(placed)
    return Ranks(found.columns.plot_id[order], np.concatenate(ranks), tiers[order]), order


def refused(found: Assessment, verdicts: Mapping[int, int]) -> Places:
    """The places of the plots that were proved not to fit and fail nothing else, best scored first."""
    places = np.array(
        sorted(place for place, verdict in verdicts.items() if verdict == FALSE and found.tiers[place] != C),
        dtype=np.int64,
    )
    return by_score(places, found.scores.point)[0]
