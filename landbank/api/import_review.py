"""What the pages of imports show: counts, findings with what to do, and the difference row by row, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import shapely

from landbank.api.drawing import Drawing, Layer, draw
from landbank.api.finding_words import FindingView, advice_of, name_of, reported_view
from landbank.api.history_values import FIELD_NAMES, ValueTeller, municipality_text
from landbank.api.i18n import N_, Words
from landbank.codelists.fields import VIEW, load_fields
from landbank.exchange.findings import CATALOGUE, Severity
from landbank.exchange.report_file import ReportPage

CHANGES_SHOWN, FINDINGS_SHOWN = 25, 50
GREATEST_START = 10**9
MANY = 0.2
"""The share of a dataset's plots that may end without an extra yes; landbank/services/import_plots.py's."""

COUNTS: Mapping[str, str] = {
    "rows": N_("rader i filen"),
    "new": N_("nya tomter"),
    "changed": N_("ändrade tomter"),
    "unchanged": N_("oförändrade"),
    "repaired": N_("lagade gränser"),
    "refused": N_("avvisade rader"),
    "missing": N_("saknas i filen"),
    "ended": N_("upphör"),
    "restored": N_("återställda"),
    "shared_restored": N_("återställda planer, områden och kontakter"),
    "skipped": N_("lämnade som de är"),
}
STATES: Mapping[str, str] = {
    "proposed": N_("Väntar på att genomföras"),
    "applied": N_("Genomförd"),
    "expired": N_("Förfallen: filen är borttagen"),
}
SEVERITIES: Mapping[str, str] = {
    Severity.ERROR: N_("raden avvisas"),
    Severity.WARNING: N_("se efter"),
    Severity.INFO: N_("bra att veta"),
}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a row: its name, its column, what stood and what the file says."""

    name: str
    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RowChange:
    """One changed plot."""

    row: int
    reference: str
    municipality: str
    fields: tuple[FieldChange, ...]
    drawing: Drawing | None


@dataclass(frozen=True, slots=True)
class CodeCount:
    """All findings of one code."""

    code: str
    name: str
    what_to_do: str
    severity: str
    severity_text: str
    count: str
    url: str


@dataclass(frozen=True, slots=True)
class Paging:
    """Where in a long list one is."""

    first: str
    last: str
    total: str
    before_url: str
    after_url: str


def counts_of(record: Any, words: Words) -> list[tuple[str, str]]:
    """An import's counts in words; what is nothing and goes without saying is left out."""
    always = ("rows", "new", "changed", "refused") if record.kind == "file" else ("restored",)
    return [
        (words.number(record.counts[name], 0), words.gettext(text))
        for name, text in COUNTS.items()
        if name in record.counts and (record.counts[name] or name in always)
    ]


def codes_of(head: Mapping[str, Any], words: Words, path: str) -> list[CodeCount]:
    """Findings by code, what refuses rows first, then by number."""
    order = list(map(str, (Severity.ERROR, Severity.WARNING, Severity.INFO)))
    found = []
    for code, count in (head.get("findings_by_code") or {}).items():
        severity = str(CATALOGUE[code].severity) if code in CATALOGUE else str(Severity.INFO)
        found.append((order.index(severity), -count, code, severity))
    return [
        CodeCount(
            code,
            name_of(code, words.language),
            advice_of(code, words.language),
            severity,
            words.gettext(SEVERITIES[Severity(severity)]),
            words.number(-count, 0),
            f"{path}?kod={code}#fynd",
        )
        for _place, count, code, severity in sorted(found)
    ]


def findings_of(page: ReportPage, words: Words) -> list[FindingView]:
    """The findings of a page."""
    return [reported_view(told, words.language) for told in page.lines["findings"]]


def rows_of(page: ReportPage, words: Words) -> list[RowChange]:
    """The changed plots of a page."""
    return [row_change(told, words) for told in page.lines["changes"]]


def row_change(told: Mapping[str, Any], words: Words) -> RowChange:
    """One changed plot: its outline as a drawing, everything else field by field."""
    teller, changes = ValueTeller(words, {}), dict(told.get("changes") or {})
    outline = changes.pop("outline", None)
    order = {name: place for place, name in enumerate(FIELD_NAMES)}
    fields = [
        FieldChange(field_name(column, words), column, *(value_text(teller, column, one) for one in pair))
        for column, pair in sorted(
            changes.items(), key=lambda item: (order.get(item[0], len(order)), item[0])
        )
    ]
    if outline is not None:
        before, after = (outline_words(one, words) for one in outline)
        fields.insert(0, FieldChange(field_name("geometry", words), "outline", before, after))
    return RowChange(
        int(told.get("row") or 0),
        str(told.get("reference") or ""),
        municipality_text(str(told.get("municipality_code") or "")),
        tuple(fields),
        None if outline is None else drawing_of(*outline),
    )


def field_name(column: str, words: Words) -> str:
    """What a column is called: its short name on the pages, else its meaning."""
    if column in FIELD_NAMES:
        return words.gettext(FIELD_NAMES[column])
    known = load_fields().fields.get(VIEW, {}).get(column)
    if known is None:
        return column
    return known.meaning_sv if words.language == "sv" else known.meaning_en


def value_text(teller: ValueTeller, column: str, value: Any) -> str:
    """A value in words; a text of any length is cut."""
    if isinstance(value, dict) or (isinstance(value, list) and any(isinstance(one, dict) for one in value)):
        return str(value)[:300]
    return teller.text(column, value)


def outline_words(told: Mapping[str, Any], words: Words) -> str:
    """An outline by its area, or as a point."""
    area_m2 = told.get("area_m2")
    return words.gettext("en punkt") if area_m2 is None else words.square_metres(float(area_m2))


def drawing_of(before: Mapping[str, Any], after: Mapping[str, Any]) -> Drawing | None:
    """Both outlines, or the places where they are not told."""
    layers = []
    for kind, told in (("before", before), ("after", after)):
        written = told.get("drawn") or told.get("location")
        if written:
            geometry = shapely.from_wkt(written)
            layers.append(Layer(kind, geometry.buffer(10) if geometry.geom_type == "Point" else geometry))
    return draw(layers)


def paging(path: str, start: int, size: int, total: int, *, query: str, name: str, words: Words) -> Paging:
    """Where the shown lines stand among all; `name` is the parameter, `query` what else the address keeps."""
    more = f"&{query}" if query else ""
    return Paging(
        words.number(min(start + 1, total), 0),
        words.number(min(start + size, total), 0),
        words.number(total, 0),
        f"{path}?{name}={max(start - size, 0)}{more}#{name}" if start > 0 else "",
        f"{path}?{name}={start + size}{more}#{name}" if start + size < total else "",
    )


def start_of(told: str) -> int:
    """The first line that an address asks for; the beginning where it says none."""
    return min(int(told), GREATEST_START) if told.isascii() and told.isdecimal() and len(told) < 10 else 0
