"""Which state of the inventory a tile must show now: told by the database, never guessed for over a second."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from time import monotonic
from typing import Protocol

from landbank.errors import Unavailable
from landbank.store.tiles import State

MOST_AGE_S = 1.0
"""Even while the database announces its changes it is asked again after this: a dead line looks like no change."""

log = logging.getLogger("landbank.tiles")


class Source(Protocol):
    """What is needed of the tiles' database."""

    async def state(self) -> State:
        """The state of the inventory now."""
        ...

    def changes(self) -> AsyncGenerator[None, None]:
        """Something at each change."""
        ...


class CurrentState:
    """The state of the inventory, at most a second old; one question to the database at a time."""

    def __init__(self, tiles: Source, *, clock: Callable[[], float] = monotonic) -> None:
        self.tiles = tiles
        self.clock = clock
        self.is_listening = False
        self.changes = 0
        self.state: State | None = None
        self.known_at = 0.0
        self.asking: asyncio.Task[State] | None = None

    def known(self) -> State | None:
        """The state, where it is certain without asking."""
        if self.state is None or not self.is_listening or self.clock() - self.known_at > MOST_AGE_S:
            return None
        return self.state

    async def current(self) -> State:
        """The state, asked for where it is not known.

        Raises
        ------
        Unavailable
            The database does not answer.
        """
        known = self.known()
        if known is not None:
            return known
        if self.asking is None or self.asking.done():
            self.asking = asyncio.ensure_future(self._ask())
        return await asyncio.shield(self.asking)

    async def _ask(self) -> State:
        while True:
            changes, asked_at = self.changes, self.clock()
            state = await self.tiles.state()
            if changes == self.changes:
                self.state, self.known_at = state, asked_at
                return state

    async def listen(self) -> None:
        """Hear of changes as long as the server runs; where the line is lost, each request asks until it is back."""
        while True:
            try:
                async with aclosing(self.tiles.changes()) as changes:
                    async for _ in changes:
                        self.is_listening = True
                        self.changes += 1
                        self.state = None
            except Unavailable as error:
                log.warning("%s", error)
            finally:
                self.is_listening = False
            await asyncio.sleep(1)
