"""A need is checked when it is made; every fault names its field and what is allowed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from landbank import codelists
from landbank.domain.criteria import CRITERIA, USE_CODES
from landbank.domain.criterion import OPERATORS, Kind
from landbank.domain.need import Must, Need, Weight, Wish
from landbank.domain.templates import TEMPLATE_LABELS, TEMPLATES
from landbank.errors import Invalid


@pytest.mark.parametrize(
    ("criterion", "op", "threshold", "where", "told"),
    [
        ("colour", ">=", 1, "/criterion", "area_m2"),
        ("area_m2", "any_of", ["J"], "/op", ">=, <=, between"),
        ("use", ">=", 1, "/op", "any_of, none_of"),
        ("ready_by", ">=", 0, "/op", "<="),
        ("water", "is", 1, "/threshold", "true or false"),
        ("area_m2", ">=", True, "/threshold", "number in m²"),
        ("area_m2", ">=", float("nan"), "/threshold", "number"),
        ("area_m2", ">=", date(2027, 1, 1), "/threshold", "number"),
        ("area_m2", "between", [5, 1], "/threshold", "lesser"),
        ("area_m2", "between", [5], "/threshold", "[least, most]"),
        ("use", "any_of", [], "/threshold", "one or more"),
        ("use", "any_of", "J", "/threshold", "list"),
        ("use", "any_of", ["J", "Q"], "/threshold", "J, Z, K"),
        ("municipality", "any_of", ["Lerum"], "/threshold", "[0-9]{4}"),
    ],
)
def test_must_that_can_not_be_is_refused(
    criterion: str, op: Any, threshold: Any, where: str, told: str
) -> None:
    with pytest.raises(Invalid) as caught:
        Must(criterion, op, threshold)
    assert caught.value.where == where
    assert told in str(caught.value.hint)


@pytest.mark.parametrize(
    ("wish", "where"),
    [
        ({"criterion": "colour"}, "/criterion"),
        ({"criterion": "use"}, "/points"),
        ({"criterion": "area_m2", "points": ((1, 0),)}, "/points"),
        ({"criterion": "area_m2", "points": ((1, 0), (1, 1))}, "/points"),
        ({"criterion": "area_m2", "points": ((1, 0), (2, 1.1))}, "/points/1/1"),
        ({"criterion": "area_m2", "points": ((1, 0), ("2", 1))}, "/points/1/0"),
        ({"criterion": "use", "points": (("J", 1), ("Q", 0.5))}, "/points/1/0"),
        ({"criterion": "use", "points": (("J", 1), ("J", 0.5))}, "/points/1/0"),
        ({"criterion": "water", "points": ((1, 1),)}, "/points/0/0"),
        ({"criterion": "area_m2", "weight": "huge"}, "/weight"),
        ({"criterion": "area_m2", "weight": 0}, "/weight"),
        ({"criterion": "area_m2", "weight": True}, "/weight"),
        ({"criterion": "area_m2", "conditional": True}, "/conditional"),
    ],
)
def test_wish_that_can_not_be_is_refused(wish: dict[str, Any], where: str) -> None:
    with pytest.raises(Invalid) as caught:
        Wish(**wish)
    assert caught.value.where == where


def test_same_criterion_is_wished_for_only_once() -> None:
    with pytest.raises(Invalid) as caught:
        Need(wishes=(Wish("fibre"), Wish("water"), Wish("fibre")))
    assert caught.value.where == "/wishes/2/criterion"


@pytest.mark.parametrize("limit", [0, -1, 1001])
def test_limit_has_bounds(limit: int) -> None:
    with pytest.raises(Invalid) as caught:
        Need(limit=limit)
    assert caught.value.where == "/limit"


def test_codes_are_kept_sorted_and_once() -> None:
    assert Must("use", "any_of", ["Z", "J", "Z"]).threshold == ("J", "Z")


def test_words_weigh_eight_four_two_and_one() -> None:
    assert [Wish("fibre", weight=word).units for word in Weight] == [8, 4, 2, 1]
    assert Wish("fibre", weight=2.5).units == 2.5


def test_wish_without_points_takes_the_default() -> None:
    assert Wish("fibre").points == ((True, 1.0), (False, 0.0))


def test_day_of_a_need_is_filled_in_only_where_it_is_missing() -> None:
    day = date(2026, 11, 23)
    assert Need().on(day).date == day
    assert Need(date=date(2028, 1, 1)).on(day).date == date(2028, 1, 1)


def test_every_template_has_a_name_in_both_languages_and_shows_that_sold_plots_are_left_out() -> None:
    assert TEMPLATES.keys() == TEMPLATE_LABELS.keys()
    for need in TEMPLATES.values():
        assert Must("label", "none_of", ("sald", "ej_till_salu")) in need.musts


def test_every_default_curve_makes_a_valid_wish() -> None:
    for criterion in CRITERIA.values():
        if criterion.default:
            assert Wish(criterion.id).points


def test_every_kind_has_operators() -> None:
    assert set(OPERATORS) == set(Kind)


def test_every_business_use_of_the_code_list_can_be_asked_for() -> None:
    uses = codelists.land_uses()
    assert {letter for letter, use in uses.items() if use.is_business} <= set(USE_CODES)
    assert set(uses) == set(USE_CODES)
