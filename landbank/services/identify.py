"""Tells who a session or an API key belongs to, now: a role taken away is gone at once, and so is a disabled person."""

from __future__ import annotations

from datetime import timedelta

from landbank.domain.accounts import ApiKey, Session
from landbank.domain.people import SYSTEM
from landbank.errors import NotSignedIn
from landbank.identity.tokens import digest, is_digest_of, read_key
from landbank.services.door import Door

SELDOM = timedelta(minutes=1)
"""Use of a session or key is noted so often at most: a page that is read writes nothing."""


def session_of(door: Door, secret: str) -> Session | None:
    """The live session with this id, at whatever stage, or None."""
    now = door.clock()
    with door.people(SYSTEM) as people:
        session = people.sessions.find(digest(secret))
        if session is None or not session.is_alive(now):
            return None
        if now - session.last_used_at >= SELDOM:
            people.sessions.touch(session.id, now)
        return session


def key_of(door: Door, text: str) -> ApiKey:
    """The live key with this text.

    Raises
    ------
    NotSignedIn
        There is no such key, or it holds no more.
    """
    now, read = door.clock(), read_key(text)
    if read is not None:
        number, secret = read
        with door.people(SYSTEM) as people:
            found = people.keys.find(number)
            if found is not None and is_digest_of(found[1], secret) and found[0].is_alive(now):
                last = found[0].last_used_at
                if last is None or now - last >= SELDOM:
                    people.keys.touch(number, now)
                return found[0]
    raise NotSignedIn(
        "There is no such API key, or it has expired or was revoked.",
        hint="Send a key that holds: Authorization: Bearer lb_…",
    )
