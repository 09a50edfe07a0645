"""Sets a password: by a one-time link, or in the place of the one that the person knows.

Whoever sets one is alone with the account afterwards: every other session ends.
"""

from __future__ import annotations

from landbank.domain.accounts import Person, Session
from landbank.domain.passwords import Fault, fault_of
from landbank.domain.people import SYSTEM
from landbank.errors import Gone, Invalid, NotSignedIn
from landbank.identity.tokens import digest
from landbank.services.door import PASSWORD_TRIES, Caller, Door, Opened, limit, open_session
from landbank.services.sign_in import KIND, LONGEST_PASSWORD, enter

FAULTS = {
    Fault.SHORT: "The password has fewer than 12 characters.",
    Fault.LONG: "The password has more than 256 characters.",
    Fault.ABOUT_YOU: "The password is made of your own name or address.",
    Fault.COMMON: "The password is one that is guessed first: common words, runs or repeats.",
}


def owner_of_link(door: Door, secret: str) -> Person:
    """The person that a one-time link is for; looking at it does not use it up.

    Raises
    ------
    Gone
        The link was used, has expired, or never was one.
    """
    with door.people(SYSTEM) as people:
        number = people.credentials.owner_of_link(digest(secret), door.clock())
        person = None if number is None else people.persons.find(number)
    if person is None or person.is_disabled:
        raise _spent()
    return person


def set_by_link(door: Door, secret: str, password: str, *, request_id: str | None = None) -> Person:
    """The person who has the password now; the link is used up and every session ended.

    Raises
    ------
    Gone
        The link does not hold.
    Invalid
        The password is refused; `where` says why (short, long, about_you, common).
    """
    person = owner_of_link(door, secret)
    kept = door.passwords.hash(checked(person, password))
    with door.people(SYSTEM) as people:
        if people.credentials.use_link(digest(secret), door.clock()) != person.id:
            raise _spent()
        people.credentials.set_password(person.id, kept, door.clock())
        people.sessions.revoke_all(person.id, door.clock())
        people.log.note("password_set", actor=person.name_in_events, request_id=request_id)
    return person


def choose_by_link(door: Door, secret: str, password: str, *, caller: Caller) -> Opened:
    """The session of somebody who chose a password with their link; raises as `set_by_link` does."""
    person = set_by_link(door, secret, password, request_id=caller.request_id)
    with door.people(SYSTEM) as people:
        return enter(door, people, person, caller=caller)


def change_password(door: Door, session: Session, old: str, new: str, *, caller: Caller) -> Opened:
    """A session under a new id, once the password is changed.

    Raises
    ------
    NotSignedIn
        The old password is wrong.
    Invalid
        The new one is refused; `where` says why.
    TooMany
        Too many attempts.
    """
    person = session.person
    confirm_password(door, person, old, caller=caller)
    kept = door.passwords.hash(checked(person, new))
    with door.people(SYSTEM) as people:
        people.credentials.set_password(person.id, kept, door.clock())
        people.sessions.revoke_all(person.id, door.clock())
        people.log.note("password_changed", actor=person.name_in_events, request_id=caller.request_id)
        return open_session(
            door, people, person, stage=session.stage, method=session.method, device=session.device
        )


def confirm_password(door: Door, person: Person, password: str, *, caller: Caller) -> None:
    """Return if the password is the person's; raises `NotSignedIn` or `TooMany` as signing in does."""
    mark = limit(door, KIND, f"{person.login} {caller.address}", most=PASSWORD_TRIES)
    with door.people(SYSTEM) as people:
        kept = people.credentials.password(person.id)
    is_right, _ = door.passwords.check(password[:LONGEST_PASSWORD], kept)
    if not is_right:
        raise NotSignedIn("The password is wrong.", hint="Check it, and try again.", where="password")
    with door.people(SYSTEM) as people:
        people.attempts.forgive(KIND, mark)


def remove_second_factor(door: Door, person: Person, password: str, *, caller: Caller) -> None:
    """Forget the second factor and its codes, for one that follows; raises as `confirm_password` does."""
    confirm_password(door, person, password, caller=caller)
    with door.people(SYSTEM) as people:
        people.credentials.drop_second_factor(person.id)
        people.log.note("second_factor_removed", actor=person.name_in_events, request_id=caller.request_id)


def checked(person: Person, password: str) -> str:
    """The password, if it may be chosen; raises `Invalid` else."""
    about = [told for told in (person.login, person.display_name, person.email) if told]
    fault = fault_of(password, about=about)
    if fault is not None:
        raise Invalid(
            FAULTS[fault], hint="Four or five words that don't belong together are good.", where=fault
        )
    return password


def _spent() -> Gone:
    return Gone("This link was used or has expired.", hint="Ask your administrator for a new one.")
