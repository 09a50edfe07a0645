"""Every route declares what it asks of whoever calls it; a route without a declaration stops the application's start.

`app.state.identify(request)` tells who acts. What changes something by a browser's cookie asks for the page's token.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from fastapi import FastAPI, Request
from fastapi.params import Depends
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from starlette.concurrency import run_in_threadpool
from starlette.routing import Mount

from landbank.api.cross_site import demand_token
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

    def __init__(self, permission: Permission, *, asks_token: bool = True) -> None:
        self.permission = permission
        self.asks_token = asks_token

    async def __call__(self, request: Request) -> None:
        """Raise unless the actor has the permission; what is public is let through without asking who it is."""
        if self.permission is not Permission.READ_PUBLIC:
            actor = await run_in_threadpool(actor_of, request)
            demand(actor, self.permission)
        if self.asks_token:
            await demand_token(request)


def permit(permission: Permission, *, asks_token: bool = True) -> Depends:
    """The declaration of a route or a router: `dependencies=[permit(Permission.CHANGE_PLOT)]`.

    `asks_token=False` is for what takes no right from the session: signing in.
    """
    return Depends(Permit(permission, asks_token=asks_token))


@dataclass(frozen=True, slots=True)
class Declared:
    """A route, or an application below a path, with what it declares: every permit that it asks for."""

    path: str
    methods: frozenset[str]
    permits: tuple[Permit, ...]

    @property
    def permission(self) -> Permission | None:
        """What is asked beyond reading what is public, else that; None where nothing is declared."""
        asked = [permit.permission for permit in self.permits]
        return next((one for one in asked if one is not Permission.READ_PUBLIC), asked[0] if asked else None)


def declarations(app: FastAPI) -> Iterator[Declared]:
    """Every route of the application, what is mounted in it and what stands in front of it."""
    for route in iter_route_contexts(app.routes):
        yield Declared(route.path or "", frozenset(route.methods or {"GET", "HEAD"}), permits_of(route))
    in_front = getattr(app, "tiles_in_front", None)
    if in_front is not None:
        yield Declared("/tiles", frozenset({"GET", "HEAD"}), permits_below(in_front))


def permits_of(route: RouteContext) -> tuple[Permit, ...]:
    """The permits of a route or of a mounted application."""
    if isinstance(route.original_route, Mount):
        return permits_below(route.original_route.app)
    if isinstance(route.original_route, APIRoute):
        found = [dependency.dependency for dependency in route.dependencies]
        return tuple(one for one in found if isinstance(one, Permit))
    return ()


def permits_below(application: object) -> tuple[Permit, ...]:
    """The permit that an application beside the routes declares in its attribute `permission`, wrapped or not."""
    while not hasattr(application, "permission") and hasattr(application, "app"):
        application = application.app
    permission: Permission | None = getattr(application, "permission", None)
    return () if permission is None else (Permit(permission),)


def refuse_undeclared(app: FastAPI) -> None:
    """Return if every route declares what it asks.

    Raises
    ------
    RuntimeError
        A route does not: it would be open to all by accident.
    """
    missing = [f"{'|'.join(sorted(one.methods))} {one.path}" for one in declarations(app) if not one.permits]
    if missing:
        raise RuntimeError(
            f"These routes declare no permission: {', '.join(missing)}. Give each router or route"
            " dependencies=[permit(Permission.…)]; what everybody may read is READ_PUBLIC."
        )
