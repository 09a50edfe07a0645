"""Intervals of weights, trade-offs between wishes, and wishes that ask for the same thing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from landbank.domain.advice.alike import alike_wishes, evenly
from landbank.domain.advice.contenders import open_worths
from landbank.domain.advice.stability import stabilities
from landbank.domain.advice.trade_offs import natural_step, trade_offs
from landbank.domain.columns import columns_of
from landbank.domain.criteria import CRITERIA
from landbank.domain.match import TIE, assess
from landbank.domain.need import Need, Wish
from landbank.domain.value import value_at
from landbank.domain.wishes import curve_of, shares

DAY = date(2026, 11, 23)
MANY = settings(max_examples=300, deadline=None)
SEEDS = st.integers(0, 2**32 - 1)
LINE = ((0, 0), (1_000, 1))
PRICE = Wish("price_sek_per_m2", ((200, 1), (1_200, 0)), "decisive")
ROAD = Wish("motorway_m", ((1_000, 1), (11_000, 0)), "useful")


def test_weight_may_change_until_the_second_plot_catches_up() -> None:
    # S_1 - S_2 = 100 (t 0.6 - (1 - t) 0.4): zero at t = 0.4; plot 1 is first from 40 % on.
    rows = [
        {"plot_id": 1, "area_m2": 900.0, "port_m": 300.0},
        {"plot_id": 2, "area_m2": 300.0, "port_m": 700.0},
    ]
    need = Need(wishes=(Wish("area_m2", LINE, 3.0), Wish("port_m", LINE, 1.0)))
    found = assess(need, columns_of(rows, day=DAY), on=DAY)
    told = [(one.criterion, one.share, one.low, one.high) for one in stabilities(found, open_worths(found))]
    assert told == [
        ("area_m2", 0.75, pytest.approx(0.4), 1.0),
        ("port_m", 0.25, 0.0, pytest.approx(0.6)),
    ]


def test_single_wish_has_no_interval_and_no_plot_has_none() -> None:
    one = assess(Need(wishes=(ROAD,)), columns_of([{"plot_id": 1}], day=DAY), on=DAY)
    none = assess(Need(wishes=(ROAD, PRICE)), columns_of([], day=DAY), on=DAY)
    assert stabilities(one, open_worths(one)) == stabilities(none, open_worths(none)) == ()


@MANY
@given(SEEDS)
def test_first_plot_stays_first_within_each_interval_and_loses_its_rank_outside(
    random_problem: Callable[..., Any], seed: int
) -> None:
    problem = random_problem(seed, plots=10, words=False)
    found = problem.found
    assume(len(found.places) > 1 and len(found.need.wishes) > 1)
    first = int(found.places[0])
    rivals = np.flatnonzero(found.tiers == found.tiers[first])
    for place, one in enumerate(stabilities(found, open_worths(found))):
        for weight, is_within in (
            (one.low + 1e-6, True),
            (one.high - 1e-6, True),
            (one.low - 1e-3, False),
            (one.high + 1e-3, False),
        ):
            if not 0.001 < weight < 0.999 or (is_within and one.high - one.low < 1e-5):
                continue
            again = assess(
                with_share(found.need, place, weight), problem.columns, on=DAY, priors=found.priors
            )
            ahead = again.scores.point[rivals].max() - again.scores.point[first]
            assert (ahead <= 1e-4) if is_within else (ahead > -TIE)


def with_share(need: Need, place: int, share: float) -> Need:
    """The need with one wish at this share of the weight and the others in their old ratios."""
    others = 1 - shares(need)[place]
    wishes = [
        replace(wish, weight=share if n == place else (1 - share) * old / others)
        for n, (wish, old) in enumerate(zip(need.wishes, shares(need), strict=True))
    ]
    return replace(need, wishes=tuple(wishes))


def test_kilometre_nearer_the_motorway_is_worth_so_many_kronor() -> None:
    # A kilometre is 0.1 v at weight 2, a krona 0.001 v at weight 8: 0.2 / 0.008 = 25 kr/m².
    (one,) = trade_offs(Need(wishes=(PRICE, ROAD)))
    assert (one.criterion, one.step, one.against) == ("motorway_m", -1_000, "price_sek_per_m2")
    assert one.worth == pytest.approx(25)
    assert (one.worse, one.better, one.is_beyond) == (11_000, 1_000, False)


def test_claim_and_code_are_set_against_what_is_worth_least() -> None:
    fibre, plan = (
        Wish("fibre", weight="decisive"),
        Wish("planning_state", (("laga_kraft", 1), ("samrad", 0.5)), "nice"),
    )
    told = trade_offs(Need(wishes=(PRICE, fibre, plan)))
    assert [(one.step, one.better, one.worse, round(one.worth, 6), one.is_beyond) for one in told] == [
        (None, True, False, 1_000, False),
        (None, "laga_kraft", None, 125, False),
    ]


def test_what_weighs_more_than_the_whole_price_curve_is_said_to_be_beyond_it() -> None:
    told = trade_offs(Need(wishes=(replace(PRICE, weight="nice"), Wish("fibre", weight="useful"))))
    assert (told[0].worth, told[0].is_beyond) == (pytest.approx(2_000), True)


def test_without_a_price_the_heaviest_wish_with_a_slope_is_the_measure() -> None:
    told = trade_offs(Need(wishes=(ROAD, Wish("fibre", weight="nice"), Wish("power_mw", weight="decisive"))))
    assert {one.against for one in told} == {"power_mw"}
    assert trade_offs(Need(wishes=(Wish("fibre"), Wish("gas")))) == trade_offs(Need()) == ()


@pytest.mark.parametrize(
    ("criterion", "step"),
    [("area_m2", 10_000), ("motorway_m", 1_000), ("rail_m", 1_000), ("dwelling_distance_m", 100), ("height_max_m", 1),
     ("ready_by", 30), ("power_mw", 1), ("floor_area_m2", 1_000)],
)  # fmt: skip
def test_steps_are_those_that_people_speak_in(criterion: str, step: float) -> None:
    assert natural_step(CRITERIA[criterion]) == step


@MANY
@given(SEEDS)
def test_giving_one_for_the_other_leaves_the_score_as_it_was(
    random_problem: Callable[..., Any], seed: int
) -> None:
    need = random_problem(seed, wishes=6).need
    wishes = {wish.criterion: (wish, share) for wish, share in zip(need.wishes, shares(need), strict=True)}
    for one in trade_offs(need):
        if one.step is None or one.is_beyond:
            continue
        (wish, share), (coin, coin_share) = wishes[one.criterion], wishes[one.against]
        middle = (float(one.worse) + float(one.better)) / 2
        gained = value_at(np.array([middle + one.step / 2, middle - one.step / 2]), curve_of(wish))
        towards = 1 if one.against_better > one.against_worse else -1
        paid = value_at(
            np.array([one.against_worse, one.against_worse + towards * one.worth]), curve_of(coin)
        )
        assert share * (gained[0] - gained[1]) == pytest.approx(coin_share * (paid[1] - paid[0]), abs=1e-9)


def test_wishes_that_go_together_over_the_inventory_are_told() -> None:
    rows = [
        {"plot_id": n, "motorway_m": n * 100.0, "port_m": n * 110.0 + n % 3, "rail_m": (n * 37 % 50) * 100.0,
         "airport_m": 9_000 - n * 100.0}
        for n in range(1, 51)
    ]  # fmt: skip
    wishes = tuple(
        Wish(name, ((0, 1), (9_000, 0))) for name in ("motorway_m", "port_m", "rail_m", "airport_m")
    )
    found = assess(Need(wishes=wishes), columns_of(rows, day=DAY), on=DAY)
    told = {(one.first, one.second): round(one.correlation, 3) for one in alike_wishes(found)}
    assert told == {
        ("motorway_m", "port_m"): 1.0,
        ("motorway_m", "airport_m"): -1.0,
        ("port_m", "airport_m"): -1.0,
    }


def test_few_or_equal_values_tell_nothing_of_going_together() -> None:
    rows = [{"plot_id": n, "motorway_m": 500.0, "port_m": float(n)} for n in range(1, 40)]
    few = [{"plot_id": n, "motorway_m": float(n), "port_m": float(n)} for n in range(1, 6)]
    need = Need(wishes=(Wish("motorway_m", LINE), Wish("port_m", LINE)))
    for plots in (rows, few):
        assert alike_wishes(assess(need, columns_of(plots, day=DAY), on=DAY)) == ()


def test_many_plots_are_compared_at_equal_distances() -> None:
    assert evenly(10, 4).tolist() == [0, 2, 5, 7]
    assert evenly(3, 4).tolist() == [0, 1, 2]
