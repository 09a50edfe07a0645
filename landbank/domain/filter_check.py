"""Checks a filter against the properties of a collection: every name is known, every operator gets what it works on.

Text is read as a date, a time or a UUID where the other side is one; nothing else is converted. A date and a time are
compared by the temporal operators alone, where a date is the whole day in UTC; with = or < which of its moments was
meant would be a guess. Source: OGC 21-065r2, 6.5 and 7.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from uuid import UUID

from landbank.domain.filter import (
    ARITHMETIC,
    ARRAYS,
    COMPARISONS,
    FOLDING,
    LOGICAL,
    OF_INTERVALS,
    SPATIAL,
    TEMPORAL,
    Array,
    Call,
    Interval,
    Kind,
    Literal,
    Node,
    Property,
    Shape,
    fault,
)
from landbank.domain.filter_functions import FUNCTIONS, NUMERIC
from landbank.domain.filter_times import moment_literal

MOMENTS = (Kind.DATE, Kind.DATETIME)
WORDS = {
    Kind.TEXT: "a text",
    Kind.INTEGER: "a number",
    Kind.NUMBER: "a number",
    Kind.BOOLEAN: "true or false",
    Kind.DATE: "a date",
    Kind.DATETIME: "a time",
    Kind.TEXTS: "an array",
    Kind.ARRAY: "an array",
    Kind.UUID: "a UUID",
    Kind.GEOMETRY: "a geometry",
    Kind.INTERVAL: "an interval",
}


def checked(root: Node, properties: Mapping[str, Kind]) -> Node:
    """The tree with the kind of each node, ready to be placed and asked.

    Raises
    ------
    Invalid
        A property or function is unknown, an operator can't work on what it got, or the whole is no condition.
    """
    made = _Checker(properties).node(root)
    if made.kind is not Kind.BOOLEAN:
        raise fault(f"the filter is {WORDS[_kind(made)]}, not a condition.", made.at)
    return made


def _kind(node: Node) -> Kind:
    if node.kind is None:
        raise TypeError(f"{node} has not been checked")
    return node.kind


def is_comparable(left: Kind, right: Kind) -> bool:
    """Whether values of the two kinds can be equal, or one less than the other."""
    return left == right or (left in NUMERIC and right in NUMERIC)


class _Checker:
    """Gives each node its kind, from the leaves up."""

    def __init__(self, properties: Mapping[str, Kind]) -> None:
        self.properties = properties
        self.rules: list[tuple[Iterable[str], Callable[[Call, list[Node]], Node]]] = [
            (LOGICAL, self.logical),
            (COMPARISONS, self.comparison),
            (ARITHMETIC, self.arithmetic),
            (SPATIAL, self.spatial),
            (TEMPORAL | OF_INTERVALS, self.temporal),
            (ARRAYS, self.array),
            (FOLDING, self.folding),
            (("like",), self.like),
            (("between",), self.between),
            (("in",), self.within),
            (("isnull",), self.isnull),
            (FUNCTIONS, self.function),
        ]

    def node(self, node: Node) -> Node:
        """The node with its kind and those below it."""
        if isinstance(node, Property):
            return self.property(node)
        if isinstance(node, Array):
            return replace(node, elements=tuple(self.node(one) for one in node.elements))
        if isinstance(node, Interval):
            return self.interval(node)
        if isinstance(node, Call):
            return self.call(node)
        return node

    def property(self, node: Property) -> Property:
        """A property that the collection has."""
        kind = self.properties.get(node.name)
        if kind is None:
            near = get_close_matches(node.name, self.properties, n=1)
            hint = (
                f"Did you mean '{near[0]}'?" if near else f"There are {', '.join(sorted(self.properties))}."
            )
            raise fault(f"there is no property '{node.name[:60]}'.", node.at, hint=hint[:500])
        return replace(node, kind=kind)

    def call(self, node: Call) -> Node:
        """An operator or function by the rule for it."""
        for names, rule in self.rules:
            if node.op in names:
                return rule(node, [self.node(arg) for arg in node.args])
        near = get_close_matches(
            node.op, [*FUNCTIONS, *SPATIAL, *TEMPORAL, *OF_INTERVALS, *ARRAYS, *FOLDING], n=1
        )
        raise fault(
            f"there is no function '{node.op[:60]}'.",
            node.at,
            hint=f"Did you mean '{near[0]}'?" if near else f"There are {', '.join(FUNCTIONS)}.",
        )

    def logical(self, node: Call, args: list[Node]) -> Node:
        """Conditions joined or negated."""
        if node.op == "not":
            _count(node, args, 1)
        for arg in args:
            _want(arg, (Kind.BOOLEAN,), f"'{node.op}'")
        return _made(node, args)

    def comparison(self, node: Call, args: list[Node]) -> Node:
        """Two values of one kind."""
        _count(node, args, 2)
        return _made(node, _alike(args, node))

    def arithmetic(self, node: Call, args: list[Node]) -> Node:
        """Two numbers; the result is whole where both are and the operator keeps it so."""
        _count(node, args, 2)
        for arg in args:
            _want(arg, NUMERIC, f"'{node.op}'")
        whole = all(arg.kind is Kind.INTEGER for arg in args) and node.op in ("+", "-", "*", "%", "div")
        return _made(node, args, Kind.INTEGER if whole else Kind.NUMBER)

    def spatial(self, node: Call, args: list[Node]) -> Node:
        """Two geometries."""
        _count(node, args, 2)
        for arg in args:
            _want(arg, (Kind.GEOMETRY,), node.op.upper())
            is_mixture = isinstance(arg, Shape) and arg.geometry.geom_type == "GeometryCollection"
            if is_mixture and node.op not in ("s_intersects", "s_disjoint"):
                hint = "S_INTERSECTS and S_DISJOINT take one; else ask for each geometry by itself."
                raise fault(
                    f"{node.op.upper()} is not defined for a collection of geometries.", arg.at, hint=hint
                )
        return _made(node, args)

    def temporal(self, node: Call, args: list[Node]) -> Node:
        """Two times, dates or intervals; some operators are about intervals alone."""
        _count(node, args, 2)
        made = [self.moment(arg) for arg in args]
        wanted = (Kind.INTERVAL,) if node.op in OF_INTERVALS else (*MOMENTS, Kind.INTERVAL)
        for arg in made:
            _want(arg, wanted, node.op.upper())
        return _made(node, made)

    def moment(self, arg: Node) -> Node:
        """A text where a time is wanted is read as one."""
        if isinstance(arg, Literal) and isinstance(arg.value, str):
            kind = Kind.DATETIME if "T" in arg.value.upper() else Kind.DATE
            return moment_literal(arg.value, kind, arg.at)
        return arg

    def interval(self, node: Interval) -> Interval:
        """Two ends that are dates or times."""
        ends = [end and self.moment(self.node(end)) for end in (node.first, node.last)]
        for end in ends:
            if end is not None:
                _want(end, MOMENTS, "an interval")
        first, last = ends
        if _ends_before(first, last):
            raise fault("the interval ends before it begins.", node.at)
        return replace(node, first=first, last=last)

    def array(self, node: Call, args: list[Node]) -> Node:
        """Two arrays; a single value in parentheses is an array of one."""
        _count(node, args, 2)
        made = [Array((arg,), arg.at) if isinstance(arg, Literal) else arg for arg in args]
        for arg in made:
            _want(arg, (Kind.TEXTS, Kind.ARRAY), node.op.upper())
            for element in arg.elements if isinstance(arg, Array) else ():
                _want(element, (Kind.TEXT,), "an array of this collection")
        return _made(node, made)

    def folding(self, node: Call, args: list[Node]) -> Node:
        """One text."""
        _count(node, args, 1)
        _want(args[0], (Kind.TEXT,), node.op.upper())
        return _made(node, args, Kind.TEXT)

    def like(self, node: Call, args: list[Node]) -> Node:
        """A text and a pattern that stands in the filter."""
        _count(node, args, 2)
        for arg in args:
            _want(arg, (Kind.TEXT,), "LIKE")
        pattern = args[1]
        while isinstance(pattern, Call) and pattern.op in FOLDING:
            pattern = pattern.args[0]
        if not isinstance(pattern, Literal):
            raise fault("the pattern of LIKE must stand in the filter.", args[1].at)
        text = str(pattern.value)
        if (len(text) - len(text.rstrip("\\"))) % 2:
            raise fault("the pattern ends with a \\ that escapes nothing.", pattern.at)
        return _made(node, args)

    def between(self, node: Call, args: list[Node]) -> Node:
        """A value and two bounds of its kind; more than the standard's numbers may be asked for."""
        _count(node, args, 3)
        return _made(node, _alike(args, node))

    def within(self, node: Call, args: list[Node]) -> Node:
        """A value and a list of values of its kind."""
        _count(node, args, 2)
        value, listed = args
        if not isinstance(listed, Array) or not listed.elements:
            raise fault("IN takes a list of values.", node.at)
        made = _alike([value, *listed.elements], node)
        return _made(node, [made[0], replace(listed, elements=tuple(made[1:]))])

    def isnull(self, node: Call, args: list[Node]) -> Node:
        """Anything."""
        _count(node, args, 1)
        if isinstance(args[0], Array | Interval):
            raise fault(f"{WORDS[args[0].kind]} is never NULL.", args[0].at)
        return _made(node, args)

    def function(self, node: Call, args: list[Node]) -> Node:
        """A function of the list."""
        function = FUNCTIONS[node.op]
        _count(node, args, len(function.args))
        for arg, wanted in zip(args, function.args, strict=True):
            _want(arg, wanted, node.op)
        return _made(node, args, function.gives)


def _ends_before(first: Node | None, last: Node | None) -> bool:
    """Whether both ends stand in the filter, in the wrong order."""
    if not isinstance(first, Literal) or not isinstance(last, Literal) or first.kind is not last.kind:
        return False
    return bool(first.value > last.value)  # type: ignore[operator]


def _made(node: Call, args: Sequence[Node], kind: Kind = Kind.BOOLEAN) -> Call:
    return replace(node, args=tuple(args), kind=kind)


def _count(node: Call, args: Sequence[Node], wanted: int) -> None:
    if len(args) != wanted:
        raise fault(
            f"'{node.op}' takes {wanted} argument{'' if wanted == 1 else 's'}, not {len(args)}.", node.at
        )


def _want(arg: Node, kinds: Sequence[Kind], who: str) -> None:
    if arg.kind not in kinds:
        wanted = " or ".join(dict.fromkeys(WORDS[kind] for kind in kinds))
        raise fault(f"{who} works on {wanted}; this is {WORDS[_kind(arg)]}.", arg.at)


def _alike(args: Sequence[Node], node: Call) -> list[Node]:
    """The values made comparable: texts are read as what the others are."""
    kinds = [_kind(arg) for arg in args]
    wanted = next((kind for kind in kinds if kind in (*MOMENTS, Kind.UUID)), None)
    made = list(args) if wanted is None else [_read_as(arg, wanted) for arg in args]
    for arg in made:
        if arg.kind in (Kind.GEOMETRY, Kind.INTERVAL, Kind.TEXTS, Kind.ARRAY):
            hint = "Use S_… for geometries, T_… for intervals and A_… for arrays."
            raise fault(f"{WORDS[_kind(arg)]} can't be compared by '{node.op}'.", arg.at, hint=hint)
        if not is_comparable(_kind(made[0]), _kind(arg)):
            mixed = {arg.kind, made[0].kind} == set(MOMENTS)
            raise fault(
                f"{WORDS[_kind(made[0])]} can't be compared with {WORDS[_kind(arg)]}.",
                arg.at,
                hint="T_AFTER, T_BEFORE and T_INTERSECTS take a date as the whole day." if mixed else None,
            )
    return made


def _read_as(arg: Node, kind: Kind) -> Node:
    if not isinstance(arg, Literal) or not isinstance(arg.value, str):
        return arg
    if kind is not Kind.UUID:
        return moment_literal(arg.value, kind, arg.at)
    try:
        return Literal(str(UUID(arg.value)), Kind.UUID, arg.at)
    except ValueError as error:
        raise fault(f"'{arg.value[:40]}' is no UUID.", arg.at) from error
