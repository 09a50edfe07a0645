"""A need as it comes in: strict, and every fault is told with the pointer of its field."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, get_args

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landbank.api.need_in import TemplateName, read_need
from landbank.api.need_schema import EXAMPLES, SCHEMA_ID, criteria_document, need_schema
from landbank.domain.criteria import CRITERIA
from landbank.domain.need import Must, Need
from landbank.domain.place import Place
from landbank.domain.templates import TEMPLATES
from landbank.errors import Invalid
from landbank.services.match_document import need_document

AREA = {"criterion": "area_m2", "op": ">=", "threshold": 1}
VALIDATOR = jsonschema.Draft202012Validator(need_schema(), format_checker=jsonschema.FormatChecker())

REFUSED: list[tuple[Any, str]] = [
    ({"must": []}, "/must"),
    ({"musts": [{**AREA, "treshold": 2}]}, "/musts/0/treshold"),
    ({"musts": [AREA, {"criterion": "area_m2", "op": ">="}]}, "/musts/1/threshold"),
    ({"musts": [AREA, {**AREA, "criterion": "colour"}]}, "/musts/1/criterion"),
    ({"musts": [{**AREA, "op": "=>"}]}, "/musts/0/op"),
    ({"musts": [{**AREA, "threshold": "1"}]}, "/musts/0/threshold"),
    ({"musts": [{**AREA, "threshold": None}]}, "/musts/0/threshold"),
    ({"musts": [{"criterion": "use", "op": "any_of", "threshold": ["J", 1]}]}, "/musts/0/threshold"),
    ({"musts": [{"criterion": "use", "op": "any_of", "threshold": ["j"]}]}, "/musts/0/threshold"),
    ({"musts": [{"criterion": "ready_by", "op": "<=", "threshold": "soon"}]}, "/musts/0/threshold"),
    ({"wishes": [{"criterion": "area_m2", "points": []}]}, "/wishes/0/points"),
    ({"wishes": [{"criterion": "area_m2", "points": [[1, 0], [2, 2]]}]}, "/wishes/0/points/1/1"),
    ({"wishes": [{"criterion": "area_m2", "points": [[1, 0], [2]]}]}, "/wishes/0/points/1"),
    ({"wishes": [{"criterion": "use"}]}, "/wishes/0/points"),
    ({"wishes": [{"criterion": "fibre", "weight": "much"}]}, "/wishes/0/weight"),
    ({"wishes": [{"criterion": "fibre", "conditional": True}]}, "/wishes/0/conditional"),
    ({"limit": 0}, "/limit"),
    ({"limit": "5"}, "/limit"),
    ({"limit": 1001}, "/limit"),
    ({"date": "2027-13-01"}, "/date"),
    ({"date": "20270101"}, "/date"),
    ({"template": "spaceport"}, "/template"),
]


def refused(given_need: Any) -> Invalid:
    """The fault that reading tells of."""
    with pytest.raises(Invalid) as caught:
        read_need(given_need)
    return caught.value


@pytest.mark.parametrize(("given_need", "pointer"), REFUSED)
def test_fault_is_told_with_the_pointer_of_its_field(given_need: Any, pointer: str) -> None:
    fault = refused(json.dumps(given_need))
    assert fault.where is not None
    assert fault.where.startswith(pointer)
    assert fault.hint


@pytest.mark.parametrize(("given_need", "pointer"), REFUSED)
def test_schema_refuses_what_reading_refuses(given_need: Any, pointer: str) -> None:
    assert not VALIDATOR.is_valid(given_need)


def test_unknown_field_is_refused_by_name_and_the_fields_are_listed() -> None:
    fault = refused({"wishes": [{"criterion": "fibre", "wieght": 1}]})
    assert "wieght" in fault.message
    assert "criterion, points, weight, conditional" in (fault.hint or "")


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "1", '{"limit": NaN}', '{"limit": 1, "limit": 2}', "[" * 100_000, b"\xff{}"],
)
def test_what_is_no_need_is_refused_plainly(text: str | bytes) -> None:
    assert refused(text).message


def test_endless_threshold_is_refused() -> None:
    assert refused('{"musts": [{"criterion": "area_m2", "op": ">=", "threshold": 1e999}]}').where


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_read_and_fits_the_schema(example: Any) -> None:
    VALIDATOR.validate(example)
    assert isinstance(read_need(example), Need)


def test_schema_is_a_schema_of_the_2020_dialect_with_a_versioned_name() -> None:
    jsonschema.Draft202012Validator.check_schema(need_schema())
    assert need_schema()["$id"] == SCHEMA_ID == "urn:landbank:need:1.1"
    assert len(need_schema()["examples"]) >= 3
    assert need_schema()["additionalProperties"] is False


@pytest.mark.parametrize("name", TEMPLATES)
def test_normal_form_of_a_template_fits_the_schema_and_reads_as_the_same_need(name: str) -> None:
    need = read_need({"template": name})
    document = need_document(need)
    VALIDATOR.validate(document)
    assert read_need(document) == need
    assert need.musts == TEMPLATES[name].musts


def test_template_fills_in_only_what_is_left_out() -> None:
    need = read_need({"template": "logistics", "musts": [], "title": "Own"})
    assert (need.musts, need.title) == ((), "Own")
    assert need.wishes == TEMPLATES["logistics"].wishes


def test_every_template_can_be_named() -> None:
    assert get_args(TemplateName) == tuple(TEMPLATES)


def test_dates_are_read() -> None:
    need = read_need(
        {"date": "2028-02-29", "musts": [{"criterion": "ready_by", "op": "<=", "threshold": "2028-03-01"}]}
    )
    assert (need.date, need.musts) == (date(2028, 2, 29), (Must("ready_by", "<=", date(2028, 3, 1)),))


def test_catalogue_has_every_criterion_named_in_both_languages_with_unit_and_operators() -> None:
    listed = {one["id"]: one for one in criteria_document()["criteria"]}
    assert list(listed) == list(CRITERIA)
    assert all(one["label"]["sv"] and one["label"]["en"] and one["operators"] for one in listed.values())
    assert (listed["area_m2"]["unit"], listed["power_mw"]["unit"], listed["rail_m"]["unit"]) == (
        "m²",
        "MW",
        "m",
    )


VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-5, 2_000),
        st.floats(),
        st.sampled_from(
            [*CRITERIA, ">=", "<=", "between", "any_of", "is", "J", "1480", "2027-01-01", "useful"]
        ),
    ),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=6,
)
MUSTS = st.fixed_dictionaries(
    {"criterion": st.sampled_from([*CRITERIA, "colour"]), "op": VALUES, "threshold": VALUES},
    optional={"conditional": VALUES},
)
WISHES = st.fixed_dictionaries(
    {"criterion": st.sampled_from(list(CRITERIA))},
    optional={"points": VALUES, "weight": VALUES, "conditional": VALUES},
)


@settings(max_examples=300, deadline=None)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "musts": st.lists(MUSTS, max_size=2),
            "wishes": st.lists(WISHES, max_size=2),
            "limit": VALUES,
            "date": VALUES,
        },
    )
)
def test_whatever_comes_in_is_a_need_or_a_plain_refusal_and_the_schema_refuses_no_need(
    given_need: Any,
) -> None:
    try:
        need = read_need(given_need)
    except Invalid:
        return
    assert read_need(need_document(need)) == need
    document = {name: value for name, value in given_need.items() if value is not None}
    for part in (*document.get("musts", ()), *document.get("wishes", ())):
        if part.get("points", ()) is None:
            del part["points"]
    VALIDATOR.validate(document)


NEAR = [{"criterion": "place_km", "op": "<=", "threshold": 10}]


def test_place_is_read_in_degrees_and_written_back_as_it_was() -> None:
    given = {"place": {"name": "Kajen", "longitude": 12, "latitude": 57.7}, "musts": NEAR}
    need = read_need(given)
    assert need.place is not None
    # 12° E is 3° west of the central meridian: 178.8 km at this latitude, less the scale of 0.9996.
    assert need.place.easting_m == pytest.approx(321_280, abs=200)
    document = need_document(need)
    VALIDATOR.validate(document)
    assert document["place"] == {
        "name": "Kajen",
        "longitude": pytest.approx(12, abs=1e-6),
        "latitude": pytest.approx(57.7, abs=1e-6),
    }
    assert read_need(document) == need


def test_place_by_name_is_left_to_the_inventory() -> None:
    need = read_need({"place": {"name": "Göteborgs hamn"}, "musts": NEAR})
    assert need.place == Place("Göteborgs hamn")
    assert read_need(need_document(need)) == need


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"musts": NEAR}, "/place"),
        ({"place": {"name": "Göteborgs hamn"}}, "/place"),
        ({"place": {}, "musts": NEAR}, "/place"),
        ({"place": {"longitude": 12}, "musts": NEAR}, "/place"),
        ({"place": {"longitude": 12, "latitude": 95}, "musts": NEAR}, "/place/latitude"),
        ({"place": {"town": "Göteborg"}, "musts": NEAR}, "/place/town"),
        ({"musts": [{"criterion": "place_min", "op": "<=", "threshold": 10}]}, "/musts/0/criterion"),
    ],
)
def test_place_that_can_not_be_used_is_refused_where_it_stands(given: Any, where: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_need(given)
    assert refused.value.where == where
    assert refused.value.hint
