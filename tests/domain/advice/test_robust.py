"""How often each plot gets each rank: exact areas, brute force over all plots, and what must hold of any shares."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from landbank.domain.advice.contenders import AHEAD, RANKS, Contenders, contenders, open_worths, survivors
from landbank.domain.advice.robust import Label, Robustness, label_of, rank_shares, robustness, standard_error
from landbank.domain.advice.weights import draw_weights
from landbank.domain.columns import columns_of
from landbank.domain.match import Assessment, assess
from landbank.domain.need import Must, Need, Wish

DAY = date(2026, 11, 23)
MANY = settings(max_examples=300, deadline=None)
SAME_EVERY_RUN = settings(max_examples=300, deadline=None, derandomize=True)
SEEDS = st.integers(0, 2**32 - 1)
SAMPLES = 60
LINES = ("area_m2", "motorway_m", "port_m")
"""Criteria whose curves below are v = amount / 1000, so that a plot's amounts are its worths."""


def field_of(found: Assessment, samples: int = SAMPLES, seed: int = 1, shown: int = 20) -> Contenders:
    """The contenders of an assessment."""
    rng = np.random.Generator(np.random.PCG64(seed))
    weights = draw_weights(found.need, samples, rng)
    return contenders(found, open_worths(found), weights, rng=rng, shown=shown)


def robust(found: Assessment, samples: int = SAMPLES, seed: int = 1) -> Robustness:
    """The robustness of an assessment that has an open plot and a wish."""
    told = robustness(found, field_of(found, samples, seed))
    assert told is not None
    return told


def straight(plots: list[tuple[float, ...]], weights: tuple[Any, ...]) -> Assessment:
    """Plots with these worths (0 to 1) for wishes weighted so."""
    rows = [
        {"plot_id": n, **{name: v * 1_000 for name, v in zip(LINES, worths, strict=False)}}
        for n, worths in enumerate(plots, 1)
    ]
    wishes = tuple(
        Wish(name, ((0, 0), (1_000, 1)), weight) for name, weight in zip(LINES, weights, strict=False)
    )
    return assess(Need(wishes=wishes), columns_of(rows, day=DAY), on=DAY)


def winning_areas(plots: list[tuple[float, ...]], *, is_ordered: bool) -> list[float]:
    """The exact share of the weights (of three wishes) under which each plot is first, by clipping polygons."""
    corners = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0)]
    if is_ordered:  # w1 >= w2 >= w3
        corners = [(1.0, 0.0), (1 / 2, 1 / 2), (1 / 3, 1 / 3)]
    areas = []
    for one in plots:
        region = corners
        for other in plots:
            a, b, c = (x - y for x, y in zip(one, other, strict=True))
            region = clipped(region, lambda x, y, a=a, b=b, c=c: (a - c) * x + (b - c) * y + c)
        areas.append(area_of(region) / area_of(corners))
    return areas


def clipped(corners: list[Any], height: Callable[..., float]) -> list[Any]:
    """The part of a convex polygon over which a linear height is not negative."""
    kept: list[Any] = []
    for here, there in zip(corners, corners[1:] + corners[:1], strict=True):
        at_here, at_there = height(*here), height(*there)
        if at_here >= 0:
            kept.append(here)
        if at_here * at_there < 0:
            share = at_here / (at_here - at_there)
            kept.append(tuple(x + share * (y - x) for x, y in zip(here, there, strict=True)))
    return kept


def area_of(corners: list[Any]) -> float:
    """The area of a polygon."""
    return float(shapely.Polygon(corners).area) if len(corners) > 2 else 0.0


@pytest.mark.parametrize(
    ("weights", "is_ordered"), [(("useful",) * 3, False), (("decisive", "important", "nice"), True)]
)
@settings(max_examples=150, deadline=None, derandomize=True)
@given(seed=SEEDS)
def test_first_ranks_are_the_areas_of_the_weights_that_give_them(
    weights: tuple[str, ...], is_ordered: bool, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    plots = [tuple(row) for row in rng.random((int(rng.integers(2, 7)), 3))]
    found = robust(straight(plots, weights), samples=2_000)
    areas = winning_areas(plots, is_ordered=is_ordered)
    for plot in found.plots:
        area = areas[plot.plot_id - 1]
        assert plot.first == pytest.approx(area, abs=4.5 * standard_error(area, 2_000) + 0.001)


@MANY
@given(SEEDS)
def test_shares_of_a_plot_and_shares_of_a_rank_sum_to_one(
    random_problem: Callable[..., Any], seed: int
) -> None:
    found = random_problem(seed, plots=30).found
    assume(len(found.places))
    told = robust(found)
    for plot in told.plots:
        assert sum(plot.by_rank) + plot.later == pytest.approx(1)
        assert 0 <= plot.first <= plot.top3 <= 1 + 1e-9
    for rank in range(min(RANKS, len(found.places))):
        assert sum(plot.by_rank[rank] for plot in told.plots) + told.others[rank] == pytest.approx(1)
    for i, row in enumerate(told.before):
        for k, share in enumerate(row):
            assert share + told.before[k][i] == pytest.approx(1)


@MANY
@given(SEEDS)
def test_plot_of_tier_b_is_never_before_one_of_tier_a(random_problem: Callable[..., Any], seed: int) -> None:
    found = random_problem(seed, plots=30).found
    met = int(np.count_nonzero(found.tiers == 0))
    assume(0 < met < len(found.places))
    for place, plot in enumerate(robust(found).plots):
        if found.ranks.tier[place] == 1:
            assert sum(plot.by_rank[:met]) == 0


@MANY
@given(SEEDS)
def test_plot_that_is_beaten_on_every_wish_is_never_first(seed: int) -> None:
    rng = np.random.default_rng(seed)
    best = tuple(rng.uniform(0.5, 1, 3))
    worse = tuple(v * 0.9 for v in best)
    told = robust(straight([best, worse, tuple(rng.random(3))], ("useful", "nice", "useful")))
    assert next(plot for plot in told.plots if plot.plot_id == 2).first == 0


@MANY
@given(SEEDS)
def test_twins_have_the_same_shares(seed: int) -> None:
    rng = np.random.default_rng(seed)
    plots = [tuple(row) for row in rng.random((4, 3))]
    told = {plot.plot_id: plot for plot in robust(straight([*plots, plots[2]], ("nice",) * 3)).plots}
    assert told[3].by_rank == told[5].by_rank


@MANY
@given(SEEDS)
def test_plot_is_first_under_its_own_central_weights(seed: int) -> None:
    # The weights under which it is first are convex, so their mean is one of them.
    rng = np.random.default_rng(seed)
    plots = rng.random((5, 3))
    for plot in robust(straight([tuple(row) for row in plots], ("useful",) * 3)).plots:
        if plot.central is not None:
            assert sum(plot.central) == pytest.approx(1)
            scores = plots @ plot.central
            assert scores[plot.plot_id - 1] == pytest.approx(scores.max())


@pytest.fixture(scope="module")
def many_plots() -> Any:
    """Four hundred and fifty plots, a part of them with gaps, so that most never reach a first rank."""
    rng = np.random.default_rng(11)
    rows = []
    for n in range(1, 451):
        gap = n % 3 == 0
        rows.append(
            {
                "plot_id": n,
                "area_m2": None if gap and n % 2 else float(rng.random() * 1_000),
                "motorway_m": None if gap and n % 5 else float(rng.random() * 1_000),
                "port_m": float(rng.random() * 1_000),
                "rail_m": float(rng.integers(0, 5) * 250),
                "has_water": None if n % 7 == 0 else n % 3 < 2,
            }
        )
    return columns_of(rows, day=DAY)


def need_over_many(seed: int) -> Need:
    """A need with or without a must, with one to four wishes over the plots."""
    rng = np.random.default_rng(seed)
    names = [*LINES, "rail_m"][: int(rng.integers(1, 5))]
    weight = (lambda: float(rng.uniform(0.1, 5))) if rng.random() < 0.5 else (lambda: "useful")
    wishes = tuple(Wish(name, ((0, 0), (float(rng.integers(1, 9)) * 150, 1)), weight()) for name in names)
    least = float(rng.choice([0, 500, 990]))
    musts = (Must("water", "is", True),) if rng.random() < 0.5 else (Must("port_m", ">=", least),)
    return Need(musts, wishes)


@MANY
@given(SEEDS)
def test_just_the_plots_are_tried_whose_best_reaches_the_bar_in_some_sample(
    many_plots: Any, seed: int
) -> None:
    found = assess(need_over_many(seed), many_plots, on=DAY)
    assume(len(found.places) > 150)
    rng = np.random.default_rng(seed)
    weights, worths = draw_weights(found.need, 50, rng), open_worths(found)
    tier_a = int(np.count_nonzero(found.ranks.tier == 0))
    rest = np.arange(20, tier_a if tier_a > 20 else len(found.places))
    offset = AHEAD if tier_a > 20 else 0
    bars = offset + rng.uniform(40, 99, 50)
    best = 100 * np.column_stack([one.high for one in worths])[rest] @ weights.T + offset
    expected = rest[np.any(best >= bars, axis=1)]
    tried, untried = survivors(found, worths, rest, weights=weights, bars=bars)
    assert (tried.tolist(), untried) == (expected.tolist(), 0)


@MANY
@given(SEEDS)
def test_where_all_is_known_the_shares_are_those_of_ordering_all_plots(many_plots: Any, seed: int) -> None:
    plots = many_plots.take(np.flatnonzero(np.arange(1, 451) % 3 != 0))
    found = assess(need_over_many(seed), plots, on=DAY)
    assume(len(found.places) > 150)
    field = field_of(found, samples=20)
    worth = np.column_stack([one.point for one in open_worths(found)])
    scores = 100 * worth @ field.weights.T + np.where(found.ranks.tier == 0, AHEAD, 0)[:, None]
    every = rank_shares(scores, field.shown)
    assert np.allclose(rank_shares(field.scores, field.shown), every, atol=1e-12)


def test_where_too_much_is_unknown_of_too_many_the_work_is_bounded_and_the_cut_is_told() -> None:
    names = [
        "area_m2",
        "net_area_m2",
        "motorway_m",
        "port_m",
        "rail_m",
        "airport_m",
        "height_max_m",
        "floor_area_m2",
    ]
    columns = columns_of([{"plot_id": n} for n in range(1, 3_001)], day=DAY)
    found = assess(Need(wishes=tuple(Wish(name) for name in names)), columns, on=DAY)
    told = robust(found, samples=50)
    # Eight unknown values each: 4 000 are drawn beyond the first 128 plots, which is 500 plots.
    assert told.left_out == 3_000 - 128 - 500
    assert sum(plot.first for plot in told.plots) + told.others[0] == pytest.approx(1)


def test_same_seed_gives_the_same_shares_and_another_seed_nearly_the_same(
    random_problem: Callable[..., Any],
) -> None:
    found = random_problem(5, plots=30, musts=0).found
    first, again, other = (robust(found, 2_000, seed) for seed in (3, 3, 4))
    assert first == again
    assert first != other
    assert first.plots[0].first == pytest.approx(other.plots[0].first, abs=0.06)


def test_unknown_worth_is_drawn_evenly_between_its_bounds() -> None:
    # Plot 1 is worth 0.25 for certain, plot 2 anything from 0 to 1: it is ahead in three quarters of the cases.
    columns = columns_of([{"plot_id": 1, "area_m2": 250.0}, {"plot_id": 2}], day=DAY)
    found = assess(Need(wishes=(Wish("area_m2", ((0, 0), (1_000, 1))),)), columns, on=DAY)
    told = {plot.plot_id: plot.first for plot in robust(found, 2_000).plots}
    assert told == {1: pytest.approx(0.25, abs=0.04), 2: pytest.approx(0.75, abs=0.04)}


def test_equal_scores_share_their_ranks_in_equal_parts() -> None:
    shares = rank_shares(np.array([[5.0], [5.0], [9.0], [1.0]]), 4)[:, :4, 0]
    assert shares.tolist() == [[0, 0.5, 0.5, 0], [0, 0.5, 0.5, 0], [1, 0, 0, 0], [0, 0, 0, 1]]


@pytest.mark.parametrize(
    ("share", "label"),
    [(1, "stable"), (0.796, "stable"), (0.794, "leaning"), (0.496, "leaning"), (0.494, "open"), (0, "open")],
)
def test_first_rank_is_called_stable_from_eighty_and_leaning_from_fifty_per_cent(
    share: float, label: str
) -> None:
    assert label_of(share) is Label(label)


def test_standard_error_of_a_half_in_two_thousand_samples_is_just_over_one_per_cent() -> None:
    assert standard_error(0.5, 2_000) == pytest.approx(0.01118, abs=1e-5)


def test_nothing_is_told_where_nothing_is_wished_for_or_no_plot_is_open(
    random_problem: Callable[..., Any],
) -> None:
    without = random_problem(1, wishes=0).found
    assert robustness(without, field_of(without)) is None
    none = assess(
        Need((Must("area_m2", ">=", 1e9),), (Wish("fibre"),)), random_problem(1, gaps=0).columns, on=DAY
    )
    assert robustness(none, field_of(none)) is None
