"""A filter's tree as a condition in SQL: every literal is bound, every name comes from a collection or from here.

The text of the statement depends on the filter's form alone, never on its values. Texts are compared by code point
whatever the database's collation; unknown stays unknown (NULL), also where a number is divided by zero.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from sqlalchemy import (
    ARRAY,
    TIMESTAMP,
    BigInteger,
    Boolean,
    Double,
    Numeric,
    Text,
    and_,
    any_,
    cast,
    func,
    literal,
    not_,
    or_,
)
from sqlalchemy.dialects.postgresql import array

from landbank.domain.filter import (
    ARITHMETIC,
    ARRAYS,
    COMPARISONS,
    FOLDING,
    LOGICAL,
    OF_INTERVALS,
    OTHERS,
    SPATIAL,
    TEMPORAL,
    Array,
    Call,
    Interval,
    Kind,
    Literal,
    Node,
    Property,
    Selection,
    Shape,
)
from landbank.domain.filter_functions import FUNCTIONS
from landbank.store.filter_places import geography, place, postgis, spatial, within_m
from landbank.store.filter_times import temporal, utc
from landbank.store.relation import TYPES, Relation, Sql

_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
_COUNT: dict[str, Callable[[Any, Any], Any]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}
_FOLDS = {"casei": "fold_case", "accenti": "fold_accents"}


def conditions(relation: Relation, selection: Selection) -> list[Sql]:
    """What must hold for a row of the relation to be selected."""
    held = relation.current()
    if selection.condition is not None:
        held.append(Filter(relation).condition(selection.condition))
    period = relation.collection.period
    if period is not None:
        first, last = (relation.value(name) for name in period)
        if selection.last_day is not None:
            held.append(first <= literal(selection.last_day, TYPES[Kind.DATE]))
        if selection.first_day is not None:
            held.append(func.coalesce(last > literal(selection.first_day, TYPES[Kind.DATE]), True))
    return held


def by_code_point(value: Sql, kind: Kind | None) -> Sql:
    """The value, ordered by code point where it is a text."""
    return value.collate("C") if kind is Kind.TEXT else value


class Filter:
    """Turns checked and placed trees into conditions on one relation."""

    def __init__(self, relation: Relation) -> None:
        self.relation = relation
        self.rules: tuple[tuple[Iterable[str], Callable[[Call], Sql]], ...] = (
            (LOGICAL, self.logical),
            (COMPARISONS, self.comparison),
            (SPATIAL, self.spatial),
            (TEMPORAL | OF_INTERVALS, self.temporal),
            (OTHERS, self.others),
            (FOLDING, self.folding),
            (ARITHMETIC, self.arithmetic),
            (ARRAYS, self.arrays),
            (FUNCTIONS, self.function),
        )

    def condition(self, node: Node) -> Sql:
        """The condition of a node that is true, false or unknown."""
        return self.value(node)

    def value(self, node: Node) -> Sql:
        """The value of any node but an array or an interval."""
        if isinstance(node, Literal):
            return literal(node.value, TYPES[node.kind])
        if isinstance(node, Property):
            return self.relation.outline if node.kind is Kind.GEOMETRY else self.relation.value(node.name)
        if isinstance(node, Shape):
            return place(node)
        if isinstance(node, Call):
            return self.call(node)
        raise TypeError(f"{type(node).__name__} has no value of its own")

    def call(self, node: Call) -> Sql:
        """The value of an operator or function."""
        for names, method in self.rules:
            if node.op in names:
                return method(node)
        raise TypeError(f"there is no operator {node.op}")

    def values(self, node: Call) -> list[Sql]:
        """The values of the arguments."""
        return [self.value(arg) for arg in node.args]

    def logical(self, node: Call) -> Sql:
        """Conditions joined or negated."""
        if node.op == "not":
            return not_(self.value(node.args[0]))
        return (and_ if node.op == "and" else or_)(*self.values(node))

    def comparison(self, node: Call) -> Sql:
        """Two values."""
        left, right = self.values(node)
        return _COMPARE[node.op](by_code_point(left, node.args[0].kind), right)  # type: ignore[no-any-return]

    def spatial(self, node: Call) -> Sql:
        """Two geometries."""
        return spatial(node, *self.values(node))

    def temporal(self, node: Call) -> Sql:
        """Two times or intervals."""
        left, right = (self.ends(arg) for arg in node.args)
        return temporal(node.op, left, right)

    def folding(self, node: Call) -> Sql:
        """A text folded by a function of the schema."""
        folded = getattr(func.landbank, _FOLDS[node.op])
        return folded(self.value(node.args[0]), type_=Text())  # type: ignore[no-any-return]

    def others(self, node: Call) -> Sql:
        """LIKE, BETWEEN, IN and IS NULL."""
        value = self.value(node.args[0])
        if node.op == "isnull":
            return value.is_(None)
        if node.op == "in":
            return value == any_(self.array(node.args[1]))
        if node.op == "like":
            return value.like(self.value(node.args[1]))
        low, high = (self.value(arg) for arg in node.args[1:])
        return by_code_point(value, node.args[0].kind).between(low, high)

    def arithmetic(self, node: Call) -> Sql:
        """The result of two numbers; unknown where it would be divided by zero."""
        left, right = self.values(node)
        if node.op in _COUNT:
            made = _COUNT[node.op](left, right)
            return made if node.kind is Kind.INTEGER else cast(made, Double)
        if node.op == "/":
            return cast(left, Double) / func.nullif(cast(right, Double), 0.0, type_=Double())
        if node.op == "^":
            return func.power(cast(left, Double), cast(right, Double), type_=Double())
        whole = func.div if node.op == "div" else func.mod
        made = whole(
            cast(left, Numeric), func.nullif(cast(right, Numeric), 0, type_=Numeric()), type_=Numeric()
        )
        return cast(made, TYPES[node.kind or Kind.NUMBER])

    def array(self, node: Node) -> Sql:
        """An array: a property, one bound value where all elements are literals, else its elements."""
        if not isinstance(node, Array):
            return self.value(node)
        kinds = {element.kind or Kind.TEXT for element in node.elements} or {Kind.TEXT}
        kind = TYPES[Kind.NUMBER if len(kinds) > 1 else kinds.pop()]
        literals = [element.value for element in node.elements if isinstance(element, Literal)]
        if len(literals) == len(node.elements):
            return literal(literals, ARRAY(kind))
        return array([cast(self.value(element), kind) for element in node.elements], type_=kind)

    def arrays(self, node: Call) -> Sql:
        """Two arrays as sets: each element counts once, whatever its place."""
        left, right = (self.array(arg) for arg in node.args)
        holds, lies = left.op("@>", return_type=Boolean()), left.op("<@", return_type=Boolean())
        match node.op:
            case "a_contains":
                return holds(right)
            case "a_containedby":
                return lies(right)
            case "a_overlaps":
                return left.op("&&", return_type=Boolean())(right)
        return and_(holds(right), lies(right))

    def ends(self, node: Node) -> tuple[Sql | None, Sql | None, Kind]:
        """First and last moment of a time or an interval, None where open, and whether they are days or moments."""
        if isinstance(node, Interval):
            kinds = {end.kind for end in (node.first, node.last) if end is not None}
            days = Kind.DATE if kinds <= {Kind.DATE} else Kind.DATETIME
            first, last = (
                None if end is None else utc(self.value(end), end.kind, days, is_last=is_last)
                for end, is_last in ((node.first, False), (node.last, True))
            )
            return first, last, days
        value = self.value(node)
        return value, value, node.kind or Kind.DATETIME

    def function(self, node: Call) -> Sql:
        """The value of a function of the list."""
        args = [self.argument(arg) for arg in node.args]
        if node.op == "within_m":
            return within_m(node, *args, outline=self.relation.outline)
        return _FUNCTIONS[node.op](*args)  # type: ignore[no-any-return]

    def argument(self, node: Node) -> Sql:
        """An argument of a function: a geometry on the ellipsoid, from its exact coordinates, a moment in UTC."""
        if node.kind is Kind.GEOMETRY:
            return geography(self.relation.geometry if isinstance(node, Property) else self.value(node))
        value = self.value(node)
        return func.timezone("UTC", value, type_=TIMESTAMP()) if node.kind is Kind.DATETIME else value


def _part(name: str) -> Callable[[Any], Any]:
    def part(value: Sql) -> Sql:
        return cast(func.date_part(name, value), BigInteger)

    return part


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "lower": lambda text: func.lower(text, type_=Text()),
    "upper": lambda text: func.upper(text, type_=Text()),
    "length": lambda text: cast(func.char_length(text), BigInteger),
    "abs": lambda number: cast(func.abs(number), Double),
    "floor": lambda number: cast(func.floor(number), Double),
    "ceiling": lambda number: cast(func.ceiling(number), Double),
    "round": lambda number: cast(func.round(cast(number, Numeric)), Double),
    "least": lambda one, other: cast(func.least(one, other), Double),
    "greatest": lambda one, other: cast(func.greatest(one, other), Double),
    "count": lambda texts: cast(func.cardinality(texts), BigInteger),
    "year": _part("year"),
    "month": _part("month"),
    "today": func.current_date,
    "area_m2": partial(postgis.st_area, type_=Double()),
    "length_m": partial(postgis.st_length, type_=Double()),
    "distance_m": partial(postgis.st_distance, type_=Double()),
}
