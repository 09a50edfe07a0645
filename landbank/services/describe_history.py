"""Describe what happened to one plot: its events, newest first, and the names that they speak of by number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from landbank.domain.history import Event
from landbank.errors import NotFound
from landbank.services.describe_plot import GREATEST_ID

NOUN_OF_FIELD: Mapping[str, str] = {
    "area_id": "area",
    "plan_id": "plan",
    "sales_contact_id": "contact",
    "steward_contact_id": "contact",
    "successors": "plot",
    "access": "infrastructure",
}
"""Fields of events that name other things by number."""


class Identity(Protocol):
    """How a plot is named."""

    @property
    def name(self) -> str | None: ...
    @property
    def reference(self) -> str: ...
    @property
    def area_name(self) -> str | None: ...
    @property
    def municipality_name(self) -> str: ...


class ChangeReader(Protocol):
    """What the description needs of the store."""

    def of_plot(self, plot_id: int, *, before: int | None = None, limit: int) -> list[Event]:
        """Events of a plot, newest first."""

    def names(self, noun: str, ids: Iterable[int]) -> dict[int, str]:
        """What things are called."""

    def identities(self, plot_ids: Iterable[int]) -> Mapping[int, Identity]:
        """How plots are named."""


@dataclass(frozen=True, slots=True)
class PlotHistory:
    """Events of a plot, newest first, and the names by noun and id; `has_more` tells of older ones."""

    plot: Identity
    events: tuple[Event, ...]
    names: Mapping[str, Mapping[int, str]]
    has_more: bool


def describe_history(
    reader: ChangeReader, plot_id: int, *, before: int | None = None, limit: int = 25
) -> PlotHistory:
    """The newest events of a plot, or those before a revision.

    Raises
    ------
    NotFound
        There never was such a plot.
    """
    known = reader.identities([plot_id]) if 0 < plot_id <= GREATEST_ID else {}
    if plot_id not in known:
        raise NotFound(f"There is no plot {plot_id}.", where="plot_id")
    events = reader.of_plot(plot_id, before=before, limit=limit + 1)
    shown = tuple(events[:limit])
    return PlotHistory(known[plot_id], shown, names_of(reader, shown), len(events) > limit)


def names_of(reader: ChangeReader, events: Sequence[Event]) -> dict[str, dict[int, str]]:
    """The names of what the events speak of by number."""
    ids: dict[str, set[int]] = {}
    for event in events:
        for field, pair in (event.changes or {}).items():
            if field in NOUN_OF_FIELD:
                ids.setdefault(NOUN_OF_FIELD[field], set()).update(numbers_in(pair))
    return {noun: reader.names(noun, wanted) for noun, wanted in ids.items()}


def numbers_in(pair: Sequence[Any]) -> Iterator[int]:
    """The numbers of things in a field's values before and after: one, a list, or rows of facts."""
    for value in pair:
        for one in value if isinstance(value, list) else (value,):
            number = one.get("infrastructure_id") if isinstance(one, dict) else one
            if isinstance(number, int):
                yield number
