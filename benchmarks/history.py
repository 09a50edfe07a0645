"""What the history costs: a change of 10 000 plots beside a plain update, bulk inserts, and reads beside a past."""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Final

import psycopg
from psycopg import sql

from benchmarks.common import Figure, at_most, database, seen, server, show
from landbank.domain.moment import Asked
from landbank.services.check_history import check_history
from landbank.services.seal_history import seal_history
from landbank.settings import Settings
from landbank.store.collections import PLOTS
from landbank.wiring import Landbank, open_landbank

CHANGED: Final = 10_000
ROUNDS: Final = 7

INSERT: Final = """
    INSERT INTO landbank.plot (municipality_code, reference, name, dataset, planning_state, readiness, availability,
      area_m2, area_method, property_designations, tenures, source, confirmed_on, description, geometry, location)
    SELECT '1441', 'R' || n, 'Tomt ' || n, 'benchmark', 'laga_kraft', 'byggklar', 'ledig', 1000 + n, 'computed',
      ARRAY['Lerum Berga 1:' || n], ARRAY['tomtratt'], 'benchmark', date '2026-05-01' + (n %% 150),
      'Planlagd mark nummer ' || n, ST_Multi(ST_MakePolygon(ST_MakeLine(ARRAY[ST_Point(x, y, 3006),
        ST_Point(x + 50, y, 3006), ST_Point(x + 50, y + 30, 3006), ST_Point(x + 30, y + 50, 3006),
        ST_Point(x, y + 50, 3006), ST_Point(x, y, 3006)]))), ST_Point(x + 20, y + 20, 3006)
    FROM (SELECT n, 318000.1 + 60 * (n %% 450) AS x, 6392000.4 + 60 * (n / 450) AS y
          FROM generate_series(%(first)s::int, %(last)s::int) n) s
"""
PRICES: Final = """
    INSERT INTO landbank.price (plot_id, tenure, price_sek_per_m2, basis)
    SELECT id, 'forsaljning', 100 + id %% 700, 'tomtarea' FROM landbank.plot
"""
FACTS: Final = (
    "INSERT INTO landbank.plot_use (plot_id, code) SELECT id, 'J' FROM landbank.plot",
    "INSERT INTO landbank.utility (plot_id, kind, capacity, capacity_unit) SELECT id, 'el', 2, 'MW' FROM landbank.plot",
    PRICES,
)
CHANGE: Final = """
    UPDATE landbank.plot SET availability = CASE availability WHEN 'ledig' THEN 'reserverad' ELSE 'ledig' END,
      availability_until = date '2027-01-01', confirmed_on = confirmed_on + 1 WHERE id <= %(rows)s
"""
MOVE: Final = """
    UPDATE landbank.plot SET geometry = ST_Translate(geometry, 1, 1), location = ST_Translate(location, 1, 1)
    WHERE id <= %(rows)s
"""
END_PRICES: Final = (
    "UPDATE landbank.price SET superseded_at = landbank.change_time() WHERE superseded_at IS NULL"
)


def timed(work: Callable[[], object]) -> float:
    """Seconds that the work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def change(url: str, statements: tuple[str, ...], *, has_history: bool = True, **values: int) -> float:
    """Seconds of one committed transaction, with the triggers or, as a plain update, without them."""
    with psycopg.connect(url) as connection:
        if not has_history:
            connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute("SELECT set_config('landbank.actor', 'benchmark', true)")

        def run() -> None:
            for statement in statements:
                connection.execute(statement, values)
            connection.commit()

        return timed(run)


def tidy(url: str, *tables: str, whole: bool = False) -> None:
    """Vacuum, so that neither side meets the other's dead rows; `whole` rewrites the tables."""
    with psycopg.connect(url, autocommit=True) as connection:
        for table in tables:
            connection.execute(
                sql.SQL("VACUUM ({}) {}").format(
                    sql.SQL("FULL, ANALYZE" if whole else "ANALYZE"), sql.Identifier("landbank", table)
                )
            )


def ratio_of(url: str, statement: str) -> tuple[float, float]:
    """Seconds of 10 000 changed rows with history and without, each the median of rounds in turn."""
    with_history, plain = [], []
    for _ in range(ROUNDS):
        plain.append(change(url, (statement,), has_history=False, rows=CHANGED))
        tidy(url, "plot")
        with_history.append(change(url, (statement,), rows=CHANGED))
        tidy(url, "plot", "plot_version", "event")
    return statistics.median(with_history), statistics.median(plain)


def reads(landbank: Landbank, url: str) -> dict[str, float]:
    """Seconds of reads of the present: one plot, a page of a hundred, and the columns of the matching."""
    found: dict[str, list[float]] = {"one plot": [], "a page of 100": [], "the whole catalogue": []}
    with psycopg.connect(url, autocommit=True) as connection:
        one = "SELECT * FROM landbank.plot_facts WHERE plot_id = %s"
        for number in range(1, 201):
            found["one plot"].append(timed(partial(connection.execute, one, (number,), prepare=True)))
    for _ in range(ROUNDS):
        with landbank.reading() as store:
            found["a page of 100"].append(timed(partial(store.features.page, PLOTS, limit=100)))
            found["the whole catalogue"].append(timed(store.catalogue.columns))
    return {name: statistics.median(times) for name, times in found.items()}


def fill(url: str, rows: int, *, has_history: bool = True) -> float:
    """Seconds of a bulk insert of plots."""
    return change(url, (INSERT,), has_history=has_history, first=1, last=rows)


def prepare(url: str) -> Landbank:
    """A migrated landbank with one municipality."""
    landbank = open_landbank(Settings(statement_timeout_ms=600_000), url)
    landbank.migrate()
    change(url, ("INSERT INTO landbank.municipality (code, name) VALUES ('1441', 'Lerum')",))
    return landbank


def main(rows: int = 20_000, bulk: int = 200_000) -> None:
    """Run it all in one database after the other, print the ratios and write them down."""
    figures: list[Figure] = []
    with server() as at:
        inserts = {}
        for has_history in (False, True):
            with database(at) as url:
                prepare(url).close()
                inserts[has_history] = fill(url, bulk, has_history=has_history)
        figures.append(
            seen(f"bulk insert of {bulk} plots, history against none", inserts[True] / inserts[False], "x")
        )
        with database(at) as url:
            landbank = prepare(url)
            fill(url, rows)
            change(url, FACTS)
            tidy(url, "plot", "plot_use", "utility", "price", whole=True)
            before = reads(landbank, url)
            kept, plain = ratio_of(url, CHANGE)
            moved, moved_plain = ratio_of(url, MOVE)
            figures += [
                at_most(f"{CHANGED} changed rows, history against a plain update", kept / plain, 2.5),
                at_most(
                    f"{CHANGED} moved outlines, history against a plain update", moved / moved_plain, 2.5
                ),
                seen("one changed row among them", kept / CHANGED * 1e6, "µs"),
            ]
            for _ in range(5):
                change(url, (CHANGE, END_PRICES, PRICES), rows=rows)
            tidy(url, "plot", whole=True)
            tidy(url, "plot_version", "event", "price")
            after = reads(landbank, url)
            figures += [
                at_most(f"read of {name}, with a past against without", after[name] / before[name], 1.25)
                for name in before
            ]
            figures += vouching(landbank)
            landbank.close()
    show("history: what it costs", figures, rows=rows, changed=CHANGED, rounds=ROUNDS, bulk=bulk)


def vouching(landbank: Landbank) -> list[Figure]:
    """Reads of the past, sealing and checking, told in time."""
    with landbank.reading() as store:
        (first,) = store.changes.since(store.changes.revision() // 2, limit=1)
    with landbank.reading(Asked(first.occurred_at)) as store:
        page = timed(lambda: store.features.page(PLOTS, limit=100))
        columns = timed(store.catalogue.columns)
    with landbank.sealing() as store:
        events = store.changes.revision()
        sealing = timed(lambda: seal_history(store.ledger))
    with landbank.reading() as store:
        store.audit.allow_time()
        checking = timed(lambda: list(check_history(store.audit, store.ledger)))
    return [
        seen("a page of 100 plots of the past", page * 1000, "ms"),
        seen("the whole catalogue of the past", columns * 1000, "ms"),
        seen("sealing", events / sealing, "events/s"),
        seen("fsck", events / checking, "events/s"),
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000, help="plots that are changed and read")
    parser.add_argument("--bulk", type=int, default=200_000, help="plots of the bulk insert")
    main(**vars(parser.parse_args()))
