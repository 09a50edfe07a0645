"""Rules for what has no number: networks, tenure, the kind of business, its effect on the surroundings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from landbank.domain.enquiry.bounds import strength_of
from landbank.domain.enquiry.plain import Plain
from landbank.domain.enquiry.slots import Sense, Slot, Span, Strength

NETWORKS: Final[dict[str, str]] = {
    "district_heating": r"fjärrvärme\w*|district heating",
    "cooling": r"fjärrkyla\w*|district cooling",
    "fibre": r"fiber\w*|bredband|fibre|broadband",
    "hydrogen": r"vätgas\w*|hydrogen",
    "gas": r"naturgas|biogas|gasledning\w*|gasnät\w*|gasanslutning\w*|natural gas|gas connection|gas",
    "sewer": r"avlopp\w*|spillvatten\w*|sewer(?:age|s)?|wastewater",
    "water": r"kommunalt vatten|dricksvatten|processvatten|vattenanslutning|vatten|water supply|water connection|process water|municipal water|water",
}
BOTH: Final = re.compile(
    r"\b(?:va|v/a|va-anslutning|kommunalt va|vatten och avlopp|water and sewer(?:age)?|water & sewer)\b"
)
TENURES: Final[dict[str, str]] = {
    "forsaljning": r"köpa loss|köpa|köp|förvärva|förvärv|friköp\w*|äganderätt|äga marken|äga|buy|buying|purchase|freehold|own the land",
    "tomtratt": r"tomträtt\w*|ground lease|site leasehold|long lease",
    "anlaggningsarrende": r"anläggningsarrende\w*|arrende\w*|arrendera|land lease|lease the land|lease land",
}
RENT: Final = re.compile(r"\b(?:hyra|hyr|hyreslokal\w*|hyreskontrakt|rent|renting|rental|for rent)\b")
BUSINESSES: Final[dict[str, str]] = {
    "data_centre": r"datacenter\w*|datacentral\w*|datahall\w*|serverhall\w*|data cent(?:er|re)s?|server hall",
    "energy": r"batterilager\w*|energilager\w*|batteripark\w*|solcellspark\w*|solpark\w*|biogasanläggning\w*|vätgasanläggning\w*|värmeverk\w*|kraftvärme\w*|tankstation för vätgas|"
    r"battery storage|energy storage|bess|solar (?:park|farm)|power plant|energy plant|hydrogen plant|laddpark\w*|charging park",
    "logistics": r"\w*logistik\w*|\w*lager(?!i)\w*|lagring|distributionscentral\w*|\w*terminal\w*|e-handel\w*|godshantering|åkeri\w*|spedition\w*|speditör\w*|"
    r"logistics?(?: centre| center| hub)?|warehous(?:e|es|ing)|distribution(?: cent(?:er|re))?|e-commerce|haulier|freight forwarder|cross-dock(?:ing)?|fulfil(?:l)?ment(?: cent(?:er|re))?",
    "workshop": r"\w*verkstad\w*|\w*verkstäder|hantverk\w*|snickeri\w*|\w*plåtslageri\w*|\w*lackering\w*|bilservice|däckservice|workshops?|garage|body shop|carpentry|craft business",
    "manufacturing": r"tillverk\w*|\w*fabrik\w*|\w*produktion\w*|\w*industri\w*|bryggeri\w*|bageri\w*|livsmedelsindustri\w*|montering\w*|monteringshall|svetsning|gjuteri\w*|battericell\w*|"
    r"manufactur\w*|factory|production(?: facility| line| plant)?|assembly(?: plant)?|brewery|bakery|foundry|industrial|plant",
    "office": r"\w*kontor\w*|offices?|office building|headquarters|hq",
    "retail": r"\w*butik\w*|detaljhandel\w*|sällanköp\w*|livsmedelsbutik\w*|dagligvaru\w*|handelsplats|byggvaruhus|bygghandel|stormarknad|bilhall\w*|"
    r"retail(?: park)?|stores?|shops?|supermarket|car dealership|dealership|showroom",
}
"""Kinds of business by the template that they start from; the first that a text names wins."""

ENVIRONMENT: Final = re.compile(
    r"\b(?:miljöfarlig verksamhet|störande verksamhet|störande|bullrande verksamhet|bullrande|bullrig|buller|lukt|tillståndspliktig\w*|anmälningspliktig\w*|"
    r"seveso[\w-]*|farligt gods|dygnet runt|24/7|treskift|skiftgång|nattarbete|noisy|noise|odou?r|hazardous|environmental permit|permit-requiring|round the clock|"
    r"three shifts|night work)\b"
)


def networks(plain: Plain) -> Iterator[Slot]:
    """Networks that are asked for by name; a negated one is left to the list of what was not understood."""
    for found in plain.find(BOTH):
        span = Span(*found.span())
        strength = strength_of(plain, span)
        plain.use(span)
        for name in ("water", "sewer"):
            yield Slot(name, Sense.IS, True, strength, span, plain.words_of(span))
    for name, words in NETWORKS.items():
        yield from named(plain, name, re.compile(rf"\b(?:{words})\b"))


def named(plain: Plain, name: str, pattern: re.Pattern[str]) -> Iterator[Slot]:
    """A claim under its name, once however often the text says it."""
    seen: list[Span] = []
    for found in plain.find(pattern):
        span = Span(*found.span())
        if not is_negated(plain, span):
            plain.use(span)
            seen.append(span)
    if seen:
        strengths = [strength_of(plain, span) for span in seen]
        strength = Strength.MUST if Strength.MUST in strengths else Strength.WISH
        yield Slot(name, Sense.IS, True, strength, seen[0], plain.words_of(seen[0]))


NEGATION: Final = re.compile(
    r"\b(?:inte|ej|utan|inget|inga|ingen|slipper|behöver inte|no|not|without|don't need|do not need)\s(?:\w+\s)?$"
)


def is_negated(plain: Plain, span: Span) -> bool:
    """Whether the words just before say that the thing is not asked for."""
    return bool(NEGATION.search(plain.plain, max(0, span.start - 26), span.start))


USES: Final = re.compile(
    r"\b(?:planlag[dt]a? för|detaljplan(?:en)? (?:för|som medger|med)|användning(?:en)?|markanvändning|zoned(?: for)?|plan codes?|kod(?:en)?)\s"
    r"(?P<codes>[jzkhgcevtpr](?:\s?(?:,|och|eller|/|and|or)\s?[jzkhgcevtpr])*)\b"
)


def uses(plain: Plain) -> Iterator[Slot]:
    """Use codes named as the plan names them: `planlagd för J eller Z`."""
    for found in plain.find(USES):
        span = Span(*found.span())
        strength = strength_of(plain, span)
        plain.use(span)
        codes = tuple(sorted(set(re.findall(r"\b[a-z]\b", found["codes"].upper().lower()))))
        yield Slot(
            "use", Sense.ANY_OF, tuple(code.upper() for code in codes), strength, span, plain.words_of(span)
        )


def tenures(plain: Plain) -> Iterator[Slot]:
    """The forms of tenure that the text names, as one slot."""
    found_in: list[tuple[str, Span]] = []
    for code, words in TENURES.items():
        for found in plain.find(re.compile(rf"\b(?:{words})\b")):
            span = Span(*found.span())
            if not is_negated(plain, span):
                plain.use(span)
                found_in.append((code, span))
    if found_in:
        found_in.sort(key=lambda pair: pair[1].start)
        first = found_in[0][1]
        codes = tuple(sorted({code for code, _ in found_in}))
        words_said = ", ".join(plain.words_of(span) for _, span in found_in)
        strength = strength_of(plain, first) if len(codes) == 1 else Strength.WISH
        yield Slot("tenure", Sense.ANY_OF, codes, strength, first, words_said)
    for found in plain.find(RENT):
        span = Span(*found.span())
        plain.use(span)
        yield Slot("premises", Sense.IS, True, Strength.WISH, span, plain.words_of(span))
        break


def businesses(plain: Plain) -> Iterator[Slot]:
    """The kind of business, by the first word that names one; other such words count as understood too."""
    found_in: list[tuple[int, str, Span]] = []
    for place, (name, words) in enumerate(BUSINESSES.items()):
        for found in plain.find(re.compile(rf"\b(?:{words})\b")):
            span = Span(*found.span())
            found_in.append((place, name, span))
            plain.use(span)
    if found_in:
        _, name, span = min(found_in, key=lambda one: (one[2].start, one[0]))
        yield Slot("business", Sense.IS, name, Strength.WISH, span, plain.words_of(span))


def environments(plain: Plain) -> Iterator[Slot]:
    """What the business does to its surroundings, in the text's own words."""
    for found in plain.find(ENVIRONMENT):
        span = Span(*found.span())
        if not is_negated(plain, span):
            plain.use(span)
            yield Slot(
                "environment",
                Sense.IS,
                plain.plain[span.start : span.end],
                Strength.WISH,
                span,
                plain.words_of(span),
            )
