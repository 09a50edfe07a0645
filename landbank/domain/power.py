"""Electric power at a plot as a step function of time: each row is the level available from its date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from landbank.domain.kleene import TRUE, UNKNOWN, Bools, Tri

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class PowerSteps:
    """The levels of all plots, ordered by plot, date and level.

    `plot` is a place in the columns; `from_day` is NaT for a level that has always been there; `mw` is NaN where
    a connection is known but not its capacity; `firm` says whether the level is promised or conditional.
    """

    plot: NDArray[np.int32]
    from_day: NDArray[np.datetime64]
    mw: Floats
    firm: Tri

    @classmethod
    def ordered(
        cls, plot: NDArray[np.int32], from_day: NDArray[np.datetime64], mw: Floats, firm: Tri
    ) -> PowerSteps:
        """The steps in their order, whatever order they come in."""
        started = np.where(np.isnat(from_day), np.iinfo(np.int64).min, from_day.astype(np.int64))
        order = np.lexsort((np.nan_to_num(mw, nan=-1.0), started, plot))
        return cls(plot[order], from_day[order], mw[order], firm[order])

    def of(self, places: NDArray[np.int64], size: int) -> PowerSteps:
        """The steps of some plots only; `places` ascending, among `size` plots."""
        renumbered = np.full(size, -1, dtype=np.int32)
        renumbered[places] = np.arange(len(places), dtype=np.int32)
        kept = renumbered[self.plot] >= 0
        return PowerSteps(renumbered[self.plot[kept]], self.from_day[kept], self.mw[kept], self.firm[kept])


def power_bounds(
    steps: PowerSteps, size: int, when: date, *, with_conditional: bool
) -> tuple[Floats, Floats]:
    """Least and most power on the day, MW, per plot; NaN where nothing is stated, equal where it is known.

    A later row replaces the earlier level. A plot whose first row starts later, or holds only for conditional
    power where firm is asked, has 0: the statement says so. Rows that don't say whether they are firm give bounds.
    """
    if with_conditional:
        level = level_on(steps, size, when, np.ones(len(steps.plot), dtype=np.bool_))
        return level, level
    level = level_on(steps, size, when, steps.firm == TRUE)
    low, high = level.copy(), level.copy()
    doubtful = possibly_in_force(steps, size, when)
    with np.errstate(invalid="ignore"):  # an unknown level makes the bound unknown, which is meant
        np.minimum.at(low, steps.plot[doubtful], steps.mw[doubtful])
        np.maximum.at(high, steps.plot[doubtful], steps.mw[doubtful])
    return low, high


def level_on(steps: PowerSteps, size: int, when: date, counts: Bools) -> Floats:
    """The level in force on the day among the rows that count."""
    level = np.full(size, np.nan)
    level[steps.plot[~np.isnan(steps.mw)]] = 0.0
    in_force = counts & has_started(steps, when)
    # Rows are ordered by plot and date, and of several values for one place the last one stays.
    level[steps.plot[in_force]] = steps.mw[in_force]
    return level


def possibly_in_force(steps: PowerSteps, size: int, when: date) -> Bools:
    """The started rows that may be firm and come after the last row that is: each may be the level in force."""
    started = has_started(steps, when)
    order = np.arange(len(steps.plot))
    last_firm = np.full(size, -1)
    firm = started & (steps.firm == TRUE)
    last_firm[steps.plot[firm]] = order[firm]
    doubtful: Bools = started & (steps.firm == UNKNOWN) & (order > last_firm[steps.plot])
    return doubtful


def has_started(steps: PowerSteps, when: date) -> Bools:
    """Whether each row's date has come; a row without one has always held (NaT is never after a day)."""
    return ~(steps.from_day > np.datetime64(when, "D"))
