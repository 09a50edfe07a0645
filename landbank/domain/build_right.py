"""The floor area that a plan allows on a plot, from a degree of exploitation and the code that names what it is of.

A degree without its code says nothing: the code tells whether it is a share of the property's area or square
metres, and whether gross floor area or footprint.

Source: Boverket, Planbestämmelsekatalogen, egenskapsbestämmelser for utnyttjandegrad (codes of 2022-11-01).
"""

from __future__ import annotations

from enum import StrEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]

CODE_PREFIX = "DP_KM_Eg_"


class DegreeMeaning(StrEnum):
    """What a degree counts, and of what."""

    PERCENT_GROSS = "percent_gross"
    PERCENT_FOOTPRINT = "percent_footprint"
    M2_GROSS = "m2_gross"
    M2_GROSS_SHARED = "m2_gross_shared"
    M2_FOOTPRINT = "m2_footprint"


DEGREE_CODES: dict[str, DegreeMeaning] = {
    "Utnytt_StorstaAreaProc_BruttoAnv": DegreeMeaning.PERCENT_GROSS,
    "Utnytt_StorstaAreaProc_BruttoEgen": DegreeMeaning.PERCENT_GROSS,
    "Utnytt_StorstaAreaProc_ByggnadsAnv": DegreeMeaning.PERCENT_FOOTPRINT,
    "Utnytt_StorstaAreaProc_ByggnadsEgen": DegreeMeaning.PERCENT_FOOTPRINT,
    "Utnytt_StorstaAreaKvm_Brutto": DegreeMeaning.M2_GROSS_SHARED,
    "Utnytt_StorstaAreaKvm_BruttoFastigh": DegreeMeaning.M2_GROSS,
    "Utnytt_StorstaAreaKvm_BruttoAnv": DegreeMeaning.M2_GROSS_SHARED,
    "Utnytt_StorstaAreaKvm_ByggnadsareaFastigh": DegreeMeaning.M2_FOOTPRINT,
}
"""The largest-area codes without their common prefix; smallest-area codes say nothing of what is allowed."""

MEANINGS = tuple(DegreeMeaning)


def degree_meaning(code: str | None) -> DegreeMeaning | None:
    """What a degree with this code counts; None for a code that names no limit on the plot's floor area."""
    return DEGREE_CODES.get(code.removeprefix(CODE_PREFIX)) if code else None


def floor_area_bounds(degree: Floats, meaning: NDArray[np.int8], area_m2: Floats) -> tuple[Floats, Floats]:
    """Least and most gross floor area allowed, m²; NaN where a bound is unknown, equal where it is known.

    `meaning` is a place in `MEANINGS`, -1 for none. A footprint allows at least one storey of it, so it bounds
    from below only; square metres for a whole use or provision area bound from above only, as it may hold several
    plots, and a footprint for such an area bounds nothing.
    """
    share = degree / 100 * area_m2
    low = pick(
        meaning,
        {
            DegreeMeaning.PERCENT_GROSS: share,
            DegreeMeaning.PERCENT_FOOTPRINT: share,
            DegreeMeaning.M2_GROSS: degree,
            DegreeMeaning.M2_FOOTPRINT: degree,
        },
    )
    high = pick(
        meaning,
        {
            DegreeMeaning.PERCENT_GROSS: share,
            DegreeMeaning.M2_GROSS: degree,
            DegreeMeaning.M2_GROSS_SHARED: degree,
        },
    )
    return low, high


def pick(meaning: NDArray[np.int8], choices: dict[DegreeMeaning, Floats]) -> Floats:
    """The choice of each plot's meaning, NaN where it has none."""
    picked = np.full(len(meaning), np.nan)
    for kind, values in choices.items():
        here = meaning == MEANINGS.index(kind)
        picked[here] = values[here]
    return picked
