"""What signing in stands on, and the limits of guessing: handed to the services that let people in.

A sign-in takes two short transactions, since a password is checked between them, for a third of a second, and must not
hold a connection meanwhile. So these services are given the way to open one (`people`), and not a store.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from landbank.domain.accounts import ApiKey, Method, Person, Session, Stage, session_ends
from landbank.domain.people import SYSTEM, Actor, Grant
from landbank.errors import TooMany
from landbank.identity.tokens import Random, digest, new_secret

if TYPE_CHECKING:
    from landbank.identity.hashing import Passwords
    from landbank.identity.sealing import Sealer

WINDOW = timedelta(minutes=5)
PASSWORD_TRIES = 10
"""Attempts with a sign-in name from one address within the window."""
ALL_TRIES = 1_000
"""Attempts of everybody together within the window."""
CODE_TRIES = 5
"""Attempts of one person at the second factor within the window."""


class Persons(Protocol):
    """People and their roles; see landbank/store/persons.py."""

    def find(self, person_id: int) -> Person | None: ...
    def by_login(self, login: str) -> Person | None: ...
    def by_identity(self, issuer: str, subject: str) -> Person | None: ...
    def all(self) -> list[Person]: ...
    def add(
        self, display_name: str, *, login: str | None, email: str | None, created_by: str
    ) -> int | None: ...
    def add_identity(self, person_id: int, issuer: str, subject: str) -> None: ...
    def lock_identity(self, issuer: str, subject: str) -> None: ...
    def rename(self, person_id: int, *, display_name: str, email: str | None) -> None: ...
    def identities(self, person_id: int) -> Sequence[str]: ...
    def grant(self, person_id: int, grant: Grant, *, by: str) -> bool: ...
    def revoke(self, person_id: int, grant: Grant, *, by: str) -> bool: ...
    def knows_municipality(self, code: str) -> bool: ...
    def set_disabled(self, person_id: int, *, is_disabled: bool) -> bool: ...
    def forget(self, person_id: int) -> None: ...


class Credentials(Protocol):
    """What people prove themselves by; see landbank/store/credentials.py."""

    def password(self, person_id: int) -> str | None: ...
    def set_password(self, person_id: int, kept: str, now: datetime) -> None: ...
    def drop_password(self, person_id: int) -> None: ...
    def totp(self, person_id: int) -> Any: ...
    def put_totp(self, person_id: int, key_id: str, sealed: bytes) -> None: ...
    def confirm_totp(self, person_id: int, now: datetime) -> None: ...
    def use_step(self, person_id: int, step: int) -> bool: ...
    def drop_second_factor(self, person_id: int) -> None: ...
    def put_codes(self, person_id: int, digests: Sequence[bytes]) -> None: ...
    def use_code(self, person_id: int, digest: bytes, now: datetime) -> bool: ...
    def codes_left(self, person_id: int) -> int: ...
    def put_link(self, person_id: int, digest: bytes, expires_at: datetime, *, by: str) -> None: ...
    def owner_of_link(self, digest: bytes, now: datetime) -> int | None: ...
    def use_link(self, digest: bytes, now: datetime) -> int | None: ...


class Sessions(Protocol):
    """Sessions of browsers; see landbank/store/sessions.py."""

    def add(
        self, digest: bytes, person_id: int, *, stage: Stage, method: Method, device: str, now: datetime,
        expires_at: datetime,
    ) -> None: ...  # fmt: skip
    def find(self, digest: bytes) -> Session | None: ...
    def of_person(self, person_id: int) -> list[Session]: ...
    def touch(self, session_id: int, now: datetime) -> None: ...
    def revoke(self, session_id: int, person_id: int, now: datetime) -> bool: ...
    def revoke_all(self, person_id: int, now: datetime) -> None: ...


class Keys(Protocol):
    """Keys of programs; see landbank/store/api_keys.py."""

    def add(
        self, digest: bytes, *, label: str, scopes: Any, municipality_code: str, made_by: int | None, now: datetime,
        expires_at: datetime,
    ) -> int: ...  # fmt: skip
    def find(self, key_id: int) -> tuple[ApiKey, bytes] | None: ...
    def all(self) -> list[ApiKey]: ...
    def touch(self, key_id: int, now: datetime) -> None: ...
    def revoke(self, key_id: int, now: datetime) -> bool: ...


class Attempts(Protocol):
    """Attempts to sign in; see landbank/store/attempts.py."""

    def note(self, kind: str, subject: bytes, *, now: datetime, since: datetime) -> Any: ...
    def forgive(self, kind: str, subject: bytes) -> None: ...


class Log(Protocol):
    """The security log; see landbank/store/security_log.py."""

    def note(
        self, kind: str, *, actor: str, subject: str | None = None, municipality_code: str | None = None,
        request_id: str | None = None,
    ) -> None: ...  # fmt: skip


class People(Protocol):
    """One transaction among people; see landbank/store/people_unit.py."""

    @property
    def persons(self) -> Persons: ...
    @property
    def credentials(self) -> Credentials: ...
    @property
    def sessions(self) -> Sessions: ...
    @property
    def keys(self) -> Keys: ...
    @property
    def attempts(self) -> Attempts: ...
    @property
    def log(self) -> Log: ...


@dataclass(frozen=True, slots=True)
class Door:
    """How people come in.

    `people` opens a transaction as far as an actor may see; `needs_second_factor` is whether a local account has to
    have one.
    """

    people: Callable[[Actor], AbstractContextManager[People]]
    passwords: Passwords
    sealer: Sealer
    needs_second_factor: bool = True
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    random: Random = secrets.token_bytes


@dataclass(frozen=True, slots=True)
class Caller:
    """What is known of whoever stands at the door. `address` is counted by, and never kept in words."""

    address: str
    device: str
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that just began: its id, for the browser alone, and how far it has come."""

    secret: str
    stage: Stage


def limit(door: Door, kind: str, subject: str, *, most: int) -> bytes:
    """The subject's mark, its attempt counted.

    Raises
    ------
    TooMany
        More attempts of the subject, or of everybody, than the window takes.
    """
    now, mark = door.clock(), door.sealer.mark(f"{kind} {subject}")
    with door.people(SYSTEM) as people:
        counted = people.attempts.note(kind, mark, now=now, since=now - WINDOW)
    if counted.of_subject > most or counted.of_all > ALL_TRIES:
        minutes = int(WINDOW.total_seconds() // 60)
        raise TooMany(
            f"Too many attempts within {minutes} minutes.", hint=f"Wait {minutes} minutes, then try again."
        )
    return mark


def open_session(
    door: Door, people: People, person: Person, *, stage: Stage, method: Method, device: str
) -> Opened:
    """A new session of a person, under an id that nobody had before."""
    now, secret = door.clock(), new_secret(door.random)
    people.sessions.add(
        digest(secret),
        person.id,
        stage=stage,
        method=method,
        device=device,
        now=now,
        expires_at=session_ends(now, stage),
    )
    return Opened(secret, stage)
