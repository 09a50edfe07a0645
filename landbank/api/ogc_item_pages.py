"""Items as pages for people: a table with a filter above it and a map beside it, and one item with all it holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from landbank.api.i18n import Language, Words
from landbank.api.ogc_pages import crumbs, frame_of, opened_pages, other_formats, page_address, title_of
from landbank.codelists.fields import load_fields
from landbank.domain.filter import Kind
from landbank.services.describe_collection import meaning_of
from landbank.store.collections import Collection

if TYPE_CHECKING:
    from landbank.api.ogc_writers import ItemsAnswer, OneItemAnswer

FIRST_COLUMNS = {
    "plots": ("reference", "name", "municipality_name", "area_name", "label", "area_m2", "planning_state"),
    "restrictions": ("kind", "is_blocking", "plot_reference", "municipality_code", "due_on"),
}
"""What the table shows of collections with many properties; of others the first ones."""
MOST_COLUMNS = 8
NOTHING = "–"


def items_page(
    request: Request, answer: ItemsAnswer, links: Sequence[dict[str, str]], headers: dict[str, str]
) -> HTMLResponse:
    """A page of items."""
    pages = opened_pages(request)
    asked, collection, page = answer.asked, answer.collection, answer.page
    words = pages.words[asked.language]
    names = table_columns(collection, answer.shown.names)
    given = dict(asked.query)
    base = f"/collections/{collection.name}"
    title = title_of(collection, words)
    html = pages.render(
        "ogc_items.html",
        frame_of(pages, asked, words.gettext("%(title)s: objekt") % {"title": title}, answer.moment),
        title=title,
        crumbs=crumbs(asked, words, ("/collections", words.gettext("Samlingar")), (base, title)),
        formats=other_formats(links),
        names=names,
        rows=[
            {
                "url": page_address(asked, f"{base}/items/{feature.key}"),
                "key": str(feature.key),
                "cells": [cell(feature.properties.get(name), words) for name in names],
            }
            for feature in page.features
        ],
        total=words.number(answer.number.value, 0),
        count=answer.number.value,
        is_exact=answer.number.is_exact,
        returned=len(page.features),
        next_url=next((one["href"] for one in links if one["rel"] == "next"), None),
        items_url=asked.url(f="json"),
        form={
            "action": f"{asked.address}{base}/items",
            "filter": given.get("filter", ""),
            "sortby": given.get("sortby", ""),
            "limit": str(answer.query.limit),
            "kept": [
                (name, value)
                for name, value in asked.query
                if name not in ("filter", "sortby", "limit", "next", "f", "lang")
            ],
        },
        sortables=collection.sortables,
        queryables_url=page_address(asked, f"{base}/queryables"),
        functions_url=page_address(asked, "/functions"),
        language=str(asked.language),
    )
    return HTMLResponse(html, headers=headers)


def item_page(
    request: Request, answer: OneItemAnswer, links: Sequence[dict[str, str]], headers: dict[str, str]
) -> HTMLResponse:
    """One item with all its properties."""
    pages = opened_pages(request)
    asked, collection, feature = answer.asked, answer.collection, answer.feature
    words = pages.words[asked.language]
    base = f"/collections/{collection.name}"
    title = f"{title_of(collection, words)} {feature.key}"
    html = pages.render(
        "ogc_item.html",
        frame_of(pages, asked, title, answer.moment),
        title=title,
        crumbs=crumbs(
            asked,
            words,
            ("/collections", words.gettext("Samlingar")),
            (base, title_of(collection, words)),
            (f"{base}/items", words.gettext("Objekt")),
        ),
        formats=other_formats(links),
        facts=[
            {
                "name": name,
                "meaning": meaning(collection, name, asked.language),
                "text": cell(value, words),
            }
            for name, value in feature.properties.items()
        ],
        has_place=feature.geometry is not None,
        items_url=asked.url(f="json", crs=None),
        about=[one for one in links if one["rel"] == "about" and one.get("hreflang") == str(asked.language)],
    )
    return HTMLResponse(html, headers=headers)


def table_columns(collection: Collection, chosen: Sequence[str] | None) -> list[str]:
    """The properties that the table shows: those asked for, else the most telling ones."""
    if chosen is not None:
        return list(chosen)
    first = FIRST_COLUMNS.get(collection.name)
    if first is not None:
        return list(first)
    rest = [
        one.name
        for one in collection.columns
        if one.name != collection.key_name and one.kind is not Kind.UUID
    ]
    return rest[:MOST_COLUMNS]


def meaning(collection: Collection, name: str, language: Language) -> str:
    """What a property means; empty where nothing is known of it."""
    known = meaning_of(collection, name, load_fields())
    if known is None:
        return ""
    text = known.sv if language is Language.SV else known.en
    return f"{text} ({known.unit})" if known.unit else text


def cell(value: Any, words: Words) -> str:
    """A value as people read it."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return words.gettext("ja") if value else words.gettext("nej")
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S %Z")
    if isinstance(value, date):
        return words.day(value)
    if isinstance(value, list):
        return ", ".join(map(str, value)) or NOTHING
    return words.number(value, 3) if isinstance(value, float) else str(value)
