"""Every criterion: what passes, what fails, what is unknown; which value a wish likes better; places of one's own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from landbank.domain.columns import Columns, columns_of
from landbank.domain.criteria import CRITERIA
from landbank.domain.kleene import FALSE, TRUE, UNKNOWN
from landbank.domain.match import match
from landbank.domain.musts import asked_for, judge
from landbank.domain.need import Must, Need, Wish
from landbank.domain.place import Place
from landbank.domain.wishes import worth
from landbank.errors import Invalid

DAY = date(2026, 11, 23)
HERE = Place("Kajen", 319_000, 6_400_000)
GROSS = {"area_m2": 1_000, "degree_code": "DP_KM_Eg_Utnytt_StorstaAreaProc_BruttoEgen"}

CASES: dict[str, tuple[str, Any, dict[str, Any], dict[str, Any]]] = {
    "area_m2": (">=", 5_000, {"area_m2": 5_000}, {"area_m2": 4_999}),
    "net_area_m2": (">=", 5_000, {"net_area_m2": 6_000}, {"net_area_m2": 4_000}),
    "largest_part_m2": (">=", 5_000, {"largest_part_m2": 5_000}, {"largest_part_m2": 4_999, "area_m2": 9_000}),
    "use": ("any_of", ("J",), {"use": ["J"]}, {"use": ["K"]}),
    "power_mw": (">=", 2, {"power": [(None, 3, True)]}, {"power": [(None, 1, True)]}),
    "price_sek_per_m2": ("<=", 500, {"price_sek_per_m2": 400}, {"price_sek_per_m2": 600}),
    "price_basis": ("any_of", ("tomtarea",), {"price_basis": "tomtarea"}, {"price_basis": "bruttoarea"}),
    "lease_sek_per_m2_year": ("<=", 30, {"lease_sek_per_m2_year": 30}, {"lease_sek_per_m2_year": 31}),
    "motorway_m": ("<=", 3_000, {"motorway_m": 2_000}, {"motorway_m": 4_000}),
    "rail_m": ("<=", 3_000, {"rail_m": 2_000}, {"rail_m": 4_000}),
    "port_m": ("<=", 3_000, {"port_m": 2_000}, {"port_m": 4_000}),
    "airport_m": ("<=", 3_000, {"airport_m": 2_000}, {"airport_m": 4_000}),
    "motorway_min": ("<=", 10, {"motorway_min": 10}, {"motorway_min": 10.1}),
    "rail_min": ("<=", 10, {"rail_min": 9}, {"rail_min": 11}),
    "port_min": ("<=", 10, {"port_min": 9}, {"port_min": 11}),
    "airport_min": ("<=", 10, {"airport_min": 9}, {"airport_min": 11}),
    "place_km": (
        "<=", 5, {"easting_m": 316_000, "northing_m": 6_404_000}, {"easting_m": 316_000, "northing_m": 6_404_010},
    ),
    "siding": ("is", True, {"has_rail_siding": True}, {"has_rail_siding": False}),
    "ready_by": (
        "<=", 0, {"readiness": "byggklar", "availability": "ledig"}, {"readiness": "ramark", "ready_on": date(2026, 12, 1), "availability": "ledig"},
    ),
    "available_by": (
        "<=", 30,
        {"availability": "kommande", "available_on": date(2026, 12, 23)},
        {"availability": "kommande", "available_on": date(2026, 12, 24)},
    ),
    "readiness": ("any_of", ("byggklar",), {"readiness": "byggklar"}, {"readiness": "ramark"}),
    "planning_state": ("any_of", ("laga_kraft",), {"planning_state": "laga_kraft"}, {"planning_state": "samrad"}),
    "tenure": ("any_of", ("tomtratt",), {"tenures": ["tomtratt"]}, {"tenures": ["forsaljning"]}),
    "water": ("is", True, {"has_water": True}, {"has_water": False}),
    "sewer": ("is", True, {"has_sewer": True}, {"has_sewer": False}),
    "district_heating": ("is", True, {"has_district_heating": True}, {"has_district_heating": False}),
    "fibre": ("is", True, {"has_fibre": True}, {"has_fibre": False}),
    "gas": ("is", True, {"has_gas": True}, {"has_gas": False}),
    "cooling": ("is", True, {"has_district_cooling": True}, {"has_district_cooling": False}),
    "hydrogen": ("is", True, {"has_hydrogen": True}, {"has_hydrogen": False}),
    "environment_class": ("any_of", ("B",), {"environment_class": "A"}, {"environment_class": "C"}),
    "dwelling_distance_m": (">=", 200, {"dwelling_distance_m": 300}, {"dwelling_distance_m": 100}),
    "height_max_m": (">=", 12, {"height_max_m": 15}, {"height_max_m": 10}),
    "floor_area_m2": (">=", 500, GROSS | {"degree": 60}, GROSS | {"degree": 40}),
    "floor_share_percent": (">=", 50, GROSS | {"degree": 50}, GROSS | {"degree": 49}),
    "slope_percent": ("<=", 5, {"slope_percent": 5}, {"slope_percent": 5.5}),
    "ground_kind": ("none_of", ("lera", "torv"), {"ground_kind": "moran"}, {"ground_kind": "lera"}),
    "flood_class": ("any_of", ("utanfor",), {"flood_class": "utanfor"}, {"flood_class": "lagpunkt"}),
    "owner_kind": ("any_of", ("kommun",), {"owner_kind": "kommun"}, {"owner_kind": "privat"}),
    "confirmed_days": (
        "<=", 90, {"confirmed_on": date(2026, 8, 25)}, {"confirmed_on": date(2026, 8, 24)},
    ),
}  # fmt: skip
"""Operator, threshold, what a plot that passes holds, and one that fails."""

ALWAYS_KNOWN = {"municipality", "restrictions", "label"}
LIKED_AS_LISTED = {"tenure", "use", "price_basis", "owner_kind"}
"""Criteria without a value function of their own: the need says what it likes."""


def verdicts(criterion: str, op: str, threshold: Any, *rows: dict[str, Any]) -> list[int]:
    """How plots with these facts meet one must."""
    need = Need(musts=(Must(criterion, op, threshold),), place=HERE)
    found = judge(need.musts[0], plots(*rows), asked_for(need, DAY))
    return [int(one) for one in found]


def plots(*rows: dict[str, Any]) -> Columns:
    """Plots with these facts, in this order."""
    return columns_of([{"plot_id": n, **row} for n, row in enumerate(rows, 1)], day=DAY)


def test_every_criterion_is_tried() -> None:
    assert set(CASES) == set(CRITERIA) - ALWAYS_KNOWN


@pytest.mark.parametrize("criterion", CASES)
def test_criterion_passes_fails_and_does_not_know(criterion: str) -> None:
    op, threshold, passing, failing = CASES[criterion]
    assert verdicts(criterion, op, threshold, passing, failing, {}) == [TRUE, FALSE, UNKNOWN]


@pytest.mark.parametrize("criterion", sorted(set(CASES) - LIKED_AS_LISTED))
def test_a_wish_likes_what_passes_better_and_bounds_what_it_does_not_know(criterion: str) -> None:
    _, _, passing, failing = CASES[criterion]
    wish = Wish(criterion)
    found = worth(wish, plots(passing, failing, {}), asked_for(Need(wishes=(wish,), place=HERE), DAY))
    better, worse, _ = found.high
    assert better > worse or (CRITERIA[criterion].is_numeric and better >= worse)
    assert found.is_known.tolist() == [True, True, False]
    assert found.low[2] < found.high[2]


@pytest.mark.parametrize(
    ("criterion", "good", "bad"),
    [
        ("largest_part_m2", {"largest_part_m2": 9_000}, {"largest_part_m2": 3_000}),
        ("lease_sek_per_m2_year", {"lease_sek_per_m2_year": 10}, {"lease_sek_per_m2_year": 50}),
        ("motorway_min", {"motorway_min": 3}, {"motorway_min": 12}),
        ("rail_min", {"rail_min": 8}, {"rail_min": 30}),
        ("port_min", {"port_min": 15}, {"port_min": 45}),
        ("airport_min", {"airport_min": 20}, {"airport_min": 60}),
        ("place_km", {"easting_m": 319_000, "northing_m": 6_403_000}, {"easting_m": 319_000, "northing_m": 6_420_000}),
        ("floor_share_percent", GROSS | {"degree": 90}, GROSS | {"degree": 30}),
        ("slope_percent", {"slope_percent": 4}, {"slope_percent": 12}),
        ("confirmed_days", {"confirmed_on": date(2026, 8, 1)}, {"confirmed_on": date(2025, 1, 1)}),
        ("available_by", {"availability": "ledig"}, {"availability": "kommande", "available_on": date(2027, 9, 1)}),
        ("environment_class", {"environment_class": "B"}, {"environment_class": "C"}),
        ("ground_kind", {"ground_kind": "moran"}, {"ground_kind": "lera"}),
        ("flood_class", {"flood_class": "hogsta_flode"}, {"flood_class": "lagpunkt"}),
        ("readiness", {"readiness": "under_utbyggnad"}, {"readiness": "ramark"}),
    ],
)  # fmt: skip
def test_value_function_that_is_offered_points_the_right_way(
    criterion: str, good: dict[str, Any], bad: dict[str, Any]
) -> None:
    wish = Wish(criterion)
    better, worse = worth(wish, plots(good, bad), asked_for(Need(wishes=(wish,), place=HERE), DAY)).low
    assert better > worse


@pytest.mark.parametrize(
    ("held", "takes"), [("U", "U"), ("C", "UC"), ("B", "UCB"), ("A", "UCBA")], ids=["U", "C", "B", "A"]
)
def test_plot_takes_its_class_and_all_that_demand_less(held: str, takes: str) -> None:
    found = {
        code: verdicts("environment_class", "any_of", (code,), {"environment_class": held})[0]
        for code in "UCBA"
    }
    assert {code for code, verdict in found.items() if verdict == TRUE} == set(takes)
    assert UNKNOWN not in found.values()


def test_sold_plot_is_never_available() -> None:
    need = Need(musts=(Must("available_by", "<=", 100_000),))
    assert judge(need.musts[0], plots({"availability": "sald"}), asked_for(need, DAY)).tolist() == [FALSE]


def test_takeover_is_counted_from_the_day_of_the_need() -> None:
    coming = plots({"availability": "kommande", "available_on": date(2027, 1, 11)})
    for days, wanted in ((10, TRUE), (9, FALSE)):
        need = Need(musts=(Must("available_by", "<=", days),), date=date(2027, 1, 1))
        assert judge(need.musts[0], coming, asked_for(need, DAY)).tolist() == [wanted]
    wish = Wish("available_by", ((0, 1.0), (100, 0.0)))
    need = Need(wishes=(wish,), date=date(2027, 1, 1))
    assert worth(wish, coming, asked_for(need, DAY)).low[0] == pytest.approx(0.9)


def test_freshness_is_counted_to_the_day_of_the_asking_not_of_the_need() -> None:
    need = Need(musts=(Must("confirmed_days", "<=", 10),), date=date(2030, 1, 1))
    fresh = plots({"confirmed_on": date(2026, 11, 20)})
    assert match(need, fresh, on=DAY).counts.a == 1
    assert match(need, fresh, on=date(2026, 12, 20)).counts.a == 0


NAMED = columns_of(
    [{"plot_id": 1, "easting_m": 3_000, "northing_m": 4_000}, {"plot_id": 2}],
    day=DAY,
    points={"Göteborgs hamn": (0.0, 0.0), "Landvetter": (9_000.0, 4_000.0)},
)


@pytest.mark.parametrize(("name", "km"), [("Göteborgs hamn", 5), ("göteborgs HAMN", 5), ("Landvetter", 6)])
def test_named_place_is_found_among_the_points_of_the_columns(name: str, km: float) -> None:
    need = Need(musts=(Must("place_km", "<=", km),), place=Place(name))
    near = judge(need.musts[0], NAMED, asked_for(need, DAY))
    closer = judge(Must("place_km", "<=", km - 0.001), NAMED, asked_for(need, DAY))
    assert (near.tolist(), closer.tolist()) == ([TRUE, UNKNOWN], [FALSE, UNKNOWN])


def test_place_that_is_not_known_is_refused_with_those_that_are() -> None:
    need = Need(musts=(Must("place_km", "<=", 1),), place=Place("Atlantis"))
    with pytest.raises(Invalid, match="no place called 'Atlantis'") as refused:
        match(need, NAMED, on=DAY)
    assert refused.value.where == "/place"
    assert "Göteborgs hamn; Landvetter" in str(refused.value.hint)
    with pytest.raises(Invalid, match="no place called 'hamn'") as alike:
        match(replace(need, place=Place("hamn")), NAMED, on=DAY)
    assert "Places: Göteborgs hamn;" in str(alike.value.hint)


@pytest.mark.parametrize(
    "place", [{}, {"easting_m": 1.0}, {"easting_m": 1.0, "northing_m": np.inf}, {"name": ""}]
)
def test_place_is_a_name_or_a_whole_point(place: dict[str, Any]) -> None:
    with pytest.raises(Invalid, match="neither a name nor a point"):
        Place(**place)


def test_distance_to_a_place_needs_the_place() -> None:
    with pytest.raises(Invalid, match="place_km needs a place") as refused:
        Need(wishes=(Wish("place_km"),))
    assert refused.value.where == "/place"


def test_minutes_to_a_place_of_ones_own_are_refused_plainly() -> None:
    with pytest.raises(Invalid, match="Minutes to a place") as refused:
        Must("place_min", "<=", 10)
    assert "place_km" in str(refused.value.hint)
