"""Vector tiles over HTTP: a raw ASGI endpoint in front of the routes, because most answers are bytes from memory.

A tile is the same for all until a change touches it or the day ends: its strong entity tag is made of revision, time of
the last change and day when it was drawn, and a request that brings the tag back is answered without drawing anything.
Which tiles a change touches is in tile_touches.py. While the database does not answer, tiles in memory are sent as they
are and say so.

Tiles of an earlier moment (`as_of`, `valid_on`) have a cache of their own, which no change empties. Once a later change
stands nothing can be added to what they show, and whoever has one need not ask again for a day.

A tile in which nothing lies is 200 with an empty body: no bytes are a valid tile without layers (Mapbox Vector
Tile 2.1, 4.1), and clients that look for 200 alone take it; 204 would say the same to fewer of them.
"""

from __future__ import annotations

import gzip
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache

from isal import igzip

from landbank.api import problems
from landbank.api.middleware import Receive, Scope, Send, send_problem
from landbank.api.tile_address import Wanted, read_address, read_query
from landbank.api.tile_cache import ByteCache
from landbank.api.tile_state import CurrentState
from landbank.api.tile_touches import Touches
from landbank.domain.moment import Asked, Moment
from landbank.domain.people import Permission
from landbank.errors import LandbankError, Unavailable
from landbank.store.tiles import Drawn, State, Tiles

MEDIA_TYPE = b"application/vnd.mapbox-vector-tile"
VARIANT = "2"
"""Changes whenever the same state of the inventory gives other bytes: other layers, attributes or limits."""

FRESHNESS = [(b"cache-control", b"public, max-age=0, must-revalidate"), (b"vary", b"accept-encoding")]
SETTLED = [(b"cache-control", b"public, max-age=86400, immutable"), (b"vary", b"accept-encoding")]
STALE = (b"cache-status", b"landbank; hit; detail=database-does-not-answer")
MOMENTS_KEPT = 64
MOST_TRIES = 3
"""A tile that others began to draw before a change may come too late to be right; then it is drawn again."""
ENTRY_OVERHEAD = 1000

Header = tuple[bytes, bytes]


@dataclass(slots=True)
class Ready:
    """A tile ready to be sent: gzipped once, its headers written once. `checked`: revision up to which it is right."""

    state: State
    body: bytes
    headers: list[Header]
    checked: int

    @property
    def size(self) -> int:
        """Bytes in memory, headers and bookkeeping by rule of thumb."""
        return len(self.body) + ENTRY_OVERHEAD


class TileServer:
    """Answers every tile, whatever its layers and its grid."""

    permission = Permission.READ_PUBLIC

    def __init__(self, *, tiles: Tiles, current: CurrentState, cache: ByteCache[object, Ready]) -> None:
        self.tiles = tiles
        self.current = current
        self.cache = cache
        self.touches = Touches(tiles)
        self.past: ByteCache[object, Ready] = ByteCache(cache.most_bytes // 4)
        self.settled: OrderedDict[Asked, Moment] = OrderedDict()

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer a tile, or say why not."""
        try:
            if scope["method"] not in {"GET", "HEAD"}:
                await send_problem(
                    send, problems.method_refused(scope["method"]), scope, [(b"allow", b"GET, HEAD")]
                )
                return
            wanted, asked = read_address(scope["path"]), None
            if scope["query_string"]:
                wanted, asked = read_query(scope["path"], scope["query_string"], wanted)
            if asked is None:
                await self.answer(wanted, scope, send)
            else:
                await self.answer_past(wanted, await self.moment(asked), scope, send)
        except LandbankError as error:
            await send_problem(send, problems.of_family(error), scope)

    async def answer(self, wanted: Wanted, scope: Scope, send: Send) -> None:
        """Send the tile, or 304 where the caller has it already."""
        asked_tags, takes_gzip = read_headers(scope)
        try:
            state = self.current.known() or await self.current.current()
            if state != self.touches.state and not await self.touches.follow(state):
                self.cache.clear()
        except Unavailable:
            await self.answer_stale(wanted, scope, send)
            return
        if asked_tags is not None:
            held = held_tag(asked_tags, entity_tag(state)) or self.touches.still_held(
                asked_tags, wanted, VARIANT
            )
            if held is not None:
                await send_headers(send, 304, [(b"etag", held), *FRESHNESS])
                return
        ready = await self.ready(wanted, state)
        body, headers = (ready.body, ready.headers) if takes_gzip else plain(ready)
        await send_tile(send, scope, body, headers)

    async def answer_stale(self, wanted: Wanted, scope: Scope, send: Send) -> None:
        """Send the tile from memory while the database does not answer, and say so; 503 without one.

        Source of the header: RFC 9211 (Cache-Status).
        """
        kept = self.cache.get(wanted.key)
        if kept is None:
            raise Unavailable("The database does not answer.", hint="Try again in a moment.")
        body, headers = (kept.body, kept.headers) if read_headers(scope)[1] else plain(kept)
        await send_tile(send, scope, body, [*headers, STALE])

    async def moment(self, asked: Asked) -> Moment:
        """The moment that was asked for; one that is settled is asked of the database once."""
        known = self.settled.get(asked)
        if known is not None:
            return known
        moment = await self.tiles.moment(asked)
        if moment.is_settled:
            self.settled[asked] = moment
            while len(self.settled) > MOMENTS_KEPT:
                self.settled.popitem(last=False)
        return moment

    async def answer_past(self, wanted: Wanted, moment: Moment, scope: Scope, send: Send) -> None:
        """Send the tile as it was at a moment, or 304 where the caller has it already."""
        freshness = SETTLED if moment.is_settled else FRESHNESS
        tag = past_tag(moment)
        asked_tags, takes_gzip = read_headers(scope)
        held = held_tag(asked_tags, tag) if asked_tags is not None else None
        if held is not None:
            await send_headers(send, 304, [(b"etag", held), *freshness])
            return

        async def make() -> Ready:
            drawn = await self.tiles.drawn(wanted.layers, wanted.grid, wanted.tile, moment)
            return make_ready(drawn, tag)

        ready = await self.past.get_or_make((*wanted.key, tag), make)
        body, headers = (ready.body, ready.headers) if takes_gzip else plain(ready, tag)
        fixed = [header for header in headers if header not in FRESHNESS]
        await send_tile(send, scope, body, [*fixed, *freshness])

    async def ready(self, wanted: Wanted, state: State) -> Ready:
        """The tile from memory where no change touched it since, or drawn."""

        async def make() -> Ready:
            return make_ready(await self.tiles.drawn(wanted.layers, wanted.grid, wanted.tile))

        for _ in range(MOST_TRIES):
            ready = await self.cache.get_or_make(wanted.key, make)
            if self.is_right(ready, wanted, state):
                break
            self.cache.drop(wanted.key)
        return ready

    def is_right(self, ready: Ready, wanted: Wanted, state: State) -> bool:
        """Whether a tile shows a state: drawn from it or a later one, or touched by no change since it was drawn."""
        if ready.checked < state.revision:
            if not self.touches.is_untouched(wanted, ready.checked):
                return False
            ready.checked = state.revision
        return True


async def send_tile(send: Send, scope: Scope, body: bytes, headers: list[Header]) -> None:
    """A tile, without its body where only the head was asked for."""
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


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


def past_tag(moment: Moment) -> bytes:
    """The strong tag of any uncompressed tile of an earlier moment."""
    changed = int(moment.changed_at.timestamp() * 1_000_000)
    begun = "b" if moment.is_valid_on_asked else "a"
    return f'"{moment.revision}-{changed:x}-{moment.valid_on:%Y%m%d}{begun}-{VARIANT}"'.encode()


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


def make_ready(drawn: Drawn, plain_tag: bytes | None = None) -> Ready:
    """The tile gzipped, under the tag of the state that it was drawn from; an empty one stays empty."""
    body = igzip.compress(drawn.content, compresslevel=1, mtime=0) if drawn.content else b""
    tag = gzip_tag(plain_tag or entity_tag(drawn.state))
    coding = [(b"content-encoding", b"gzip")] if body else []
    return Ready(drawn.state, body, [*coding, *headers_of(tag, len(body))], drawn.state.revision)


def plain(ready: Ready, tag: bytes | None = None) -> tuple[bytes, list[Header]]:
    """Body and headers for a caller that takes no gzip, which is rare enough to unpack each time."""
    body = gzip.decompress(ready.body) if ready.body else b""
    return body, headers_of(tag or entity_tag(ready.state), len(body))


def headers_of(tag: bytes, length: int) -> list[Header]:
    """The headers of a tile."""
    return [(b"content-type", MEDIA_TYPE), (b"content-length", b"%d" % length), (b"etag", tag), *FRESHNESS]


async def send_headers(send: Send, status: int, headers: list[Header]) -> None:
    """An answer without a body."""
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
