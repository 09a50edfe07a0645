"""Assemblies against a recursive statement in PostgreSQL over the same neighbours: `python -m benchmarks.assembly`.

5 000 plots of the demonstration inventory, neighbours across at most 15 m, all of them available, which is the worst
case: in life most are sold. Seconds are processor time, the ratio is of times passed. The statement grows sorted
arrays of ids and removes those met twice; it leaves sets in that are not minimal, which are removed before the two
are compared. The neighbours are built once an inventory.
"""

from __future__ import annotations

import argparse
import time
from datetime import date
from typing import Any

import numpy as np
import psycopg
import shapely

from benchmarks.common import Figure, at_least, at_most, database, seen, server, show
from landbank import codelists
from landbank.demo import Border, Infrastructure, generate
from landbank.domain.assembly.adjacency import Adjacency, adjacency
from landbank.domain.assembly.sets import find_assemblies
from landbank.exchange.borders import read_borders
from landbank.geo.crs import LONLAT, STORAGE, reproject

DAY = date(2026, 11, 23)
GAP_M = 15.0
NEEDS_M2 = (20_000, 60_000, 200_000)
TABLES = """
CREATE TABLE plot (id int4 PRIMARY KEY, area_m2 int8 NOT NULL);
CREATE TABLE neighbour (one int4 NOT NULL, other int4 NOT NULL, PRIMARY KEY (one, other))
"""
GROWN = """
WITH RECURSIVE grown (ids, total) AS (
  SELECT ARRAY[id], area_m2 FROM plot WHERE area_m2 < %(need)s
  UNION
  SELECT (SELECT array_agg(x ORDER BY x) FROM unnest(g.ids || n.other) AS x), g.total + p.area_m2
  FROM grown g CROSS JOIN LATERAL unnest(g.ids) AS m(id)
  JOIN neighbour n ON n.one = m.id JOIN plot p ON p.id = n.other
  WHERE cardinality(g.ids) < 5 AND g.total < %(need)s AND p.area_m2 < %(need)s AND NOT n.other = ANY (g.ids))
SELECT ids FROM grown WHERE total >= %(need)s
"""


def demo_outlines(plots: int) -> list[Any]:
    """Outlines of a demonstration inventory of so many plots, EPSG:3006."""
    read = read_borders(codelists.municipalities())
    lands = reproject(np.array([one.geometry_lonlat for one in read], dtype=object), LONLAT, STORAGE)
    borders = [Border(one.code, one.name, land) for one, land in zip(read, lands, strict=True)]
    listed = codelists.infrastructure()
    points = reproject(np.asarray(shapely.points([one.lonlat for one in listed])), LONLAT, STORAGE)
    places = Infrastructure(shapely.get_coordinates(list(points)))
    batches = generate(plots, 1, borders=borders, infrastructure=places, on=DAY, batch=10_000)
    return [shape for batch in batches for shape in batch["plot"]["geometry"]]


def load(url: str, pairs: Adjacency, areas: list[int]) -> None:
    """Put plots and neighbours, both ways, into the database."""
    with psycopg.connect(url, autocommit=True) as connection, connection.cursor() as cursor:
        for statement in TABLES.split(";\n"):
            cursor.execute(statement)
        with cursor.copy("COPY plot FROM STDIN") as copy:
            for row in enumerate(areas):
                copy.write_row(row)
        with cursor.copy("COPY neighbour FROM STDIN") as copy:
            for one, other in zip(pairs.first.tolist(), pairs.second.tolist(), strict=True):
                copy.write_row((one, other))
                copy.write_row((other, one))
        cursor.execute("ANALYZE")


def minimal(sets: set[tuple[int, ...]]) -> set[tuple[int, ...]]:
    """The sets that hold no other of them."""
    by_member: dict[int, list[frozenset[int]]] = {}
    for one in sets:
        by_member.setdefault(one[0], []).append(frozenset(one))
    return {
        one
        for one in sets
        if not any(other < frozenset(one) for member in one for other in by_member.get(member, ()))
    }


def main(plots: int = 5_000) -> None:
    """Measure and show."""
    outlines = demo_outlines(plots)
    began = time.process_time()
    pairs = adjacency(outlines, most_gap_m=GAP_M)
    figures: list[Figure] = [
        seen(f"neighbours of {len(outlines)} plots built", time.process_time() - began, "s"),
        seen("neighbours a plot", 2 * len(pairs) / len(outlines), ""),
    ]
    areas = [round(float(shape.area)) for shape in outlines]
    amounts = np.array(areas, dtype=np.float64)
    with server() as address, database(address) as url:
        load(url, pairs, areas)
        for need in NEEDS_M2:
            figures.extend(compared(url, pairs, amounts, need))
    show("assembly: sets of up to five neighbours", figures, plots=len(outlines), gap_m=GAP_M)


def compared(url: str, pairs: Adjacency, amounts: np.ndarray[Any, Any], need: int) -> list[Figure]:
    """The figures of one need."""
    began, busy = time.perf_counter(), time.process_time()
    sets = set(find_assemblies(pairs, amounts, [need], most_found=1_000_000).sets)
    in_python, busy = time.perf_counter() - began, time.process_time() - busy
    began = time.process_time()
    find_assemblies(pairs, amounts, [need])
    first = time.process_time() - began
    with psycopg.connect(url) as connection:
        connection.execute("SET jit = off")
        connection.execute("SET work_mem = '256MB'")
        began = time.perf_counter()
        rows = connection.execute(GROWN, {"need": need}).fetchall()
        in_sql = time.perf_counter() - began
    assert sets == minimal({tuple(row[0]) for row in rows}), "the two disagree"
    told = f"{need / 10_000:g} ha, {len(sets)} sets"
    return [
        at_most(f"all sets, {told}", busy, 0.5, "s"),
        seen("the first 1 000, smallest first", first, "s"),
        at_least("recursive SQL / landbank", in_sql / in_python, 2),
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plots", type=int, default=5_000)
    main(**vars(parser.parse_args()))
