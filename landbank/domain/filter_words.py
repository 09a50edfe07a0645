"""CQL2 text cut into words, each with its place; what can't be a word is refused here.

Source: OGC 21-065r2, annex B (BNF): propertyName, characterLiteral, numericLiteral.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from landbank.domain.filter import MOST_BYTES, fault
from landbank.errors import Invalid

MOST_PARENTHESES = 64
"""Most parentheses inside one another; the operators among them are counted apart."""

_START = (
    ":_A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1ffe\u200c-\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_PATTERN = re.compile(
    rf"""
    (?P<space>\s++)
  | (?P<number>(?:\d++(?:\.\d*+)?|\.\d++)(?:[eE][+-]?\d++)?)
  | (?P<text>'(?:[^'\\]|''|\\.)*+')
  | (?P<quoted>"(?:[^"]|"")++")
  | (?P<name>[{_START}][{_START}.0-9\u0300-\u036f\u203f-\u2040]*+)
  | (?P<sign><>|<=|>=|[<>=+\-*/%^(),])
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"''|\\([\\'abtnvfr])")
_ESCAPED = {"a": "\a", "b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r"}
"""Signs that a text may hold as \\ and a letter. Another sign keeps its \\: LIKE reads \\% and \\_ later."""
KEYWORDS = frozenset(
    {"AND", "OR", "NOT", "LIKE", "BETWEEN", "IN", "IS", "NULL", "TRUE", "FALSE", "DIV"}
)  # fmt: skip


class Sort(StrEnum):
    """What a word is."""

    NUMBER = "number"
    TEXT = "text"
    PROPERTY = "property in quotes"
    NAME = "name"
    KEYWORD = "keyword"
    SIGN = "sign"
    END = "end"


def character(place: int) -> str:
    """A place in the filter for people; the first character is number 1."""
    return f"filter, character {place + 1}"


@dataclass(frozen=True, slots=True)
class Word:
    """One word: its sort, what it says (a keyword in capitals, a text without its quotes), and where it stands."""

    sort: Sort
    says: str
    start: int
    end: int

    @property
    def at(self) -> str:
        """Its place for people."""
        return "filter, its end" if self.sort is Sort.END else character(self.start)


def cut(text: str) -> list[Word]:
    """The words of a filter, an END behind them.

    Raises
    ------
    Invalid
        The filter is longer than is read, holds what is no word, or nests parentheses too deep.
    """
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MOST_BYTES:
        raise Invalid(
            f"The filter has {size} bytes; at most {MOST_BYTES} are read.",
            hint="Ask in fewer words.",
            where="filter",
        )
    words: list[Word] = []
    place = 0
    while place < len(text):
        found = _PATTERN.match(text, place)
        if found is None:
            raise _no_word(text, place)
        if found.lastgroup != "space":
            words.append(_word(str(found.lastgroup), found[0], place))
        place = found.end()
    words.append(Word(Sort.END, "", len(text), len(text)))
    _refuse_deep(words)
    return words


def _word(group: str, raw: str, start: int) -> Word:
    end = start + len(raw)
    if group == "text":
        return Word(Sort.TEXT, _ESCAPE.sub(_unescaped, raw[1:-1]), start, end)
    if group == "quoted":
        return Word(Sort.PROPERTY, raw[1:-1].replace('""', '"'), start, end)
    if group == "name" and raw.upper() in KEYWORDS:
        return Word(Sort.KEYWORD, raw.upper(), start, end)
    return Word(Sort(group), raw, start, end)


def _unescaped(found: re.Match[str]) -> str:
    sign = found[1]
    return "'" if sign is None else _ESCAPED.get(sign, sign)


def _no_word(text: str, place: int) -> Invalid:
    sign = text[place]
    if sign == "'":
        return fault("a text begins here and never ends.", character(place), hint="Close it with '.")
    if sign == '"':
        return fault("a name begins here and never ends.", character(place), hint='Close it with ".')
    shown = sign if sign.isprintable() else f"U+{ord(sign):04X}"
    return fault(f"'{shown}' has no meaning in CQL2.", character(place))


def _refuse_deep(words: list[Word]) -> None:
    depth = 0
    for word in words:
        if word.sort is Sort.SIGN:
            depth += (word.says == "(") - (word.says == ")")
        if depth > MOST_PARENTHESES:
            raise fault(f"more than {MOST_PARENTHESES} parentheses stand inside one another.", word.at)
