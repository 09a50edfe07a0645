"""Plots that become others, over HTTP: split, merge and redraw, with everything that they hand on."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from landbank.api.json_body import Body, described, read_body, read_model
from landbank.api.making_changes import Change, finding_document, tagged_document
from landbank.api.permits import permit
from landbank.api.plot_status import Text
from landbank.api.problems import known_parameters
from landbank.domain.codes import LineageReason
from landbank.domain.handover import Choices
from landbank.domain.people import Permission
from landbank.domain.plot_content import escaped
from landbank.domain.plot_fields import NOUNS
from landbank.errors import Invalid
from landbank.services.redraw_plots import Redrawn, redraw_plots
from landbank.services.redraw_request import GroundChange, PartIn, Redrawing, Seen
from landbank.store.idempotency import KeptAnswer

Amount = Annotated[float, Field(ge=0)]
Destinations = dict[str, list[str] | dict[str, Amount]]
Id = Annotated[int, Field(ge=1, le=2**63 - 1)]


class SeenIn(Body):
    """A plot that is to be replaced, in the version that the caller saw."""

    id: Id
    row_version: Annotated[int, Field(ge=1)]


class PartBody(Body):
    """A plot that is to take a place: its reference, its outline in `crs`, and single values stated for it.

    A merge may leave the outline out: it is that of all plots together. `inherits` are the plots whose values and facts
    go on in it; left out, all that it has ground of.
    """

    reference: str
    crs: str | None = None
    geometry: dict[str, Any] | None = None
    values: dict[str, Any] = Field(default_factory=dict)
    inherits: list[Id] | None = None

    def part(self) -> PartIn:
        """The part as the service takes it."""
        inherits = None if self.inherits is None else tuple(self.inherits)
        return PartIn(self.reference, self.geometry, self.crs, self.values, inherits)


class ChoicesIn(Body):
    """Where facts and commitments go that don't go everywhere: by id, the references of the parts, or amounts."""

    uses: Destinations = Field(default_factory=dict)
    restrictions: Destinations = Field(default_factory=dict)
    utilities: Destinations = Field(default_factory=dict)
    accesses: Destinations = Field(default_factory=dict)
    prices: Destinations = Field(default_factory=dict)
    commitments: dict[str, list[str]] = Field(default_factory=dict)

    def choices(self) -> Choices:
        """The choices as the service takes them."""
        told = {noun: getattr(self, noun) for noun in NOUNS}
        facts = {
            noun: {
                read_number(fact, noun): dict.fromkeys(where) if isinstance(where, list) else dict(where)
                for fact, where in chosen.items()
            }
            for noun, chosen in told.items()
        }
        commitments = {
            read_number(number, "commitments"): tuple(where) for number, where in self.commitments.items()
        }
        return Choices(facts, commitments)


def read_number(told: str, name: str) -> int:
    """The number of a fact or a commitment, which stands as the name of a member."""
    if not told.isascii() or not told.isdecimal():
        raise Invalid(
            f"'{told[:40]}' is no number of a fact or commitment.", where=f"/choices/{name}/{escaped(told)}"
        )
    return int(told[:19])


class RedrawIn(Body):
    """Plots and the parts that take their place."""

    plots: Annotated[list[SeenIn], Field(min_length=1, max_length=200)]
    parts: Annotated[list[PartBody], Field(min_length=1, max_length=200)]
    choices: ChoicesIn = Field(default_factory=ChoicesIn)
    ground_left: Literal["released"] | None = None
    ground_added: Literal["added"] | None = None
    reason: Text

    def redrawing(self, kind: LineageReason) -> Redrawing:
        """The request as the service takes it."""
        return Redrawing(
            kind,
            tuple(Seen(one.id, one.row_version) for one in self.plots),
            tuple(one.part() for one in self.parts),
            self.choices.choices(),
            None if self.ground_left is None else GroundChange(self.ground_left),
            None if self.ground_added is None else GroundChange(self.ground_added),
        )


SUMMARIES = {
    LineageReason.SPLIT: "Split a plot",
    LineageReason.MERGE: "Merge plots",
    LineageReason.REDRAW: "Redraw the borders of plots",
}


def router() -> APIRouter:
    """`/api/plots/split`, `/merge` and `/redraw`."""
    routes = APIRouter(prefix="/api/plots", tags=["plots"])
    for kind, summary in SUMMARIES.items():
        routes.add_api_route(
            f"/{kind}",
            handler(kind),
            methods=["POST"],
            summary=summary,
            status_code=201,
            dependencies=[permit(Permission.CHANGE_PLOT), known_parameters()],
            openapi_extra=described(RedrawIn),
        )
    return routes


def handler(kind: LineageReason) -> Any:
    """The route of one kind."""

    async def post(request: Request) -> Response:
        """Let parts take the place of plots: areas reconcile, and what is not obvious is chosen, or it is refused."""
        return await run_in_threadpool(redraw, request, kind, await read_body(request))

    post.__name__ = f"post_{kind}"
    return post


def redraw(request: Request, kind: LineageReason, body: bytes) -> Response:
    """Carry out a redrawing."""
    told = read_model(RedrawIn, body)
    asked = told.redrawing(kind)
    return Change(request, body, told.reason).of_plot(
        told.plots[0].id, lambda store, editing: redrawn_answer(redraw_plots(store, editing, asked))
    )


def redrawn_answer(redrawn: Redrawn) -> KeptAnswer:
    """The new plots with their tags, those they replace, the areas compared, and what somebody should look at."""
    plots = [
        {"plot": document, "etag": tag} for document, tag in (tagged_document(plot) for plot in redrawn.plots)
    ]
    body = {
        "plots": plots,
        "replaced": list(redrawn.replaced),
        "ground": redrawn.ledger.as_members(),
        "findings": [finding_document(one) for one in redrawn.findings],
    }
    headers = {"Content-Type": "application/json"}
    if len(redrawn.plots) == 1:
        headers["Location"] = f"/api/plots/{redrawn.plots[0].id}"
    return KeptAnswer(201, headers, orjson.dumps(body))
