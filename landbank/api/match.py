"""Matching over HTTP: the answer to a need, its form and the need's, and the catalogue of criteria."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from landbank.api.advice_words import AdviceWords
from landbank.api.answer_schema import ANSWER_ID, answer_schema
from landbank.api.i18n import Language
from landbank.api.languages import words_in
from landbank.api.moment import PARAMETERS, asked_moment
from landbank.api.need_in import read_need, read_owner
from landbank.api.need_schema import EXAMPLES, SCHEMA_ID, criteria_document, need_schema
from landbank.api.permits import permit
from landbank.api.problems import known_parameters
from landbank.domain.criteria import CRITERIA
from landbank.domain.moment import Asked
from landbank.domain.need import Need
from landbank.domain.people import Permission
from landbank.errors import Invalid
from landbank.services.advice_document import advised_document, advised_plot_document, owner_document
from landbank.services.advise_match import Advised, AdvisedPlot, advise_match, advise_owner, explain_in_full
from landbank.services.match_document import answer_document, as_json, match_document
from landbank.services.match_need import explain_plot, match_need
from landbank.store.unit import Store
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
    },
    "responses": {
        "200": {
            "description": f"An answer as {ANSWER_ID} describes it; GET /api/match/answer-schema.",
            "content": {JSON: {"schema": {"type": "object"}}},
        }
    },
}
OWNER_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": 'A plot and at least five needs: {"plot_id": 1, "needs": [...]}.',
        "content": {JSON: {"schema": {"type": "object"}}},
    }
}


class Detail(StrEnum):
    """How much is told: the ranked list alone, or all that there is to say about it."""

    PLAIN = "plain"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Asking:
    """How an answer is wanted, besides the need itself."""

    detail: Detail = Detail.FULL
    language: Language = Language.EN
    against: int | None = None
    costs: Mapping[str, float] = field(default_factory=dict)
    moment: Asked | None = None

    def __post_init__(self) -> None:
        if self.detail is Detail.PLAIN and (self.against is not None or self.costs):
            raise Invalid(
                "A plain answer tells no differences and no changes.",
                hint="Ask for detail=full, or leave `against` and `cost` out.",
                where="detail",
            )


def answer_to(landbank: Landbank, body: bytes, asking: Asking | None = None) -> bytes:
    """The answer to a need, both as JSON; the same need at the same revision and day gives the same bytes."""
    return as_json(answer_document_to(landbank, read_need(body), asking or Asking()))


def advised_answer(landbank: Landbank, store: Store, need: Need, asking: Asking) -> Advised:
    """The full answer to a need, as the transaction of `store` sees the inventory."""
    return advise_match(
        need,
        store.catalogue,
        landbank.columns,
        against=asking.against,
        costs=asking.costs,
        fitting=landbank.fitting(store),
        neighbours=landbank.neighbours,
    )


def answer_document_to(landbank: Landbank, need: Need, asking: Asking) -> dict[str, Any]:
    """The answer to a need as plain values."""
    with landbank.reading(asking.moment) as store:
        if asking.detail is Detail.PLAIN:
            return answer_document(
                match_need(need, store.catalogue, landbank.columns, landbank.fitting(store)), store.moment
            )
        advised = advised_answer(landbank, store, need, asking)
    return advised_document(advised, sentences(advised, asking.language), store.moment)


def plot_document_to(landbank: Landbank, need: Need, plot_id: int, asking: Asking) -> dict[str, Any]:
    """One plot's answer as plain values, wherever it ranks.

    Raises
    ------
    NotFound
        No current plot has this id.
    """
    with landbank.reading(asking.moment) as store:
        if asking.detail is Detail.PLAIN:
            found, named, asked = explain_plot(need, plot_id, store.catalogue, landbank.columns)
            return match_document(found, named, asked)
        advised = explain_in_full(
            need,
            plot_id,
            store.catalogue,
            landbank.columns,
            costs=asking.costs,
            fitting=landbank.fitting(store),
        )
    return advised_plot_document(advised, sentences(advised, asking.language))


def owner_answer(landbank: Landbank, body: bytes, language: Language) -> bytes:
    """What an owner is told of many needs, both as JSON."""
    asked = read_owner(body)
    with landbank.reading() as store:
        view, named = advise_owner(asked.plot_id, asked.needs, store.catalogue, landbank.columns)
        today = store.catalogue.stamp().day
    say = AdviceWords(words_in(language), Need(date=today), today, {view.plot_id: named})
    return as_json(owner_document(view, named, say))


def sentences(advised: Advised | AdvisedPlot, language: Language) -> AdviceWords:
    """The words for an answer, or for one plot's, in a language."""
    if isinstance(advised, AdvisedPlot):
        return AdviceWords(words_in(language), advised.need, advised.on, advised.names)
    answer = advised.matched.answer
    return AdviceWords(words_in(language), answer.need, answer.as_of, advised.matched.names)


def read_costs(given: Iterable[str]) -> dict[str, float]:
    """Costs of a unit by criterion, each written as criterion:amount.

    Raises
    ------
    Invalid
        One has another form, names no criterion that can be changed, or is no positive amount.
    """
    costs = {}
    for text in given:
        name, _, amount = text.partition(":")
        try:
            cost = float(amount)
        except ValueError:
            cost = 0.0
        if not 0 < cost < 1e12 or name not in CRITERIA or not CRITERIA[name].changed_by:
            changeable = ", ".join(one.id for one in CRITERIA.values() if one.changed_by)
            raise Invalid(
                f"The cost {text!r} can't be used.",
                hint=f"Give criterion:amount, for example power_mw:200, for one of {changeable}.",
                where="cost",
            )
        costs[name] = cost
    return costs


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

    @routes.post(
        "",
        openapi_extra=BODY,
        summary="Match a need",
        response_class=Response,
        dependencies=[known_parameters("detail", "lang", "against", *PARAMETERS, several=("cost",))],
    )
    async def post_match(
        request: Request,
        *,
        detail: Annotated[
            Detail,
            Query(
                description="`plain` gives the ranked list alone; `full` also what to relax, how sure it is, ..."
            ),
        ] = Detail.FULL,
        lang: Annotated[Language, Query(description="Language of the sentences (`text`).")] = Language.EN,
        against: Annotated[
            int | None,
            Query(description="Number of a plot: tells how far each shown plot is ahead of it (full)."),
        ] = None,
        cost: Annotated[
            list[str],
            Query(
                description="What a unit costs to change, as criterion:amount; for the cheapest pair of changes."
            ),
        ] = [],  # noqa: B006 - FastAPI takes the default as it is and never changes it
        asked: Annotated[Asked | None, Depends(asked_moment)],
    ) -> Response:
        """Rank the plots for a need, with every verdict, every point won and lost, and what to ask.

        The form of the answer is at /api/match/answer-schema.
        """
        asking = Asking(detail, lang, against, read_costs(cost), asked)
        body = await read_body(request)
        answer = await run_in_threadpool(answer_to, request.app.state.landbank, body, asking)
        return Response(answer, media_type=JSON, headers={"Cache-Control": "no-store"})

    @routes.post(
        "/owner", openapi_extra=OWNER_BODY, summary="What would suit more companies", response_class=Response
    )
    async def post_owner(
        request: Request,
        lang: Annotated[Language, Query(description="Language of the sentences (`text`).")] = Language.EN,
    ) -> Response:
        """What one change of a plot would open it to, over at least five needs; nothing is told of fewer together."""
        body = await read_body(request)
        answer = await run_in_threadpool(owner_answer, request.app.state.landbank, body, lang)
        return Response(answer, media_type=JSON, headers={"Cache-Control": "no-store"})

    add_documents(routes)
    return routes


def add_documents(routes: APIRouter) -> None:
    """The routes of what changes only with a release: the forms of needs and answers, and the criteria."""

    @routes.get("/answer-schema", summary="The form of an answer", response_class=Response)
    def get_answer_schema() -> Response:
        """The JSON Schema (2020-12) of what POST /api/match answers."""
        return published(answer_schema(), SCHEMA_JSON)

    @routes.get("/schema", summary="The form of a need", response_class=Response)
    def get_schema() -> Response:
        """The JSON Schema (2020-12) of a need, with examples."""
        return published(need_schema(), SCHEMA_JSON)

    @routes.get("/criteria", summary="What a need can ask for", response_class=Response)
    def get_criteria() -> Response:
        """The catalogue of criteria with units, operators and default value functions, and the templates."""
        return published(criteria_document(), JSON)


def published(document: dict[str, Any], media_type: str) -> Response:
    """A document that changes only with a release of landbank."""
    return Response(
        as_json(document), media_type=media_type, headers={"Cache-Control": "public, max-age=3600"}
    )
