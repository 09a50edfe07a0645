"""The description of everything under /ogc in OpenAPI 3.0.3, made of the collections that there are.

FastAPI describes in 3.1, which OGC's class does not take, and can't know that each collection has parameters of its
own. Source: OGC 17-069r4, 9; OpenAPI Specification 3.0.3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from landbank.api.health import own_version
from landbank.api.moment import MEANINGS, PARAMETERS
from landbank.api.ogc_formats import GEOJSON, SCHEMA, Format
from landbank.api.ogc_geojson import Profile
from landbank.api.ogc_query import (
    LANGUAGES,
    MOST_ITEMS,
    MOST_SORT_KEYS,
    OF_ITEMS,
    OF_ONE_ITEM,
    USUAL_ITEMS,
    filterable,
)
from landbank.api.ogc_schemas import property_schema
from landbank.domain.filter import MOST_BYTES
from landbank.geo.named_crs import CRS84, NAMED
from landbank.store.collections import PLOTS, Collection

OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
PROBLEM = "application/problem+json"
_OF_SCHEMA = frozenset({"title", "type", "format", "enum", "items", "description"})
_PROBLEMS = {
    "400": "A parameter is unknown, or its value can't be used; `where` names it.",
    "404": "There is no such thing.",
    "406": "None of the accepted formats is written.",
    "410": "It has ended.",
    "500": "landbank failed; the log tells why under the request_id.",
    "503": "The database does not answer, or all hands are full; see Retry-After.",
}


def description(collections: Sequence[Collection], address: str) -> dict[str, Any]:
    """The document; `address` is the public one of /ogc."""
    paths: dict[str, Any] = {}
    for path, (summary, kind) in DOCUMENTS.items():
        paths[path] = {"get": _document(summary, kind)}
    for collection in collections:
        paths |= _paths_of(collection)
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "landbank: OGC API Features",
            "version": own_version(),
            "description": "Planned commercial land, its plans and restrictions, and reference layers.",
            "license": {"name": "EUPL-1.2"},
        },
        "servers": [{"url": address}],
        "tags": [
            {"name": "documents"},
            *({"name": one.name, "description": one.title} for one in collections),
        ],
        "paths": paths,
        "components": {
            "parameters": shared_parameters(),
            "responses": {f"Problem{status}": _problem(text) for status, text in _PROBLEMS.items()},
            "schemas": SCHEMAS,
        },
    }


DOCUMENTS: Mapping[str, tuple[str, str]] = {
    "/": ("Landing page", "application/json"),
    "/api": ("This description", OPENAPI),
    "/conformance": ("Conformance classes that are met", "application/json"),
    "/functions": ("Functions that filters may use", "application/json"),
    "/collections": ("All collections", "application/json"),
}


def _paths_of(collection: Collection) -> dict[str, Any]:
    base = f"/collections/{collection.name}"
    about = f"of {collection.title}"
    return {
        base: {"get": _document(f"Description {about}", "application/json", collection)},
        f"{base}/queryables": {"get": _document(f"What filters may speak of, {about}", SCHEMA, collection)},
        f"{base}/sortables": {"get": _document(f"What may be sorted by, {about}", SCHEMA, collection)},
        f"{base}/schema": {"get": _document(f"What an item holds, {about}", SCHEMA, collection)},
        f"{base}/items": {"get": _items(collection)},
        f"{base}/items/{{featureId}}": {"get": _item(collection)},
    }


def _document(summary: str, media_type: str, collection: Collection | None = None) -> dict[str, Any]:
    content = {media_type: {"schema": {"type": "object"}}, "text/html": {"schema": {"type": "string"}}}
    words = [word for word in summary.title() if word.isalnum()]
    return {
        "tags": [collection.name if collection else "documents"],
        "summary": summary,
        "operationId": f"{collection.name + '.' if collection else ''}{''.join(words)}",
        "parameters": [_shared("fDocument"), _shared("lang")],
        "responses": {
            "200": {"description": "The document.", "content": content},
            **_refusals("400", "404", "406"),
        },
    }


def _items(collection: Collection) -> dict[str, Any]:
    own = [_queryable(collection, name) for name in filterable(collection)]
    names = _names_of(collection, OF_ITEMS, ("properties", "exclude-properties", "sortby"))
    return {
        "tags": [collection.name],
        "summary": f"Items of {collection.title}",
        "description": collection.description,
        "operationId": f"{collection.name}.getItems",
        "parameters": [*map(_shared, names), *_selecting(collection), _sorting(collection), *own],
        "responses": {
            "200": {"description": "A page of items.", "headers": _HEADERS, "content": _items_content()},
            "304": {"description": "The caller's copy (If-None-Match) is still the right one."},
            **_refusals("400", "404", "406"),
        },
    }


def _names_of(collection: Collection, names: Sequence[str], apart: Sequence[str]) -> list[str]:
    """The shared parameters that the collection has; those `apart` are described otherwise."""
    left_out = (*apart, *(() if collection.has_past else PARAMETERS))
    return [name for name in names if name not in left_out]


def _item(collection: Collection) -> dict[str, Any]:
    kind = property_schema(collection, collection.key_name)
    key = {"name": "featureId", "in": "path", "required": True, "schema": {"type": kind["type"]}}
    names = _names_of(collection, OF_ONE_ITEM, ("f", "properties", "exclude-properties"))
    moved = (
        {"301": {"description": "Another plot stands in its place; see Location."}}
        if collection is PLOTS
        else {}
    )
    return {
        "tags": [collection.name],
        "summary": f"One item of {collection.title}",
        "operationId": f"{collection.name}.getItem",
        "parameters": [key, _shared("fItem"), *map(_shared, names), *_selecting(collection)],
        "responses": {
            "200": {
                "description": "The item.",
                "headers": {"Content-Crs": _HEADERS["Content-Crs"], "ETag": _HEADERS["ETag"]},
                "content": {
                    GEOJSON: {"schema": {"$ref": "#/components/schemas/Feature"}},
                    "text/html": {"schema": {"type": "string"}},
                },
            },
            "304": {"description": "The caller's copy (If-None-Match) is still the right one."},
            **moved,
            **_refusals("400", "404", "406", "410"),
        },
    }


def _items_content() -> dict[str, Any]:
    binary = {"schema": {"type": "string", "format": "binary"}}
    return {
        GEOJSON: {"schema": {"$ref": "#/components/schemas/FeatureCollection"}},
        "text/html": {"schema": {"type": "string"}},
        "text/csv": {"schema": {"type": "string"}},
        "application/flatgeobuf": binary,
        "application/vnd.apache.parquet": binary,
    }


def _refusals(*statuses: str) -> dict[str, Any]:
    named = (*statuses, "500", "503")
    return {status: {"$ref": f"#/components/responses/Problem{status}"} for status in named}


def _problem(text: str) -> dict[str, Any]:
    page = {"text/html": {"schema": {"type": "string"}}}
    problem = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": text, "content": problem | page}


def _shared(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/parameters/{name}"}


def _queryable(collection: Collection, name: str) -> dict[str, Any]:
    told = property_schema(collection, name)
    text = told.get("description", "")
    return {
        "name": name,
        "in": "query",
        "required": False,
        "style": "form",
        "explode": False,
        "description": f"Only items whose {name} has this value. {text}".strip(),
        "schema": {key: value for key, value in told.items() if key in _OF_SCHEMA - {"description", "title"}},
    }


def _list_parameter(name: str, text: str, names: Sequence[str], **more: Any) -> dict[str, Any]:
    kind = {"type": "array", "items": {"type": "string", "enum": list(names)}, **more}
    return {
        "name": name, "in": "query", "required": False, "style": "form", "explode": False, "description": text,
        "schema": kind,
    }  # fmt: skip


def _selecting(collection: Collection) -> list[dict[str, Any]]:
    every = [*collection.by_name, collection.geometry_name]
    return [
        _list_parameter("properties", "Only these properties; the geometry is one of them.", every),
        _list_parameter(
            "exclude-properties", "All properties but these; not together with `properties`.", every
        ),
    ]


def _sorting(collection: Collection) -> dict[str, Any]:
    names = [f"{sign}{name}" for name in collection.sortables for sign in ("", "+", "-")]
    text = "Sort by these, `-` for downwards; unknown values come last, ties go by id."
    return _list_parameter("sortby", text, names, minItems=1, maxItems=MOST_SORT_KEYS)


_HEADERS: dict[str, Any] = {
    "Content-Crs": {"description": "CRS of the coordinates.", "schema": {"type": "string"}},
    "ETag": {"description": "Tag of this answer.", "schema": {"type": "string"}},
    "OGC-NumberMatched": {"description": "As numberMatched.", "schema": {"type": "integer"}},
    "OGC-NumberReturned": {"description": "As numberReturned.", "schema": {"type": "integer"}},
    "Link": {"description": "The links of the page (RFC 8288).", "schema": {"type": "string"}},
}


def shared_parameters() -> dict[str, Any]:
    """The parameters that several operations have."""
    crs = {"type": "string", "format": "uri", "enum": list(NAMED), "default": CRS84.uri}
    numbers = {"type": "number"}
    made: dict[str, tuple[str, dict[str, Any]]] = {
        "f": ("Format of the answer.", {"type": "string", "enum": [str(one) for one in Format]}),
        "lang": ("Language of a page.", {"type": "string", "enum": ["sv", "en"]}),
        "profile": ("Profile of GeoJSON.", {"type": "string", "enum": [str(one) for one in Profile]}),
        "limit": (
            f"Most items on a page; {MOST_ITEMS} where more are asked for.",
            {"type": "integer", "minimum": 1, "maximum": MOST_ITEMS, "default": USUAL_ITEMS},
        ),
        "next": ("Where the page begins, from the link `next` of the page before.", {"type": "string"}),
        "bbox": (
            "Only items that touch this box.",
            {
                "oneOf": [
                    {"type": "array", "items": numbers, "minItems": count, "maxItems": count}
                    for count in (4, 6)
                ]
            },
        ),
        "bbox-crs": ("CRS of bbox.", crs),
        "datetime": (
            "A date, a time, or a period (from/to, `..` for an open end); only items that hold then.",
            {"type": "string"},
        ),
        "filter": (f"A condition in CQL2, at most {MOST_BYTES} bytes.", {"type": "string"}),
        "filter-lang": (
            "Language of the filter.",
            {"type": "string", "enum": list(LANGUAGES), "default": next(iter(LANGUAGES))},
        ),
        "filter-crs": ("CRS of the geometries in the filter.", crs),
        "crs": ("CRS of the answer.", crs),
        **{name: (meaning, {"type": "string"}) for name, meaning in MEANINGS.items()},
    }
    parameters = {name: _parameter(name, *told) for name, told in made.items()}
    parameters["bbox"] |= {"style": "form", "explode": False}
    formats = {"fItem": ["json", "html", "jsonfg"], "fDocument": ["json", "html"]}
    for name, values in formats.items():
        parameters[name] = _parameter("f", "Format of the answer.", {"type": "string", "enum": values})
    return parameters


def _parameter(name: str, text: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": text, "schema": schema}


_MOMENT: dict[str, Any] = {
    **{name: {"type": "string", "nullable": True, "description": text} for name, text in MEANINGS.items()},
    "inventory_revision": {"type": "integer", "description": "The changes that were accepted by then."},
}
"""What an answer about an earlier moment says of it."""
_LINKS = {"type": "array", "items": {"$ref": "#/components/schemas/Link"}}
SCHEMAS: dict[str, Any] = {
    "Link": {
        "type": "object",
        "required": ["href", "rel"],
        "properties": {name: {"type": "string"} for name in ("href", "rel", "type", "title", "hreflang")},
    },
    "Problem": {
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            **{
                name: {"type": "string"}
                for name in ("type", "title", "detail", "hint", "where", "request_id")
            },
            "status": {"type": "integer"},
        },
    },
    "Geometry": {
        "type": "object",
        "nullable": True,
        "required": ["type"],
        "properties": {"type": {"type": "string"}, "coordinates": {"type": "array", "items": {}}},
    },
    "Feature": {
        "type": "object",
        "required": ["type", "id", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": {"oneOf": [{"type": "integer"}, {"type": "string"}]},
            "geometry": {"$ref": "#/components/schemas/Geometry"},
            "properties": {"type": "object"},
            "links": _LINKS,
            **_MOMENT,
        },
    },
    "FeatureCollection": {
        "type": "object",
        "required": ["type", "features", "links", "timeStamp", "numberMatched", "numberReturned"],
        "properties": {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            "features": {"type": "array", "items": {"$ref": "#/components/schemas/Feature"}},
            "links": _LINKS,
            "timeStamp": {"type": "string", "format": "date-time"},
            "numberMatched": {"type": "integer", "minimum": 0},
            "numberReturned": {"type": "integer", "minimum": 0},
            **_MOMENT,
            "numberMatchedIsEstimate": {
                "type": "boolean",
                "description": "True where counting took too long and numberMatched is the database's estimate.",
            },
        },
    },
}
