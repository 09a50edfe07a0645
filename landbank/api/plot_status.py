"""How far a plot has come, over HTTP: its changes of state, and the rules that they follow."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from landbank.api import conditional
from landbank.api.json_body import Body, described, read_body, read_model
from landbank.api.making_changes import Change, changed_answer, seen_version
from landbank.api.permits import actor_of, permit
from landbank.api.problems import known_parameters
from landbank.codelists import terms
from landbank.domain.commitment import Party, party_of
from landbank.domain.lifecycle import STATES, Asked, Axis, Lifecycle, Lifecycles, Track, Transition
from landbank.domain.people import Permission
from landbank.domain.plot_content import Fault, InvalidDocument
from landbank.errors import Invalid
from landbank.services.change_status import Offered, StatusChange, change_status, offered_steps
from landbank.services.plot_document import day_text
from landbank.services.plot_editing import Editing
from landbank.wiring import Landbank

Text = Annotated[str, Field(min_length=1, max_length=1_000)]


class PartyIn(Body):
    """An organisation. A sole trader's number is a person's own: it is checked and not kept.

    Where only a sole trader's name is known, `is_personal` says that it is a person's.
    """

    name: Annotated[str, Field(max_length=400)]
    organisation_number: Annotated[str, Field(max_length=20)] | None = None
    is_personal: bool = False

    def party(self) -> Party:
        """The checked party."""
        return party_of(self.name, self.organisation_number, is_personal=self.is_personal)


class StatusIn(Body):
    """A change of state; GET /api/lifecycle says which may follow and what each needs."""

    to: str
    axis: Literal["availability", "readiness"] = "availability"
    reason: Text | None = None
    party: PartyIn | None = None
    decision_reference: Text | None = None
    valid_until: date | None = None
    ready_on: date | None = None
    is_correction: bool = False

    def change(self) -> StatusChange:
        """The checked change."""
        axis = Axis(self.axis)
        states = STATES[axis]
        if self.to not in list(states):
            raise InvalidDocument(
                [Fault("/to", f"It must be one of {', '.join(states)}.")], hint="GET /api/lifecycle"
            )
        if self.ready_on is not None and axis is not Axis.READINESS:
            raise Invalid("A day of readiness belongs to a change of readiness.", where="/ready_on")
        asked = Asked(
            states(self.to),
            self.reason,
            None if self.party is None else self.party.party(),
            self.decision_reference,
            self.valid_until,
            self.is_correction,
        )
        return StatusChange(axis, asked, self.ready_on)


def router() -> APIRouter:
    """`/api/plots/{id}/status` and `/api/lifecycle`."""
    routes = APIRouter(prefix="/api", tags=["plots"])

    @routes.get(
        "/plots/{plot_id:int}/status",
        summary="What may become of a plot next",
        dependencies=[permit(Permission.READ_PLANNING), known_parameters()],
    )
    def get_status(request: Request, plot_id: int) -> Response:
        """How the plot stands on each axis today, and the steps that are open to whoever asks, with what each needs."""
        landbank: Landbank = request.app.state.landbank
        with landbank.reading() as store:
            editing = Editing(actor_of(request), store.plot_changes.today(), landbank.settings.extent)
            offered = offered_steps(store, editing, plot_id, lifecycles=landbank.lifecycles)
        body = orjson.dumps(offered_document(plot_id, offered))
        return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})

    @routes.post(
        "/plots/{plot_id:int}/status",
        summary="Change a plot's state of sale or readiness",
        dependencies=[permit(Permission.READ_PLANNING), known_parameters()],
        openapi_extra=described(StatusIn),
    )
    async def post_status(request: Request, plot_id: int) -> Response:
        """Bring a plot to another state, by its municipality's rules: who may depends on the step. Needs If-Match."""
        return await run_in_threadpool(status, request, plot_id, await read_body(request))

    @routes.get(
        "/lifecycle",
        summary="The rules of what may become of a plot",
        dependencies=[permit(Permission.READ_PUBLIC), known_parameters("municipality")],
    )
    def get_lifecycle(
        request: Request,
        municipality: Annotated[str | None, Query(pattern="^[0-9]{4}$", description="Whose rules.")] = None,
    ) -> Response:
        """For each axis the states in use, which may follow which, who may say so and what must be stated."""
        landbank: Landbank = request.app.state.landbank
        body = orjson.dumps(lifecycle_document(landbank.lifecycles, municipality))
        tag = conditional.strong_tag(body)
        return conditional.answer(request, body, tag=tag, media_type="application/json")

    return routes


def status(request: Request, plot_id: int, body: bytes) -> Response:
    """Change a plot's state."""
    version, told = seen_version(request), read_model(StatusIn, body)
    change = told.change()
    lifecycles = request.app.state.landbank.lifecycles
    return Change(request, body, told.reason).of_plot(
        plot_id,
        lambda store, editing: changed_answer(
            change_status(store, editing, plot_id, version, change=change, lifecycles=lifecycles)
        ),
    )


def lifecycle_document(lifecycles: Lifecycles, municipality_code: str | None) -> dict[str, Any]:
    """The rules of a municipality, or the common ones, as JSON values."""
    lifecycle: Lifecycle = (
        lifecycles.common if municipality_code is None else lifecycles.of(municipality_code)
    )
    return {
        "municipality_code": municipality_code,
        "is_own": lifecycle.municipality_code is not None,
        "axes": {str(axis): track_document(lifecycle.track(axis)) for axis in Axis},
        "interest_in": sorted(lifecycle.interest_in),
        "notice_days": lifecycle.notice_days,
        "notes": [{"sv": note.sv, "en": note.en, "source": note.source} for note in lifecycle.notes],
        "municipalities_with_own_rules": sorted(lifecycles.own),
    }


def track_document(track: Track) -> dict[str, Any]:
    """The table of one axis."""
    labels = terms(track.axis)
    return {
        "states": [{"code": state, "sv": labels[state].sv, "en": labels[state].en} for state in track.states],
        "initial": [state for state in track.states if state in track.initial],
        "transitions": [transition_document(arrow) for arrow in track.transitions.values()],
        "correction": {
            "permission": track.correction.permission,
            "roles": sorted(track.correction.roles),
            "needs": sorted(track.correction.needs),
        },
    }


def transition_document(arrow: Transition) -> dict[str, Any]:
    """One step, who may take it, and what must be stated."""
    return {
        "from": arrow.before,
        "to": arrow.after,
        "permission": arrow.permission,
        "roles": sorted(arrow.roles),
        "needs": sorted(arrow.needs),
        "longest_months": arrow.longest_months,
    }


def offered_document(plot_id: int, offered: Offered) -> dict[str, Any]:
    """How a plot stands and what may follow, as JSON values."""
    return {
        "plot_id": plot_id,
        "row_version": offered.version,
        "axes": {
            str(axis): {
                "state": standing.state,
                "until": day_text(standing.until),
                "steps": [transition_document(step) for step in offered.steps[axis]],
            }
            for axis, standing in offered.standing.items()
        },
    }
