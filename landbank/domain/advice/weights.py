"""Weights that agree with what was said: random draws of them, to see how much an answer rests on the exact numbers.

Source: R. Lahdelma and P. Salminen, SMAA-2: Stochastic multicriteria acceptability analysis for group decision
making, Operations Research 49 (2001).
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from landbank.domain.need import Need, Weight, Wish
from landbank.domain.wishes import shares

Floats: TypeAlias = NDArray[np.float64]

NEARNESS: Final = 50.0
"""Kappa of the Dirichlet distribution around stated numbers: a weight of 0.4 then varies by about 0.07."""


class Basis(StrEnum):
    """What the drawn weights keep: the order that words give, or nearness to stated numbers."""

    ORDER = "order"
    NUMBERS = "numbers"


def basis_of(need: Need) -> Basis:
    """Words give an order; one number among them makes all of them numbers."""
    return Basis.ORDER if all(isinstance(wish.weight, Weight) for wish in need.wishes) else Basis.NUMBERS


def draw_weights(need: Need, samples: int, rng: np.random.Generator) -> Floats:
    """Weights of each sample (samples x wishes), each row summing to 1.

    By order: uniform over all weights in which a wish of a heavier word weighs at least as much as one of a
    lighter word; wishes of the same word may weigh anything against each other. By numbers: Dirichlet with
    mean at the stated shares.
    """
    if basis_of(need) is Basis.NUMBERS:
        return normalised(rng.standard_gamma(NEARNESS * np.array(shares(need)), (samples, len(need.wishes))))
    drawn = normalised(rng.standard_exponential((samples, len(need.wishes))))
    falling = -np.sort(-drawn, axis=1)
    # Each wish's place among the weights: by its word first, then by its own draw, which is as likely in any order.
    place = np.argsort(np.argsort(10.0 * np.array(classes(need.wishes)) - drawn, axis=1), axis=1)
    return np.take_along_axis(falling, place, axis=1)


def classes(wishes: Sequence[Wish]) -> list[int]:
    """The place of each wish's word, 0 for the heaviest; all 0 where there are numbers."""
    words = list(Weight)
    return [words.index(wish.weight) if isinstance(wish.weight, Weight) else 0 for wish in wishes]


def normalised(drawn: Floats) -> Floats:
    """Rows divided by their sums."""
    rows: Floats = drawn / drawn.sum(axis=1, keepdims=True)
    return rows
