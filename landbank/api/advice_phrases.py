"""Parts of sentences about musts and changes: 'minst 10 MW el senast 2028-01-01', '1 km närmare motorvägsmot'."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from landbank.api.i18n import N_, Words
from landbank.api.page_values import (
    CLAIMS,
    DISTANCES,
    HECTARES,
    HELD,
    ONE_DECIMAL,
    RENT,
    amount_text,
    bounds_text,
    codes_text,
    name_of,
    span_text,
    value_text,
)
from landbank.domain.criteria import CRITERIA
from landbank.domain.criterion import Kind, Op
from landbank.domain.explain import Held
from landbank.domain.need import Must, Threshold
from landbank.domain.parties import Party

ASKED: Mapping[str, str] = {
    **HELD,
    "area_m2": N_("%(value)s mark"),
    "price_sek_per_m2": N_("ett pris på %(value)s"),
    "height_max_m": N_("en byggnadshöjd på %(value)s"),
    "lease_sek_per_m2_year": N_("en årlig avgift på %(value)s"),
    "confirmed_days": N_("uppgifter bekräftade för %(value)s sedan"),
}
"""How an amount that is asked for stands in a sentence."""

NO_HINDRANCE = (N_("en hindrande begränsning"), N_("frihet från hindrande begränsningar"))

STEPS: Mapping[str, tuple[str, str]] = {
    "area_m2": (N_("%(amount)s mindre tomt"), N_("%(amount)s större tomt")),
    "net_area_m2": (N_("%(amount)s mindre säljbar mark"), N_("%(amount)s mer säljbar mark")),
    "power_mw": (N_("%(amount)s mindre el"), N_("%(amount)s mer el")),
    "price_sek_per_m2": (N_("%(amount)s lägre pris"), N_("%(amount)s högre pris")),
    "motorway_m": (N_("%(amount)s närmare motorvägsmot"), N_("%(amount)s längre från motorvägsmot")),
    "rail_m": (N_("%(amount)s närmare järnvägsterminal"), N_("%(amount)s längre från järnvägsterminal")),
    "port_m": (N_("%(amount)s närmare hamn"), N_("%(amount)s längre från hamn")),
    "airport_m": (N_("%(amount)s närmare flygplats"), N_("%(amount)s längre från flygplats")),
    "ready_by": (N_("%(amount)s tidigare"), N_("%(amount)s senare")),
    "dwelling_distance_m": (N_("%(amount)s närmare bostäder"), N_("%(amount)s längre från bostäder")),
    "height_max_m": (N_("%(amount)s lägre byggnader"), N_("%(amount)s högre byggnader")),
    "floor_area_m2": (N_("%(amount)s mindre byggrätt"), N_("%(amount)s större byggrätt")),
    "largest_part_m2": (
        N_("%(amount)s mindre sammanhängande mark"),
        N_("%(amount)s mer sammanhängande mark"),
    ),
    "lease_sek_per_m2_year": (N_("%(amount)s lägre avgift"), N_("%(amount)s högre avgift")),
    "motorway_min": (N_("%(amount)s närmare motorvägsmot"), N_("%(amount)s längre från motorvägsmot")),
    "rail_min": (N_("%(amount)s närmare järnvägsterminal"), N_("%(amount)s längre från järnvägsterminal")),
    "port_min": (N_("%(amount)s närmare hamn"), N_("%(amount)s längre från hamn")),
    "airport_min": (N_("%(amount)s närmare flygplats"), N_("%(amount)s längre från flygplats")),
    "place_km": (N_("%(amount)s närmare platsen"), N_("%(amount)s längre från platsen")),
    "available_by": (N_("%(amount)s tidigare tillträde"), N_("%(amount)s senare tillträde")),
    "floor_share_percent": (N_("%(amount)s mindre byggrätt"), N_("%(amount)s större byggrätt")),
    "slope_percent": (N_("%(amount)s mindre lutning"), N_("%(amount)s mer lutning")),
    "confirmed_days": (N_("%(amount)s färskare uppgifter"), N_("%(amount)s äldre uppgifter")),
}
"""A difference in a sentence: less of the amount, more of it."""

BY_DAY: Mapping[str, tuple[str, str]] = {
    "ready_by": (N_("byggklar mark senast %(day)s"), N_("byggklar mark %(day)s")),
    "available_by": (N_("tillträde senast %(day)s"), N_("tillträde %(day)s")),
}
"""A criterion of days as it is asked for, and as a plot has it."""

PARTIES: Mapping[Party, str] = {
    Party.COMPANY: N_("ert företag"),
    Party.OWNER: N_("markägaren"),
    Party.MUNICIPALITY: N_("kommunen"),
    Party.PLAN_AUTHORITY: N_("kommunen som planmyndighet"),
    Party.GRID_OWNER: N_("nätägaren"),
}


@dataclass(frozen=True, slots=True)
class Phrases:
    """Parts of sentences in one language, for a need of this date as asked on a day."""

    words: Words
    need_date: date
    on: date

    def must(self, must: Must) -> str:
        """What a must asks for, as a thing that a plot has."""
        criterion = CRITERIA[must.criterion]
        if criterion.kind is Kind.CLAIM:
            return self.claim(must.criterion, holds=must.threshold is True)
        if criterion.kind is Kind.DAYS:
            return self._(BY_DAY[must.criterion][0]) % {"day": self.day_of(must.threshold)}
        if not criterion.is_numeric:
            return self.codes(must)
        phrase = self.amount(must.criterion, self.limits(must))
        if must.criterion == "power_mw" and self.need_date > self.on:
            return self._("%(power)s senast %(day)s") % {
                "power": phrase,
                "day": self.words.day(self.need_date),
            }
        return phrase

    def claim(self, criterion: str, *, holds: bool) -> str:
        """That something is there, or is not."""
        texts = NO_HINDRANCE if criterion == "restrictions" else CLAIMS[criterion]
        return self._(texts[0 if holds else 1])

    def codes(self, must: Must) -> str:
        """A must on codes: 'kommun Göteborg eller Lerum'."""
        codes = [str(code) for code in must.threshold] if isinstance(must.threshold, tuple) else []
        told = self.any_of([codes_text(must.criterion, [code], self.words) for code in codes])
        text = self._("inte %(value)s") % {"value": told} if must.op is Op.NONE_OF else told
        return f"{name_of(must.criterion, self.words)} {text}"

    def limits(self, must: Must) -> str:
        """The limits of a must on an amount: 'minst 5 ha'."""
        if isinstance(must.threshold, tuple):
            low, high = must.threshold
            return span_text(must.criterion, float(low), float(high), self.words)
        bound = float(must.threshold)  # type: ignore[arg-type] # dates stand only under days
        least, most = (bound, None) if must.op is Op.AT_LEAST else (None, bound)
        return span_text(must.criterion, least, most, self.words)

    def amount(self, criterion: str, text: str) -> str:
        """An amount with the words around it."""
        return self._(ASKED[criterion]) % {"value": text} if criterion in ASKED else text

    def day_of(self, threshold: Threshold | float) -> str:
        """The day that a must on readiness sets, as a date."""
        if isinstance(threshold, date):
            return self.words.day(threshold)
        days = float(threshold) if isinstance(threshold, int | float) else 0.0
        return self.words.day(self.need_date + timedelta(days=math.floor(days)))

    def held(self, criterion: str, held: Held) -> str:
        """What a plot holds."""
        if criterion in BY_DAY:
            known = isinstance(held.value, float)
            day = self.day_of(float(held.value)) if known else None  # type: ignore[arg-type]
            return self._(BY_DAY[criterion][1]) % {"day": day} if day else self._("ingen uppgift")
        if held.value is None:
            return bounds_text(criterion, held, self.words) or self._("ingen uppgift")
        if isinstance(held.value, bool):
            return self.claim(criterion, holds=held.value)
        return value_text(criterion, held.value, self.words)

    def step(self, criterion: str, size: float) -> str:
        """A difference: '1 km närmare hamn'."""
        if criterion in BY_DAY:
            days = math.ceil(abs(size) - 1e-9)
            told = self.words.ngettext("%(number)s dag", "%(number)s dagar", days)
            amount = told % {"number": self.words.number(days, 0)}
        else:
            amount = amount_text(criterion, abs(size), self.words)
        less, more = STEPS.get(criterion, (N_("%(amount)s mindre"), N_("%(amount)s mer")))
        return self._(less if size < 0 else more) % {"amount": amount}

    def all_of(self, texts: Sequence[str]) -> str:
        """'a, b och c'."""
        return self.joined(texts, self._("%(first)s och %(last)s"))

    def any_of(self, texts: Sequence[str]) -> str:
        """'a, b eller c'."""
        return self.joined(texts, self._("%(first)s eller %(last)s"))

    def joined(self, texts: Sequence[str], pattern: str) -> str:
        """Texts with commas between them, the last two by a pattern."""
        if len(texts) < 2:
            return "".join(texts)
        return pattern % {"first": ", ".join(texts[:-1]), "last": texts[-1]}

    def parties(self, parties: Sequence[Party]) -> str:
        """Who, all of them together."""
        return self.all_of([self._(PARTIES[party]) for party in dict.fromkeys(parties)])

    def plots(self, number: int) -> str:
        """So many plots more."""
        told = self.words.ngettext("%(number)s tomt till", "%(number)s tomter till", number)
        return told % {"number": self.words.number(number, 0)}

    def _(self, text: str) -> str:
        return self.words.gettext(text)


def loosened(must: Must) -> Must:
    """The must with its limits rounded outward to what is shown, so that nothing it lets in is shut out again."""
    criterion, threshold = CRITERIA[must.criterion], must.threshold
    if criterion.kind is not Kind.AMOUNT:
        return must
    if isinstance(threshold, tuple):
        low, high = (float(side) for side in threshold)
        return replace(
            must, threshold=(rounded(must.criterion, low, up=False), rounded(must.criterion, high, up=True))
        )
    return replace(
        must,
        threshold=rounded(must.criterion, float(threshold), up=must.op is Op.AT_MOST),  # type: ignore[arg-type]
    )


def rounded(criterion: str, amount: float, *, up: bool) -> float:
    """An amount rounded to the digits that are shown of it, up or down."""
    grain = grain_of(criterion, abs(amount))
    steps = amount / grain
    nearest = round(steps)
    if abs(steps - nearest) < 1e-9:
        return nearest * grain
    return (math.ceil(steps) if up else math.floor(steps)) * grain


def grain_of(criterion: str, amount: float) -> float:
    """The last digit that is shown of an amount, in its unit."""
    if criterion in HECTARES:
        return 100.0 if amount < 20_000 else 1_000.0 if amount < 1_000_000 else 10_000.0
    if criterion in DISTANCES:
        return 1.0 if amount < 100 else 100.0 if amount < 100_000 else 1_000.0
    if criterion in ONE_DECIMAL or criterion == RENT:
        return 0.1
    shown = {
        "confirmed_days": 1.0,
        "power_mw": 0.01 if amount < 1 else 0.1,
        "price_sek_per_m2": 1.0,
        "floor_area_m2": 1.0,
    }
    return shown.get(criterion, 0.1 if CRITERIA[criterion].unit == "m" else 0.001)


def capital(text: str) -> str:
    """The text with its first letter large."""
    return text[:1].upper() + text[1:]
