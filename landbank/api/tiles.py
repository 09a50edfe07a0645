"""Vector tiles over HTTP: a raw ASGI endpoint in front of the routes, because most answers are bytes from memory.

A tile is the same for all as long as the inventory and the day are: its strong entity tag is made of revision,
time of the last change and day, and a request that brings the tag back is answered without drawing anything.

A tile in which nothing lies is 200 with an empty body: no bytes are a valid tile without layers (Mapbox Vector
Tile 2.1, 4.1), and clients that look for 200 alone take it; 204 would say the same to fewer of them.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl

from isal import igzip

from landbank.api import problems
from landbank.api.middleware import Receive, Scope, Send, send_problem
from landbank.api.tile_cache import ByteCache
from landbank.api.tile_state import CurrentState
from landbank.domain.people import Permission
from landbank.errors import Invalid, LandbankError, NotFound
from landbank.geo.tile import MOST_ZOOM, Tile
from landbank.store.tiles import Drawn, State, Tiles

BELOW = ("/tiles/plots/", "/tiles/base/")
ADDRESS = re.compile(r"/tiles/(plots|base)/([0-9]{1,2})/([0-9]{1,8})/([0-9]{1,8})(?:\.mvt|\.pbf)?")
MEDIA_TYPE = b"application/vnd.mapbox-vector-tile"
VARIANT = "1"
"""Changes whenever the same state of the inventory gives other bytes: other layers, attributes or limits."""

FRESHNESS = [(b"cache-control", b"public, max-age=0, must-revalidate"), (b"vary", b"accept-encoding")]
ENTRY_OVERHEAD = 1000

Header = tuple[bytes, bytes]


@dataclass(frozen=True, slots=True)
class Ready:
    """A tile ready to be sent: gzipped once, its headers written once."""

    state: State
    body: bytes
    headers: list[Header]

    @property
    def size(self) -> int:
        """Bytes in memory, headers and bookkeeping by rule of thumb."""
        return len(self.body) + ENTRY_OVERHEAD


class TileServer:
    """Answers what lies below `/tiles/plots/` and `/tiles/base/`."""

    permission = Permission.READ_PUBLIC

    def __init__(self, *, tiles: Tiles, current: CurrentState, cache: ByteCache[object, Ready]) -> None:
        self.current = current
        self.cache = cache
        self.cached_state: State | None = None
        self.draw: dict[str, Callable[[Tile], Awaitable[Drawn]]] = {"plots": tiles.plots, "base": tiles.base}

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer a tile, or say why not."""
        try:
            if scope["method"] not in {"GET", "HEAD"}:
                await send_problem(
                    send, problems.method_refused(scope["method"]), scope, [(b"allow", b"GET, HEAD")]
                )
                return
            layer, tile = read_address(scope["path"], scope["query_string"])
            await self.answer(layer, tile, scope, send)
        except LandbankError as error:
            await send_problem(send, problems.of_family(error), scope)

    async def answer(self, layer: str, tile: Tile, scope: Scope, send: Send) -> None:
        """Send the tile, or 304 where the caller has it already."""
        state = self.current.known() or await self.current.current()
        asked_tags, takes_gzip = read_headers(scope)
        if asked_tags is not None:
            held = held_tag(asked_tags, entity_tag(state))
            if held is not None:
                await send_headers(send, 304, [(b"etag", held), *FRESHNESS])
                return
        ready = await self.ready(layer, tile, state)
        body, headers = (ready.body, ready.headers) if takes_gzip else plain(ready)
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    async def ready(self, layer: str, tile: Tile, state: State) -> Ready:
        """The tile from memory, or drawn; what was drawn from an earlier state is forgotten."""
        if state != self.cached_state:
            self.cache.clear()
            self.cached_state = state

        async def make() -> Ready:
            return make_ready(await self.draw[layer](tile))

        return await self.cache.get_or_make((layer, tile.z, tile.x, tile.y), make)


def read_address(path: str, query: bytes) -> tuple[str, Tile]:
    """Layer and tile of an address.

    Raises
    ------
    NotFound
        The address is no tile's, or the tile lies outside the map or the zooms; found out without the database.
    Invalid
        There is a query parameter; a tile knows none.
    """
    match = ADDRESS.fullmatch(path)
    tile = Tile(int(match[2]), int(match[3]), int(match[4])) if match else Tile(-1, 0, 0)
    if match is None or not tile.exists:
        raise NotFound(
            "There is no such tile.",
            hint=f"Tiles are /tiles/plots/z/x/y with z from 0 to {MOST_ZOOM}, x and y from 0 to 2**z - 1.",
        )
    if query:
        name = next((name for name, _ in parse_qsl(query.decode("latin-1"), keep_blank_values=True)), "")
        raise Invalid(f"There is no query parameter '{name}' here.", hint="Known: none.", where=name or None)
    return match[1], tile


def read_headers(scope: Scope) -> tuple[bytes | None, bool]:
    """The tags of If-None-Match, or None; and whether the caller takes gzip."""
    tags, takes_gzip = None, False
    for name, value in scope["headers"]:
        if name == b"if-none-match":
            tags = value if tags is None else tags + b"," + value
        elif name == b"accept-encoding":
            takes_gzip = b"gzip" in value
    return tags, takes_gzip


@lru_cache(maxsize=4)
def entity_tag(state: State) -> bytes:
    """The strong tag of any uncompressed tile in a state; the gzipped one's ends in `-gz`.

    Holds the time of the last change beside the revision, which another database may have reached too.
    """
    changed = int(state.changed_at.timestamp() * 1_000_000)
    return f'"{state.revision}-{changed:x}-{state.day:%Y%m%d}-{VARIANT}"'.encode()


def gzip_tag(tag: bytes) -> bytes:
    """The tag of the same tile gzipped."""
    return tag[:-1] + b'-gz"'


def held_tag(asked: bytes, tag: bytes) -> bytes | None:
    """The tag among those of If-None-Match that still names this tile, in whichever coding; None without one."""
    if asked.strip() == b"*":
        return tag
    for given in (gzip_tag(tag), tag):
        if given in asked:
            return given
    return None


def make_ready(drawn: Drawn) -> Ready:
    """The tile gzipped, under the tag of the state that it was drawn from; an empty one stays empty."""
    body = igzip.compress(drawn.content, compresslevel=1, mtime=0) if drawn.content else b""
    tag = gzip_tag(entity_tag(drawn.state))
    coding = [(b"content-encoding", b"gzip")] if body else []
    return Ready(drawn.state, body, [*coding, *headers_of(tag, len(body))])


def plain(ready: Ready) -> tuple[bytes, list[Header]]:
    """Body and headers for a caller that takes no gzip, which is rare enough to unpack each time."""
    body = gzip.decompress(ready.body) if ready.body else b""
    return body, headers_of(entity_tag(ready.state), len(body))


def headers_of(tag: bytes, length: int) -> list[Header]:
    """The headers of a tile."""
    return [(b"content-type", MEDIA_TYPE), (b"content-length", b"%d" % length), (b"etag", tag), *FRESHNESS]


async def send_headers(send: Send, status: int, headers: list[Header]) -> None:
    """An answer without a body."""
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
