"""CQL2 JSON read into the same tree as CQL2 text; every fault is told with its path (a JSON pointer).

Source: OGC 21-065r2, 8.3 and annex C (JSON Schema).
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

from landbank.domain.filter import (
    LOGICAL,
    MOST_BYTES,
    MOST_DEPTH,
    Array,
    Call,
    Kind,
    Literal,
    Node,
    Property,
    fault,
    refuse_large,
)
from landbank.domain.filter_shapes import box_of, shape_of_geojson
from landbank.domain.filter_text import LARGEST_WHOLE, interval_of, text_literal
from landbank.domain.filter_times import moment_literal
from landbank.domain.filter_words import character
from landbank.errors import Invalid

MOST_BRACKETS = 64
"""Most brackets and braces inside one another; the operators among them are counted apart."""


def read_json(text: str) -> Node:
    """The tree of a filter in CQL2 JSON.

    Raises
    ------
    Invalid
        It is none: what is wrong, and at which path; or it is too long, too deep or asks too much.
    """
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MOST_BYTES:
        raise Invalid(
            f"The filter has {size} bytes; at most {MOST_BYTES} are read.",
            hint="Ask in fewer words.",
            where="filter",
        )
    _refuse_deep(text)
    try:
        told = json.loads(text, parse_constant=_no_number, object_pairs_hook=_no_repetition)
    except ValueError as error:
        raise Invalid(f"The filter is no JSON: {error}.", where="filter") from error
    root = _node(told, "", 1)
    refuse_large(root)
    return root


def _refuse_deep(text: str) -> None:
    depth, quoted, escaped = 0, False, False
    for place, sign in enumerate(text):
        if quoted:
            quoted, escaped = (sign != '"' or escaped), sign == "\\" and not escaped
        else:
            quoted = sign == '"'
            depth += (sign in "[{") - (sign in "]}")
        if depth > MOST_BRACKETS:
            raise fault(f"more than {MOST_BRACKETS} brackets stand inside one another.", character(place))


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no number")


def _no_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("an object names a member twice")
    return made


def path(at: str) -> str:
    """A place in the filter as a JSON pointer, for people."""
    return f"filter, {at or '/'}"


def _node(told: Any, at: str, depth: int) -> Node:
    shown = path(at)
    if depth > 2 * MOST_DEPTH:
        raise fault(f"more than {MOST_DEPTH} operators stand inside one another.", shown)
    if isinstance(told, bool):
        return Literal(told, Kind.BOOLEAN, shown)
    if isinstance(told, int | float):
        return _number(told, shown)
    if isinstance(told, str):
        return text_literal(told, shown)
    if isinstance(told, list):
        return Array(tuple(_node(one, f"{at}/{place}", depth + 1) for place, one in enumerate(told)), shown)
    if isinstance(told, dict):
        return _object(told, at, depth)
    raise fault("null is no value.", shown, hint='Ask with {"op": "isNull", "args": [...]}.')


def _number(value: float, at: str) -> Literal:
    if isinstance(value, int) and abs(value) <= LARGEST_WHOLE:
        return Literal(value, Kind.INTEGER, at)
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise fault("the number is too large.", at)
    return Literal(number, Kind.NUMBER, at)


def _object(told: dict[str, Any], at: str, depth: int) -> Node:
    shown = path(at)
    if "op" in told:
        return _call(told, at, depth)
    if "coordinates" in told or "geometries" in told:
        return shape_of_geojson(told, shown)
    if len(told) == 1:
        member, value = next(iter(told.items()))
        read = _MEMBERS.get(member)
        if read is not None:
            return read(value, f"{at}/{member}", depth)
    raise fault(
        "this object is nothing that CQL2 knows.",
        shown,
        hint="Known: op, property, date, timestamp, interval, bbox.",
    )


def _call(told: dict[str, Any], at: str, depth: int) -> Node:
    op, args = told["op"], told.get("args")
    if set(told) != {"op", "args"} or not isinstance(op, str) or not isinstance(args, list):
        raise fault("an operator has the members op, a text, and args, a list, and no others.", path(at))
    made = tuple(_node(one, f"{at}/args/{place}", depth + 1) for place, one in enumerate(args))
    name = op.lower()
    if name in LOGICAL - {"not"} and len(made) < 2:
        raise fault(f"'{name}' joins at least two conditions.", path(at))
    return Call(name, made, path(at))


def _text(value: Any, at: str) -> str:
    if not isinstance(value, str):
        raise fault("this must be a text.", path(at))
    return str(text_literal(value, path(at)).value)


def _property(value: Any, at: str, _depth: int) -> Node:
    return Property(_text(value, at), path(at))


def _date(value: Any, at: str, _depth: int) -> Node:
    return moment_literal(_text(value, at), Kind.DATE, path(at))


def _timestamp(value: Any, at: str, _depth: int) -> Node:
    return moment_literal(_text(value, at), Kind.DATETIME, path(at))


def _interval(value: Any, at: str, depth: int) -> Node:
    if not isinstance(value, list):
        raise fault("an interval is a list of two ends.", path(at))
    return interval_of([_node(one, f"{at}/{place}", depth + 1) for place, one in enumerate(value)], path(at))


def _bbox(value: Any, at: str, _depth: int) -> Node:
    if not isinstance(value, list) or not all(type(one) in (int, float) for one in value):
        raise fault("a box is a list of numbers.", path(at))
    return box_of([float(_number(one, path(at)).value) for one in value], path(at))  # type: ignore[arg-type]


_MEMBERS: dict[str, Callable[[Any, str, int], Node]] = {
    "property": _property,
    "date": _date,
    "timestamp": _timestamp,
    "interval": _interval,
    "bbox": _bbox,
}
