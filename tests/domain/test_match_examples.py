"""Matching by hand: small inventories whose tiers, points and order are counted on paper."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from landbank.domain.columns import Columns, columns_of
from landbank.domain.effects import Count, excludes_most, live_counts
from landbank.domain.match import match, match_one
from landbank.domain.need import Must, Need, Weight, Wish
from landbank.errors import NotFound

DAY = date(2026, 11, 23)
PRICE = Wish("price_sek_per_m2", ((200, 1), (1_200, 0)), Weight.DECISIVE)
ROAD = Wish("motorway_m", ((1_000, 1), (11_000, 0)), Weight.USEFUL)
BIG = Must("area_m2", ">=", 10_000)
INDUSTRY = Must("use", "any_of", ("J",))


def inventory(*plots: dict[str, Any]) -> Columns:
    """Columns of plots numbered from 1."""
    return columns_of([{"plot_id": place, **facts} for place, facts in enumerate(plots, 1)], day=DAY)


def order(need: Need, columns: Columns) -> list[tuple[int, str, float | None]]:
    """Plot, tier and rounded score in the answer's order."""
    return [
        (found.plot_id, str(found.tier), None if found.score is None else round(found.score, 6))
        for found in match(need, columns, on=DAY).matches
    ]


def test_points_are_weight_times_value() -> None:
    # Shares 8/10 and 2/10. v = 0.7 at 500 kr, 0.4 at 7 km: 100 * (0.8 * 0.7 + 0.2 * 0.4) = 56 + 8 = 64.
    columns = inventory({"price_sek_per_m2": 500, "motorway_m": 7_000})
    (found,) = match(Need(wishes=(PRICE, ROAD)), columns, on=DAY).matches
    assert [round(part.points, 9) for part in found.contributions] == [56, 8]
    assert [round(part.lost, 9) for part in found.contributions] == [24, 12]
    assert (found.score, found.score_low, found.score_high) == pytest.approx((64, 64, 64))
    assert (found.coverage, found.ask, found.weakest) == (1, (), "motorway_m")


def test_unknown_wish_is_counted_as_the_median_of_its_kind_and_bounded_by_its_curve() -> None:
    # Five known industry plots have v = 0.9, 0.8, 0.7, 0.6, 0.1: median 0.7. The office plot has its own value.
    known = [{"use": ["J"], "price_sek_per_m2": price} for price in (300, 400, 500, 600, 1_100)]
    columns = inventory(*known, {"use": ["K"], "price_sek_per_m2": 200}, {"use": ["J"]})
    found = match_one(Need(wishes=(PRICE,)), columns, 7, on=DAY)
    assert (found.score, found.score_low, found.score_high) == pytest.approx((70, 0, 100))
    assert (found.coverage, found.ask, found.weakest) == (0, ("price_sek_per_m2",), None)


def test_kind_with_fewer_than_five_known_plots_takes_the_median_of_all() -> None:
    columns = inventory(
        {"use": ["J"], "price_sek_per_m2": 300},
        {"use": ["K"], "price_sek_per_m2": 400},
        {"use": ["K"], "price_sek_per_m2": 1_200},
        {"use": ["J"]},
    )
    assert match_one(Need(wishes=(PRICE,)), columns, 4, on=DAY).score == pytest.approx(80)


def test_with_nothing_known_the_unknown_is_worth_its_least() -> None:
    assert match_one(Need(wishes=(PRICE,)), inventory({}), 1, on=DAY).score == 0


def test_bounds_hold_the_expected_value() -> None:
    # Median 0.9, but this plot costs 600 to 700 kr: v is between 0.5 and 0.6.
    columns = inventory({"price_sek_per_m2": 300}, {"price_sek_per_m2": 600, "price_max_sek_per_m2": 700})
    found = match_one(Need(wishes=(PRICE,)), columns, 2, on=DAY)
    assert (found.score, found.score_low, found.score_high) == pytest.approx((60, 50, 60))


@pytest.mark.parametrize(
    ("wish", "low", "high"),
    [
        (Wish("planning_state", (("laga_kraft", 1), ("antagen", 0.8))), 0, 100),
        (Wish("fibre", ((True, 1), (False, 0.4))), 40, 100),
        (Wish("fibre", ((True, 0.7),)), 0, 70),
        (Wish("use", (("J", 1), ("K", 0.4))), 0, 100),
    ],
)
def test_unknown_code_may_be_any_of_the_list_and_what_is_not_named_is_worth_nothing(
    wish: Wish, low: float, high: float
) -> None:
    found = match_one(Need(wishes=(wish,)), inventory({}), 1, on=DAY)
    assert (found.score_low, found.score_high) == pytest.approx((low, high))


def test_tier_comes_before_score_and_misses_come_last() -> None:
    columns = inventory(
        {"area_m2": 5_000, "price_sek_per_m2": 200},
        {"price_sek_per_m2": 200},
        {"area_m2": 10_000, "price_sek_per_m2": 1_200},
        {"area_m2": 12_000, "price_sek_per_m2": 700},
    )
    assert order(Need(musts=(BIG,), wishes=(PRICE,)), columns) == [
        (4, "A", 50),
        (3, "A", 0),
        (2, "B", 100),
        (1, "C", 100),
    ]


def test_near_misses_are_ordered_by_number_of_misses_then_relative_shortfall_then_score() -> None:
    columns = inventory(
        {"area_m2": 9_000, "use": ["K"], "price_sek_per_m2": 200},  # two misses
        {"area_m2": 5_000, "use": ["J"], "price_sek_per_m2": 200},  # 50 % short
        {"area_m2": 9_000, "use": ["J"], "price_sek_per_m2": 1_200},  # 10 % short, 0 points
        {"area_m2": 9_000, "use": ["J"], "price_sek_per_m2": 200},  # 10 % short, 100 points
        {"area_m2": 90_000, "use": ["K"], "price_sek_per_m2": 200},  # a code is 100 % short
    )
    found = match(Need(musts=(BIG, INDUSTRY), wishes=(PRICE,)), columns, on=DAY)
    assert [one.plot_id for one in found.matches] == [4, 3, 2, 5, 1]
    assert found.matches[0].musts[0].shortfall == 1_000


def test_equal_scores_share_a_rank_and_stand_in_the_order_of_their_ids() -> None:
    columns = inventory(
        {"price_sek_per_m2": 700},
        {"price_sek_per_m2": 200},
        {"price_sek_per_m2": 700},
        {"price_sek_per_m2": 1_200},
    )
    found = match(Need(wishes=(PRICE,)), columns, on=DAY)
    assert [(one.plot_id, one.rank) for one in found.matches] == [(2, 1), (1, 2), (3, 2), (4, 4)]


def test_ranks_go_on_from_tier_a_to_tier_b_and_to_the_misses() -> None:
    columns = inventory({"area_m2": 1}, {}, {"area_m2": 10_000}, {"area_m2": 10_000})
    found = match(Need(musts=(BIG,)), columns, on=DAY)
    assert [(one.plot_id, one.rank) for one in found.matches] == [(3, 1), (4, 1), (2, 3), (1, 4)]
    assert (found.ranks.plot_id.tolist(), found.ranks.rank.tolist()) == ([3, 4, 2], [1, 1, 3])


def test_limit_cuts_the_explained_plots_not_the_counts_or_ranks() -> None:
    columns = inventory(*({"price_sek_per_m2": 200 + place} for place in range(5)))
    found = match(Need(wishes=(PRICE,), limit=2), columns, on=DAY)
    assert [one.plot_id for one in found.matches] == [1, 2]
    assert (found.counts.a, found.counts.total, len(found.ranks.plot_id)) == (5, 5, 5)


def test_without_wishes_there_is_no_score() -> None:
    assert order(Need(), inventory({}, {})) == [(1, "A", None), (2, "A", None)]


def test_empty_inventory_has_an_answer() -> None:
    found = match(Need(musts=(BIG,), wishes=(PRICE,)), inventory(), on=DAY)
    assert (found.counts.total, found.matches) == (0, ())


def test_must_effects_count_failures_unknowns_and_what_one_must_alone_keeps_out() -> None:
    columns = inventory(
        {"area_m2": 5_000, "use": ["J"]},
        {"area_m2": 5_000, "use": ["K"]},
        {"area_m2": 50_000, "use": ["K"]},
        {"area_m2": 6_000, "use": ["J"]},
        {"use": ["J"]},
    )
    found = match(Need(musts=(INDUSTRY, BIG)), columns, on=DAY)
    assert [(e.fails, e.unknown, e.only_this_excludes) for e in found.must_effects] == [(2, 0, 1), (3, 1, 2)]
    most = excludes_most(found.must_effects)
    assert most is not None
    assert most.must == BIG


def test_no_must_excludes_most_where_none_excludes() -> None:
    assert excludes_most(match(Need(musts=(BIG,)), inventory({}), on=DAY).must_effects) is None


def test_live_count_of_a_choice_is_the_result_if_it_alone_were_ticked() -> None:
    columns = inventory(
        {"area_m2": 20_000, "use": ["J"], "municipality": "1480"},
        {"area_m2": 20_000, "use": ["Z"], "municipality": "1480"},
        {"use": ["Z"], "municipality": "1441"},
        {"area_m2": 1, "use": ["Z"], "municipality": "1441"},
    )
    counts = live_counts(Need(musts=(BIG, INDUSTRY)), columns, on=DAY)
    assert counts["use"]["Z"] == Count(a=1, b=1)
    assert counts["use"]["J"] == Count(a=1, b=0)
    assert counts["municipality"] == {"1441": Count(a=0, b=0), "1480": Count(a=1, b=0)}
    assert counts["fibre"] == {"true": Count(a=0, b=1)}


def test_unknown_musts_are_asked_for_before_unknown_wishes_and_heavy_wishes_before_light_ones() -> None:
    need = Need(
        musts=(Must("power_mw", ">=", 5),),
        wishes=(ROAD, PRICE, Wish("power_mw", weight=Weight.NICE)),
    )
    assert match_one(need, inventory({}), 1, on=DAY).ask == ("power_mw", "price_sek_per_m2", "motorway_m")


def test_plot_that_is_not_there_is_not_found() -> None:
    with pytest.raises(NotFound, match="99"):
        match_one(Need(), inventory({}), 99, on=DAY)


def test_explained_plot_is_the_same_as_in_the_whole_answer() -> None:
    columns = inventory(
        {"use": ["J"], "price_sek_per_m2": 300}, {"price_sek_per_m2": 400}, {"power": [(None, 5.0, True)]}
    )
    need = Need(wishes=(PRICE, Wish("power_mw")))
    for found in match(need, columns, on=DAY).matches:
        assert match_one(need, columns, found.plot_id, on=DAY) == found
