"""The need form: what is typed becomes a need, and goes back into the same address."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landbank.api.form_fields import FIELDS, MUST, WEIGHTS, AtLeast, AtMost, Choice, Day, Field, Flag, Sizes
from landbank.api.need_form import (
    NeedForm,
    as_wish,
    need_of,
    parameters_of,
    query_of,
    read_day,
    read_form,
    read_number,
    read_sizes,
    without,
)
from landbank.api.need_templates import TEMPLATES
from landbank.domain.building import Building
from landbank.domain.criterion import Op
from landbank.domain.need import Must, Weight, Wish
from landbank.domain.templates import TEMPLATES as DOMAIN_TEMPLATES

KNOWN = {
    "anv": ("J", "Z", "K", "E", "C", "H"),
    "kommun": ("1480", "1441"),
    "status": ("ledig_nu", "ledig_senare", "kommande"),
    "planlage": ("laga_kraft", "antagen"),
    "upplatelse": ("forsaljning", "tomtratt"),
    "prisbas": ("tomtarea", "bruttoarea"),
    "mark": ("ramark", "byggklar"),
    "miljo": ("U", "C", "B"),
    "jordart": ("berg", "lera"),
    "oversvamning": ("utanfor", "lagpunkt"),
    "agare": ("kommun", "privat"),
}


def form_of(query: str) -> NeedForm:
    """The form that a query fills in."""
    return read_form(parse_qsl(query, keep_blank_values=True), KNOWN)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5", 5.0),
        ("2,5", 2.5),
        ("2.5", 2.5),
        ("5 000", 5000.0),
        ("5\u00a0000", 5000.0),
        ("5\u202f000,5", 5000.5),
        ("0", 0.0),
        ("-3", None),
        ("1e5", None),
        ("5 ha", None),
        ("1,000,000", None),
        ("٣", None),
        ("nan", None),
        ("1" * 30, None),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, number: float | None) -> None:
    assert read_number(text) == number


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2027-06-30", date(2027, 6, 30)),
        ("2027-02-30", None),
        ("20270630", None),
        ("30/6 2027", None),
        ("1999-01-01", None),
    ],
)
def test_days_are_read_in_one_form(text: str, day: date | None) -> None:
    assert read_day(text) == day


def test_hectares_and_kilometres_become_metres() -> None:
    need = need_of(form_of("yta_min=5&yta_max=15,5&motorvag=3&motorvag_krav=krav"))

    assert need.musts == (
        Must("area_m2", Op.BETWEEN, (50_000.0, 155_000.0)),
        Must("motorway_m", Op.AT_MOST, 3_000.0),
    )


def test_span_may_begin_at_nothing() -> None:
    assert need_of(form_of("yta_min=0&yta_max=2")).musts == (Must("area_m2", Op.BETWEEN, (0.0, 20_000.0)),)
    assert form_of("yta_min=0").errors == {}
    assert list(form_of("yta_max=0").errors) == ["yta_max"]


@pytest.mark.parametrize("query", ["yta_min=0", "yta_min=0&yta_max=2", "yta_min=2&yta_max=2"])
def test_span_as_a_wish_gives_full_points_to_what_lies_within(query: str) -> None:
    (wish, *_) = need_of(form_of(f"{query}&yta_krav=bra")).wishes

    assert max(worth for _, worth in wish.points) == 1


def test_one_end_of_a_span_is_enough() -> None:
    assert need_of(form_of("yta_max=2")).musts == (Must("area_m2", Op.AT_MOST, 20_000.0),)
    assert need_of(form_of("yta_min=2")).musts == (Must("area_m2", Op.AT_LEAST, 20_000.0),)


def test_price_and_distances_are_wishes_unless_said_otherwise() -> None:
    need = need_of(form_of("pris=600&hamn=20&status=ledig_nu"))

    assert need.wishes == (
        Wish("port_m", ((20_000.0, 1.0), (40_000.0, 0.0)), Weight.IMPORTANT),
        Wish("price_sek_per_m2", ((600.0, 1.0), (1_200.0, 0.0)), Weight.IMPORTANT),
    )


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("120x80", ((120.0, 80.0),)),
        ("120 x 80 m, 45,5×30", ((120.0, 80.0), (45.5, 30.0))),
        ("40x30 och 40x30", ((40.0, 30.0), (40.0, 30.0))),
        ("120", ()),
        ("120x80 stor", ()),
        ("0x80", ()),
        ("9999x80", ()),
        ("1x1,1x1,1x1,1x1,1x1,1x1", ()),
    ],
)
def test_sizes_are_read_whole_or_not_at_all(text: str, sizes: tuple[tuple[float, float], ...]) -> None:
    assert read_sizes(text) == sizes


def test_equal_buildings_are_counted_and_share_their_distance() -> None:
    need = need_of(form_of("byggnad=40x30, 40x30, 120x80&byggnad_avstand=4,5"))

    assert need.footprints == (Building(40, 30, 4.5, 2), Building(120, 80, 4.5))
    assert need_of(form_of("byggnad_avstand=4,5")).footprints == ()


def test_water_and_sewer_are_asked_together() -> None:
    assert need_of(form_of("va=1")).musts == (
        Must("water", Op.IS, threshold=True),
        Must("sewer", Op.IS, threshold=True),
    )


def test_date_is_the_needs_day_and_a_must_to_be_in_time() -> None:
    need = need_of(form_of("datum=2027-06-30"))

    assert need.date == date(2027, 6, 30)
    assert need.musts == (Must("ready_by", Op.AT_MOST, 0.0),)


def test_search_without_status_prefers_what_can_be_had_soon() -> None:
    assert need_of(form_of("el=2")).wishes == (Wish("label", weight=Weight.NICE),)
    assert [wish.criterion for wish in need_of(form_of("pris=500&status=ledig_nu")).wishes] == [
        "price_sek_per_m2"
    ]


def test_size_as_a_wish_falls_off_on_both_sides() -> None:
    need = need_of(form_of("yta_min=2&yta_max=4&yta_krav=bra&status=ledig_nu"))

    assert need.wishes == (
        Wish("area_m2", ((10_000, 0), (20_000, 1), (40_000, 1), (80_000, 0)), Weight.USEFUL),
    )


@pytest.mark.parametrize(
    ("told", "strength"),
    [
        ("el_krav=must", "krav"),
        ("el_krav=wish", "viktigt"),
        ("el_krav=onskemal&el_vikt=avgorande", "avgorande"),
        ("el_krav=garna", "garna"),
    ],
)
def test_strength_is_read_in_its_several_forms(told: str, strength: str) -> None:
    assert form_of(f"el=2&{told}").strength("el") == strength


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("yta_min=abc", "yta_min"),
        ("yta_min=10&yta_max=5", "yta_max"),
        ("el=0", "el"),
        ("datum=imorgon", "datum"),
        ("anv=Q", "anv"),
        ("kommun=0180", "kommun"),
        ("status=<script>", "status"),
        ("va=2", "va"),
        ("el=2&el_krav=kanske", "el_krav"),
    ],
)
def test_what_cannot_be_used_is_an_error_beside_its_field(query: str, parameter: str) -> None:
    form = form_of(query)

    assert list(form.errors) == [parameter]
    assert query_of(form) == query_of(form_of(query_of(form).removeprefix("?"))), "nothing typed is lost"


def test_error_in_one_field_leaves_the_others_as_they_were_typed() -> None:
    form = form_of("yta_min=abc&el=5&anv=J")

    assert (form.text("yta_min"), form.text("el"), form.chosen("anv")) == ("abc", "5", ("J",))


def test_empty_fields_ask_for_nothing() -> None:
    form = form_of("yta_min=&yta_max=&el=+&el_krav=krav&pris_krav=viktigt")

    assert not form.asks
    assert query_of(form) == ""


def test_number_of_plots_goes_up_in_twenties_to_five_hundred() -> None:
    assert [form_of(f"visa={number}").shown for number in ("1", "21", "40", "99999", "-5", "x")] == [
        20,
        40,
        40,
        500,
        20,
        20,
    ]


def test_must_can_be_dropped_or_made_a_wish() -> None:
    form = form_of("el=20&yta_min=3")

    assert query_of(without(form, "el")) == "?yta_min=3"
    assert query_of(as_wish(form, "el")) == "?yta_min=3&el=20&el_krav=viktigt"


@pytest.mark.parametrize("name", TEMPLATES)
def test_templates_of_the_form_are_those_of_the_domain_and_without_error(name: str) -> None:
    known = {**KNOWN, "anv": tuple("JZKHGCEVTP")}
    form = read_form([("mall", name), *TEMPLATES[name]], known)

    assert name in DOMAIN_TEMPLATES
    assert form.errors == {}
    assert need_of(form).template == name


def test_every_template_of_the_domain_is_offered() -> None:
    assert list(TEMPLATES) == list(DOMAIN_TEMPLATES)


def texts_of(one: Field) -> st.SearchStrategy[dict[str, tuple[str, ...]]]:
    """Texts that a visitor may give a field, so that it can be used."""
    number = st.integers(1, 10**9).map(lambda thousandths: f"{thousandths / 1000:.3f}".replace(".", ","))
    if isinstance(one, Choice):
        return st.lists(st.sampled_from(KNOWN[one.name]), min_size=1, unique=True).map(
            lambda codes: {one.name: tuple(codes)}
        )
    if isinstance(one, Sizes):
        sizes, distance = one.parameters
        return st.sampled_from(["120x80", "45,5 x 30; 20×20 m"]).flatmap(
            lambda text: st.sampled_from([{sizes: (text,)}, {sizes: (text,), distance: ("4,5",)}])
        )
    if isinstance(one, Flag):
        return st.just({one.name: ("1",)})
    if isinstance(one, Day):
        days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
        return days.map(lambda day: {one.name: (day.isoformat(),)})
    if isinstance(one, AtLeast | AtMost):
        return number.map(lambda text: {one.name: (text,)})
    low, high = one.parameters
    return number.map(lambda text: {low: (text,)}) | number.map(lambda text: {low: (text,), high: (text,)})


@st.composite
def forms(draw: st.DrawFn) -> NeedForm:
    """Forms that can be searched with."""
    values: dict[str, tuple[str, ...]] = {}
    strengths: dict[str, str] = {}
    for one in draw(st.lists(st.sampled_from(FIELDS), unique=True)):
        values |= draw(texts_of(one))
        strength = draw(st.sampled_from([MUST, *WEIGHTS]))
        if strength != one.strength and not isinstance(one, Sizes):
            strengths[one.name] = strength
    template = draw(st.none() | st.sampled_from(list(TEMPLATES)))
    return NeedForm(values, strengths, {}, template, draw(st.sampled_from([20, 40, 500])))


@settings(max_examples=200, deadline=None)
@given(forms())
def test_address_gives_back_the_form_and_the_need(form: NeedForm) -> None:
    again = form_of(query_of(form).removeprefix("?"))

    assert again == form
    assert need_of(again) == need_of(form)
    assert query_of(again) == query_of(form)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([p for one in FIELDS for p in (*one.parameters, f"{one.name}_krav")]),
            st.text(max_size=12),
        )
    )
)
def test_any_text_is_read_shown_again_and_never_an_exception(pairs: list[tuple[str, str]]) -> None:
    form = read_form(pairs, KNOWN)

    need_of(form)
    assert read_form(parameters_of(form), KNOWN).values == form.values


def test_takeover_in_time_is_a_must_on_the_day_or_a_wish_that_falls_over_a_year() -> None:
    assert need_of(form_of("tilltrade=1")).musts == (Must("available_by", Op.AT_MOST, 0.0),)
    wished = need_of(form_of("tilltrade=1&tilltrade_krav=bra")).wishes[0]
    assert (wished.criterion, wished.points) == ("available_by", ((0.0, 1.0), (365.0, 0.0)))
