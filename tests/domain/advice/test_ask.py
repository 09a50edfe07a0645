"""The question worth asking first: by hand, and against filling the answer in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landbank.domain.advice.ask import Question, Race, questions
from landbank.domain.advice.contenders import contenders, open_worths
from landbank.domain.advice.weights import draw_weights
from landbank.domain.columns import columns_of
from landbank.domain.match import Assessment, assess
from landbank.domain.need import Must, Need, Wish
from landbank.domain.parties import Party

DAY = date(2026, 11, 23)
LINE = ((0, 0), (1_000, 1))
AREA, PRICE = Wish("area_m2", LINE, 3.0), Wish("price_sek_per_m2", ((0, 1), (1_000, 0)), 1.0)


def asked(found: Assessment, samples: int = 500) -> tuple[Question, ...]:
    """The questions of an assessment."""
    rng = np.random.Generator(np.random.PCG64(1))
    weights = draw_weights(found.need, samples, rng)
    return questions(found, contenders(found, open_worths(found), weights, rng=rng, shown=20))


def of(need: Need, *plots: dict[str, Any]) -> tuple[Question, ...]:
    """The questions over plots numbered from 1."""
    return asked(
        assess(
            need, columns_of([{"plot_id": n, **facts} for n, facts in enumerate(plots, 1)], day=DAY), on=DAY
        )
    )


def known(area: float, price: float | None = 500.0, **facts: Any) -> dict[str, Any]:
    """A plot with an area and a price."""
    return {"area_m2": area, "price_sek_per_m2": price, **facts}


def test_value_that_decides_over_the_first_three_is_asked_of_who_knows_it() -> None:
    # The fourth's price moves it by 25 points around the third; the fifth is far behind whatever it costs.
    first, *_ = of(
        Need(wishes=(AREA, PRICE)), known(900), known(850), known(800), known(780, None), known(100, None)
    )
    assert (first.plot_id, first.criterion, first.to, first.is_must) == (
        4,
        "price_sek_per_m2",
        Party.OWNER,
        False,
    )
    assert first.effect == pytest.approx(first.at_best - first.at_worst)
    assert first.at_best > 0.95
    assert first.at_worst < 0.05


def test_answer_that_changes_nothing_is_not_asked_for() -> None:
    assert of(Need(wishes=(AREA, PRICE)), known(900), known(850), known(800), known(100, None)) == ()


def test_unknown_must_of_a_good_plot_of_tier_b_is_asked_for() -> None:
    need = Need((Must("fibre", "is", True),), (AREA,))
    plots = [known(900 - n, has_fibre=True) for n in range(4)]
    first, *others = of(need, *plots, known(950), known(100))
    assert (first.plot_id, first.criterion, first.to, first.is_must) == (5, "fibre", Party.GRID_OWNER, True)
    assert (first.at_worst, first.at_best, first.effect) == (0, 1, 1)
    assert others == []


def test_question_that_needs_another_answer_too_counts_half() -> None:
    need = Need((Must("fibre", "is", True), Must("gas", "is", True)), (AREA,))
    plots = [known(900 - n, has_fibre=True, has_gas=True) for n in range(4)]
    told = of(need, *plots, known(950), known(940, has_gas=True))
    assert [(one.plot_id, one.criterion, one.effect) for one in told] == [
        (6, "fibre", 1), (5, "fibre", 0.5), (5, "gas", 0.5),
    ]  # fmt: skip


def test_plot_of_tier_b_is_asked_about_though_only_plots_of_tier_a_are_shown() -> None:
    plots = [known(500 + n / 100, has_fibre=True) for n in range(30)]
    first, *_ = of(Need((Must("fibre", "is", True),), (AREA,), limit=5), *plots, known(950))
    assert first.plot_id == 31


def test_need_without_wishes_asks_for_musts_alone() -> None:
    (one,) = of(Need((Must("fibre", "is", True),)), {"has_fibre": False}, {})
    assert (one.plot_id, one.criterion, one.effect) == (2, "fibre", 1)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_effects_fall_are_positive_and_are_asked_of_unknown_values_only(
    random_problem: Callable[..., Any], seed: int
) -> None:
    problem = random_problem(seed, plots=14, gaps=0.2)
    told = asked(problem.found, samples=60)
    effects = [round(one.effect, 6) for one in told]
    assert effects == sorted(effects, reverse=True)
    rows = {row["plot_id"]: row for row in problem.rows}
    columns = {
        "fibre": "has_fibre",
        "use": "use",
        "area_m2": "area_m2",
        "motorway_m": "motorway_m",
        "tenure": "tenures",
    }
    for one in told:
        assert 0 <= one.at_worst <= one.at_best <= 1
        assert max(one.effect, one.effect_on_first) > 0
        if one.criterion in columns:
            assert rows[one.plot_id][columns[one.criterion]] is None


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([1, 3]))
def test_chance_is_how_often_fewer_others_are_ahead_than_there_are_ranks(seed: int, ranks: int) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.integers(0, 6, (int(rng.integers(1, 8)), 30)).astype(float)
    place, other = int(rng.integers(len(scores))), rng.integers(0, 6, 30).astype(float)
    rivals = np.delete(scores, place, axis=0)
    expected = float(np.mean((rivals > other).sum(axis=0) < ranks))
    assert Race.over(scores).chance(place, other, ranks) == expected
