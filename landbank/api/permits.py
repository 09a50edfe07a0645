"""Every route declares what it asks of whoever calls it; who that is stands in the request's state.

`app.state.identify(request)` tells who acts; a route without a declaration fails a test.
"""

from __future__ import annotations

from collections.abc import Callable

from fastapi import Request
from fastapi.params import Depends

from landbank.domain.people import ANONYMOUS, Actor, Permission, demand


def actor_of(request: Request) -> Actor:
    """Who acts: as the application's `identify` says, once a request; anonymous where nobody is known."""
    held: Actor | None = getattr(request.state, "actor", None)
    if held is None:
        identify: Callable[[Request], Actor] | None = getattr(request.app.state, "identify", None)
        held = identify(request) if identify else ANONYMOUS
        request.state.actor = held
    return held


class Permit:
    """A dependency that lets through whoever has the permission, in any municipality.

    A service asks again for the municipality at hand, and the database for each row written.
    """

    def __init__(self, permission: Permission) -> None:
        self.permission = permission

    def __call__(self, request: Request) -> None:
        """Raise unless the actor has the permission."""
        if self.permission is Permission.READ_PUBLIC:
            return
        demand(actor_of(request), self.permission)


def permit(permission: Permission) -> Depends:
    """The declaration of a route or a router: `dependencies=[permit(Permission.CHANGE_PLOT)]`."""
    return Depends(Permit(permission))
