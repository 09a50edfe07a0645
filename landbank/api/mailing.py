"""What an office chooses for its mail: the weekly list or not, and the language. Whoever holds the letter may choose.

Source: RFC 8058, 3.2: a mail program stops a list by one POST with `List-Unsubscribe=One-Click`, without a question.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import HTMLResponse

from landbank.api.i18n import Language
from landbank.api.page_frame import ADDRESSES, Pages
from landbank.api.pages import seen
from landbank.api.permits import permit
from landbank.domain.people import Permission
from landbank.errors import NotFound
from landbank.jobs import stop_tokens
from landbank.store.mails import Office
from landbank.store.unit import Store
from landbank.wiring import Landbank

Token = Annotated[str, Query(alias="t", max_length=200, description="The token of the letter's link.")]


def page_router(pages: Pages) -> APIRouter:
    """The page in both languages, to be read and to be sent."""
    routes = APIRouter(include_in_schema=False, dependencies=[permit(Permission.READ_PUBLIC)])
    for language in Language:
        address = ADDRESSES["mailing"][language]
        routes.add_api_route(address, show_handler(pages, language), methods=["GET", "HEAD"])
        routes.add_api_route(address, choose_handler(pages, language), methods=["POST"])
    return routes


def show_handler(pages: Pages, language: Language) -> Callable[..., Response]:
    """The page with the present choice."""

    def show(request: Request, token: Token = "") -> Response:
        landbank = request.app.state.landbank
        with landbank.reading() as store:
            seen(pages, store.standing.inventory())
            office = office_of(landbank, store, token)
        return page_of(pages, language, office, token, is_saved=False)

    return show


def choose_handler(pages: Pages, language: Language) -> Callable[..., Response]:
    """Keep a choice, and show it."""

    def choose(
        request: Request,
        token: Token = "",
        weekly: Annotated[Literal["send", "stop"] | None, Form(alias="veckolista")] = None,
        chosen: Annotated[Language | None, Form(alias="sprak")] = None,
        one_click: Annotated[str | None, Form(alias="List-Unsubscribe", max_length=40)] = None,
    ) -> Response:
        landbank = request.app.state.landbank
        with landbank.upkeep() as store:
            seen(pages, store.standing.inventory())
            office = office_of(landbank, store, token)
            stops = weekly == "stop" or (weekly is None and one_click is not None)
            keeps = weekly is None and one_click is None
            today = store.standing.inventory().today
            store.mails.choose(
                office.contact_id,
                language=chosen or office.language,
                weekly_stopped_on=office.weekly_stopped_at if keeps else today if stops else None,
            )
            office = office_of(landbank, store, token)
        return page_of(pages, language, office, token, is_saved=True)

    return choose


def office_of(landbank: Landbank, store: Store, token: str) -> Office:
    """The office that a token was made for.

    Raises
    ------
    NotFound
        It is no token of ours, or the office gets no mail any more.
    """
    found = store.mails.office(stop_tokens(landbank.settings).contact_of(token))
    if found is None:
        raise NotFound("This office gets no mail from landbank any more.", where="t")
    return found


def page_of(pages: Pages, language: Language, office: Office, token: str, *, is_saved: bool) -> Response:
    """The page; it names the office and never its address, and nobody keeps or indexes it."""
    words = pages.words[language]
    title = words.gettext("Utskick från landbank")
    frame = pages.frame("mailing", language, f"{title} – landbank", tail=f"?t={token}")
    html = pages.render(
        "mailing.html",
        frame,
        title=title,
        action=f"{ADDRESSES['mailing'][language]}?t={token}",
        office=f"{office.title}, {office.municipality_name}",
        is_stopped=office.weekly_stopped_at is not None,
        stopped_on=words.day(office.weekly_stopped_at.date()) if office.weekly_stopped_at else "",
        chosen=office.language,
        is_saved=is_saved,
    )
    return HTMLResponse(html, headers={"Cache-Control": "no-store", "X-Robots-Tag": "noindex"})
