"""People with their accounts, sessions and keys: what each is, how long it holds, and as whom it acts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from landbank.domain.people import Actor, Grant, Permission, Role

IDLE: Final = timedelta(minutes=30)
"""A session ends when it was not used for so long, ..."""
LONGEST: Final = timedelta(hours=10)
"""... and in any case so long after the sign-in."""
UNFINISHED: Final = timedelta(minutes=10)
"""How long somebody may take between the password and the second factor."""
LINK_HOLDS: Final = timedelta(hours=72)
KEY_DAYS: Final = 90
MOST_KEY_DAYS: Final = 366
"""Days that an API key holds, unless said otherwise, and at most."""


class Stage(StrEnum):
    """How far a sign-in has come; only a whole one gives any right."""

    SECOND_FACTOR = "second_factor"
    ENROLMENT = "enrolment"
    WHOLE = "whole"


class Method(StrEnum):
    """What somebody signed in by."""

    PASSWORD = "password"  # noqa: S105 - the name of a way, not a secret
    OPENID = "openid"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account. `login` is None for who signs in at an organisation's own service only."""

    id: int
    login: str | None
    display_name: str
    email: str | None
    is_disabled: bool
    grants: frozenset[Grant]

    @property
    def name_in_events(self) -> str:
        """All that history and logs say of a person."""
        return f"user:{self.id}"

    @property
    def actor(self) -> Actor:
        """As whom the person acts: with no grants while disabled."""
        return Actor(self.name_in_events, frozenset() if self.is_disabled else self.grants)


@dataclass(frozen=True, slots=True)
class Session:
    """A browser's session. All moments are in UTC."""

    id: int
    person: Person
    stage: Stage
    method: Method
    device: str
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None

    def is_alive(self, now: datetime) -> bool:
        """Whether the session holds now: not revoked, not timed out, and the person not disabled."""
        return (
            self.revoked_at is None
            and now < self.expires_at
            and now < self.last_used_at + IDLE
            and not self.person.is_disabled
        )


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A program's key, without its secret. `maker` is None where the operator made it on the command line."""

    id: int
    label: str
    scopes: frozenset[Permission]
    municipality_code: str
    maker: Person | None
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None

    @property
    def name_in_events(self) -> str:
        """All that history and logs say of a key."""
        return f"key:{self.id}"

    def is_alive(self, now: datetime) -> bool:
        """Whether the key holds now; it dies with its maker's account."""
        is_orphan = self.maker is not None and self.maker.is_disabled
        return self.revoked_at is None and now < self.expires_at and not is_orphan

    @property
    def actor(self) -> Actor:
        """As whom the key acts: within its scopes and municipality, and never with more than its maker has now."""
        held = frozenset({Grant(Role.OPERATOR)}) if self.maker is None else self.maker.grants
        here = frozenset(
            Grant(grant.role, self.municipality_code)
            for grant in held
            if grant.municipality_code in (None, self.municipality_code)
        )
        return Actor(self.name_in_events, here, self.scopes)


def session_ends(now: datetime, stage: Stage) -> datetime:
    """When a session that begins now ends, however much it is used."""
    return now + (LONGEST if stage is Stage.WHOLE else UNFINISHED)
