"""Note that a company is interested in a plot, and that it no longer is; the queue of interests and all commitments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from landbank.domain.codes import Availability, CommitmentEnd, CommitmentKind
from landbank.domain.commitment import Commitment, Party, queue
from landbank.domain.lifecycle import Asked, Lifecycles, noted
from landbank.domain.people import Permission, demand
from landbank.errors import Conflict, Invalid, NotFound
from landbank.services.change_status import (
    answer_with,
    availability_of,
    refuse_second_interest,
    set_values,
    settle,
)
from landbank.services.plot_document import GREATEST_ID, find_plot
from landbank.services.plot_editing import Changed, Editing, PlotStore, answer


@dataclass(frozen=True, slots=True)
class Interest:
    """An interest that is to be noted; `since` is the day it was expressed, today where it is not stated."""

    party: Party
    reason: str | None = None
    decision_reference: str | None = None
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Commitments:
    """A plot's commitments, standing and ended, the earliest first, with the place of each interest in the queue."""

    commitments: tuple[Commitment, ...]
    places: Mapping[int, int]


def note_interest(
    store: PlotStore, editing: Editing, plot_id: int, *, interest: Interest, lifecycles: Lifecycles
) -> Changed:
    """Put a party into a plot's queue; a free plot becomes one with interest, any other keeps its state.

    Raises
    ------
    Conflict
        The plot's state takes no interest, or the party is in the queue already.
    Invalid
        The day that it came in lies ahead.
    NotFound, Gone, NotSignedIn, Forbidden
        There is no such plot, it has ended, or the actor may not change its state of sale.
    """
    plot = find_plot(store, plot_id)
    demand(editing.actor, Permission.CHANGE_STATUS, plot.municipality_code)
    standing = store.commitments.standing(plot_id)
    before = settle(store, plot, standing, editing.day)
    if interest.since is not None and interest.since > editing.day:
        raise Invalid(
            f"An interest can't have come in on {interest.since}.",
            hint=f"Today is {editing.day}.",
            where="/since",
        )
    after = noted(lifecycles.of(plot.municipality_code), before.state)
    asked = Asked(Availability.INTRESSE, party=interest.party)
    refuse_second_interest(standing, asked)
    store.commitments.begin(
        plot_id,
        CommitmentKind.INTEREST,
        interest.party,
        valid_from=interest.since or editing.day,
        decision_reference=interest.decision_reference,
        reason=interest.reason,
    )
    set_values(store, plot, {"availability": after, "availability_until": before.until})
    return answer_with(store, plot_id, asked)


def end_interest(store: PlotStore, editing: Editing, plot_id: int, number: int) -> Changed:
    """Take an interest out of the queue; after the last one the plot is free without any.

    Raises
    ------
    NotFound
        No interest of the plot with this number stands.
    Conflict
        The commitment is no interest.
    Gone, NotSignedIn, Forbidden
        The plot has ended, or the actor may not change its state of sale.
    """
    plot = find_plot(store, plot_id)
    demand(editing.actor, Permission.CHANGE_STATUS, plot.municipality_code)
    standing = store.commitments.standing(plot_id)
    found = next((one for one in standing if one.id == number), None)
    if found is None:
        raise NotFound(f"No commitment {number} of plot {plot_id} stands.", where=str(number))
    if found.is_exclusive:
        raise Conflict(
            f"Commitment {number} holds the plot; it ends by a change of state.",
            hint=f"POST /api/plots/{plot_id}/status with its reason.",
        )
    store.commitments.end([number], on=editing.day, why=CommitmentEnd.WITHDRAWN)
    is_last = not any(not one.is_exclusive and one.id != number for one in standing)
    if is_last and availability_of(plot) is Availability.INTRESSE:
        set_values(store, plot, {"availability": Availability.LEDIG})
    return answer(store, plot_id)


def describe_commitments(store: PlotStore, editing: Editing, plot_id: int) -> Commitments:
    """Who wants, holds or held a plot, ended ones too; for those who read planning, in any municipality.

    Raises
    ------
    NotFound, NotSignedIn, Forbidden
        There never was such a plot, or the actor may not read planning.
    """
    plot = store.plot_contents.current(plot_id) if 0 < plot_id <= GREATEST_ID else None
    if plot is None:
        raise NotFound(f"There is no plot {plot_id}.", where=str(plot_id))
    demand(editing.actor, Permission.READ_PLANNING, plot.municipality_code)
    found = tuple(store.commitments.of_plot(plot_id))
    return Commitments(found, queue(found))
