"""List a municipality's plots for its planners: by what needs doing or by their state, with who holds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Protocol

from landbank.domain.codes import TodoKind
from landbank.domain.commitment import Commitment
from landbank.domain.freshness import MaxAges
from landbank.services.list_todo import SOURCES
from landbank.services.list_todo import Asked as TodoAsked
from landbank.services.list_todo import Store as TodoStore

PAGE: Final = 25
"""Plots on a page of the table."""


class Row(Protocol):
    """One plot of the table; see landbank/store/plot_table.py."""

    @property
    def plot_id(self) -> int: ...
    @property
    def reference(self) -> str: ...
    @property
    def name(self) -> str | None: ...
    @property
    def area_name(self) -> str | None: ...
    @property
    def area_m2(self) -> float | None: ...
    @property
    def planning_state(self) -> str | None: ...
    @property
    def plan_reference(self) -> str | None: ...
    @property
    def readiness(self) -> str | None: ...
    @property
    def ready_on(self) -> date | None: ...
    @property
    def availability(self) -> str | None: ...
    @property
    def availability_until(self) -> date | None: ...
    @property
    def label(self) -> str: ...
    @property
    def label_on(self) -> date | None: ...
    @property
    def blocking_kind(self) -> str | None: ...
    @property
    def confirmed_on(self) -> date | None: ...
    @property
    def row_version(self) -> int: ...
    @property
    def findings(self) -> Sequence[str]: ...
    @property
    def today(self) -> date: ...


class Table(Protocol):
    """Reads of the table."""

    def rows(
        self, asked: dict[str, Any], *, order: str, is_descending: bool = False, limit: int, offset: int = 0
    ) -> tuple[Sequence[Row], int]: ...


class StandingReader(Protocol):
    """Reads of commitments."""

    def standing_of(self, plot_ids: Sequence[int]) -> Mapping[int, Sequence[Commitment]]: ...


class Store(TodoStore, Protocol):
    """One transaction."""

    @property
    def plot_table(self) -> Table: ...
    @property
    def commitments(self) -> StandingReader: ...


@dataclass(frozen=True, slots=True)
class PlotFilter:
    """Which plots of a municipality; None, or an empty text, does not narrow down.

    `availability` and `readiness` may be 'unknown'. `plot_ids` are the only ones that are looked at, if given.
    """

    municipality_code: str
    text: str = ""
    todo: TodoKind | None = None
    finding: str | None = None
    availability: str | None = None
    readiness: str | None = None
    label: str | None = None
    plot_ids: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Sorting:
    """How the table is sorted; `order` is a key of the store's."""

    order: str = "reference"
    is_descending: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of plots: how many there are in all, which page of how many this is, and who holds each."""

    rows: tuple[Row, ...]
    total: int
    page: int
    pages: int
    standing: Mapping[int, Sequence[Commitment]]


def list_plots(
    store: Store,
    asked: PlotFilter,
    *,
    sorting: Sorting,
    day: date,
    ages: MaxAges,
    page: int = 1,
    size: int = PAGE,
) -> Listed:
    """A page of the plots, the first where there is no such page."""
    bound = bound_of(store, asked, day, ages)
    order, is_down = sorting.order, sorting.is_descending
    rows, total = store.plot_table.rows(
        bound, order=order, is_descending=is_down, limit=size, offset=(page - 1) * size
    )
    if not rows and page > 1:
        page = 1
        rows, total = store.plot_table.rows(bound, order=order, is_descending=is_down, limit=size)
    standing = store.commitments.standing_of([row.plot_id for row in rows])
    return Listed(tuple(rows), total, page, max(1, -(-total // size)), standing)


def bound_of(store: Store, asked: PlotFilter, day: date, ages: MaxAges) -> dict[str, Any]:
    """What the statement is bound to: kinds of work become the plots that they are about."""
    ids = asked.plot_ids
    if asked.todo is not None:
        waiting = SOURCES[asked.todo](store, TodoAsked(asked.municipality_code, day, ages))
        ids = tuple(dict.fromkeys(one for one in waiting if ids is None or one in ids))
    return {
        "code": asked.municipality_code,
        "ids": None if ids is None else list(ids),
        "text": asked.text.strip().lower() or None,
        "availability": asked.availability,
        "readiness": asked.readiness,
        "label": asked.label,
        "finding": asked.finding,
    }
