"""The published form of a plot's document: a JSON Schema made from the fields that the check itself reads."""

from __future__ import annotations

from typing import Any

from landbank.codelists.fields import FieldCatalogue, load_fields
from landbank.domain.plot_content import ELECTRIC_UNITS
from landbank.domain.plot_fields import (
    MOST_FACTS,
    NOUNS,
    PLOT_FIELDS,
    READ_ONLY,
    SOURCE_FIELDS,
    SOURCED,
    Field,
    Kind,
)
from landbank.geo.plausible import OTHER_SYSTEMS

Schema = dict[str, Any]

SCHEMA_ID = "urn:landbank:plot:1.0"
SCHEMA_JSON = "application/schema+json"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
DAY = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"

EXAMPLE_PATCH: Schema = {
    "height_max_m": 18,
    "height_basis": "ground",
    "sources": {"height_max_m": {"source": "Plankarta", "confirmed_on": "2026-11-20"}},
}
"""A patch of two values, one with its own source."""


def plot_schema() -> Schema:
    """The JSON Schema (2020-12) of a plot's document."""
    fields = load_fields()
    position: Schema = {"type": "array", "items": {"type": "number"}, "minItems": 2}
    own = {field.name: with_meaning(fields, "plot", field) for field in PLOT_FIELDS}
    return {
        "$schema": DIALECT,
        "$id": SCHEMA_ID,
        "title": "Plot / Tomt",
        "description": (
            "A plot as GET /api/plots/{id} shows it and PUT takes it; PATCH takes a JSON Merge Patch of it (RFC 7396)."
            " What is null or left out is unknown. A fact of a list keeps its id while it stays as it is; one without"
            " an id is new; one that is left out ends. What is read only may be sent back as it was read."
        ),
        "type": "object",
        "additionalProperties": False,
        "required": ["reference"],
        "properties": {
            **{name: read_only(fields, name) for name in READ_ONLY if name != "recorded_at"},
            **own,
            "crs": {
                "description": "System of the coordinates, x before y; needed wherever ground is stated.",
                "enum": [f"EPSG:{code}" for code in OTHER_SYSTEMS],
            },
            "geometry": {
                "description": "Outline: a GeoJSON Polygon or MultiPolygon; null where only the place is known.",
                "anyOf": [{"type": "null"}, {"$ref": "#/$defs/outline"}],
            },
            "location": {
                "description": "A place inside the outline, landbank's own; stated only for a plot without an outline.",
                "type": "object",
                "required": ["type", "coordinates"],
                "properties": {"type": {"const": "Point"}, "coordinates": position},
            },
            **{name: {"$ref": f"#/$defs/{name}"} for name in NOUNS},
            "sources": {
                "description": "Where single values come from, by field, where it differs from the plot's `source`.",
                "type": "object",
                "propertyNames": {"enum": sorted(SOURCED)},
                "additionalProperties": {"$ref": "#/$defs/source"},
            },
        },
        "$defs": {
            **{name: noun_schema(fields, name) for name in NOUNS},
            "source": object_schema(fields, "value_source", SOURCE_FIELDS),
            "outline": {
                "type": "object",
                "required": ["type", "coordinates"],
                "properties": {
                    "type": {"enum": ["Polygon", "MultiPolygon"]},
                    "coordinates": {"type": "array", "minItems": 1},
                },
            },
        },
    }


def noun_schema(fields: FieldCatalogue, name: str) -> Schema:
    """The list of one kind of facts."""
    noun = NOUNS[name]
    item: Schema = object_schema(fields, noun.table, noun.fields)
    own_id: Schema = {"id": {"type": ["integer", "null"], "minimum": 1}}
    item["properties"] = own_id | item["properties"]
    if name == "utilities":
        item["if"] = {"properties": {"kind": {"const": "el"}}}
        item["then"] = {"properties": {"capacity_unit": {"enum": [None, *ELECTRIC_UNITS]}}}
    return {
        "description": fields.tables[noun.table][1],
        "type": ["array", "null"],
        "maxItems": MOST_FACTS,
        "items": item,
    }


def object_schema(fields: FieldCatalogue, table: str, listed: tuple[Field, ...]) -> Schema:
    """An object of fields."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [field.name for field in listed if field.is_required],
        "properties": {field.name: with_meaning(fields, table, field) for field in listed},
    }


def with_meaning(fields: FieldCatalogue, table: str, field: Field) -> Schema:
    """A field's schema with its meaning from the data dictionary."""
    told = fields.field(table, field.name)
    unit = f" Unit: {told.unit}." if told.unit else ""
    return {"description": f"{told.meaning_en}.{unit}", **field_schema(field)}


def field_schema(field: Field) -> Schema:
    """What values a field takes; null too, unless it is required."""
    forms: dict[Kind, Schema] = {
        Kind.TEXT: {"type": "string", "minLength": 1, "maxLength": field.longest},
        Kind.ADDRESS: {"type": "string", "pattern": "^https?://", "maxLength": field.longest},
        Kind.TEXTS: {
            "type": "array",
            "maxItems": MOST_FACTS,
            "items": {"type": "string", "minLength": 1, "maxLength": field.longest},
        },
        Kind.CODE: {"enum": list(field.codes)},
        Kind.CODES: {"type": "array", "items": {"enum": list(field.codes)}},
        Kind.NUMBER: {"type": "number", "minimum": field.least, "maximum": field.most},
        Kind.ID: {"type": "integer", "minimum": 1},
        Kind.DAY: {"type": "string", "format": "date", "pattern": DAY},
        Kind.PAST: {"type": "string", "format": "date", "pattern": DAY},
        Kind.CLAIM: {"type": "boolean"},
    }
    told = forms[field.kind]
    if field.is_required:
        return told
    if "enum" in told:
        return {"enum": [*told["enum"], None]}
    return told | {"type": [told["type"], "null"]}


def read_only(fields: FieldCatalogue, name: str) -> Schema:
    """A member that landbank keeps, or that changes in another way."""
    meaning = fields.field("plot", name).meaning_en
    way = {"availability": "status", "availability_until": "status", "readiness": "status"}.get(name)
    return {
        "description": f"{meaning}." + (f" Changes by POST /api/plots/{{id}}/{way}." if way else ""),
        "readOnly": True,
    }
