"""OGC API Features, its fixed parts: landing page, conformance, collections and what may be asked of them.

Source: OGC API - Features - Part 1: Core, OGC 17-069r4; Part 2, 18-058r1; Part 3, 19-079r2.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request, Response

from landbank.api import ogc_items, ogc_pages
from landbank.api.conformance import conformance
from landbank.api.links import link, public_address
from landbank.api.ogc_answers import (
    RELATIONS,
    Asked,
    asked_of,
    caching,
    document_types,
    format_links,
    json_answer,
    link_header,
)
from landbank.api.ogc_formats import ITEM_TYPES, SCHEMA, Format, format_of, of_document, of_items
from landbank.api.ogc_openapi import OPENAPI, description
from landbank.api.ogc_query import parameters
from landbank.api.ogc_schemas import functions, queryables, schema, sortables
from landbank.api.permits import permit
from landbank.domain.people import Permission
from landbank.geo.named_crs import CRS84, NAMED, STORED
from landbank.store.collections import Collection

OF_DOCUMENT = ("f", "lang")
Schemas = Callable[[Collection, str, str], dict[str, Any]]
OF_COLLECTION: dict[str, Schemas] = {"queryables": queryables, "sortables": sortables, "schema": schema}
"""Documents below a collection."""


def router() -> APIRouter:
    """Everything under `/ogc`."""
    routes = APIRouter(prefix="/ogc", dependencies=[permit(Permission.READ_PUBLIC)])
    answers: dict[str, Callable[..., Response]] = {
        "": landing,
        "/": landing,
        "/api": api,
        "/conformance": told_conformance,
        "/functions": told_functions,
        "/collections": collections,
        "/collections/{name}": one_collection,
        **{f"/collections/{{name}}/{what}": below(what) for what in OF_COLLECTION},
    }
    for path, answer in answers.items():
        routes.add_api_route(path, answer, methods=["GET", "HEAD"], include_in_schema=False)
    routes.include_router(ogc_items.router())
    return routes


def answered(
    request: Request,
    asked: Asked,
    told: dict[str, Any],
    page: str,
    *,
    media_type: str = "application/json",
    **view: Any,
) -> Response:
    """A document as JSON, or as the page of that name; its links say so."""
    chosen = format_of(request, of_document(request))
    parameters(request, OF_DOCUMENT)
    links = format_links(asked, chosen, of_document(request), document_types(media_type))
    headers = {**caching(), **link_header([*links, *view.pop("more_links", [])])}
    if "links" in told:
        told = {**told, "links": [*links, *told["links"]]}
    if chosen is Format.HTML:
        return ogc_pages.document_page(request, asked, page, told, links=links, headers=headers, **view)
    return json_answer(told, headers, media_type)


def landing(request: Request) -> Response:
    """What there is and where it starts."""
    asked = asked_of(request)
    site = public_address(request)
    told = {
        "title": "landbank",
        "description": "Planned commercial land, its plans and restrictions, and reference layers.",
        "links": [
            link(
                f"{asked.address}/api?f=json",
                "service-desc",
                OPENAPI,
                "Description of the interface (OpenAPI 3.0)",
            ),
            link(f"{asked.address}/api?f=html", "service-doc", "text/html", "Description of the interface"),
            link(f"{asked.address}/conformance", "conformance", title="Standards that are met"),
            link(f"{asked.address}/collections", "data", title="Collections"),
            link(
                f"{asked.address}/functions", f"{RELATIONS}functions", title="Functions that filters may use"
            ),
            link(f"{site}/tiles/plots", "related", title="Vector tiles of the plots (TileJSON)"),
        ],
    }
    return answered(request, asked, told, "landing")


def api(request: Request) -> Response:
    """The OpenAPI description (3.0) of everything under /ogc."""
    asked = asked_of(request)
    with request.app.state.landbank.reading() as store:
        shown = store.collections.all(planning=asked.sees_planning)
    return answered(request, asked, description(shown, asked.address), "api", media_type=OPENAPI)


def told_conformance(request: Request) -> Response:
    """The conformance classes of OGC standards that landbank meets."""
    return answered(request, asked_of(request), {"conformsTo": conformance()}, "conformance")


def told_functions(request: Request) -> Response:
    """The functions that filters may use."""
    return answered(request, asked_of(request), functions(), "functions")


def collections(request: Request) -> Response:
    """The collections with their extents and links."""
    asked = asked_of(request)
    with request.app.state.landbank.reading() as store:
        shown = store.collections.all(planning=asked.sees_planning)
    told = {
        "links": [],
        "crs": list(NAMED),
        "collections": [describe(collection, asked, request) for collection in shown],
    }
    return answered(request, asked, told, "collections", shown=shown)


def one_collection(request: Request, name: str) -> Response:
    """A collection with its extent and links."""
    asked = asked_of(request, name)
    collection = find(request, asked, name)
    told = describe(collection, asked, request)
    own = [one for one in told["links"] if one["rel"] != "self"]
    return answered(
        request,
        asked,
        {**told, "links": own},
        "collection",
        collection=collection,
        more_links=schema_links(told),
    )


def below(what: str) -> Callable[..., Response]:
    """The answer to one of the documents below a collection."""
    made = OF_COLLECTION[what]

    def answer(request: Request, name: str) -> Response:
        asked = asked_of(request, name)
        collection = find(request, asked, name)
        told = made(collection, f"{asked.address}/collections/{collection.name}/{what}", asked.language)
        return answered(request, asked, told, "schema", media_type=SCHEMA, collection=collection, what=what)

    return answer


def find(request: Request, asked: Asked, name: str) -> Collection:
    """The collection of that name, as far as whoever asks may see it."""
    with request.app.state.landbank.reading() as store:
        found: Collection = store.collections.find(name, planning=asked.sees_planning)
    return found


def items_links(here: str, collection: Collection, request: Request) -> list[dict[str, str]]:
    """A link to the items in each format, GeoJSON first."""
    return [
        link(
            f"{here}/items?f={one}",
            "items",
            ITEM_TYPES[one].split(";")[0],
            title=f"{collection.title}, {one}",
        )
        for one in of_items(request)
        if one is not Format.JSONFG
    ]


def schema_links(told: dict[str, Any]) -> list[dict[str, str]]:
    """The links to what may be filtered and sorted by."""
    return [one for one in told["links"] if one["rel"].startswith(RELATIONS)]


def describe(collection: Collection, asked: Asked, request: Request) -> dict[str, Any]:
    """A collection as its metadata document has it."""
    here = f"{asked.address}/collections/{collection.name}"
    sides = collection.extent or request.app.state.landbank.settings.extent
    extent: dict[str, Any] = {"spatial": {"bbox": [list(sides)], "crs": CRS84.uri}}
    if collection.period is not None:
        extent["temporal"] = {"interval": [[None, None]]}
    told = {
        "id": collection.name,
        "title": collection.title,
        "description": collection.description,
        "attribution": collection.attribution,
        "itemType": "feature",
        "extent": extent,
        "crs": list(NAMED),
        "storageCrs": STORED[collection.storage_srid].uri,
        "defaultSortOrder": [collection.key_name],
        "links": [
            link(here, "self", title="This document"),
            *items_links(here, collection, request),
            link(f"{here}/queryables", f"{RELATIONS}queryables", SCHEMA, title="What filters may speak of"),
            link(f"{here}/sortables", f"{RELATIONS}sortables", SCHEMA, title="What may be sorted by"),
            link(f"{here}/schema", f"{RELATIONS}schema", SCHEMA, title="What an item holds"),
        ],
    }
    return {name: value for name, value in told.items() if value is not None}
