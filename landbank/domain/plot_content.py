"""What a document says of a plot, checked: values of the right kind, known codes, nothing that contradicts itself.

All faults are found, each with the JSON pointer of its field (RFC 6901), so that a form can show them all at once.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from urllib.parse import urlsplit

from landbank.domain.plot_fields import MOST_FACTS, NOUNS, PLOT_FIELDS, SOURCE_FIELDS, SOURCED, Field, Kind
from landbank.errors import Invalid

GREATEST_ID: Final = 2**63 - 1
ELECTRIC_UNITS: Final = ("kW", "MW")
EARLIEST: Final = date(1800, 1, 1)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that a document can't say, and where."""

    pointer: str
    text: str


class InvalidDocument(Invalid):
    """A document with at least one fault; the first is the message, all are members for programs."""

    def __init__(self, faults: Sequence[Fault], hint: str = "GET /api/plots/schema shows the form.") -> None:
        first = faults[0]
        more = f" ({len(faults) - 1} more)" if len(faults) > 1 else ""
        super().__init__(
            f"{first.pointer or 'The document'}: {first.text}{more}",
            hint=hint,
            where=first.pointer or None,
        )
        self.faults = tuple(faults)

    def members(self) -> dict[str, Any]:
        """All faults."""
        return {"faults": [{"pointer": fault.pointer, "detail": fault.text} for fault in self.faults]}


Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Content:
    """All that is recorded of a plot, as the tables have it: columns, facts by noun with their ids, and the sources of
    single values by field."""

    values: Values
    facts: Mapping[str, tuple[Values, ...]]
    sources: Mapping[str, Values]


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs between two documents of a plot, checked: the single values; facts that end, by id, and facts that
    begin, by noun; and the sources of single values by field, None for one that is taken away."""

    values: Values
    ended: Mapping[str, tuple[int, ...]]
    begun: Mapping[str, tuple[Values, ...]]
    sources: Mapping[str, Values | None]

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return not (self.values or any(self.ended.values()) or any(self.begun.values()) or self.sources)


@dataclass(slots=True)
class Check:
    """One check of a document against the one that stands; what stays as it is is not judged again."""

    day: date
    """No day in the past lies after it."""
    degree_codes: frozenset[str]
    """The provisions that may name what a degree is counted on."""
    faults: list[Fault] = field(default_factory=list)

    def changes(self, base: Mapping[str, Any], document: Mapping[str, Any]) -> Changes:
        """What the document changes; its faults are collected, and what has one is None."""
        changed = [one for one in PLOT_FIELDS if differs(one, base, document)]
        ended, begun = {}, {}
        for name in NOUNS:
            ended[name], begun[name] = self.noun(name, base.get(name) or [], document.get(name))
        sources = self.sources(base.get("sources") or {}, document.get("sources"))
        return Changes(self.fields(changed, document, ""), ended, begun, sources)

    def fault(self, pointer: str, text: str) -> None:
        """Note a fault."""
        self.faults.append(Fault(pointer, text))

    def fields(self, fields: Sequence[Field], told: Mapping[str, Any], pointer: str) -> Values:
        """The values of the fields; None where nothing is said."""
        return {one.name: self.value(one, told.get(one.name), f"{pointer}/{one.name}") for one in fields}

    def value(self, field: Field, told: Any, pointer: str) -> Any:
        """One value of the field's kind; None, with a fault, where it can't be."""
        if told is None:
            if field.is_required:
                self.fault(pointer, "It is required.")
            return field.default
        try:
            return READERS[field.kind](self, field, told)
        except ValueError as error:
            self.fault(pointer, str(error))
            return None

    def noun(
        self, name: str, base: Sequence[Values], told: Any
    ) -> tuple[tuple[int, ...], tuple[Values, ...]]:
        """The ids of facts that end and the facts that begin; one that differs ends and begins anew."""
        given = [] if told is None else told
        if not isinstance(given, list) or len(given) > MOST_FACTS:
            self.fault(f"/{name}", f"It must be a list of at most {MOST_FACTS} facts.")
            return (), ()
        standing = {one["id"]: one for one in base}
        kept: set[int] = set()
        begun = []
        for place, one in enumerate(given):
            pointer = f"/{name}/{place}"
            fact_id = self.fact_id(one, pointer, standing, kept)
            if fact_id is not None:
                kept.add(fact_id)
                if said(one) == said(standing[fact_id]):
                    continue
                kept.discard(fact_id)
                standing.pop(fact_id)
            begun.append(self.fact(name, one, pointer))
        ended = tuple(one["id"] for one in base if one["id"] not in kept)
        return ended, tuple(fact for fact in begun if fact is not None)

    def fact_id(
        self, one: Any, pointer: str, standing: Mapping[int, Values], kept: Collection[int]
    ) -> int | None:
        """The id of a standing fact that an entry names; None for a new one."""
        fact_id = one.get("id") if isinstance(one, dict) else None
        if fact_id is None:
            return None
        if type(fact_id) is int and fact_id in standing and fact_id not in kept:
            return fact_id
        self.fault(f"{pointer}/id", "No other fact of this plot has this id; leave the id of a new one out.")
        return None

    def fact(self, name: str, one: Any, pointer: str) -> Values | None:
        """One fact of a kind, without its id; None for what is no object."""
        if not isinstance(one, dict):
            self.fault(pointer, "It must be an object.")
            return None
        fields = NOUNS[name].fields
        self.know(one, ("id", *(field.name for field in fields)), pointer)
        before = len(self.faults)
        fact = self.fields(fields, one, pointer)
        if len(self.faults) == before:
            for where, text in contradictions(name, fact, self.degree_codes):
                self.fault(f"{pointer}/{where}", text)
        return fact

    def sources(self, base: Mapping[str, Values], told: Any) -> dict[str, Values | None]:
        """The sources of single values that differ, by field."""
        given = {} if told is None else told
        if not isinstance(given, dict):
            self.fault("/sources", "It must be an object with a source for each field.")
            return {}
        changed: dict[str, Values | None] = {name: None for name in base if not said(given.get(name))}
        for name, one in given.items():
            pointer = f"/sources/{escaped(name)}"
            if said(one) == said(base.get(name)) or said(one) == {}:
                continue
            if name not in SOURCED:
                self.fault(pointer, "No field of this name has a source of its own.")
            elif not isinstance(one, dict):
                self.fault(pointer, "It must be an object.")
            else:
                self.know(one, [field.name for field in SOURCE_FIELDS], pointer)
                changed[name] = self.fields(SOURCE_FIELDS, one, pointer)
        return changed

    def know(self, told: Mapping[str, Any], names: Sequence[str], pointer: str) -> None:
        """Note a fault for each member that means nothing."""
        for name in told:
            if name not in names:
                self.fault(f"{pointer}/{escaped(name)}", "There is no such field.")

    def refuse_faults(self) -> None:
        """Raise `InvalidDocument` if anything was found."""
        if self.faults:
            raise InvalidDocument(self.faults)


def differs(field: Field, base: Mapping[str, Any], document: Mapping[str, Any]) -> bool:
    """Whether a single value is another one, or missing where it is required."""
    told = document.get(field.name)
    return bool(told != base.get(field.name)) or (told is None and field.is_required)


def said(one: Any) -> Any:
    """What an object says: its members without those that say nothing; anything else as it stands."""
    return {name: value for name, value in one.items() if value is not None} if isinstance(one, dict) else one


def contradictions(noun: str, fact: Values, degree_codes: frozenset[str]) -> Iterator[tuple[str, str]]:
    """What of a fact contradicts itself: the field and why."""
    if noun == "uses":
        if (fact["degree"] is None) != (fact["degree_code"] is None):
            yield (
                "degree_code",
                "A degree names the provision that says what it is counted on, and the other way.",
            )
        elif fact["degree_code"] is not None and fact["degree_code"] not in degree_codes:
            yield "degree_code", "No provision of the catalogue that states a degree has this code."
    elif noun == "utilities":
        if (fact["capacity"] is None) != (fact["capacity_unit"] is None):
            yield "capacity_unit", "A capacity has its unit, and a unit its capacity."
        elif fact["kind"] == "el" and fact["capacity_unit"] not in (None, *ELECTRIC_UNITS):
            yield "capacity_unit", f"Electric power is given in {' or '.join(ELECTRIC_UNITS)}."
    elif noun == "accesses":
        if fact["distance_m"] is None and fact["minutes"] is None:
            yield "distance_m", "A distance or a time is needed."
    elif noun == "prices":
        low, high = fact["price_sek_per_m2"], fact["price_max_sek_per_m2"]
        if low is not None and high is not None and high < low:
            yield "price_max_sek_per_m2", "The highest price lies below the lowest."


def read_text(_check: Check, field: Field, told: Any) -> str:
    """A text in NFC, without spaces at its ends."""
    if not isinstance(told, str):
        raise ValueError("It must be a text.")
    text = unicodedata.normalize("NFC", told).strip()
    if not text:
        raise ValueError("It is empty; leave it out or give null.")
    if len(text) > field.longest:
        raise ValueError(f"It has {len(text)} characters, at most {field.longest} are kept.")
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t" for sign in text):
        raise ValueError("It holds control characters.")
    return text


def read_texts(check: Check, field: Field, told: Any) -> list[str] | None:
    """Texts, each once; None for an empty list."""
    if not isinstance(told, list) or len(told) > MOST_FACTS:
        raise ValueError("It must be a list of texts.")
    return list(dict.fromkeys(read_text(check, field, one) for one in told)) or None


def read_code(_check: Check, field: Field, told: Any) -> str:
    """A code of the field's list."""
    if not isinstance(told, str) or told not in field.codes:
        raise ValueError(f"It must be one of {', '.join(field.codes)}.")
    return told


def read_codes(check: Check, field: Field, told: Any) -> list[str] | None:
    """Codes of the field's list, each once and in its order; None for an empty list."""
    if not isinstance(told, list):
        raise ValueError("It must be a list of codes.")
    given = {read_code(check, field, one) for one in told}
    return [one for one in field.codes if one in given] or None


def read_number(_check: Check, field: Field, told: Any) -> float:
    """A finite number inside the field's bounds."""
    if isinstance(told, bool) or not isinstance(told, int | float) or not math.isfinite(told):
        raise ValueError("It must be a number.")
    low, high = field.least or 0.0, field.most or math.inf
    if not low <= told <= high:
        raise ValueError(f"It lies outside {low:g} to {high:g}.")
    return float(told)


def read_id(_check: Check, _field: Field, told: Any) -> int:
    """A number that the database gave."""
    if isinstance(told, bool) or not isinstance(told, int) or not 0 < told <= GREATEST_ID:
        raise ValueError("It must be the number of something in landbank.")
    return told


def read_day(_check: Check, _field: Field, told: Any) -> date:
    """A calendar day written as 2027-06-30."""
    day = None
    if isinstance(told, str) and len(told) == len("2027-06-30"):
        try:
            day = date.fromisoformat(told)
        except ValueError:
            day = None
    if day is None or day < EARLIEST:
        raise ValueError("It must be a day, written as 2027-06-30.")
    return day


def read_past(check: Check, field: Field, told: Any) -> date:
    """A day that is not in the future."""
    day = read_day(check, field, told)
    if day > check.day:
        raise ValueError(f"It lies in the future; today is {check.day}.")
    return day


def read_claim(_check: Check, _field: Field, told: Any) -> bool:
    """Yes or no."""
    if not isinstance(told, bool):
        raise ValueError("It must be true or false.")
    return told


def read_address(check: Check, field: Field, told: Any) -> str:
    """A web address."""
    text = read_text(check, field, told)
    try:
        parts = urlsplit(text)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in text
    except ValueError:
        is_web = False
    if not is_web:
        raise ValueError("It must be a web address, beginning with https:// or http://.")
    return text


READERS: Final[dict[Kind, Callable[[Check, Field, Any], Any]]] = {
    Kind.TEXT: read_text,
    Kind.TEXTS: read_texts,
    Kind.CODE: read_code,
    Kind.CODES: read_codes,
    Kind.NUMBER: read_number,
    Kind.ID: read_id,
    Kind.DAY: read_day,
    Kind.PAST: read_past,
    Kind.CLAIM: read_claim,
    Kind.ADDRESS: read_address,
}


def escaped(name: str) -> str:
    """A member's name in a JSON pointer. Source: RFC 6901, 3."""
    return name.replace("~", "~0").replace("/", "~1")[:100]
