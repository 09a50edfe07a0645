"""Items: pages of a hundred plots in boxes of any size and at any depth, as statements and as answers over HTTP."""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial

import httpx
import numpy as np
from sqlalchemy import Select, select, text

from benchmarks.common import Figure, at_least, at_most, database, seen, server, show
from benchmarks.tile_load import landbank_server
from benchmarks.tiles import load
from landbank.api.ogc_query import read_bbox
from landbank.domain.filter import EVERYTHING, Selection
from landbank.geo.named_crs import CRS84
from landbank.settings import Settings
from landbank.store.collections import PLOTS
from landbank.store.features import Shown
from landbank.store.filter_sql import conditions
from landbank.store.paging import After, behind, order_of
from landbank.store.relation import relation_for
from landbank.store.unit import Store
from landbank.wiring import open_landbank

LIMIT = 100
DEPTH = 100_000
KILOMETRES = (1, 5, 20, 50, 100, 300, 1500)
FEW = Shown(names=("plot_id", "reference", "name", "area_m2"))
ROUNDS = 3


def boxes_around(store: Store, number: int, seed: int = 1) -> list[str]:
    """Boxes of all sizes as the parameter `bbox`, around plots chosen at random, so that dense places weigh more."""
    rows = store.connection.execute(
        text(
            "SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_Transform(location, 4326) AS p FROM landbank.plot"
            " ORDER BY morton, id) AS places"
        )
    )
    points = [(x, y) for x, y in rows]
    rng = np.random.default_rng(seed)
    boxes = []
    for place in range(number):
        x, y = points[rng.integers(len(points))]
        half = KILOMETRES[place % len(KILOMETRES)] / 2
        width, height = half / (111.3 * np.cos(np.radians(y))), half / 111.3
        boxes.append(f"{x - width:.6f},{y - height:.6f},{x + width:.6f},{y + height:.6f}")
    return boxes


def timed(run: Callable[[], object]) -> float:
    """The fastest of some rounds, in milliseconds: what others do on the machine is not what is asked for."""
    fastest = float("inf")
    for _ in range(ROUNDS):
        began = time.perf_counter()
        run()
        fastest = min(fastest, (time.perf_counter() - began) * 1000)
    return fastest


def pages(store: Store, boxes: Sequence[str], last_id: int, shown: Shown, seed: int = 2) -> list[float]:
    """Milliseconds of a page in each box, every other one behind some id."""
    rng = np.random.default_rng(seed)
    taken = []
    for place, box in enumerate(boxes):
        selection = Selection(read_bbox(PLOTS, box, CRS84))
        after = (int(rng.integers(last_id)),) if place % 2 else None
        page = partial(store.features.page, PLOTS, selection, shown=shown, after=after, limit=LIMIT)
        taken.append(timed(page))
    return taken


def keys(after: After | None, offset: int = 0) -> Select[tuple[int]]:
    """The statement that finds the ids of a page, behind an item or behind so many."""
    relation = relation_for(PLOTS, ())
    order = order_of(relation, ())
    held = conditions(relation, EVERYTHING)
    if after is not None:
        held.append(behind(order, after))
    statement = select(relation.key).where(*held).order_by(*(column.ordered for column in order))
    return statement.offset(offset).limit(LIMIT + 1)


def depth(store: Store, deep: int) -> list[Figure]:
    """A page that many plots down: where it begins is known, or every plot before it is counted off."""
    before, *_ = store.connection.execute(keys(None, deep - 1)).first() or (None,)
    counted = store.connection.execute(keys(None, deep)).all()
    if counted != store.connection.execute(keys((before,))).all():
        raise RuntimeError("the two ways find different plots")
    offset = timed(lambda: store.connection.execute(keys(None, deep)).all())
    keyset = timed(lambda: store.connection.execute(keys((before,))).all())
    first = timed(lambda: store.features.page(PLOTS, limit=LIMIT))
    later = timed(lambda: store.features.page(PLOTS, after=(before,), limit=LIMIT))
    return [
        at_least(f"ids of a page at depth {deep:,}: offset against keyset", offset / keyset, 10),
        at_most(f"page at depth {deep:,} against the first", later / first, 1.5),
    ]


def answers(base: str, boxes: Sequence[str]) -> list[Figure]:
    """Whole answers in GeoJSON, the number of all items included, and their next pages."""
    first, following = [], []
    with httpx.Client(base_url=base, timeout=30) as client:
        for box in boxes:
            where = f"/ogc/collections/plots/items?bbox={box}&limit={LIMIT}"
            first.append(timed(partial(client.get, where)))
            told = client.get(where).raise_for_status().json()
            more = [link["href"] for link in told["links"] if link["rel"] == "next"]
            following += [timed(partial(client.get, at)) for at in more]
    return [
        seen("whole answer over HTTP, median", statistics.median(first), "ms"),
        seen("whole answer over HTTP, worst", max(first), "ms"),
        *([seen("its next page, worst", max(following), "ms")] if following else []),
    ]


def main(plots: int = 200_000, boxes: int = 210) -> None:
    """Measure and show."""
    with server() as at, database(at) as url:
        load(url, plots)
        figures = measure(url, boxes, min(DEPTH, plots // 2))
    show(
        "items: pages of a hundred plots",
        figures,
        plots=plots,
        boxes=boxes,
        load=os.getloadavg()[0],
        cores=os.cpu_count(),
    )


def measure(url: str, boxes: int, deep: int) -> list[Figure]:
    """All figures of a filled database."""
    landbank = open_landbank(Settings(), url)
    with landbank.reading() as store:
        chosen = boxes_around(store, boxes)
        last_id = int(store.connection.scalar(text("SELECT max(id) FROM landbank.plot")) or 1)
        whole = pages(store, chosen, last_id, Shown())
        few = pages(store, chosen, last_id, FEW)
        figures = [
            seen("page with all facts, median", statistics.median(whole), "ms"),
            at_most("page with all facts, worst box", max(whole), 40, "ms"),
            seen("page with four facts, median", statistics.median(few), "ms"),
            at_most("page with four facts, worst box", max(few), 40, "ms"),
            *depth(store, deep),
        ]
    landbank.close()
    with landbank_server(url, 0) as base:
        return [*figures, *answers(base, chosen[: boxes // 5])]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plots", type=int, default=200_000)
    parser.add_argument("--boxes", type=int, default=210, help="of seven sizes")
    main(**vars(parser.parse_args()))
