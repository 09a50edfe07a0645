"""The planners' table in words: one row a plot, with what may be done about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from landbank.api.i18n import N_, Words
from landbank.api.page_labels import label_detail
from landbank.api.planner_paths import Rights, plot_url
from landbank.api.status_form import Option, Typed, steps_of
from landbank.api.table_query import CODES, UNKNOWN, TableQuery
from landbank.codelists import terms
from landbank.codelists.fields import load_fields
from landbank.domain.codes import AttributeClass
from landbank.domain.commitment import Commitment, Party
from landbank.domain.freshness import is_stale
from landbank.domain.lifecycle import Lifecycle
from landbank.services.change_many import MOST_PLOTS
from landbank.services.list_plots import Listed, Row

HEADS: Mapping[str, str] = {
    "beteckning": N_("Beteckning"),
    "namn": N_("Namn och område"),
    "area": N_("Area"),
    "plan": N_("Planläge"),
    "mark": N_("Marken"),
    "lage": N_("Försäljning"),
    "skylt": N_("Visas som"),
    "bekraftad": N_("Bekräftad"),
}
"""The columns that the table can be sorted by, by their words in the address."""

FILTERS: Mapping[str, tuple[str, str]] = {
    "att": (N_("Att göra"), "todo_kind"),
    "lage": (N_("Försäljning"), "availability"),
    "mark": (N_("Marken"), "readiness"),
    "skylt": (N_("Visas som"), "public_label"),
    "anm": (N_("Anmärkning"), "check_kind"),
}
"""The lists of the filter: what each is called, and whose labels it shows."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An entry of a list of the filter."""

    value: str
    text: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Select:
    """A list of the filter."""

    name: str
    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column that the table can be sorted by; `sorted` as ARIA has it."""

    text: str
    url: str
    sorted: str


@dataclass(frozen=True, slots=True)
class RowView:
    """One plot; `steps` are the groups of the list of its form, empty where nothing may be done."""

    plot_id: int
    version: int
    reference: str
    name: str
    url: str
    edit_url: str
    area: str
    plan: str
    plan_reference: str
    readiness: str
    availability: str
    until: str
    label: str
    label_text: str
    held: tuple[str, ...]
    confirmed: str
    is_stale: bool
    findings: tuple[str, ...]
    steps: Sequence[tuple[str, Sequence[Option]]]
    typed: Typed
    is_open: bool
    is_done: bool


@dataclass(frozen=True, slots=True)
class TableView:
    """The table with its filter and its pages."""

    rows: tuple[RowView, ...]
    heads: tuple[Head, ...]
    selects: tuple[Select, ...]
    text: str
    total: str
    is_narrowed: bool
    clear_url: str
    page_text: str
    before_url: str
    after_url: str
    can_all: bool


@dataclass(frozen=True, slots=True)
class Focus:
    """The plot that is at hand: what was typed for it, and whether something was just done to it."""

    plot_id: int | None = None
    typed: Typed | None = None
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class TableTeller:
    """Puts the table into words."""

    words: Words
    lifecycle: Lifecycle
    rights: Rights
    focus: Focus

    def view(self, listed: Listed, query: TableQuery) -> TableView:
        """The table."""
        words = self.words
        return TableView(
            rows=tuple(self.row(row, listed.standing.get(row.plot_id, ())) for row in listed.rows),
            heads=heads(query, words),
            selects=selects(query, words),
            text=query.value("q"),
            total=words.ngettext("%(count)s tomt", "%(count)s tomter", listed.total)
            % {"count": words.number(listed.total, 0)},
            is_narrowed=query.is_narrowed,
            clear_url="?",
            page_text=words.gettext("Sida %(page)s av %(pages)s")
            % {"page": words.number(listed.page, 0), "pages": words.number(listed.pages, 0)}
            if listed.pages > 1
            else "",
            before_url=query.with_(sida=str(listed.page - 1)) if listed.page > 1 else "",
            after_url=query.with_(sida=str(listed.page + 1)) if listed.page < listed.pages else "",
            can_all=listed.total <= MOST_PLOTS,
        )

    def row(self, row: Row, standing: Sequence[Commitment]) -> RowView:
        """One plot."""
        words, language = self.words, self.words.language
        is_here = row.plot_id == self.focus.plot_id
        holder = next((one.party for one in standing if one.is_exclusive), None)
        until = row.availability_until
        return RowView(
            plot_id=row.plot_id,
            version=row.row_version,
            reference=row.reference,
            name=", ".join(part for part in (row.name, row.area_name) if part),
            url=plot_url(language, row.plot_id),
            edit_url=plot_url(language, row.plot_id, "edit") if self.rights.change else "",
            area="" if row.area_m2 is None else words.hectares(row.area_m2),
            plan=self.code("planning_state", row.planning_state),
            plan_reference=row.plan_reference or "",
            readiness=self.code("readiness", row.readiness),
            availability=self.code("availability", row.availability),
            until="" if until is None else words.gettext("till %(day)s") % {"day": words.day(until)},
            label=row.label,
            label_text=terms("public_label")[row.label].label(language) + label_detail(as_label(row), words),
            held=tuple(self.commitment(one) for one in standing),
            confirmed=words.gettext("aldrig") if row.confirmed_on is None else words.day(row.confirmed_on),
            is_stale=is_stale(row.confirmed_on, load_fields().max_ages[AttributeClass.SALE], row.today),
            findings=tuple(terms("check_kind")[kind].label(language) for kind in row.findings),
            steps=self.steps(row, holder),
            typed=(self.focus.typed if is_here else None) or Typed(),
            is_open=is_here and not self.focus.is_done,
            is_done=is_here and self.focus.is_done,
        )

    def steps(self, row: Row, holder: Party | None) -> list[tuple[str, list[Option]]]:
        """The groups of the list of the row's form."""
        if not self.rights.any:
            return []
        code = self.rights.municipality_code
        return steps_of(row, holder, self.lifecycle, self.rights.actor, code).options(self.words)

    def code(self, name: str, code: str | None) -> str:
        """A code's label."""
        return terms(name)[code].label(self.words.language) if code else self.words.gettext("okänt")

    def commitment(self, one: Commitment) -> str:
        """What is promised, to whom and until when."""
        kind = terms("commitment_kind")[one.kind].label(self.words.language)
        name = one.party.name if one.party else self.words.gettext("namnet är borttaget")
        until = (
            ", " + self.words.gettext("till %(day)s") % {"day": self.words.day(one.valid_until)}
            if one.valid_until
            else ""
        )
        return f"{kind}: {name}{until}"


def as_label(row: Row) -> dict[str, object]:
    """What the words of a label depend on."""
    return {
        "label": row.label,
        "label_on": row.label_on,
        "blocking_kind": row.blocking_kind,
        "planning_state": row.planning_state,
    }


def heads(query: TableQuery, words: Words) -> tuple[Head, ...]:
    """The heads of the columns."""
    told = query.value("ordna")
    return tuple(
        Head(
            words.gettext(text),
            query.sorted_by(word),
            "ascending" if told == word else "descending" if told == f"-{word}" else "",
        )
        for word, text in HEADS.items()
    )


def selects(query: TableQuery, words: Words) -> tuple[Select, ...]:
    """The lists of the filter."""
    found = []
    for name, (text, listed) in FILTERS.items():
        known = terms(listed)
        choices = [Choice("", words.gettext("alla"), is_chosen=not query.value(name))]
        for code in CODES[name]:
            label = words.gettext("okänt") if code == UNKNOWN else known[code].label(words.language)
            choices.append(Choice(code, label, is_chosen=query.value(name) == code))
        found.append(Select(name, words.gettext(text), tuple(choices)))
    return tuple(found)
