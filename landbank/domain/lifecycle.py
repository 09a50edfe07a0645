"""What may become of a plot: which state may follow which, who may say so, what must be stated, and what follows.

A state machine without memory: tables in, a decision out. The tables are data (data/lifecycle.toml), with variants
of municipalities; what holds everywhere stands here: exclusive states have one holder, timed states a last day, after
which the plot is free again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final, TypeAlias

from landbank.domain.codes import Availability, CommitmentEnd, Readiness
from landbank.domain.commitment import EXCLUSIVE, TIMED, Party
from landbank.domain.days import add_months
from landbank.domain.people import Actor, Permission, Role, demand
from landbank.errors import Conflict, Forbidden, Invalid

State: TypeAlias = Availability | Readiness


class Axis(StrEnum):
    """The two axes of a plot that change by rules; the planning state is the plan's, restrictions are facts."""

    AVAILABILITY = "availability"
    READINESS = "readiness"


STATES: Final[dict[Axis, type[Availability] | type[Readiness]]] = {
    Axis.AVAILABILITY: Availability,
    Axis.READINESS: Readiness,
}


class Statement(StrEnum):
    """What a change of state may have to state."""

    REASON = "reason"
    PARTY = "party"
    DECISION = "decision_reference"
    UNTIL = "valid_until"


@dataclass(frozen=True, slots=True)
class Transition:
    """One arrow of an axis: from `before` (None: not known) to `after`; from a state to itself it renews a term.

    `roles` narrows down who may take it among those with the permission; empty: all of them. `longest_months` is
    the longest term, None for no limit.
    """

    before: State | None
    after: State
    permission: Permission = Permission.CHANGE_STATUS
    roles: frozenset[Role] = frozenset()
    needs: frozenset[Statement] = frozenset()
    longest_months: int | None = None

    def is_open_to(self, actor: Actor, municipality_code: str | None) -> bool:
        """Whether the actor may take it in that municipality."""
        if not actor.may(self.permission, municipality_code):
            return False
        return not self.roles or bool(self.roles & roles_in(actor, municipality_code))


@dataclass(frozen=True, slots=True)
class Correction:
    """Who may set a wrong entry right, from any state to any other, and what must be stated for it."""

    permission: Permission = Permission.CHANGE_PLOT
    roles: frozenset[Role] = frozenset()
    needs: frozenset[Statement] = frozenset({Statement.REASON})


@dataclass(frozen=True, slots=True)
class Track:
    """The table of one axis: the states in use, those a new plot may have, and the arrows by (before, after)."""

    axis: Axis
    states: tuple[State, ...]
    initial: frozenset[State]
    transitions: Mapping[tuple[State | None, State], Transition]
    correction: Correction = Correction()

    def following(self, before: State | None) -> tuple[State, ...]:
        """The states that may follow, in the order of the table."""
        return tuple(after for after in self.states if (before, after) in self.transitions)

    def open_to(self, before: State | None, actor: Actor, municipality_code: str) -> tuple[Transition, ...]:
        """The steps that the actor may take from a state, in the order of the table."""
        steps = (self.transitions[before, after] for after in self.following(before))
        return tuple(step for step in steps if step.is_open_to(actor, municipality_code))


@dataclass(frozen=True, slots=True)
class Note:
    """A fact of a municipality's way of letting land go, in both languages, with its source."""

    sv: str
    en: str
    source: str


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The tables that hold in one municipality, or everywhere else where `municipality_code` is None.

    `interest_in` are the states in which an interest may be noted; `notice_days` says how long before a term ends
    somebody is told; `personal_days` how long a sole trader's name is kept after the last commitment to it ended.
    """

    municipality_code: str | None
    availability: Track
    readiness: Track
    interest_in: frozenset[Availability]
    notice_days: int
    personal_days: int
    notes: tuple[Note, ...] = ()

    def track(self, axis: Axis) -> Track:
        """The table of an axis."""
        return self.availability if axis is Axis.AVAILABILITY else self.readiness


@dataclass(frozen=True, slots=True)
class Standing:
    """How a plot stands on an axis: its state, its last day if it has one, and who holds it if somebody does."""

    state: State | None
    until: date | None = None
    holder: Party | None = None

    def has_run_out(self, day: date) -> bool:
        """Whether a term has ended before the day."""
        return self.state in TIMED and self.until is not None and self.until < day


@dataclass(frozen=True, slots=True)
class Asked:
    """A change of state that somebody asks for, with what is stated for it."""

    after: State
    reason: str | None = None
    party: Party | None = None
    decision_reference: str | None = None
    valid_until: date | None = None
    is_correction: bool = False

    @property
    def stated(self) -> frozenset[Statement]:
        """What is stated."""
        told = {
            Statement.REASON: self.reason,
            Statement.PARTY: self.party,
            Statement.DECISION: self.decision_reference,
            Statement.UNTIL: self.valid_until,
        }
        return frozenset(name for name, value in told.items() if value)


@dataclass(frozen=True, slots=True)
class Step:
    """An accepted change: the state and last day afterwards, who holds the plot, and why an earlier hold ended."""

    transition: Transition
    until: date | None = None
    holder: Party | None = None
    ends_hold: CommitmentEnd | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, where and on which day."""

    actor: Actor
    municipality_code: str
    day: date


def decide(track: Track, standing: Standing, asked: Asked, asking: Asking) -> Step:
    """The change as it is to be made.

    Raises
    ------
    Conflict
        The state may not follow the one that stands, or somebody else holds the plot.
    Forbidden
        Others may take this step, not this actor.
    Invalid
        Something that must be stated is missing, or a last day can't be.
    """
    transition = find(track, standing, asked)
    refuse_actor(transition, asking)
    party = asked.party
    if standing.state in EXCLUSIVE and not asked.is_correction:
        party = held_on(standing, asked)
    refuse_unstated(transition, asked.stated | ({Statement.PARTY} if party else frozenset()))
    until = checked_until(transition, asked, asking.day)
    return Step(
        transition,
        until,
        party if transition.after in EXCLUSIVE else None,
        why_it_ends(standing, transition, asked) if standing.state in EXCLUSIVE else None,
    )


def find(track: Track, standing: Standing, asked: Asked) -> Transition:
    """The declared arrow, or the one that sets an entry right."""
    if asked.after not in track.states:
        raise Conflict(
            f"'{asked.after}' is not used here.", hint=f"In use: {', '.join(track.states)}.", where="/to"
        )
    if asked.is_correction:
        if asked.after == standing.state:
            raise Conflict(f"The plot is '{standing.state}' already.", where="/to")
        own = track.correction
        return Transition(
            standing.state, asked.after, own.permission, own.roles, own.needs | always_needed(asked.after)
        )
    found = track.transitions.get((standing.state, asked.after))
    if found is None:
        following = ", ".join(track.following(standing.state)) or "nothing"
        raise Conflict(
            f"'{asked.after}' may not follow '{standing.state or 'unknown'}'.",
            hint=f"May follow: {following}. A wrong entry is set right as a correction.",
            where="/to",
        )
    return found


def always_needed(after: State) -> frozenset[Statement]:
    """What no table can do without: a holder for an exclusive state, a last day for a timed one."""
    party = {Statement.PARTY} if after in EXCLUSIVE or after is Availability.INTRESSE else set()
    return frozenset(party | ({Statement.UNTIL} if after in TIMED else set()))


def refuse_actor(transition: Transition, asking: Asking) -> None:
    """Raise where the actor has not the permission in the municipality, or not the role that the step takes."""
    demand(asking.actor, transition.permission, asking.municipality_code)
    if not transition.is_open_to(asking.actor, asking.municipality_code):
        who = f", as {' or '.join(sorted(transition.roles))}" if transition.roles else ""
        raise Forbidden(
            f"You may not change '{transition.before or 'unknown'}' to '{transition.after}'.",
            hint=f"It takes the permission '{transition.permission}'{who}.",
        )


def held_on(standing: Standing, asked: Asked) -> Party | None:
    """Who holds the plot after a step from an exclusive state to another: the same as before."""
    if asked.after not in EXCLUSIVE or standing.holder is None or asked.party is None:
        return asked.party or standing.holder
    if not standing.holder.is_same_as(asked.party):
        raise Conflict(
            f"The plot is '{standing.state}' for somebody else.",
            hint="Make it 'ledig' first, with the reason; then it can go to another.",
            where="/party",
        )
    return standing.holder


def refuse_unstated(transition: Transition, stated: Collection[Statement]) -> None:
    """Raise `Invalid` naming everything that has to be stated and is not."""
    missing = sorted(transition.needs - set(stated))
    if missing:
        raise Invalid(
            f"'{transition.after}' needs {', '.join(missing)}.",
            hint="GET /api/lifecycle says what each change needs.",
            where=f"/{missing[0]}",
        )


def checked_until(transition: Transition, asked: Asked, day: date) -> date | None:
    """The last day of a timed state; None for the others, which have none."""
    until = asked.valid_until
    if transition.after not in TIMED:
        if until is not None:
            raise Invalid(f"'{transition.after}' has no last day.", where="/valid_until")
        return None
    if until is None:
        return None
    if until < day:
        raise Invalid(f"The last day {until} has passed.", hint=f"Today is {day}.", where="/valid_until")
    if transition.longest_months is not None and until > add_months(day, transition.longest_months):
        raise Invalid(
            f"'{transition.after}' holds for at most {transition.longest_months} months, until"
            f" {add_months(day, transition.longest_months)}.",
            where="/valid_until",
        )
    return until


def why_it_ends(standing: Standing, transition: Transition, asked: Asked) -> CommitmentEnd:
    """Why the hold that stood ends with this step."""
    if asked.is_correction:
        return CommitmentEnd.CORRECTED
    if transition.after in EXCLUSIVE:
        return CommitmentEnd.FOLLOWED
    if standing.state in TIMED:
        return CommitmentEnd.RELEASED
    return CommitmentEnd.REVERTED


def expired(standing: Standing, day: date) -> Standing:
    """How the plot stands once terms that ended before the day are over: free again; else as it stood."""
    return Standing(Availability.LEDIG) if standing.has_run_out(day) else standing


def noted(lifecycle: Lifecycle, state: State | None) -> State | None:
    """The state once an interest is noted: a free plot is one with interest, any other stays as it is.

    Raises
    ------
    Conflict
        No interest may be noted in this state.
    """
    if state not in lifecycle.interest_in:
        known = ", ".join(sorted(lifecycle.interest_in))
        raise Conflict(
            f"No interest is noted while a plot is '{state or 'unknown'}'.", hint=f"It may be while {known}."
        )
    if (
        state is not Availability.INTRESSE
        and (state, Availability.INTRESSE) in lifecycle.availability.transitions
    ):
        return Availability.INTRESSE
    return state


def roles_in(actor: Actor, municipality_code: str | None) -> frozenset[Role]:
    """All roles that the actor has in the municipality."""
    return frozenset(
        grant.role for grant in actor.grants if grant.municipality_code in (None, municipality_code)
    )


@dataclass(frozen=True, slots=True)
class Lifecycles:
    """The tables of all municipalities: those with a way of their own, and the rest."""

    common: Lifecycle
    own: Mapping[str, Lifecycle] = field(default_factory=dict)

    def of(self, municipality_code: str) -> Lifecycle:
        """The tables that hold in a municipality."""
        return self.own.get(municipality_code, self.common)
