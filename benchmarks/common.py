"""What the benchmarks share: a server of their own, children with their peak memory, and the table of ratios."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from rich.console import Console
from rich.table import Table
from sqlalchemy import make_url

from landbank.cluster import Cluster, find_binaries

OUT = Path(__file__).parent / "out"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: a ratio (or another number) of this run, and what it should hold; None where nothing is asked."""

    name: str
    value: float
    unit: str
    hold: str | None = None
    is_held: bool | None = None


def at_least(name: str, value: float, limit: float, unit: str = "x") -> Figure:
    """A figure that should be at least the limit."""
    return Figure(name, value, unit, f">= {limit:g}", value >= limit)


def at_most(name: str, value: float, limit: float, unit: str = "x") -> Figure:
    """A figure that should be at most the limit."""
    return Figure(name, value, unit, f"<= {limit:g}", value <= limit)


def seen(name: str, value: float, unit: str) -> Figure:
    """A figure that is only told."""
    return Figure(name, value, unit)


@contextmanager
def server() -> Iterator[str]:
    """Address of a maintenance database: LANDBANK_BENCH_SERVER, or a durable cluster made for this run."""
    given = os.environ.get("LANDBANK_BENCH_SERVER")
    if given:
        yield given
        return
    folder = Path(tempfile.mkdtemp(prefix="landbank-bench-"))
    cluster = Cluster(folder, find_binaries(None), durable=True)
    cluster.start()
    try:
        yield cluster.url("postgres")
    finally:
        cluster.remove()


@contextmanager
def database(server_url: str) -> Iterator[str]:
    """Address of an empty database with PostGIS, dropped at the end."""
    name = f"bench_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    url = make_url(server_url).set(database=name).render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION postgis")
    try:
        yield url
    finally:
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@dataclass(frozen=True, slots=True)
class Ran:
    """How long a program took, and the most memory it or a child of it held."""

    seconds: float
    peak_mb: float


def run(command: Sequence[str], **environment: str) -> Ran:
    """Run a program to its end; what it says is shown where it fails."""
    began = time.perf_counter()
    with tempfile.TemporaryFile() as told:
        child = subprocess.Popen(command, stdout=told, stderr=told, env={**os.environ, **environment})
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            told.seek(0)
            raise RuntimeError(f"{command[0]} failed: {told.read()[-2000:].decode(errors='replace')}")
    return Ran(seconds, usage.ru_maxrss / 1024)


def program(name: str) -> str | None:
    """The path of a peer's program, or None with a word on how to get it."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin")
    if found is None:
        Console(stderr=True).print(
            f"{name} is not installed: `scripts/install-system bench` gets it. Left out."
        )
    return found


def show(title: str, figures: Sequence[Figure], **conditions: object) -> None:
    """Print the figures as a table and write them to benchmarks/out/ as JSON."""
    table = Table(title=title, title_justify="left")
    for heading in ("figure", "value", "to hold", ""):
        table.add_column(heading, justify="right" if heading == "value" else "left")
    for figure in figures:
        mark = "" if figure.is_held is None else "held" if figure.is_held else "NOT held"
        table.add_row(figure.name, f"{figure.value:,.2f} {figure.unit}", figure.hold or "", mark)
    Console().print(table)
    OUT.mkdir(exist_ok=True)
    told = {"title": title, "conditions": conditions, "figures": [asdict(figure) for figure in figures]}
    (OUT / f"{title.split(':', maxsplit=1)[0]}.json").write_text(
        json.dumps(told, indent=2, default=str) + "\n", encoding="utf-8"
    )
