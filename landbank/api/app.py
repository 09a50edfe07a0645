"""The web application: one list of routers around one opened landbank."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.middleware import Middleware
from starlette.types import Receive, Scope, Send

from landbank.api import (
    account_page,
    bulk_pages,
    changes,
    confirmations,
    csp,
    dictionary,
    downloads,
    enquiry,
    findings,
    fit,
    health,
    history_pages,
    import_pages,
    imports,
    karta,
    mailing,
    match,
    middleware,
    municipality_pages,
    ogc,
    ogc_tiles,
    openid_pages,
    operation,
    outline_page,
    pages,
    people_page,
    plans,
    plot_commitments,
    plot_form_pages,
    plot_pages,
    plot_redraw,
    plot_status,
    plots,
    problems,
    quality,
    redraw_pages,
    sign_in_pages,
    supply,
    tile_json,
)
from landbank.api.base_maps import offered_base_maps
from landbank.api.i18n import Language
from landbank.api.ogc_counts import Counts
from landbank.api.page_errors import page_maker
from landbank.api.page_frame import open_pages
from landbank.api.permits import permit, refuse_undeclared
from landbank.api.sign_in_pages import WayIn
from landbank.api.sign_in_services import read_services
from landbank.api.static import WebFiles, find_web
from landbank.api.tile_address import is_tile
from landbank.api.tile_cache import ByteCache
from landbank.api.tile_state import CurrentState
from landbank.api.tiles import Ready, TileServer
from landbank.api.visitors import Identify, Visitors
from landbank.domain.people import Permission
from landbank.errors import Unavailable
from landbank.identity.openid import Service, SignInService
from landbank.services.door import Door
from landbank.wiring import Landbank, open_door

DESCRIPTION = """An inventory of planned commercial land: OGC API Features, vector tiles, downloads and
matching of company needs to plots. Coordinates are longitude and latitude (CRS84) unless said otherwise."""


def routers() -> tuple[APIRouter, ...]:
    """All routes, in the order in which they are tried."""
    return (
        health.router(),
        problems.router(),
        tile_json.router(),
        ogc.router(),
        ogc_tiles.router(),
        match.router(),
        enquiry.router(),
        fit.router(),
        downloads.router(),
        imports.router(),
        changes.router(),
        dictionary.router(),
        plot_redraw.router(),
        plots.router(),
        plot_status.router(),
        plot_commitments.router(),
        plans.router(),
        description_router(),
        supply.router(),
        quality.router(),
        findings.router(),
        confirmations.router(),
        operation.router(),
    )


def page_routers(app: FastAPI) -> tuple[APIRouter, ...]:
    """The pages and their map's script; where the web assets were never built, the reason in their place."""
    files = app.state.web_files
    if files is None:
        return (pages.unbuilt_router(app.state.web_fault),)
    maps = karta.maps_by_language(files.url)
    shown = open_pages(find_web(), files.url, maps)
    door, has_local_accounts = app.state.door, app.state.landbank.settings.local_accounts
    services = {one.service.name: one for one in app.state.sign_in_services}
    labels = {name: labels_of(one.service) for name, one in services.items()}
    way = WayIn(door, has_local_accounts=has_local_accounts, services=tuple(labels.items()))
    shown.offers_sign_in = way.is_any
    app.state.error_page = page_maker(shown)
    app.state.pages = shown
    return (
        karta.router(maps, app.state.base_maps),
        pages.router(shown),
        plot_pages.page_router(shown),
        history_pages.page_router(shown),
        dictionary.page_router(shown),
        sign_in_pages.router(shown, way),
        openid_pages.router(sign_in_pages.pages_by_language(shown, way), services),
        account_page.router(shown, door),
        people_page.router(shown, door),
        supply.page_router(shown),
        quality.page_router(shown),
        operation.page_router(shown),
        mailing.page_router(shown),
        municipality_pages.router(shown),
        plot_form_pages.router(shown),
        bulk_pages.router(shown),
        import_pages.page_router(shown),
        outline_page.page_router(shown),
        redraw_pages.page_router(shown),
    )


def labels_of(service: Service) -> dict[Language, str]:
    """What the button of a sign-in service says."""
    return {Language.SV: service.label_sv, Language.EN: service.label_en}


class Application(FastAPI):
    """FastAPI with the tiles in front of it: most tiles are bytes from memory, and the way to a route costs more."""

    tiles_in_front: middleware.App

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a tile in front, everything else by the routes."""
        if scope["type"] == "http" and is_tile(scope["path"]):
            await self.tiles_in_front(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def create_app(landbank: Landbank, *, web_files: WebFiles | None = None, door: Door | None = None) -> FastAPI:
    """The application around an opened landbank; whoever opened it closes it.

    `web_files` are the pages' static files, read from the package where None is given; where they were never
    built the application still starts, and `/ready` says so. `door` is how people come in, the landbank's own where
    None is given. `app.state` holds `landbank`, `base_maps`, `web_files` (or None and the reason in `web_fault`),
    `tiles`, `current` (the inventory's state), `door`, and `identify`, which tells who acts.

    Raises
    ------
    RuntimeError
        A route declares no permission.
    """
    settings = landbank.settings
    base_maps = offered_base_maps(settings.base_maps, openstreetmap=settings.offer_openstreetmap)
    tiles = landbank.open_tiles()
    current = CurrentState(tiles)
    cache: ByteCache[object, Ready] = ByteCache(settings.tile_cache_mb * 1_000_000)
    policy = csp.policy(base_maps)
    app = Application(
        title="landbank",
        version=health.own_version(),
        description=DESCRIPTION,
        docs_url=None,  # the interactive pages load their scripts from a foreign host
        redoc_url=None,
        openapi_url=None,  # described below, under a route that declares its permission as every other does
        redirect_slashes=False,
        lifespan=lifespan,
        middleware=[
            Middleware(middleware.Frame, policy=policy),
            Middleware(middleware.Admission, most=8 * settings.pool_size),
            Middleware(middleware.Compressed),
            Middleware(Visitors),
        ],
    )
    tile_server = TileServer(tiles=tiles, current=current, cache=cache)
    app.tiles_in_front = middleware.Frame(tile_server, policy=policy)
    app.state.landbank = landbank
    app.state.tiles = tiles
    app.state.current = current
    app.state.base_maps = base_maps
    app.state.counts = Counts()
    app.state.door = door or open_door(landbank)
    app.state.sign_in_services = [
        SignInService(service, clock=app.state.door.clock, random=app.state.door.random)
        for service in read_services(settings.sign_in_services)
    ]
    app.state.identify = app.state.sessions = Identify(app.state.door)
    serve_static(app, web_files)
    app.state.readiness = health.Readiness(landbank, current, app.state.web_fault)
    problems.handle_errors(app)
    for router in (*routers(), *page_routers(app)):
        app.include_router(router)
    app.openapi = lambda: described(app)  # type: ignore[method-assign]
    refuse_undeclared(app)
    return app


def description_router() -> APIRouter:
    """`/openapi.json`: the description of every answer, also under `/ogc/api`."""
    routes = APIRouter(dependencies=[permit(Permission.READ_PUBLIC)])

    @routes.get("/openapi.json", include_in_schema=False)
    async def openapi(request: Request) -> JSONResponse:
        return JSONResponse(request.app.openapi())

    return routes


def described(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI description, made once: that of the routes, and the tiles in front of them."""
    if app.openapi_schema is None:
        schema = FastAPI.openapi(app)
        schema["paths"] |= tile_json.tile_paths()
    return app.openapi_schema or {}


def serve_static(app: FastAPI, web_files: WebFiles | None) -> None:
    """Mount the static files, or remember why they are not there."""
    app.state.web_files, app.state.web_fault = web_files, None
    if web_files is None:
        try:
            app.state.web_files = WebFiles(find_web())
        except Unavailable as fault:
            app.state.web_fault = fault
    if app.state.web_files is not None:
        app.mount("/static", app.state.web_files)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """While the server runs it hears of changes of the inventory; at the end the tiles' connections are closed."""
    listening = asyncio.create_task(app.state.current.listen())
    try:
        yield
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await app.state.tiles.close()
