"""Errors as answers: one family, one status, one form (RFC 9457 problem details).

A browser that asks for a page gets what `app.state.error_page(request, problem)` makes of it, where set.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

import orjson
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.params import Depends
from starlette.exceptions import HTTPException

from landbank.api.allowed import allowed
from landbank.api.permits import permit
from landbank.domain.people import Permission
from landbank.errors import HTTP_STATUS, Forbidden, Invalid, LandbankError, NotFound, Unavailable

security = logging.getLogger("landbank.security")

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = "2"
PAGES_TOO = "/ogc"
"""Below this path a program is answered unless it asks for a page, by what it accepts or by `f`."""
PROGRAMS_PATHS = (
    "/tiles",
    "/api",
    "/export",
    "/openapi.json",
    "/live",
    "/ready",
    "/version",
    "/static",
    "/problems",
)
"""Below these paths a program is answered, whatever it accepts."""

TITLES = {
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    413: "Too large",
    415: "Wrong media type",
}


AT_STATUS: dict[int, dict[str, str]] = {
    401: {"WWW-Authenticate": 'Bearer realm="landbank"'},
    429: {"Retry-After": "300"},
    503: {"Retry-After": RETRY_AFTER_S},
}
"""Headers that go with a status: RFC 9110, 11.6.1 and 10.2.3; RFC 6585, 4."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong, as it is told to the caller."""

    status: int
    slug: str
    title: str
    detail: str
    hint: str | None = None
    where: str | None = None
    request_id: str | None = None
    more: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The members of RFC 9457 (3.1) and landbank's own: `hint`, `where`, `request_id`, and those of the error."""
        members = {
            "type": f"/problems/{self.slug}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "hint": self.hint,
            "where": self.where,
            "request_id": self.request_id,
        }
        return {name: value for name, value in members.items() if value is not None} | dict(self.more)

    def headers(self) -> dict[str, str]:
        """When to come back, where that helps; and that nobody keeps the answer."""
        headers = {"Cache-Control": "no-store", "Vary": "Accept"}
        return headers | AT_STATUS.get(self.status, {})


def of_family(error: LandbankError) -> Problem:
    """The problem of an error of one of landbank's families."""
    status = next((status for family, status in HTTP_STATUS.items() if isinstance(error, family)), 500)
    return Problem(
        status, error.slug, error.title, error.message, error.hint, error.where, more=error.members()
    )


def of_refused_parameters(error: RequestValidationError) -> Problem:
    """The problem of parameters or a body that FastAPI refused: 400 as OGC API Features wants, never 422.

    Source: OGC 17-069r4, 7.15.1 (requirements /req/core/query-param-invalid, /req/core/query-param-unknown).
    """
    faults = [(".".join(str(part) for part in fault["loc"][1:]), fault["msg"]) for fault in error.errors()]
    detail = "; ".join(f"{where or 'body'}: {text}" for where, text in faults[:10])
    return Problem(
        400, Invalid.slug, Invalid.title, detail or "The request can't be read.", where=faults[0][0] or None
    )


def of_http(error: HTTPException) -> Problem:
    """The problem of a refusal by the router: no such path, or a method that the path doesn't know."""
    title = TITLES.get(error.status_code, "Request refused")
    detail = "There is nothing at this address." if error.status_code == 404 else str(error.detail)
    return Problem(error.status_code, title.lower().replace(" ", "-"), title, detail)


def of_a_bug() -> Problem:
    """The problem of an error that nobody foresaw; what it was stands in the log, never in the answer."""
    return Problem(
        500,
        "internal",
        "Internal error",
        "landbank failed on this request.",
        "Tell the operator the request_id: the log has the reason under it.",
    )


def method_refused(method: str) -> Problem:
    """The problem of a method that the address does not know."""
    return Problem(405, "method-not-allowed", TITLES[405], f"{method} is not possible here.")


def overloaded(what: str) -> Problem:
    """The problem of a server that has as much to do as it takes on."""
    return Problem(503, Unavailable.slug, Unavailable.title, what, "Try again in a moment.")


def render(problem: Problem) -> bytes:
    """The body as JSON."""
    return orjson.dumps(problem.as_json())


def answer(request: Request, problem: Problem, headers: dict[str, str] | None = None) -> Response:
    """The problem as JSON, or as a page for a browser that asked for a page."""
    known = with_request_id(problem, getattr(request.state, "request_id", None))
    page = getattr(request.app.state, "error_page", None)
    if page is not None and wants_page(request):
        response = cast(Response, page(request, known))
    else:
        response = Response(render(known), known.status, media_type=MEDIA_TYPE)
    response.headers.update(known.headers() | (headers or {}))
    return response


def with_request_id(problem: Problem, request_id: str | None) -> Problem:
    """The problem with the id under which the log tells more."""
    return replace(problem, request_id=request_id)


def wants_page(request: Request) -> bool:
    """Whether a person in a browser waits for the answer."""
    is_told_by_format = request.url.path.startswith(PAGES_TOO)
    return may_be_page(request) and (is_told_by_format or accepts_html(request))


def may_be_page(request: Request) -> bool:
    """Whether the address has a page, and below `PAGES_TOO` whether the page is what is asked for."""
    path = request.url.path
    if path.startswith(PAGES_TOO):
        named = request.query_params.get("f")
        return accepts_html(request) if named is None else named == "html"
    return not path.startswith(PROGRAMS_PATHS)


def accepts_html(request: Request) -> bool:
    """Whether the caller names pages among what it accepts."""
    return "text/html" in request.headers.get("accept", "")


def known_parameters(*names: str, several: tuple[str, ...] = ()) -> Depends:
    """A dependency that refuses query parameters other than these, and any of `names` given twice.

    Source: OGC 17-069r4, 7.15.1: unknown parameters are 400.
    """

    def refuse_others(request: Request) -> None:
        refuse_unknown_parameters(request, names, several)

    return Depends(refuse_others)


def refuse_unknown_parameters(
    request: Request, names: tuple[str, ...], several: tuple[str, ...] = ()
) -> None:
    """Raise `Invalid` for a query parameter that the endpoint doesn't know, or that is given twice and may not be."""
    given = [name for name, _ in request.query_params.multi_items() if name not in several]
    for name in given:
        if name not in names:
            listed = ", ".join((*names, *several)) or "none"
            raise Invalid(f"There is no query parameter '{name}' here.", hint=f"Known: {listed}.", where=name)
        if given.count(name) > 1:
            raise Invalid(f"The query parameter '{name}' is given {given.count(name)} times.", where=name)


TYPES = {
    **{family.slug: (family.title, family.__doc__ or "") for family in HTTP_STATUS},
    "method-not-allowed": (TITLES[405], "The address is there, but not for this method."),
    "too-large": (TITLES[413], "The request is longer than the address takes."),
    "wrong-media-type": (TITLES[415], "The body is written in something that this address does not read."),
    "not-ready": ("Not ready", "Pages, items or tiles can't be served now."),
    "internal": ("Internal error", "landbank failed; the log tells why under the request_id."),
}
"""What each type of problem means; `type` of a problem is the address that tells it."""


def router() -> APIRouter:
    """`/problems/{slug}`: what a type of problem means."""
    routes = APIRouter(tags=["health"], dependencies=[permit(Permission.READ_PUBLIC), known_parameters()])

    @routes.get("/problems/{slug}", summary="What a type of problem means")
    async def meaning(slug: str) -> dict[str, str]:
        """Title and meaning of the type that a problem names."""
        if slug not in TYPES:
            raise NotFound(f"There is no type of problem '{slug[:40]}'.", hint=f"Known: {', '.join(TYPES)}.")
        title, text = TYPES[slug]
        return {"type": f"/problems/{slug}", "title": title, "description": text}

    return routes


def handle_errors(app: FastAPI) -> None:
    """Turn every error of the app's endpoints into a problem."""

    async def family(request: Request, error: Exception) -> Response:
        if isinstance(error, Forbidden):
            actor = getattr(request.state, "actor", None)
            security.info(
                "denied %s %r to %s", request.method, request.url.path, getattr(actor, "id", "anonymous")
            )
        return answer(request, of_family(cast(LandbankError, error)))

    async def refused(request: Request, error: Exception) -> Response:
        return answer(request, of_refused_parameters(cast(RequestValidationError, error)))

    async def http(request: Request, error: Exception) -> Response:
        known = cast(HTTPException, error)
        headers = dict(known.headers or {})
        if known.status_code == 405:
            headers |= allowed(request)
            if request.method == "OPTIONS":
                return Response(status_code=204, headers=headers)
        return answer(request, of_http(known), headers)

    app.add_exception_handler(LandbankError, family)
    app.add_exception_handler(RequestValidationError, refused)
    app.add_exception_handler(HTTPException, http)
