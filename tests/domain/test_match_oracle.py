"""Independent libraries agree: SPOTIS and RIM (pymcdm), piecewise-linear functions (mcda), a weighted sum (scikit-criteria)."""

from __future__ import annotations

import warnings
from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymcdm.methods import RIM, SPOTIS

from landbank.domain.columns import columns_of
from landbank.domain.match import match
from landbank.domain.need import Need, Wish
from landbank.domain.value import value_at

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


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.integers(0, 1_000), min_size=4, max_size=4, unique=True).map(sorted),
    st.lists(st.floats(0, 1), min_size=1, max_size=6),
)
def test_ideal_interval_is_worth_what_the_reference_ideal_method_says(
    bounds: list[int], shares: list[float]
) -> None:
    low, first, last, high = bounds
    amounts = [low + share * (high - low) for share in shares]
    columns = columns_of([{"plot_id": n, "area_m2": amount} for n, amount in enumerate(amounts)], day=DAY)
    wish = Wish("area_m2", ((low, 0.0), (first, 1.0), (last, 1.0), (high, 0.0)))
    found = {one.plot_id: one.score for one in match(Need(wishes=(wish,)), columns, on=DAY).matches}
    # Of one criterion the method's preference is its normalised value: 1 in the ideal, falling to 0 at the bounds.
    method = RIM(np.array([[low, high]], dtype=float), np.array([[first, last]], dtype=float))
    preference = method(np.array(amounts)[:, None], np.array([1.0]), np.array([1]), validation=False)
    assert [found[n] for n in range(len(amounts))] == pytest.approx(list(100 * preference), abs=1e-6)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.integers(0, 1_000), min_size=3, max_size=6, unique=True).map(sorted),
    st.lists(st.floats(0, 1), min_size=6, max_size=6),
    st.floats(0, 1),
)
def test_curve_is_worth_what_a_piecewise_linear_function_is(
    xs: list[int], vs: list[float], share: float
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library wants graphviz for its pictures
        from mcda.functions import PieceWiseFunction
    points = list(zip(map(float, xs), vs, strict=False))
    amount = xs[0] + share * (xs[-1] - xs[0])
    theirs = PieceWiseFunction(segments=[[list(left), list(right)] for left, right in pairwise(points)])
    assert value_at(np.array([amount]), tuple(points))[0] == pytest.approx(theirs(amount), abs=1e-9)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(*[st.integers(0, 10)] * len(SCALES)), min_size=2, max_size=6),
    st.lists(st.floats(0.1, 10), min_size=len(SCALES), max_size=len(SCALES)),
)
def test_score_is_the_weighted_sum_of_the_worth(tenths: list[tuple[int, ...]], weights: list[float]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import skcriteria as skc
        from skcriteria.agg.simple import WeightedSumModel
    rows = [
        {"plot_id": n, **dict(zip(SCALES, (float(value) for value in row), strict=True))}
        for n, row in enumerate(tenths)
    ]
    wishes = tuple(
        Wish(name, ((0, 0), (10, 1)), weight) for name, weight in zip(SCALES, weights, strict=True)
    )
    found = {
        one.plot_id: one.score
        for one in match(Need(wishes=wishes), columns_of(rows, day=DAY), on=DAY).matches
    }
    shares = np.array(weights) / sum(weights)
    problem = skc.mkdm(np.array(tenths) / 10, [max] * len(SCALES), weights=shares)
    theirs = WeightedSumModel().evaluate(problem).e_.score
    assert [found[n] for n in range(len(rows))] == pytest.approx(list(100 * theirs), abs=1e-9)
