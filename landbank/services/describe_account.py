"""What somebody's own page shows of their account."""

from __future__ import annotations

from dataclasses import dataclass

from landbank.domain.accounts import ApiKey, Session, Stage
from landbank.services.door import Door


@dataclass(frozen=True, slots=True)
class Account:
    """An account: the live sessions, the second factor, and the keys that the person may see."""

    sessions: tuple[Session, ...]
    has_second_factor: bool
    codes_left: int
    keys: tuple[ApiKey, ...]


def describe_account(door: Door, session: Session) -> Account:
    """The account of the session's person."""
    person, now = session.person, door.clock()
    with door.people(person.actor) as people:
        sessions = people.sessions.of_person(person.id)
        kept = people.credentials.totp(person.id)
        codes_left = people.credentials.codes_left(person.id)
        keys = people.keys.all()
    return Account(
        tuple(one for one in sessions if one.stage is Stage.WHOLE and one.is_alive(now)),
        kept is not None and kept.is_confirmed,
        codes_left,
        tuple(keys),
    )
