"""Whether the tables of a lifecycle hold together: nothing dangles, is unreachable or can't be held."""

from __future__ import annotations

from collections.abc import Iterator

from landbank.domain.codes import Availability
from landbank.domain.commitment import EXCLUSIVE, TIMED
from landbank.domain.lifecycle import Axis, Lifecycle, State, Track, Transition, always_needed
from landbank.domain.people import GRANTED, Role

RENEWED = TIMED | {Availability.INTRESSE}
"""States that an arrow may lead back to: a longer term, or another interest."""


def faults(lifecycle: Lifecycle) -> list[str]:
    """What is wrong with the tables, each as a sentence; empty where they hold together."""
    told = [*track_faults(lifecycle.availability), *track_faults(lifecycle.readiness)]
    unused = lifecycle.interest_in - set(lifecycle.availability.states)
    told += [f"Interest is noted in '{state}', which is not in use." for state in sorted(unused)]
    told += [f"`{name}` is {days}." for name, days in day_counts(lifecycle) if days < 0]
    return told


def day_counts(lifecycle: Lifecycle) -> tuple[tuple[str, int], ...]:
    """The numbers of days that can't be below zero."""
    return (("notice_days", lifecycle.notice_days), ("personal_days", lifecycle.personal_days))


def track_faults(track: Track) -> Iterator[str]:
    """What is wrong with one axis."""
    for state in sorted(track.initial - set(track.states)):
        yield f"A new plot may be '{state}', which is not in use."
    if track.initial & EXCLUSIVE:
        yield "A new plot may be held by somebody, whom nothing names."
    for transition in track.transitions.values():
        yield from transition_faults(track, transition)
    reached = reachable(track)
    for state in track.states:
        if state not in reached:
            yield f"Nothing leads to '{state}'."
    if (
        track.axis is Axis.AVAILABILITY
        and set(track.states) & TIMED
        and Availability.LEDIG not in track.states
    ):
        yield "Terms end in 'ledig', which is not in use."


def transition_faults(track: Track, transition: Transition) -> Iterator[str]:
    """What is wrong with one arrow."""
    arrow = f"'{transition.before or 'unknown'}' to '{transition.after}'"
    for state in (transition.before, transition.after):
        if state is not None and state not in track.states:
            yield f"{arrow}: '{state}' is not in use."
    if transition.before is transition.after and transition.after not in RENEWED:
        yield f"{arrow} changes nothing and renews no term."
    missing = always_needed(transition.after) - transition.needs
    if transition.before in EXCLUSIVE:
        missing -= {"party"}  # whoever holds the plot goes on holding it
    if missing:
        yield f"{arrow} must need {', '.join(sorted(missing))}."
    if transition.longest_months is not None and (
        transition.after not in TIMED or transition.longest_months < 1
    ):
        yield f"{arrow} has a longest term of {transition.longest_months} months, which can't be."
    for role in sorted(lacking(transition)):
        yield f"{arrow} is for the role '{role}', which has not the permission '{transition.permission}'."


def lacking(transition: Transition) -> frozenset[Role]:
    """Roles named by an arrow that never have its permission."""
    return transition.roles - GRANTED.get(transition.permission, frozenset())


def reachable(track: Track) -> set[State]:
    """The states that a plot can come into, from those that a new one may have and from not being known."""
    reached: set[State | None] = {None, *track.initial}
    while True:
        further = {after for before, after in track.transitions if before in reached} - reached
        if reached & TIMED:
            further |= {Availability.LEDIG} - reached
        if not further:
            return {state for state in reached if state is not None}
        reached |= further
