"""Matching against the same question in SQL and in plain Python, in one run: `python -m benchmarks.match`.

All three give tier counts and the best twenty plots of the same needs over the same synthetic rows, and agree. The
ratios compare the ranking: landbank's has bounds and the effect of every must in it and one plot explained, plain
Python's the effects, SQL's neither. The whole answer explains twenty plots and is written as JSON.
"""

from __future__ import annotations

import argparse
import heapq
import statistics
import time
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import psycopg

from benchmarks.common import Figure, at_least, at_most, database, seen, server, show
from landbank.domain.columns import AMOUNTS, CLAIMS, CODE_LISTS, DATES, Columns
from landbank.domain.criterion import Op
from landbank.domain.match import Answer, match
from landbank.domain.need import Must, Need, Weight, Wish
from landbank.domain.plot_name import PlotName
from landbank.domain.power import PowerSteps
from landbank.services.match_document import answer_document, as_json
from landbank.services.match_need import Matched

DAY = date(2026, 11, 23)
SHOWN = 20
NAME = PlotName("B 1:1", None, "1480", "Göteborg", None)
Result = tuple[tuple[int, int, int], list[int]]

TABLE = """
CREATE TABLE facts (id int8 PRIMARY KEY, area_m2 float8, uses int4, power_mw float8, water bool,
  price float8 NOT NULL, motorway float8 NOT NULL, port float8 NOT NULL, fibre bool NOT NULL)
"""
QUESTION = """
WITH judged AS MATERIALIZED (
  SELECT id,
    CASE WHEN area_m2 < %(area)s OR uses & %(uses)s = 0 OR power_mw < %(power)s OR NOT water
           OR price > %(price)s THEN 'C'
         WHEN area_m2 IS NULL OR power_mw IS NULL OR water IS NULL THEN 'B' ELSE 'A' END AS tier,
    100 * (8 * least(greatest((1200 - price) / 1000, 0), 1) + 4 * least(greatest((%(far)s - motorway) / %(far)s, 0), 1)
      + 2 * least(greatest((50000 - port) / 45000, 0), 1) + 1 * fibre::int) / 15 AS score
  FROM facts)
SELECT count(*) FILTER (WHERE tier = 'A'), count(*) FILTER (WHERE tier = 'B'), count(*) FILTER (WHERE tier = 'C'),
  (SELECT array_agg(id) FROM (SELECT id FROM judged WHERE tier < 'C' ORDER BY tier, score DESC, id LIMIT 20) best)
FROM judged
"""


@dataclass(frozen=True, slots=True)
class Question:
    """One need's numbers."""

    area: float
    uses: str
    power: float
    price: float
    far: float

    def need(self) -> Need:
        """The need that asks this."""
        return Need(
            musts=(
                Must("area_m2", Op.AT_LEAST, self.area),
                Must("use", Op.ANY_OF, tuple(self.uses)),
                Must("power_mw", Op.AT_LEAST, self.power),
                Must("water", Op.IS, threshold=True),
                Must("price_sek_per_m2", Op.AT_MOST, self.price),
            ),
            wishes=(
                Wish("price_sek_per_m2", ((200, 1), (1_200, 0)), Weight.DECISIVE),
                Wish("motorway_m", ((0, 1), (self.far, 0)), Weight.IMPORTANT),
                Wish("port_m", ((5_000, 1), (50_000, 0)), Weight.USEFUL),
                Wish("fibre", weight=Weight.NICE),
            ),
            limit=SHOWN,
        )

    def bound(self) -> dict[str, Any]:
        """The statement's parameters."""
        uses = sum(1 << (ord(code) - 65) for code in self.uses)
        return {"area": self.area, "uses": uses, "power": self.power, "price": self.price, "far": self.far}


def questions(number: int) -> list[Question]:
    """Needs of many kinds, the same in every run."""
    rng = np.random.default_rng(2)
    uses = ("J", "JZ", "Z", "K", "EJZ")
    return [
        Question(
            float(rng.choice([2_000, 10_000, 30_000, 80_000])),
            str(rng.choice(uses)),
            float(rng.choice([0.5, 2, 5])),
            float(rng.choice([400, 700, 1_000])),
            float(rng.choice([5_000, 10_000, 20_000])),
        )
        for _ in range(number)
    ]


def synthetic(size: int) -> Columns:
    """Synthetic columns: long-tailed areas, and a tenth of what musts ask for unknown."""
    rng = np.random.default_rng(1)

    def with_gaps(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        values[rng.random(size) < 0.1] = np.nan
        return values

    unknown = {name: np.full(size, np.nan) for name in AMOUNTS}
    amounts = unknown | {
        "area_m2": with_gaps(np.exp(rng.normal(9.3, 1.1, size))),
        "price_sek_per_m2": rng.uniform(25, 1_200, size),
        "motorway_m": rng.uniform(200, 25_000, size),
        "port_m": rng.uniform(2_000, 80_000, size),
    }
    claims = {name: np.zeros(size, dtype=np.int8) for name in CLAIMS} | {
        "has_water": rng.choice(np.array([-1, 0, 1], dtype=np.int8), size, p=[0.1, 0.1, 0.8]),
        "has_fibre": rng.choice(np.array([-1, 1], dtype=np.int8), size),
    }
    uses = np.array([1 << (ord(code) - 65) for code in "EJKZ"], dtype=np.uint64)
    held = (rng.random((size, 4)) < 0.4) * uses
    rest: dict[str, Any] = {
        **dict.fromkeys(CODE_LISTS, np.zeros(size, dtype=np.int8)),
        **dict.fromkeys(DATES, np.full(size, "NaT", dtype="datetime64[D]")),
        **dict.fromkeys(("is_blocked", "tenure_known"), np.zeros(size, dtype=np.bool_)),
        **dict.fromkeys(("excluded_use", "tenure"), np.zeros(size, dtype=np.uint64)),
        **dict.fromkeys(("floor_area_low_m2", "floor_area_high_m2"), np.full(size, np.nan)),
    }
    return Columns(
        revision=1,
        day=DAY,
        plot_id=np.arange(1, size + 1),
        municipality=np.full(size, 1480, dtype=np.int16),
        use=held.sum(axis=1).astype(np.uint64),
        use_known=np.ones(size, dtype=np.bool_),
        power=steps(size, rng),
        **amounts,
        **claims,
        **rest,
    )


def steps(size: int, rng: np.random.Generator) -> PowerSteps:
    """One firm level for nine plots of ten."""
    plot = np.flatnonzero(rng.random(size) < 0.9).astype(np.int32)
    always = np.full(len(plot), "NaT", dtype="datetime64[D]")
    return PowerSteps.ordered(
        plot, always, rng.uniform(0.1, 10, len(plot)), np.ones(len(plot), dtype=np.int8)
    )


def rows_of(columns: Columns) -> list[tuple[Any, ...]]:
    """The same facts as Python rows, None for unknown."""
    power = np.full(len(columns), np.nan)
    power[columns.power.plot] = columns.power.mw
    lists = [
        columns.plot_id.tolist(),
        nones(columns.area_m2),
        columns.use.tolist(),
        nones(power),
        [None if claim == 0 else claim > 0 for claim in columns.has_water.tolist()],
        columns.price_sek_per_m2.tolist(),
        columns.motorway_m.tolist(),
        columns.port_m.tolist(),
        [claim > 0 for claim in columns.has_fibre.tolist()],
    ]
    return list(zip(*lists, strict=True))


def nones(values: np.ndarray[Any, Any]) -> list[float | None]:
    """Numbers with None for NaN."""
    return [None if np.isnan(value) else value for value in values.tolist()]


def load(url: str, rows: Sequence[tuple[Any, ...]]) -> psycopg.Connection[Any]:
    """A connection to a table of the rows, vacuumed and in memory."""
    connection = psycopg.connect(url, autocommit=True)
    connection.execute("DROP TABLE IF EXISTS facts")
    connection.execute(TABLE)
    with connection.cursor() as cursor, cursor.copy("COPY facts FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    connection.execute("VACUUM ANALYZE facts")
    return connection


def by_landbank(columns: Columns, question: Question) -> tuple[Result, int]:
    """landbank's whole answer, and the bytes of its JSON."""
    answer: Answer = match(question.need(), columns, on=DAY)
    document = answer_document(Matched(answer, dict.fromkeys((one.plot_id for one in answer.matches), NAME)))
    counts = answer.counts
    return ((counts.a, counts.b, counts.c), answer.ranks.plot_id[:SHOWN].tolist()), len(as_json(document))


def ranking_by_landbank(columns: Columns, question: Question) -> Answer:
    """landbank's counts, effects and order, with one plot explained."""
    return match(replace(question.need(), limit=1), columns, on=DAY)


def by_sql(connection: psycopg.Connection[Any], question: Question) -> Result:
    """The counts and the best twenty from the database."""
    row = connection.execute(QUESTION, question.bound()).fetchone()
    if row is None:
        raise RuntimeError("the database gave no row")
    return (row[0], row[1], row[2]), row[3] or []


def by_python(rows: Sequence[tuple[Any, ...]], question: Question) -> tuple[Result, list[list[int]]]:
    """The counts, the best twenty and the effect of every must, one plot at a time."""
    counts = [0, 0, 0]
    effects = [[0, 0, 0] for _ in range(5)]
    found: list[tuple[int, float, int]] = []
    uses = question.bound()["uses"]
    for plot_id, area, use, power, water, price, motorway, port, fibre in rows:
        verdicts = (
            None if area is None else area >= question.area,
            use & uses != 0,
            None if power is None else power >= question.power,
            water,
            price <= question.price,
        )
        fails = verdicts.count(False)
        for effect, verdict in zip(effects, verdicts, strict=True):
            effect[0] += verdict is False
            effect[1] += verdict is None
            effect[2] += verdict is False and fails == 1
        value = 8 * clip((1_200 - price) / 1_000) + 4 * clip((question.far - motorway) / question.far)
        value += 2 * clip((50_000 - port) / 45_000) + fibre
        tier = 2 if fails else int(None in verdicts)
        counts[tier] += 1
        if tier < 2:
            found.append((tier, -100 * value / 15, plot_id))
    best = heapq.nsmallest(SHOWN, found)
    return ((counts[0], counts[1], counts[2]), [plot_id for _, _, plot_id in best]), effects


def clip(value: float) -> float:
    """The value held between 0 and 1."""
    return min(max(value, 0.0), 1.0)


def timed(work: Callable[[Question], Any], asked: Sequence[Question]) -> list[float]:
    """Milliseconds of each question."""
    spent = []
    for question in asked:
        began = time.perf_counter()
        work(question)
        spent.append((time.perf_counter() - began) * 1_000)
    return spent


def p95(spent: Sequence[float]) -> float:
    """The time that nineteen of twenty questions keep."""
    return sorted(spent)[min(len(spent) - 1, int(len(spent) * 0.95))]


def check_agreement(
    columns: Columns, connection: psycopg.Connection[Any], rows: Sequence[tuple[Any, ...]], question: Question
) -> None:
    """Stop where the three don't give the same."""
    plain, effects = by_python(rows, question)
    ours = ranking_by_landbank(columns, question).must_effects
    same_effects = [[one.fails, one.unknown, one.only_this_excludes] for one in ours] == effects
    if not (by_landbank(columns, question)[0] == by_sql(connection, question) == plain and same_effects):
        raise RuntimeError(f"no agreement on {question}")


def compare(url: str, size: int, number: int, limit_ms: float) -> list[Figure]:
    """The figures of one size; stops where the three don't agree."""
    columns, asked = synthetic(size), questions(number)
    rows = rows_of(columns)
    with load(url, rows) as connection:
        for question in asked[:5]:
            check_agreement(columns, connection, rows, question)
        ours = timed(lambda question: by_landbank(columns, question), asked)
        ranking = statistics.median(timed(lambda question: ranking_by_landbank(columns, question), asked))
        sql = timed(lambda question: by_sql(connection, question), asked)
    plain = timed(lambda question: by_python(rows, question), asked[: max(3, number // 10)])
    named = f"{size:,} plots".replace(",", " ")
    return [
        at_most(f"{named}: whole answer, p95", p95(ours), limit_ms, "ms"),
        seen(f"{named}: whole answer, median", statistics.median(ours), "ms"),
        seen(f"{named}: ranking, median", ranking, "ms"),
        at_least(f"{named}: SQL / landbank", statistics.median(sql) / ranking, 1),
        at_least(f"{named}: plain Python / landbank", statistics.median(plain) / ranking, 1),
    ]


def largest(size: int, number: int) -> list[Figure]:
    """The figures of landbank alone, with the memory that its columns hold."""
    tracemalloc.start()
    columns = synthetic(size)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    ours = timed(lambda question: by_landbank(columns, question), questions(number))
    named = f"{size:,} plots".replace(",", " ")
    return [
        at_most(f"{named}: whole answer, p95", p95(ours), 1_500, "ms"),
        seen(f"{named}: columns in memory", held / 1e6, "MB"),
    ]


def main(needs: int = 60) -> None:
    """Measure and show."""
    with server() as at, database(at) as url:
        figures = compare(url, 5_000, needs, 50) + compare(url, 100_000, needs // 2, 300)
    figures += largest(1_000_000, 10)
    show("match: landbank against SQL and plain Python on the same rows", figures, needs=needs)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--needs", type=int, default=60)
    main(**vars(parser.parse_args()))
