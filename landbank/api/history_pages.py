"""`/tomt/{id}/historik`: the page of all that happened to a plot, page by page, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from landbank.api.conditional import held_tag
from landbank.api.i18n import Language
from landbank.api.page_frame import ADDRESSES, HISTORY, Pages
from landbank.api.page_history import HistoryView, history_view
from landbank.api.page_labels import plot_name
from landbank.api.pages import answered, seen, tag_of, unchanged
from landbank.api.permits import actor_of, permit
from landbank.domain.people import Permission
from landbank.services.describe_history import describe_history
from landbank.store.unit import Store

EVENTS_ON_A_PAGE = 25
EVENTS_ON_THE_PLOT = 10


def page_router(pages: Pages) -> APIRouter:
    """The routes of the page."""
    routes = APIRouter(include_in_schema=False, dependencies=[permit(Permission.READ_PUBLIC)])
    for language in Language:
        routes.add_api_route(
            f"{ADDRESSES['plot'][language]}/{{plot_id}}/{HISTORY[language]}",
            page_handler(pages, language),
            methods=["GET", "HEAD"],
        )
    return routes


def page_handler(pages: Pages, language: Language) -> Callable[..., Response]:
    """The page in one language."""

    def history(
        request: Request, plot_id: int, fore: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None
    ) -> Response:
        words = pages.words[language]
        with request.app.state.landbank.reading() as store:
            tag = tag_of(pages, seen(pages, store.standing.inventory()), request)
            if (held := held_tag(request, tag)) is not None:
                return unchanged(held)
            told = describe_history(store.changes, plot_id, before=fore, limit=EVENTS_ON_A_PAGE)
        plot_url = f"{ADDRESSES['plot'][language]}/{plot_id}"
        own = f"{plot_url}/{HISTORY[language]}"
        identity = {"name": told.plot.name, "reference": told.plot.reference}
        title = words.gettext("Vad som har hänt med %(name)s") % {"name": plot_name(identity)}
        query = f"?fore={fore}" if fore is not None else ""
        other = Language.EN if language is Language.SV else Language.SV
        frame = pages.frame(
            "plot",
            language,
            f"{title} – landbank",
            tail=f"/{plot_id}/{HISTORY[language]}{query}",
            other_tail=f"/{plot_id}/{HISTORY[other]}{query}",
        )
        html = pages.render(
            "history.html",
            frame,
            name=plot_name(identity),
            place=", ".join(filter(None, (told.plot.area_name, told.plot.municipality_name))),
            plot_url=plot_url,
            history=history_view(
                told,
                words,
                plot_url,
                more_url=f"{own}?fore={told.events[-1].revision}" if told.events else "",
                is_planner=reads_planning(request),
            ),
            newest_url=own if fore is not None else "",
        )
        return answered(tag, html)

    return history


def reads_planning(request: Request) -> bool:
    """Whether whoever asks may read what is for planners."""
    return actor_of(request).may(Permission.READ_PLANNING)


def newest_of(store: Store, plot_id: int, pages: Pages, language: Language, request: Request) -> HistoryView:
    """The newest events of a plot for its own page, up to the moment that the page shows; `more_url` leads to all."""
    plot_url = f"{ADDRESSES['plot'][language]}/{plot_id}"
    before = None if store.moment is None else store.moment.revision + 1
    told = describe_history(store.changes, plot_id, before=before, limit=EVENTS_ON_THE_PLOT)
    return history_view(
        told,
        pages.words[language],
        plot_url,
        more_url=f"{plot_url}/{HISTORY[language]}",
        is_planner=reads_planning(request),
    )
