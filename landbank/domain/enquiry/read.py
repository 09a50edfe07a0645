"""A text read by all rules, the most telling first; what no rule used and is no small word was not understood."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from landbank.domain.enquiry.amounts import FLOOR_WORDS, GROUND_WORDS, areas, heights, jobs, powers, prices
from landbank.domain.enquiry.bounds import (
    ABOUT_BEFORE,
    DEMANDED,
    LEAST_AFTER,
    LEAST_BEFORE,
    MOST_AFTER,
    MOST_BEFORE,
    WISHED,
)
from landbank.domain.enquiry.dates import dates
from landbank.domain.enquiry.plain import WORD, Plain, plain_text
from landbank.domain.enquiry.slots import Enquiry, Question, Slot, Span
from landbank.domain.enquiry.small_words import ENGLISH, FILLING, SWEDISH
from landbank.domain.enquiry.surroundings import distances, from_dwellings, municipalities, nearness, sidings
from landbank.domain.enquiry.things import businesses, environments, networks, tenures, uses
from landbank.errors import Invalid

MOST_SIGNS: Final = 4_000
PATTERNS: Final = (
    FLOOR_WORDS,
    GROUND_WORDS,
    WISHED,
    DEMANDED,
    ABOUT_BEFORE,
    LEAST_BEFORE,
    MOST_BEFORE,
    LEAST_AFTER,
    MOST_AFTER,
)


def read_enquiry(text: str, *, on: date, municipality_names: Mapping[str, str]) -> Enquiry:
    """What the text asks for, as understood on a day; `municipality_names` gives codes by name.

    Raises
    ------
    Invalid
        The text is empty or longer than 4 000 characters.
    """
    if not text.strip():
        raise Invalid("The text is empty.", hint="Write what you need, in a sentence or two.", where="text")
    if len(text) > MOST_SIGNS:
        raise Invalid(
            f"The text has {len(text)} characters.", hint=f"At most {MOST_SIGNS} are read.", where="text"
        )
    plain = plain_text(text)
    found: list[Slot | Question] = []
    for rule in (sidings, distances, from_dwellings, nearness, powers, prices, heights, areas, jobs):
        found += rule(plain)
    found += dates(plain, on)
    found += municipalities(plain, municipality_names)
    for rule in (uses, businesses, networks, tenures, environments):
        found += rule(plain)
    slots = sorted(
        (one for one in found if isinstance(one, Slot)), key=lambda slot: (slot.span.start, slot.name)
    )
    questions = sorted(
        (one for one in found if isinstance(one, Question)), key=lambda asked: asked.span.start
    )
    return Enquiry(text, language_of(plain), tuple(slots), tuple(questions), left_over(plain))


def language_of(plain: Plain) -> str:
    """'en' where the text has more small words of English than of Swedish, else 'sv'."""
    words = [found.group() for found in WORD.finditer(plain.plain)]
    english = sum(word in ENGLISH and word not in SWEDISH for word in words)
    swedish = sum(word in SWEDISH and word not in ENGLISH for word in words)
    return "en" if english > swedish else "sv"


def left_over(plain: Plain) -> tuple[Span, ...]:
    """The words that no rule used, apart from small ones; neighbours together as one span."""
    spans: list[Span] = []
    for found in WORD.finditer(plain.plain):
        span = Span(*found.span())
        if is_small(found.group()) or is_used(plain, span) or says_a_bound(plain, span):
            continue
        if spans and plain.plain[spans[-1].end : span.start].strip() == "":
            spans[-1] = Span(spans[-1].start, span.end)
        else:
            spans.append(span)
    return tuple(spans)


def is_used(plain: Plain, span: Span) -> bool:
    """Whether a rule has understood any of the word."""
    return any(span.overlaps(taken) for taken in plain.used)


def is_small(word: str) -> bool:
    """Whether a word says nothing of the need: an article, a greeting, `we are looking for`."""
    bare = word.strip(".,-/&:")
    return not bare or bare in SWEDISH or bare in ENGLISH or bare in FILLING


def says_a_bound(plain: Plain, span: Span) -> bool:
    """Whether a word bounds, weighs, or tells ground from floor: heard even where it stands apart from its value."""
    word = plain.plain[span.start : span.end]
    return any(pattern.fullmatch(word) or pattern.fullmatch(word + " ") for pattern in PATTERNS)
