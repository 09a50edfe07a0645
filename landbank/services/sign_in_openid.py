"""Lets in whom an organisation's own service vouches for. A first-time person gets an account, and no role with it."""

from __future__ import annotations

from landbank.domain.accounts import Method, Person, Stage
from landbank.domain.people import SYSTEM
from landbank.errors import Forbidden, Invalid
from landbank.identity.openid import Claimed
from landbank.services.door import Caller, Door, Opened, People, open_session
from landbank.services.manage_people import clean_name
from landbank.services.sign_in import note_sign_in


def sign_in_openid(door: Door, claimed: Claimed, *, caller: Caller) -> Opened:
    """The session of whom the service names; who they are is issuer and subject, never an e-mail address.

    Raises
    ------
    Forbidden
        The account is disabled here.
    """
    with door.people(SYSTEM) as people:
        people.persons.lock_identity(claimed.issuer, claimed.subject)
        person = people.persons.by_identity(claimed.issuer, claimed.subject)
        if person is None:
            person = _newcomer(people, claimed, caller=caller)
        elif not person.is_disabled:
            people.persons.rename(person.id, display_name=_name(claimed, person), email=_email(claimed))
        if person.is_disabled:
            people.log.note(
                "sign_in_refused",
                actor="anonymous",
                subject=person.name_in_events,
                request_id=caller.request_id,
            )
            opened = None
        else:
            note_sign_in(people, person, caller=caller)
            opened = open_session(
                door, people, person, stage=Stage.WHOLE, method=Method.OPENID, device=caller.device
            )
    if opened is None:
        raise Forbidden("Your account here is disabled.", hint="Ask your municipality's administrator.")
    return opened


def _newcomer(people: People, claimed: Claimed, *, caller: Caller) -> Person:
    number = people.persons.add(_name(claimed, None), login=None, email=_email(claimed), created_by="openid")
    if number is None:
        raise RuntimeError("a person without a sign-in name met another one's")
    people.persons.add_identity(number, claimed.issuer, claimed.subject)
    people.log.note("person_added", actor="openid", subject=f"user:{number}", request_id=caller.request_id)
    person = people.persons.find(number)
    if person is None:
        raise RuntimeError(f"person {number} was added and is not there")
    return person


def _name(claimed: Claimed, known: Person | None) -> str:
    """The name that the service says, or the one that is known, or one that says nothing."""
    try:
        return clean_name(claimed.name or "", "name")
    except Invalid:
        return known.display_name if known else "–"


def _email(claimed: Claimed) -> str | None:
    try:
        return clean_name(claimed.email or "", "email")
    except Invalid:
        return None
