"""The second factor: asked for after the password, set up at the first sign-in, replaced from the account's page.

Each step takes a session that has come that far, ends it, and opens the next under a new id.
"""

from __future__ import annotations

from dataclasses import dataclass

from landbank.domain.accounts import Person, Session, Stage
from landbank.domain.people import SYSTEM
from landbank.errors import Conflict, NotSignedIn
from landbank.identity.one_time import address_of, as_text, new_totp_secret, step_of
from landbank.identity.sealing import Seal
from landbank.identity.tokens import digest, new_code, read_code
from landbank.services.door import CODE_TRIES, Caller, Door, Opened, People, limit, open_session
from landbank.services.sign_in import note_sign_in

KIND = "second_factor"
CODES = 10


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator app takes: the secret as text, and the address that its QR code holds."""

    secret: str
    address: str


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The recovery codes, shown once, and the session that goes on."""

    codes: tuple[str, ...]
    opened: Opened


def pass_second_factor(door: Door, session: Session, code: str, *, caller: Caller) -> Opened:
    """The whole session that a right code, or an unused recovery code, opens.

    Raises
    ------
    NotSignedIn
        The code is wrong, or was used before.
    TooMany
        Too many attempts.
    """
    refuse_other_stage(session, Stage.SECOND_FACTOR)
    person = session.person
    mark = limit(door, KIND, person.name_in_events, most=CODE_TRIES)
    with door.people(SYSTEM) as people:
        is_right = takes_code(door, people, person, code, caller=caller)
        if is_right:
            people.attempts.forgive(KIND, mark)
            opened = finish(door, people, session, caller=caller)
        else:
            people.log.note(
                "second_factor_refused", actor=person.name_in_events, request_id=caller.request_id
            )
    if not is_right:
        raise NotSignedIn(
            "The code is wrong or was used before.", hint="Wait for the next code and try again."
        )
    return opened


def takes_code(door: Door, people: People, person: Person, code: str, *, caller: Caller) -> bool:
    """Whether the code is right, used up with that: of the app, or one of the recovery codes."""
    recovery = read_code(code)
    if recovery is not None:
        is_right = people.credentials.use_code(person.id, digest(recovery), door.clock())
        if is_right:
            people.log.note("recovery_code_used", actor=person.name_in_events, request_id=caller.request_id)
        return is_right
    return takes_app_code(door, people, person, code)


def takes_app_code(door: Door, people: People, person: Person, code: str) -> bool:
    """Whether the code is the app's, and newer than any used before."""
    secret = secret_of(door, people, person)
    step = None if secret is None else step_of(code, secret, door.clock())
    return step is not None and people.credentials.use_step(person.id, step)


def secret_of(door: Door, people: People, person: Person) -> bytes | None:
    """The opened secret, confirmed or not, or None."""
    kept = people.credentials.totp(person.id)
    return None if kept is None else door.sealer.open(Seal(kept.key_id, kept.sealed), purpose(person))


def begin_enrolment(door: Door, person: Person, *, place: str) -> Enrolment:
    """A second factor for the person's app; the same again until its first code is given: a page may be reloaded.

    Raises
    ------
    Conflict
        The person has one already.
    """
    with door.people(SYSTEM) as people:
        kept = people.credentials.totp(person.id)
        if kept is not None and kept.is_confirmed:
            raise Conflict(
                "You have a second factor already.", hint="Remove it first, from your account's page."
            )
        secret = secret_of(door, people, person)
        if secret is None:
            secret = new_totp_secret(door.random)
            seal = door.sealer.seal(secret, purpose(person))
            people.credentials.put_totp(person.id, seal.key_id, seal.content)
    return Enrolment(as_text(secret), address_of(secret, person.login or person.display_name, place))


def finish_enrolment(door: Door, session: Session, code: str, *, caller: Caller) -> Enrolled:
    """The second factor holds once the app gave a right code: recovery codes, and a session under a new id.

    Raises
    ------
    NotSignedIn
        The code is wrong.
    Conflict
        There is nothing to confirm.
    TooMany
        Too many attempts.
    """
    person = session.person
    mark = limit(door, KIND, person.name_in_events, most=CODE_TRIES)
    codes = tuple(new_code(door.random) for _ in range(CODES))
    with door.people(SYSTEM) as people:
        kept = people.credentials.totp(person.id)
        if kept is None or kept.is_confirmed:
            raise Conflict("There is no second factor to confirm.", hint="Begin with setting one up.")
        is_right = takes_app_code(door, people, person, code)
        if is_right:
            people.attempts.forgive(KIND, mark)
            people.credentials.confirm_totp(person.id, door.clock())
            people.credentials.put_codes(person.id, [digest(one) for one in codes])
            people.log.note("second_factor_set", actor=person.name_in_events, request_id=caller.request_id)
            opened = finish(door, people, session, caller=caller)
    if not is_right:
        raise NotSignedIn("The code is wrong.", hint="Check the clock of the phone, and try the next code.")
    return Enrolled(codes, opened)


def finish(door: Door, people: People, session: Session, *, caller: Caller) -> Opened:
    """The whole session in the place of one that had come so far."""
    people.sessions.revoke(session.id, session.person.id, door.clock())
    if session.stage is not Stage.WHOLE:
        note_sign_in(people, session.person, caller=caller)
    return open_session(
        door, people, session.person, stage=Stage.WHOLE, method=session.method, device=session.device
    )


def refuse_other_stage(session: Session, stage: Stage) -> None:
    """Return if the session has come just so far; else raise `Conflict`."""
    if session.stage is not stage:
        raise Conflict("Your sign-in is at another step.", hint="Begin again with the sign-in page.")


def purpose(person: Person) -> str:
    """What a second factor's seal is bound to."""
    return f"totp {person.name_in_events}"
