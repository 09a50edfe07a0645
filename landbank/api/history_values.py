"""A plot's fields and facts in words, as events hold them: codes, numbers, dates as text, other things by number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from landbank.api.i18n import N_, Words
from landbank.api.page_plot_tables import Table, TableMaker
from landbank.codelists import municipalities, terms
from landbank.domain.history import PUBLIC_FACTS, SHAPES
from landbank.services.describe_history import NOUN_OF_FIELD

FIELD_NAMES: Mapping[str, str] = {
    "availability": N_("Försäljning"),
    "availability_until": N_("Gäller till"),
    "available_on": N_("Går att få från"),
    "readiness": N_("Marken"),
    "ready_on": N_("Byggklar"),
    "commitment": N_("Åtaganden"),
    "planning_state": N_("Planläge"),
    "plan_id": N_("Plan"),
    "restriction": N_("Begränsningar"),
    "plot_use": N_("Användning"),
    "price": N_("Pris"),
    "tenures": N_("Släpps genom"),
    "utility": N_("El, vatten och andra ledningar"),
    "access": N_("Avstånd till infrastruktur"),
    "geometry": N_("Gräns"),
    "location": N_("Läge på kartan"),
    "area_m2": N_("Area"),
    "area_method": N_("Hur arean är mätt"),
    "area_declared_m2": N_("Area enligt ägaren"),
    "net_area_m2": N_("Säljbar del"),
    "minimum_lot_m2": N_("Minsta tomt vid delning"),
    "is_subdividable": N_("Kan delas"),
    "height_max_m": N_("Högsta höjd"),
    "height_basis": N_("Höjden räknas från"),
    "dwelling_distance_m": N_("Till närmaste bostad"),
    "environment_class": N_("Miljöklass"),
    "has_rail_siding": N_("Stickspår"),
    "slope_percent": N_("Lutning"),
    "ground_kind": N_("Jordart"),
    "flood_class": N_("Översvämning"),
    "name": N_("Namn"),
    "reference": N_("Beteckning i landbank"),
    "area_id": N_("Område"),
    "municipality_code": N_("Kommun"),
    "property_designations": N_("Fastighet"),
    "description": N_("Beskrivning"),
    "owner_kind": N_("Ägare"),
    "sales_contact_id": N_("Kontakt"),
    "steward_contact_id": N_("Uppgifterna sköts av"),
    "confirmed_on": N_("Senast bekräftad"),
    "source": N_("Källa"),
    "source_url": N_("Källans adress"),
    "value_source": N_("Källor till enskilda värden"),
    "dataset": N_("Leverans"),
    "is_synthetic": N_("Uppgifternas slag"),
    "valid_from": N_("Gäller från"),
    "valid_to": N_("Upphör"),
    "successors": N_("Ersatt av"),
}
"""What each field is called, in the order in which changes are told."""

FACT_FIELDS = frozenset(PUBLIC_FACTS)
CODES = (
    "planning_state", "readiness", "availability", "owner_kind", "area_method", "height_basis",
    "environment_class", "ground_kind", "flood_class",
)  # fmt: skip
AREAS = frozenset(("area_m2", "area_declared_m2", "net_area_m2", "minimum_lot_m2"))
METRES = frozenset(("height_max_m", "dwelling_distance_m"))
DATES = frozenset(("confirmed_on", "due_on", "resolved_on", "available_on", "decided_on"))
"""Fields of facts that hold a day, as text in an event."""

LONGEST = 300


@dataclass(frozen=True, slots=True)
class ValueTeller:
    """Values in one language; `names` gives what other things are called, by noun and number."""

    words: Words
    names: Mapping[str, Mapping[int, str]]

    def name(self, field: str) -> str:
        """What a field is called."""
        return self.words.gettext(FIELD_NAMES[field]) if field in FIELD_NAMES else field

    def pair(self, field: str, before: Any, after: Any) -> tuple[str, str]:
        """The values before and after; of an outline or a place only that it is another."""
        _ = self.words.gettext
        if field in SHAPES and before is not None and after is not None:
            return (
                (_("tidigare gräns"), _("ny gräns"))
                if field == "geometry"
                else (_("tidigare läge"), _("nytt läge"))
            )
        return self.text(field, before), self.text(field, after)

    def text(self, field: str, value: Any) -> str:
        """A value in words."""
        _ = self.words.gettext
        if field == "geometry":
            return _("ingen gräns") if value is None else _("en gräns")
        if value is None or value == []:
            return _("inga") if field in FACT_FIELDS else _("ingen uppgift")
        if field in FACT_FIELDS:
            return self.facts(field, value)
        if field in NOUN_OF_FIELD:
            return self.named(NOUN_OF_FIELD[field], value)
        told = self.plain(field, value)
        return told if len(told) <= LONGEST else f"{told[:LONGEST]}…"

    def plain(self, field: str, value: Any) -> str:
        """A single value that is no fact and no other thing's number."""
        _ = self.words.gettext
        tellers: Mapping[str, Callable[[Any], str]] = {
            **{name: partial(self.code, name) for name in CODES},
            **dict.fromkeys(AREAS, self.area),
            **dict.fromkeys(METRES, self.words.metres),
            "slope_percent": lambda amount: f"{self.words.number(amount, 1)}\u00a0%",
            "tenures": lambda codes: ", ".join(self.code("tenure", code) for code in codes),
            "is_synthetic": lambda invented: _("Påhittat exempel") if invented else _("Verklig tomt"),
            "municipality_code": municipality_text,
            "location": lambda _point: _("en punkt"),
        }
        return tellers.get(field, self.otherwise)(value)

    def code(self, name: str, code: str) -> str:
        """A code's label; the code itself where the list has it no more."""
        known = terms(name).get(code)
        return known.label(self.words.language) if known else code

    def area(self, area_m2: float) -> str:
        """An area in hectares and square metres."""
        return f"{self.words.hectares(area_m2)} ({self.words.square_metres(area_m2)})"

    def otherwise(self, value: Any) -> str:
        """Yes or no, texts one after the other, or the value as it stands."""
        if isinstance(value, bool):
            return self.words.gettext("Ja") if value else self.words.gettext("Nej")
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)

    def named(self, noun: str, value: Any) -> str:
        """One or several other things by what they are called now."""
        numbers = value if isinstance(value, list) else [value]
        known = self.names.get(noun, {})
        return ", ".join(known.get(number, f"nr {number}") for number in numbers)

    def facts(self, field: str, rows: Sequence[Mapping[str, Any]]) -> str:
        """Rows of facts, each as its table on the plot's page has it."""
        maker = TableMaker(self.words, {"today": date.min, "source": None, "confirmed_on": date.min})
        makers: Mapping[str, Callable[[tuple[Mapping[str, Any], ...]], Table | None]] = {
            "plot_use": maker.uses,
            "restriction": maker.restrictions,
            "utility": maker.utilities,
            "access": maker.accesses,
            "price": maker.prices,
        }
        if field not in makers:
            tell = self.commitment if field == "commitment" else source_text
            return "; ".join(map(tell, rows))
        whole = tuple(self.with_days(field, row) for row in rows)
        table = makers[field](whole)
        if table is None:
            return ""
        return "; ".join(self.row(table.heads, [cell.text for cell in row]) for row in table.rows)

    def row(self, heads: Sequence[str], texts: Sequence[str]) -> str:
        """A row in a sentence: what is not known is left out, a yes or no says of what."""
        _ = self.words.gettext
        unknown = {"", _("okänt"), _("okänd"), _("inget datum"), _("ej angivet")}
        claims = {_("ja"), _("nej")}
        return ", ".join(
            f"{head.lower()}: {text}" if text in claims else text
            for head, text in zip(heads, texts, strict=True)
            if text not in unknown
        )

    def commitment(self, row: Mapping[str, Any]) -> str:
        """What is promised and until when; never to whom, which no event says."""
        told = self.code("commitment_kind", row["kind"])
        until = row.get("valid_until")
        return f"{told} " + self.words.gettext("till %(day)s") % {"day": until} if until else told

    def with_days(self, field: str, row: Mapping[str, Any]) -> dict[str, Any]:
        """A row as the tables read it: with days as such, and every column that they ask for."""
        blank = dict.fromkeys((*PUBLIC_FACTS[field], "source", "confirmed_on"))
        told = {**blank, **row}
        for name in DATES & told.keys():
            told[name] = None if told[name] is None else date.fromisoformat(told[name])
        if field == "access":
            told["name"] = self.names.get("infrastructure", {}).get(told["infrastructure_id"])
        return told


def municipality_text(code: str) -> str:
    """A municipality's name."""
    known = municipalities().get(code)
    return known.name if known else code


def source_text(row: Mapping[str, Any]) -> str:
    """Where a single value comes from."""
    parts = [row.get(name) for name in ("field", "source", "method", "note")]
    return ", ".join(str(part) for part in parts if part)
