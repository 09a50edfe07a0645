"""Our reading of CQL2 against another implementation's: cql2-rs parses the same text, and its JSON means the same."""

from __future__ import annotations

import json
from dataclasses import replace

import cql2
from hypothesis import given, settings
from hypothesis import strategies as st

from landbank.domain.filter import Call, Node, replaced
from landbank.domain.filter_json import read_json
from landbank.domain.filter_text import read_text

NAMES = st.sampled_from(["a", "b", "namn", '"två ord"', "x.y", "höjd"])
TEXTS = st.sampled_from(["x", "it''s", "åäö", "50%", ""]).map(lambda text: f"'{text}'")
NUMBERS = st.one_of(st.integers(-9999, 9999).map(str), st.sampled_from(["0.5", "1e3", "-2.25"]))
MOMENTS = st.sampled_from(["DATE('2024-02-29')", "TIMESTAMP('2024-01-01T12:00:00Z')"])
INTERVALS = st.sampled_from(["INTERVAL(a,'..')", "INTERVAL('2024-01-01','2024-12-31')", "INTERVAL('..',b)"])
SHAPES = st.sampled_from(
    [
        "POINT(1 2)",
        "BBOX(1,2,3,4)",
        "LINESTRING(0 0,1 1)",
        "POLYGON((0 0,1 0,1 1,0 0))",
        "MULTIPOINT(0 0,1 1)",
    ]
)
SUMS = st.recursive(
    st.one_of(NUMBERS, NAMES),
    lambda inner: st.tuples(inner, st.sampled_from("+-*/%"), inner).map(lambda parts: f"({' '.join(parts)})"),
    max_leaves=4,
)
CONDITIONS = st.one_of(
    st.tuples(NAMES, st.sampled_from(["=", "<>", "<", ">", "<=", ">="]), st.one_of(TEXTS, SUMS, MOMENTS)).map(
        " ".join
    ),
    st.tuples(SUMS, st.just("<"), SUMS).map(" ".join),
    st.tuples(NAMES, st.sampled_from(["LIKE", "NOT LIKE"]), TEXTS).map(" ".join),
    st.tuples(NAMES, NUMBERS, NUMBERS).map(lambda three: f"{three[0]} BETWEEN {three[1]} AND {three[2]}"),
    st.tuples(NAMES, TEXTS, TEXTS).map(lambda three: f"{three[0]} NOT IN ({three[1]}, {three[2]})"),
    st.tuples(NAMES, st.sampled_from(["IS NULL", "IS NOT NULL"])).map(" ".join),
    st.tuples(NAMES, TEXTS).map(lambda two: f"CASEI({two[0]}) = ACCENTI(CASEI({two[1]}))"),
    st.tuples(NAMES, INTERVALS).map(lambda two: f"T_INTERSECTS({two[0]}, {two[1]})"),
    st.tuples(NAMES, SHAPES).map(lambda two: f"S_INTERSECTS({two[0]}, {two[1]})"),
    st.tuples(NAMES, TEXTS, TEXTS).map(lambda three: f"A_CONTAINS({three[0]}, ({three[1]}, {three[2]}))"),
)
FILTERS = st.recursive(
    CONDITIONS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: "(" + " AND ".join(parts) + ")"),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: "(" + " OR ".join(parts) + ")"),
        inner.map(lambda part: f"NOT ({part})"),
    ),
    max_leaves=6,
)


def flat(root: Node) -> Node:
    """The tree with conditions joined by one AND or OR where several stand inside one another."""

    def joined(node: Node) -> Node:
        if not isinstance(node, Call) or node.op not in ("and", "or"):
            return node
        parts = [arg.args if isinstance(arg, Call) and arg.op == node.op else (arg,) for arg in node.args]
        return replace(node, args=tuple(one for part in parts for one in part))

    return replaced(root, joined)


@given(FILTERS)
@settings(max_examples=120, deadline=None)
def test_text_means_what_another_parser_reads_in_it(text: str) -> None:
    theirs = read_json(json.dumps(cql2.parse_text(text).to_json()))
    assert flat(read_text(text)) == flat(theirs)
