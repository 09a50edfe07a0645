"""Plots as documents over HTTP: read, add, replace, patch, confirm and end one; their form as a JSON Schema."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from landbank.api import conditional
from landbank.api.ended import ended_answer
from landbank.api.json_body import PATCH, Body, described, read_body, read_json, read_model
from landbank.api.links import public_address
from landbank.api.making_changes import Change, changed_answer, seen_version
from landbank.api.match import published
from landbank.api.permits import permit
from landbank.api.plot_schema import EXAMPLE_PATCH, SCHEMA_JSON, plot_schema
from landbank.api.problems import known_parameters
from landbank.domain.people import Permission
from landbank.errors import NotFound
from landbank.geo.crs import STORAGE
from landbank.services.change_plot import confirm_plot, create_plot, end_plot, patch_plot, replace_plot
from landbank.services.plot_document import GREATEST_ID, plot_document
from landbank.services.plot_ground import read_system
from landbank.wiring import Landbank

JSON = "application/json"
Reason = Annotated[str | None, Query(max_length=1_000, description="Why; stands in the history.")]
CHANGING = [permit(Permission.CHANGE_PLOT), known_parameters("reason")]


class ConfirmIn(Body):
    """That everything said of a plot is still true."""

    reason: str | None = None


class EndIn(Body):
    """Why a plot ends, and on which day; today where none is given."""

    reason: str
    on: date | None = None


def router() -> APIRouter:
    """The routes under /api/plots that concern one plot's document."""
    routes = APIRouter(prefix="/api/plots", tags=["plots"])
    read_routes(routes)
    write_routes(routes)
    return routes


def read_routes(routes: APIRouter) -> None:
    """What anybody may read."""

    @routes.get(
        "/schema",
        summary="The form of a plot's document",
        dependencies=[permit(Permission.READ_PUBLIC), known_parameters()],
    )
    def get_schema() -> Response:
        """The JSON Schema (2020-12) of a plot as it is read and written."""
        return published(plot_schema(), SCHEMA_JSON)

    def get_plot(
        request: Request,
        plot_id: int,
        crs: Annotated[str, Query(description="System of the coordinates, x before y.")] = f"EPSG:{STORAGE}",
    ) -> Response:
        """Everything that people state of a plot, under a strong tag; 301 or 410 once it has ended."""
        return one_plot(request, plot_id, read_system(crs, "crs"))

    for method in ("GET", "HEAD"):
        routes.add_api_route(
            "/{plot_id:int}",
            get_plot,
            methods=[method],
            summary="A plot's document",
            dependencies=[permit(Permission.READ_PUBLIC), known_parameters("crs")],
            include_in_schema=method == "GET",
        )


def write_routes(routes: APIRouter) -> None:
    """What planners and stewards change; each change names the version that was seen, and stands in the history."""

    @routes.post(
        "", summary="Add a plot", status_code=201, dependencies=CHANGING, openapi_extra=document_body(JSON)
    )
    async def post_plot(request: Request, reason: Reason = None) -> Response:
        """Add a plot; the document states municipality, reference, and an outline or a place with its system."""
        return await run_in_threadpool(add, request, await read_body(request), reason)

    @routes.put(
        "/{plot_id:int}",
        summary="Replace a plot's document",
        dependencies=CHANGING,
        openapi_extra=document_body(JSON),
    )
    async def put_plot(request: Request, plot_id: int, reason: Reason = None) -> Response:
        """Let a plot be what the document says; what it leaves out is unknown afterwards. Needs If-Match."""
        return await run_in_threadpool(replace, request, plot_id, await read_body(request), reason)

    @routes.patch(
        "/{plot_id:int}",
        summary="Change parts of a plot's document",
        dependencies=CHANGING,
        openapi_extra=document_body(PATCH[0]),
    )
    async def patch(request: Request, plot_id: int, reason: Reason = None) -> Response:
        """Change what a JSON Merge Patch (RFC 7396) names. Needs If-Match."""
        return await run_in_threadpool(patched, request, plot_id, await read_body(request, PATCH), reason)

    @routes.post(
        "/{plot_id:int}/confirm",
        summary="Confirm a plot unchanged",
        dependencies=[permit(Permission.CONFIRM), known_parameters()],
        openapi_extra=described(ConfirmIn),
    )
    async def post_confirm(request: Request, plot_id: int) -> Response:
        """Record that everything said of the plot is still true: one event, and today as its day. Needs If-Match."""
        return await run_in_threadpool(confirm, request, plot_id, await read_body(request))

    @routes.post(
        "/{plot_id:int}/end",
        summary="End a plot",
        dependencies=[permit(Permission.CHANGE_PLOT), known_parameters()],
        openapi_extra=described(EndIn),
    )
    async def post_end(request: Request, plot_id: int) -> Response:
        """Let a plot end; its address answers 410 from that day on. Nothing is deleted. Needs If-Match."""
        return await run_in_threadpool(end, request, plot_id, await read_body(request))


def document_body(media_type: str) -> dict[str, Any]:
    """What OpenAPI is told of a body that is a plot's document or a patch of it."""
    content: dict[str, Any] = {
        "schema": {"type": "object", "description": "GET /api/plots/schema describes its members."},
        "example": EXAMPLE_PATCH,
    }
    return {"requestBody": {"required": True, "content": {media_type: content}}}


def one_plot(request: Request, plot_id: int, crs: int) -> Response:
    """A plot's document under its tag, 304, or what became of it."""
    landbank: Landbank = request.app.state.landbank
    plot = fate = None
    if plot_id <= GREATEST_ID:
        with landbank.reading() as store:
            plot = store.plot_contents.current(plot_id)
            if plot is not None and not plot.is_current:
                fate = store.plots.fate(plot_id)
    if plot is None:
        raise NotFound(f"There is no plot {plot_id}.", where=str(plot_id)[:40])
    if fate is not None:
        return ended_answer(request, plot_id, fate, f"{public_address(request)}/api/plots")
    body = orjson.dumps(plot_document(plot, crs=crs))
    tag = conditional.strong_tag(body, plot.row_version)
    return conditional.answer(request, body, tag=tag, media_type=JSON)


def add(request: Request, body: bytes, reason: str | None) -> Response:
    """Add a plot."""
    document = read_json(body)
    code = document.get("municipality_code") if isinstance(document, dict) else None
    lifecycles = request.app.state.landbank.lifecycles
    return Change(request, body, reason).within(
        code if isinstance(code, str) else None,
        lambda store, editing: changed_answer(
            create_plot(store, editing, document, lifecycles=lifecycles), made=""
        ),
    )


def replace(request: Request, plot_id: int, body: bytes, reason: str | None) -> Response:
    """Replace a plot's document."""
    version, document = seen_version(request), read_json(body)
    return Change(request, body, reason).of_plot(
        plot_id,
        lambda store, editing: changed_answer(
            replace_plot(store, editing, plot_id, version, document), is_put=True
        ),
    )


def patched(request: Request, plot_id: int, body: bytes, reason: str | None) -> Response:
    """Patch a plot's document."""
    version, patch = seen_version(request), read_json(body)
    return Change(request, body, reason).of_plot(
        plot_id, lambda store, editing: changed_answer(patch_plot(store, editing, plot_id, version, patch))
    )


def confirm(request: Request, plot_id: int, body: bytes) -> Response:
    """Confirm a plot unchanged."""
    version, told = seen_version(request), read_model(ConfirmIn, body)
    return Change(request, body, told.reason).of_plot(
        plot_id, lambda store, editing: changed_answer(confirm_plot(store, editing, plot_id, version))
    )


def end(request: Request, plot_id: int, body: bytes) -> Response:
    """End a plot."""
    version, told = seen_version(request), read_model(EndIn, body)
    return Change(request, body, told.reason).of_plot(
        plot_id,
        lambda store, editing: changed_answer(end_plot(store, editing, plot_id, version, ends_on=told.on)),
    )
