"""The pages that people read: search and texts (a plot's own: plot_pages.py). They work without JavaScript, in Swedish
and in English."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import Markup

from landbank.api.conditional import held_tag
from landbank.api.form_fields import FIELDS
from landbank.api.i18n import Language, Words
from landbank.api.moment import asked_of
from landbank.api.need_form import SAID, NeedForm, query_of, read_form
from landbank.api.page_answer import Found, enquiries, find, known_choices, search_content
from landbank.api.page_enquiry import Enquiries, is_to_be_read
from landbank.api.page_frame import ADDRESSES, Pages
from landbank.api.page_labels import LABEL_ORDER
from landbank.api.page_moment import PastNotice, past_notice
from landbank.api.permits import permit
from landbank.codelists import terms
from landbank.domain.people import Permission
from landbank.errors import Invalid, LandbankError
from landbank.store.standing import Inventory
from landbank.wiring import Landbank

Handler = Callable[..., Response]


def router(pages: Pages) -> APIRouter:
    """The routes of all pages, each in both languages."""
    routes = APIRouter(include_in_schema=False, dependencies=[permit(Permission.READ_PUBLIC)])
    for language in Language:
        routes.add_api_route(
            ADDRESSES["search"][language], search_handler(pages, language), methods=["GET", "HEAD"]
        )
        for name in ("about", "accessibility"):
            routes.add_api_route(
                ADDRESSES[name][language], text_handler(pages, language, name), methods=["GET", "HEAD"]
            )
    routes.add_api_route("/favicon.ico", icon_handler(pages), methods=["GET", "HEAD"])
    return routes


def icon_handler(pages: Pages) -> Handler:
    """Where browsers look for the icon when what they show names none, as with JSON."""
    address = pages.static("icon.svg")

    def icon() -> Response:
        return RedirectResponse(address, 302)

    return icon


def unbuilt_router(fault: LandbankError) -> APIRouter:
    """In the pages' place where the web assets were never built: what is missing and what to do."""
    routes = APIRouter(include_in_schema=False, dependencies=[permit(Permission.READ_PUBLIC)])

    def refuse() -> Response:
        raise fault

    for addresses in ADDRESSES.values():
        for address in addresses.values():
            routes.add_api_route(address, refuse, methods=["GET", "HEAD"])
    return routes


def search_handler(pages: Pages, language: Language) -> Handler:
    """The search page in one language; the same address gives JSON to the page's script."""

    def search(request: Request) -> Response:
        words, wants_json = pages.words[language], asks_for_json(request)
        with request.app.state.landbank.reading(asked_of(request)) as store:
            inventory = seen(pages, store.standing.inventory())
            tag = tag_of(pages, inventory, request)
            if (held := held_tag(request, tag)) is not None:
                return unchanged(held)
            form = read_form(request.query_params.multi_items(), known_choices(store, words))
            if is_to_be_read(request.query_params) and SAID not in form.errors:
                return as_read(enquiries(store, words, ADDRESSES["search"][language]), form)
            if form.errors and wants_json:
                raise refusal(form, words)
            landbank: Landbank = request.app.state.landbank
            found = find(
                store,
                landbank.columns,
                form,
                words,
                ADDRESSES["search"][language],
                fitting=landbank.fitting(store),
                neighbours=landbank.neighbours,
            )
        if wants_json:
            return answered(tag, orjson.dumps(json_of(pages, language, found)), "application/json")
        past = past_notice(
            store.moment, words, ADDRESSES["search"][language], request.query_params.multi_items()
        )
        html = search_page(pages, language, found, request, past)
        return answered(tag, html, status=400 if form.errors else 200)

    return search


def as_read(enquiries: Enquiries, form: NeedForm) -> Response:
    """The way on to the address that holds all that a text was understood to ask for."""
    address = enquiries.action + query_of(enquiries.filled_in(form))
    return RedirectResponse(f"{address}#forstatt", 303, headers={"Cache-Control": "no-cache"})


def refusal(form: NeedForm, words: Words) -> Invalid:
    """The form's errors as one, for the script, which then lets the page show them beside their fields."""
    told = " ".join(f"{name}: {words.gettext(text)}" for name, text in form.errors.items())
    return Invalid(told, where=next(iter(form.errors)))


def search_page(
    pages: Pages, language: Language, found: Found, request: Request, past: PastNotice | None
) -> str:
    """The search page's HTML."""
    frame = pages.frame(
        "search",
        language,
        found.results.title,
        tail=f"?{request.url.query}" if request.url.query else "",
        kind="search",
        past=past,
    )
    content = search_content(found)
    legend = [{"code": code, "text": terms("public_label")[code].label(language)} for code in LABEL_ORDER]
    return pages.render(
        "search.html", frame, legend=legend, map_json=json_block({"ranks": found.results.ranks}), **content
    )


def json_of(pages: Pages, language: Language, found: Found) -> dict[str, Any]:
    """What the page's script needs after a search: the match answer, and the list as HTML."""
    content = search_content(found)
    template = pages.environments[language].get_template("_results.html")
    notes: Any = pages.environments[language].get_template("_note.html").module
    return {
        **found.document,
        "list_html": template.render(**content),
        "title": found.results.title,
        "status": found.results.status,
        "map_toggle": found.results.map_toggle,
        "live_counts": found.live_counts,
        "notes": {one.name: notes.note_of(found.notes.get(one.name)) for one in FIELDS},
        "ranks": found.results.ranks,
    }


def text_handler(pages: Pages, language: Language, name: str) -> Handler:
    """A page of running text in one language."""

    def text(request: Request) -> Response:
        with request.app.state.landbank.reading() as store:
            seen(pages, store.standing.inventory())
        settings = request.app.state.landbank.settings
        words = pages.words[language]
        titles = {
            "about": words.gettext("Om landbank"),
            "accessibility": words.gettext("Tillgänglighetsredogörelse"),
        }
        frame = pages.frame(name, language, f"{titles[name]} – landbank")
        labels = [terms("public_label")[code] for code in LABEL_ORDER]
        html = pages.render(
            f"{name}.{language}.html",
            frame,
            labels=labels,
            operator=settings.operator,
            mail=settings.operator_email,
        )
        return HTMLResponse(html, headers={"Cache-Control": "no-cache"})

    return text


def seen(pages: Pages, inventory: Inventory) -> Inventory:
    """The inventory, remembered for pages that are made without a database."""
    pages.latest = inventory
    return inventory


def asks_for_json(request: Request) -> bool:
    """Whether the page's script asks, and not a browser that shows a page."""
    accept = request.headers.get("accept", "")
    return "application/json" in accept and "text/html" not in accept


def tag_of(pages: Pages, inventory: Inventory, request: Request) -> str:
    """A strong validator: revision, day, templates, and which representation of which address."""
    told = (
        inventory.revision,
        inventory.today,
        pages.version,
        request.url.path,
        request.url.query,
        asks_for_json(request),
    )
    return f'"{hashlib.sha256(repr(told).encode()).hexdigest()[:24]}"'


def unchanged(held: str) -> Response:
    """An answer without a body: what the asker holds under this tag is still right."""
    return Response(status_code=304, headers=caching(held))


def answered(tag: str, body: str | bytes, media_type: str = "text/html", status: int = 200) -> Response:
    """A whole answer; an answer to an error is kept by nobody."""
    headers = caching(tag) if status == 200 else {"Cache-Control": "no-store", "Vary": "Accept"}
    if media_type == "text/html":
        return HTMLResponse(body, status, headers=headers)
    return Response(body, status, media_type=media_type, headers=headers)


def caching(tag: str) -> dict[str, str]:
    """A page may be kept, but is asked about each time."""
    return {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept, Cookie"}


def json_block(value: Any) -> Markup:
    """JSON that can stand inside a script element: nothing in it can end the element."""
    text = orjson.dumps(value).decode()
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704 - every sign that HTML reads is written as an escape of JSON
