"""Tiles: landbank against PostGIS alone (pgbench with the same statement) and against files (nginx), in one run."""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import mapbox_vector_tile
import numpy as np
import psycopg

from benchmarks.common import Figure, at_least, at_most, database, program, seen, server, show
from benchmarks.tile_load import address, landbank_server, nginx_server, with_pgbench, with_wrk
from landbank.geo.tile import Tile, tile_at
from landbank.services.load_demo import load_demo
from landbank.settings import Settings
from landbank.store.tile_statements import MOST_BYTES
from landbank.store.tiles import Tiles
from landbank.wiring import open_landbank

DAY = date(2026, 11, 23)
ZOOMS = range(6, 17)
ROUNDS = 2


@dataclass(frozen=True, slots=True)
class Sample:
    """Tiles of the inventory, and how the database drew each: milliseconds, bytes, whether as clusters."""

    tiles: list[Tile]
    ms: list[float]
    bytes: list[int]
    dense: set[Tile]

    def p95(self, claim: Callable[[Tile], bool]) -> float:
        """Milliseconds within which 95 of 100 of those tiles are drawn."""
        chosen = [ms for tile, ms in zip(self.tiles, self.ms, strict=True) if claim(tile)]
        return float(np.percentile(chosen, 95))


def load(url: str, plots: int) -> None:
    """Fill the database with a synthetic inventory."""
    landbank = open_landbank(Settings(), url)
    landbank.migrate()
    with landbank.changing(actor="benchmark", timeout_ms=0, is_bulk=True) as store:
        load_demo(store, on=DAY, plots=plots)
    landbank.close()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def choose(url: str, number: int, seed: int = 1) -> list[Tile]:
    """Different tiles of zooms 6 to 16 over plots chosen at random, so that dense places weigh more."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT st_x(location_tile), st_y(location_tile) FROM landbank.plot ORDER BY id"
        )
        points = rows.fetchall()
    rng = np.random.default_rng(seed)
    chosen: dict[Tile, None] = {}
    while len(chosen) < number:
        x, y = points[rng.integers(len(points))]
        chosen[tile_at(x, y, int(rng.choice(ZOOMS)))] = None
    return list(chosen)


async def draw(url: str, tiles: Sequence[Tile]) -> Sample:
    """Each tile drawn twice over one connection; the second time counts."""
    drawing = Tiles(url, connections=1)
    ms, sizes, dense = [], [], set()
    try:
        for tile in tiles:
            await drawing.plots(tile)
            began = time.perf_counter()
            content = (await drawing.plots(tile)).content
            ms.append((time.perf_counter() - began) * 1000)
            sizes.append(len(content))
            if content and "clusters" in mapbox_vector_tile.decode(content):
                dense.add(tile)
    finally:
        await drawing.close()
    return Sample(list(tiles), ms, sizes, dense)


def measure(url: str, sample: Sample, folder: Path, seconds: int) -> list[Figure]:
    """Answers per second on each path, the middle of some rounds, and their ratios."""
    pgbench, wrk, nginx = program("pgbench"), program("wrk"), program("nginx")
    if wrk is None:
        return []
    rates: dict[str, list[float]] = {}
    load = partial(with_wrk, wrk, tiles=sample.tiles, folder=folder, seconds=seconds)
    with landbank_server(url, 0) as cold, landbank_server(url, 256) as warm:
        bodies, tag = fetch_all(warm, sample.tiles)
        paths: dict[str, Callable[[], float]] = {
            "cold": partial(load, cold),
            "cached": partial(load, warm),
            "304": partial(load, warm, tag=tag),
        }
        if pgbench:
            asked: dict[str, Any] = {
                "tiles": sample.tiles,
                "dense": sample.dense,
                "folder": folder,
                "seconds": seconds,
            }
            paths = {"pgbench": partial(with_pgbench, pgbench, url, **asked), **paths}
        if nginx:
            paths["nginx"] = lambda: with_nginx(nginx, folder, bodies, load)
        for _ in range(ROUNDS):
            for name, run in paths.items():
                rates.setdefault(name, []).append(run())
    return compare({name: statistics.median(figures) for name, figures in rates.items()})


def fetch_all(base: str, tiles: Sequence[Tile]) -> tuple[dict[str, bytes], str]:
    """The bodies of the tiles by path, and the tag that all of them bear."""
    bodies, tag = {}, ""
    for tile in tiles:
        answer = httpx.get(base + address(tile), headers={"Accept-Encoding": "gzip"})
        bodies[address(tile)], tag = answer.content, answer.headers["etag"]
    return bodies, tag


def with_nginx(nginx: str, folder: Path, bodies: dict[str, bytes], load: Callable[[str], float]) -> float:
    """Answers per second of nginx."""
    with nginx_server(nginx, folder, bodies) as files:
        return load(files)


def compare(rate: dict[str, float]) -> list[Figure]:
    """The figures and the ratios that were measured."""
    figures = [seen(name, value, "tiles/s") for name, value in rate.items()]
    if "pgbench" in rate:
        figures.append(at_least("cold tile against pgbench", rate["cold"] / rate["pgbench"], 0.85))
    if "nginx" in rate:
        figures.append(at_least("cached tile against nginx static", rate["cached"] / rate["nginx"], 0.40))
        figures.append(at_least("304 against nginx static", rate["304"] / rate["nginx"], 0.55))
    return figures


def main(plots: int = 50_000, tiles: int = 120, seconds: int = 4) -> None:
    """Measure and show."""
    with server() as at, database(at) as url, tempfile.TemporaryDirectory() as folder:
        load(url, plots)
        sample = asyncio.run(draw(url, choose(url, tiles)))
        figures = [
            at_most("p95 in the database, zoom 6-10", sample.p95(lambda tile: tile.z <= 10), 5, "ms"),
            at_most("p95 in the database, zoom 11-16", sample.p95(lambda tile: tile.z > 10), 25, "ms"),
            at_most("largest tile", max(sample.bytes) / 1000, MOST_BYTES / 1000, "kB"),
            *measure(url, sample, Path(folder), seconds),
        ]
    show("tiles: landbank against PostGIS alone and against files", figures, plots=plots, tiles=tiles)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plots", type=int, default=50_000)
    parser.add_argument("--tiles", type=int, default=120, help="different tiles")
    parser.add_argument("--seconds", type=int, default=4, help="of each measurement, two rounds of five")
    main(**vars(parser.parse_args()))
