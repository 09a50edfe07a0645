"""The cache holds so many bytes and makes a thing once; the state is never believed for over a second."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from landbank.api.tile_cache import ByteCache
from landbank.api.tile_state import CurrentState
from landbank.errors import Unavailable
from landbank.store.tiles import State


@dataclass(frozen=True)
class Thing:
    """Something of a size."""

    size: int


def cache_of(most_bytes: int) -> ByteCache[str, Thing]:
    """An empty cache."""
    return ByteCache(most_bytes)


async def put(cache: ByteCache[str, Thing], key: str, size: int) -> None:
    """Let the cache make a thing of a size."""

    async def make() -> Thing:
        return Thing(size)

    await cache.get_or_make(key, make)


def test_what_was_used_longest_ago_goes_first() -> None:
    async def run() -> list[str]:
        cache = cache_of(100)
        for key in "abc":
            await put(cache, key, 33)
        cache.get("a")
        await put(cache, "d", 33)
        assert cache.bytes == 99
        return list(cache.kept)

    assert asyncio.run(run()) == ["c", "a", "d"]


def test_thing_larger_than_the_cache_is_given_and_not_kept() -> None:
    async def run() -> None:
        cache = cache_of(10)
        await put(cache, "a", 11)
        assert (cache.kept, cache.bytes) == ({}, 0)

    asyncio.run(run())


def test_error_reaches_all_who_wait_and_the_next_one_tries_again() -> None:
    async def run() -> None:
        cache = cache_of(100)
        go_on = asyncio.Event()
        made = []

        async def fail() -> Thing:
            made.append(1)
            await go_on.wait()
            raise Unavailable("no")

        waiting = [asyncio.ensure_future(cache.get_or_make("a", fail)) for _ in range(3)]
        await asyncio.sleep(0)
        go_on.set()
        answers = await asyncio.gather(*waiting, return_exceptions=True)
        assert [type(answer) for answer in answers] == [Unavailable] * 3
        assert made == [1]
        await put(cache, "a", 5)
        assert cache.get("a") == Thing(5)

    asyncio.run(run())


def test_one_who_leaves_does_not_stop_the_making_for_the_others() -> None:
    async def run() -> None:
        cache = cache_of(100)
        go_on = asyncio.Event()

        async def make() -> Thing:
            await go_on.wait()
            return Thing(7)

        leaving = asyncio.ensure_future(cache.get_or_make("a", make))
        staying = asyncio.ensure_future(cache.get_or_make("a", make))
        await asyncio.sleep(0)
        leaving.cancel()
        await asyncio.sleep(0)
        go_on.set()
        assert await staying == Thing(7)

    asyncio.run(run())


def test_what_was_being_made_when_the_cache_was_cleared_is_not_kept() -> None:
    async def run() -> None:
        cache = cache_of(100)
        go_on = asyncio.Event()

        async def make() -> Thing:
            await go_on.wait()
            return Thing(7)

        waiting = asyncio.ensure_future(cache.get_or_make("a", make))
        await asyncio.sleep(0)
        cache.clear()
        go_on.set()
        assert await waiting == Thing(7)
        assert cache.get("a") is None
        assert cache.bytes == 0

    asyncio.run(run())


class Told:
    """A database as CurrentState sees it: it counts what it is asked, and tells changes when told to."""

    def __init__(self) -> None:
        self.revision = 1
        self.asked = 0
        self.told: asyncio.Queue[bool] = asyncio.Queue()

    async def state(self) -> State:
        self.asked += 1
        revision = self.revision
        await asyncio.sleep(0)
        return State(revision, datetime(2026, 11, 23, tzinfo=UTC), date(2026, 11, 23))

    async def changes(self) -> AsyncGenerator[None, None]:
        while True:
            if not await self.told.get():
                raise Unavailable("lost")
            yield None


async def listening(told: Told, clock: list[float]) -> tuple[CurrentState, asyncio.Task[None]]:
    """A state that listens to the database, by a clock that the test sets."""
    current = CurrentState(told, clock=lambda: clock[0])
    task = asyncio.ensure_future(current.listen())
    told.told.put_nowait(True)
    await asyncio.sleep(0.01)
    return current, task


def test_while_listening_a_state_holds_a_second_and_no_longer() -> None:
    async def run() -> None:
        told, clock = Told(), [0.0]
        current, task = await listening(told, clock)
        await asyncio.gather(*(current.current() for _ in range(5)))
        clock[0] = 1.0
        assert current.known() is not None
        clock[0] = 1.1
        assert current.known() is None
        await current.current()
        assert told.asked == 2
        task.cancel()

    asyncio.run(run())


def test_announced_change_ends_the_state_at_once() -> None:
    async def run() -> None:
        told, clock = Told(), [0.0]
        current, task = await listening(told, clock)
        assert (await current.current()).revision == 1
        told.revision = 2
        told.told.put_nowait(True)
        await asyncio.sleep(0.01)
        assert current.known() is None
        assert (await current.current()).revision == 2
        task.cancel()

    asyncio.run(run())


def test_lost_listener_means_asking_each_time() -> None:
    async def run() -> None:
        told, clock = Told(), [0.0]
        current, task = await listening(told, clock)
        await current.current()
        told.told.put_nowait(False)
        await asyncio.sleep(0.01)
        for _ in range(3):
            await current.current()
        assert told.asked == 4
        task.cancel()

    asyncio.run(run())


def test_change_while_asking_is_asked_again() -> None:
    async def run() -> None:
        told, clock = Told(), [0.0]
        current, task = await listening(told, clock)
        asking = asyncio.ensure_future(current.current())
        await asyncio.sleep(0)
        told.revision = 2
        current.changes += 1
        assert (await asking).revision == 2
        task.cancel()

    asyncio.run(run())


@pytest.mark.parametrize("number", [50])
def test_many_who_ask_at_once_are_one_question(number: int) -> None:
    async def run() -> None:
        told = Told()
        current = CurrentState(told)
        await asyncio.gather(*(current.current() for _ in range(number)))
        assert told.asked == 1

    asyncio.run(run())
