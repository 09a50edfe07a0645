"""An independent library agrees: for linear value functions the score is 1 - SPOTIS on the same bounds."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymcdm.methods import SPOTIS

from landbank.domain.columns import columns_of
from landbank.domain.match import match
from landbank.domain.need import Need, Wish

DAY = date(2026, 11, 23)
SCALES = {
    "area_m2": (0, 50_000, 1),
    "price_sek_per_m2": (0, 1_500, -1),
    "motorway_m": (0, 20_000, -1),
    "height_max_m": (0, 40, 1),
}
"""Criterion: least, most, and whether more (1) or less (-1) is better."""


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(*(st.floats(low, high) for low, high, _ in SCALES.values())), min_size=2, max_size=10),
    st.lists(st.floats(0.1, 10), min_size=len(SCALES), max_size=len(SCALES)),
)
def test_score_is_one_minus_spotis(plots: list[tuple[float, ...]], weights: list[float]) -> None:
    columns = columns_of(
        [{"plot_id": n, **dict(zip(SCALES, values, strict=True))} for n, values in enumerate(plots)], day=DAY
    )
    wishes = tuple(
        Wish(name, ((low, 0.0), (high, 1.0)) if better > 0 else ((low, 1.0), (high, 0.0)), weight)
        for (name, (low, high, better)), weight in zip(SCALES.items(), weights, strict=True)
    )
    found = {one.plot_id: one.score for one in match(Need(wishes=wishes), columns, on=DAY).matches}
    spotis = SPOTIS(np.array([[low, high] for low, high, _ in SCALES.values()], dtype=float))
    # The validation only warns of dominated plots, which are meant here.
    distances = spotis(
        np.array(plots),
        np.array(weights) / sum(weights),
        np.array([better for _, _, better in SCALES.values()]),
        validation=False,
    )
    assert [found[n] for n in range(len(plots))] == pytest.approx(list(100 * (1 - distances)), abs=1e-9)
