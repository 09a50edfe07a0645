"""Filters against the properties of a collection: what is known, what can be compared, what is read as what."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from landbank.domain.filter import Call, Kind, Literal, Node
from landbank.domain.filter_check import checked
from landbank.domain.filter_text import read_text
from landbank.errors import Invalid

PROPERTIES = {
    "text": Kind.TEXT,
    "number": Kind.NUMBER,
    "whole": Kind.INTEGER,
    "open": Kind.BOOLEAN,
    "day": Kind.DATE,
    "moment": Kind.DATETIME,
    "codes": Kind.TEXTS,
    "uuid": Kind.UUID,
    "geometry": Kind.GEOMETRY,
}


def right(root: Node) -> Literal:
    """The right side of a comparison."""
    assert isinstance(root, Call)
    found = root.args[1]
    assert isinstance(found, Literal)
    return found


@pytest.mark.parametrize(
    "text",
    [
        "open",
        "open = true",
        "text > 'a' AND number < 3 AND whole = 2.5",
        "CASEI(text) LIKE casei('a%')",
        "text BETWEEN 'a' AND 'b'",
        "whole + 1 > number * 2",
        "day = '2024-01-01'",
        "moment IN ('2024-01-01T00:00:00Z', '2024-01-02T00:00:00Z')",
        "uuid = '00000000-0000-0000-0000-000000000001'",
        "T_AFTER(day, TIMESTAMP('2024-01-01T00:00:00Z'))",
        "T_DURING(INTERVAL(day, moment), INTERVAL('2024-01-01', '..'))",
        "S_INTERSECTS(geometry, POINT(1 2))",
        "S_DISJOINT(geometry, GEOMETRYCOLLECTION(POINT(1 2), LINESTRING(0 0, 1 1)))",
        "A_CONTAINS(codes, ('J'))",
        "A_EQUALS(codes, ())",
        "geometry IS NULL",
        "(text = 'a') IS NULL",
        "within_m(geometry, POINT(1 2), 100)",
        "length(text) = 3 AND count(codes) > 1 AND year(day) = 2024",
        "day <= today()",
        "1 = 1",
    ],
)
def test_what_can_be_asked(text: str) -> None:
    assert checked(read_text(text), PROPERTIES).kind is Kind.BOOLEAN


def test_text_is_read_as_what_it_is_compared_with() -> None:
    assert right(checked(read_text("day = '2024-01-31'"), PROPERTIES)).value == date(2024, 1, 31)
    moment = right(checked(read_text("moment < '2024-01-31T01:00:00+01:00'"), PROPERTIES))
    assert moment.value == datetime(2024, 1, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ("txt = 'a'", "character 1", "there is no property 'txt'"),
        ("number = 'a'", "character 10", "a number can't be compared with a text"),
        ("text = 1", "character 8", "a text can't be compared with a number"),
        ("open = 'true'", "character 8", "true or false can't be compared with a text"),
        ("day = TIMESTAMP('2024-01-01T00:00:00Z')", "character 17", "a date can't be compared with a time"),
        ("day = 'soon'", "character 7", "'soon' is not a date"),
        ("uuid = 'x'", "character 8", "'x' is no UUID"),
        ("codes = 'J'", "character 1", "an array can't be compared by '='"),
        ("geometry = POINT(1 2)", "character 1", "a geometry can't be compared by '='"),
        ("text", "character 1", "the filter is a text, not a condition"),
        ("whole + 1", "character 7", "the filter is a number, not a condition"),
        ("whole + text > 1", "character 9", "'+' works on a number; this is a text"),
        ("NOT text", "character 5", "'not' works on true or false; this is a text"),
        ("text LIKE text", "character 11", "the pattern of LIKE must stand in the filter"),
        ("text LIKE 'a\\\\'", "character 11", "ends with a \\ that escapes nothing"),
        ("number LIKE 'a'", "character 1", "LIKE works on a text"),
        ("CASEI(number) = 'a'", "character 7", "CASEI works on a text"),
        ("S_INTERSECTS(text, POINT(1 2))", "character 14", "S_INTERSECTS works on a geometry"),
        ("T_AFTER(text, DATE('2024-01-01'))", "character 9", "T_AFTER works on"),
        ("T_DURING(day, INTERVAL('2024-01-01', '..'))", "character 10", "T_DURING works on an interval"),
        ("T_AFTER(day, INTERVAL('2024-02-01', '2024-01-01'))", "character 14", "ends before it begins"),
        ("A_CONTAINS(text, ('a'))", "character 12", "A_CONTAINS works on an array"),
        ("A_CONTAINS(codes, (1, 2))", "character 20", "works on a text"),
        ("pg_sleep(10) IS NULL", "character 1", "there is no function 'pg_sleep'"),
        ("S_DWITHIN(geometry, POINT(1 2), 10)", "character 1", "there is no function 's_dwithin'"),
        ("lower(text, text) = 'a'", "character 1", "'lower' takes 1 argument, not 2"),
        ("INTERVAL(day, day) IS NULL", "character 1", "an interval is never NULL"),
    ],
)
def test_what_can_not_be_asked_is_told_with_its_place(text: str, place: str, what: str) -> None:
    with pytest.raises(Invalid) as refusal:
        checked(read_text(text), PROPERTIES)
    assert refusal.value.where == f"filter, {place}"
    assert what in refusal.value.message


def test_near_names_are_suggested() -> None:
    with pytest.raises(Invalid, match="Did you mean 'number'"):
        checked(read_text("numbr = 1"), PROPERTIES)
    with pytest.raises(Invalid, match="Did you mean 's_intersects'"):
        checked(read_text("s_intersect(geometry, POINT(1 2))"), PROPERTIES)


def test_mixture_of_geometries_can_only_be_met_or_missed() -> None:
    text = "S_WITHIN(geometry, GEOMETRYCOLLECTION(POINT(1 2), LINESTRING(0 0, 1 1)))"
    with pytest.raises(Invalid, match="collection of geometries"):
        checked(read_text(text), PROPERTIES)
