"""The form of a plot: written from a plot's document and read back, so that what nobody touched stays exact."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from landbank.api.i18n import N_, Language, Words
from landbank.api.need_form import SPACES
from landbank.api.plot_form_fields import SINGLE, SOURCE_NAMES, field_of
from landbank.api.posted import Posted
from landbank.domain.plot_content import Fault
from landbank.domain.plot_fields import MOST_FACTS, NOUNS, SOURCED, Field, Kind
from landbank.services.plot_document import Document

YES, NO = "ja", "nej"
ROW = re.compile(r"(?P<noun>[a-z]+)\.(?P<row>\d{1,3})\.")
DECIMAL = re.compile(r"-?\d{1,15}([.,]\d{1,15})?")
REMOVED = "slut"
"""The box of a fact that is to end."""

Values = dict[str, tuple[str, ...]]


def typed_of(document: Document, language: Language) -> Posted:
    """The form as it shows a document; facts that are there come first, in their order."""
    values: Values = {name: texts_of(one, document.get(name), language) for name, one in SINGLE.items()}
    for name in sorted(SOURCED):
        source = (document.get("sources") or {}).get(name) or {}
        for part in SOURCE_NAMES:
            found = field_of(f"sources.{name}.{part}")
            if found is not None:
                values[f"sources.{name}.{part}"] = texts_of(found, source.get(part), language)
    for noun, kind in NOUNS.items():
        for row, fact in enumerate(document.get(noun) or []):
            values |= fact_values(noun, row, fact, kind.fields, language)
    return Posted(values)


def fact_values(
    noun: str, row: int, fact: Mapping[str, Any], fields: Sequence[Field], language: Language
) -> Values:
    """The form's values of one fact."""
    values: Values = {
        f"{noun}.{row}.{one.name}": texts_of(one, fact.get(one.name), language) for one in fields
    }
    if fact.get("id") is not None:
        values[f"{noun}.{row}.id"] = (str(fact["id"]),)
    return values


def texts_of(one: Field, value: Any, language: Language) -> tuple[str, ...]:
    """A value as the form has it."""
    if value is None:
        return ("",) if one.default is None else (YES if one.default else NO,)
    if one.kind is Kind.CODES:
        return tuple(value)
    if one.kind is Kind.TEXTS:
        return ("\n".join(value),)
    if one.kind is Kind.CLAIM:
        return (YES if value else NO,)
    if one.kind is Kind.NUMBER:
        text = f"{value:.15g}"
        return (text.replace(".", ",") if language is Language.SV else text,)
    return (str(value),)


@dataclass(frozen=True, slots=True)
class Read:
    """A form as a document; `rows` says by noun which row of the form each fact of the document stands in."""

    document: Document
    rows: Mapping[str, Sequence[int]] = field(default_factory=dict)

    def name_of(self, pointer: str) -> str:
        """The form's field that a pointer into the document names."""
        parts = pointer.strip("/").split("/")
        if len(parts) >= 2 and parts[0] in self.rows and parts[1].isdigit():
            parts[1] = str(self.rows[parts[0]][int(parts[1])])
        return ".".join(parts)


def read_form(posted: Posted, base: Document, language: Language) -> Read:
    """The document that the form means, against the one that it was written from.

    What a form leaves out altogether, as one from an older page may, stays; so does a fact without its box ticked.
    """
    document = dict(base)
    for name, one in SINGLE.items():
        document[name] = read_value(posted, name, one, base.get(name), language)
    document["sources"] = read_sources(posted, base.get("sources") or {}, language)
    rows = {}
    for noun in NOUNS:
        document[noun], rows[noun] = read_facts(posted, noun, base.get(noun) or [], language)
    return Read(document, rows)


def read_sources(posted: Posted, base: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """The sources of single values that say something."""
    found = {}
    for name in sorted(SOURCED):
        was = base.get(name) or {}
        told = {}
        for part in SOURCE_NAMES:
            one = field_of(f"sources.{name}.{part}")
            if one is not None:
                told[part] = read_value(posted, f"sources.{name}.{part}", one, was.get(part), language)
        if any(value is not None for value in told.values()):
            found[name] = told
    return found


def read_facts(
    posted: Posted, noun: str, base: Sequence[Mapping[str, Any]], language: Language
) -> tuple[list[dict[str, Any]], list[int]]:
    """The facts of a kind and the rows that they stand in; a new row in which nothing stands is none."""
    standing = {str(one["id"]): one for one in base if one.get("id") is not None}
    seen, facts, rows = set(), [], []
    for row in rows_of(posted, noun):
        key = posted.text(f"{noun}.{row}.id")
        seen.add(key)
        was = standing.get(key, {})
        if posted.text(f"{noun}.{row}.{REMOVED}") or (not was and is_blank(posted, noun, row)):
            continue
        told: dict[str, Any] = {"id": was["id"]} if was else {}
        for one in NOUNS[noun].fields:
            told[one.name] = read_value(posted, f"{noun}.{row}.{one.name}", one, was.get(one.name), language)
        facts.append(told)
        rows.append(row)
    kept = [dict(one) for key, one in standing.items() if key not in seen]
    return [*facts, *kept], [*rows, *(0 for _ in kept)]


def rows_of(posted: Posted, noun: str) -> list[int]:
    """The rows of a kind of facts that a form has, in their order."""
    found = (ROW.match(name) for name in posted.values)
    return sorted({int(match["row"]) for match in found if match and match["noun"] == noun})[:MOST_FACTS]


def is_blank(posted: Posted, noun: str, row: int) -> bool:
    """Whether nothing was written into a row."""
    return all(
        posted.text(f"{noun}.{row}.{one.name}").strip() in ("", *texts_of(one, None, Language.SV))
        for one in NOUNS[noun].fields
    )


def read_value(posted: Posted, name: str, one: Field, was: Any, language: Language) -> Any:
    """A field's value as a document has it; text where it can't be read, so that the check says so."""
    if name not in posted.values:
        return was
    if one.kind is Kind.CODES:
        chosen = [code for code in posted.chosen(name) if code]
        return was if set(chosen) == set(was or ()) else chosen or None
    text = posted.text(name).replace("\r\n", "\n")
    if text.strip() == texts_of(one, was, language)[0].replace("\r\n", "\n").strip():
        return was
    return parsed(one, text.strip())


def parsed(one: Field, text: str) -> Any:
    """A typed text as a value of the field's kind; None where it is empty, the text itself where it is none."""
    if not text:
        return None
    if one.kind is Kind.TEXTS:
        return [line.strip() for line in text.split("\n") if line.strip()] or None
    if one.kind is Kind.NUMBER:
        told = SPACES.sub("", text)
        return float(told.replace(",", ".")) if told.isascii() and DECIMAL.fullmatch(told) else text
    if one.kind is Kind.ID:
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else text
    if one.kind is Kind.CLAIM:
        return {YES: True, NO: False}.get(text, text)
    return text


REQUIRED = N_("Måste fyllas i.")
KIND_FAULTS: Mapping[Kind, str] = {
    Kind.TEXT: N_("Texten är för lång eller har tecken som inte syns. Högst %(most)s tecken."),
    Kind.TEXTS: N_("Skriv en per rad, högst %(most)s tecken i varje."),
    Kind.CODE: N_("Välj något i listan."),
    Kind.CODES: N_("Välj bland rutorna."),
    Kind.NUMBER: N_("Skriv ett tal från %(least)s till %(most)s."),
    Kind.ID: N_("Välj något i listan: det här finns inte, eller hör till en annan kommun."),
    Kind.DAY: N_("Skriv en dag som 2027-06-30."),
    Kind.PAST: N_("Skriv en dag som 2026-06-30, senast i dag."),
    Kind.CLAIM: N_("Välj något i listan."),
    Kind.ADDRESS: N_("Skriv en webbadress som börjar med https:// eller http://."),
}
CONTRADICTIONS: Mapping[str, str] = {
    "degree_code": N_(
        "Utnyttjandegraden och koden för bestämmelsen hör ihop, och koden ska stå i Boverkets katalog."
    ),
    "capacity_unit": N_("Kapacitet och enhet hör ihop; el anges i kW eller MW."),
    "distance_m": N_("Ange ett avstånd eller en tid."),
    "price_max_sek_per_m2": N_("Det högsta priset ligger under det lägsta."),
}
"""What is said where the values of a fact contradict each other, at the field that the check names."""

OTHER_FAULT = N_("Uppgiften går inte att använda.")


def fault_text(name: str, fault: Fault, words: Words) -> str:
    """What is said at a field: what it takes, in the page's language."""
    one = field_of(name)
    if one is None:
        return words.gettext(OTHER_FAULT)
    if fault.text == "It is required.":
        return words.gettext(REQUIRED)
    if one.name in CONTRADICTIONS and not fault.text.startswith("It "):
        return words.gettext(CONTRADICTIONS[one.name])
    least, most = (one.least or 0, one.most or 0) if one.kind is Kind.NUMBER else (0, one.longest)
    return words.gettext(KIND_FAULTS[one.kind]) % {
        "least": words.number(least, 1),
        "most": words.number(most, 1),
    }
