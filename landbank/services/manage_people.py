"""Invites people, gives and takes roles, disables and resets accounts: in the municipalities of whoever does it.

Asked for twice: here by the domain's rules, and by the database's policies, which show and change no more than those.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from landbank.domain.accounts import LINK_HOLDS, Person
from landbank.domain.people import SYSTEM, Actor, Grant, Permission, demand, may_grant, may_manage
from landbank.errors import Conflict, Forbidden, Invalid, NotFound
from landbank.identity.tokens import digest, new_secret
from landbank.services.door import Caller, Door, People
from landbank.services.sign_in import clean_login

LOGIN = re.compile(r"[\w.@+-]{2,100}")
SIGNS_OF_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What steers a terminal or turns the direction of a text, and halves of signs that are none."""


@dataclass(frozen=True, slots=True)
class Invited:
    """A new account, and the secret of the one-time link that lets its owner in."""

    person_id: int
    secret: str


def list_people(door: Door, actor: Actor) -> list[Person]:
    """The people whom the actor manages, and those who wait for a first role."""
    demand(actor, Permission.MANAGE_PEOPLE)
    with door.people(actor) as people:
        return people.persons.all()


def invite(
    door: Door, actor: Actor, *, login: str, display_name: str, email: str | None, grant: Grant | None,
    request_id: str | None = None,
) -> Invited:  # fmt: skip
    """A new local account with a first role, and its set-up link.

    Raises
    ------
    Invalid
        The name can't be used.
    Conflict
        The sign-in name is taken.
    Forbidden
        The actor may not give that role.
    """
    demand(actor, Permission.MANAGE_PEOPLE)
    login, display_name = clean_login(login), clean_name(display_name, "display_name")
    if not LOGIN.fullmatch(login):
        raise Invalid(
            f"'{login}' can't be a sign-in name.",
            hint="Use 2 to 100 letters, digits and the signs . _ - + @, without spaces.",
            where="login",
        )
    email = clean_name(email, "email") if email else None
    with door.people(actor) as people:
        number = people.persons.add(display_name, login=login, email=email, created_by=actor.id)
        if number is None:
            raise Conflict(
                f"There is an account '{login}' already.", hint="Choose another name.", where="login"
            )
        people.log.note("person_added", actor=actor.id, subject=f"user:{number}", request_id=request_id)
        secret = _give_link(door, people, number, by=actor.id)
        if grant is not None:
            _give_role(people, actor, number, grant, request_id=request_id)
    return Invited(number, secret)


def give_role(
    door: Door, actor: Actor, person_id: int, grant: Grant, *, request_id: str | None = None
) -> bool:
    """Whether the person has the role only now; raises `Forbidden` or `NotFound`."""
    with door.people(actor) as people:
        _known(people, person_id)
        return _give_role(people, actor, person_id, grant, request_id=request_id)


def take_role(
    door: Door, actor: Actor, person_id: int, grant: Grant, *, request_id: str | None = None
) -> bool:
    """Whether the person had the role until now; raises `Forbidden` or `NotFound`."""
    with door.people(actor) as people:
        _known(people, person_id)
        _refuse_grant(actor, grant)
        was_held = people.persons.revoke(person_id, grant, by=actor.id)
        if was_held:
            _note_role(people, "role_revoked", actor, person_id, grant, request_id=request_id)
        return was_held


def disable(door: Door, actor: Actor, person_id: int, *, request_id: str | None = None) -> None:
    """Disable an account: every session ends, every key is dead, from the next request on.

    Raises
    ------
    NotFound
        The actor knows no such person.
    Forbidden
        The person has a role that the actor could not give, or is the actor.
    """
    with door.people(actor) as people:
        person = _managed(people, actor, person_id)
        if person.name_in_events == actor.id:
            raise Forbidden("You can't disable your own account.", hint="Let another administrator do it.")
        people.persons.set_disabled(person_id, is_disabled=True)
        people.sessions.revoke_all(person_id, door.clock())
        people.log.note(
            "person_disabled", actor=actor.id, subject=person.name_in_events, request_id=request_id
        )


def enable(door: Door, actor: Actor, person_id: int, *, request_id: str | None = None) -> None:
    """Let a disabled account hold again; raises as `disable` does."""
    with door.people(actor) as people:
        person = _managed(people, actor, person_id)
        people.persons.set_disabled(person_id, is_disabled=False)
        people.log.note(
            "person_enabled", actor=actor.id, subject=person.name_in_events, request_id=request_id
        )


def reset(door: Door, actor: Actor, person_id: int, *, with_second_factor: bool, caller: Caller) -> str:
    """The secret of a new one-time link; every session of the person ends, and the password holds no more.

    With the second factor gone too it is set up anew at the next sign-in.

    Raises
    ------
    NotFound, Forbidden
        As for disabling.
    Conflict
        The person signs in at an organisation's service and has no password here.
    """
    with door.people(actor) as people:
        person = _managed(people, actor, person_id)
        if person.login is None:
            raise Conflict(
                "This person signs in at their organisation's own service.", hint="Reset the account there."
            )
        secret = _give_link(door, people, person_id, by=actor.id)
        people.sessions.revoke_all(person_id, door.clock())
        people.log.note(
            "account_reset", actor=actor.id, subject=person.name_in_events, request_id=caller.request_id
        )
    # What somebody proves themselves by nobody else may touch, or see: the sign-in does it, now that it is allowed.
    with door.people(SYSTEM) as people:
        people.credentials.drop_password(person_id)
        if with_second_factor:
            people.credentials.drop_second_factor(person_id)
    return secret


def forget(door: Door, person_id: int) -> None:
    """Erase name, addresses and everything that a person proves themselves by; events keep the number.

    Raises
    ------
    NotFound
        There is no such person.
    """
    with door.people(SYSTEM) as people:
        person = _known(people, person_id)
        for grant in person.grants:
            people.persons.revoke(person_id, grant, by=SYSTEM.id)
        people.credentials.drop_password(person_id)
        people.credentials.drop_second_factor(person_id)
        people.sessions.revoke_all(person_id, door.clock())
        people.persons.forget(person_id)
        people.log.note("person_forgotten", actor=SYSTEM.id, subject=person.name_in_events)


def refuse_unknown_place(people: People, code: str | None) -> None:
    """Return if the inventory knows the municipality, or none is named; raises `Invalid` else."""
    if code is not None and not people.persons.knows_municipality(code):
        raise Invalid(f"The inventory knows no municipality '{code[:10]}'.", where="municipality")


def clean_name(text: str, where: str) -> str:
    """A name or address on one line, 200 characters at most; raises `Invalid` where nothing is left."""
    cleaned = " ".join(SIGNS_OF_CONTROL.sub(" ", text).split())[:200]
    if not cleaned:
        raise Invalid("A name is missing.", hint="Give the name that others are to see.", where=where)
    return cleaned


def _give_role(people: People, actor: Actor, person_id: int, grant: Grant, *, request_id: str | None) -> bool:
    _refuse_grant(actor, grant)
    refuse_unknown_place(people, grant.municipality_code)
    is_new = people.persons.grant(person_id, grant, by=actor.id)
    if is_new:
        _note_role(people, "role_granted", actor, person_id, grant, request_id=request_id)
    return is_new


def _note_role(
    people: People, kind: str, actor: Actor, person_id: int, grant: Grant, *, request_id: str | None
) -> None:
    people.log.note(
        f"{kind}:{grant.role}",
        actor=actor.id,
        subject=f"user:{person_id}",
        municipality_code=grant.municipality_code,
        request_id=request_id,
    )


def _refuse_grant(actor: Actor, grant: Grant) -> None:
    demand(actor, Permission.MANAGE_PEOPLE)
    if not may_grant(actor, grant):
        where = grant.municipality_code or "all municipalities"
        raise Forbidden(
            f"You may not give or take the role '{grant.role}' in {where}.",
            hint="The administrator there can, or the operator.",
        )


def _give_link(door: Door, people: People, person_id: int, *, by: str) -> str:
    secret = new_secret(door.random)
    people.credentials.put_link(person_id, digest(secret), door.clock() + LINK_HOLDS, by=by)
    return secret


def _known(people: People, person_id: int) -> Person:
    person = people.persons.find(person_id)
    if person is None:
        raise NotFound(f"You manage no person {person_id}.", where=str(person_id))
    return person


def _managed(people: People, actor: Actor, person_id: int) -> Person:
    demand(actor, Permission.MANAGE_PEOPLE)
    person = _known(people, person_id)
    if not may_manage(actor, person.grants):
        raise Forbidden(
            "This person has a role that you could not give.",
            hint="Take away their role in your municipality, or ask the operator.",
        )
    return person
