"""Tiles as bytes, straight from PostGIS: asynchronous, over a few connections of their own.

Not over SQLAlchemy and its pool: a tile is one prepared statement and one value, and tiles must never wait
behind searches, nor searches behind tiles.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import psycopg

from landbank.domain.moment import Asked, Moment
from landbank.errors import Unavailable
from landbank.geo.grid import GRIDS, WEB_MERCATOR, Grid
from landbank.geo.tile import Tile
from landbank.store.past import asked_parameters, moment_from, parameters_of
from landbank.store.tile_layers import LayerStatements
from landbank.store.tile_statements import MOST_BYTES, MOST_FEATURES, OPTIONS, Statement, TileStatements

MOST_TRIES = 3
MOST_TOUCHES = 500
"""Changes followed one by one; after more of them at once every tile is drawn again."""
WAIT_S = 2.0


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
class Touch:
    """A change as tiles see it: of which noun, and where (EPSG:3857 metres); box None: it may show anywhere."""

    revision: int
    changed_at: datetime
    noun: str
    box: tuple[float, float, float, float] | None


class Tiles:
    """The tiles of one database, for one event loop; nothing is connected before the first tile is asked for."""

    def __init__(
        self,
        url: str,
        *,
        connections: int = 4,
        timeout_ms: int = 10_000,
        most_features: int = MOST_FEATURES,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self.url = url
        self.options = OPTIONS.format(timeout_ms=timeout_ms)
        self.most_features = most_features
        self.most_bytes = most_bytes
        self.most_waiting = 32 * connections
        self.waiting = 0
        self.statements = TileStatements()
        self.layer_statements = LayerStatements(self.statements, GRIDS)
        self.is_closed = False
        self.opened: set[psycopg.AsyncConnection[Any]] = set()
        self.free: asyncio.LifoQueue[psycopg.AsyncConnection[Any] | None] = asyncio.LifoQueue()
        for _ in range(connections):
            self.free.put_nowait(None)

    async def plots(self, tile: Tile, moment: Moment | None = None) -> Drawn:
        """The plots of a tile of the web map; see `drawn`."""
        return await self.drawn(("plots",), WEB_MERCATOR, tile, moment)

    async def base(self, tile: Tile, moment: Moment | None = None) -> Drawn:
        """The schematic base map of a tile of the web map; see `drawn`."""
        return await self.drawn(("base",), WEB_MERCATOR, tile, moment)

    async def drawn(
        self, layers: tuple[str, ...], grid: Grid, tile: Tile, moment: Moment | None = None
    ) -> Drawn:
        """Some layers of a tile, one after the other, as they are now or were at an earlier moment.

        Plots come as polygons and points, as points alone, or clustered, whatever fits first; each layer has its share
        of the bytes that a tile may have.

        Raises
        ------
        Unavailable
            The database does not answer, or all connections are busy, or the inventory changed while several layers
            were drawn, three times over.
        """
        for _ in range(MOST_TRIES):
            parts = [
                await self._layer(layer, grid, tile, moment, self.most_bytes // len(layers))
                for layer in layers
            ]
            if len({part.state for part in parts}) == 1:
                return Drawn(parts[0].state, b"".join(part.content for part in parts))
        raise Unavailable("The inventory is changing just now.", hint="Try again in a moment.")

    async def _layer(self, layer: str, grid: Grid, tile: Tile, moment: Moment | None, room: int) -> Drawn:
        drawn, is_dense = None, False
        for rung in self.layer_statements.ladder(layer, grid, tile, self.most_features):
            if is_dense and rung.is_counted:
                continue
            drawn = await self._drawn(rung.statement, rung.parameters, moment)
            is_dense = drawn is None
            if drawn is not None and (rung.is_last or len(drawn.content) <= room):
                return drawn
        raise RuntimeError("the last rung of the ladder drew no tile")

    async def moment(self, asked: Asked) -> Moment:
        """The moment that was asked for; raises as `plots` does.

        Raises
        ------
        Invalid
            It lies in the future.
        """
        return moment_from(asked, *await self._row(self.statements.moment, asked_parameters(asked)))

    async def state(self) -> State:
        """The state of the inventory now; raises as `plots` does."""
        return State(
            *await self._row("SELECT revision, changed_at, current_date FROM landbank.inventory", {})
        )

    async def touched(self, after: int, until: int) -> list[Touch] | None:
        """The changes after a revision and up to another, by revision; None where there are over `MOST_TOUCHES`.

        A plot that moved is there twice, where it was and where it is. Raises as `drawn` does.
        """
        bound = {"after": after, "until": until, "most": MOST_TOUCHES + 1}
        rows = await self._rows(self.statements.touched, bound)
        if len(rows) > MOST_TOUCHES:
            return None
        return [
            Touch(revision, changed_at, noun, None if left is None else (left, bottom, right, top))
            for revision, changed_at, noun, left, bottom, right, top in rows
        ]

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
        rows = await self._rows(statement, parameters)
        if not rows:
            raise RuntimeError("the inventory has lost its one row")
        return rows[0]

    async def _rows(self, statement: str, parameters: Mapping[str, object]) -> list[tuple[Any, ...]]:
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
) -> list[tuple[Any, ...]]:
    async with connection.cursor(binary=True) as cursor:
        await cursor.execute(statement, parameters, prepare=True)
        return await cursor.fetchall()


def state_of(moment: Moment) -> State:
    """The state that a tile of an earlier moment shows."""
    return State(moment.revision, moment.changed_at, moment.valid_on)


def _told_plainly(error: psycopg.OperationalError) -> Unavailable:
    if error.sqlstate == "57014":
        return Unavailable("The database took too long to draw this tile.", hint="Zoom in, or try again.")
    return Unavailable("The database does not answer.", hint="Try again in a moment.")
