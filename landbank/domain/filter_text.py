"""CQL2 text read into a filter's tree, by recursive descent; every fault is told with its character.

Nesting is counted on the way down and refused long before Python's stack ends. Source: OGC 21-065r2, annex B (BNF).
"""

from __future__ import annotations

import math
from collections.abc import Callable

from landbank.domain.filter import (
    COMPARISONS,
    MOST_DEPTH,
    Array,
    Box,
    Call,
    Interval,
    Kind,
    Literal,
    Node,
    Property,
    Shape,
    fault,
    refuse_large,
)
from landbank.domain.filter_shapes import GEOMETRY_NAMES, box_of, shape_of_wkt
from landbank.domain.filter_times import moment_literal
from landbank.domain.filter_words import Sort, Word, cut

LARGEST_WHOLE = 2**63 - 1
_ADDING, _MULTIPLYING = frozenset({"+", "-"}), frozenset({"*", "/", "%", "div"})


def read_text(text: str) -> Node:
    """The tree of a filter in CQL2 text.

    Raises
    ------
    Invalid
        It is none: what was met instead, and at which character; or it is too long, too deep or asks too much.
    """
    reader = _Reader(text)
    root = reader.either()
    if reader.here.sort is not Sort.END:
        raise reader.unexpected("AND, OR or the end")
    refuse_large(root)
    return root


class _Reader:
    """The words of one filter and the place that reading has come to."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = cut(text)
        self.place = 0
        self.depth = 0

    @property
    def here(self) -> Word:
        """The word at hand."""
        return self.words[self.place]

    def take(self) -> Word:
        """The word at hand, gone past."""
        word = self.here
        self.place += word.sort is not Sort.END
        return word

    def sees(self, *says: str) -> bool:
        """Whether the word at hand is one of these keywords or signs."""
        return self.here.sort in (Sort.KEYWORD, Sort.SIGN) and self.here.says in says

    def met(self, *says: str) -> Word | None:
        """The word at hand, gone past, where it is one of these keywords or signs."""
        return self.take() if self.sees(*says) else None

    def need(self, sign: str) -> Word:
        """That sign or keyword, gone past."""
        found = self.met(sign)
        if found is None:
            raise self.unexpected(f"'{sign}'")
        return found

    def unexpected(self, wanted: str) -> Exception:
        """The error that something else was wanted here."""
        met = (
            "the filter ends"
            if self.here.sort is Sort.END
            else f"'{self.text[self.here.start : self.here.end][:40]}'"
        )
        return fault(f"{met} where {wanted} was expected.", self.here.at)

    def deeper(self, word: Word) -> None:
        """Count one more operator around what follows."""
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise fault(f"more than {MOST_DEPTH} operators stand inside one another.", word.at)

    def either(self) -> Node:
        """Conditions joined by OR."""
        return self._joined("OR", self.both)

    def both(self) -> Node:
        """Conditions joined by AND."""
        return self._joined("AND", self.negated)

    def _joined(self, keyword: str, part: Callable[[], Node]) -> Node:
        parts = [part()]
        while self.met(keyword):
            parts.append(part())
        return parts[0] if len(parts) == 1 else Call(keyword.lower(), tuple(parts), parts[0].at)

    def negated(self) -> Node:
        """A condition, or its negation."""
        word = self.met("NOT")
        if word is None:
            return self.condition()
        self.deeper(word)
        inner = self.negated()
        self.depth -= 1
        return Call("not", (inner,), word.at)

    def condition(self) -> Node:
        """A value, or what is claimed of it."""
        left = self.sum()
        word = self.here
        if word.sort is Sort.SIGN and word.says in COMPARISONS:
            self.take()
            return Call(word.says, (left, self.sum()), word.at)
        if self.met("IS"):
            negated = self.met("NOT")
            self.need("NULL")
            made: Node = Call("isnull", (left,), word.at)
            return Call("not", (made,), word.at) if negated else made
        negated = self.met("NOT")
        for keyword, read in (("LIKE", self._like), ("BETWEEN", self._between), ("IN", self._in)):
            if found := self.met(keyword):
                made = read(left, found)
                return Call("not", (made,), word.at) if negated else made
        if negated:
            raise self.unexpected("LIKE, BETWEEN or IN")
        return left

    def _like(self, left: Node, word: Word) -> Node:
        return Call("like", (left, self.sum()), word.at)

    def _between(self, left: Node, word: Word) -> Node:
        low = self.sum()
        self.need("AND")
        return Call("between", (left, low, self.sum()), word.at)

    def _in(self, left: Node, word: Word) -> Node:
        opened = self.need("(")
        values = self._list()
        if not values:
            raise fault("the list is empty.", opened.at)
        return Call("in", (left, Array(tuple(values), opened.at)), word.at)

    def sum(self) -> Node:
        """Terms added to or taken from one another."""
        return self._chain(_ADDING, self.product)

    def product(self) -> Node:
        """Powers multiplied or divided."""
        return self._chain(_MULTIPLYING, self.power)

    def _chain(self, operators: frozenset[str], part: Callable[[], Node]) -> Node:
        left = part()
        while self.here.sort in (Sort.SIGN, Sort.KEYWORD) and self.here.says.lower() in operators:
            word = self.take()
            left = Call(word.says.lower(), (left, part()), word.at)
        return left

    def power(self) -> Node:
        """A value, or one raised to another."""
        base = self.signed()
        word = self.met("^")
        return base if word is None else Call("^", (base, self.signed()), word.at)

    def signed(self) -> Node:
        """A value, or its negative."""
        word = self.met("-", "+")
        if word is None:
            return self.value()
        if self.here.sort is Sort.NUMBER:
            return self._number(self.take(), -1 if word.says == "-" else 1)
        if word.says == "+":
            raise self.unexpected("a number")
        self.deeper(word)
        inner = self.value()
        self.depth -= 1
        return Call("*", (Literal(-1, Kind.INTEGER, word.at), inner), word.at)

    def value(self) -> Node:
        """A literal, a property, a function, or what stands in parentheses."""
        word = self.take()
        if word.sort is Sort.NUMBER:
            return self._number(word)
        if word.sort is Sort.TEXT:
            return text_literal(word.says, word.at)
        if word.sort is Sort.PROPERTY:
            return Property(word.says, word.at)
        if word.sort is Sort.KEYWORD and word.says in ("TRUE", "FALSE"):
            return Literal(word.says == "TRUE", Kind.BOOLEAN, word.at)
        if word.sort is Sort.NAME:
            return self._named(word)
        if word.sort is Sort.SIGN and word.says == "(":
            return self._parenthesised(word)
        self.place -= word.sort is not Sort.END
        raise self.unexpected("a value, a property or a function")

    def _parenthesised(self, word: Word) -> Node:
        if self.met(")"):
            return Array((), word.at)
        self.deeper(word)
        first = self.either()
        if self.met(","):
            first = Array((first, *self._list()), word.at)
        else:
            self.need(")")
        self.depth -= 1
        return first

    def _list(self) -> list[Node]:
        """Values up to the closing parenthesis, which is gone past."""
        if self.met(")"):
            return []
        values = [self.either()]
        while self.met(","):
            values.append(self.either())
        self.need(")")
        return values

    def _named(self, word: Word) -> Node:
        name = word.says.upper()
        follows = self.here.says.upper() if self.here.sort is Sort.NAME else ""
        if name in GEOMETRY_NAMES and (self.sees("(") or follows in ("Z", "EMPTY")):
            return self._geometry(word)
        if not self.sees("("):
            return Property(word.says, word.at)
        self.take()
        self.deeper(word)
        args = self._list()
        self.depth -= 1
        if name in ("DATE", "TIMESTAMP"):
            return self._moment(name, args, word)
        if name == "INTERVAL":
            return interval_of(args, word.at)
        if name == "BBOX":
            return self._box(args, word)
        return Call(word.says.lower(), tuple(args), word.at)

    def _moment(self, name: str, args: list[Node], word: Word) -> Node:
        if len(args) != 1 or not isinstance(args[0], Literal) or not isinstance(args[0].value, str):
            raise fault(
                f"{name} takes one text, as {name}('2026-11-23{'T12:00:00Z' if name != 'DATE' else ''}').",
                word.at,
            )
        return moment_literal(args[0].value, Kind.DATE if name == "DATE" else Kind.DATETIME, args[0].at)

    def _box(self, args: list[Node], word: Word) -> Box:
        numbers = [
            arg.value for arg in args if isinstance(arg, Literal) and arg.kind in (Kind.INTEGER, Kind.NUMBER)
        ]
        if len(numbers) != len(args):
            raise fault("a box is made of numbers.", word.at)
        return box_of([float(number) for number in numbers], word.at)  # type: ignore[arg-type]

    def _geometry(self, word: Word) -> Shape:
        """Well-known text, up to the parenthesis that closes it."""
        depth = 0
        while True:
            inner = self.take()
            if inner.sort is Sort.END or (depth == 0 and inner.says == ")"):
                raise fault("the geometry never ends.", word.at, hint="Close it with ).")
            depth += (inner.says == "(") - (inner.says == ")") if inner.sort is Sort.SIGN else 0
            if depth == 0 and (inner.says == ")" or inner.says.upper() == "EMPTY"):
                return shape_of_wkt(self.text[word.start : inner.end], word.at)

    def _number(self, word: Word, sign: int = 1) -> Literal:
        return number_literal(word.says, sign, word.at)


def number_literal(says: str, sign: int, at: str) -> Literal:
    """The number of some digits: whole where it is written so and the database has such whole numbers."""
    if says.isdigit() and len(says) <= 19 and int(says) <= LARGEST_WHOLE:
        return Literal(sign * int(says), Kind.INTEGER, at)
    number = sign * float(says)
    if not math.isfinite(number):
        raise fault("the number is too large.", at)
    return Literal(number, Kind.NUMBER, at)


def text_literal(says: str, at: str) -> Literal:
    """The text, where a database can hold it."""
    if "\x00" in says or any("\ud800" <= sign <= "\udfff" for sign in says):
        raise fault("the text holds a character that no text may have.", at)
    return Literal(says, Kind.TEXT, at)


def interval_of(args: list[Node], at: str) -> Interval:
    """The interval of two ends: dates, times, properties, or '..' for an open one."""
    if len(args) != 2:
        raise fault(f"an interval has two ends; here are {len(args)}.", at)
    first, last = (_end(arg) for arg in args)
    return Interval(first, last, at)


def _end(arg: Node) -> Node | None:
    if isinstance(arg, Literal) and isinstance(arg.value, str):
        if arg.value == "..":
            return None
        return moment_literal(arg.value, Kind.DATETIME if "T" in arg.value.upper() else Kind.DATE, arg.at)
    if isinstance(arg, Property | Call) or (
        isinstance(arg, Literal) and arg.kind in (Kind.DATE, Kind.DATETIME)
    ):
        return arg
    raise fault("an interval's end is a date, a time, a property or '..'.", arg.at)
