"""Which tiles a change touched: a plot's old and new box, and for other things the layers that show them.

A tile that no change touched since it was drawn is still the right one, under the tag that it was drawn under: an edit
empties neither the caches of this process nor those of its clients, but for the tiles that show what was edited. Each
process asks the history itself, so all of them come to the same.
"""

from __future__ import annotations

import asyncio
import re
from collections import deque
from typing import Protocol

from landbank.api.tile_address import Wanted
from landbank.geo.grid import WEB_MERCATOR
from landbank.store.tile_layers import MARGIN
from landbank.store.tiles import State, Touch

MOST_KEPT = 2_000
"""Changes that are remembered; a client's tile from before the oldest of them is sent anew."""

SHOWN_BY = {
    "area": frozenset(("parks", "base")),
    "municipality": frozenset(("municipalities", "base")),
    "infrastructure": frozenset(("infrastructure", "base")),
    "plan": frozenset(("plans", "plots")),
    "plot": frozenset(("plots",)),
    "contact": frozenset(),
}
"""The layers that show a noun; one that is not here is taken to be shown by all."""

TAG = re.compile(rb'"(\d{1,18})-([0-9a-f]{1,16})-(\d{8})-(\w{1,8})(?:-gz)?"')


class Source(Protocol):
    """What is needed of the tiles' database."""

    async def touched(self, after: int, until: int) -> list[Touch] | None:
        """The changes between two revisions; None where there are too many to follow."""
        ...


class Touches:
    """The changes since some state, the newest last, and the state up to which they are known."""

    def __init__(self, tiles: Source) -> None:
        self.tiles = tiles
        self.state: State | None = None
        self.log: deque[Touch] = deque()
        self.times: dict[int, int] = {}
        self.following = asyncio.Lock()

    async def follow(self, state: State) -> bool:
        """Learn what changed up to a state; False where nothing from before can be told right from wrong any more.

        So it is on another day, in another inventory (a restored one), and after too many changes at once. Raises as
        the source does.
        """
        async with self.following:
            known = self.state
            if known == state:
                return True
            touched = None
            if known is not None and known.day == state.day and is_later(state, known):
                touched = await self.tiles.touched(known.revision, state.revision)
            if touched is None:
                self._begin(state)
                return False
            for touch in touched:
                self.log.append(touch)
                self.times[touch.revision] = microseconds(touch.changed_at.timestamp())
            while len(self.log) > MOST_KEPT:
                self._forget_oldest()
            self.state = state
            return True

    def is_untouched(self, wanted: Wanted, since: int) -> bool:
        """Whether no change after a revision shows in a tile; False too where that is not known any more."""
        if since not in self.times and (self.state is None or since < self.state.revision):
            return False
        for touch in reversed(self.log):
            if touch.revision <= since:
                return True
            if hits(touch, wanted):
                return False
        return True

    def still_held(self, tags: bytes, wanted: Wanted, variant: str) -> bytes | None:
        """The tag among those of a client, of a state known here, under which its tile is still the right one."""
        if self.state is None:
            return None
        for found in TAG.finditer(tags):
            revision, changed = int(found[1]), int(found[2], 16)
            is_ours = self.times.get(revision) == changed and found[4].decode() == variant
            if (
                is_ours
                and found[3].decode() == f"{self.state.day:%Y%m%d}"
                and self.is_untouched(wanted, revision)
            ):
                return found[0]
        return None

    def _begin(self, state: State) -> None:
        self.log.clear()
        self.times = {state.revision: microseconds(state.changed_at.timestamp())}
        self.state = state

    def _forget_oldest(self) -> None:
        """Forget the oldest change with all that it touched, and every state before it."""
        oldest = self.log[0].revision
        while self.log and self.log[0].revision == oldest:
            self.log.popleft()
        for revision in [one for one in self.times if one < oldest]:
            del self.times[revision]


def is_later(state: State, known: State) -> bool:
    """Whether a state follows another of the same inventory; the revision alone may be that of a restored one."""
    return state.revision > known.revision and state.changed_at >= known.changed_at


def microseconds(seconds: float) -> int:
    """A time as tags hold it."""
    return int(seconds * 1_000_000)


def hits(touch: Touch, wanted: Wanted) -> bool:
    """Whether a change shows in a tile."""
    layers = SHOWN_BY.get(touch.noun)
    if layers is not None and layers.isdisjoint(wanted.layers):
        return False
    if touch.box is None or wanted.grid != WEB_MERCATOR:
        # On another grid the box lies askew: every tile is taken to be touched.
        return True
    west, south, east, north = wanted.grid.box(wanted.tile)
    margin = (east - west) * MARGIN
    left, bottom, right, top = touch.box
    return (
        left <= east + margin
        and right >= west - margin
        and bottom <= north + margin
        and top >= south - margin
    )
