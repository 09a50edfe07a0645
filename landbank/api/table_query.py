"""What the planners' table is asked for, read from its address and written into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from landbank.domain.codes import Availability, CheckKind, PublicLabel, Readiness, TodoKind
from landbank.errors import Invalid
from landbank.services.list_plots import PlotFilter, Sorting

UNKNOWN = "okant"
SORTS: Mapping[str, str] = {
    "beteckning": "reference",
    "namn": "name",
    "area": "area",
    "plan": "plan",
    "mark": "readiness",
    "lage": "availability",
    "skylt": "label",
    "bekraftad": "confirmed",
}
"""Words of the address for what the table can be sorted by."""

CODES: Mapping[str, tuple[str, ...]] = {
    "att": tuple(TodoKind),
    "anm": tuple(CheckKind),
    "lage": (*Availability, UNKNOWN),
    "mark": (*Readiness, UNKNOWN),
    "skylt": tuple(PublicLabel),
}
"""The parameters that take one code of a list."""

LONGEST_TEXT = 100
MOST_PAGES = 100_000
KEPT = ("q", *CODES, "ordna", "sida")
"""The parameters that say which plots are shown and how; the others say what was just done."""


@dataclass(frozen=True, slots=True)
class TableQuery:
    """The parameters of the table as they were given, checked; empty ones left out."""

    values: Mapping[str, str]

    def value(self, name: str) -> str:
        """One parameter; empty where it was not given."""
        return self.values.get(name, "")

    @property
    def is_narrowed(self) -> bool:
        """Whether not all plots are asked for."""
        return any(self.value(name) for name in ("q", *CODES))

    @property
    def page(self) -> int:
        """The page, from 1."""
        return int(self.value("sida") or 1)

    @property
    def sorting(self) -> Sorting:
        """How the table is sorted: what needs doing by its urgency, anything else by its reference, unless told."""
        told = self.value("ordna")
        if not told:
            return Sorting("urgent" if self.value("att") else "reference")
        return Sorting(SORTS[told.removeprefix("-")], told.startswith("-"))

    def filter(self, municipality_code: str, plot_ids: tuple[int, ...] | None = None) -> PlotFilter:
        """Which plots are asked for."""
        codes = {name: self.value(name) or None for name in CODES}
        known = {name: "unknown" if code == UNKNOWN else code for name, code in codes.items()}
        return PlotFilter(
            municipality_code,
            text=self.value("q"),
            todo=TodoKind(codes["att"]) if codes["att"] else None,
            finding=codes["anm"],
            availability=known["lage"],
            readiness=known["mark"],
            label=codes["skylt"],
            plot_ids=plot_ids,
        )

    def with_(self, **changes: str) -> str:
        """The query of the address with some parameters set, or left out where they are empty; '?' included."""
        told = {**self.values, **changes}
        kept = {name: value for name, value in told.items() if value}
        return f"?{urlencode(kept)}" if kept else "?"

    def sorted_by(self, word: str) -> str:
        """The query that sorts by a column, or the other way round where it is sorted by it; its first page."""
        return self.with_(ordna=f"-{word}" if self.value("ordna") == word else word, sida="")


def read_query(given: Mapping[str, str]) -> TableQuery:
    """The checked parameters; what is not the table's own is left out.

    Raises
    ------
    Invalid
        A parameter has a value that it can't have.
    """
    values = {name: given[name].strip() for name in KEPT if given.get(name, "").strip()}
    for name, codes in CODES.items():
        if name in values and values[name] not in codes:
            raise Invalid(f"'{values[name][:40]}' is no value of '{name}'.", where=name)
    if len(values.get("q", "")) > LONGEST_TEXT:
        raise Invalid(f"The text is longer than {LONGEST_TEXT} characters.", where="q")
    if values.get("ordna", "beteckning").removeprefix("-") not in SORTS:
        raise Invalid("The table can't be sorted by that.", where="ordna")
    page = values.get("sida", "1")
    if not (page.isascii() and page.isdecimal() and 0 < int(page[:9]) <= MOST_PAGES and len(page) < 7):
        raise Invalid("There is no such page of the table.", where="sida")
    return TableQuery(values)
