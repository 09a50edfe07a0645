"""What a plot that fails some musts would need: on the need's side, or on the plot's, by whom and by when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from landbank.domain.advice.relax import is_final
from landbank.domain.advice.steps import Step, step_for
from landbank.domain.codes import PublicLabel
from landbank.domain.columns import Columns
from landbank.domain.criteria import CRITERIA
from landbank.domain.criterion import Kind
from landbank.domain.explain import Held, Judged, Match, Tier, Verdict
from landbank.domain.kleene import TRUE
from landbank.domain.label import LABELS, label_day
from landbank.domain.match import Assessment
from landbank.domain.musts import asked_for, judge
from landbank.domain.need import Must
from landbank.domain.parties import Party
from landbank.domain.reading import AmountReading, Asked, CodeReading, Reading, part_of

LATER_LABELS = (PublicLabel.RESERVERAD, PublicLabel.LEDIG_SENARE, PublicLabel.KOMMANDE)


@dataclass(frozen=True, slots=True)
class Supply:
    """What would have to change on the plot: from what it holds to what the must asks for.

    `by` are the parties that could change it, all of them together; `on` is the day from which it is expected to be
    so without anybody changing anything, None where no such day is known.
    """

    held: Held
    by: tuple[Party, ...]
    on: date | None


@dataclass(frozen=True, slots=True)
class Change:
    """One failed must; either side is enough. None on the need's side: law or plan. None on both: not to be had."""

    must: Must
    need: Step | None
    supply: Supply | None


@dataclass(frozen=True, slots=True)
class NearMiss:
    """All that a plot of tier C would need; each change is needed, and together they are enough for tier A or B."""

    plot_id: int
    changes: tuple[Change, ...]

    @property
    def by_need(self) -> bool:
        """Whether the company could bring the plot in alone."""
        return all(change.need is not None for change in self.changes)

    @property
    def by_supply(self) -> bool:
        """Whether others could bring the plot in with the need as it is."""
        return all(change.supply is not None for change in self.changes)


def near_misses(found: Assessment, matches: Sequence[Match]) -> dict[int, NearMiss]:
    """What each plot of tier C among the matches would need, by plot id."""
    missed = sorted((one for one in matches if one.tier is Tier.C), key=lambda one: one.plot_id)
    ids = np.array([one.plot_id for one in missed], dtype=np.int64)
    plots = found.columns.take(np.searchsorted(found.columns.plot_id, ids))
    changes: list[list[Change]] = [[] for _ in missed]
    for bit, must in enumerate(found.need.musts):
        asked = asked_for(found.need, found.on, conditional=must.conditional)
        reading = CRITERIA[must.criterion].read(plots, asked)
        for place, one in enumerate(missed):
            if one.musts[bit].verdict is Verdict.FAIL:
                changes[place].append(change(one.musts[bit], reading, place, plots=plots, asked=asked))
    return {
        one.plot_id: NearMiss(one.plot_id, tuple(parts))
        for one, parts in zip(missed, changes, strict=True)
        if parts  # one that fails nothing but the fit has its proof instead
    }


def change(judged: Judged, reading: Reading, place: int, *, plots: Columns, asked: Asked) -> Change:
    """Both sides of one failed must on one plot."""
    must = judged.must
    criterion = CRITERIA[must.criterion]
    one = part_of(reading, np.array([place], dtype=np.int64))
    can_be_final = criterion.final_codes or criterion.kind is Kind.DAYS
    if can_be_final and is_final(criterion, one)[0]:
        return Change(must, None, None)
    by = criterion.changed_by
    return Change(
        must,
        None if criterion.is_legal else step_for(must, one, asked),
        Supply(judged.held, by, expected_on(must, reading, place, plots, asked)) if by else None,
    )


def expected_on(must: Must, reading: Reading, place: int, plots: Columns, asked: Asked) -> date | None:
    """The day from which the plot is expected to meet the must, as its dates stand."""
    criterion = CRITERIA[must.criterion]
    if criterion.kind is Kind.DAYS and isinstance(reading, AmountReading):
        late = float(reading.high[place])
        return asked.date + timedelta(days=late) if np.isfinite(late) else None
    if must.criterion == "label" and isinstance(reading, CodeReading):
        day = free_on(LABELS[int(reading.key[place])], plots, place)
        return day if day is not None and day > asked.on else None
    return powered_on(must, plots, place, asked) if must.criterion == "power_mw" else None


def powered_on(must: Must, plots: Columns, place: int, asked: Asked) -> date | None:
    """The first day after the need's from which the plot's power meets the must, as its steps stand."""
    plot = plots.take(np.array([place], dtype=np.int64))
    for step in np.unique(plot.power.from_day):
        day = as_date(step)
        if day is not None and day > asked.date and judge(must, plot, replace(asked, date=day))[0] == TRUE:
            return day
    return None


def free_on(label: PublicLabel, plots: Columns, place: int) -> date | None:
    """The day that a plot's label speaks of, where the plot is to be had later."""
    if label not in LATER_LABELS:
        return None
    return label_day(
        label,
        availability_until=as_date(plots.availability_until[place]),
        ready_on=as_date(plots.ready_on[place]),
        available_on=as_date(plots.available_on[place]),
    )


def as_date(day: np.datetime64) -> date | None:
    """The calendar day, None for NaT."""
    found = day.astype("datetime64[D]").item()
    return found if isinstance(found, date) else None
