"""Makes and revokes the keys of programs: for one municipality, with no more than the maker may, for a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from landbank.domain.accounts import KEY_DAYS, MOST_KEY_DAYS, ApiKey
from landbank.domain.people import KEY_SCOPES, Actor, Permission
from landbank.errors import Forbidden, Invalid, NotFound
from landbank.identity.tokens import digest, new_secret, write_key
from landbank.services.door import Door
from landbank.services.manage_people import clean_name, refuse_unknown_place


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A new key: its number, and its text, which is shown once."""

    number: int
    text: str


def make_key(
    door: Door, actor: Actor, *, label: str, scopes: Iterable[Permission], municipality_code: str,
    days: int = KEY_DAYS, request_id: str | None = None,
) -> MadeKey:  # fmt: skip
    """A new key.

    Raises
    ------
    Invalid
        It has no name, no scope or one that no program is given, or would hold too long.
    Forbidden
        The actor has not one of the permissions in that municipality.
    """
    asked, label = frozenset(scopes), clean_name(label, "label")
    if not asked or not asked <= KEY_SCOPES:
        known = ", ".join(sorted(KEY_SCOPES))
        raise Invalid("A key needs scopes that programs are given.", hint=f"Known: {known}.", where="scopes")
    if not 1 <= days <= MOST_KEY_DAYS:
        raise Invalid(
            f"A key holds 1 to {MOST_KEY_DAYS} days, not {days}.", hint="Renew it in time.", where="days"
        )
    for scope in sorted(asked):
        if not actor.may(scope, municipality_code):
            raise Forbidden(
                f"You don't have the permission '{scope}' in municipality {municipality_code}.",
                hint="A key may no more than its maker.",
            )
    secret, now = new_secret(door.random), door.clock()
    kind, _, number = actor.id.partition(":")
    with door.people(actor) as people:
        refuse_unknown_place(people, municipality_code)
        key_id = people.keys.add(
            digest(secret),
            label=label,
            scopes=asked,
            municipality_code=municipality_code,
            made_by=int(number) if kind == "user" else None,
            now=now,
            expires_at=now + timedelta(days=days),
        )
        people.log.note(
            "key_made",
            actor=actor.id,
            subject=f"key:{key_id}",
            municipality_code=municipality_code,
            request_id=request_id,
        )
    return MadeKey(key_id, write_key(key_id, secret))


def list_keys(door: Door, actor: Actor) -> list[ApiKey]:
    """The keys that the actor made, or that belong to a municipality where the actor manages people."""
    with door.people(actor) as people:
        return people.keys.all()


def revoke_key(door: Door, actor: Actor, key_id: int, *, request_id: str | None = None) -> None:
    """End a key; raises `NotFound` where the actor has no such key, or it was revoked before."""
    with door.people(actor) as people:
        if not people.keys.revoke(key_id, door.clock()):
            raise NotFound(f"You have no API key {key_id} that holds.", where=str(key_id))
        people.log.note("key_revoked", actor=actor.id, subject=f"key:{key_id}", request_id=request_id)
