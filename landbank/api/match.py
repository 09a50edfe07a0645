"""Matching over HTTP: the answer to a need, the need's form, and the catalogue of criteria."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from landbank.api.need_in import read_need
from landbank.api.need_schema import EXAMPLES, SCHEMA_ID, criteria_document, need_schema
from landbank.api.permits import permit
from landbank.domain.people import Permission
from landbank.errors import Invalid
from landbank.services.match_document import answer_document, as_json
from landbank.services.match_need import match_need
from landbank.wiring import Landbank

JSON = "application/json"
SCHEMA_JSON = "application/schema+json"
MOST_BYTES = 256 * 1024

BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": f"A need as {SCHEMA_ID} describes it; GET /api/match/schema.",
        "content": {
            JSON: {
                "schema": {"type": "object"},
                "examples": {f"example {place}": {"value": need} for place, need in enumerate(EXAMPLES, 1)},
            }
        },
    }
}


def answer_to(landbank: Landbank, body: bytes) -> bytes:
    """The answer to a need, both as JSON; the same need at the same revision and day gives the same bytes."""
    need = read_need(body)
    with landbank.reading() as store:
        matched = match_need(need, store.catalogue, landbank.columns)
    return as_json(answer_document(matched))


async def read_body(request: Request) -> bytes:
    """The body, as long as it has the size of a need."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise Invalid(
                f"The need is larger than {MOST_BYTES // 1024} kB.",
                hint="At most 40 musts and 40 wishes are read.",
            )
    return body


def router() -> APIRouter:
    """The routes under /api/match."""
    routes = APIRouter(prefix="/api/match", tags=["match"], dependencies=[permit(Permission.READ_PUBLIC)])

    @routes.post("", openapi_extra=BODY, summary="Match a need", response_class=Response)
    async def post_match(request: Request) -> Response:
        """Rank the plots for a need, with every verdict, every point won and lost, and what to ask."""
        body = await read_body(request)
        answer = await run_in_threadpool(answer_to, request.app.state.landbank, body)
        return Response(answer, media_type=JSON, headers={"Cache-Control": "no-store"})

    @routes.get("/schema", summary="The form of a need", response_class=Response)
    def get_schema() -> Response:
        """The JSON Schema (2020-12) of a need, with examples."""
        return published(need_schema(), SCHEMA_JSON)

    @routes.get("/criteria", summary="What a need can ask for", response_class=Response)
    def get_criteria() -> Response:
        """The catalogue of criteria with units, operators and default value functions, and the templates."""
        return published(criteria_document(), JSON)

    return routes


def published(document: dict[str, Any], media_type: str) -> Response:
    """A document that changes only with a release of landbank."""
    return Response(
        as_json(document), media_type=media_type, headers={"Cache-Control": "public, max-age=3600"}
    )
