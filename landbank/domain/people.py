"""Who may do what: roles, what each may, and the person or program behind a request. Denied unless granted."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from landbank.errors import Forbidden, NotSignedIn


class Role(StrEnum):
    """What somebody is to a municipality, or to the region."""

    PLANNER = "planner"
    STEWARD = "steward"
    LOTS = "lots"
    REGIONAL = "regional"
    ADMINISTRATOR = "administrator"
    OPERATOR = "operator"


class Permission(StrEnum):
    """What a route or a service asks for."""

    READ_PUBLIC = "read_public"
    OWN_ACCOUNT = "own_account"
    READ_PLANNING = "read_planning"
    CONFIRM = "confirm"
    CHANGE_STATUS = "change_status"
    CHANGE_PLOT = "change_plot"
    IMPORT = "import"
    READ_INQUIRIES = "read_inquiries"
    READ_REGION = "read_region"
    MANAGE_PEOPLE = "manage_people"
    OPERATE = "operate"


EVERY_ROLE: Final = frozenset(Role)

GRANTED: Final[dict[Permission, frozenset[Role]]] = {
    Permission.OWN_ACCOUNT: EVERY_ROLE,
    Permission.READ_PLANNING: EVERY_ROLE,
    Permission.CONFIRM: frozenset({Role.PLANNER, Role.STEWARD, Role.ADMINISTRATOR, Role.OPERATOR}),
    Permission.CHANGE_STATUS: frozenset({Role.PLANNER, Role.LOTS, Role.ADMINISTRATOR, Role.OPERATOR}),
    Permission.CHANGE_PLOT: frozenset({Role.PLANNER, Role.STEWARD, Role.ADMINISTRATOR, Role.OPERATOR}),
    Permission.IMPORT: frozenset({Role.PLANNER, Role.STEWARD, Role.ADMINISTRATOR, Role.OPERATOR}),
    Permission.READ_INQUIRIES: frozenset({Role.PLANNER, Role.LOTS, Role.ADMINISTRATOR}),
    Permission.READ_REGION: frozenset({Role.REGIONAL, Role.PLANNER, Role.ADMINISTRATOR, Role.OPERATOR}),
    Permission.MANAGE_PEOPLE: frozenset({Role.ADMINISTRATOR, Role.OPERATOR}),
    Permission.OPERATE: frozenset({Role.OPERATOR}),
}
"""The roles that have each permission in their own municipality.

READ_PUBLIC is everybody's, OWN_ACCOUNT everybody's who is signed in, with or without a role.
"""

READS_EVERYWHERE: Final = frozenset({Permission.READ_PLANNING, Permission.READ_REGION})
"""What holds in all municipalities once it is held in one: planners read each other's plots."""

WRITES: Final = frozenset(
    {Permission.CONFIRM, Permission.CHANGE_STATUS, Permission.CHANGE_PLOT, Permission.IMPORT}
)
"""What changes rows of a municipality; the database lets an actor write where it has any of them."""

KEY_SCOPES: Final = frozenset(
    {*WRITES, Permission.READ_PLANNING, Permission.READ_REGION, Permission.READ_INQUIRIES}
)
"""What an API key may be given: a program never manages people or operates landbank."""

IN_ALL: Final = frozenset({Role.REGIONAL, Role.OPERATOR})
"""The roles that hold for all municipalities; each of the others is held in one."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A role in one municipality, or in all of them where `municipality_code` is None."""

    role: Role
    municipality_code: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """The person or program that acts. `id` is landbank's own (`user:7`, `key:3`, `system`), never a name.

    Who is signed in need not have a grant. An API key has `scopes`, and may nothing beyond them.
    """

    id: str
    grants: frozenset[Grant] = frozenset()
    scopes: frozenset[Permission] | None = None

    @property
    def is_anonymous(self) -> bool:
        """Whether nobody is signed in."""
        return self.id == "anonymous"

    def may(self, permission: Permission, municipality_code: str | None = None) -> bool:
        """Whether the actor has the permission, in that municipality where one is named, else anywhere."""
        held = self.municipalities(permission)
        if held is None:
            return True
        return bool(held) if municipality_code is None else municipality_code in held

    def municipalities(self, permission: Permission) -> frozenset[str] | None:
        """The municipalities in which the actor has the permission; None means all, empty none."""
        if permission is Permission.READ_PUBLIC:
            return None
        if self.scopes is not None and permission not in self.scopes:
            return frozenset()
        if permission is Permission.OWN_ACCOUNT:
            return frozenset() if self.is_anonymous else None
        granting = [grant for grant in self.grants if grant.role in GRANTED[permission]]
        if any(grant.municipality_code is None for grant in granting):
            return None
        if granting and permission in READS_EVERYWHERE:
            return None
        return frozenset(grant.municipality_code for grant in granting if grant.municipality_code)

    def writes_in(self) -> frozenset[str] | None:
        """The municipalities whose rows the actor may write; None means all, empty none."""
        held = [self.municipalities(permission) for permission in WRITES]
        if None in held:
            return None
        return frozenset().union(*(codes for codes in held if codes))

    def role_in(self, municipality_code: str | None) -> Role | None:
        """The role that an event names: the first, in the order of `Role`, that the actor has there."""
        held = {grant.role for grant in self.grants if grant.municipality_code in (None, municipality_code)}
        return next((role for role in Role if role in held), None)


ANONYMOUS: Final = Actor("anonymous")
SYSTEM: Final = Actor("system", frozenset({Grant(Role.OPERATOR)}))
"""Acts where nobody asks: expiry, nightly checks, the demonstration inventory."""


def demand(actor: Actor, permission: Permission, municipality_code: str | None = None) -> None:
    """Return if the actor has the permission.

    Raises
    ------
    NotSignedIn
        Nobody is signed in.
    Forbidden
        The actor has not the permission, or not in that municipality.
    """
    if actor.may(permission, municipality_code):
        return
    if actor.is_anonymous:
        raise NotSignedIn("This is for people who are signed in.", hint="Sign in, or send an API key.")
    where = f" in municipality {municipality_code}" if municipality_code else ""
    raise Forbidden(
        f"You don't have the permission '{permission}'{where}.",
        hint="Your municipality's administrator can grant it.",
    )


def may_grant(actor: Actor, grant: Grant) -> bool:
    """Whether the actor may give somebody this role, or take it away.

    Who manages people in a municipality gives roles there; a role in all municipalities is given by who has one.
    """
    if (grant.role in IN_ALL) != (grant.municipality_code is None):
        return False
    if grant.municipality_code is None:
        return actor.municipalities(Permission.MANAGE_PEOPLE) is None
    return actor.may(Permission.MANAGE_PEOPLE, grant.municipality_code)


def may_manage(actor: Actor, grants: frozenset[Grant]) -> bool:
    """Whether the actor may disable, or give a new set-up link to, somebody who has these grants.

    Only if the actor could have given each of them: whoever resets an account could use it.
    """
    return actor.may(Permission.MANAGE_PEOPLE) and all(may_grant(actor, grant) for grant in grants)
