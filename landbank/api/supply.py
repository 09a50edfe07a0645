"""The supply of land: gross, net, usable and ready now, as page, JSON and CSV, for everything or for a search."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import orjson
from fastapi import APIRouter, Request, Response

from landbank.api.conditional import answer, strong_tag
from landbank.api.downloads import ranking_of, read_search
from landbank.api.i18n import Language
from landbank.api.need_form import NeedForm, query_of, read_form
from landbank.api.page_answer import known_choices
from landbank.api.page_frame import ADDRESSES, Pages
from landbank.api.page_supply import supply_view
from landbank.api.pages import answered, seen
from landbank.api.permits import permit
from landbank.domain.people import Permission
from landbank.exchange.cells import defused
from landbank.services.account_supply import (
    SUPPLY_HEADS,
    Supply,
    account_supply,
    supply_document,
    supply_rows,
)
from landbank.store.unit import Store
from landbank.wiring import Landbank

Handler = Callable[..., Response]


def router() -> APIRouter:
    """The account for programs."""
    routes = APIRouter(tags=["supply"], dependencies=[permit(Permission.READ_PUBLIC)])

    @routes.get("/api/supply", response_class=Response, summary="Gross, net, usable and ready land")
    def get_supply(request: Request) -> Response:
        """The account of a search's plots (parameters as on the search page), or of all current plots.

        Every square metre stands in one part; the parts add up to the step `gross`.
        """
        supply = supply_of(request)
        body = orjson.dumps(supply_document(supply))
        return answer(request, body, tag=strong_tag(body), media_type="application/json")

    @routes.get("/api/supply.csv", response_class=Response, summary="The same as CSV")
    def get_supply_csv(request: Request) -> Response:
        """Steps and parts, the region first, then each municipality; UTF-8 with BOM, decimal point."""
        supply = supply_of(request)
        body = csv_of(supply)
        name = f'attachment; filename="landbank-supply-{supply.day}-r{supply.revision}.csv"'
        headers = {"Content-Disposition": name}
        return answer(
            request, body, tag=strong_tag(body), media_type="text/csv; charset=utf-8", headers=headers
        )

    return routes


def page_router(pages: Pages) -> APIRouter:
    """The account as a page, in both languages."""
    routes = APIRouter(include_in_schema=False, dependencies=[permit(Permission.READ_PUBLIC)])
    for language in Language:
        routes.add_api_route(
            ADDRESSES["supply"][language], page_handler(pages, language), methods=["GET", "HEAD"]
        )
    return routes


def page_handler(pages: Pages, language: Language) -> Handler:
    """The page in one language."""

    def supply(request: Request) -> Response:
        landbank, words = request.app.state.landbank, pages.words[language]
        with landbank.reading() as store:
            seen(pages, store.standing.inventory())
            form = read_form(request.query_params.multi_items(), known_choices(store, words))
            used = NeedForm() if form.errors else form
            told = chosen_supply(landbank, store, used)
            names = store.standing.municipalities()
        view = supply_view(
            told,
            used,
            names=names,
            words=words,
            action=ADDRESSES["supply"][language],
            search=ADDRESSES["search"][language],
        )
        query = query_of(used)
        frame = pages.frame("supply", language, f"{view.title} – landbank", tail=query, kind="numbers")
        html = pages.render("supply.html", frame, supply=view, refused=bool(form.errors), query=query)
        return answered(strong_tag(html.encode()), html, status=400 if form.errors else 200)

    return supply


def supply_of(request: Request) -> Supply:
    """The account that the request asks for.

    Raises
    ------
    Invalid
        A parameter is unknown or its value can't be used.
    """
    landbank = request.app.state.landbank
    with landbank.reading() as store:
        return chosen_supply(landbank, store, read_search(request.query_params.multi_items(), store))


def chosen_supply(landbank: Landbank, store: Store, form: NeedForm) -> Supply:
    """The account of the plots that the search's export would hold, within one transaction."""
    columns = landbank.columns.of(store.catalogue)
    ranking = ranking_of(form, columns)
    ids = None if ranking is None else [ranked.plot_id for ranked in ranking]
    return account_supply(columns, store.standing.municipalities(), ids)


def csv_of(supply: Supply) -> bytes:
    """The account after RFC 4180, with a byte order mark so that spreadsheets read it as UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(SUPPLY_HEADS)
    for row in supply_rows(supply):
        writer.writerow([defused(cell) if isinstance(cell, str) else cell for cell in row])
    return text.getvalue().encode("utf-8-sig")
