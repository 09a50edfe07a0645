"""The published form of a need: a JSON Schema made from the catalogue of criteria, and the catalogue itself."""

from __future__ import annotations

from typing import Any

from landbank.domain.criteria import CRITERIA
from landbank.domain.criterion import Criterion, Kind, Op
from landbank.domain.fit.buildable import LARGEST_SET_BACK_M
from landbank.domain.fit.footprint import LARGEST_SIDE_M, SMALLEST_SIDE_M
from landbank.domain.fit.several import MOST_FOOTPRINTS
from landbank.domain.need import DEFAULT_MATCHES, MOST_MATCHES, MOST_PARTS, NEAR, WEIGHTS, Need
from landbank.domain.templates import TEMPLATE_LABELS, TEMPLATES, VERSION
from landbank.services.match_document import need_document

Schema = dict[str, Any]

SCHEMA_VERSION = "1.1"
SCHEMA_ID = f"urn:landbank:need:{SCHEMA_VERSION}"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
DAY: Schema = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}

EXAMPLES: tuple[Schema, ...] = (
    {
        "title": "Warehouse near the motorway",
        "musts": [
            {"criterion": "area_m2", "op": ">=", "threshold": 10000},
            {"criterion": "use", "op": "any_of", "threshold": ["J", "Z"]},
            {"criterion": "label", "op": "none_of", "threshold": ["sald", "ej_till_salu"]},
        ],
        "wishes": [
            {"criterion": "motorway_m", "points": [[1000, 1], [8000, 0]], "weight": "decisive"},
            {"criterion": "price_sek_per_m2", "points": [[200, 1], [900, 0]], "weight": "important"},
            {"criterion": "ready_by", "weight": "useful"},
        ],
    },
    {
        "title": "Plant that needs power by 2028",
        "date": "2028-01-01",
        "musts": [
            {"criterion": "use", "op": "any_of", "threshold": ["J"]},
            {"criterion": "power_mw", "op": ">=", "threshold": 1, "conditional": True},
        ],
        "wishes": [
            {"criterion": "power_mw", "points": [[1, 0], [10, 1]], "weight": "decisive"},
            {"criterion": "dwelling_distance_m", "weight": "useful"},
            {"criterion": "planning_state", "weight": 3},
        ],
        "limit": 10,
    },
    {"template": "logistics"},
    {
        "title": "Terminal of 120 x 60 m with a yard",
        "musts": [{"criterion": "use", "op": "any_of", "threshold": ["J", "Z"]}],
        "wishes": [{"criterion": "motorway_m", "weight": "decisive"}],
        "footprints": [
            {"width_m": 120, "depth_m": 60, "set_back_m": 6},
            {"width_m": 40, "depth_m": 40, "set_back_m": 6},
        ],
    },
    {
        "title": "Workshop with fibre in Göteborg or Mölndal",
        "musts": [
            {"criterion": "municipality", "op": "any_of", "threshold": ["1480", "1481"]},
            {"criterion": "area_m2", "op": "between", "threshold": [2000, 20000]},
        ],
        "wishes": [
            {"criterion": "fibre", "weight": "important"},
            {"criterion": "label", "points": [["ledig_nu", 1], ["ledig_senare", 0.5]], "weight": "important"},
        ],
        "limit": 5,
    },
    {
        "title": "Plant of class B on firm ground within 25 km of the port and 15 minutes of the motorway",
        "place": {"longitude": 11.84, "latitude": 57.69, "name": "Our quay"},
        "musts": [
            {"criterion": "place_km", "op": "<=", "threshold": 25},
            {"criterion": "environment_class", "op": "any_of", "threshold": ["B"]},
            {"criterion": "motorway_min", "op": "<=", "threshold": 15},
        ],
        "wishes": [
            {"criterion": "ground_kind", "weight": "important"},
            {"criterion": "flood_class", "weight": "important"},
            {"criterion": "lease_sek_per_m2_year", "points": [[5, 1], [60, 0]], "weight": "useful"},
            {"criterion": "confirmed_days", "weight": "nice"},
        ],
    },
)
"""Needs that the demo inventory has answers for."""


def need_schema() -> Schema:
    """The JSON Schema (2020-12) of a need."""
    return {
        "$schema": DIALECT,
        "$id": SCHEMA_ID,
        "title": "Need of business land / Behov av verksamhetsmark",
        "description": (
            "What a company must have and what it wishes for. A must is passed, failed or unknown; a wish gives"
            " points by a value function on a fixed scale, weighted against the other wishes."
        ),
        "type": "object",
        "additionalProperties": False,
        "properties": need_properties(),
        "$defs": {
            **{f"must_{one.id}": must_schema(one) for one in CRITERIA.values()},
            **{f"wish_{one.id}": wish_schema(one) for one in CRITERIA.values()},
            "weight": weight_schema(),
        },
        "examples": [dict(example) for example in EXAMPLES],
    }


def need_properties() -> Schema:
    """The fields of a need."""
    return {
        "title": {"type": "string", "maxLength": 200, "description": "A name of your own for the need."},
        "template": {
            "enum": list(TEMPLATES),
            "description": (
                f"A starting point (defaults version {VERSION}) that fills in title, musts and wishes where they"
                " are left out; the answer shows what it filled in."
            ),
        },
        "date": {**DAY, "description": "The day that the plot is needed; today if left out."},
        "place": place_schema(),
        "musts": {
            "type": "array",
            "maxItems": MOST_PARTS,
            "description": "Conditions / Krav.",
            "items": {"oneOf": [{"$ref": f"#/$defs/must_{name}"} for name in CRITERIA]},
        },
        "wishes": {
            "type": "array",
            "maxItems": MOST_PARTS,
            "description": "Wishes / Önskemål; at most one on a criterion.",
            "items": {"oneOf": [{"$ref": f"#/$defs/wish_{name}"} for name in CRITERIA]},
        },
        "footprints": footprints_schema(),
        "limit": {
            "type": "integer",
            "minimum": 1,
            "maximum": MOST_MATCHES,
            "default": DEFAULT_MATCHES,
            "description": "How many plots the answer explains.",
        },
    }


def place_schema() -> Schema:
    """The place that `place_km` is measured to."""
    return {
        "type": "object",
        "additionalProperties": False,
        "description": (
            f"What {NEAR} is measured to, in a straight line from each plot: the name of a port, terminal, junction or"
            " airport that landbank holds, or a point in degrees (WGS 84). Minutes to it can't be told."
        ),
        "properties": {
            "name": {"type": "string", "minLength": 1, "maxLength": 200},
            "longitude": {"type": "number", "minimum": -180, "maximum": 180},
            "latitude": {"type": "number", "minimum": -85, "maximum": 85},
        },
        "anyOf": [{"required": ["name"]}, {"required": ["longitude", "latitude"]}],
        "dependentRequired": {"longitude": ["latitude"], "latitude": ["longitude"]},
    }


def footprints_schema() -> Schema:
    """Buildings and yards that have to fit on the plot together."""
    side: Schema = {"type": "number", "minimum": SMALLEST_SIDE_M, "maximum": LARGEST_SIDE_M}
    return {
        "type": "array",
        "maxItems": MOST_FOOTPRINTS,
        "description": (
            f"Buildings and yards, together up to {MOST_FOOTPRINTS}, that have to fit on the plot at any angle /"
            " Byggnader som ska få plats. A must that is judged last, on the first plots of the answer."
        ),
        "items": {
            "type": "object",
            "additionalProperties": False,
            "required": ["width_m", "depth_m"],
            "properties": {
                "width_m": side,
                "depth_m": side,
                "set_back_m": {
                    "type": "number",
                    "minimum": 0,
                    "maximum": LARGEST_SET_BACK_M,
                    "default": 0,
                    "description": "Least distance to the plot's border.",
                },
                "count": {"type": "integer", "minimum": 1, "maximum": MOST_FOOTPRINTS, "default": 1},
            },
        },
    }


def must_schema(criterion: Criterion) -> Schema:
    """A must on one criterion."""
    forms = [
        {"properties": {"op": {"const": str(op)}, "threshold": threshold_schema(criterion, op)}}
        for op in criterion.operators
    ]
    return {
        "title": f"{criterion.label_en} / {criterion.label_sv}",
        "type": "object",
        "additionalProperties": False,
        "required": ["criterion", "op", "threshold"],
        "properties": {
            "criterion": {"const": criterion.id},
            "op": {"enum": [str(op) for op in criterion.operators]},
            "threshold": {"description": unit_note(criterion)},
            **conditional_schema(criterion),
        },
        "oneOf": forms,
    }


def threshold_schema(criterion: Criterion, op: Op) -> Schema:
    """What an operator compares with."""
    if op is Op.IS:
        return {"type": "boolean"}
    if op in (Op.ANY_OF, Op.NONE_OF):
        return {"type": "array", "minItems": 1, "items": code_schema(criterion)}
    if op is Op.BETWEEN:
        return {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
    return {"anyOf": [{"type": "number"}, DAY]} if criterion.kind is Kind.DAYS else {"type": "number"}


def code_schema(criterion: Criterion) -> Schema:
    """One code of a criterion."""
    if criterion.codes:
        return {"enum": [str(code) for code in criterion.codes]}
    return {"type": "string", "pattern": criterion.pattern}


def wish_schema(criterion: Criterion) -> Schema:
    """A wish for one criterion."""
    properties: Schema = {
        "criterion": {"const": criterion.id},
        "points": points_schema(criterion),
        "weight": {"$ref": "#/$defs/weight"},
        **conditional_schema(criterion),
    }
    return {
        "title": f"{criterion.label_en} / {criterion.label_sv}",
        "type": "object",
        "additionalProperties": False,
        "required": ["criterion"] if criterion.default else ["criterion", "points"],
        "properties": properties,
    }


def points_schema(criterion: Criterion) -> Schema:
    """The points of a value function."""
    if criterion.is_numeric:
        x: Schema = {"type": "number"}
        note = "[amount, value] with rising amounts; straight lines between them, level beyond the ends."
    elif criterion.kind is Kind.CLAIM:
        x, note = {"type": "boolean"}, "[true or false, value]; what is not named is worth 0."
    else:
        x, note = code_schema(criterion), "[code, value]; what is not named is worth 0."
    schema: Schema = {
        "type": "array",
        "minItems": 2 if criterion.is_numeric else 1,
        "maxItems": 50,
        "items": {
            "type": "array",
            "prefixItems": [x, {"type": "number", "minimum": 0, "maximum": 1}],
            "minItems": 2,
            "maxItems": 2,
        },
        "description": f"{note} {unit_note(criterion)}".strip(),
    }
    return schema | ({"default": default_points(criterion)} if criterion.default else {})


def default_points(criterion: Criterion) -> list[list[Any]]:
    """The points that a wish without any has."""
    return [[str(x) if isinstance(x, str) else x, v] for x, v in criterion.default]


def conditional_schema(criterion: Criterion) -> Schema:
    """The field `conditional`, where the criterion has it."""
    if not criterion.can_be_conditional:
        return {}
    return {
        "conditional": {
            "type": "boolean",
            "default": False,
            "description": "Count capacity that the operator has promised on conditions only, too.",
        }
    }


def weight_schema() -> Schema:
    """A weight word or number."""
    words = ", ".join(f"{word} = {amount:g}" for word, amount in WEIGHTS.items())
    return {
        "description": f"How much the step from value 0 to 1 counts: {words}, or a number.",
        "default": "useful",
        "oneOf": [
            {"enum": [str(word) for word in WEIGHTS]},
            {"type": "number", "exclusiveMinimum": 0, "maximum": 1_000_000},
        ],
    }


def unit_note(criterion: Criterion) -> str:
    """The unit in a sentence."""
    if criterion.kind is Kind.DAYS:
        return "Days late against the need's date, or a date."
    return f"In {criterion.unit}." if criterion.unit else ""


def criteria_document() -> Schema:
    """The catalogue of criteria and the templates, for forms."""
    return {
        "schema": SCHEMA_ID,
        "criteria": [criterion_document(criterion) for criterion in CRITERIA.values()],
        "weights": {str(word): amount for word, amount in WEIGHTS.items()},
        "templates_version": VERSION,
        "templates": [template_document(name, need) for name, need in TEMPLATES.items()],
    }


def criterion_document(criterion: Criterion) -> Schema:
    """One criterion."""
    return {
        "id": criterion.id,
        "kind": str(criterion.kind),
        "unit": criterion.unit,
        "label": {"sv": criterion.label_sv, "en": criterion.label_en},
        "operators": [str(op) for op in criterion.operators],
        "codes": [str(code) for code in criterion.codes] or None,
        "default_points": default_points(criterion) or None,
        "relaxable": not criterion.is_legal,
        "can_be_conditional": criterion.can_be_conditional,
    }


def template_document(name: str, need: Need) -> Schema:
    """One template with all that it fills in."""
    label_sv, label_en = TEMPLATE_LABELS[name]
    return {"id": name, "label": {"sv": label_sv, "en": label_en}, "need": need_document(need)}
