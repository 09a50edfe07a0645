"""Change how far a plot has come: its state of sale or the ground's readiness, by the rules of its municipality.

The decision is the domain's (domain/lifecycle.py); here it is carried out: the plot's columns, and the commitments of
parties that stand behind them. What the public sees is the state and its last day, never who.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from landbank.domain.codes import Availability, CommitmentEnd, CommitmentKind, Readiness
from landbank.domain.commitment import EXCLUSIVE, KIND_OF_STATE, Commitment
from landbank.domain.lifecycle import (
    Asked,
    Asking,
    Axis,
    Lifecycles,
    Standing,
    State,
    Step,
    Transition,
    decide,
    expired,
)
from landbank.domain.people import Permission, demand
from landbank.domain.plot_content import Values
from landbank.errors import Conflict
from landbank.exchange.findings import Finding
from landbank.services.plot_document import HasPlots, StoredPlot, expect_version, find_plot
from landbank.services.plot_editing import Changed, Editing, PlotStore, answer, must_write


@dataclass(frozen=True, slots=True)
class StatusChange:
    """A change of one axis that somebody asks for; `ready_on` is the day that belongs to a readiness, if known."""

    axis: Axis
    asked: Asked
    ready_on: date | None = None


def change_status(
    store: PlotStore,
    editing: Editing,
    plot_id: int,
    row_version: int,
    *,
    change: StatusChange,
    lifecycles: Lifecycles,
) -> Changed:
    """Bring a plot to another state.

    Raises
    ------
    Conflict
        The state may not follow the one that stands, or somebody else holds the plot.
    Invalid
        Something that must be stated is missing or can't be.
    PlotMoved, NotFound, Gone, NotSignedIn, Forbidden
        The plot has another version, there is no such plot, it has ended, or the actor may not.
    """
    plot = find_plot(store, plot_id)
    demand(editing.actor, Permission.READ_PLANNING, plot.municipality_code)
    expect_version(store, plot, row_version)
    track = lifecycles.of(plot.municipality_code).track(change.axis)
    asking = Asking(editing.actor, plot.municipality_code, editing.day)
    if change.axis is Axis.READINESS:
        step = decide(track, Standing(readiness_of(plot)), change.asked, asking)
        set_values(store, plot, {"readiness": step.transition.after} | ready_day(change))
        return answer(store, plot_id)
    standing = store.commitments.standing(plot_id)
    step = decide(track, settle(store, plot, standing, editing.day), change.asked, asking)
    carry_out(store, plot, step, change.asked, day=editing.day)
    return answer_with(store, plot_id, change.asked)


@dataclass(frozen=True, slots=True)
class Offered:
    """How a plot stands on each axis today, and the steps that somebody may take from there."""

    version: int
    standing: Mapping[Axis, Standing]
    steps: Mapping[Axis, tuple[Transition, ...]]


def offered_steps(store: HasPlots, editing: Editing, plot_id: int, *, lifecycles: Lifecycles) -> Offered:
    """The steps that are open to the actor; a term that is over counts as over.

    Raises
    ------
    NotFound, Gone, NotSignedIn, Forbidden
        There is no such plot, it has ended, or the actor may not read planning.
    """
    plot = find_plot(store, plot_id)
    code = plot.municipality_code
    demand(editing.actor, Permission.READ_PLANNING, code)
    sale = Standing(availability_of(plot), plot.content.values["availability_until"])
    standing = {Axis.AVAILABILITY: expired(sale, editing.day), Axis.READINESS: Standing(readiness_of(plot))}
    steps = {
        axis: lifecycles.of(code).track(axis).open_to(standing[axis].state, editing.actor, code)
        for axis in Axis
    }
    return Offered(plot.row_version, standing, steps)


def settle(store: PlotStore, plot: StoredPlot, standing: Sequence[Commitment], day: date) -> Standing:
    """How the plot stands on the day, after what no longer holds has ended.

    A term that is over ends as expired, though nobody ran the nightly job yet. A hold that an import has contradicted,
    by another state of the plot, ends as corrected.
    """
    until = plot.content.values["availability_until"]
    stands = recorded_standing(plot, standing)
    after = expired(stands, day)
    for hold in (one for one in standing if one.is_exclusive):
        if after is not stands:
            store.commitments.end([hold.id], on=last_day_over(hold, until), why=CommitmentEnd.EXPIRED)
        elif hold.kind is not kind_held(plot):
            store.commitments.end([hold.id], on=day, why=CommitmentEnd.CORRECTED)
    return after


def recorded_standing(plot: StoredPlot, standing: Sequence[Commitment]) -> Standing:
    """How the plot stands by its columns, and who holds it by the commitment of that kind."""
    kind = kind_held(plot)
    holder = next((one.party for one in standing if one.is_exclusive and one.kind is kind), None)
    return Standing(availability_of(plot), plot.content.values["availability_until"], holder)


def kind_held(plot: StoredPlot) -> CommitmentKind | None:
    """The commitment that stands behind the plot's state of sale."""
    state = availability_of(plot)
    return None if state is None else KIND_OF_STATE.get(state)


def last_day_over(hold: Commitment, until: date | None) -> date:
    """The first day on which an expired hold held no longer."""
    ended = hold.valid_until or until or hold.valid_from
    return date.fromordinal(ended.toordinal() + 1)


def carry_out(store: PlotStore, plot: StoredPlot, step: Step, asked: Asked, *, day: date) -> None:
    """Write an accepted step of the state of sale: what ends, what begins, and the plot's columns."""
    after = Availability(step.transition.after)
    standing = store.commitments.standing(plot.id)
    for one in standing:
        why = why_ended(one, step, asked)
        if why is not None:
            store.commitments.end([one.id], on=day, why=why)
    party = step.holder if after in EXCLUSIVE else asked.party
    kind = KIND_OF_STATE.get(after)
    if kind is not None and party is not None:
        if kind is CommitmentKind.INTEREST:
            refuse_second_interest(standing, asked)
        store.commitments.begin(
            plot.id,
            kind,
            party,
            valid_from=day,
            valid_until=step.until,
            decision_reference=asked.decision_reference,
            reason=asked.reason,
        )
    set_values(store, plot, {"availability": after, "availability_until": step.until})


def why_ended(one: Commitment, step: Step, asked: Asked) -> CommitmentEnd | None:
    """Why a standing commitment ends with the step; None if it goes on.

    Whoever gets the plot has no interest in it any more; others' interests wait until it is sold or not let go.
    """
    after = step.transition.after
    if one.is_exclusive:
        return step.ends_hold or CommitmentEnd.CORRECTED
    if step.holder is not None and one.party is not None and one.party.is_same_as(step.holder):
        return CommitmentEnd.FOLLOWED
    if after in (Availability.SALD, Availability.EJ_TILL_SALU):
        return CommitmentEnd.RELEASED
    if step.transition.before is Availability.INTRESSE and after is Availability.LEDIG:
        return CommitmentEnd.CORRECTED if asked.is_correction else CommitmentEnd.WITHDRAWN
    return None


def refuse_second_interest(standing: Sequence[Commitment], asked: Asked) -> None:
    """Raise `Conflict` where the party's interest is noted already."""
    for one in standing:
        is_same = one.party is not None and asked.party is not None and one.party.is_same_as(asked.party)
        if not one.is_exclusive and is_same:
            raise Conflict(
                f"The party's interest is noted already, as number {one.id}.",
                hint="It keeps its place in the queue.",
                where="/party",
            )


def set_values(store: PlotStore, plot: StoredPlot, values: Values) -> None:
    """Write the columns that differ."""
    changed = {name: value for name, value in values.items() if value != plot.content.values[name]}
    if changed:
        must_write(store.plot_changes.update(plot.id, changed))


def ready_day(change: StatusChange) -> Values:
    """The day that was stated with a readiness."""
    return {} if change.ready_on is None else {"ready_on": change.ready_on}


def availability_of(plot: StoredPlot) -> Availability | None:
    """A plot's state of sale."""
    told = plot.content.values["availability"]
    return None if told is None else Availability(told)


def readiness_of(plot: StoredPlot) -> State | None:
    """How ready a plot's ground is."""
    told = plot.content.values["readiness"]
    return None if told is None else Readiness(told)


def answer_with(store: PlotStore, plot_id: int, asked: Asked) -> Changed:
    """The plot as it stands now; a party that no number tells apart is a finding."""
    changed = answer(store, plot_id)
    return Changed(changed.plot, (*changed.findings, *party_findings(asked)))


def party_findings(asked: Asked) -> list[Finding]:
    """What somebody should look at in the party that was stated."""
    party = asked.party
    if party is None or party.number is not None or party.is_personal:
        return []
    return [Finding("party_without_number", "The party is known by its name alone.", field="party")]
