"""Rules for when: years, quarters, seasons, months, days, spans from today; read as the last day that is meant."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from landbank.domain.enquiry.bounds import DEMANDED, WISHED, is_word_start
from landbank.domain.enquiry.numbers import NUMBER, read_number
from landbank.domain.enquiry.plain import Plain
from landbank.domain.enquiry.slots import Sense, Slot, Span, Strength

MONTHS: Final[dict[str, int]] = {
    "januari": 1, "jan": 1, "january": 1, "februari": 2, "feb": 2, "february": 2, "mars": 3, "march": 3, "mar": 3,
    "april": 4, "apr": 4, "maj": 5, "may": 5, "juni": 6, "june": 6, "jun": 6, "juli": 7, "july": 7, "jul": 7,
    "augusti": 8, "aug": 8, "august": 8, "september": 9, "sept": 9, "sep": 9, "oktober": 10, "okt": 10, "october": 10,
    "oct": 10, "november": 11, "nov": 11, "december": 12, "dec": 12,
}  # fmt: skip
SEASONS: Final[dict[str, tuple[int, int]]] = {
    "våren": (3, 5), "vår": (3, 5), "spring": (3, 5), "sommaren": (6, 8), "sommar": (6, 8), "summer": (6, 8),
    "hösten": (9, 11), "höst": (9, 11), "autumn": (9, 11), "fall": (9, 11), "vintern": (12, 2), "vinter": (12, 2),
    "winter": (12, 2),
}  # fmt: skip
"""First and last month. Source of the months: SMHI's calendar seasons."""

YEAR: Final = r"(?:20\d\d|'\d\d)"
MONTH: Final = "|".join(sorted(MONTHS, key=len, reverse=True))
SEASON: Final = "|".join(sorted(SEASONS, key=len, reverse=True))
LEAD: Final = (
    r"(?:tillträde|tillträda|inflyttning|inflytt|byggstart|start|driftstart|drift|i drift|klart|klar|färdigt|färdig|redo|etablering|"
    r"etablera oss|etablera|flytta in|bygga|access|possession|ready|available|operational|in operation|move in|opening|start of construction|"
    r"construction start|start building|öppna|igång)"
)
BY: Final = (
    r"(?:senast|senast i|senast under|allra senast|före|innan|no later than|not later than|by|by the end of|before|latest|at the latest|"
    r"vid utgången av|i slutet av|till|tills|slutet av|end of|the end of|late)"
)
NOT_BEFORE: Final = re.compile(
    r"\b(?:tidigast|inte före|ej före|efter|not before|no earlier than|earliest|after|from|från)\s(?:i |in |and )?$"
)
BEFORE: Final = re.compile(r"\b(?:före|innan|before)\s(?:i |the )?$")
LATEST: Final = re.compile(
    r"\b(?:senast|allra senast|no later than|not later than|at the latest|latest|före|innan|before|by)\s(?:i |in |under |den |the |the end of |end of |slutet av |i slutet av |utgången av )?$"
)
AFTERWARDS: Final = re.compile(r"^\s?(?:at the latest|latest|senast|som senast)")


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day of what was said, and its words."""

    first: date
    last: date
    span: Span


def dates(plain: Plain, on: date) -> Iterator[Slot]:
    """The day by which the plot is needed; `not_before` where the text gives the earliest one."""
    for period in (*periods(plain), *from_today(plain, on)):
        yield date_slot(plain, period)


def date_slot(plain: Plain, period: Period) -> Slot:
    """The slot of a period: its last day, the day before its first after `före`, its first after `tidigast`."""
    before = plain.plain[max(0, period.span.start - 30) : period.span.start]
    after = plain.plain[period.span.end : period.span.end + 16]
    told = [found for pattern in (NOT_BEFORE, BEFORE, LATEST) if (found := pattern.search(before))]
    start = min(
        (found.start() for found in told if is_word_start(before, found.start())), default=len(before)
    )
    span = Span(period.span.start - len(before) + start, period.span.end)
    tail = AFTERWARDS.search(after)
    if tail:
        span = Span(span.start, span.end + tail.end())
    span = with_lead(plain, span)
    plain.use(span)
    if NOT_BEFORE.search(before):
        return Slot("not_before", Sense.AT_LEAST, period.first, Strength.WISH, span, plain.words_of(span))
    day = period.first - timedelta(days=1) if BEFORE.search(before) else period.last
    return Slot(
        "ready_by", Sense.AT_MOST, day, date_strength(plain, span, before, after), span, plain.words_of(span)
    )


def with_lead(plain: Plain, span: Span) -> Span:
    """The span with the word before it that says what happens then: `tillträde 2027`."""
    lead = re.compile(
        rf"\b{LEAD}(?:datum)?\s?(?::|under|i|omkring|runt|ca|cirka|around|about|in|är|vara|vid|till|kring)?\s?(?:i |in )?$"
    )
    found = lead.search(plain.plain, max(0, span.start - 40), span.start)
    if found and plain.is_free(Span(found.start(), span.start)):
        return Span(found.start(), span.end)
    return span


def date_strength(plain: Plain, span: Span, before: str, after: str) -> Strength:
    """A must where the text says `senast` or the like."""
    clause = plain.clause(span)
    words = plain.plain[clause.start : clause.end]
    if WISHED.search(words):
        return Strength.WISH
    is_latest = LATEST.search(before) or AFTERWARDS.search(after) or DEMANDED.search(words)
    return Strength.MUST if is_latest else Strength.WISH


def periods(plain: Plain) -> Iterator[Period]:
    """Days, months, quarters, seasons, half-years and years that the text names, the more exact first."""
    yield from days(plain)
    for pattern, read in (
        (rf"\b(?:q|kv\.?|kvartal|quarter)\s?(?P<part>[1-4])[\s,-]*(?P<year>{YEAR})", quarter),
        (rf"(?P<year>{YEAR})[\s-]?(?:q|kv)(?P<part>[1-4])\b", quarter),
        (
            rf"\b(?P<ordinal>första|andra|tredje|fjärde|first|second|third|fourth) (?:kvartalet|quarter)(?: of)? (?P<year>{YEAR})",
            ordinal_quarter,
        ),
        (
            rf"\b(?P<ordinal>första|andra|first|second) (?:halvåret|half(?: of)?)(?: of)? (?P<year>{YEAR})",
            half_year,
        ),
        (rf"\b(?P<month>{MONTH})\.?\s(?:of )?(?P<year>{YEAR})", month),
        (rf"\b(?P<season>{SEASON})[\s,-]*(?:of )?(?P<year>{YEAR})", season),
        (
            rf"\b(?:i |under )?(?P<third>början|mitten|slutet|senare delen|beginning|middle|end|early|mid|late)[\s-](?:av |of )?(?P<year>{YEAR})",
            third,
        ),
        (rf"\bårsskiftet (?P<year>{YEAR})(?:[-/]\d{{2,4}})?", turn_of_year),
        (
            r"(?:(?<=\s)|(?<=^)|(?<=\())(?P<year>20[2-6]\d)\b(?![-:/]\d)(?!\s?(?:kvm|m2|m²|sqm|kr|sek|ha|kw|mw))",
            whole_year,
        ),
    ):
        for found in plain.find(re.compile(pattern)):
            first, last = read(found)
            span = Span(*found.span())
            plain.use(span)
            yield Period(first, last, span)


def days(plain: Plain) -> Iterator[Period]:
    """Single days: 2027-06-01, 1 juni 2027, June 1, 2027."""
    patterns = (
        r"\b(?P<year>20\d\d)-(?P<number>\d\d)-(?P<day>\d\d)\b",
        rf"\b(?:den )?(?P<day>\d{{1,2}})(?::?e|:?a|st|nd|rd|th)?\.? (?:of )?(?P<month>{MONTH})\.?,? (?P<year>20\d\d)",
        rf"\b(?P<month>{MONTH})\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?, (?P<year>20\d\d)",
    )
    for pattern in patterns:
        for found in plain.find(re.compile(pattern)):
            groups = found.groupdict()
            number = MONTHS[groups["month"]] if groups.get("month") else int(groups["number"])
            try:
                day = date(int(groups["year"]), number, int(groups["day"]))
            except ValueError:
                plain.refuse(Span(*found.span()))
                continue
            span = Span(*found.span())
            plain.use(span)
            yield Period(day, day, span)


def from_today(plain: Plain, on: date) -> Iterator[Period]:
    """`inom 18 månader`, `within two years`, `omgående`."""
    span_of = re.compile(
        rf"\b(?:inom|om|på|within|in|under|the next|de närmaste|närmaste)\s(?:ca |cirka |about |a maximum of |högst |max )?(?P<number>{NUMBER})\s?"
        r"(?P<unit>veckor|vecka|weeks?|månader|månaders|mån\.?|months?|år|years?)\b"
    )
    for found in plain.find(span_of):
        span = Span(*found.span())
        plain.use(span)
        yield Period(on, later(on, read_number(found["number"]), found["unit"]), span)
    at_once = re.compile(
        r"\b(?:omgående|snarast(?: möjligt)?|så snart som möjligt|så fort som möjligt|direkt|genast|nu direkt|asap|as soon as possible|immediately|right away|immediate)\b"
    )
    for found in plain.find(at_once):
        span = Span(*found.span())
        plain.use(span)
        yield Period(on, on, span)


def later(on: date, number: float, unit: str) -> date:
    """The day so many weeks, months or years after a day; the last of the month where it has no such day."""
    if unit.startswith(("v", "w")):
        return on + timedelta(weeks=number)
    months = on.month - 1 + round(number * (12 if unit.startswith(("å", "y")) else 1))
    year, month_number = on.year + months // 12, months % 12 + 1
    return date(year, month_number, min(on.day, monthrange(year, month_number)[1]))


def year_of(found: re.Match[str]) -> int:
    """The year, written with four digits or as '27."""
    return int("20" + found["year"][1:]) if found["year"].startswith("'") else int(found["year"])


def months(year: int, first: int, last: int) -> tuple[date, date]:
    """First and last day of a run of months; one that ends before it begins runs into the next year."""
    end = year + (last < first)
    return date(year, first, 1), date(end, last, monthrange(end, last)[1])


def quarter(found: re.Match[str]) -> tuple[date, date]:
    """A quarter by its number."""
    last = int(found["part"]) * 3
    return months(year_of(found), last - 2, last)


ORDINALS: Final = {
    "första": 1,
    "first": 1,
    "andra": 2,
    "second": 2,
    "tredje": 3,
    "third": 3,
    "fjärde": 4,
    "fourth": 4,
}


def ordinal_quarter(found: re.Match[str]) -> tuple[date, date]:
    """A quarter by its ordinal."""
    last = ORDINALS[found["ordinal"]] * 3
    return months(year_of(found), last - 2, last)


def half_year(found: re.Match[str]) -> tuple[date, date]:
    """A half-year."""
    last = ORDINALS[found["ordinal"]] * 6
    return months(year_of(found), last - 5, last)


def month(found: re.Match[str]) -> tuple[date, date]:
    """A month."""
    number = MONTHS[found["month"]]
    return months(year_of(found), number, number)


def season(found: re.Match[str]) -> tuple[date, date]:
    """A season; a winter ends in the year after the one that names it."""
    return months(year_of(found), *SEASONS[found["season"]])


THIRDS: Final = {
    "början": 4, "beginning": 4, "early": 4, "mitten": 8, "middle": 8, "mid": 8, "slutet": 12, "senare delen": 12, "end": 12,
    "late": 12,
}  # fmt: skip


def third(found: re.Match[str]) -> tuple[date, date]:
    """Beginning, middle or end of a year: its thirds."""
    last = THIRDS[found["third"]]
    return months(year_of(found), last - 3, last)


def turn_of_year(found: re.Match[str]) -> tuple[date, date]:
    """The turn of a year: its last day."""
    day = date(year_of(found), 12, 31)
    return day, day


def whole_year(found: re.Match[str]) -> tuple[date, date]:
    """A year."""
    return months(year_of(found), 1, 12)
