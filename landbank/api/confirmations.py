"""`POST /api/confirmations`: that the values of many plots still hold; first a preview, then the change."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, model_validator

from landbank.api.permits import actor_of, permit
from landbank.codelists.fields import load_fields
from landbank.domain.codes import AttributeClass
from landbank.domain.freshness import KEY_FACTS, key_max_ages, stale_marks
from landbank.domain.people import Permission
from landbank.errors import Invalid, Unconditional
from landbank.services.confirm_plots import (
    MOST_PLOTS,
    Confirmation,
    confirm_plots,
    preview_confirmation,
)
from landbank.store.unit import Store

PlotId = Annotated[int, Field(ge=1, le=2**63 - 1)]


class ConfirmationIn(BaseModel):
    """What is asked: plots by id, or a municipality's plots with stale values."""

    model_config = ConfigDict(extra="forbid")

    plot_ids: Annotated[list[PlotId] | None, Field(min_length=1, max_length=MOST_PLOTS)] = None
    stale_in: Annotated[str | None, Field(pattern=r"^\d{4}$", description="Municipality code.")] = None
    classes: Annotated[
        list[AttributeClass] | None,
        Field(min_length=1, description="Attribute classes; left out: all that is recorded."),
    ] = None
    apply: Annotated[bool, Field(description="Confirm; else only show what would be confirmed.")] = False
    digest: Annotated[str | None, Field(pattern=r"^[0-9a-f]{64}$", description="Of the preview.")] = None
    reason: Annotated[str | None, Field(max_length=500, pattern=r"^[^\x00-\x1f]*$")] = None

    @model_validator(mode="after")
    def name_the_plots_one_way(self) -> ConfirmationIn:
        """Refuse both ways, and none."""
        if (self.plot_ids is None) == (self.stale_in is None):
            raise ValueError("give either plot_ids or stale_in")
        return self


def router() -> APIRouter:
    """The route."""
    routes = APIRouter(tags=["planning"])

    @routes.post(
        "/api/confirmations",
        summary="Confirm that values of plots still hold",
        dependencies=[permit(Permission.CONFIRM)],
    )
    def post_confirmation(asked: ConfirmationIn, request: Request) -> dict[str, Any]:
        """Show what would be confirmed (`apply` false) with a digest; with `apply` and that digest, confirm it.

        Each plot gets one event. 428 without a digest, 409 where the plots changed since the preview, 403 for plots
        of another municipality; nothing is confirmed then.
        """
        landbank, actor = request.app.state.landbank, actor_of(request)
        with landbank.reading() as store:
            day = store.standing.inventory().today
            ids = asked.plot_ids if asked.plot_ids is not None else stale_plots(store, asked, day)
            told = preview_confirmation(
                store.confirmations, ids, actor=actor, fields=load_fields(), classes=asked.classes, day=day
            )
        if not asked.apply:
            return document(told, is_applied=False)
        if asked.digest is None:
            raise Unconditional(
                "To confirm, send the digest of the preview.",
                hint="Ask with apply false first.",
                where="digest",
            )
        codes = {plot.municipality_code for plot in told.plots}
        with landbank.changing(
            actor=actor,
            role=actor.role_in(min(codes)),
            municipality_code=min(codes) if len(codes) == 1 else None,
            request_id=request.state.request_id,
            reason=asked.reason or "confirmed unchanged",
        ) as store:
            done = confirm_plots(
                store.confirmations,
                ids,
                actor=actor,
                fields=load_fields(),
                classes=asked.classes,
                day=day,
                digest=asked.digest,
            )
        return document(done, is_applied=True)

    return routes


def stale_plots(store: Store, asked: ConfirmationIn, day: date) -> list[int]:
    """Ids of the municipality's plots with a stale value of the classes.

    Raises
    ------
    Invalid
        There are none, or more than can be confirmed at once.
    """
    ages = load_fields().max_ages
    columns = store.key_facts.columns(municipality_code=asked.stale_in)
    wanted = [asked.classes is None or key.attribute_class in asked.classes for key in KEY_FACTS]
    marks = stale_marks(columns.known, columns.age_days(day), key_max_ages(ages))[:, wanted]
    found: list[int] = columns.plot_id[marks.any(axis=1)].tolist()
    if not found:
        raise Invalid(
            "No plot of that municipality has a stale value of these classes.",
            hint="Nothing is left to confirm there today.",
            where="stale_in",
        )
    return found


def document(told: Confirmation, *, is_applied: bool) -> dict[str, Any]:
    """What is, or would be, confirmed, as JSON."""
    return {
        "applied": is_applied,
        "day": told.day.isoformat(),
        "classes": [str(one) for one in told.classes],
        "digest": told.digest,
        "count": len(told.plots),
        "plots": [
            {
                "plot_id": plot.plot_id,
                "reference": plot.reference,
                "name": plot.name,
                "municipality_code": plot.municipality_code,
                "row_version": plot.row_version,
                "values": [
                    {
                        "field": value.field,
                        "kind": value.kind,
                        "class": str(value.attribute_class),
                        "confirmed_on": value.confirmed_on.isoformat() if value.confirmed_on else None,
                        "stale": value.is_stale,
                    }
                    for value in plot.values
                ],
            }
            for plot in told.plots
        ],
    }
