"""Power of assemblies as steps: what is firm at the best plot, and above it what all plots have together."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import numpy as np

from landbank.domain.assembly.groups import Array, Floats, Groups
from landbank.domain.columns import Columns
from landbank.domain.power import PowerSteps, power_bounds

BEFORE_ALL: Final = date.min


def joined_power(columns: Columns, group: Groups) -> PowerSteps:
    """The power of each assembly from each day on which the power of one of its plots changes.

    Two rows a day: firm, the most that one plot surely has; and, where it is more or unknown, the sum of all, which
    is not said to be firm since neighbours may share a grid connection. Unknown at one plot is unknown in the sum.
    """
    steps = columns.power
    days = np.unique(steps.from_day[~np.isnat(steps.from_day)])
    has_steps = np.isin(np.arange(len(columns)), steps.plot)
    rows = [rows_of(columns, group, np.datetime64("NaT"), BEFORE_ALL, group.any(has_steps))]
    for day in days:
        changed = np.isin(np.arange(len(columns)), steps.plot[steps.from_day == day])
        rows.append(rows_of(columns, group, day, day.item(), group.any(changed)))
    number, from_day, mw, firm = (np.concatenate(part) for part in zip(*rows, strict=True))
    # A stable sort keeps the days in their order, and of one day the firm row first: what follows may replace it.
    order = np.argsort(number, kind="stable")
    return PowerSteps(number[order], from_day[order], mw[order], firm[order])


def rows_of(
    columns: Columns, group: Groups, from_day: Any, when: date, is_changed: Array
) -> tuple[Array, Array, Floats, Array]:
    """Number, day, MW and firm of the rows of one day, for the assemblies that change on it."""
    low, high = power_bounds(columns.power, len(columns), when, with_conditional=False)
    level, _ = power_bounds(columns.power, len(columns), when, with_conditional=True)
    # A level that is said not to replace a higher one for certain leaves the sum open.
    firm, total = group.most_known(low), group.sum(np.where(high > level, np.nan, level))
    number = np.flatnonzero(is_changed)
    is_more = is_changed & ~(total <= firm)
    numbers = np.concatenate([number, np.flatnonzero(is_more)])
    firmness = np.concatenate([np.ones(len(number)), np.zeros(int(is_more.sum()))])
    order = np.lexsort((-firmness, numbers))
    return (
        numbers[order].astype(np.int32),
        np.full(len(order), from_day, dtype="datetime64[D]"),
        np.concatenate([firm[number], total[is_more]])[order],
        firmness[order].astype(np.int8),
    )
