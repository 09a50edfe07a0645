"""Finished things in memory up to so many bytes; many who miss the same thing at once wait for one making."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, Protocol, TypeVar


class Sized(Protocol):
    """Something that knows how much memory it takes."""

    @property
    def size(self) -> int:
        """Bytes."""
        ...


K = TypeVar("K", bound=Hashable)
V = TypeVar("V", bound=Sized)


class ByteCache(Generic[K, V]):
    """The things used last, as many as fit; for one event loop."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self.kept: OrderedDict[K, V] = OrderedDict()
        self.making: dict[K, asyncio.Task[V]] = {}

    def get(self, key: K) -> V | None:
        """What is kept under the key, or None."""
        found = self.kept.get(key)
        if found is not None:
            self.kept.move_to_end(key)
        return found

    async def get_or_make(self, key: K, make: Callable[[], Awaitable[V]]) -> V:
        """What is kept under the key, else what `make` gives; `make` runs once however many ask meanwhile.

        The making goes on when the one who asked leaves: others may wait for it. Its error goes to all of them,
        and is not kept.
        """
        found = self.get(key)
        if found is not None:
            return found
        task = self.making.get(key)
        if task is None:
            task = self.making[key] = asyncio.ensure_future(self._make(key, make))
            task.add_done_callback(lambda done: done.cancelled() or done.exception())
        return await asyncio.shield(task)

    async def _make(self, key: K, make: Callable[[], Awaitable[V]]) -> V:
        try:
            made = await make()
            if self.making.get(key) is asyncio.current_task():
                self._keep(key, made)
            return made
        finally:
            if self.making.get(key) is asyncio.current_task():
                del self.making[key]

    def _keep(self, key: K, made: V) -> None:
        self.kept[key] = made
        self.bytes += made.size
        while self.bytes > self.most_bytes:
            _, dropped = self.kept.popitem(last=False)
            self.bytes -= dropped.size

    def drop(self, key: K) -> None:
        """Forget one thing; what is being made under its key reaches those who wait for it, and is not kept."""
        self.making.pop(key, None)
        dropped = self.kept.pop(key, None)
        if dropped is not None:
            self.bytes -= dropped.size

    def clear(self) -> None:
        """Forget everything; what is being made now reaches those who wait for it, and is not kept."""
        self.kept.clear()
        self.making.clear()
        self.bytes = 0
