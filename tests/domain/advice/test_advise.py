"""All advice together: the same for the same seed, plot by plot the same as alone, and sane for odd needs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from landbank.domain.advice.advise import Advice, advise, advise_plot
from landbank.domain.columns import columns_of
from landbank.domain.match import answer_of, assess
from landbank.domain.need import Must, Need, Wish

DAY = date(2026, 11, 23)


def advice_on(need: Need, plots: list[dict[str, Any]]) -> Advice:
    """The advice on a need over plots."""
    found = assess(need, columns_of(plots, day=DAY), on=DAY)
    return advise(found, answer_of(found), seed=1)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_same_seed_has_the_same_advice_and_each_plot_the_same_as_alone(
    random_problem: Callable[..., Any], seed: int
) -> None:
    found = random_problem(seed, plots=8).found
    answer = answer_of(found)
    advice = advise(found, answer, seed=seed)
    assert advise(found, answer, seed=seed) == advice
    for match in answer.matches:
        alone, told = advise_plot(found, match.plot_id - 1)
        assert told == advice.plots[match.plot_id]
        assert alone.musts == match.musts


def test_need_without_wishes_is_advised_on_its_musts() -> None:
    plots = [{"plot_id": n, "area_m2": 1_000.0 * n} for n in range(1, 400)]
    advice = advice_on(Need((Must("area_m2", ">=", 500_000),)), plots)
    assert (advice.robustness, advice.stabilities, advice.trade_offs) == (None, (), ())
    assert advice.relaxations.sets[0].rungs[0].must.threshold == 399_000
    assert advice_on(Need(), plots).questions == ()


def test_empty_inventory_has_nothing_to_advise_on() -> None:
    advice = advice_on(Need((Must("area_m2", ">=", 1),), (Wish("fibre"), Wish("motorway_m"))), [])
    assert (advice.robustness, advice.questions, advice.plots) == (None, (), {})
    assert (advice.relaxations.count, advice.conflicts.count) == (0, 0)


def test_forty_wishes_are_too_many_for_none_of_the_parts() -> None:
    names = ["area_m2", "net_area_m2", "motorway_m", "port_m", "rail_m", "airport_m", "height_max_m", "power_mw",
             "dwelling_distance_m", "floor_area_m2", "price_sek_per_m2", "ready_by", "fibre", "gas", "water"]  # fmt: skip
    plots = [{"plot_id": n, "area_m2": 100.0 * n, "motorway_m": 50.0 * (n * 7 % 400)} for n in range(1, 400)]
    advice = advice_on(Need(wishes=tuple(Wish(name) for name in names)), plots)
    assert advice.robustness is not None
    assert len(advice.stabilities) == len(names)
