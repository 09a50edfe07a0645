"""Ends sessions: one's own at hand, one of one's others, or all others."""

from __future__ import annotations

from landbank.domain.accounts import Session, Stage
from landbank.errors import NotFound
from landbank.services.door import Caller, Door


def sign_out(door: Door, session: Session, *, caller: Caller) -> None:
    """End the session at hand."""
    person = session.person
    with door.people(person.actor) as people:
        people.sessions.revoke(session.id, person.id, door.clock())
        if session.stage is Stage.WHOLE:
            people.log.note("signed_out", actor=person.name_in_events, request_id=caller.request_id)


def list_sessions(door: Door, session: Session) -> list[Session]:
    """The person's live, whole sessions, the last used first."""
    with door.people(session.person.actor) as people:
        found = people.sessions.of_person(session.person.id)
    return [one for one in found if one.stage is Stage.WHOLE and one.is_alive(door.clock())]


def end_session(door: Door, session: Session, session_id: int, *, caller: Caller) -> None:
    """End another session of the same person; raises `NotFound` where it is not theirs or has ended."""
    person = session.person
    with door.people(person.actor) as people:
        if not people.sessions.revoke(session_id, person.id, door.clock()):
            raise NotFound("You have no such session.", where=str(session_id))
        people.log.note("session_ended", actor=person.name_in_events, request_id=caller.request_id)


def end_other_sessions(door: Door, session: Session, *, caller: Caller) -> int:
    """How many other sessions of the same person were ended."""
    person = session.person
    with door.people(person.actor) as people:
        others = [one for one in people.sessions.of_person(person.id) if one.id != session.id]
        ended = sum(people.sessions.revoke(one.id, person.id, door.clock()) for one in others)
        people.log.note("sessions_ended", actor=person.name_in_events, request_id=caller.request_id)
    return ended
