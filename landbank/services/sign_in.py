"""Signs somebody in with a name and a password; what follows is the second factor, its first set-up, or nothing.

An unknown name is answered like a wrong password, after the same work.
"""

from __future__ import annotations

from landbank.domain.accounts import Method, Person, Stage
from landbank.domain.people import SYSTEM
from landbank.errors import NotSignedIn
from landbank.services.door import PASSWORD_TRIES, Caller, Door, Opened, People, limit, open_session

KIND = "password"
LONGEST_PASSWORD = 1_000


def sign_in(door: Door, login: str, password: str, *, caller: Caller) -> Opened:
    """The session that the password opens.

    Raises
    ------
    NotSignedIn
        There is no such account, the password is wrong, or the account is disabled: which of them is not told.
    TooMany
        Too many attempts with this name from this address, or of everybody.
    Unavailable
        Too many people sign in at once.
    """
    login = clean_login(login)
    mark = limit(door, KIND, f"{login} {caller.address}", most=PASSWORD_TRIES)
    with door.people(SYSTEM) as people:
        person = people.persons.by_login(login)
        kept = people.credentials.password(person.id) if person else None
    is_right, renewed = door.passwords.check(password[:LONGEST_PASSWORD], kept)
    with door.people(SYSTEM) as people:
        if person is None or not is_right or person.is_disabled:
            subject = person.name_in_events if person else None
            people.log.note(
                "sign_in_refused", actor="anonymous", subject=subject, request_id=caller.request_id
            )
            opened = None
        else:
            people.attempts.forgive(KIND, mark)
            if renewed is not None:
                people.credentials.set_password(person.id, renewed, door.clock())
            opened = enter(door, people, person, caller=caller)
    if opened is None:
        raise NotSignedIn("The name or the password is wrong.", hint="Check both, and try again.")
    return opened


def enter(door: Door, people: People, person: Person, *, caller: Caller) -> Opened:
    """The session of somebody whose password was right, or was just chosen."""
    kept = people.credentials.totp(person.id)
    if kept is not None and kept.is_confirmed:
        stage = Stage.SECOND_FACTOR
    else:
        stage = Stage.ENROLMENT if door.needs_second_factor else Stage.WHOLE
    if stage is Stage.WHOLE:
        note_sign_in(people, person, caller=caller)
    return open_session(door, people, person, stage=stage, method=Method.PASSWORD, device=caller.device)


def note_sign_in(people: People, person: Person, *, caller: Caller) -> None:
    """Write into the security log that somebody is in."""
    people.log.note("signed_in", actor=person.name_in_events, request_id=caller.request_id)


def clean_login(login: str) -> str:
    """A sign-in name as it is kept: in small letters, without spaces around it."""
    return login.strip().casefold()[:100]
