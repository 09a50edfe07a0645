"""The documents under /ogc as pages for people: what there is, what may be asked, and how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse

from landbank.api.conformance import STANDARDS
from landbank.api.i18n import N_, Language, Words
from landbank.api.moment import PARAMETERS
from landbank.api.ogc_answers import Asked
from landbank.api.page_frame import Frame, Pages
from landbank.api.page_moment import past_notice
from landbank.api.pages import seen
from landbank.domain.moment import Moment
from landbank.store.collections import Collection

TITLES: Mapping[str, str] = {
    "plots": N_("Tomter"),
    "plans": N_("Planer"),
    "restrictions": N_("Begränsningar"),
    "municipalities": N_("Kommuner"),
    "parks": N_("Verksamhetsområden"),
    "infrastructure": N_("Infrastruktur"),
}
TEXTS: Mapping[str, str] = {
    "plots": N_(
        "Planerade verksamhetstomter med sina uppgifter; en tomt utan känd gräns visas som en punkt."
    ),
    "plans": N_("Detaljplaner, och äldre slag, som avgör hur tomter får användas."),
    "restrictions": N_(
        "Vad som nu hindrar eller villkorar användningen av tomter, vart och ett på tomtens plats."
    ),
    "municipalities": N_("Kommunerna som för sin mark i landbank."),
    "parks": N_("Grupper av tomter med ett gemensamt namn."),
    "infrastructure": N_("Platser i transportnätet som avstånd mäts till."),
}
PAGES: Mapping[str, str] = {
    "landing": N_("Öppna data"),
    "api": N_("Gränssnittet"),
    "conformance": N_("Standarder som uppfylls"),
    "functions": N_("Funktioner i filter"),
    "collections": N_("Samlingar"),
    "collection": "",
    "schema": "",
}
SCHEMA_TITLES: Mapping[str, str] = {
    "queryables": N_("Vad ett filter kan fråga om"),
    "sortables": N_("Vad det går att sortera efter"),
    "schema": N_("Vad ett objekt innehåller"),
}


def opened_pages(request: Request) -> Pages:
    """The pages of this process, which know of the inventory that they speak of."""
    pages: Pages = request.app.state.pages
    with request.app.state.landbank.reading() as store:
        seen(pages, store.standing.inventory())
    return pages


def title_of(collection: Collection, words: Words) -> str:
    """What a collection is called on a page; a reference layer's title is its owner's."""
    return words.gettext(TITLES[collection.name]) if collection.layer_id is None else collection.title


def text_of(collection: Collection, words: Words) -> str:
    """What a collection is, in a sentence."""
    if collection.layer_id is None:
        return words.gettext(TEXTS[collection.name])
    told = words.gettext("Referenslager.")
    return f"{told} {collection.attribution}" if collection.attribution else told


def frame_of(pages: Pages, asked: Asked, title: str, moment: Moment | None = None) -> Frame:
    """The frame of a page under /ogc; the other language is a parameter of the same address."""
    other = Language.EN if asked.language is Language.SV else Language.SV
    return pages.frame(
        "ogc",
        asked.language,
        f"{title} – landbank",
        own_url=asked.here,
        other_url=asked.url(lang=str(other)),
        past=past_notice(moment, pages.words[asked.language], asked.own_path, asked.query),
    )


def page_title(page: str, words: Words) -> str:
    """The title of one of the fixed pages."""
    text = PAGES[page]
    return words.gettext(text) if text else ""


def crumbs(asked: Asked, words: Words, *steps: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to a page: address and text of each step, from the landing page on."""
    return [
        (page_address(asked, ""), page_title("landing", words)),
        *((page_address(asked, path), text) for path, text in steps),
    ]


def document_page(
    request: Request,
    asked: Asked,
    page: str,
    told: dict[str, Any],
    *,
    links: Sequence[dict[str, str]],
    headers: dict[str, str],
    **view: Any,
) -> HTMLResponse:
    """The page of a document."""
    pages = opened_pages(request)
    words = pages.words[asked.language]
    collection: Collection | None = view.get("collection")
    title = page_title(page, words)
    steps: list[tuple[str, str]] = []
    if collection is not None:
        steps = [("/collections", page_title("collections", words))]
        title = title_of(collection, words)
        if page == "schema":
            steps.append((f"/collections/{collection.name}", title))
            heading = SCHEMA_TITLES[view["what"]]
            title = words.gettext(heading)
    html = pages.render(
        f"ogc_{page}.html",
        frame_of(pages, asked, title),
        title=title,
        crumbs=crumbs(asked, words, *steps) if page != "landing" else [],
        formats=other_formats(links),
        told=told,
        standards=STANDARDS,
        language=str(asked.language),
        named=lambda one: title_of(one, words),
        described=lambda one: text_of(one, words),
        address=lambda path: page_address(asked, path),
        **view,
    )
    return HTMLResponse(html, headers=headers)


def page_address(asked: Asked, path: str) -> str:
    """The address of another page under /ogc in the same language; of the query items keep the moment, nothing else."""
    moment = [(name, value) for name, value in asked.query if name in PARAMETERS] if "/items" in path else []
    return f"{asked.address}{path}?{urlencode([('lang', str(asked.language)), *moment])}"


def other_formats(links: Sequence[dict[str, str]]) -> list[tuple[str, str]]:
    """Address and name of each format that a page is there in too."""
    return [
        (one["href"], one["title"].removeprefix("This document as "))
        for one in links
        if one["rel"] == "alternate"
    ]
