"""The standing checks: of given plots, of everything, and of whatever changed since they last ran.

The inventory's changes are followed by revision, so no writer has to remember the checks: an import, an edit or a
statement typed into psql advances the revision, and the follower takes it from there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Protocol

from landbank.domain.checks import Found, Pair, PlotToCheck, check_pair, check_plot
from landbank.exchange.borders import GEOMETRY_SOURCE

FOLLOWER: Final = "checks"
PORTION: Final = 1_000
"""Plots, and revisions, that one transaction takes up."""

BORDER_ACCURACY_M: Final[Mapping[str, float]] = {GEOMETRY_SOURCE: 1_000.0}
"""How far the generalised borders may be off (data/README.md); others are taken as exact."""


class Reconciled(Protocol):
    """What became of findings."""

    @property
    def opened(self) -> int: ...
    @property
    def resolved(self) -> int: ...


class CheckStore(Protocol):
    """What checking needs of the store."""

    def lock(self) -> None: ...
    def plots(self, ids: Sequence[int]) -> Iterable[tuple[PlotToCheck, str | None]]: ...
    def pairs(self, ids: Sequence[int]) -> Iterable[Pair]: ...
    def reconcile(self, ids: Sequence[int], found: Sequence[Found]) -> Reconciled: ...
    def resolve_ended(self) -> int: ...
    def current_ids(self, after: int, most: int, *, municipality_code: str | None = None) -> list[int]: ...
    def changed_ids(self, after: int, upto: int) -> list[int]: ...
    def municipalities_of(self, ids: Sequence[int]) -> list[str]: ...


class Progress(Protocol):
    """How far a follower has come."""

    @property
    def revision(self) -> int: ...


class FollowerStore(Protocol):
    """Who follows the inventory."""

    def progress(self, name: str) -> Progress | None: ...
    def reached(self, name: str, revision: int) -> None: ...


class Stamp(Protocol):
    """The inventory at a moment."""

    @property
    def revision(self) -> int: ...
    @property
    def today(self) -> date: ...


class Standing(Protocol):
    """The inventory as a whole."""

    def inventory(self) -> Stamp: ...


class Store(Protocol):
    """One transaction."""

    @property
    def checks(self) -> CheckStore: ...
    @property
    def followers(self) -> FollowerStore: ...
    @property
    def standing(self) -> Standing: ...


Transactions = Callable[[], AbstractContextManager[Store]]
"""Opens a transaction of its own each time: a long run holds no lock for long."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a run of the checks did, and in which municipalities."""

    plots: int = 0
    opened: int = 0
    resolved: int = 0
    municipalities: frozenset[str] = frozenset()

    def __add__(self, other: Checked) -> Checked:
        return Checked(
            self.plots + other.plots,
            self.opened + other.opened,
            self.resolved + other.resolved,
            self.municipalities | other.municipalities,
        )


def check_plots(store: Store, plot_ids: Sequence[int], *, day: date) -> Checked:
    """Check these plots, and their pairs with others, within the caller's transaction.

    A plot that is not current any more loses its open findings; others lose the ones that they had with it.
    """
    if not plot_ids:
        return Checked()
    store.checks.lock()
    found = tuple(_found(store.checks, plot_ids, day))
    done = store.checks.reconcile(plot_ids, found)
    return Checked(
        len(plot_ids), done.opened, done.resolved, frozenset(store.checks.municipalities_of(plot_ids))
    )


def _found(checks: CheckStore, plot_ids: Sequence[int], day: date) -> Iterator[Found]:
    for plot, border_source in checks.plots(plot_ids):
        yield from check_plot(
            replace(plot, border_accuracy_m=BORDER_ACCURACY_M.get(border_source or "", 0.0)), day
        )
    for pair in checks.pairs(plot_ids):
        yield from check_pair(pair)


def check_all(
    opening: Transactions,
    *,
    municipality_code: str | None = None,
    day: date | None = None,
    advance: Callable[[int], None] = lambda _plots: None,
) -> Checked:
    """Check every current plot, or those of a municipality, portion by portion; dates pass without a change.

    `day` is the database's own where None is given; `advance` is told the number of plots after each portion. A run
    over everything also brings the follower up to the revision at which it began.
    """
    total, after = Checked(), 0
    with opening() as store:
        began = store.standing.inventory()
    while True:
        with opening() as store:
            ids = store.checks.current_ids(after, PORTION, municipality_code=municipality_code)
            if not ids:
                break
            total += check_plots(store, ids, day=day or began.today)
        after = ids[-1]
        advance(len(ids))
    with opening() as store:
        store.checks.lock()
        total += Checked(resolved=store.checks.resolve_ended())
        if municipality_code is None:
            store.followers.reached(FOLLOWER, began.revision)
    return total


def check_changes(opening: Transactions) -> Checked:
    """Check what changed since the last run, in portions of revisions until none is left.

    Where the checks never ran, everything is checked.
    """
    with opening() as store:
        is_first = store.followers.progress(FOLLOWER) is None
    if is_first:
        return check_all(opening)
    total = Checked()
    while True:
        with opening() as store:
            done = _check_next_changes(store)
        if done is None:
            return total
        total += done


def _check_next_changes(store: Store) -> Checked | None:
    """Check the plots of the next revisions; None where there are no more."""
    store.checks.lock()
    progress, now = store.followers.progress(FOLLOWER), store.standing.inventory()
    after = progress.revision if progress else 0
    if after >= now.revision:
        return None
    upto = min(now.revision, after + PORTION)
    ids = store.checks.changed_ids(after, upto)
    total = Checked()
    for start in range(0, len(ids), PORTION):
        total += check_plots(store, ids[start : start + PORTION], day=now.today)
    store.followers.reached(FOLLOWER, upto)
    return total
