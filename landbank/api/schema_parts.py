"""Parts that the schemas of answers are put together from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from landbank.domain.criteria import CRITERIA
from landbank.domain.criterion import Op
from landbank.domain.parties import Party

Schema = dict[str, Any]


def record(fields: Mapping[str, Any], *, optional: Sequence[str] = ()) -> Schema:
    """An object with these fields and no others."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [name for name in fields if name not in optional],
        "properties": dict(fields),
    }


def also(base: Schema, fields: Mapping[str, Any], *, optional: Sequence[str] = ()) -> Schema:
    """An object with the fields of another and some more."""
    missing = [name for name in base["properties"] if name not in base["required"]]
    return record({**base["properties"], **fields}, optional=(*missing, *optional))


def array(items: Schema) -> Schema:
    """A list of such values."""
    return {"type": "array", "items": items}


def either(schema: Schema) -> Schema:
    """The value, or null where it does not apply."""
    return {"anyOf": [schema, {"type": "null"}]}


def described(schema: Schema, text: str) -> Schema:
    """The schema with a description."""
    return {**schema, "description": text}


DAY: Final[Schema] = {"type": "string", "format": "date"}
NAME: Final[Schema] = {"type": "string"}
TEXT: Final[Schema] = {"type": "string", "description": "A sentence in the language asked."}
COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
POINTS: Final[Schema] = {"type": "number", "minimum": 0, "maximum": 100}
SHARE: Final[Schema] = {"type": "number", "minimum": 0, "maximum": 1}
NUMBER: Final[Schema] = {"type": "number"}
CRITERION: Final[Schema] = {"enum": list(CRITERIA)}
PARTY: Final[Schema] = {"enum": [str(party) for party in Party]}
UNIT: Final[Schema] = {"type": ["string", "null"]}
ANY_VALUE: Final[Schema] = {"type": ["number", "string", "boolean", "array", "null"]}
PLOT: Final[Schema] = record({"plot_id": COUNT, "reference": NAME})
COUNTS: Final[Schema] = record({"A": COUNT, "B": COUNT})

MUST: Final[Schema] = record(
    {
        "criterion": CRITERION,
        "op": {"enum": [str(op) for op in Op]},
        "threshold": {"type": ["number", "string", "boolean", "array"]},
        "conditional": {"const": True},
    },
    optional=("conditional",),
)
"""A must as it is written in a need."""

VALUE: Final[Schema] = record(
    {
        "value": ANY_VALUE,
        "unit": UNIT,
        "value_low": either(NUMBER),
        "value_high": either(NUMBER),
        "date": DAY,
    },
    optional=("value_low", "value_high", "date"),
)
"""What a plot holds: a value, or bounds of one that is not known exactly; for days late the day itself as well."""
