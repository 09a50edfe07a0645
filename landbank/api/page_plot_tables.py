"""The plot page's tables: uses, restrictions, utilities, distances and prices, each row with source and age."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from landbank.api.i18n import Words
from landbank.api.links import is_web_address
from landbank.api.page_labels import use_text
from landbank.codelists import provisions, terms
from landbank.codelists.fields import load_fields
from landbank.domain.codes import AttributeClass, UtilityKind
from landbank.domain.freshness import is_stale
from landbank.services.describe_plot import PlotDescription

Row = Mapping[str, Any]
SHORT = re.compile(r"[\d\u00a0\u202f,.-]+(\u00a0\S+)?")
"""Dates and measures: what is read as one."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text; `is_stale` where it is older than it may be, `is_short` where it never breaks, `href` a link."""

    text: str
    is_stale: bool = False
    is_short: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its caption, its column heads, and its rows with one cell a column."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def fact_tables(told: PlotDescription, words: Words) -> dict[str, Table | None]:
    """The tables by kind of fact; None where there is no row."""
    maker = TableMaker(words, told.plot)
    return {
        "uses": maker.uses(told.uses),
        "restrictions": maker.restrictions(told.restrictions),
        "utilities": maker.utilities(told.utilities),
        "accesses": maker.accesses(told.accesses),
        "prices": maker.prices(told.prices),
    }


class TableMaker:
    """Puts rows of facts into words."""

    def __init__(self, words: Words, plot: Row) -> None:
        self.words = words
        self.today: date = plot["today"]
        self.plot_source: str | None = plot["source"]
        self.plot_confirmed_on: date | None = plot["confirmed_on"]

    def table(
        self,
        kind: str,
        caption: str,
        heads: Iterable[str],
        rows: Iterable[Row],
        cells: list[list[str]],
        *,
        links: tuple[str, list[Cell]] | None = None,
    ) -> Table | None:
        """A table with the source of each row as its last column, without the columns in which nothing stands;
        None without rows. `links` is a further column: its head, and a cell a row."""
        if not cells:
            return None
        linked = [[cell] for cell in links[1]] if links else [[] for _ in cells]
        closed = [
            (
                *(Cell(text, is_short=bool(SHORT.fullmatch(text))) for text in texts),
                *more,
                self.origin(kind, row),
            )
            for row, texts, more in zip(rows, cells, linked, strict=True)
        ]
        all_heads = (*heads, *((links[0],) if links else ()), self.words.gettext("Källa"))
        kept = [place for place in range(len(all_heads)) if any(row[place].text for row in closed)]
        return Table(
            caption,
            tuple(all_heads[place] for place in kept),
            tuple(tuple(row[place] for place in kept) for row in closed),
        )

    def origin(self, kind: str, row: Row) -> Cell:
        """Where a row comes from, where that is not the plot's own source, and when it was confirmed.

        A row without a day of its own was confirmed with its plot.
        """
        confirmed_on = row["confirmed_on"] or self.plot_confirmed_on
        stale = is_stale(confirmed_on, self.max_age(kind, row), self.today)
        parts = [row["source"]] if row["source"] and row["source"] != self.plot_source else []
        if confirmed_on and (row["confirmed_on"] or stale):
            parts.append(self.words.gettext("bekräftad %(day)s") % {"day": self.words.day(confirmed_on)})
        elif stale:
            parts.append(self.words.gettext("aldrig bekräftad"))
        return Cell(", ".join(parts), stale)

    def max_age(self, kind: str, row: Row) -> int | None:
        """How many days old a row may be; None where its kind does not grow old."""
        classes = {
            "restriction": AttributeClass.RESTRICTIONS,
            "price": AttributeClass.TERMS,
            "utility": AttributeClass.NETWORKS,
        }
        if kind == "utility" and row["kind"] == UtilityKind.EL:
            return load_fields().max_ages[AttributeClass.POWER]
        return load_fields().max_ages[classes[kind]] if kind in classes else None

    def label(self, name: str, code: str | None) -> str:
        """A code's label, or that it is not known."""
        return terms(name)[code].label(self.words.language) if code else self.words.gettext("okänt")

    def day(self, day: date | None, otherwise: str) -> str:
        """A date, or the word for none."""
        return self.words.day(day) if day else otherwise

    def uses(self, rows: tuple[Row, ...]) -> Table | None:
        """What the plan allows and excludes, and how much may be built."""
        _ = self.words.gettext
        cells = [
            [
                use_text(row["code"], self.words.language),
                _("utesluten") if row["is_excluded"] else _("tillåten"),
                row["precision_text"] or "",
                self.degree(row),
            ]
            for row in rows
        ]
        heads = (_("Användning"), _("Enligt planen"), _("Precisering"), _("Hur mycket som får byggas"))
        return self.table("plot_use", _("Användning enligt planen"), heads, rows, cells)

    def degree(self, row: Row) -> str:
        """A degree of exploitation with what it is counted on."""
        if row["degree"] is None:
            return self.words.gettext("ej angivet")
        provision = provisions().get(row["degree_code"])
        meaning = provision.term.label(self.words.language) if provision else row["degree_code"]
        unit = {"percent": "\u00a0%", "m2": "\u00a0m²"}.get(provision.unit or "", "") if provision else ""
        bound = f"{self.label('degree_bound', row['degree_bound'])} " if row["degree_bound"] else ""
        return f"{bound}{self.words.number(row['degree'], 1)}{unit}. {meaning}"

    def restrictions(self, rows: tuple[Row, ...]) -> Table | None:
        """What stands in the way, who resolves it and when."""
        _ = self.words.gettext
        cells = [
            [
                self.label("restriction_kind", row["kind"]),
                _("hindrar byggande") if row["is_blocking"] else _("villkor"),
                row["description"] or "",
                row["owner"] or _("okänt"),
                self.day(row["due_on"], _("inget datum")),
            ]
            for row in rows
        ]
        heads = (_("Slag"), _("Verkan"), _("Beskrivning"), _("Löses av"), _("Väntas löst"))
        evidence = (_("Underlag"), [self.evidence(row["evidence_url"]) for row in rows])
        return self.table("restriction", _("Begränsningar"), heads, rows, cells, links=evidence)

    def evidence(self, address: str | None) -> Cell:
        """A link to what a restriction rests on; an address that is none is left out."""
        if address is None or not is_web_address(address):
            return Cell("")
        return Cell(self.words.gettext("Öppna underlaget"), href=address)

    def utilities(self, rows: tuple[Row, ...]) -> Table | None:
        """Networks with capacity, from when and how certain."""
        _ = self.words.gettext
        cells = [
            [
                self.label("utility_kind", row["kind"]),
                self.claim(row["is_at_boundary"]),
                self.capacity(row),
                self.day(row["available_on"], _("nu")),
                self.certainty(row["is_firm"]),
                row["operator"] or _("okänt"),
            ]
            for row in rows
        ]
        heads = (_("Nät"), _("Vid tomtgräns"), _("Kapacitet"), _("Från"), _("Säkerhet"), _("Nätägare"))
        return self.table("utility", _("Ledningsnät och kapacitet"), heads, rows, cells)

    def claim(self, holds: bool | None) -> str:
        """Yes, no, or not known."""
        _ = self.words.gettext
        return _("okänt") if holds is None else _("ja") if holds else _("nej")

    def certainty(self, is_firm: bool | None) -> str:
        """Whether a capacity is promised."""
        _ = self.words.gettext
        return _("okänd") if is_firm is None else _("utlovad") if is_firm else _("villkorad")

    def capacity(self, row: Row) -> str:
        """A capacity with its unit."""
        if row["capacity"] is None:
            return self.words.gettext("okänd")
        return f"{self.words.number(row['capacity'], 2)}\u00a0{row['capacity_unit']}"

    def accesses(self, rows: tuple[Row, ...]) -> Table | None:
        """Distances with how they were found."""
        _ = self.words.gettext
        cells = [
            [
                self.label("access_kind", row["kind"]),
                row["name"] or "",
                "" if row["distance_m"] is None else self.words.kilometres(row["distance_m"]),
                "" if row["minutes"] is None else f"{self.words.number(row['minutes'], 0)}\u00a0min",
                self.label("access_method", row["method"]).lower(),
            ]
            for row in rows
        ]
        heads = (_("Till"), _("Namn"), _("Avstånd"), _("Restid"), _("Mätt"))
        return self.table("access", _("Avstånd till infrastruktur"), heads, rows, cells)

    def prices(self, rows: tuple[Row, ...]) -> Table | None:
        """Prices with what they are counted on and what they include."""
        _ = self.words.gettext
        cells = [
            [
                self.label("tenure", row["tenure"]),
                self.price(row),
                self.label("price_basis", row["basis"]).lower(),
                self.claim(row["includes_connection_fees"]),
                self.day(row["decided_on"], _("inget datum")),
            ]
            for row in rows
        ]
        heads = (_("Form"), _("Pris"), _("Räknat på"), _("Anslutning ingår"), _("Beslutat"))
        return self.table("price", _("Priser"), heads, rows, cells)

    def price(self, row: Row) -> str:
        """A price or a span of prices, by year where it is a rent."""
        least, most = row["price_sek_per_m2"], row["price_max_sek_per_m2"]
        text = self.words.price(least)
        if most is not None and most > least:
            text = f"{self.words.number(least, 0)}–{self.words.price(most)}"
        return self.words.gettext("%(price)s och år") % {"price": text} if row["is_yearly"] else text
