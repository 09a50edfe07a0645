"""Seal the history: write new events down as lines, chain them, and take the day's head."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from landbank.domain.ledger import LINES_IN_A_SEAL, Head, Line, Seal, make_seal


class SealStore(Protocol):
    """What sealing needs of the store, in one transaction."""

    def lock(self) -> None:
        """Let nobody else seal meanwhile."""

    def end(self) -> tuple[int, bytes]:
        """The last sealed revision and the hash after it."""

    def revision(self) -> int:
        """The inventory's revision."""

    def today(self) -> date:
        """The database's day."""

    def lines(self, first: int, last: int) -> list[Line]:
        """Events as they are sealed."""

    def add(self, seal: Seal) -> None:
        """Keep a seal."""

    def add_head(self, head: Head) -> bool:
        """Keep a day's head, unless it has one."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What was sealed: how many events, and where the chain ends now. `is_head` tells that it is the day's head."""

    events: int
    end: Head
    is_head: bool


def seal_history(store: SealStore, progress: Callable[[int], None] | None = None) -> Sealed:
    """Seal all events that are not sealed yet, and take the day's head unless it was taken before.

    `progress` is told the number of events of each seal.
    """
    store.lock()
    last, previous = store.end()
    began, revision = last, store.revision()
    while last < revision:
        seal = make_seal(previous, store.lines(last + 1, min(last + LINES_IN_A_SEAL, revision)))
        store.add(seal)
        if progress is not None:
            progress(seal.last_revision - last)
        last, previous = seal.last_revision, seal.hash
    end = Head(store.today(), last, previous)
    return Sealed(last - began, end, store.add_head(end))
