"""The tiles of one state of the inventory, for baking: a few connections that all see the same snapshot.

Changes go on meanwhile and are not seen. The snapshot holds as long as this is open, and no longer: what is left half
done is taken up again from another snapshot of the same state, or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any

import psycopg
from psycopg import sql

from landbank.domain.moment import Moment
from landbank.errors import Unavailable
from landbank.geo.tile import Tile
from landbank.store.past import parameters_of
from landbank.store.tile_statements import (
    MOST_BYTES,
    MOST_FEATURES,
    OPTIONS,
    Statement,
    TileStatements,
    base_of,
    place_of,
    without_comments,
)
from landbank.store.tiles import State, state_of

LONGEST_TILE_MS = 600_000
"""Nobody waits for a tile that is baked, but none may hang for ever."""


@dataclass(frozen=True, slots=True)
class ListedPlot:
    """A current plot as a list beside a map needs it; `lonlat` is None where its place is unknown."""

    plot_id: int
    name: str
    municipality: str
    label: str
    area_m2: float | None
    lonlat: tuple[float, float] | None


class TileSnapshot:
    """Tiles of one state; may be asked by as many threads as there are connections."""

    def __init__(
        self,
        connections: list[psycopg.Connection[Any]],
        *,
        moment: Moment | None,
        most_features: int = MOST_FEATURES,
    ) -> None:
        self.statements = TileStatements()
        self.moment = moment
        self.most_features = most_features
        self.free: SimpleQueue[psycopg.Connection[Any]] = SimpleQueue()
        for connection in connections:
            self.free.put(connection)
        self.state = self._state()

    def draw(self, tile: Tile) -> bytes | None:
        """Plots and base map as one tile (MVT, uncompressed); None where nothing lies here nor in any tile below.

        An empty tile may still have others below it.

        Raises
        ------
        Unavailable
            The database does not answer.
        """
        if not self._value(self.statements.occupied, place_of(tile)):
            return None
        # MVT layers stand one after another, and so do those of two tiles.
        base = bytes(self._value(self.statements.base, base_of(tile)))
        return self._plots(tile, MOST_BYTES - len(base)) + base

    def _plots(self, tile: Tile, room: int) -> bytes:
        is_dense = False
        for rung in self.statements.ladder(tile, self.most_features):
            if is_dense and rung.is_counted:
                continue
            plots: bytes | None = self._value(rung.statement, rung.parameters)
            is_dense = plots is None
            if plots is not None and (rung.is_last or len(plots) <= room):
                return plots
        raise RuntimeError("the last rung of the ladder drew no tile")

    def plots(self, most: int) -> list[ListedPlot] | None:
        """All current plots by municipality, name and id; None where there are more than `most`."""
        text = without_comments("tile_listed.sql")
        rows = self._rows(Statement.of(text), {"most": most + 1})
        if len(rows) > most:
            return None
        return [
            ListedPlot(number, name, municipality, label, area_m2, None if lon is None else (lon, lat))
            for number, name, municipality, label, area_m2, lon, lat in rows
        ]

    def is_synthetic(self) -> bool:
        """Whether any current plot is invented."""
        text = (
            "SELECT EXISTS (SELECT FROM landbank.plot p WHERE p.is_synthetic"
            " AND (p.valid_to IS NULL OR p.valid_to > current_date))"
        )
        return bool(self._value(Statement.of(text), {}))

    def _state(self) -> State:
        if self.moment is not None:
            return state_of(self.moment)
        text = "SELECT revision, changed_at, current_date FROM landbank.inventory"
        return State(*self._rows(Statement.of(text), {})[0])

    def _value(self, statement: Statement, parameters: Mapping[str, object]) -> Any:
        return self._rows(statement, parameters)[0][-1]

    def _rows(self, statement: Statement, parameters: Mapping[str, object]) -> list[tuple[Any, ...]]:
        text, bound = statement.now, dict(parameters)
        if self.moment is not None:
            text = statement.then
            bound |= parameters_of(self.moment)
        connection = self.free.get()
        try:
            with connection.cursor(binary=True) as cursor:
                return cursor.execute(text.encode(), bound, prepare=True).fetchall()
        except psycopg.OperationalError as error:
            raise Unavailable(
                f"The database gave a tile up: {error}".strip(), hint="Run it again with --resume."
            ) from error
        finally:
            self.free.put(connection)


@contextmanager
def open_snapshot(address: str, *, connections: int, moment: Moment | None = None) -> Iterator[TileSnapshot]:
    """The inventory's tiles as they stand now, or stood at a moment; the connections are closed at the end.

    Raises
    ------
    Unavailable
        The database does not answer.
    """
    opened: list[psycopg.Connection[Any]] = []
    try:
        opened.append(_connect(address))
        (name,) = opened[0].execute("SELECT pg_catalog.pg_export_snapshot()").fetchone() or ("",)
        for _ in range(connections - 1):
            opened.append(_connect(address))
            opened[-1].execute(sql.SQL("SET TRANSACTION SNAPSHOT {}").format(sql.Literal(name)))
        yield TileSnapshot(opened, moment=moment)
    except psycopg.OperationalError as error:
        raise Unavailable(f"The database does not answer: {error}".strip()) from error
    finally:
        for connection in opened:
            connection.close()


def _connect(address: str) -> psycopg.Connection[Any]:
    connection = psycopg.connect(
        address,
        autocommit=True,
        connect_timeout=3,
        options=OPTIONS.format(timeout_ms=LONGEST_TILE_MS),
        application_name="landbank bake",
    )
    connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    return connection
