"""Words around a value that say how it binds: at least, at most, about; and whether it is demanded or wished for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from landbank.domain.enquiry.plain import Plain
from landbank.domain.enquiry.slots import Sense, Span, Strength

LEAST_BEFORE: Final = re.compile(
    r"(?:inte under|inte mindre än|minst|åtminstone|minimum|minimalt|min\.|min|lägst|överstigande|över|mer än|mera än|"
    r"större än|fler än|från(?: och med)?|fr\.?o\.?m\.?|at least|no less than|not less than|more than|over|above|"
    r"larger than|minimum of|a minimum of|from|>=|≥|>)\s*(?:på\s|om\s|of\s|ca\s|cirka\s)?$"
)
MOST_BEFORE: Final = re.compile(
    r"(?:inte överstiga|ej överstiga|inte överskrida|not exceed(?:ing)?|inte över|inte mer än|inte längre än|inte högre än|högst|maximalt|max\.|max|som mest|upp till|upp emot|under|"
    r"mindre än|inom|lägre än|at most|no more than|not more than|up to|less than|below|under|within|maximum|"
    r"maximum of|a maximum of|no further than|not further than|<=|≤|<)\s*(?:på\s|om\s|of\s|ca\s|cirka\s)?$"
)
ABOUT_BEFORE: Final = re.compile(
    r"(?:\bca\.?|cirka|c:a|circa|omkring|runt|ungefär|kring|uppskattningsvis|närmare|nästan|approx\.?|approximately|about|"
    r"around|roughly|some|~|≈)\s*(?:på\s|om\s)?$"
)
LEAST_AFTER: Final = re.compile(
    r"^\s*(?:eller mer|eller större|och uppåt|\+(?!\s?\w)|minimum|or more|or larger|or above|and up)"
)
MOST_AFTER: Final = re.compile(r"^\s*(?:eller mindre|max\b|maximum|som mest|or less|or below|at most)")

WISHED: Final = re.compile(
    r"\b(?:gärna|helst|önskemål|önskvärt|önskas|önskar|bra om|plus om|ett plus|plus med|meriterande|fördel|ingen nackdel|"
    r"vore bra|skulle vara bra|preferably|preferred|prefer|ideally|ideal|nice to have|would be nice|a plus|bonus|"
    r"desirable|if possible|om möjligt|om det går)\b"
)
DEMANDED: Final = re.compile(
    r"\b(?:måste|ska finnas|skall finnas|krav|skallkrav|ska-krav|kräver|kräva|krävs|nödvändigt|absolut|förutsättning|senast|must|required|"
    r"requires|require|requirement|essential|necessary|no later than|at the latest)\b"
)
REACH: Final = 28
"""How many signs before a value its bounding words may begin."""


@dataclass(frozen=True, slots=True)
class Bound:
    """How a value binds, and the words that say so."""

    sense: Sense
    strength: Strength
    span: Span


def bound_of(plain: Plain, span: Span, *, default: Sense = Sense.ABOUT) -> Bound:
    """How the value at the span binds.

    `minst`, `högst` and their like make a must, unless the clause only wishes; a bare value is a wish.
    """
    sense, reached = sense_around(plain, span, default)
    clause = plain.clause(span)
    words = plain.plain[clause.start : clause.end]
    if WISHED.search(words):
        return Bound(sense, Strength.WISH, reached)
    is_bounded = sense in (Sense.AT_LEAST, Sense.AT_MOST) and reached != span
    is_demanded = bool(DEMANDED.search(words)) and sense is not Sense.ABOUT
    return Bound(sense, Strength.MUST if is_bounded or is_demanded else Strength.WISH, reached)


def sense_around(plain: Plain, span: Span, default: Sense) -> tuple[Sense, Span]:
    """The sense that the words just before or after a value give it, and the span with those words."""
    start = max(0, span.start - REACH)
    before = plain.plain[start : span.start]
    for pattern, sense in (
        (LEAST_BEFORE, Sense.AT_LEAST),
        (MOST_BEFORE, Sense.AT_MOST),
        (ABOUT_BEFORE, Sense.ABOUT),
    ):
        found = pattern.search(before)
        if found and is_word_start(before, found.start()):
            return sense, Span(start + found.start(), span.end)
    after = plain.plain[span.end : span.end + REACH]
    for pattern, sense in ((LEAST_AFTER, Sense.AT_LEAST), (MOST_AFTER, Sense.AT_MOST)):
        found = pattern.search(after)
        if found:
            return sense, Span(span.start, span.end + found.end())
    return default, span


def is_word_start(text: str, place: int) -> bool:
    """Whether a word begins there, so that `under` is not found in `sönder`; a sign stands apart on its left."""
    if place == 0 or text[place].isalpha():
        return place == 0 or not text[place - 1].isalnum()
    return text[place - 1].isspace()


def strength_of(plain: Plain, span: Span) -> Strength:
    """Whether a thing that has no number is demanded in its clause; wished for otherwise."""
    clause = plain.clause(span)
    words = plain.plain[clause.start : clause.end]
    return Strength.MUST if DEMANDED.search(words) and not WISHED.search(words) else Strength.WISH
