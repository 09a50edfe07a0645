"""The quality score by hand."""

from __future__ import annotations

import numpy as np
import pytest

from landbank.domain.codes import KeyFact
from landbank.domain.freshness import KEY_NAMES
from landbank.domain.quality import Quality, quality_of

VALUES = len(KEY_NAMES)


def test_score_is_the_mean_of_five_shares() -> None:
    counts = Quality(
        plots=4, values_counted=40, values_known=30, values_aging=20, values_fresh=10,
        plots_outlined=4, plots_reachable=3, plots_sound=1,
    )  # fmt: skip

    assert (counts.known, counts.fresh, counts.outlined, counts.reachable, counts.sound) == (
        0.75, 0.5, 1.0, 0.75, 0.25,
    )  # fmt: skip
    assert counts.score == pytest.approx(65.0)


def test_empty_inventory_has_no_score_and_unknown_values_are_not_fresh() -> None:
    assert Quality().score is None
    nothing = Quality(plots=1, values_counted=12)
    assert (nothing.known, nothing.fresh, nothing.score) == (0.0, 0.0, 0.0)


def test_counts_of_two_municipalities_add_up() -> None:
    one = Quality(1, 10, 5, 4, 3, 1, 0, 1)

    assert one + one == Quality(2, 20, 10, 8, 6, 2, 0, 2)


def test_counts_by_hand() -> None:
    known = np.ones((2, VALUES), dtype=np.int8)
    known[1, KEY_NAMES.index(KeyFact.OUTLINE)] = 0
    known[1, KEY_NAMES.index(KeyFact.RESTRICTIONS)] = -1
    age = np.full((2, VALUES), 10.0)
    age[0, KEY_NAMES.index(KeyFact.PRICE)] = 101.0
    age[1, KEY_NAMES.index(KeyFact.CONTACT)] = np.nan
    most = np.full(VALUES, 100.0)
    most[KEY_NAMES.index(KeyFact.OUTLINE)] = np.inf

    told = quality_of(known, age, most, np.array([True, False]))

    assert told == Quality(
        plots=2,
        values_counted=2 * VALUES - 1,
        values_known=2 * VALUES - 2,
        values_aging=2 * VALUES - 3,
        values_fresh=2 * VALUES - 5,
        plots_outlined=1,
        plots_reachable=2,
        plots_sound=1,
    )
