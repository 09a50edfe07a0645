"""Match a need to the inventory: the domain decides over columns, the store tells what the plots are called."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from landbank.domain.columns import Columns
from landbank.domain.effects import Count, live_counts
from landbank.domain.explain import Match
from landbank.domain.match import Answer, Assessment, answer_of, assess, match_one
from landbank.domain.need import Need
from landbank.domain.plot_name import PlotName
from landbank.services.check_fit import FitCheck, Fitting

MOST_PAST = 3
"""Earlier moments whose columns are kept: a search, its downloads and its map come one after the other."""


class StampOfInventory(Protocol):
    """What an answer depends on besides the need."""

    @property
    def revision(self) -> int:
        """Number of accepted changes."""

    @property
    def day(self) -> date:
        """The day that labels and dates are judged on."""

    @property
    def is_now(self) -> bool:
        """Whether it is the newest state on the database's day, and not an earlier moment that was asked for."""

    def __hash__(self) -> int: ...


class PlotCatalogue(Protocol):
    """What matching needs of the store, all in one transaction."""

    def stamp(self) -> StampOfInventory:
        """The revision and day of the transaction."""

    def columns(self) -> Columns:
        """All current plots."""

    def refreshed(self, held: Columns) -> Columns | None:
        """Columns of an earlier revision brought up to the transaction's; None where all have to be read."""

    def named(self, plot_ids: Iterable[int]) -> dict[int, PlotName]:
        """How plots are named, by id."""


@dataclass(frozen=True, slots=True, eq=False)
class Matched:
    """An answer, with the names of the plots that it explains."""

    answer: Answer
    names: dict[int, PlotName]
    fit: FitCheck | None = None


@dataclass(slots=True, eq=False)
class HeldColumns:
    """The newest columns, kept in the process; after a change only the plots that changed are read again.

    A transaction always gets the columns of its own revision: one that began before a change reads its own. Those of
    earlier moments that were asked for are kept apart, the last few.
    """

    _held: Columns | None = None
    _loading: threading.Lock = field(default_factory=threading.Lock)
    _past: OrderedDict[StampOfInventory, Columns] = field(default_factory=OrderedDict)

    def of(self, catalogue: PlotCatalogue) -> Columns:
        """The columns at the revision and day of the catalogue's transaction."""
        stamp = catalogue.stamp()
        if (held := self.at(stamp)) is not None:
            return held
        with self._loading:
            if (held := self.at(stamp)) is not None:
                return held
            held = self._held
            columns = catalogue.refreshed(held) if held and stamp.is_now else None
            columns = columns or catalogue.columns()
            self._keep(stamp, columns)
            return columns

    def _keep(self, stamp: StampOfInventory, columns: Columns) -> None:
        held = self._held
        if not stamp.is_now:
            self._past[stamp] = columns
            while len(self._past) > MOST_PAST:
                self._past.popitem(last=False)
        elif held is None or (columns.day, columns.revision) > (held.day, held.revision):
            self._held = columns

    def at(self, stamp: StampOfInventory) -> Columns | None:
        """The columns held, if they are of this revision and day."""
        if not stamp.is_now:
            return self._past.get(stamp)
        held = self._held
        return held if held and (held.revision, held.day) == (stamp.revision, stamp.day) else None


def match_need(
    need: Need, catalogue: PlotCatalogue, held: HeldColumns, fitting: Fitting | None = None
) -> Matched:
    """The inventory's answer to a need today, with the names of the plots that are explained.

    Whether the need's buildings fit is judged where `fitting` is given.
    """
    columns = held.of(catalogue)
    seen = assess_fit(assess(need, columns, on=columns.day), fitting)
    named = [found.plot_id for found in seen.answer.matches]
    return Matched(seen.answer, catalogue.named([*named, *(seen.fit.by_plot if seen.fit else ())]), seen.fit)


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A need's assessment by its musts (`facts`) and with the fit taken in (`found`), its answer, and the fit."""

    facts: Assessment
    found: Assessment
    answer: Answer
    fit: FitCheck | None


def assess_fit(facts: Assessment, fitting: Fitting | None) -> Seen:
    """The answer of an assessment, the fit of the need's buildings taken in where it can be judged."""
    if fitting is None or not facts.need.footprints:
        return Seen(facts, facts, answer_of(facts), None)
    found, check, unfit = fitting.judge(facts)
    return Seen(facts, found, answer_of(found, unfit=unfit), check)


def explain_plot(
    need: Need, plot_id: int, catalogue: PlotCatalogue, held: HeldColumns
) -> tuple[Match, PlotName, Need]:
    """How one plot answers a need, wherever it ranks; its name; the need with its day filled in.

    Raises
    ------
    NotFound
        No current plot has this id.
    """
    columns = held.of(catalogue)
    found = match_one(need, columns, plot_id, on=columns.day)
    return found, catalogue.named([plot_id])[plot_id], need.on(columns.day)


def count_choices(need: Need, catalogue: PlotCatalogue, held: HeldColumns) -> dict[str, dict[str, Count]]:
    """For each tick that a form offers, how many plots would match with it alone under its criterion."""
    columns = held.of(catalogue)
    return live_counts(need, columns, on=columns.day)
