"""What leaves the check does not depend on the order of anything; every row is accepted or refused with a reason."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from landbank.exchange.check import CheckedBatch, Checker, Rules, portions
from landbank.exchange.findings import Severity
from landbank.exchange.read import Batch

RULES = Rules("EPSG:3006", (10.0, 54.9, 24.7, 69.5), {"1441": "Lerum"}, municipality="1441")


def batch(rows: list[dict[str, Any]], shapes: list[Any], names: list[str]) -> Batch:
    """Rows as the reader gives them, columns in the order of `names`."""
    wkb = [None if shape is None else shapely.to_wkb(shape) for shape in shapes]
    columns = {name: pa.array([row[name] for row in rows], pa.string()) for name in names}
    return Batch(1, columns, pa.array(wkb, pa.binary()))


def checked(whole: Batch, portion: int = 16_384) -> list[CheckedBatch]:
    """The batch checked in portions."""
    with Checker(RULES) as checker:
        return [checker.check(part) for part in portions(whole, portion)]


def decoded(parts: list[CheckedBatch]) -> set[tuple[tuple[str, bytes | None], ...]]:
    """The rows of the COPY streams, row numbers left out, fields by name."""
    told = set()
    for part in parts:
        for values in tuples(part.accepted.stream(part.accepted.names)):
            named = dict(zip(part.accepted.names, values, strict=True))
            told.add(tuple(sorted((name, value) for name, value in named.items() if name != "row")))
    return told


def tuples(stream: bytes) -> Iterator[list[bytes | None]]:
    """The fields of each row of PostgreSQL's binary COPY format."""
    at = 19
    while (count := struct.unpack_from(">h", stream, at)[0]) != -1:
        at += 2
        row: list[bytes | None] = []
        for _ in range(count):
            (length,) = struct.unpack_from(">i", stream, at)
            at += 4
            row.append(None if length == -1 else stream[at : at + length])
            at += max(length, 0)
        yield row


corner = st.floats(1, 90, allow_nan=False).map(lambda value: round(value, 3))
quadrilateral = st.tuples(corner, corner, corner, corner)


@st.composite
def files(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[shapely.Polygon]]:
    """Up to eight plots that don't touch, with a reference, a name and uses."""
    drawn = draw(st.lists(quadrilateral, min_size=1, max_size=8))
    rows, shapes = [], []
    for number, (a, b, c, d) in enumerate(drawn):
        x, y = 330_000 + 300 * number, 6_400_000
        ring = [(x - a, y), (x, y - b), (x + c, y), (x, y + d)]
        rows.append(
            {"referens": f"P{number}", "namn": draw(st.sampled_from(["Berg", "Åsen"])), "anvandning": "J, Z"}
        )
        shapes.append(shapely.Polygon(ring))
    return rows, shapes


@settings(max_examples=60, deadline=None)
@given(files(), st.randoms(use_true_random=False), st.integers(1, 5))
def test_order_of_rows_columns_corners_and_portions_changes_nothing(
    file: tuple[list[dict[str, Any]], list[shapely.Polygon]], chance: Any, portion: int
) -> None:
    rows, shapes = file
    names = ["referens", "namn", "anvandning"]
    expected = decoded(checked(batch(rows, shapes, names)))
    order = list(range(len(rows)))
    chance.shuffle(order)
    chance.shuffle(names)
    turned = []
    for number in order:
        ring = list(shapes[number].exterior.coords)[:-1]
        start = chance.randrange(len(ring))
        ring = [*ring[start:], *ring[:start]]
        turned.append(shapely.Polygon(ring[::-1] if chance.random() < 0.5 else ring))
    other = checked(batch([rows[number] for number in order], turned, names), portion)
    assert decoded(other) == expected
    assert len(expected) == len(rows)


SHAPES = [
    shapely.box(330_000, 6_400_000, 330_100, 6_400_100),
    shapely.Polygon([(331_000, 6_400_000), (331_100, 6_400_100), (331_100, 6_400_000), (331_000, 6_400_100)]),
    shapely.Point(332_000, 6_400_000),
    shapely.Point(12, 57),
    shapely.LineString([(330_000, 6_400_000), (330_010, 6_400_000)]),
    shapely.Polygon(),
    None,
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(SHAPES), st.sampled_from(["A", "B", "C", None])), max_size=12))
def test_each_row_has_one_outcome_and_a_refused_one_a_reason(pairs: list[tuple[Any, str | None]]) -> None:
    rows = [{"referens": reference} for _, reference in pairs]
    parts = checked(batch(rows, [shape for shape, _ in pairs], ["referens"]), 4)
    accepted = [
        struct.unpack(">i", values[0] or b"")[0]
        for part in parts
        for values in tuples(part.accepted.stream(["row"]))
    ]
    refused = {
        finding.row for part in parts for finding in part.findings if finding.severity is Severity.ERROR
    }
    assert sorted([*accepted, *refused]) == list(range(1, len(pairs) + 1))
    assert sum(part.refused for part in parts) == len(refused)


def test_area_is_that_of_the_accepted_rows() -> None:
    shapes = [SHAPES[0], None, shapely.affinity.translate(SHAPES[0], 500, 0)]
    parts = checked(batch([{"referens": name} for name in "ABC"], shapes, ["referens"]))
    assert np.isclose(parts[0].area_m2_computed, 20_000, rtol=1e-3)
