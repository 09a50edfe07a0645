"""An assembly as a row of columns: each column's rule by hand, and never more said than is known of the plots."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landbank.domain.assembly.facts import AssemblyFacts, Holding, facts_of
from landbank.domain.assembly.joined import SETTLED, joined_columns
from landbank.domain.codes import Availability, FloodClass, PlanningState, Readiness
from landbank.domain.columns import CODE_LISTS, Columns, columns_of
from landbank.domain.match import judge_all, match, score
from landbank.domain.need import Must, Need, Wish
from landbank.domain.power import power_bounds

DAY = date(2026, 11, 23)
NEXT, LATER, PAST = date(2027, 5, 1), date(2029, 1, 1), date(2025, 1, 1)


def joined(*rows: dict[str, Any]) -> Columns:
    """The plots of these rows as one row."""
    columns = columns_of([{"plot_id": n, **row} for n, row in enumerate(rows, 1)], day=DAY)
    return joined_columns(columns, [tuple(range(len(rows)))])


def verdict(row: Columns, criterion: str, op: str, threshold: Any, on: date = DAY) -> int:
    """How the joined row meets one must on a day: 1 pass, 0 unknown, -1 fail."""
    (judged,) = judge_all(Need(musts=(Must(criterion, op, threshold),), date=on), row, DAY)
    return int(judged[0])


@pytest.mark.parametrize(
    ("name", "values", "whole"),
    [
        ("area_m2", (6_000, 4_000), 10_000),
        ("area_m2", (6_000, None), None),
        ("net_area_m2", (500, 700), 1_200),
        ("motorway_m", (900, 300), 300),
        ("motorway_m", (900, None), None),
        ("dwelling_distance_m", (80, 300), 80),
        ("height_max_m", (12, 20), 12),
        ("height_max_m", (None, 20), None),
        ("motorway_min", (9, 12), 9),
        ("slope_percent", (2, 9), 9),
        ("slope_percent", (2, None), None),
        ("easting_m", (100, 300), 200),
        ("largest_part_m2", (6_000, 4_000), None),
    ],
)
def test_amounts(name: str, values: tuple[Any, Any], whole: float | None) -> None:
    (found,) = getattr(joined(*({name: value} for value in values)), name)
    assert found == whole if whole is not None else np.isnan(found)


@pytest.mark.parametrize(
    ("name", "values", "whole"),
    [
        ("environment_class", ("A", "C"), "C"),
        ("environment_class", ("A", None), None),
        ("flood_class", ("utanfor", "lagpunkt"), "lagpunkt"),
        ("flood_class", (None, "lagpunkt"), None),
        ("owner_kind", ("kommun", "kommun"), "kommun"),
        ("owner_kind", ("kommun", "privat"), None),
        ("ground_kind", ("lera", "berg"), None),
    ],
)
def test_codes(name: str, values: tuple[Any, Any], whole: str | None) -> None:
    (found,) = getattr(joined(*({name: value} for value in values)), name)
    assert found == (-1 if whole is None else CODE_LISTS[name].index(whole))


def test_values_are_as_old_as_the_oldest() -> None:
    assert joined({"confirmed_on": DAY}, {"confirmed_on": PAST}).confirmed_on[0] == np.datetime64(PAST)
    assert np.isnat(joined({"confirmed_on": DAY}, {}).confirmed_on[0])


def test_rent_is_weighted_by_area() -> None:
    row = joined(
        {"area_m2": 1_000, "lease_sek_per_m2_year": 10}, {"area_m2": 3_000, "lease_sek_per_m2_year": 30}
    )
    assert row.lease_sek_per_m2_year[0] == 25  # (10 + 3 x 30) / 4


def test_price_is_weighted_by_area() -> None:
    row = joined(
        {"area_m2": 1_000, "price_sek_per_m2": 900, "price_max_sek_per_m2": 1_000},
        {"area_m2": 3_000, "price_sek_per_m2": 500},
    )
    # (900 + 3 x 500) / 4 and (1 000 + 3 x 500) / 4
    assert (row.price_sek_per_m2[0], row.price_max_sek_per_m2[0]) == (600, 625)
    assert np.isnan(joined({"area_m2": 1, "price_sek_per_m2": 5}, {"area_m2": 1}).price_sek_per_m2[0])


def test_floor_area_is_at_least_what_is_known() -> None:
    degree = {"degree": 50, "degree_code": "DP_KM_Eg_Utnytt_StorstaAreaProc_BruttoEgen"}
    row = joined({"area_m2": 1_000, **degree}, {"area_m2": 4_000})
    assert row.floor_area_low_m2[0] == 500
    assert np.isnan(row.floor_area_high_m2[0])
    both = joined({"area_m2": 1_000, **degree}, {"area_m2": 4_000, **degree})
    assert (both.floor_area_low_m2[0], both.floor_area_high_m2[0]) == (2_500, 2_500)


@pytest.mark.parametrize(
    ("uses", "asked", "wanted"),
    [
        ((["J"], ["J", "Z"]), "J", 1),
        ((["J"], ["J", "Z"]), "Z", -1),
        ((["J"], None), "J", 0),
        ((["J"], None), "Z", -1),
        ((None, None), "J", 0),
        ((["J"], ["Z"]), "J", -1),
    ],
)
def test_use_is_allowed_only_where_every_plot_allows_it(uses: Any, asked: str, wanted: int) -> None:
    assert verdict(joined(*({"use": use} for use in uses)), "use", "any_of", [asked]) == wanted


def test_use_that_one_plot_excludes_is_excluded() -> None:
    assert verdict(joined({"excluded_use": ["J"]}, {"use": ["J"]}), "use", "any_of", ["J"]) == -1


@pytest.mark.parametrize(
    ("tenures", "wanted"),
    [
        ((["forsaljning"], ["forsaljning", "tomtratt"]), 1),
        ((["tomtratt"], ["forsaljning"]), -1),
        ((["forsaljning"], None), 0),
    ],
)
def test_tenure_is_one_that_every_plot_has(tenures: Any, wanted: int) -> None:
    row = joined(*({"tenures": one} for one in tenures))
    assert verdict(row, "tenure", "any_of", ["forsaljning"]) == wanted


@pytest.mark.parametrize(
    ("claims", "wanted"), [((True, True), 1), ((False, False), -1), ((True, False), 0), ((True, None), 0)]
)
def test_connection_is_known_only_where_all_agree(claims: Any, wanted: int) -> None:
    row = joined(*({"has_water": claim} for claim in claims))
    assert verdict(row, "water", "is", threshold=True) == wanted


def test_planning_state_is_that_of_the_plot_least_settled() -> None:
    row = joined(
        {"planning_state": "laga_kraft"}, {"planning_state": "granskning"}, {"planning_state": "antagen"}
    )
    assert tuple(PlanningState)[row.planning_state[0]] == "granskning"
    assert joined({"planning_state": "laga_kraft"}, {}).planning_state[0] == -1
    assert set(SETTLED) == set(PlanningState)


def test_municipality_is_known_only_where_all_lie_in_one() -> None:
    assert joined({"municipality": "1441"}, {"municipality": "1441"}).municipality[0] == 1441
    assert joined({"municipality": "1441"}, {"municipality": "1480"}).municipality[0] == -1


def test_one_blocked_plot_blocks() -> None:
    assert joined({"is_blocked": True}, {}).is_blocked[0]
    assert not joined({}, {}).is_blocked[0]


READY = {"readiness": "byggklar", "availability": "ledig"}


@pytest.mark.parametrize(
    ("rows", "on", "wanted"),
    [
        # Ready and free today.
        (({}, {}), DAY, 1),
        # One is built on from May: no in November, yes in May.
        (({}, {"readiness": "ramark", "ready_on": NEXT}), DAY, -1),
        (({}, {"readiness": "ramark", "ready_on": NEXT}), NEXT, 1),
        # One comes free in 2029, the other is ready in May: 2029 counts.
        (({"ready_on": NEXT}, {"available_on": LATER}), NEXT, -1),
        (({"ready_on": NEXT}, {"available_on": LATER}), LATER, 1),
        # A date that has passed says nothing of raw land.
        (({}, {"readiness": "ramark", "ready_on": PAST}), LATER, 0),
        (({"readiness": "ramark", "ready_on": NEXT}, {"readiness": "ramark"}), LATER, 0),
        # One unknown axis leaves the whole unknown; that it is not today is known of raw land.
        (({}, {"readiness": None}), DAY, 0),
        (({}, {"readiness": "ramark"}), DAY, -1),
        (({}, {"availability": None}), LATER, 0),
        # Sold is never.
        (({}, {"availability": "sald"}), LATER, -1),
        (({"availability": None}, {"availability": "sald"}), LATER, -1),
        # Held until May: not before; after that nobody knows.
        (({}, {"availability": "reserverad", "availability_until": NEXT}), NEXT, -1),
        (({}, {"availability": "reserverad", "availability_until": NEXT}), LATER, 0),
        # A reservation that has run out holds nothing.
        (({}, {"availability": "reserverad", "availability_until": PAST}), DAY, 1),
        # Coming in May; coming some day.
        (({}, {"availability": "kommande", "available_on": NEXT}), NEXT, 1),
        (({"available_on": LATER}, {"availability": "kommande", "available_on": NEXT}), NEXT, -1),
        (({}, {"availability": "kommande"}), LATER, 0),
    ],
)
def test_the_last_plot_decides_when_the_whole_is_ready(rows: Any, on: date, wanted: int) -> None:
    assert verdict(joined(*(READY | row for row in rows)), "ready_by", "<=", 0, on) == wanted


@pytest.mark.parametrize(
    ("power", "when", "bounds"),
    [
        # The best plot has 5 MW for sure; 8 MW together may share one cable.
        (([(None, 5, True)], [(None, 3, True)]), DAY, (5, 8)),
        (([(None, 5, True)], [(LATER, 7, True)]), DAY, (5, 5)),
        (([(None, 5, True)], [(LATER, 7, True)]), LATER, (7, 12)),
        (([(None, 5, True)], [(LATER, 7, False)]), LATER, (5, 12)),
        # Unknown at one plot: the rest is no bound.
        (([(None, 5, True)], None), DAY, (np.nan, np.nan)),
        ((None, None), DAY, (np.nan, np.nan)),
        (([(NEXT, 5, True)], [(NEXT, 1, True)]), DAY, (0, 0)),
    ],
)
def test_power_lies_between_the_best_plots_and_the_sum(power: Any, when: date, bounds: Any) -> None:
    row = joined(*({"power": steps} for steps in power))
    low, high = power_bounds(row.power, 1, when, with_conditional=False)
    assert (low[0], high[0]) == pytest.approx(bounds, nan_ok=True)


def test_conditional_power_counts_the_sum() -> None:
    row = joined({"power": [(None, 5, True)]}, {"power": [(None, 3, True), (LATER, 9, False)]})
    levels = [power_bounds(row.power, 1, day, with_conditional=True)[0][0] for day in (DAY, LATER)]
    assert levels == [8, 14]


def test_rows_are_numbered_in_the_order_of_the_assemblies() -> None:
    columns = columns_of([{"plot_id": n, "area_m2": 10**n} for n in range(5)], day=DAY)
    rows = joined_columns(columns, [(3, 4), (0, 1, 2), (0, 4)])
    assert rows.plot_id.tolist() == [1, 2, 3]
    assert rows.area_m2.tolist() == [11_000, 111, 10_001]
    assert len(joined_columns(columns, [])) == 0


def test_ordinary_match_scores_assemblies() -> None:
    columns = columns_of(
        [
            {"plot_id": n, "area_m2": 4_000 + 1_000 * n, "price_sek_per_m2": 100 * (n + 1), **READY}
            for n in range(3)
        ],
        day=DAY,
    )
    rows = joined_columns(columns, [(0, 1), (1, 2)])
    need = Need((Must("area_m2", ">=", 10_000),), (Wish("price_sek_per_m2", ((0, 1.0), (1_000, 0.0))),))
    answer = match(need, rows, on=DAY)
    # 9 000 m² is too little; 11 000 m² cost (5 000 x 200 + 6 000 x 300) / 11 000 = 254.5 kr/m².
    assert [(one.plot_id, one.tier) for one in answer.matches] == [(2, "A"), (1, "C")]
    assert answer.matches[0].score == pytest.approx(100 * (1 - 254.5454 / 1_000), abs=1e-3)


FULL = st.fixed_dictionaries(
    {
        "area_m2": st.integers(1_000, 9_000),
        "net_area_m2": st.integers(500, 900),
        "price_sek_per_m2": st.integers(1, 900),
        "motorway_m": st.integers(1, 9_000),
        "dwelling_distance_m": st.integers(1, 900),
        "height_max_m": st.integers(5, 40),
        "planning_state": st.sampled_from(tuple(PlanningState)),
        "readiness": st.sampled_from(tuple(Readiness)),
        "ready_on": st.sampled_from([NEXT, LATER, PAST]),
        "availability": st.sampled_from(tuple(Availability)),
        "available_on": st.sampled_from([NEXT, LATER]),
        "use": st.lists(st.sampled_from("JZKE"), min_size=1, unique=True),
        "tenures": st.lists(st.sampled_from(["forsaljning", "tomtratt"]), min_size=1, unique=True),
        "has_water": st.booleans(),
        "has_fibre": st.booleans(),
        "motorway_min": st.integers(1, 30),
        "lease_sek_per_m2_year": st.integers(1, 60),
        "slope_percent": st.integers(0, 20),
        "environment_class": st.sampled_from("UCBA"),
        "ground_kind": st.sampled_from(["lera", "berg"]),
        "flood_class": st.sampled_from(tuple(FloodClass)),
        "owner_kind": st.sampled_from(["kommun", "privat"]),
        "confirmed_on": st.sampled_from([PAST, DAY]),
        "largest_part_m2": st.integers(1_000, 9_000),
    }
)
MUSTS = (
    Must("area_m2", ">=", 9_000),
    Must("net_area_m2", "<=", 1_500),
    Must("price_sek_per_m2", "<=", 450),
    Must("motorway_m", "<=", 3_000),
    Must("motorway_m", ">=", 3_000),
    Must("dwelling_distance_m", ">=", 200),
    Must("height_max_m", ">=", 15),
    Must("use", "any_of", ["J"]),
    Must("use", "none_of", ["Z"]),
    Must("tenure", "any_of", ["forsaljning"]),
    Must("water", "is", threshold=True),
    Must("planning_state", "any_of", ["laga_kraft"]),
    Must("ready_by", "<=", 0),
    Must("available_by", "<=", 0),
    Must("motorway_min", "<=", 10),
    Must("lease_sek_per_m2_year", "<=", 30),
    Must("slope_percent", "<=", 8),
    Must("environment_class", "any_of", ["B"]),
    Must("ground_kind", "none_of", ["lera"]),
    Must("flood_class", "any_of", ["utanfor", "hogsta_flode"]),
    Must("owner_kind", "any_of", ["kommun"]),
    Must("confirmed_days", "<=", 100),
    Must("largest_part_m2", ">=", 5_000),
)
WISHES = (Wish("price_sek_per_m2"), Wish("motorway_m"), Wish("use", (("J", 1.0), ("Z", 0.5))), Wish("fibre"))


@settings(max_examples=150, deadline=None)
@given(st.lists(FULL, min_size=2, max_size=4), st.randoms(use_true_random=False))
def test_what_is_unknown_of_a_plot_never_turns_a_yes_into_a_no_or_back(
    rows: list[dict[str, Any]], chance: random.Random
) -> None:
    # A date is hidden only with the state that it belongs to: a state without its date says something else.
    hideable = sorted(set(rows[0]) - {"ready_on", "available_on"})
    hidden = [{name: None for name in hideable if chance.random() < 0.3} for _ in rows]
    full, partly = joined(*rows), joined(*({**row, **lost} for row, lost in zip(rows, hidden, strict=True)))
    need = Need(musts=MUSTS, wishes=WISHES, date=NEXT)

    for known, unsure in zip(judge_all(need, full, DAY), judge_all(need, partly, DAY), strict=True):
        assert unsure[0] in (0, known[0])
    (known_score, _), (unsure_score, _) = score(need, full, on=DAY), score(need, partly, on=DAY)
    assert unsure_score.low[0] <= known_score.low[0] + 1e-9
    assert unsure_score.high[0] >= known_score.high[0] - 1e-9


def test_facts_count_owners_plans_and_states_and_take_the_last_day() -> None:
    columns = columns_of(
        [
            {
                "plot_id": 5,
                "area_m2": 2_000,
                "price_sek_per_m2": 300,
                "planning_state": "laga_kraft",
                **READY,
            },
            {
                "plot_id": 8,
                "area_m2": 3_000,
                "price_sek_per_m2": 500,
                "planning_state": "antagen",
                **READY,
                "ready_on": NEXT,
                "municipality": "1441",
            },
            {"plot_id": 9, "area_m2": 1_000, "readiness": "ramark"},
        ],
        day=DAY,
    )
    holdings = {5: Holding("kommun", "P1"), 8: Holding("privat", None)}

    assert facts_of(columns, (0, 1), holdings, on=DAY) == AssemblyFacts(
        plot_ids=(5, 8),
        owner_kinds=("kommun", "privat"),
        owners_unknown=0,
        plans=("P1",),
        plans_unknown=1,
        planning_states=("antagen", "laga_kraft"),
        states_unknown=0,
        municipalities=("1441", "1480"),
        earliest_on=NEXT,
        price_sek=2_000 * 300 + 3_000 * 500,
        area_m2=5_000,
    )
    with_unknown = facts_of(columns, (1, 2), holdings, on=DAY)
    assert (with_unknown.earliest_on, with_unknown.price_sek, with_unknown.area_m2) == (None, None, 4_000)
    assert (with_unknown.owners_unknown, with_unknown.states_unknown) == (1, 1)
