"""What waits for a municipality's planners: by kind, with counts, plots and the next step.

Each source of work is one function in `SOURCES`; another room of work is added there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Final, Protocol

from landbank.domain.codes import Availability, CheckKind, TodoKind
from landbank.domain.freshness import MaxAges

SOON: Final = timedelta(days=30)
"""So long before its last day a commitment is called expiring."""

MOST_REVIEWS: Final = 100_000
"""More plots than any municipality has."""

OVERLAPPING: Final = (CheckKind.OVERLAP, CheckKind.SLIVER)
MISSING: Final = (CheckKind.KEY_FACT_MISSING,)
EXPIRED: Final = (CheckKind.COMMITMENT_EXPIRED,)
FAULTY: Final = tuple(kind for kind in CheckKind if kind not in (*OVERLAPPING, *MISSING, *EXPIRED))


class StaleColumns(Protocol):
    """Key facts of a municipality's plots."""

    @property
    def plot_id(self) -> Any: ...
    def stale(self, ages: MaxAges, day: date) -> Any: ...
    def certainties(self, ages: MaxAges, day: date) -> Any: ...


class KeyFactReader(Protocol):
    """Reads key facts."""

    def columns(self, plot_ids: None = None, *, municipality_code: str | None = None) -> StaleColumns: ...


class FindingReader(Protocol):
    """Reads findings."""

    def plots_with(self, kinds: Sequence[CheckKind], municipality_code: str) -> list[int]: ...


class Ending(Protocol):
    """A reservation or allotment with its last day."""

    @property
    def plot_id(self) -> int: ...
    @property
    def availability(self) -> Availability: ...
    @property
    def until(self) -> date: ...


class EndingReader(Protocol):
    """Reads last days."""

    def until(self, day: date, *, municipality_code: str | None = None) -> Sequence[Ending]: ...


class Review(Protocol):
    """A plot whose plan changed since somebody last confirmed it."""

    @property
    def plot_id(self) -> int: ...


class ReviewReader(Protocol):
    """Reads what changed plans leave to be looked at."""

    def reviews(self, *, municipality_code: str | None = None, limit: int = 1_000) -> Sequence[Review]: ...


class NoticeReader(Protocol):
    """Reads notices."""

    def freed(self, municipality_code: str) -> Sequence[int]: ...


class Store(Protocol):
    """One transaction."""

    @property
    def key_facts(self) -> KeyFactReader: ...
    @property
    def findings(self) -> FindingReader: ...
    @property
    def endings(self) -> EndingReader: ...
    @property
    def plan_changes(self) -> ReviewReader: ...
    @property
    def notices(self) -> NoticeReader: ...


@dataclass(frozen=True, slots=True)
class TodoLine:
    """Work of one kind: the plots it is about, the most urgent first. What to do stands in the code list."""

    kind: TodoKind
    plot_ids: tuple[int, ...]

    @property
    def count(self) -> int:
        """How many plots."""
        return len(self.plot_ids)


@dataclass(frozen=True, slots=True)
class Todo:
    """All that waits in a municipality on a day; kinds without plots are there too."""

    municipality_code: str
    day: date
    lines: tuple[TodoLine, ...]

    @property
    def count(self) -> int:
        """How many entries wait in all; a plot may be among several kinds."""
        return sum(line.count for line in self.lines)

    def line(self, kind: TodoKind) -> TodoLine:
        """The line of a kind."""
        return next(line for line in self.lines if line.kind is kind)


@dataclass(frozen=True, slots=True)
class Asked:
    """For whom and when the list is made, and how old values may be."""

    municipality_code: str
    day: date
    ages: MaxAges


def list_todo(store: Store, municipality_code: str, *, day: date, ages: MaxAges) -> Todo:
    """The list of a municipality within one transaction; an unknown municipality has nothing to do."""
    asked = Asked(municipality_code, day, ages)
    return Todo(
        municipality_code,
        day,
        tuple(TodoLine(kind, tuple(SOURCES[kind](store, asked))) for kind in TodoKind),
    )


def _expiring(store: Store, asked: Asked) -> list[int]:
    ending = store.endings.until(asked.day + SOON, municipality_code=asked.municipality_code)
    return [one.plot_id for one in ending]


def _freed(store: Store, asked: Asked) -> list[int]:
    return list(store.notices.freed(asked.municipality_code))


def _review(store: Store, asked: Asked) -> list[int]:
    """Plots of changed plans, the longest waiting first."""
    found = store.plan_changes.reviews(municipality_code=asked.municipality_code, limit=MOST_REVIEWS)
    return [one.plot_id for one in found]


def _stale(store: Store, asked: Asked) -> list[int]:
    """Plots with a stale value, the least certain first."""
    columns = store.key_facts.columns(municipality_code=asked.municipality_code)
    is_stale, certainty = columns.stale(asked.ages, asked.day), columns.certainties(asked.ages, asked.day)
    found = zip(certainty[is_stale].tolist(), columns.plot_id[is_stale].tolist(), strict=True)
    return [plot_id for _, plot_id in sorted(found)]


def _found(kinds: Sequence[CheckKind]) -> Callable[[Store, Asked], list[int]]:
    return lambda store, asked: store.findings.plots_with(kinds, asked.municipality_code)


SOURCES: Final[Mapping[TodoKind, Callable[[Store, Asked], list[int]]]] = MappingProxyType(
    {
        TodoKind.EXPIRING: _expiring,
        TodoKind.FREED: _freed,
        TodoKind.OVERLAPPING: _found(OVERLAPPING),
        TodoKind.FAULTY: _found(FAULTY),
        TodoKind.REVIEW: _review,
        TodoKind.MISSING: _found(MISSING),
        TodoKind.STALE: _stale,
    }
)
"""Where each kind of work comes from."""
