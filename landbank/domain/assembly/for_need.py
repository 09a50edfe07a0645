"""Assemblies for a need: which plots may take part, what they add up to, and the sets that are together enough."""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np

from landbank.domain.assembly.adjacency import Adjacency
from landbank.domain.assembly.sets import MOST_FOUND, MOST_PLOTS, Assemblies, Flags, Floats, find_assemblies
from landbank.domain.codes import PublicLabel
from landbank.domain.columns import Columns
from landbank.domain.criterion import Op
from landbank.domain.kleene import FALSE
from landbank.domain.label import LABELS
from landbank.domain.musts import asked_for, judge
from landbank.domain.need import Must, Need
from landbank.domain.reading import Asked, label

ADDED: Final = {"area_m2": "area_m2", "net_area_m2": "net_area_m2", "floor_area_m2": "floor_area_low_m2"}
"""Criteria whose values add up over plots, and the column that surely holds that much."""

EACH: Final = ("use", "planning_state", "municipality", "tenure", "ready_by", "height_max_m", "restrictions")
"""Criteria that the whole meets only if every plot does: one plot that fails would fail the assembly."""

AVAILABLE: Final = (PublicLabel.LEDIG_NU, PublicLabel.LEDIG_SENARE, PublicLabel.KOMMANDE)


def assemblies_for(
    need: Need,
    columns: Columns,
    adjacency: Adjacency,
    *,
    on: date,
    most_plots: int = MOST_PLOTS,
    most_found: int = MOST_FOUND,
) -> Assemblies:
    """All minimal sets of neighbouring available plots that together reach the need's least areas.

    Places are those of the columns, which the adjacency must be of. A need that asks for no least area has none.
    The sets are candidates: `joined_columns` and the ordinary match say how each meets the whole need.

    Raises
    ------
    ValueError
        The adjacency is of other plots than the columns.
    """
    if adjacency.size != len(columns):
        raise ValueError(f"the adjacency is of {adjacency.size} plots, the columns of {len(columns)}")
    musts = added_musts(need)
    if not musts:
        return Assemblies((), most_plots, more_exist=False)
    return find_assemblies(
        adjacency,
        added_amounts(musts, columns),
        [least(must) for must in musts],
        is_candidate=may_take_part(need, columns, on),
        most_plots=most_plots,
        most_found=most_found,
    )


def added_musts(need: Need) -> list[Must]:
    """The musts with a least amount above 0 that plots can reach together."""
    return [must for must in need.musts if must.criterion in ADDED and least(must) > 0]


def least(must: Must) -> float:
    """The least amount that the must allows, 0 for one that only says how much at most."""
    if isinstance(must.threshold, tuple):
        return float(must.threshold[0])
    return float(must.threshold) if must.op is Op.AT_LEAST and isinstance(must.threshold, float) else 0.0


def added_amounts(musts: list[Must], columns: Columns) -> Floats:
    """What each plot surely has of each must's amount: (plots, musts), NaN where unknown."""
    return np.column_stack([getattr(columns, ADDED[must.criterion]) for must in musts])


def may_take_part(need: Need, columns: Columns, on: date) -> Flags:
    """The plots that are or will be available and fail no must that every plot has to meet."""
    labels = label(columns, Asked(on=on, date=need.date or on)).key
    may: Flags = np.isin(labels, [LABELS.index(one) for one in AVAILABLE])
    for must in need.musts:
        if must.criterion in EACH:
            may &= judge(must, columns, asked_for(need, on, conditional=must.conditional)) != FALSE
    return may
