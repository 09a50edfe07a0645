"""Columns brought up to a later revision: the rows that changed are taken anew, all others stay as they are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from landbank.domain.columns import PER_PLOT, Columns
from landbank.domain.power import PowerSteps


def refreshed(held: Columns, newer: Columns, changed: NDArray[np.int64]) -> Columns:
    """The held columns with the changed plots (by id) replaced by those of `newer`, at whose revision and day they are.

    A changed plot that `newer` doesn't have is gone. Neither of the two is touched.
    """
    kept = held.take(np.flatnonzero(~np.isin(held.plot_id, changed)))
    order = np.argsort(np.concatenate([kept.plot_id, newer.plot_id]), kind="stable")
    place = np.empty(len(order), dtype=np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    arrays = {name: np.concatenate([getattr(kept, name), getattr(newer, name)])[order] for name in PER_PLOT}
    return Columns(
        revision=newer.revision,
        day=newer.day,
        power=steps_together(kept.power, newer.power, place, len(kept)),
        points=newer.points,
        **arrays,
    )


def steps_together(kept: PowerSteps, newer: PowerSteps, place: NDArray[np.int32], first: int) -> PowerSteps:
    """The steps of both, by the places of their plots in the whole; those of `newer` come behind `first` plots."""
    return PowerSteps.ordered(
        np.concatenate([place[kept.plot], place[newer.plot + first]]),
        np.concatenate([kept.from_day, newer.from_day]),
        np.concatenate([kept.mw, newer.mw]),
        np.concatenate([kept.firm, newer.firm]),
    )
