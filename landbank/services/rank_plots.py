"""All plots that a search finds, with rank, tier and score: what an export of the shown search holds."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import numpy as np

from landbank.domain.columns import Columns
from landbank.domain.match import TIERS, match, score
from landbank.domain.need import Need
from landbank.domain.shown import tenths
from landbank.services.export_plots import Ranked

OPEN_TIERS = frozenset("AB")


def rank_plots(
    need: Need, columns: Columns, *, on: date, tiers: Collection[str] = OPEN_TIERS
) -> tuple[Ranked, ...]:
    """The plots of the tiers A and B that are asked for, best first, all of them; scores as the answer shows them."""
    answer = match(need, columns, on=on)
    scores, _ = score(answer.need, columns, on=on)
    places = np.searchsorted(columns.plot_id, answer.ranks.plot_id)
    return tuple(
        Ranked(
            int(plot_id),
            int(rank),
            str(TIERS[tier]),
            tenths(float(points)) / 10 if answer.need.wishes else None,
        )
        for plot_id, rank, tier, points in zip(
            answer.ranks.plot_id, answer.ranks.rank, answer.ranks.tier, scores.point[places], strict=True
        )
        if str(TIERS[tier]) in tiers
    )
