"""`/tomt/{id}`: the page of one plot, now or as it was, in both languages; or what became of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from landbank.api.conditional import held_tag
from landbank.api.history_pages import newest_of
from landbank.api.i18n import Language
from landbank.api.moment import asked_of
from landbank.api.need_form import read_form
from landbank.api.page_answer import known_choices
from landbank.api.page_frame import ADDRESSES, VISITOR, Pages
from landbank.api.page_history import HistoryView
from landbank.api.page_labels import plot_name
from landbank.api.page_moment import PastNotice, day_form, past_notice
from landbank.api.page_plot import plot_view
from landbank.api.pages import answered, seen, tag_of, unchanged
from landbank.api.permits import actor_of, permit
from landbank.api.planner_paths import plot_url
from landbank.api.plot_work import WAYS, way_to
from landbank.codelists.fields import load_fields
from landbank.domain.moment import Asked
from landbank.domain.people import Permission
from landbank.errors import NotFound
from landbank.services.describe_plot import EndedPlot, PlotDescription, describe_plot
from landbank.store.unit import Store


def page_router(pages: Pages) -> APIRouter:
    """The routes of the page."""
    routes = APIRouter(include_in_schema=False, dependencies=[permit(Permission.READ_PUBLIC)])
    for language in Language:
        routes.add_api_route(
            ADDRESSES["plot"][language] + "/{plot_id}", plot_handler(pages, language), methods=["GET", "HEAD"]
        )
    return routes


def plot_handler(pages: Pages, language: Language) -> Callable[..., Response]:
    """The page of one plot in one language."""

    def plot(request: Request, plot_id: int) -> Response:
        words, asked = pages.words[language], asked_of(request)
        with request.app.state.landbank.reading(asked) as store:
            inventory = seen(pages, store.standing.inventory())
            tag = tag_of(pages, inventory, request)
            if (held := held_tag(request, tag)) is not None:
                return unchanged(held)
            told = describe_then(store, plot_id, asked)
            form = read_form(request.query_params.multi_items(), known_choices(store, words))
            fresh = store.key_facts.columns([plot_id]).freshness(load_fields().max_ages, inventory.today)
            history = newest_of(store, plot_id, pages, language, request)
        path, given = f"{ADDRESSES['plot'][language]}/{plot_id}", request.query_params.multi_items()
        past = past_notice(store.moment, words, path, given)
        query = f"?{request.url.query}" if request.url.query else ""
        if isinstance(told, EndedPlot):
            if told.moved_to is not None:
                return RedirectResponse(f"{ADDRESSES['plot'][language]}/{told.moved_to}{query}", 301)
            return answered(tag, ended_page(pages, language, told, history, past), status=410)
        view = plot_view(told, fresh[plot_id], words)
        html = pages.render(
            "plot.html",
            pages.frame(
                "plot",
                language,
                f"{view.name}, {view.place} – landbank",
                description=f"{view.name}, {view.place}: {view.label_text}.",
                tail=f"/{plot_id}{query}",
                kind="plot",
                past=past,
            ),
            plot=view,
            history=history,
            edit_url=edit_url(language, told.plot) if past is None else "",
            ways=ways_of(request, language, told) if past is None else {},
            certainty_url=ADDRESSES["quality"][language] + "#sakerhet",
            day_form=day_form(asked, inventory.today, path, given),
            back_url=ADDRESSES["search"][language] + (query if not form.errors else ""),
            latitude=words.fixed(float(view.latitude), 5),
            longitude=words.fixed(float(view.longitude), 5),
        )
        return answered(tag, html)

    return plot


def edit_url(language: Language, plot: Mapping[str, Any]) -> str:
    """The address of the plot's form, for who may change it; empty for everybody else."""
    visitor = VISITOR.get()
    may = visitor is not None and visitor.actor.may(Permission.CHANGE_PLOT, plot["municipality_code"])
    return plot_url(language, plot["plot_id"], "edit") if may else ""


def ways_of(request: Request, language: Language, told: PlotDescription) -> dict[str, str]:
    """The addresses of the pages that change the plot's ground, for who may change it; none for everybody else."""
    if not actor_of(request).may(Permission.CHANGE_PLOT, told.plot["municipality_code"]):
        return {}
    return {way: way_to(way, told.plot["plot_id"], language) for way in WAYS}


def describe_then(store: Store, plot_id: int, asked: Asked | None) -> PlotDescription | EndedPlot:
    """The plot at the moment that the transaction reads.

    Raises
    ------
    NotFound
        There never was such a plot, or not yet at that moment; then `where` names the moment's parameter.
    """
    try:
        return describe_plot(store.plot_pages, plot_id)
    except NotFound as error:
        if asked is None:
            raise
        raise NotFound(f"There was no plot {plot_id} as of {asked.text}.", where="as_of") from error


def ended_page(
    pages: Pages, language: Language, told: EndedPlot, history: HistoryView, past: PastNotice | None
) -> str:
    """The page of a plot that is not current any more."""
    words, path = pages.words[language], ADDRESSES["plot"][language]
    name = plot_name(told.plot)
    title = words.gettext("%(name)s finns inte längre") % {"name": name}
    return pages.render(
        "ended.html",
        pages.frame("plot", language, f"{title} – landbank", tail=f"/{told.plot['plot_id']}", past=past),
        name=name,
        municipality=told.plot["municipality_name"],
        day=words.day(told.plot["valid_to"]),
        successors=[{"url": f"{path}/{row['plot_id']}", "text": plot_name(row)} for row in told.successors],
        history=history,
    )
