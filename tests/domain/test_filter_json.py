"""CQL2 JSON into the same tree as CQL2 text; faults with their path."""

from __future__ import annotations

import json
from typing import Any

import pytest

from landbank.domain.filter_json import read_json
from landbank.domain.filter_text import read_text
from landbank.errors import Invalid

A = {"property": "a"}


@pytest.mark.parametrize(
    ("told", "text"),
    [
        ({"op": "=", "args": [A, "x"]}, "a = 'x'"),
        ({"op": "and", "args": [{"op": "<", "args": [A, 1]}, {"property": "b"}]}, "a < 1 AND b"),
        ({"op": "not", "args": [{"op": "isNull", "args": [A]}]}, "a IS NOT NULL"),
        ({"op": "between", "args": [A, 1, 2.5]}, "a BETWEEN 1 AND 2.5"),
        ({"op": "in", "args": [A, ["x", "y"]]}, "a IN ('x', 'y')"),
        ({"op": "=", "args": [A, {"date": "2024-01-01"}]}, "a = DATE('2024-01-01')"),
        (
            {"op": "=", "args": [A, {"timestamp": "2024-01-01T00:00:00Z"}]},
            "a = TIMESTAMP('2024-01-01T00:00:00Z')",
        ),
        (
            {"op": "t_after", "args": [A, {"interval": ["..", "2024-01-01"]}]},
            "T_AFTER(a, INTERVAL('..', '2024-01-01'))",
        ),
        ({"op": "s_within", "args": [A, {"bbox": [1, 2, 3, 4]}]}, "S_WITHIN(a, BBOX(1, 2, 3, 4))"),
        (
            {
                "op": "s_within",
                "args": [A, {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}],
            },
            "S_WITHIN(a, POLYGON((0 0, 1 0, 1 1, 0 0)))",
        ),
        ({"op": "a_contains", "args": [A, ["x", "y"]]}, "A_CONTAINS(a, ('x', 'y'))"),
        (
            {"op": "=", "args": [{"op": "+", "args": [A, 1]}, {"op": "casei", "args": ["X"]}]},
            "a + 1 = CASEI('X')",
        ),
    ],
)
def test_json_says_the_same_as_text(told: Any, text: str) -> None:
    assert read_json(json.dumps(told)) == read_text(text)


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("", "filter", "no JSON"),
        ("{", "filter", "no JSON"),
        ("[NaN]", "filter", "NaN is no number"),
        ('{"op": "=", "op": "<", "args": []}', "filter", "twice"),
        ("null", "filter, /", "null is no value"),
        ('{"op": "=", "args": 1}', "filter, /", "an operator has the members"),
        ('{"op": "=", "args": [], "more": 1}', "filter, /", "an operator has the members"),
        ('{"op": "and", "args": [true]}', "filter, /", "at least two"),
        ('{"op": "=", "args": [{"property": 1}, 2]}', "filter, /args/0/property", "must be a text"),
        ('{"op": "=", "args": [1, {"date": "2023-02-30"}]}', "filter, /args/1/date", "in no calendar"),
        ('{"op": "=", "args": [1, {"x": 1}]}', "filter, /args/1", "nothing that CQL2 knows"),
        ('{"op": "=", "args": ["a\\u0000", 1]}', "filter, /args/0", "no text may have"),
        ('{"op": "=", "args": ["\\ud800", 1]}', "filter, /args/0", "no text may have"),
        ('{"op": "=", "args": [1e999, 1]}', "filter, /args/0", "too large"),
        ('{"op": "s_within", "args": [1, {"bbox": [1, 2]}]}', "filter, /args/1/bbox", "4 numbers"),
        (
            '{"op": "s_within", "args": [1, {"bbox": [1, 2, 3, true]}]}',
            "filter, /args/1/bbox",
            "list of numbers",
        ),
        (
            '{"op": "s_within", "args": [1, {"type": "Point", "coordinates": ["x"]}]}',
            "filter, /args/1",
            "no geometry",
        ),
        (
            '{"op": "s_within", "args": [1, {"type": "Circle", "coordinates": [1, 2]}]}',
            "filter, /args/1",
            "no type",
        ),
        (
            '{"op": "t_after", "args": [1, {"interval": ["2024-01-01"]}]}',
            "filter, /args/1/interval",
            "two ends",
        ),
    ],
)
def test_fault_is_told_with_its_path(text: str, where: str, what: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_json(text)
    assert refusal.value.where == where
    assert what in refusal.value.message


@pytest.mark.parametrize(
    "text",
    [
        "[" * 8_000,
        '{"op":"not","args":[' * 30 + "true" + "]}" * 30,
        json.dumps({"op": "or", "args": [{"op": "=", "args": [A, 1]}] * 51}),
        json.dumps({"op": "=", "args": [A, "x" * 9_000]}),
        "9" * 8_000,
    ],
    ids=["brackets", "depth", "conditions", "length", "digits"],
)
def test_filter_beyond_the_limits_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read_json(text)
