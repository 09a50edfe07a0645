"""What may be filtered, sorted and shown of a collection, as JSON Schema; and the functions of filters.

Source: OGC API - Features - Part 3: Filtering, OGC 19-079r2, 6.2 and 8.6; OGC 23-058r2 for the roles.
"""

from __future__ import annotations

from typing import Any

from landbank.codelists.fields import load_fields
from landbank.domain.filter import Kind
from landbank.domain.filter_functions import FUNCTIONS
from landbank.services.describe_collection import Meaning, meaning_of
from landbank.store.collections import Collection

DRAFT = "https://json-schema.org/draft/2020-12/schema"
KINDS: dict[Kind, dict[str, Any]] = {
    Kind.TEXT: {"type": "string"},
    Kind.INTEGER: {"type": "integer"},
    Kind.NUMBER: {"type": "number"},
    Kind.BOOLEAN: {"type": "boolean"},
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.DATETIME: {"type": "string", "format": "date-time"},
    Kind.UUID: {"type": "string", "format": "uuid"},
    Kind.TEXTS: {"type": "array", "items": {"type": "string"}},
}
FUNCTION_TYPES = {
    Kind.TEXT: "string",
    Kind.INTEGER: "integer",
    Kind.NUMBER: "number",
    Kind.BOOLEAN: "boolean",
    Kind.DATE: "datetime",
    Kind.DATETIME: "datetime",
    Kind.GEOMETRY: "geometry",
    Kind.TEXTS: "string",
}


def queryables(collection: Collection, address: str, language: str = "en") -> dict[str, Any]:
    """The document of what filters may speak of; other names are refused."""
    properties = {one.name: property_schema(collection, one.name, language) for one in collection.columns}
    return _document(collection, address, {**properties, **_geometry(collection)})


def sortables(collection: Collection, address: str, language: str = "en") -> dict[str, Any]:
    """The document of what items may be sorted by."""
    return _document(
        collection,
        address,
        {name: property_schema(collection, name, language) for name in collection.sortables},
    )


def schema(collection: Collection, address: str, language: str = "en") -> dict[str, Any]:
    """The document of what an item holds, with the roles of its id, its geometry and its period."""
    told = queryables(collection, address, language)
    told["properties"][collection.key_name]["x-ogc-role"] = "id"
    for name, role in zip(collection.period or (), ("start", "end"), strict=False):
        told["properties"][name]["x-ogc-role"] = f"primary-interval-{role}"
    return told


def property_schema(collection: Collection, name: str, language: str = "en") -> dict[str, Any]:
    """One property: its type, what it means, its unit and its codes."""
    kind = collection.by_name[name].kind
    told: dict[str, Any] = {"title": name, **_copied(KINDS[kind])}
    meaning = meaning_of(collection, name, load_fields())
    if meaning is not None:
        told |= _meant(meaning, kind, language)
    return told


def codes_of(collection: Collection, name: str) -> tuple[str, ...]:
    """The values that a property may have, where these are a closed list."""
    meaning = meaning_of(collection, name, load_fields())
    return () if meaning is None else tuple(meaning.codes)


def _meant(meaning: Meaning, kind: Kind, language: str) -> dict[str, Any]:
    told: dict[str, Any] = {"description": meaning.sv if language == "sv" else meaning.en}
    if meaning.unit:
        told["x-ogc-unit"] = meaning.unit
    if meaning.codes and kind is Kind.TEXT:
        told["enum"] = list(meaning.codes)
    if meaning.codes and kind is Kind.TEXTS:
        told["items"] = {"type": "string", "enum": list(meaning.codes)}
    return told


def _copied(told: dict[str, Any]) -> dict[str, Any]:
    return {name: dict(value) if isinstance(value, dict) else value for name, value in told.items()}


def _geometry(collection: Collection) -> dict[str, Any]:
    told = {
        "title": collection.geometry_name,
        "format": f"geometry-{collection.geometry_kind}",
        "x-ogc-role": "primary-geometry",
    }
    return {collection.geometry_name: told}


def _document(collection: Collection, address: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "$schema": DRAFT,
        "$id": address,
        "type": "object",
        "title": collection.title,
        "description": collection.description,
        "properties": properties,
        "additionalProperties": False,
    }


def functions() -> dict[str, Any]:
    """The functions that filters may use."""
    return {
        "functions": [
            {
                "name": name,
                "description": function.meaning,
                "args": [{"type": _types(kinds)} for kinds in function.args],
                "returns": _types((function.gives,)),
            }
            for name, function in FUNCTIONS.items()
        ]
    }


def _types(kinds: tuple[Kind, ...]) -> list[str]:
    return list(dict.fromkeys(FUNCTION_TYPES[kind] for kind in kinds))
