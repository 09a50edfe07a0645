"""The form of a plot in words: each field with its meaning, what is typed in it, what is wrong, and its own source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from landbank.api.i18n import Words
from landbank.api.page_labels import use_text
from landbank.api.plot_form import NO, REMOVED, YES, rows_of, texts_of
from landbank.api.plot_form_fields import (
    CODE_LISTS,
    FACT_NAMES,
    GROUPS,
    NAMES,
    NOUN_NAMES,
    SINGLE,
    SOURCE_NAMES,
    UNITS,
    field_of,
)
from landbank.api.posted import Posted
from landbank.codelists import terms
from landbank.codelists.fields import load_fields
from landbank.domain.plot_fields import NOUNS, SOURCED, Field, Kind
from landbank.store.plot_choices import Choices

WIDGETS: Mapping[Kind, str] = {
    Kind.TEXT: "text",
    Kind.TEXTS: "lines",
    Kind.CODE: "select",
    Kind.CODES: "ticks",
    Kind.NUMBER: "number",
    Kind.ID: "select",
    Kind.DAY: "date",
    Kind.PAST: "date",
    Kind.CLAIM: "select",
    Kind.ADDRESS: "url",
}
LONG = 1_000
"""From this length on a text gets several lines."""


@dataclass(frozen=True, slots=True)
class Option:
    """An entry of a list, or a box."""

    value: str
    text: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field. `id` is its name in a form that an address can point at."""

    name: str
    id: str
    label: str
    widget: str
    value: str
    options: tuple[Option, ...]
    unit: str
    hint: str
    error: str
    is_required: bool
    source: tuple[FieldView, ...] = ()
    source_text: str = ""
    has_source_error: bool = False


@dataclass(frozen=True, slots=True)
class RowView:
    """One fact: its row of the form, what it is, its fields, and the box that ends it (empty for a new one)."""

    row: int
    title: str
    fact_id: str
    fields: tuple[FieldView, ...]
    remove: str
    is_removed: bool
    is_wrong: bool


@dataclass(frozen=True, slots=True)
class NounView:
    """The facts of one kind; the last row is empty, for a new one."""

    noun: str
    title: str
    add: str
    rows: tuple[RowView, ...]
    new: tuple[RowView, ...]


@dataclass(frozen=True, slots=True)
class GroupView:
    """A part of the form."""

    id: str
    title: str
    fields: tuple[FieldView, ...]
    nouns: tuple[NounView, ...]


@dataclass(frozen=True, slots=True)
class ErrorView:
    """A line of the summary of what is wrong, with the field that it leads to."""

    href: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class FormTeller:
    """Puts a form into words: what is typed, what is wrong by field, what links can name, what rows are added."""

    words: Words
    typed: Posted
    choices: Mapping[str, Choices]
    errors: Mapping[str, str] = field(default_factory=dict)
    more: str = ""

    def groups(self) -> tuple[GroupView, ...]:
        """The form from top to bottom."""
        return tuple(
            GroupView(
                group.id,
                self.words.gettext(group.title),
                tuple(self.single(SINGLE[name]) for name in group.fields),
                tuple(map(self.noun, group.nouns)),
            )
            for group in GROUPS
        )

    def summary(self) -> tuple[ErrorView, ...]:
        """What is wrong, in the order of the form as far as it has the field."""
        return tuple(
            ErrorView(f"#{id_of(name)}", self.label_of(name), text) for name, text in self.errors.items()
        )

    def label_of(self, name: str) -> str:
        """What a field of any depth is called."""
        parts = name.split(".")
        if len(parts) == 1:
            return self.words.gettext(NAMES[name]) if name in NAMES else ""
        if parts[0] == "sources":
            return ", ".join(self.words.gettext(NAMES[part]) for part in parts[1:] if part in NAMES)
        if parts[0] in NOUN_NAMES:
            head = self.words.gettext(NOUN_NAMES[parts[0]][0])
            last = self.words.gettext(FACT_NAMES[parts[-1]]) if parts[-1] in FACT_NAMES else ""
            return f"{head}: {last.lower()}" if last else head
        return ""

    def single(self, one: Field) -> FieldView:
        """A single value, with where it comes from."""
        plain = self.field(one, one.name, NAMES[one.name], hint=self.meaning(one.name))
        if one.name not in SOURCED:
            return plain
        parts = tuple(
            self.field(found, name, NAMES[part])
            for part in SOURCE_NAMES
            if (found := field_of(name := f"sources.{one.name}.{part}")) is not None
        )
        told = ", ".join(
            part.value for part in parts if part.value and part.name.endswith(("source", "confirmed_on"))
        )
        return FieldView(
            plain.name, plain.id, plain.label, plain.widget, plain.value, plain.options, plain.unit, plain.hint,
            plain.error, plain.is_required, parts, told, any(part.error for part in parts),
        )  # fmt: skip

    def meaning(self, name: str) -> str:
        """What the data dictionary says of a column."""
        found = load_fields().fields["plot"].get(name)
        if found is None:
            return ""
        return found.meaning_en if self.words.language == "en" else found.meaning_sv

    def noun(self, noun: str) -> NounView:
        """The facts of a kind, and empty rows for new ones."""
        rows = rows_of(self.typed, noun)
        fresh = [row for row in rows if not self.typed.text(f"{noun}.{row}.id")]
        free = max(rows, default=-1) + 1
        wanted = [*fresh, free] if not fresh or self.more == noun else fresh
        title, add = NOUN_NAMES[noun]
        return NounView(
            noun,
            self.words.gettext(title),
            self.words.gettext(add),
            tuple(self.row(noun, row) for row in rows if row not in fresh),
            tuple(self.row(noun, row) for row in wanted),
        )

    def row(self, noun: str, row: int) -> RowView:
        """One fact."""
        fields = tuple(
            self.field(one, f"{noun}.{row}.{one.name}", FACT_NAMES[one.name], noun=noun)
            for one in NOUNS[noun].fields
        )
        fact_id = self.typed.text(f"{noun}.{row}.id")
        chosen = next((option.text for option in fields[0].options if option.is_chosen and option.value), "")
        return RowView(
            row,
            chosen or self.words.gettext("Ny"),
            fact_id,
            fields,
            f"{noun}.{row}.{REMOVED}" if fact_id else "",
            bool(self.typed.text(f"{noun}.{row}.{REMOVED}")),
            any(one.error for one in fields),
        )

    def field(self, one: Field, name: str, label: str, *, hint: str = "", noun: str = "") -> FieldView:
        """One field."""
        given = self.typed.values.get(name, texts_of(one, None, self.words.language))
        widget = WIDGETS[one.kind]
        return FieldView(
            name=name,
            id=id_of(name),
            label=self.words.gettext(label),
            widget="long" if widget == "text" and one.longest >= LONG else widget,
            value=given[0] if given else "",
            options=tuple(self.options(one, noun, given)),
            unit=UNITS.get(one.name, ""),
            hint=hint,
            error=self.errors.get(name, ""),
            is_required=one.is_required,
        )

    def options(self, one: Field, noun: str, given: Sequence[str]) -> Iterator[Option]:
        """What a list or boxes offer; what stands there and is offered no more is offered still."""
        _ = self.words.gettext
        if one.kind is Kind.CODES:
            for code in one.codes:
                yield Option(code, self.code(CODE_LISTS[one.name], code), is_chosen=code in given)
            return
        known: list[tuple[str, str]] = []
        if one.kind is Kind.CLAIM:
            known = [(YES, _("Ja")), (NO, _("Nej"))]
        elif one.kind is Kind.CODE:
            listed = CODE_LISTS[f"{noun}.{one.name}" if noun else one.name]
            known = [(code, self.code(listed, code)) for code in one.codes]
        elif one.kind is Kind.ID:
            known = [(str(key), text) for key, text in self.choices.get(one.name, [])]
        else:
            return
        chosen = given[0] if given else ""
        if one.default is None:
            yield Option("", _("okänt") if one.kind is Kind.CLAIM else _("ingen uppgift"), not chosen)
        if chosen and chosen not in dict(known):
            known.append((chosen, chosen))
        for value, text in known:
            yield Option(value, text, is_chosen=value == chosen)

    def code(self, listed: str, code: str) -> str:
        """A code in words."""
        if listed == "land_use":
            return use_text(code, self.words.language)
        return terms(listed)[code].label(self.words.language)


def id_of(name: str) -> str:
    """The id of a field's element."""
    return f"f-{name.replace('.', '-')}"
