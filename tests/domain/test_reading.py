"""How single criteria are judged on single plots: what passes, what fails, and what has to be asked."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from landbank.domain.columns import columns_of
from landbank.domain.explain import Judged
from landbank.domain.match import match_one
from landbank.domain.need import Must, Need

DAY = date(2026, 11, 23)
FREE = {"availability": "ledig", "readiness": "byggklar", "planning_state": "laga_kraft"}


def judged(facts: dict[str, Any], must: Must, **need: Any) -> Judged:
    """One must on one plot with these facts."""
    columns = columns_of([{"plot_id": 7, **facts}], day=DAY)
    return match_one(Need(musts=(must,), **need), columns, 7, on=DAY).musts[0]


@pytest.mark.parametrize(
    ("facts", "criterion", "op", "threshold", "verdict"),
    [
        ({"area_m2": 20_000}, "area_m2", ">=", 20_000, "pass"),
        ({"area_m2": 19_999.9}, "area_m2", ">=", 20_000, "fail"),
        ({}, "area_m2", ">=", 20_000, "unknown"),
        ({"motorway_m": 3_000}, "motorway_m", "<=", 3_000, "pass"),
        ({"motorway_m": 3_000.1}, "motorway_m", "<=", 3_000, "fail"),
        ({"area_m2": 5}, "area_m2", "between", (5, 10), "pass"),
        ({"area_m2": 10}, "area_m2", "between", (5, 10), "pass"),
        ({"area_m2": 4}, "area_m2", "between", (5, 10), "fail"),
        ({"area_m2": 11}, "area_m2", "between", (5, 10), "fail"),
        ({}, "area_m2", "between", (5, 10), "unknown"),
        ({"use": ["J", "Z"]}, "use", "any_of", ("K", "Z"), "pass"),
        ({"use": ["J"]}, "use", "any_of", ("K", "Z"), "fail"),
        ({}, "use", "any_of", ("K", "Z"), "unknown"),
        ({"use": ["J"]}, "use", "none_of", ("B",), "pass"),
        ({"use": ["J", "B"]}, "use", "none_of", ("B",), "fail"),
        ({}, "use", "none_of", ("B",), "unknown"),
        ({"excluded_use": ["B"]}, "use", "none_of", ("B",), "pass"),
        ({"excluded_use": ["J"]}, "use", "any_of", ("J",), "fail"),
        ({"use": ["J", "Z"], "excluded_use": ["J"]}, "use", "any_of", ("J",), "fail"),
        ({"use": ["J1"]}, "use", "any_of", ("J",), "pass"),
        ({"tenures": ["tomtratt"]}, "tenure", "any_of", ("forsaljning",), "fail"),
        ({"tenures": ["tomtratt"]}, "tenure", "any_of", ("tomtratt",), "pass"),
        ({}, "tenure", "any_of", ("tomtratt",), "unknown"),
        ({"planning_state": "samrad"}, "planning_state", "any_of", ("samrad", "antagen"), "pass"),
        ({"planning_state": "samrad"}, "planning_state", "none_of", ("samrad",), "fail"),
        ({}, "planning_state", "none_of", ("samrad",), "unknown"),
        ({"municipality": "1441"}, "municipality", "any_of", ("1441",), "pass"),
        ({"municipality": "1441"}, "municipality", "any_of", ("1480",), "fail"),
        ({"has_water": True}, "water", "is", True, "pass"),
        ({"has_water": False}, "water", "is", True, "fail"),
        ({"has_water": False}, "water", "is", False, "pass"),
        ({}, "water", "is", True, "unknown"),
        ({"is_blocked": True}, "restrictions", "is", False, "fail"),
        ({}, "restrictions", "is", False, "pass"),
        (FREE, "label", "any_of", ("ledig_nu",), "pass"),
        (FREE | {"is_blocked": True}, "label", "any_of", ("ledig_nu",), "fail"),
        ({}, "label", "any_of", ("kommande",), "pass"),
        ({"price_sek_per_m2": 300}, "price_sek_per_m2", "<=", 400, "pass"),
        ({"price_sek_per_m2": 300, "price_max_sek_per_m2": 500}, "price_sek_per_m2", "<=", 400, "unknown"),
        ({"price_sek_per_m2": 300, "price_max_sek_per_m2": 500}, "price_sek_per_m2", "<=", 500, "pass"),
        ({"price_sek_per_m2": 300, "price_max_sek_per_m2": 500}, "price_sek_per_m2", "<=", 299, "fail"),
    ],
)
def test_must_passes_fails_or_is_unknown(
    facts: dict[str, Any], criterion: str, op: Any, threshold: Any, verdict: str
) -> None:
    assert judged(facts, Must(criterion, op, threshold)).verdict == verdict


@pytest.mark.parametrize(
    ("facts", "days_late"),
    [
        (FREE, 0),
        (FREE | {"ready_on": date(2020, 1, 1)}, 0),
        (FREE | {"ready_on": date(2026, 12, 3)}, 10),
        (FREE | {"ready_on": date(2026, 12, 3), "available_on": date(2026, 12, 23)}, 30),
        ({"availability": "kommande", "readiness": "byggklar", "available_on": date(2026, 12, 3)}, 10),
        ({"availability": "ledig", "ready_on": date(2026, 12, 3)}, 10),
        ({"availability": "ledig", "readiness": "ramark", "ready_on": date(2026, 12, 3)}, 10),
        (FREE | {"availability": "reserverad", "availability_until": date(2026, 11, 22)}, 0),
    ],
)
def test_plot_is_as_late_as_the_later_of_ground_and_offer(facts: dict[str, Any], days_late: int) -> None:
    found = judged(facts, Must("ready_by", "<=", 0))
    assert found.held.value == days_late
    assert found.verdict == ("pass" if days_late == 0 else "fail")
    assert found.shortfall == (days_late or None)


@pytest.mark.parametrize(
    "facts",
    [
        {"availability": "ledig", "readiness": "ramark"},
        {"availability": "ledig", "readiness": "ramark", "ready_on": date(2020, 1, 1)},
        {"availability": "kommande", "readiness": "byggklar"},
        {"availability": "reserverad", "readiness": "byggklar"},
    ],
)
def test_plot_that_is_not_ready_today_and_has_no_date_fails_today_and_is_asked_for_later(
    facts: dict[str, Any],
) -> None:
    today = judged(facts, Must("ready_by", "<=", 0))
    later = judged(facts, Must("ready_by", "<=", 0), date=date(2027, 6, 1))
    assert (today.verdict, later.verdict) == ("fail", "unknown")


def test_reservation_that_lasts_beyond_the_day_fails() -> None:
    facts = FREE | {"availability": "reserverad", "availability_until": date(2027, 6, 30)}
    assert judged(facts, Must("ready_by", "<=", 0), date=date(2027, 6, 30)).verdict == "fail"
    assert judged(facts, Must("ready_by", "<=", 0), date=date(2027, 7, 1)).verdict == "unknown"


@pytest.mark.parametrize("state", ["sald", "avtalad", "ej_till_salu"])
def test_plot_that_is_not_to_be_had_is_never_ready(state: str) -> None:
    found = judged(FREE | {"availability": state}, Must("ready_by", "<=", date(2099, 1, 1)))
    assert (found.verdict, found.held.value, found.shortfall) == ("fail", None, None)


def test_unknown_availability_is_asked_for() -> None:
    assert judged({"readiness": "byggklar"}, Must("ready_by", "<=", 0)).verdict == "unknown"


def test_date_as_threshold_means_ready_on_that_day() -> None:
    facts = FREE | {"ready_on": date(2027, 3, 1)}
    for day, verdict in ((date(2027, 2, 28), "fail"), (date(2027, 3, 1), "pass")):
        assert judged(facts, Must("ready_by", "<=", day)).verdict == verdict


def test_power_is_judged_on_the_day_of_the_need() -> None:
    facts = {"power": [(None, 2.0, True), (date(2029, 1, 1), 10.0, True)]}
    must = Must("power_mw", ">=", 10)
    early = judged(facts, must, date=date(2028, 1, 1))
    assert (early.verdict, early.held.value, early.shortfall) == ("fail", 2.0, 8.0)
    assert judged(facts, must, date=date(2029, 1, 1)).verdict == "pass"


def test_conditional_power_counts_only_where_it_is_asked_for() -> None:
    facts = {"power": [(None, 10.0, False)]}
    assert judged(facts, Must("power_mw", ">=", 5)).verdict == "fail"
    assert judged(facts, Must("power_mw", ">=", 5, conditional=True)).verdict == "pass"


def test_footprint_bounds_the_floor_area_from_below() -> None:
    facts = {"area_m2": 10_000, "degree": 40, "degree_code": "Utnytt_StorstaAreaProc_ByggnadsAnv"}
    assert judged(facts, Must("floor_area_m2", ">=", 4_000)).verdict == "pass"
    more = judged(facts, Must("floor_area_m2", ">=", 4_001))
    assert (more.verdict, more.held.low, more.held.high) == ("unknown", 4_000, None)
