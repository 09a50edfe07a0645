"""A plot's commitments over HTTP: who wants, holds or held it. For those who read planning, never for the public."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

import orjson
from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from landbank.api.json_body import Body, described, read_body, read_model
from landbank.api.making_changes import Change, changed_answer
from landbank.api.permits import actor_of, permit
from landbank.api.plot_status import PartyIn, Text
from landbank.api.problems import known_parameters
from landbank.domain.commitment import Commitment, Party
from landbank.domain.people import Permission
from landbank.errors import Invalid
from landbank.services.note_interest import (
    Commitments,
    Interest,
    describe_commitments,
    end_interest,
    note_interest,
)
from landbank.services.plot_document import day_text
from landbank.services.plot_editing import Editing
from landbank.wiring import Landbank


class InterestIn(Body):
    """An expression of interest; `since` is the day it came in, which decides its place in the queue."""

    party: PartyIn
    kind: Literal["interest", "reservation", "allocation", "agreement", "sale"] = "interest"
    reason: Text | None = None
    decision_reference: Text | None = None
    since: date | None = None


class EndInterestIn(Body):
    """Why an interest ends."""

    reason: Text


def router() -> APIRouter:
    """The routes under /api/plots/{id}/commitments."""
    routes = APIRouter(prefix="/api/plots/{plot_id:int}/commitments", tags=["plots"])

    @routes.get(
        "",
        summary="Who wants, holds or held a plot",
        dependencies=[permit(Permission.READ_PLANNING), known_parameters()],
    )
    def get_commitments(request: Request, plot_id: int) -> Response:
        """The commitments of a plot, standing and ended, with each interest's place in the queue."""
        return listed(request, plot_id)

    @routes.post(
        "",
        summary="Note an interest",
        status_code=201,
        dependencies=[permit(Permission.CHANGE_STATUS), known_parameters()],
        openapi_extra=described(InterestIn),
    )
    async def post_interest(request: Request, plot_id: int) -> Response:
        """Put a company into the plot's queue. Interests don't contradict each other: no If-Match is needed."""
        return await run_in_threadpool(note, request, plot_id, await read_body(request))

    @routes.post(
        "/{number:int}/end",
        summary="End an interest",
        dependencies=[permit(Permission.CHANGE_STATUS), known_parameters()],
        openapi_extra=described(EndInterestIn),
    )
    async def post_end(request: Request, plot_id: int, number: int) -> Response:
        """Take an interest out of the queue, with the reason."""
        return await run_in_threadpool(end, request, plot_id, number, await read_body(request))

    return routes


def listed(request: Request, plot_id: int) -> Response:
    """The commitments of a plot, kept by nobody on the way."""
    landbank: Landbank = request.app.state.landbank
    with landbank.reading() as store:
        editing = Editing(actor_of(request), store.plot_changes.today(), landbank.settings.extent)
        found = describe_commitments(store, editing, plot_id)
    body = orjson.dumps(commitments_document(plot_id, found))
    return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})


def note(request: Request, plot_id: int, body: bytes) -> Response:
    """Note an interest."""
    told = read_model(InterestIn, body)
    if told.kind != "interest":
        raise Invalid(
            f"A {told.kind} comes with a change of state.",
            hint=f"POST /api/plots/{plot_id}/status.",
            where="/kind",
        )
    interest = Interest(told.party.party(), told.reason, told.decision_reference, told.since)
    lifecycles = request.app.state.landbank.lifecycles
    return Change(request, body, told.reason).of_plot(
        plot_id,
        lambda store, editing: changed_answer(
            note_interest(store, editing, plot_id, interest=interest, lifecycles=lifecycles),
            made="/commitments",
        ),
    )


def end(request: Request, plot_id: int, number: int, body: bytes) -> Response:
    """End an interest."""
    told = read_model(EndInterestIn, body)
    return Change(request, body, told.reason).of_plot(
        plot_id, lambda store, editing: changed_answer(end_interest(store, editing, plot_id, number))
    )


def commitments_document(plot_id: int, found: Commitments) -> dict[str, Any]:
    """The commitments as JSON values."""
    return {
        "plot_id": plot_id,
        "commitments": [commitment_document(one, found.places.get(one.id)) for one in found.commitments],
    }


def commitment_document(one: Commitment, place: int | None) -> dict[str, Any]:
    """One commitment; `place` in the queue for a standing interest."""
    return {
        "number": one.id,
        "kind": one.kind,
        "party": party_document(one.party),
        "place": place,
        "valid_from": day_text(one.valid_from),
        "valid_until": day_text(one.valid_until),
        "decision_reference": one.decision_reference,
        "reason": one.reason,
        "ended_on": day_text(one.ended_on),
        "ended_why": one.ended_why,
    }


def party_document(party: Party | None) -> dict[str, Any] | None:
    """A party; null once its name is erased."""
    if party is None:
        return None
    number = party.number
    return {
        "name": party.name,
        "organisation_number": None if number is None else f"{number[:6]}-{number[6:]}",
        "legal_form": party.form,
        "is_personal": party.is_personal,
    }
