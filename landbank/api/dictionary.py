"""The data dictionary over HTTP: as JSON for programs, as a page in both languages for people."""

from __future__ import annotations

from collections.abc import Callable

import orjson
from fastapi import APIRouter, Request, Response

from landbank.api.conditional import held_tag
from landbank.api.i18n import Language
from landbank.api.page_frame import ADDRESSES, Pages
from landbank.api.pages import answered, seen, tag_of, unchanged
from landbank.api.permits import permit
from landbank.codelists.fields import VIEW, load_fields
from landbank.domain.people import Permission
from landbank.services.describe_fields import TableEntry, as_json, describe_fields

TECHNICAL = frozenset({
    "event", "inventory", "plot_version", "plot_lineage", "seal", "history_head", "kept_answer",
    "person", "identity", "password", "totp", "recovery_code", "setup_link", "role_grant", "session", "api_key",
    "sign_in_attempt", "security_event", "check_finding", "quality_day", "follower", "mail", "mail_choice",
    "layer", "signing_key",
})  # fmt: skip
"""Tables that the page shows last: they are landbank's own bookkeeping."""


def router() -> APIRouter:
    """The dictionary as JSON."""
    routes = APIRouter(tags=["dictionary"], dependencies=[permit(Permission.READ_PUBLIC)])

    @routes.get("/api/dictionary", response_class=Response, summary="What every field means")
    def get_dictionary(request: Request) -> Response:
        """Each table and column with meaning, unit, code list, keeper and maximum age."""
        with request.app.state.landbank.reading() as store:
            told = describe_fields(store.schema.columns(), load_fields())
        return Response(orjson.dumps(as_json(told)), media_type="application/json")

    return routes


def page_router(pages: Pages) -> APIRouter:
    """The dictionary as a page, in both languages."""
    routes = APIRouter(include_in_schema=False, dependencies=[permit(Permission.READ_PUBLIC)])
    for language in Language:
        routes.add_api_route(
            ADDRESSES["dictionary"][language], page_handler(pages, language), methods=["GET", "HEAD"]
        )
    return routes


def page_handler(pages: Pages, language: Language) -> Callable[..., Response]:
    """The page in one language."""

    def dictionary(request: Request) -> Response:
        with request.app.state.landbank.reading() as store:
            inventory = seen(pages, store.standing.inventory())
            tag = tag_of(pages, inventory, request)
            if (held := held_tag(request, tag)) is not None:
                return unchanged(held)
            tables = describe_fields(store.schema.columns(), load_fields())
        title = pages.words[language].gettext("Datakatalog")
        frame = pages.frame("dictionary", language, f"{title} – landbank")
        html = pages.render(
            "dictionary.html", frame, tables=in_reading_order(tables), language=language.value
        )
        return answered(tag, html)

    return dictionary


def in_reading_order(tables: tuple[TableEntry, ...]) -> tuple[TableEntry, ...]:
    """The flat view first, bookkeeping last; `plot_version` is left to `plot`, whose fields it repeats."""
    shown = [table for table in tables if table.name != "plot_version"]
    return tuple(sorted(shown, key=lambda table: (table.name != VIEW, table.name in TECHNICAL)))
