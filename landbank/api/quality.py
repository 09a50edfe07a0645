"""The quality of each municipality's inventory, public: as a page and as JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Request, Response

from landbank.api.conditional import answer, strong_tag
from landbank.api.i18n import Language
from landbank.api.page_frame import ADDRESSES, Pages
from landbank.api.page_quality import quality_view
from landbank.api.pages import answered, seen
from landbank.api.permits import permit
from landbank.api.problems import known_parameters
from landbank.codelists.fields import load_fields
from landbank.domain.people import Permission
from landbank.errors import NotFound
from landbank.services.tell_quality import QualityReport, quality_document, tell_quality
from landbank.store.unit import Store

Code = Annotated[
    str | None, Query(alias="kommun", pattern=r"^(\d{4})?$", description="Whose course by week is shown.")
]


def router() -> APIRouter:
    """The report for programs."""
    routes = APIRouter(
        tags=["quality"], dependencies=[permit(Permission.READ_PUBLIC), known_parameters("kommun")]
    )

    @routes.get("/api/quality", response_class=Response, summary="Quality of each municipality's inventory")
    def get_quality(request: Request, municipality_code: Code = None) -> Response:
        """Score, shares and counts of each municipality, of all together, and by week; the formula stands in it."""
        with request.app.state.landbank.reading() as store:
            body = orjson.dumps(quality_document(report_of(store, municipality_code or None)))
        return answer(request, body, tag=strong_tag(body), media_type="application/json")

    return routes


def page_router(pages: Pages) -> APIRouter:
    """The report as a page, in both languages."""
    routes = APIRouter(include_in_schema=False, dependencies=[permit(Permission.READ_PUBLIC)])
    for language in Language:
        routes.add_api_route(
            ADDRESSES["quality"][language], page_handler(pages, language), methods=["GET", "HEAD"]
        )
    return routes


def page_handler(pages: Pages, language: Language) -> Callable[..., Response]:
    """The page in one language."""

    def quality(request: Request, municipality_code: Code = None) -> Response:
        words, code = pages.words[language], municipality_code or None
        with request.app.state.landbank.reading() as store:
            seen(pages, store.standing.inventory())
            report = report_of(store, code)
            names = store.standing.municipalities()
        view = quality_view(
            report,
            words,
            names=names,
            code=code,
            action=ADDRESSES["quality"][language],
            fields=load_fields(),
        )
        tail = f"?kommun={code}" if code else ""
        frame = pages.frame("quality", language, f"{view.title} – landbank", tail=tail, kind="numbers")
        html = pages.render("quality.html", frame, quality=view, search_url=ADDRESSES["search"][language])
        return answered(strong_tag(html.encode()), html)

    return quality


def report_of(store: Store, municipality_code: str | None) -> QualityReport:
    """The report within one transaction.

    Raises
    ------
    NotFound
        There is no such municipality.
    """
    names = store.standing.municipalities()
    if municipality_code is not None and municipality_code not in names:
        raise NotFound(f"The inventory knows no municipality '{municipality_code}'.", where="kommun")
    return tell_quality(
        store.quality,
        names,
        today=store.standing.inventory().today,
        municipality_code=municipality_code,
    )
