"""CQL2 text into a tree: what stands for what, how operators bind, and what is refused, with its place."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import shapely

from landbank.domain.filter import Array, Box, Call, Interval, Kind, Literal, Node, Property, Shape
from landbank.domain.filter_text import read_text
from landbank.errors import Invalid


def prop(name: str) -> Property:
    return Property(name, "")


def value(told: object) -> Literal:
    return Literal(told, Kind.TEXT, "")  # type: ignore[arg-type] # kinds and places don't count when trees are compared


def call(op: str, *args: Node) -> Call:
    return Call(op, args, "")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a = 'x'", call("=", prop("a"), value("x"))),
        ("a<>1", call("<>", prop("a"), value(1))),
        ("a >= -1.5", call(">=", prop("a"), value(-1.5))),
        ("a = .5e1", call("=", prop("a"), value(5.0))),
        ("a = TRUE", call("=", prop("a"), value(True))),
        ("open", prop("open")),
        ("NOT open", call("not", prop("open"))),
        ("\"a b\" = 'it''s'", call("=", prop("a b"), value("it's"))),
        ("a = 'it\\'s'", call("=", prop("a"), value("it's"))),
        ("a = '\\a\\b\\t\\n\\v\\f\\r'", call("=", prop("a"), value("\a\b\t\n\v\f\r"))),
        ("a = 'C:\\\\temp'", call("=", prop("a"), value("C:\\temp"))),
        ("a LIKE '5\\%'", call("like", prop("a"), value("5\\%"))),
        ("eo:cloud.cover = 1", call("=", prop("eo:cloud.cover"), value(1))),
        ("höjd = 1", call("=", prop("höjd"), value(1))),
        ("a like 'x%'", call("like", prop("a"), value("x%"))),
        ("a IS NULL", call("isnull", prop("a"))),
        ("a is not null", call("not", call("isnull", prop("a")))),
        ("a NOT IN (1, 2)", call("not", call("in", prop("a"), Array((value(1), value(2)), "")))),
        ("a between 1 and 2 AND b", call("and", call("between", prop("a"), value(1), value(2)), prop("b"))),
        ("CASEI(a) = casei('X')", call("=", call("casei", prop("a")), call("casei", value("X")))),
        ("a = DATE('2024-02-29')", call("=", prop("a"), value(date(2024, 2, 29)))),
        (
            "a = TIMESTAMP('2024-02-29T12:00:00.5+02:00')",
            call("=", prop("a"), value(datetime(2024, 2, 29, 10, 0, 0, 500_000, tzinfo=UTC))),
        ),
        (
            "T_DURING(INTERVAL(a, '..'), INTERVAL('2024-01-01', b))",
            call("t_during", Interval(prop("a"), None, ""), Interval(value(date(2024, 1, 1)), prop("b"), "")),
        ),
        ("S_WITHIN(g, BBOX(1,2,3,4))", call("s_within", prop("g"), Box((1, 2, 3, 4), ""))),
        ("S_WITHIN(g, BBOX(1,2,0,3,4,9))", call("s_within", prop("g"), Box((1, 2, 3, 4), ""))),
        ("S_EQUALS(g, POINT Z (1 2 3))", call("s_equals", prop("g"), Shape(shapely.Point(1, 2), ""))),
        ("A_CONTAINS(t, ('x', 'y'))", call("a_contains", prop("t"), Array((value("x"), value("y")), ""))),
        ("A_OVERLAPS(t, ())", call("a_overlaps", prop("t"), Array((), ""))),
        ("point = 1", call("=", prop("point"), value(1))),
        ("date = 1", call("=", prop("date"), value(1))),
    ],
)
def test_text_says(text: str, tree: Node) -> None:
    assert read_text(text) == tree


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("a OR b AND c", "a OR (b AND c)"),
        ("NOT a AND b", "(NOT a) AND b"),
        ("NOT a = 1", "NOT (a = 1)"),
        ("a + 2 * 3 = 7", "a + (2 * 3) = 7"),
        ("a - 2 - 3 = 7", "(a - 2) - 3 = 7"),
        ("a / 2 * 3 = 7", "(a / 2) * 3 = 7"),
        ("2 * a ^ 2 = 8", "2 * (a ^ 2) = 8"),
        ("a div 2 + 1 = 3", "(a div 2) + 1 = 3"),
        ("-a = 1", "-1 * a = 1"),
        ("a = 1 or b = 2 or c = 3", "(a = 1) OR (b = 2) OR (c = 3)"),
    ],
)
def test_operators_bind(text: str, same: str) -> None:
    assert read_text(text) == read_text(same)


def test_words_may_be_written_in_capitals_or_not() -> None:
    assert read_text("a Like 'x' oR s_Intersects(g, bbox(1,2,3,4))") == read_text(
        "a LIKE 'x' OR S_INTERSECTS(g, BBOX(1,2,3,4))"
    )


def test_largest_whole_number_is_exact_and_a_larger_one_is_not_whole() -> None:
    assert read_text("a = 9223372036854775807") == call("=", prop("a"), value(9_223_372_036_854_775_807))
    larger = read_text("a = 9223372036854775808")
    assert isinstance(larger, Call)
    assert larger.args[1].kind is Kind.NUMBER


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ("", "its end", "where a value"),
        ("a = ", "its end", "where a value"),
        ("a == 1", "character 4", "'=' where a value"),
        ("(a = 1", "its end", "where ')'"),
        ("a = 1 b = 2", "character 7", "'b' where AND, OR or the end"),
        ("a = 'x", "character 5", "a text begins here"),
        ("a = 'x\\'", "character 5", "a text begins here"),
        ('"a = 1', "character 1", "a name begins here"),
        ("a = 1; DROP TABLE plot", "character 6", "';' has no meaning"),
        ("a @ b", "character 3", "'@' has no meaning"),
        ("a = b = c", "character 7", "'=' where AND"),
        ("a IN ()", "character 6", "the list is empty"),
        ("a NOT = 1", "character 7", "where LIKE, BETWEEN or IN"),
        ("a IS 1", "character 6", "where 'NULL'"),
        ("a = DATE('2023-02-29')", "character 10", "in no calendar"),
        ("a = DATE('23-02-2020')", "character 10", "is not a date"),
        ("a = TIMESTAMP('2024-01-01T00:00:00')", "character 15", "is not a time with its zone"),
        ("a = DATE(b)", "character 5", "takes one text"),
        ("T_AFTER(a, INTERVAL('2024-01-01'))", "character 12", "an interval has two ends"),
        ("T_AFTER(a, INTERVAL(1, 2))", "character 21", "an interval's end"),
        ("S_INTERSECTS(g, POINT(1))", "character 17", "this is no geometry"),
        ("S_INTERSECTS(g, POINT(nan 1))", "character 17", "not finite"),
        ("S_INTERSECTS(g, LINESTRING(1 2))", "character 17", "this is no geometry"),
        ("S_INTERSECTS(g, POLYGON EMPTY)", "character 17", "the geometry is empty"),
        ("S_INTERSECTS(g, POINT(1 2)", "its end", "where ')'"),
        ("S_INTERSECTS(g, POINT(1 2", "character 17", "the geometry never ends"),
        ("S_INTERSECTS(g, BBOX(1,2,3))", "character 17", "a box has 4 numbers"),
        ("S_INTERSECTS(g, BBOX(1,2,3,a))", "character 17", "made of numbers"),
        ("a = 1e999", "character 5", "too large"),
        ("a = +b", "character 6", "where a number"),
        ("a\x00", "character 2", "U+0000"),
    ],
)
def test_fault_is_told_with_its_place(text: str, place: str, what: str) -> None:
    with pytest.raises(Invalid, match="Filter") as refusal:
        read_text(text)
    assert refusal.value.where == f"filter, {place}"
    assert what in refusal.value.message


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5_000 + "a" + ")" * 5_000,
        "(" * 30 + "a" + ")" * 30,
        "NOT " * 4_000 + "a",
        "NOT " * 30 + "a",
        "casei(" * 30 + "a" + ")" * 30 + " = 'x'",
        "a" + " + 1" * 1_000 + " = 2",
        "a AND " * 20_000 + "a",
        " OR ".join(["a = 1"] * 51),
        "a = '" + "x" * 8_192 + "'",
        "a = '" + "ö" * 4_100 + "'",
        "S_INTERSECTS(g, " + "GEOMETRYCOLLECTION(" * 400 + "POINT(1 2)" + ")" * 401,
        "(" * 8_000,
        "a IN (" + "(" * 100,
    ],
    ids=lambda text: text[:12],
)
def test_filter_beyond_the_limits_is_refused_and_the_process_lives(text: str) -> None:
    # The parser that this one replaces ends the process on the first and third of these.
    with pytest.raises(Invalid):
        read_text(text)


@pytest.mark.parametrize(
    "text",
    [
        " AND ".join(["a = 1"] * 50),
        "(" * 19 + "a = 1" + ")" * 19,
        "a IN (" + ", ".join(map(str, range(1_500))) + ")",
    ],
    ids=["conditions", "depth", "list"],
)
def test_filter_at_the_limits_is_read(text: str) -> None:
    read_text(text)
