"""A filter as a tree: which items of a collection are meant, whatever language it was written in.

CQL2 text and CQL2 JSON are read into this tree (`filter_text`, `filter_json`), it is checked against the properties
of a collection (`filter_check`), and the store turns it into a condition. It holds values only: no name of a column,
no SQL. Source: Common Query Language (CQL2), OGC 21-065r2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from landbank.errors import Invalid

MOST_BYTES = 8_192
"""Longest filter, in bytes of UTF-8."""
MOST_DEPTH = 20
"""Most operators inside one another."""
MOST_PREDICATES = 50
"""Most conditions in one filter."""


class Kind(StrEnum):
    """Type of a value: of a property, a literal, or of what an operator gives."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    TEXTS = "texts"
    UUID = "uuid"
    GEOMETRY = "geometry"
    INTERVAL = "interval"
    ARRAY = "array"


Value = bool | int | float | str | date | datetime


@dataclass(frozen=True, slots=True)
class Property:
    """A property of the item at hand."""

    name: str
    at: str = field(compare=False)
    kind: Kind | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Literal:
    """A value that stands in the filter."""

    value: Value
    kind: Kind = field(compare=False)
    at: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle as it was given: its four sides in the axis order of the filter's CRS."""

    sides: tuple[float, float, float, float]
    at: str = field(compare=False)
    kind: Kind = field(default=Kind.GEOMETRY, compare=False)


@dataclass(frozen=True, slots=True)
class Shape:
    """A geometry (shapely, two-dimensional, valid); as given in the filter's CRS, once placed in that of `srid`."""

    geometry: Any
    at: str = field(compare=False)
    srid: int | None = None
    kind: Kind = field(default=Kind.GEOMETRY, compare=False)


@dataclass(frozen=True, slots=True)
class Interval:
    """The time from one end to the other, both within; None is an open end."""

    first: Node | None
    last: Node | None
    at: str = field(compare=False)
    kind: Kind = field(default=Kind.INTERVAL, compare=False)


@dataclass(frozen=True, slots=True)
class Array:
    """Values in brackets."""

    elements: tuple[Node, ...]
    at: str = field(compare=False)
    kind: Kind = field(default=Kind.ARRAY, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """An operator or a function with its arguments; `op` is the name that CQL2 JSON has for it, in small letters."""

    op: str
    args: tuple[Node, ...]
    at: str = field(compare=False)
    kind: Kind | None = field(default=None, compare=False)


Node = Property | Literal | Box | Shape | Interval | Array | Call

LOGICAL = frozenset({"and", "or", "not"})
COMPARISONS = frozenset({"=", "<>", "<", ">", "<=", ">="})
ARITHMETIC = frozenset({"+", "-", "*", "/", "%", "div", "^"})
SPATIAL = frozenset(
    f"s_{name}"
    for name in ("intersects", "disjoint", "equals", "touches", "within", "overlaps", "crosses", "contains")
)
TEMPORAL = frozenset({"t_after", "t_before", "t_disjoint", "t_equals", "t_intersects"})
OF_INTERVALS = frozenset(
    f"t_{name}"
    for name in (
        "contains", "during", "finishedby", "finishes", "meets", "metby", "overlappedby", "overlaps", "startedby",
        "starts",
    )
)  # fmt: skip
"""Temporal operators that are about intervals alone. Source: OGC 21-065r2, 7.8.2, table 8."""
ARRAYS = frozenset({"a_equals", "a_contains", "a_containedby", "a_overlaps"})
OTHERS = frozenset({"like", "between", "in", "isnull"})
FOLDING = frozenset({"casei", "accenti"})


@dataclass(frozen=True, slots=True)
class Selection:
    """Which items of a collection are meant: those that the condition holds for, on a day of the period.

    The one object that items, their number, tiles, exports and statistics are chosen by. The condition is checked and
    placed (its shapes are in the CRS that the collection is searched in); None means every item. Days are those of the
    collection's own period; None is an open end.
    """

    condition: Node | None = None
    first_day: date | None = None
    last_day: date | None = None


EVERYTHING = Selection()


def fault(what: str, at: str, *, hint: str | None = None) -> Invalid:
    """The error of something wrong in a filter; `at` is its place, as `filter, character 17` or `bbox`."""
    return Invalid(f"{at[:1].upper()}{at[1:]}: {what}", hint=hint, where=at)


def children(node: Node) -> tuple[Node, ...]:
    """What a node is made of."""
    if isinstance(node, Call):
        return node.args
    if isinstance(node, Array):
        return node.elements
    if isinstance(node, Interval):
        return tuple(end for end in (node.first, node.last) if end is not None)
    return ()


def walk(root: Node) -> Iterator[tuple[Node, int]]:
    """Every node with its depth, the root's being 1; without recursion, however deep the tree."""
    waiting = [(root, 1)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        waiting += [(child, depth + 1) for child in children(node)]


def refuse_large(root: Node) -> None:
    """Raise `Invalid` for a tree that is deeper or holds more conditions than is answered."""
    predicates = 0
    for node, depth in walk(root):
        if depth > MOST_DEPTH:
            raise fault(
                f"more than {MOST_DEPTH} operators stand inside one another.",
                node.at,
                hint="Ask in simpler words.",
            )
        if isinstance(node, Call) and node.op in LOGICAL:
            predicates += sum(not isinstance(arg, Call) for arg in node.args)
        elif isinstance(node, Call) and node.op not in ARITHMETIC | FOLDING:
            predicates += 1
    if predicates > MOST_PREDICATES:
        raise fault(
            f"it has {predicates} conditions; at most {MOST_PREDICATES} are answered.",
            root.at,
            hint="Lists of values are one condition: property IN (…).",
        )


def properties_of(root: Node | None) -> set[str]:
    """The names of the properties that a filter speaks of."""
    return {node.name for node, _ in walk(root) if isinstance(node, Property)} if root is not None else set()


def replaced(root: Node, change: Callable[[Node], Node]) -> Node:
    """The tree with every leaf and node changed, from the leaves up; for trees that passed `refuse_large`."""
    if isinstance(root, Call):
        root = replace(root, args=tuple(replaced(one, change) for one in root.args))
    elif isinstance(root, Array):
        root = replace(root, elements=tuple(replaced(one, change) for one in root.elements))
    elif isinstance(root, Interval):
        first, last = (end and replaced(end, change) for end in (root.first, root.last))
        root = replace(root, first=first, last=last)
    return change(root)


def all_of(conditions: list[Node]) -> Node | None:
    """The condition that all of these hold; None for none of them."""
    if len(conditions) <= 1:
        return conditions[0] if conditions else None
    return Call("and", tuple(conditions), conditions[0].at, Kind.BOOLEAN)
