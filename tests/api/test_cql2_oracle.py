"""Random filters over a layer with every type of column, against pandas and geopandas, which know nothing of ours.

Unknown values follow Kleene's logic on both sides: pandas' boolean arrays have it, and so has SQL.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import geopandas
import httpx
import numpy as np
import pandas
import pyarrow as pa
import pyogrio
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landbank.api.app import create_app
from landbank.settings import Settings
from landbank.wiring import open_landbank

Condition = tuple[str, Callable[[geopandas.GeoDataFrame], Any]]
"""A filter's text, and what pandas makes of it: a boolean array with unknown values."""

WORDS = ["Älv", "älv", "Alv", "Zon", "a%b", "a_b", "o'x", "", "straße", "Åby", "åby", "öre"]
DAYS = [date(2020, 1, 1) + timedelta(days=37 * n) for n in range(8)]
MOMENTS = [datetime(2020, 1, 1, 6, tzinfo=UTC) + timedelta(hours=97 * n) for n in range(8)]


def frame(rows: int = 80) -> geopandas.GeoDataFrame:
    """Rows of every type, about one value in six unknown."""
    rng = np.random.default_rng(5)

    def some(values: list[Any]) -> list[Any]:
        return [None if rng.random() < 1 / 6 else values[rng.integers(len(values))] for _ in range(rows)]

    shapes = []
    for n in range(rows):
        x, y = rng.uniform(10.9, 13.1), rng.uniform(56.9, 58.1)
        kind = n % 3
        size = rng.uniform(0.01, 0.4)
        shapes.append(
            shapely.Point(x, y)
            if kind == 0
            else shapely.LineString([(x, y), (x + size, y + size)])
            if kind == 1
            else shapely.box(x, y, x + size, y + size)
        )
    columns = {
        "word": pandas.array(some(WORDS), dtype="string"),
        "other": pandas.array(some(WORDS), dtype="string"),
        "whole": pandas.array(some(list(range(-5, 6))), dtype="Int64"),
        "number": pandas.array(some([-2.5, -1.0, 0.0, 0.25, 1.0, 3.75, 1e6]), dtype="Float64"),
        "claim": pandas.array(some([True, False]), dtype="boolean"),
        "day": pandas.Series(some(DAYS), dtype="object"),
        "moment": pandas.Series(some(MOMENTS), dtype="object"),
    }
    return geopandas.GeoDataFrame(columns, geometry=shapes, crs=4326)


FRAME = frame()


@pytest.fixture(scope="module")
def ask(
    databases: Callable[[], str], load_layer: Any, serving: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], set[int]]]:
    """The ids that a filter selects. One place far away lets the layer be kept in degrees, as geopandas has it."""
    path = tmp_path_factory.mktemp("oracle") / "oracle.gpkg"
    far = geopandas.GeoDataFrame(
        {name: [None] for name in FRAME.columns[:-1]}, geometry=[shapely.Point(-170, 0)], crs=4326
    )
    table = pa.table(
        pandas.concat([FRAME, far])
        .set_geometry("geometry", crs=4326)
        .to_arrow(index=False, geometry_encoding="WKB")
    )
    for name, kind in (("day", pa.date32()), ("moment", pa.timestamp("ms", "UTC"))):
        place = table.column_names.index(name)
        table = table.set_column(place, name, table.column(name).cast(kind))
    pyogrio.write_arrow(
        table, path, driver="GPKG", geometry_name="geometry", geometry_type="Unknown", crs="EPSG:4326"
    )
    landbank = open_landbank(Settings(), databases())
    load_layer(landbank, path, "oracle")
    with serving(create_app(landbank)) as address, httpx.Client(base_url=address, timeout=30) as client:

        def run(text: str) -> set[int]:
            answer = client.get(
                "/ogc/collections/oracle/items", params={"filter": text, "properties": "", "limit": 1000}
            )
            assert answer.status_code == 200, (text, answer.text)
            return {one["id"] - 1 for one in answer.json()["features"]} - {len(FRAME)}

        yield run
    landbank.close()


def quoted(word: str) -> str:
    """A text as CQL2 has it."""
    return "'" + word.replace("'", "''") + "'"


def series(name: str) -> Callable[[Any], Any]:
    """A column as pandas has it; times as numbers that know the unknown."""
    if name == "day":
        return lambda told: pandas.array(
            [None if v is None else v.toordinal() for v in told[name]], dtype="Int64"
        )
    if name == "moment":
        return lambda told: pandas.array(
            [None if v is None else v.timestamp() for v in told[name]], dtype="Float64"
        )
    return lambda told: told[name].array


COMPARE = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
}
OPS = st.sampled_from(list(COMPARE))


def compared(left: tuple[str, Any], op: str, right: tuple[str, Any]) -> Condition:
    """Two values compared; each a text and what gives its array or value."""
    return f"{left[0]} {op} {right[0]}", lambda told: pandas.array(
        COMPARE[op](left[1](told), right[1](told)), dtype="boolean"
    )


def constant(value: Any) -> Callable[[Any], Any]:
    return lambda _told: value


WORD = st.sampled_from(WORDS).map(lambda word: (quoted(word), constant(word)))
TEXT_COLUMN = st.sampled_from(["word", "other"]).map(lambda name: (name, series(name)))
FOLDS: dict[str, Callable[[str], str]] = {
    "CASEI": lambda text: text.casefold(),
    "ACCENTI": lambda text: "".join(
        s for s in unicodedata.normalize("NFD", text) if not unicodedata.combining(s)
    ),
}


def folded(name: str, value: tuple[str, Any]) -> tuple[str, Any]:
    """A value inside CASEI or ACCENTI."""

    def fold(told: Any) -> Any:
        inner = value[1](told)
        if isinstance(inner, str):
            return FOLDS[name](inner)
        return pandas.array([v if v is pandas.NA else FOLDS[name](v) for v in inner], dtype="string")

    return f"{name}({value[0]})", fold


TEXTS = st.one_of(
    st.tuples(TEXT_COLUMN, OPS, st.one_of(WORD, TEXT_COLUMN)).map(lambda three: compared(*three)),
    st.tuples(st.sampled_from(list(FOLDS)), TEXT_COLUMN, OPS, WORD).map(
        lambda four: compared(folded(four[0], four[1]), four[2], folded(four[0], four[3]))
    ),
)
NUMBER = st.sampled_from([-5, -1, 0, 1, 2, 3, 0.25, -2.5, 1e6]).map(
    lambda value: (str(value), constant(value))
)
NUMBER_COLUMN = st.sampled_from(["whole", "number"]).map(lambda name: (name, series(name)))


def summed(left: tuple[str, Any], op: str, right: tuple[str, Any]) -> tuple[str, Any]:
    """A sum of two numbers."""

    def count(told: Any) -> Any:
        a, b = (pandas.array(np.atleast_1d(side[1](told)), dtype="Float64") for side in (left, right))
        a, b = (
            pandas.Series(v).repeat(len(told) if len(v) == 1 else 1).reset_index(drop=True) for v in (a, b)
        )
        if op == "/":
            return (a / b.mask(b == 0)).array
        return {"+": a + b, "-": a - b, "*": a * b}[op].array

    return f"({left[0]} {op} {right[0]})", count


SUM = st.tuples(NUMBER_COLUMN, st.sampled_from("+-*/"), st.one_of(NUMBER, NUMBER_COLUMN)).map(
    lambda three: summed(*three)
)
NUMBERS = st.tuples(st.one_of(NUMBER_COLUMN, SUM), OPS, st.one_of(NUMBER, NUMBER_COLUMN)).map(
    lambda three: compared(*three)
)
TIMES = st.one_of(
    st.tuples(OPS, st.sampled_from(DAYS)).map(
        lambda two: compared(
            ("day", series("day")), two[0], (f"DATE('{two[1]}')", constant(two[1].toordinal()))
        )
    ),
    st.tuples(OPS, st.sampled_from(MOMENTS)).map(
        lambda two: compared(
            ("moment", series("moment")),
            two[0],
            (f"TIMESTAMP('{two[1]:%Y-%m-%dT%H:%M:%SZ}')", constant(two[1].timestamp())),
        )
    ),
)


def during(days: tuple[date, date], op: str) -> Condition:
    """A day against an interval of days."""
    first, last = sorted(days)

    def evaluate(told: Any) -> Any:
        day, a, b = series("day")(told), first.toordinal(), last.toordinal()
        return {
            "T_AFTER": day > b,
            "T_BEFORE": day < a,
            "T_INTERSECTS": (day >= a) & (day <= b),
            "T_DISJOINT": (day < a) | (day > b),
        }[op]

    return f"{op}(day, INTERVAL('{first}','{last}'))", evaluate


def whole_day(day: date, op: str) -> Condition:
    """A moment against a date, which is its whole day in UTC."""
    begin = datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()

    def evaluate(told: Any) -> Any:
        moment = series("moment")(told)
        return {"T_AFTER": moment >= begin + 86_400, "T_BEFORE": moment < begin}[op]

    return f"{op}(moment, DATE('{day}'))", evaluate


INTERVALS = st.one_of(
    st.tuples(
        st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS)),
        st.sampled_from(["T_AFTER", "T_BEFORE", "T_INTERSECTS", "T_DISJOINT"]),
    ).map(lambda two: during(*two)),
    st.tuples(st.sampled_from(DAYS), st.sampled_from(["T_AFTER", "T_BEFORE"])).map(
        lambda two: whole_day(*two)
    ),
)


def matched(pattern: str) -> Condition:
    """LIKE, by a regular expression."""
    import re

    signs = {"%": ".*", "_": "."}
    expression = re.compile("".join(signs.get(sign, re.escape(sign)) for sign in pattern), re.DOTALL)

    def evaluate(told: Any) -> Any:
        return pandas.array(
            [v if v is pandas.NA else expression.fullmatch(v) is not None for v in told["word"].array],
            dtype="boolean",
        )

    return f"word LIKE {quoted(pattern)}", evaluate


def listed(values: list[Any], name: str) -> Condition:
    """IN."""

    def evaluate(told: Any) -> Any:
        return pandas.array([v if v is pandas.NA else v in values for v in told[name].array], dtype="boolean")

    return f"{name} IN ({', '.join(quoted(v) if isinstance(v, str) else str(v) for v in values)})", evaluate


def between(low: float, high: float) -> Condition:
    """BETWEEN."""
    return (
        f"whole BETWEEN {low} AND {high}",
        lambda told: (told["whole"].array >= low) & (told["whole"].array <= high),
    )


def known(name: str, negated: bool) -> Condition:
    """IS NULL and IS NOT NULL."""
    return f"{name} IS {'NOT ' if negated else ''}NULL", lambda told: pandas.array(
        told[name].notna() if negated else told[name].isna(), dtype="boolean"
    )


def claimed() -> Condition:
    return "claim", lambda told: told["claim"].array


BOX = st.tuples(st.integers(108, 130), st.integers(568, 580), st.integers(1, 12), st.integers(1, 8)).map(
    lambda four: shapely.box(four[0] / 10, four[1] / 10, (four[0] + four[2]) / 10, (four[1] + four[3]) / 10)
)
SHAPE = st.one_of(
    BOX,
    BOX.map(lambda box: shapely.LineString([box.bounds[:2], box.bounds[2:]])),
    BOX.map(lambda box: shapely.Polygon([box.bounds[:2], box.bounds[2:], (box.bounds[0], box.bounds[3])])),
)


def placed(op: str, shape: Any) -> Condition:
    """A spatial operator, by geopandas."""

    def evaluate(told: Any) -> Any:
        return pandas.array(getattr(told.geometry, op)(shape), dtype="boolean")

    return f"S_{op.upper()}(geom, {shapely.to_wkt(shape, rounding_precision=3)})", evaluate


PLACES = st.tuples(
    st.sampled_from(["intersects", "disjoint", "within", "contains", "crosses", "overlaps", "touches"]), SHAPE
).map(lambda two: placed(*two))
LEAVES = st.one_of(
    TEXTS,
    NUMBERS,
    TIMES,
    INTERVALS,
    PLACES,
    st.sampled_from(["%", "A%", "_lv", "a\\%b".replace("\\", ""), "%v", "a_b", "%å%"]).map(matched),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(lambda values: listed(values, "word")),
    st.lists(st.integers(-5, 5), min_size=1, max_size=4).map(lambda values: listed(values, "whole")),
    st.tuples(st.integers(-5, 5), st.integers(-5, 5)).map(lambda two: between(*two)),
    st.tuples(st.sampled_from(["word", "whole", "day", "claim"]), st.booleans()).map(lambda two: known(*two)),
    st.builds(claimed),
)


def joined(sign: str, parts: list[Condition]) -> Condition:
    """Conditions joined by AND or OR."""

    def evaluate(told: Any) -> Any:
        first, *rest = (part[1](told) for part in parts)
        for other in rest:
            first = first & other if sign == "AND" else first | other
        return first

    return "(" + f" {sign} ".join(part[0] for part in parts) + ")", evaluate


FILTERS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["AND", "OR"]), st.lists(inner, min_size=2, max_size=3)).map(
            lambda two: joined(*two)
        ),
        inner.map(lambda part: (f"NOT ({part[0]})", lambda told, part=part: ~part[1](told))),
    ),
    max_leaves=6,
)


@given(FILTERS)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_random_filter_selects_what_pandas_selects(
    ask: Callable[[str], set[int]], condition: Condition
) -> None:
    text, evaluate = condition
    expected = pandas.array(evaluate(FRAME), dtype="boolean").fillna(False)
    assert ask(text) == set(np.flatnonzero(np.asarray(expected, dtype=bool)))
