"""Plans over HTTP: how far one has come, what it guarantees until when, and the plots that a change asks to review."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from landbank.api import conditional
from landbank.api.json_body import PATCH, Body, described, read_body, read_model
from landbank.api.making_changes import Change, seen_version
from landbank.api.permits import permit
from landbank.api.plot_status import Text
from landbank.api.problems import known_parameters
from landbank.domain.codes import PlanningState
from landbank.domain.people import Permission
from landbank.services.change_plan import PlanChange, StoredPlan, change_plan, find_plan, plan_document
from landbank.store.idempotency import KeptAnswer
from landbank.store.plan_changes import Review
from landbank.wiring import Landbank

JSON = "application/json"
MOST_REVIEWS = 1_000


class PlanIn(Body):
    """What is to change of a plan; what is left out stays. Years compute the last day; an extension adds to it."""

    state: PlanningState | None = None
    adopted_on: date | None = None
    legal_force_on: date | None = None
    implementation_starts_on: date | None = None
    implementation_ends_on: date | None = None
    implementation_years: int | None = None
    extension_years: int | None = None
    is_correction: bool = False
    reason: Text | None = None

    def change(self) -> PlanChange:
        """The change as the service takes it."""
        told = dict(self)
        del told["reason"]
        return PlanChange(**told)


def router() -> APIRouter:
    """`/api/plans/{id}` and `/api/reviews`."""
    routes = APIRouter(prefix="/api", tags=["plans"])

    @routes.get(
        "/plans/{plan_id:int}",
        summary="A plan's course",
        dependencies=[permit(Permission.READ_PUBLIC), known_parameters()],
    )
    def get_plan(request: Request, plan_id: int) -> Response:
        """State, dates, what may follow, and until when the right to build is guaranteed."""
        landbank: Landbank = request.app.state.landbank
        with landbank.reading() as store:
            body, tag = tagged_plan(find_plan(store, plan_id))
        return conditional.answer(request, body, tag=tag, media_type=JSON)

    @routes.patch(
        "/plans/{plan_id:int}",
        summary="Change a plan's state or dates",
        dependencies=[permit(Permission.CHANGE_PLOT), known_parameters()],
        openapi_extra=described(PlanIn),
    )
    async def patch_plan(request: Request, plan_id: int) -> Response:
        """Move a plan on, in the national specification's order; its plots are offered for review. Needs If-Match."""
        return await run_in_threadpool(patched, request, plan_id, await read_body(request, PATCH))

    @routes.get(
        "/reviews",
        summary="Plots whose plan changed since they were last confirmed",
        dependencies=[permit(Permission.READ_PLANNING), known_parameters("municipality", "plan")],
    )
    def get_reviews(
        request: Request,
        municipality: Annotated[str | None, Query(pattern="^[0-9]{4}$")] = None,
        plan: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
    ) -> Response:
        """The longest waiting first; at most 1 000, and `is_complete` says whether that is all."""
        landbank: Landbank = request.app.state.landbank
        with landbank.reading() as store:
            found = store.plan_changes.reviews(
                municipality_code=municipality, plan_id=plan, limit=MOST_REVIEWS + 1
            )
        told = {
            "reviews": [review_document(one) for one in found[:MOST_REVIEWS]],
            "is_complete": len(found) <= MOST_REVIEWS,
        }
        return Response(orjson.dumps(told), media_type=JSON, headers={"Cache-Control": "no-store"})

    return routes


def patched(request: Request, plan_id: int, body: bytes) -> Response:
    """Change a plan."""
    version, told = seen_version(request), read_model(PlanIn, body)
    landbank: Landbank = request.app.state.landbank
    with landbank.reading() as store:
        code = find_plan(store, plan_id).municipality_code

    def make(store: Any, editing: Any) -> KeptAnswer:
        changed = change_plan(store, editing.actor, plan_id, version, change=told.change())
        document, tag = tagged_plan(changed.plan)
        answer = {"plan": orjson.Fragment(document), "etag": tag, "plots_to_review": list(changed.plots)}
        return KeptAnswer(200, {"Content-Type": JSON, "ETag": tag}, orjson.dumps(answer))

    return Change(request, body, told.reason).within(code, make)


def tagged_plan(plan: StoredPlan) -> tuple[bytes, str]:
    """A plan's document and its tag."""
    body = orjson.dumps(plan_document(plan))
    return body, conditional.strong_tag(body, plan.version)


def review_document(review: Review) -> dict[str, Any]:
    """A plot to look at, with what changed of its plan; a moved outline is said and not shown."""
    changes = {
        name: [None, None] if name == "geometry" else pair for name, pair in sorted(review.changes.items())
    }
    return {
        "plot_id": review.plot_id,
        "reference": review.reference,
        "name": review.name,
        "municipality_code": review.municipality_code,
        "plan_id": review.plan_id,
        "plan_reference": review.plan_reference,
        "changed_at": review.changed_at.isoformat(),
        "changes": changes,
    }
