"""Tiles as bytes, straight from PostGIS: asynchronous, over a few connections of their own.

Not over SQLAlchemy and its pool: a tile is one prepared statement and one value, and tiles must never wait
behind searches, nor searches behind tiles.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from math import inf
from typing import Any

import psycopg
from psycopg.types.numeric import Float8, Int4, Int8

from landbank.domain.moment import Asked, Moment
from landbank.errors import Unavailable
from landbank.geo.tile import MORTON_ZOOM, Tile
from landbank.store.database import read_sql
from landbank.store.past import BOUND_BY_DRIVER, asked_parameters, at, moment_from, parameters_of
from landbank.store.roles import APP_ROLE

MOST_BYTES = 500_000
"""No tile is larger than this before compression: above it plots become points, then clusters."""

MOST_FEATURES = 2_000
"""Plots in a tile above which they are clustered: more symbols than that would cover one another in 256 pixels."""

LEAST_PIXELS = 6
"""Plots smaller than a square of so many pixels (a tile has 256) are drawn as points."""

PARKS_FROM_ZOOM = 8
"""Zoom from which business parks are wider than a pixel or two."""

GRID_BITS = 6
"""Clusters stand on a grid of 2**6 by 2**6 cells a tile."""

BOUND_NAME = re.compile(r"(?<!:):(\w+)")
"""A bound parameter as SQLAlchemy writes it, and no cast."""

WAIT_S = 2.0
OPTIONS = (
    # The estimate of a generic plan is good enough for a tile, and planning costs as much as a small tile itself.
    "-c plan_cache_mode=force_generic_plan -c jit=off"
    # With that estimate the planner sorts a million rows to group them into 4096 cells; hashing takes half the time.
    " -c enable_sort=off"
    f" -c role={APP_ROLE} -c default_transaction_read_only=on"
    " -c statement_timeout={timeout_ms}"
)


@dataclass(frozen=True, slots=True)
class State:
    """A state of the inventory on a day: what a tile was drawn from."""

    revision: int
    changed_at: datetime
    day: date


@dataclass(frozen=True, slots=True)
class Drawn:
    """A tile (MVT, uncompressed; empty where nothing lies) and the state that it shows."""

    state: State
    content: bytes


@dataclass(frozen=True, slots=True)
class Statement:
    """A tile's statement for the inventory as it is now, and as it was at a moment."""

    now: str
    then: str


class Tiles:
    """The tiles of one database, for one event loop; nothing is connected before the first tile is asked for."""

    def __init__(
        self, url: str, *, connections: int = 4, timeout_ms: int = 10_000, most_features: int = MOST_FEATURES
    ) -> None:
        self.url = url
        self.options = OPTIONS.format(timeout_ms=timeout_ms)
        self.most_features = most_features
        self.most_waiting = 32 * connections
        self.waiting = 0
        self.plots_statement = _statement("tile_plots.sql")
        self.clusters_statement = _statement("tile_clusters.sql")
        self.base_statement = _statement("tile_base.sql")
        self.moment_statement = BOUND_NAME.sub(r"%(\1)s", _without_comments("moment.sql"))
        self.is_closed = False
        self.opened: set[psycopg.AsyncConnection[Any]] = set()
        self.free: asyncio.LifoQueue[psycopg.AsyncConnection[Any] | None] = asyncio.LifoQueue()
        for _ in range(connections):
            self.free.put_nowait(None)

    async def plots(self, tile: Tile, moment: Moment | None = None) -> Drawn:
        """The plots of a tile: as polygons and points, as points alone, or clustered, whatever fits first.

        They are those of now, or of an earlier moment.

        Raises
        ------
        Unavailable
            The database does not answer, or all connections are busy.
        """
        for least_pixels in (LEAST_PIXELS, inf):
            parameters = plots_of(tile, least_pixels, self.most_features)
            drawn = await self._drawn(self.plots_statement, parameters, moment)
            if drawn is None:
                break
            if len(drawn.content) <= MOST_BYTES:
                return drawn
        return whole(await self._drawn(self.clusters_statement, clusters_of(tile), moment))

    async def base(self, tile: Tile, moment: Moment | None = None) -> Drawn:
        """The schematic base map of a tile; raises as `plots` does."""
        place = {"z": Int4(tile.z), "x": Int4(tile.x), "y": Int4(tile.y)}
        parameters = place | {"parks_from": Int4(PARKS_FROM_ZOOM)}
        return whole(await self._drawn(self.base_statement, parameters, moment))

    async def moment(self, asked: Asked) -> Moment:
        """The moment that was asked for; raises as `plots` does.

        Raises
        ------
        Invalid
            It lies in the future.
        """
        return moment_from(asked, *await self._row(self.moment_statement, asked_parameters(asked)))

    async def state(self) -> State:
        """The state of the inventory now; raises as `plots` does."""
        return State(
            *await self._row("SELECT revision, changed_at, current_date FROM landbank.inventory", {})
        )

    async def changes(self) -> AsyncGenerator[None, None]:
        """Something each time that the inventory changed, and once when listening begins.

        Raises
        ------
        Unavailable
            The connection was lost, or there was none to be had.
        """
        connection = None
        try:
            connection = await self._connect()
            await connection.execute("LISTEN landbank")
            yield None
            async for _ in connection.notifies():
                yield None
        except psycopg.OperationalError as error:
            raise Unavailable(f"Changes of the inventory can't be heard: {error}".strip()) from error
        finally:
            if connection is not None:
                await connection.close()

    async def close(self) -> None:
        """Close every connection, and open none any more; a tile that is being drawn ends as `Unavailable`."""
        self.is_closed = True
        while self.opened:
            await self.opened.pop().close()

    async def _drawn(
        self, statement: Statement, parameters: Mapping[str, object], moment: Moment | None
    ) -> Drawn | None:
        if moment is None:
            *state, content = await self._row(statement.now, parameters)
            return None if content is None else Drawn(State(*state), content)
        content = (await self._row(statement.then, {**parameters, **parameters_of(moment)}))[-1]
        return None if content is None else Drawn(state_of(moment), content)

    async def _row(self, statement: str, parameters: Mapping[str, object]) -> tuple[Any, ...]:
        connection = await self._take()
        try:
            if connection is not None:
                try:
                    return await _fetch(connection, statement, parameters)
                except psycopg.OperationalError as error:
                    if not connection.closed:
                        raise _told_plainly(error) from error
            # None was connected yet, or the server closed it meanwhile (a restart): begin anew, once.
            connection = None
            connection = await self._connect()
            return await _fetch(connection, statement, parameters)
        except psycopg.OperationalError as error:
            raise _told_plainly(error) from error
        finally:
            self.free.put_nowait(None if connection is None or connection.closed else connection)

    async def _take(self) -> psycopg.AsyncConnection[Any] | None:
        if not self.free.empty():
            return self.free.get_nowait()
        if self.waiting >= self.most_waiting:
            raise Unavailable("Too many tiles are asked for at once.", hint="Try again in a moment.")
        self.waiting += 1
        try:
            return await asyncio.wait_for(self.free.get(), WAIT_S)
        except TimeoutError as error:
            raise Unavailable("All connections for tiles are busy.", hint="Try again in a moment.") from error
        finally:
            self.waiting -= 1

    async def _connect(self) -> psycopg.AsyncConnection[Any]:
        self._refuse_when_closed()
        self.opened = {connection for connection in self.opened if not connection.closed}
        connection = await psycopg.AsyncConnection.connect(
            self.url,
            autocommit=True,
            connect_timeout=3,
            options=self.options,
            application_name="landbank tiles",
            keepalives_idle=30,
            tcp_user_timeout=3000,
        )
        self.opened.add(connection)
        try:
            self._refuse_when_closed()  # it may have been closed while this connected
        except Unavailable:
            await self.close()
            raise
        return connection

    def _refuse_when_closed(self) -> None:
        if self.is_closed:
            raise Unavailable("landbank is shutting down.", hint="Try again in a moment.")


async def _fetch(
    connection: psycopg.AsyncConnection[Any], statement: str, parameters: Mapping[str, object]
) -> tuple[Any, ...]:
    async with connection.cursor(binary=True) as cursor:
        await cursor.execute(statement, parameters, prepare=True)
        row = await cursor.fetchone()
    if row is None:
        raise RuntimeError("the inventory has lost its one row")
    return tuple(row)


def plots_of(tile: Tile, least_pixels: float, most_features: int) -> dict[str, object]:
    """Parameters of tile_plots.sql; their types are fixed, since each other type would be another statement."""
    first, last = tile.morton_range()
    return {
        "z": Int4(tile.z),
        "x": Int4(tile.x),
        "y": Int4(tile.y),
        "first": Int8(first),
        "last": Int8(last),
        "least_area_m2": Float8((least_pixels * tile.width_m / 256) ** 2),
        "most_features": Int8(most_features),
    }


def clusters_of(tile: Tile) -> dict[str, object]:
    """Parameters of tile_clusters.sql."""
    first, last = tile.morton_range()
    bits = min(GRID_BITS, MORTON_ZOOM - tile.z)
    return {
        "first": Int8(first),
        "last": Int8(last),
        "shift": Int4(2 * (MORTON_ZOOM - tile.z - bits)),
        "mask": Int8((1 << 2 * bits) - 1),
        "side": Int4(4096 >> bits),
    }


def whole(drawn: Drawn | None) -> Drawn:
    """The tile of a statement that draws one whatever it holds."""
    if drawn is None:
        raise RuntimeError("the statement drew no tile")
    return drawn


def state_of(moment: Moment) -> State:
    """The state that a tile of an earlier moment shows."""
    return State(moment.revision, moment.changed_at, moment.valid_on)


def _statement(name: str) -> Statement:
    now = _without_comments(name)
    return Statement(now, at(now, **BOUND_BY_DRIVER))


def _without_comments(name: str) -> str:
    """The statement without its comments: psycopg remembers the form of texts below 4096 characters only."""
    lines = (line.strip() for line in read_sql(name).splitlines() if not line.lstrip().startswith("--"))
    return " ".join(line for line in lines if line)


def _told_plainly(error: psycopg.OperationalError) -> Unavailable:
    if error.sqlstate == "57014":
        return Unavailable("The database took too long to draw this tile.", hint="Zoom in, or try again.")
    return Unavailable("The database does not answer.", hint="Try again in a moment.")
