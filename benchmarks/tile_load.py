"""Load on tiles: pgbench with the tile's own statement, wrk on landbank, and nginx with the same tiles as files."""

from __future__ import annotations

import gzip
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from landbank.geo.tile import Tile
from landbank.store.tiles import LEAST_PIXELS, MOST_FEATURES, OPTIONS, Tiles, clusters_of, plots_of

CLIENTS = 4
CONNECTIONS = 4
SERVER = """
import sys, uvicorn
from landbank.api.app import create_app
from landbank.settings import Settings
from landbank.wiring import open_landbank
landbank = open_landbank(Settings(tile_cache_mb=int(sys.argv[3])), sys.argv[1])
uvicorn.run(create_app(landbank), host="127.0.0.1", port=int(sys.argv[2]), log_level="warning", access_log=False)
"""
WRK = """
local paths = {%s}
local requests = {}
local threads = 0
local at = 0
function setup(thread) thread:set("number", threads); threads = threads + 1 end
function init(args)
  at = number
  for i, path in ipairs(paths) do requests[i] = wrk.format("GET", path) end
end
function request()
  at = (at + %d) %% #requests
  return requests[at + 1]
end
"""
NGINX = """
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
daemon off;
events {{ worker_connections 256; }}
http {{
  access_log off;
  sendfile on;
  keepalive_requests 1000000000;
  default_type application/vnd.mapbox-vector-tile;
  gzip_static on;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{port}; root {folder}/root; etag on; }}
}}
"""


def address(tile: Tile) -> str:
    """The path of a tile."""
    return f"/tiles/plots/{tile.z}/{tile.x}/{tile.y}"


def with_pgbench(
    pgbench: str, url: str, *, tiles: Sequence[Tile], dense: set[Tile], folder: Path, seconds: int
) -> float:
    """Tiles per second of pgbench, over the statements that landbank itself runs, prepared."""
    own = Tiles(url)
    plots = [plots_of(tile, LEAST_PIXELS, MOST_FEATURES) for tile in tiles]
    script = [
        f"\\set n random(0, {len(tiles) - 1})",
        *chosen_by_number(plots),
        as_pgbench(own.plots_statement.now),
    ]
    if dense:
        clusters = [{"dense": int(tile in dense), **clusters_of(tile)} for tile in tiles]
        script += [
            *chosen_by_number(clusters),
            "\\if :dense",
            as_pgbench(own.clusters_statement.now),
            "\\endif",
        ]
    path = folder / "tiles.sql"
    path.write_text("\n".join(script) + "\n", encoding="utf-8")
    command = [
        pgbench,
        "-n",
        "-M",
        "prepared",
        "-c",
        str(CLIENTS),
        "-j",
        "1",
        "-T",
        str(seconds),
        "-f",
        str(path),
    ]
    told = subprocess.run(
        [*command, url],
        env={**os.environ, "PGOPTIONS": OPTIONS.format(timeout_ms=60_000)},
        capture_output=True,
        text=True,
        check=True,
    )
    return float(re.search(r"tps = ([\d.]+) \(without", told.stdout)[1])  # type: ignore[index]


def chosen_by_number(parameters: Sequence[dict[str, object]]) -> list[str]:
    """Lines that set each parameter to its value in the set of number :n; one prepared statement serves all tiles."""
    return [
        f"\\set {name} case "
        + " ".join(f"when :n = {number} then {one[name]!s}" for number, one in enumerate(parameters))
        + " end"
        for name in parameters[0]
    ]


def as_pgbench(statement: str) -> str:
    """The statement with pgbench's marks for parameters."""
    return re.sub(r"%\((\w+)\)s", r":\1", statement) + ";"


def free_port() -> int:
    """A port of the loopback that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@contextmanager
def landbank_server(url: str, cache_mb: int) -> Iterator[str]:
    """The address of a landbank in a process of its own."""
    port = free_port()
    with subprocess.Popen([sys.executable, "-c", SERVER, url, str(port), str(cache_mb)]) as child:
        try:
            yield wait_for(f"http://127.0.0.1:{port}", "/live")
        finally:
            child.terminate()


@contextmanager
def nginx_server(nginx: str, folder: Path, bodies: dict[str, bytes]) -> Iterator[str]:
    """The address of an nginx that serves the same bodies, gzipped before, from files."""
    folder.chmod(0o755)  # its worker runs as another user where root starts it
    port = free_port()
    for path, body in bodies.items():
        file = folder / "root" / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
        file.with_name(file.name + ".gz").write_bytes(gzip.compress(body, 1, mtime=0))
    configuration = folder / "nginx.conf"
    configuration.write_text(NGINX.format(folder=folder, port=port), encoding="utf-8")
    with subprocess.Popen([nginx, "-e", str(folder / "error.log"), "-c", str(configuration)]) as child:
        try:
            yield wait_for(f"http://127.0.0.1:{port}", next(iter(bodies)))
        finally:
            child.terminate()


def wait_for(base: str, path: str) -> str:
    """The address, once it answers."""
    end = time.monotonic() + 90
    while True:
        try:
            httpx.get(base + path).raise_for_status()
        except httpx.HTTPError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
        else:
            return base


def with_wrk(
    wrk: str, base: str, *, tiles: Sequence[Tile], folder: Path, seconds: int, tag: str | None = None
) -> float:
    """Answers per second; connections of one thread never ask for the same tile at once."""
    script = folder / "paths.lua"
    paths = ",".join(f'"{address(tile)}"' for tile in tiles)
    script.write_text(WRK % (paths, 2), encoding="utf-8")
    headers = ["-H", "Accept-Encoding: gzip", *(["-H", f"If-None-Match: {tag}"] if tag else [])]
    command = [wrk, "-t2", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(script), *headers, base]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx or 3xx responses" in told:
        raise RuntimeError(f"landbank refused some of the load: {told}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", told)[1])  # type: ignore[index]
