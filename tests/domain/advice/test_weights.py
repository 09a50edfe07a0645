"""Drawn weights keep what was said: the order of words, or nearness to numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landbank.domain.advice.weights import Basis, basis_of, draw_weights
from landbank.domain.need import Need, Weight, Wish

CRITERIA = ("area_m2", "price_sek_per_m2", "motorway_m", "port_m", "rail_m")
SAMPLES = 20_000


def need_with(*weights: str | float) -> Need:
    """A need with so weighted wishes."""
    return Need(
        wishes=tuple(Wish(name, weight=weight) for name, weight in zip(CRITERIA, weights, strict=False))
    )


def drawn(*weights: str | float, samples: int = SAMPLES) -> np.ndarray:
    """Weights drawn for wishes weighted so."""
    return draw_weights(need_with(*weights), samples, np.random.Generator(np.random.PCG64(1)))


def test_mean_of_strictly_ordered_weights_are_the_rank_order_centroids() -> None:
    # Edwards and Barron: w_k = 1/J sum_{i=k..J} 1/i; for four (25/48, 13/48, 7/48, 3/48).
    found = drawn("decisive", "important", "useful", "nice")
    assert found.mean(axis=0) == pytest.approx([25 / 48, 13 / 48, 7 / 48, 3 / 48], abs=0.005)


def test_wishes_of_one_word_share_their_places_evenly() -> None:
    # Of three places the first two, (11/18, 5/18), are shared: 8/18 each; the last keeps 2/18.
    found = drawn("important", "nice", "important")
    assert found.mean(axis=0) == pytest.approx([8 / 18, 2 / 18, 8 / 18], abs=0.005)
    assert 0.48 < np.mean(found[:, 0] > found[:, 2]) < 0.52


def test_numbers_are_means_with_the_spread_of_a_dirichlet_distribution() -> None:
    found = drawn(4.0, 1.0)
    assert basis_of(need_with(4.0, "nice")) is Basis.NUMBERS
    assert found.mean(axis=0) == pytest.approx([0.8, 0.2], abs=0.003)
    assert found[:, 0].std() == pytest.approx((0.8 * 0.2 / 51) ** 0.5, abs=0.002)


def test_single_wish_has_all_the_weight() -> None:
    assert np.all(drawn("nice", samples=5) == 1)
    assert np.all(drawn(0.001, samples=5) == 1)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(list(Weight)), min_size=1, max_size=5))
def test_heavier_word_never_weighs_less_and_weights_sum_to_one(words: list[Weight]) -> None:
    found = drawn(*words, samples=50)
    assert found.sum(axis=1) == pytest.approx(np.ones(50))
    order = list(Weight)
    for left, heavy in enumerate(words):
        for right, light in enumerate(words):
            if order.index(heavy) < order.index(light):
                assert np.all(found[:, left] >= found[:, right])
