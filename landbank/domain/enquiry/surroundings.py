"""Rules for where: distance and nearness to roads, ports, terminals, airports and dwellings; municipalities."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from landbank.domain.enquiry.bounds import WISHED, bound_of, strength_of
from landbank.domain.enquiry.numbers import RANGE, read_number
from landbank.domain.enquiry.plain import Plain
from landbank.domain.enquiry.slots import Sense, Slot, Span, Strength

ROAD: Final = r"e ?(?:4|6|18|20|45)(?:[:/.]?\d*)?\b|rv\.? ?\d{2,3}\b|riksväg(?:en)? ?\d{2,3}\b|väg ?\d{2,3}\b"
TARGETS: Final[dict[str, str]] = {
    "motorway": rf"(?:{ROAD}|motorväg\w*|påfart\w*|avfart\w*|trafikplats\w*|motorvägsmot\w*|motorways?(?: junction| exit)?|highways?|"
    r"junctions?|större väg(?:ar)?|europaväg\w*)",
    "port": r"(?:(?:göteborgs )?hamn(?:en)?\b|skandiahamnen|containerhamn\w*|uddevalla hamn|(?:the )?port(?: of gothenburg)?\b|"
    r"gothenburg port|harbou?r)",
    "rail": r"(?:kombiterminal\w*|järnvägsterminal\w*|tågterminal\w*|järnväg(?:en)?|rail(?:way)?(?: freight)?(?: terminal)?|intermodal terminal)",
    "airport": r"(?:(?:landvetters? )?flygplats\w*|landvetter\b(?! (?:airport|flygplats))|landvetter airport|landvetter flygplats|airports?)",
    "dwelling": r"(?:bostäder\w*|bostadshus|bostadsbebyggelse|villor|närboende|grann\w+|housing|homes|dwellings?|residential areas?|houses)",
}
"""What distances are asked to, by the first part of the criterion's name."""

AWAY: Final = re.compile(r"\b(?:från|from|bort från|away from)\b")
LINK: Final = r"\s?(?:bil(?:resa|väg)?|med bil|körning|restid|körtid|drive|driving|by (?:car|truck))?\s?(?:till|från|ifrån|to|from|of|av|bort från|away from)\s(?:en |ett |närmaste |nearest |a |an |the |any )?"
NEAR: Final = (
    r"(?:nära(?: till)?|i närheten av|intill|invid|vid|längs|utmed|utefter|nära anslutning till|i anslutning till|bra läge mot|goda förbindelser med|god tillgång till|med närhet till|närhet till|near(?: to)?|close to|next to|along|by|"
    r"proximity to|access to|adjacent to)\s(?:en |ett |till |a |an |the |both |både |great |good )?"
)
SIDING: Final = re.compile(
    r"\b(?:stickspår|industrispår|eget spår|spåranslutning|järnvägsspår|järnvägsanslutning|rail siding|siding|rail connection|"
    r"rail access|private siding)\b"
)
DISTANCE_UNITS: Final = {
    r"km|kilometer|kilometers|kilometres": 1_000.0,
    r"mil": 10_000.0,
    r"m|meter|meters|metres": 1.0,
}
TIME_UNITS: Final = {r"min\.?|minuter|minuters|minutes?": 1.0, r"timmar|timme|timmars|hours?|h": 60.0}


def sidings(plain: Plain) -> Iterator[Slot]:
    """A railway siding of one's own."""
    for found in plain.find(SIDING):
        span = Span(*found.span())
        strength = strength_of(plain, span)
        plain.use(span)
        yield Slot("siding", Sense.IS, True, strength, span, plain.words_of(span))


def distances(plain: Plain) -> Iterator[Slot]:
    """`högst 5 km till E6`, `10 minuter från hamnen`, `minst 200 m till bostäder`."""
    for target, words in TARGETS.items():
        for unit, factor in DISTANCE_UNITS.items():
            pattern = re.compile(rf"{RANGE}\s?(?:{unit})\b{LINK}{words}")
            yield from measured(plain, pattern, f"{target}_m", target, factor)
        for unit, factor in TIME_UNITS.items():
            pattern = re.compile(rf"{RANGE}\s?(?:{unit})\b{LINK}{words}")
            yield from measured(plain, pattern, f"{target}_min", target, factor)
        yield from turned(plain, target, words)


def turned(plain: Plain, target: str, words: str) -> Iterator[Slot]:
    """The target first: `kombiterminal inom 2 km`, `port within 2 hours`."""
    for suffix, units in (("m", DISTANCE_UNITS), ("min", TIME_UNITS)):
        for unit, factor in units.items():
            bounds = r"(?:inom|på högst|högst|max\.?|maximalt|mindre än|within|less than|at most)"
            pattern = re.compile(rf"\b{words}\s{bounds}\s{RANGE}\s?(?:{unit})\b")
            for found in plain.find(pattern):
                span = Span(*found.span())
                plain.use(span)
                value = round(read_number(found["high"] or found["low"], has_decimals=True) * factor, 3)
                name = "dwelling_distance_m" if target == "dwelling" else f"{target}_{suffix}"
                clause = plain.clause(span)
                is_wished = WISHED.search(plain.plain[clause.start : clause.end])
                strength = Strength.WISH if is_wished else Strength.MUST
                yield Slot(name, Sense.AT_MOST, value, strength, span, plain.words_of(span))


def measured(plain: Plain, pattern: re.Pattern[str], name: str, target: str, factor: float) -> Iterator[Slot]:
    """Distances of one pattern. Near is good, but for dwellings, where far is."""
    default = Sense.AT_LEAST if target == "dwelling" else Sense.AT_MOST
    for found in plain.find(pattern):
        bound = bound_of(plain, Span(*found.span()), default=default)
        sense = default if bound.sense is Sense.ABOUT else bound.sense
        plain.use(bound.span)
        value = round(read_number(found["high"] or found["low"], has_decimals=True) * factor, 3)
        called = "dwelling_distance_m" if name == "dwelling_m" else name
        yield Slot(called, sense, value, bound.strength, bound.span, plain.words_of(bound.span))


def nearness(plain: Plain) -> Iterator[Slot]:
    """`nära E20`, `close to the port`, and the further targets of the same list: `nära E6 och hamnen`."""
    anything = "|".join(f"(?P<{name}>{words})" for name, words in TARGETS.items() if name != "dwelling")
    first = re.compile(rf"\b{NEAR}(?:{anything})")
    following = re.compile(rf"\s?(?:,|och|and|samt|eller|or|/|&|\+)\s?(?:till |the |a )?(?:{anything})")
    for found in plain.find(first):
        yield near_slot(plain, found)
        more = following.match(plain.plain, found.end())
        while more:
            yield near_slot(plain, more)
            more = following.match(plain.plain, more.end())


def near_slot(plain: Plain, found: re.Match[str]) -> Slot:
    """The slot of one target that is to be near."""
    target = next(name for name, words in found.groupdict().items() if words is not None)
    span = Span(*found.span())
    strength = strength_of(plain, span)
    plain.use(span)
    return Slot(f"{target}_m", Sense.NEAR, True, strength, span, plain.words_of(span).strip(" ,"))


def from_dwellings(plain: Plain) -> Iterator[Slot]:
    """Far from dwellings, without a number."""
    pattern = re.compile(
        rf"\b(?:långt från|inte nära|ej nära|på avstånd från|avstånd till|utan|away from|far from|not near|distance from)\s(?:the )?{TARGETS['dwelling']}"
    )
    for found in plain.find(pattern):
        span = Span(*found.span())
        strength = strength_of(plain, span)
        plain.use(span)
        yield Slot("dwelling_distance_m", Sense.NEAR, False, strength, span, plain.words_of(span))


NOT_IN: Final = re.compile(r"\b(?:inte|ej|not|except|utom)\s(?:i |in |within )?$")
ONLY_IN: Final = re.compile(r"\b(?:endast|bara|only|måste ligga|must be)\s(?:i|in|inom|within)?\s?$")


def municipalities(plain: Plain, names: Mapping[str, str]) -> Iterator[Slot]:
    """The municipalities named, together as one slot; those refused as another. `names` gives codes by name."""
    wanted: list[tuple[str, Span]] = []
    refused: list[tuple[str, Span]] = []
    for name, code in names.items():
        pattern = re.compile(rf"\b{re.escape(name.lower())}(?:s(?: kommun)?| kommun)?\b")
        if name == "Göteborg":
            pattern = re.compile(
                r"\b(?:göteborgs? kommun|göteborgs stad|göteborg(?:s)?|gothenburg)\b(?! ?sregionen)"
            )
        for found in plain.find(pattern):
            span = Span(*found.span())
            is_refused = NOT_IN.search(plain.plain, max(0, span.start - 12), span.start)
            (refused if is_refused else wanted).append((code, span))
    for sense, group in ((Sense.ANY_OF, wanted), (Sense.NONE_OF, refused)):
        if group:
            yield municipality_slot(plain, sense, sorted(group, key=lambda pair: pair[1].start))


def municipality_slot(plain: Plain, sense: Sense, group: list[tuple[str, Span]]) -> Slot:
    """One slot for all the names of a group; its words run from the first to the last."""
    first, last = group[0][1], group[-1][1]
    before = plain.plain[max(0, first.start - 24) : first.start]
    is_demanded = (
        sense is Sense.NONE_OF or bool(ONLY_IN.search(before)) or strength_of(plain, first) is Strength.MUST
    )
    plain.use(*(span for _, span in group))
    span = Span(first.start, last.end)
    codes = tuple(sorted({code for code, _ in group}))
    strength = Strength.MUST if is_demanded else Strength.WISH
    return Slot(
        "municipality", sense, codes, strength, span, ", ".join(plain.words_of(one) for _, one in group)
    )
