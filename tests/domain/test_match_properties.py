"""What holds for every need and every inventory: sums, order, bounds, independence, monotonicity."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from landbank.domain.columns import Columns, columns_of
from landbank.domain.criterion import Op
from landbank.domain.kleene import FALSE
from landbank.domain.match import match, score
from landbank.domain.musts import asked_for, judge
from landbank.domain.need import Must, Need, Weight, Wish
from landbank.domain.place import Place
from landbank.domain.shown import parts_in_tenths, tenths
from landbank.domain.wishes import priors_of

DAY = date(2026, 11, 23)
HERE = Place(None, 1_000.0, 500.0)
MANY = settings(max_examples=300, deadline=None, phases=(Phase.generate,))
AMOUNTS = st.one_of(st.sampled_from([0.0, 100.0, 500.0, 1_000.0, 5_000.0]), st.floats(0, 20_000))


def facts_from(seed: int) -> dict[str, Any]:
    """What is recorded of a plot, drawn from the seed: a quarter of all values unknown, bounds more often than not.

    One draw of Hypothesis a plot: a draw for each value took three quarters of the time of these tests.
    """
    drawn = Random(seed)

    def maybe_one(value: Callable[[], Any]) -> Any:
        return None if drawn.random() < 0.25 else value()

    def amount() -> float:
        return drawn.choice([0.0, 100.0, 500.0, 1_000.0, 5_000.0, drawn.uniform(0, 20_000)])

    def day() -> date:
        return DAY + timedelta(days=drawn.randint(-400, 1_500))

    def step() -> tuple[Any, ...]:
        return maybe_one(day), maybe_one(lambda: drawn.uniform(0, 20)), drawn.choice([None, True, False])

    return {
        "area_m2": maybe_one(amount),
        "price_sek_per_m2": maybe_one(amount),
        "motorway_m": maybe_one(amount),
        "use": maybe_one(lambda: drawn.sample("JZKHB", drawn.randint(1, 3))),
        "excluded_use": drawn.sample("JB", drawn.randint(0, 1)),
        "tenures": maybe_one(lambda: drawn.sample(["forsaljning", "tomtratt"], drawn.randint(1, 2))),
        "planning_state": maybe_one(lambda: drawn.choice(["laga_kraft", "samrad", "antagen"])),
        "availability": maybe_one(lambda: drawn.choice(["ledig", "kommande", "reserverad", "sald"])),
        "availability_until": maybe_one(day),
        "readiness": maybe_one(lambda: drawn.choice(["ramark", "byggklar"])),
        "ready_on": maybe_one(day),
        "available_on": maybe_one(day),
        "has_fibre": maybe_one(lambda: drawn.random() < 0.5),
        "is_blocked": drawn.random() < 0.5,
        "power": maybe_one(lambda: [step() for _ in range(drawn.randint(0, 3))]),
        "municipality": drawn.choice(["1480", "1441"]),
        "lease_sek_per_m2_year": maybe_one(amount),
        "motorway_min": maybe_one(amount),
        "slope_percent": maybe_one(amount),
        "easting_m": maybe_one(amount),
        "northing_m": amount(),
        "environment_class": maybe_one(lambda: drawn.choice("UCBA")),
        "ground_kind": maybe_one(lambda: drawn.choice(["lera", "berg"])),
        "owner_kind": maybe_one(lambda: drawn.choice(["kommun", "privat"])),
        "has_rail_siding": maybe_one(lambda: drawn.random() < 0.5),
        "confirmed_on": maybe_one(day),
        "degree": maybe_one(amount),
        "degree_code": drawn.choice(
            ["Utnytt_StorstaAreaProc_BruttoEgen", "Utnytt_StorstaAreaProc_ByggnadsEgen"]
        ),
    }


FACTS = st.integers(0, 2**32 - 1).map(facts_from)
PLOTS = st.lists(FACTS, min_size=1, max_size=12)


def curve_from(drawn: Random) -> tuple[tuple[float, float], ...]:
    """Two to four points in order."""
    steps = sorted(drawn.sample(range(20_001), drawn.randint(2, 4)))
    return tuple((float(step), drawn.choice([0.0, 1.0, drawn.random()])) for step in steps)


def weight_from(drawn: Random) -> Weight | float:
    """A word or a number."""
    return drawn.choice([*Weight, drawn.uniform(0.1, 50)])


def wish_from(name: str, drawn: Random) -> Wish:
    """A wish for the criterion: with a curve of its own, or as landbank proposes it."""
    if name in CURVED:
        return Wish(name, curve_from(drawn), weight_from(drawn))
    match name:
        case "power_mw":
            return Wish(name, ((1, 0.0), (10, 1.0)), weight_from(drawn), drawn.random() < 0.5)
        case "use":
            return Wish(name, (("J", 1.0), ("K", 0.4)), weight_from(drawn))
        case "tenure":
            return Wish(name, (("tomtratt", 0.6), ("forsaljning", 1.0)), weight_from(drawn))
    return Wish(name, weight=weight_from(drawn))


def must_from(drawn: Random) -> Must:
    """A must of one of the kinds that differ in how they are judged."""
    amount = drawn.choice([0.0, 100.0, 500.0, 1_000.0, 5_000.0, drawn.uniform(0, 20_000)])
    return drawn.choice(
        [
            Must("area_m2", drawn.choice([Op.AT_LEAST, Op.AT_MOST]), amount),
            Must("price_sek_per_m2", drawn.choice([Op.AT_LEAST, Op.AT_MOST]), amount),
            Must("power_mw", Op.AT_LEAST, drawn.uniform(0, 10), drawn.random() < 0.5),
            Must("use", drawn.choice([Op.ANY_OF, Op.NONE_OF]), drawn.choice([("J",), ("B", "K")])),
            Must("label", Op.NONE_OF, ("sald",)),
            Must("ready_by", Op.AT_MOST, drawn.randint(0, 500)),
            Must(drawn.choice(["fibre", "siding"]), Op.IS, True),
            Must(drawn.choice(AT_MOST), Op.AT_MOST, amount),
            Must("environment_class", Op.ANY_OF, drawn.choice([("B",), ("U", "A")])),
            Must("owner_kind", Op.ANY_OF, ("kommun",)),
        ]
    )


def need_from(seed: int) -> Need:
    """A need of up to four musts and one to five wishes, drawn from the seed as the plots are."""
    drawn = Random(seed)
    return Need(
        tuple(must_from(drawn) for _ in range(drawn.randint(0, 4))),
        tuple(wish_from(name, drawn) for name in drawn.sample(WISHED, drawn.randint(1, 5))),
        None if drawn.random() < 0.25 else DAY + timedelta(days=drawn.randint(-400, 1_500)),
        limit=1_000,
        place=HERE,
    )


CURVED = (
    "area_m2", "price_sek_per_m2", "motorway_m", "ready_by", "lease_sek_per_m2_year", "motorway_min", "slope_percent",
    "place_km", "available_by", "confirmed_days", "floor_share_percent",
)  # fmt: skip
AT_MOST = ("motorway_min", "lease_sek_per_m2_year", "slope_percent", "place_km", "confirmed_days")
WISHED = (
    *CURVED, "power_mw", "fibre", "restrictions", "planning_state", "label", "siding", "ground_kind",
    "environment_class", "use", "tenure",
)  # fmt: skip
SEEDS = st.integers(0, 2**32 - 1)
CURVE = SEEDS.map(lambda seed: curve_from(Random(seed)))
MUSTS = SEEDS.map(lambda seed: need_from(seed).musts)
NEEDS = SEEDS.map(need_from)


def inventory(plots: list[dict[str, Any]], ids: list[int] | None = None) -> Columns:
    """Columns of plots, numbered from 1 unless ids are given."""
    numbers = ids or range(1, len(plots) + 1)
    return columns_of([{**facts, "plot_id": n} for n, facts in zip(numbers, plots, strict=True)], day=DAY)


def scores(need: Need, columns: Columns) -> dict[int, float | None]:
    """Score by plot id."""
    return {found.plot_id: found.score for found in match(need, columns, on=DAY).matches}


@MANY
@given(NEEDS, PLOTS)
def test_points_sum_to_the_score_and_with_the_losses_to_a_hundred(need: Need, plots: list[Any]) -> None:
    columns = inventory(plots)
    vectors, _ = score(need.on(DAY), columns, on=DAY)
    for found in match(need, columns, on=DAY).matches:
        won = [part.points for part in found.contributions]
        lost = [part.lost for part in found.contributions]
        assert found.score == pytest.approx(sum(won), abs=1e-9)
        assert sum(won) + sum(lost) == pytest.approx(100, abs=1e-9)
        assert found.score == pytest.approx(vectors.point[found.plot_id - 1], abs=1e-9)
        shown = tenths(found.score or 0)
        assert sum(parts_in_tenths(won, shown)) == shown
        assert sum(parts_in_tenths(lost, 1000 - shown)) == 1000 - shown


@MANY
@given(NEEDS, PLOTS, st.randoms())
def test_order_in_which_plots_are_stored_does_not_matter(need: Need, plots: list[Any], shuffler: Any) -> None:
    ids = list(range(1, len(plots) + 1))
    order = ids.copy()
    shuffler.shuffle(order)
    left = match(need, inventory(plots, ids), on=DAY)
    right = match(need, inventory([plots[n - 1] for n in order], order), on=DAY)
    assert left.matches == right.matches


@MANY
@given(NEEDS, PLOTS, st.floats(0.01, 100))
def test_only_the_ratio_of_weights_counts(need: Need, plots: list[Any], factor: float) -> None:
    scaled = replace(need, wishes=tuple(replace(wish, weight=wish.units * factor) for wish in need.wishes))
    columns = inventory(plots)
    for plot_id, one in scores(scaled, columns).items():
        assert one == pytest.approx(scores(need, columns)[plot_id], abs=1e-9)


@MANY
@given(PLOTS, CURVE)
def test_unit_does_not_count_where_curve_and_values_share_it(plots: list[Any], curve: Any) -> None:
    hectares = [
        {**facts, "area_m2": None if facts["area_m2"] is None else facts["area_m2"] / 10_000}
        for facts in plots
    ]
    in_m2 = Need(wishes=(Wish("area_m2", curve),), limit=1_000)
    in_ha = Need(wishes=(Wish("area_m2", tuple((x / 10_000, v) for x, v in curve)),), limit=1_000)
    left, right = scores(in_m2, inventory(plots)), scores(in_ha, inventory(hectares))
    assert left == {plot_id: pytest.approx(one, abs=1e-6) for plot_id, one in right.items()}


@MANY
@given(NEEDS, PLOTS)
def test_plot_that_is_at_least_as_good_in_all_wishes_scores_at_least_as_much(
    need: Need, plots: list[Any]
) -> None:
    found = match(need, inventory(plots), on=DAY).matches
    for one in found:
        for other in found:
            pairs = list(zip(one.contributions, other.contributions, strict=True))
            if all(left.points >= right.points for left, right in pairs):
                assert (one.score or 0) >= (other.score or 0) - 1e-9


@MANY
@given(NEEDS, PLOTS, FACTS)
def test_true_score_lies_within_the_bounds_whatever_the_unknown_is(
    need: Need, plots: list[Any], truth: dict[str, Any]
) -> None:
    known = completed(plots[0], truth)
    before = match_first(need, plots)
    after = match_first(need, [known, *plots[1:]])
    assert before.score_low - 1e-9 <= before.score <= before.score_high + 1e-9
    assert before.score_low - 1e-9 <= after.score <= before.score_high + 1e-9
    assert after.score_low >= before.score_low - 1e-9
    assert after.score_high <= before.score_high + 1e-9


@MANY
@given(NEEDS, PLOTS, FACTS)
def test_verdict_that_is_known_stays_when_more_becomes_known(
    need: Need, plots: list[Any], truth: dict[str, Any]
) -> None:
    # The label is what is published of an unknown axis, so learning the axis may change it.
    assume(all(must.criterion != "label" for must in need.musts))
    known = completed(plots[0], truth)
    before, after = match_first(need, plots), match_first(need, [known, *plots[1:]])
    for early, late in zip(before.musts, after.musts, strict=True):
        assert early.verdict in ("unknown", late.verdict)


def completed(facts: dict[str, Any], truth: dict[str, Any]) -> dict[str, Any]:
    """The facts with what is unknown filled in. A missing date is no unknown: without one, free means free now."""
    dates = {"ready_on", "available_on", "availability_until"}
    return {
        name: truth[name] if value is None and name not in dates else value for name, value in facts.items()
    }


def match_first(need: Need, plots: list[Any]) -> Any:
    """The answer for the first plot; wishes for the label are left out, as it is always known."""
    wishes = tuple(wish for wish in need.wishes if wish.criterion != "label")
    assume(bool(wishes))
    found = match(replace(need, wishes=wishes), inventory(plots), on=DAY).matches
    return next(one for one in found if one.plot_id == 1)


@MANY
@given(NEEDS, PLOTS, st.integers(0, 11))
def test_removing_a_plot_changes_no_other_score_and_no_other_order(
    need: Need, plots: list[Any], gone: int
) -> None:
    assume(gone < len(plots) > 1)
    columns = inventory(plots)
    rest = columns.take(np.array([place for place in range(len(plots)) if place != gone]))
    frozen = priors_of(need.on(DAY), columns, on=DAY)
    before = match(need, columns, on=DAY, priors=frozen).matches
    after = match(need, rest, on=DAY, priors=frozen).matches
    left = [one for one in before if one.plot_id != gone + 1]
    assert [(one.plot_id, one.tier, one.contributions) for one in left] == [
        (one.plot_id, one.tier, one.contributions) for one in after
    ]


@MANY
@given(st.integers(0, 2**32 - 1))
def test_adding_a_plot_changes_no_other_score_and_no_other_order(
    random_problem: Callable[..., Any], seed: int
) -> None:
    whole = random_problem(seed, plots=10)
    assume(len(whole.rows) > 1)
    some = columns_of(whole.rows[:-1], day=DAY)
    frozen = priors_of(whole.need, some, on=DAY)
    before = match(whole.need, some, on=DAY, priors=frozen).matches
    after = match(whole.need, whole.columns, on=DAY, priors=frozen).matches
    assert [(one.plot_id, one.tier, one.contributions) for one in before] == [
        (one.plot_id, one.tier, one.contributions) for one in after if one.plot_id != len(whole.rows)
    ]


@MANY
@given(NEEDS, PLOTS)
def test_plot_with_all_values_known_does_not_depend_on_the_others_at_all(
    need: Need, plots: list[Any]
) -> None:
    columns = inventory(plots)
    for found in match(need, columns, on=DAY).matches:
        if found.coverage == pytest.approx(1):
            alone = columns.take(np.array([found.plot_id - 1]))
            (one,) = match(need, alone, on=DAY).matches
            assert (one.score, one.contributions) == (found.score, found.contributions)


@MANY
@given(NEEDS, PLOTS, st.floats(0, 5_000))
def test_cheaper_plot_never_scores_less_where_less_is_better(
    need: Need, plots: list[Any], saved: float
) -> None:
    assume(plots[0]["price_sek_per_m2"] is not None)
    cheap = Wish("price_sek_per_m2", ((200, 1), (1_200, 0)), Weight.IMPORTANT)
    rest = tuple(wish for wish in need.wishes if wish.criterion != "price_sek_per_m2")
    wanted = replace(need, wishes=(cheap, *rest))
    cheaper = {**plots[0], "price_sek_per_m2": max(0, plots[0]["price_sek_per_m2"] - saved)}
    before = scores(wanted, inventory(plots))[1]
    after = scores(wanted, inventory([cheaper, *plots[1:]]))[1]
    assert (after or 0) >= (before or 0) - 1e-9


@MANY
@given(PLOTS, MUSTS, AMOUNTS, AMOUNTS)
def test_tightening_a_must_adds_no_plot_to_tier_a_and_relaxing_removes_none(
    plots: list[Any], musts: tuple[Must, ...], one: float, other: float
) -> None:
    loose, tight = sorted((one, other))
    columns = inventory(plots)
    for name, op, weak, strong in (("area_m2", ">=", loose, tight), ("motorway_m", "<=", tight, loose)):
        few, many = (tier_a((*musts, Must(name, op, side)), columns) for side in (strong, weak))
        assert few <= many


def tier_a(musts: tuple[Must, ...], columns: Columns) -> set[int]:
    """The plots that meet every must."""
    found = match(Need(musts=musts, place=HERE), columns, on=DAY)
    return {
        int(plot_id) for plot_id, tier in zip(found.ranks.plot_id, found.ranks.tier, strict=True) if tier == 0
    }


@MANY
@given(NEEDS, PLOTS)
def test_tier_is_a_when_all_pass_b_when_none_fails_c_when_one_fails(need: Need, plots: list[Any]) -> None:
    found = match(need, inventory(plots), on=DAY)
    for one in found.matches:
        verdicts = {str(judged.verdict) for judged in one.musts}
        assert one.tier == ("C" if "fail" in verdicts else "B" if "unknown" in verdicts else "A")
    tiers = [str(one.tier) for one in found.matches]
    assert tiers == sorted(tiers)
    assert (tiers.count("A"), tiers.count("B"), tiers.count("C")) == (
        found.counts.a,
        found.counts.b,
        found.counts.c,
    )


@MANY
@given(NEEDS, PLOTS)
def test_twin_of_a_plot_has_its_score_tier_and_rank(need: Need, plots: list[Any]) -> None:
    found = match(need, inventory([plots[0], *plots]), on=DAY)
    first, twin = (next(one for one in found.matches if one.plot_id == n) for n in (1, 2))
    assert (first.score, first.tier) == (twin.score, twin.tier)
    if first.tier != "C":
        assert first.rank == twin.rank
    assert found.matches.index(first) < found.matches.index(twin)


@MANY
@given(NEEDS, PLOTS)
def test_only_this_excludes_counts_the_plots_that_leaving_the_must_out_would_win(
    need: Need, plots: list[Any]
) -> None:
    columns = inventory(plots)
    found = match(need, columns, on=DAY)
    for place, effect in enumerate(found.must_effects):
        rest = replace(need, musts=need.musts[:place] + need.musts[place + 1 :])
        without = match(rest, columns, on=DAY).counts
        assert without.a + without.b - found.counts.a - found.counts.b == effect.only_this_excludes
        verdicts = judge(
            effect.must, columns, asked_for(need.on(DAY), DAY, conditional=effect.must.conditional)
        )
        assert effect.fails == sum(verdicts == FALSE)


@MANY
@given(NEEDS, PLOTS)
def test_same_need_over_the_same_plots_has_the_same_answer(need: Need, plots: list[Any]) -> None:
    assert match(need, inventory(plots), on=DAY).matches == match(need, inventory(plots), on=DAY).matches
