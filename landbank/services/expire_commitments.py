"""What time alone changes: terms that are over make plots free, terms that end soon are told, names are forgotten.

Run by whoever runs it, as often as they like: a second run on the same day changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from landbank.domain.codes import Availability, CommitmentEnd, NoticeKind
from landbank.domain.commitment import Commitment
from landbank.domain.lifecycle import Lifecycle, Lifecycles
from landbank.domain.plot_content import Values
from landbank.errors import Forbidden


class DuePlot(Protocol):
    """A plot with a term and its last day."""

    @property
    def plot_id(self) -> int: ...
    @property
    def municipality_code(self) -> str: ...
    @property
    def until(self) -> date: ...


class Commitments(Protocol):
    """Commitments; see landbank/store/commitments.py."""

    def standing(self, plot_id: int) -> Sequence[Commitment]: ...
    def end(self, numbers: Collection[int], *, on: date, why: CommitmentEnd) -> None: ...
    def run_out(self, day: date) -> Sequence[DuePlot]: ...
    def running_out(self, first: date, last: date) -> Sequence[DuePlot]: ...
    def erase_people(self, *, ended_before: date, on: date) -> int: ...


class Notices(Protocol):
    """Notices; see landbank/store/notices.py."""

    def add(self, kind: NoticeKind, plot_id: int, municipality_code: str, *, due_on: date) -> bool: ...


class PlotWrites(Protocol):
    """Writes of single plots."""

    def update(self, plot_id: int, values: Values) -> bool: ...


class TermStore(Protocol):
    """What this service needs of a transaction's store."""

    @property
    def commitments(self) -> Commitments: ...
    @property
    def notices(self) -> Notices: ...
    @property
    def plot_changes(self) -> PlotWrites: ...


@dataclass(frozen=True, slots=True)
class Expired:
    """What a run did: the plots that became free, how many notices are new, how many names were forgotten."""

    plots: tuple[int, ...]
    notices: int
    people: int


def expire_commitments(store: TermStore, *, on: date, lifecycles: Lifecycles) -> Expired:
    """Make every plot free whose term ended before `on`, each with one event, and note what somebody is to be told.

    Raises
    ------
    Forbidden
        The database did not let a plot be changed.
    """
    freed, notices = [], 0
    for due in store.commitments.run_out(on):
        held = [one.id for one in store.commitments.standing(due.plot_id) if one.is_exclusive]
        store.commitments.end(held, on=due.until + timedelta(days=1), why=CommitmentEnd.EXPIRED)
        free: Values = {"availability": Availability.LEDIG, "availability_until": None}
        if not store.plot_changes.update(due.plot_id, free):
            raise Forbidden(f"The database did not let plot {due.plot_id} become free.")
        freed.append(due.plot_id)
        notices += store.notices.add(
            NoticeKind.TERM_EXPIRED, due.plot_id, due.municipality_code, due_on=due.until
        )
    longest = max(lifecycle.notice_days for lifecycle in all_of(lifecycles))
    for due in store.commitments.running_out(on, on + timedelta(days=longest)):
        if due.until <= on + timedelta(days=lifecycles.of(due.municipality_code).notice_days):
            notices += store.notices.add(
                NoticeKind.TERM_ENDING, due.plot_id, due.municipality_code, due_on=due.until
            )
    return Expired(tuple(freed), notices, forget_people(store, on=on, lifecycles=lifecycles))


def forget_people(store: TermStore, *, on: date, lifecycles: Lifecycles) -> int:
    """Erase sole traders' names once their commitments ended long enough ago; how many were erased.

    The longest time that any municipality keeps them counts, as a party is one for all of them.
    """
    longest = max(lifecycle.personal_days for lifecycle in all_of(lifecycles))
    return store.commitments.erase_people(ended_before=on - timedelta(days=longest), on=on)


def all_of(lifecycles: Lifecycles) -> Iterable[Lifecycle]:
    """Every municipality's tables."""
    return (lifecycles.common, *lifecycles.own.values())
