"""Rules for amounts with a unit: areas, power, prices, heights, jobs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from landbank.domain.enquiry.bounds import Bound, bound_of
from landbank.domain.enquiry.numbers import PAIR, RANGE, read_number, shared_times
from landbank.domain.enquiry.plain import Plain
from landbank.domain.enquiry.slots import AREA_OPEN, Question, Sense, Slot, Span, Strength, Value

SQUARE_METRES: Final = (
    r"(?:kvadratmeter|kvadrat\b|kvm\b|kv\.?\s?m\b|m2\b|m²|sqm\b|sq\.?\s?m\b|square met(?:er|re)s?)"
)
GROUND_UNITS: Final[dict[str, float]] = {
    r"(?:hektar|hectares?|ha)\b": 10_000.0,
    r"tunnland\b": 4_936.4,
    r"acres?\b": 4_046.8564224,
}
"""Units that only ground is measured in, in m². Source: Nationalencyklopedin, tunnland; international acre."""

SQUARE_FEET: Final = r"(?:sq\.?\s?ft\b|square feet\b|sqft\b)"
M2_PER_SQUARE_FOOT: Final = 0.09290304

GROUND_WORDS: Final = re.compile(
    r"\b(?:tomt\w*|mark|marken|markyta|markområde\w*|markareal|etableringsmark|industrimark|verksamhetsmark|landyta|"
    r"gårdsyta|gårdsplan|uppställning\w*|upplag\w*|plots?|sites?|land|parcels?|yard|outdoor storage|grounds?)\b"
)
FLOOR_WORDS: Final = re.compile(
    r"\b(?:bta|boa|loa|bya|golvyta|\w*byggnad(?:en|er|erna)?|byggyta|byggrätt|lokalyta|bruttoarea|bruttoyta|våningsyta|hall\w*|"
    r"hallbyggnad|inomhus\w*|buildings?|floor ?space|floor area|floors?|gfa|gross floor\w*|indoors?|footprint|hall|halls)\b"
)
BUILT_WORDS: Final = re.compile(
    r"\b(?:\w*lager\w*|fabrik\w*|verkstad\w*|kontor\w*|butik\w*|lokal\w*|terminal\w*|produktion\w*|anläggning\w*|"
    r"datacenter\w*|datahall\w*|serverhall\w*|warehouses?|factory|offices?|workshops?|stores?|shops?|facility|facilities|premises|"
    r"plant|logistikcenter|distributionscentral\w*|data cent(?:er|re)s?)\b"
)
NEAR_WORDS: Final = 34
"""How many signs from an area a word that tells floor from ground may stand."""


def areas(plain: Plain) -> Iterator[Slot | Question]:
    """Areas, as ground, as floor, or open with a question."""
    for unit, factor in GROUND_UNITS.items():
        yield from amounts(plain, unit, "area_m2", factor=factor, has_decimals=True)
    for unit, factor in ((SQUARE_METRES, 1.0), (SQUARE_FEET, M2_PER_SQUARE_FOOT)):
        for slot in amounts(plain, unit, AREA_OPEN, factor=factor):
            yield from told_apart(plain, slot)


def told_apart(plain: Plain, slot: Slot) -> Iterator[Slot | Question]:
    """The area as floor or ground where a word beside it says which; else as it is, with the question."""
    kind = nearest_kind(plain, slot.span)
    if kind in ("area_m2", "floor_area_m2"):
        yield Slot(kind, slot.sense, slot.value, slot.strength, slot.span, slot.words)
        return
    yield slot
    suggested = "floor_area_m2" if kind == "built" else "area_m2"
    yield Question("area", slot.span, slot.words, ("area_m2", "floor_area_m2"), suggested)


def nearest_kind(plain: Plain, span: Span) -> str | None:
    """What the nearest telling word in the clause names: ground, floor, or a business that could be either."""
    clause = told_in(plain, span)
    found: list[tuple[int, str]] = []
    others = [taken for taken in plain.used if taken != span]
    for kind, pattern in (("area_m2", GROUND_WORDS), ("floor_area_m2", FLOOR_WORDS), ("built", BUILT_WORDS)):
        for word in pattern.finditer(plain.plain, clause.start, clause.end):
            gap = distance(span, Span(*word.span()))
            if gap <= NEAR_WORDS and not is_parted(span, Span(*word.span()), others):
                found.append((gap + (2 if kind == "built" else 0), kind))
    return min(found)[1] if found else None


def told_in(plain: Plain, span: Span) -> Span:
    """Where words that tell floor from ground count: the clause, and the one before where it is the area alone."""
    clause = plain.clause(span)
    is_alone = (
        plain.plain[clause.start : clause.end].strip(" .") == plain.plain[span.start : span.end].strip()
    )
    before = (
        plain.clause(Span(clause.start - 2, clause.start - 2)) if is_alone and clause.start > 2 else clause
    )
    return Span(before.start, clause.end)


def distance(one: Span, other: Span) -> int:
    """How many signs lie between two spans."""
    return max(0, other.start - one.end, one.start - other.end)


def is_parted(one: Span, other: Span, parting: list[Span]) -> bool:
    """Whether something already understood stands between the two."""
    left, right = (one, other) if one.start < other.start else (other, one)
    return any(left.end <= taken.start and taken.end <= right.start for taken in parting)


def powers(plain: Plain) -> Iterator[Slot]:
    """Electric power in MW; MVA is read as MW, which holds at a power factor of 1."""
    for unit, factor in ((r"(?:mw|megawatt|mva)\b", 1.0), (r"(?:kw|kilowatt|kva)\b", 0.001)):
        for slot in amounts(plain, unit, "power_mw", factor=factor, has_decimals=factor == 1.0):
            sense = Sense.AT_LEAST if slot.sense is Sense.ABOUT else slot.sense
            yield Slot(slot.name, sense, slot.value, slot.strength, slot.span, slot.words)


def prices(plain: Plain) -> Iterator[Slot]:
    """Prices per m² of plot in kr, and whole budgets in kr."""
    money = r"(?:kronor|kr|sek|:-)"
    per = rf"{money}\s?(?:/|per|a|för varje)\s?{SQUARE_METRES}"
    for slot in amounts(plain, per, "price_sek_per_m2"):
        yield at_most_unless_said(slot)
    for found in plain.find(re.compile(rf"\b{money}\s?{RANGE}\s?(?:/|per)\s?{SQUARE_METRES}")):
        yield at_most_unless_said(amount_slot(plain, found, "price_sek_per_m2"))
    for unit, factor in (
        (r"(?:mkr|mnkr|msek|miljoner (?:kronor|kr|sek)|million (?:sek|kronor|kr)|milj kr)\b", 1e6),
        (r"(?:tkr|ksek)\b", 1e3),
    ):
        for slot in amounts(plain, unit, "budget_sek", factor=factor, has_decimals=True):
            yield at_most_unless_said(slot)


def at_most_unless_said(slot: Slot) -> Slot:
    """A bare price is a ceiling that is wished for."""
    sense = Sense.AT_MOST if slot.sense is Sense.ABOUT else slot.sense
    return Slot(slot.name, sense, slot.value, slot.strength, slot.span, slot.words)


HEIGHT_WORD: Final = r"(?:takhöjd|fri höjd|byggnadshöjd|nockhöjd|lagerhöjd|hallhöjd|höjd|höga|högt|ceiling height|clear height|ceilings?|headroom|building height|eaves|high|height)"


def heights(plain: Plain) -> Iterator[Slot]:
    """Heights that the building needs, in m above ground: a ceiling of 12 m needs a building at least as high."""
    unit = r"(?:m|meter|meters|metres?)\b"
    before = re.compile(
        rf"\b{HEIGHT_WORD}\b\s?(?:på|om|of|:|minst|ca|cirka|upp till|at least|up to)*\s?(?={RANGE}\s?{unit})"
    )
    for word in plain.find(before):
        yield from one_height(plain, re.compile(rf"{RANGE}\s?{unit}"), word.end(), word.start())
    after = re.compile(rf"{RANGE}\s?{unit}\s?(?:i\s|hög\s|of\s|fri\s)?{HEIGHT_WORD}\b")
    for found in plain.find(after):
        yield from one_height(plain, after, found.start(), found.start())


def one_height(plain: Plain, pattern: re.Pattern[str], place: int, start: int) -> Iterator[Slot]:
    """The height that the pattern finds at a place; its span begins at `start`."""
    found = pattern.match(plain.plain, place)
    if found is None or not plain.is_free(Span(start, found.end())):
        return
    bound = bound_of(plain, Span(start, found.end()), default=Sense.AT_LEAST)
    inner = bound_of(plain, Span(found.start(), found.end()), default=Sense.AT_LEAST)
    bound = inner if inner.strength is Strength.MUST else bound
    sense = Sense.AT_LEAST if bound.sense is Sense.ABOUT else bound.sense
    span = Span(min(bound.span.start, start), max(bound.span.end, found.end()))
    plain.use(span)
    value = read_number(found["high"] or found["low"], has_decimals=True)
    yield Slot("height_max_m", sense, value, bound.strength, span, plain.words_of(span))


def jobs(plain: Plain) -> Iterator[Slot]:
    """How many people will work there."""
    unit = (
        r"(?:anställda|medarbetare|arbetstillfällen|jobb|personer|arbetsplatser|heltidstjänster|employees|jobs|staff|"
        r"people|workers|fte)\b"
    )
    yield from amounts(plain, unit, "jobs")


def amounts(
    plain: Plain, unit: str, name: str, *, factor: float = 1.0, has_decimals: bool = False
) -> Iterator[Slot]:
    """Every number, or pair of numbers, with the unit behind it; each uses up its words."""
    for pattern in (rf"\b(?:mellan|between|från|from)\s{PAIR}\s?-?{unit}", rf"{RANGE}\s?-?{unit}"):
        for found in plain.find(re.compile(pattern)):
            yield amount_slot(plain, found, name, factor=factor, has_decimals=has_decimals)


def amount_slot(
    plain: Plain, found: re.Match[str], name: str, *, factor: float = 1.0, has_decimals: bool = False
) -> Slot:
    """The slot of a number, or a pair of numbers, that a pattern found as `low` and `high`."""
    bound = bound_of(plain, Span(*found.span()))
    plain.use(bound.span)
    low = read_number(shared_times(found["low"], found["high"]), has_decimals=has_decimals)
    value, sense = sized(
        found["high"], round(low * factor, 6), bound, factor=factor, has_decimals=has_decimals
    )
    return Slot(name, sense, value, bound.strength, bound.span, plain.words_of(bound.span))


def sized(
    high: str | None, low: float, bound: Bound, *, factor: float, has_decimals: bool
) -> tuple[Value, Sense]:
    """The value and sense of one number, or of two with a dash between."""
    if high is None:
        return low, bound.sense
    most = round(read_number(high, has_decimals=has_decimals) * factor, 6)
    return (low, most) if low <= most else (most, low), Sense.BETWEEN
