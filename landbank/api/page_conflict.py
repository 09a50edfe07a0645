"""Two people in the same plot, in words: what was opened, what the other saved, what is written here, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from landbank.api.i18n import N_, Words
from landbank.api.page_history import who_text
from landbank.api.page_labels import use_text
from landbank.api.plot_form import texts_of
from landbank.api.plot_form_fields import (
    CODE_LISTS,
    FACT_NAMES,
    NAMES,
    NOUN_NAMES,
    SINGLE,
    SOURCE_NAMES,
    UNITS,
    field_of,
)
from landbank.api.posted import Posted
from landbank.codelists import terms
from landbank.domain.history import Event
from landbank.domain.plot_fields import NOUNS, Field, Kind
from landbank.domain.three_way import Difference, Merged, Place, Side
from landbank.store.plot_choices import Choices

CHOICE = "val:"
"""What the name of a choice's field begins with."""


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """One field that somebody changed; `side` is what is chosen, empty where nobody has."""

    name: str
    id: str
    label: str
    base: str
    theirs: str
    mine: str
    side: str
    is_conflict: bool
    is_missing: bool


@dataclass(frozen=True, slots=True)
class ChangeView:
    """Who saved meanwhile, and when."""

    who: str
    when: str


@dataclass(frozen=True, slots=True)
class ConflictView:
    """What both did: where somebody has to choose, and what is merged by itself."""

    conflicts: tuple[DifferenceView, ...]
    merged: tuple[DifferenceView, ...]
    changes: tuple[ChangeView, ...]
    is_again: bool


def choices_of(posted: Posted) -> dict[Place, Side]:
    """What was chosen, by place; what is no choice is left out."""
    found = {}
    for name in posted.values:
        if name.startswith(CHOICE) and posted.text(name) in list(Side):
            found[tuple(name.removeprefix(CHOICE).split("."))] = Side(posted.text(name))
    return found


@dataclass(frozen=True, slots=True)
class ConflictTeller:
    """Puts what both did into words."""

    words: Words
    choices: Mapping[str, Choices]

    def view(
        self, merged: Merged, chosen: Mapping[Place, Side], events: Sequence[Event], *, is_again: bool
    ) -> ConflictView:
        """All that differs."""
        told = [self.difference(one, chosen, is_again=is_again) for one in merged.differences]
        return ConflictView(
            tuple(one for one in told if one.is_conflict),
            tuple(one for one in told if not one.is_conflict),
            tuple(
                ChangeView(who_text(event, self.words), self.words.moment(event.occurred_at))
                for event in events
            ),
            is_again,
        )

    def difference(self, one: Difference, chosen: Mapping[Place, Side], *, is_again: bool) -> DifferenceView:
        """One field."""
        side = chosen.get(one.place, one.side)
        return DifferenceView(
            name=CHOICE + ".".join(one.place),
            id="val-" + "-".join(one.place).replace("+", "p"),
            label=self.label(one),
            base=self.text(one, one.base),
            theirs=self.text(one, one.theirs),
            mine=self.text(one, one.mine),
            side=str(side) if side else "",
            is_conflict=one.side is None,
            is_missing=is_again and side is None,
        )

    def label(self, one: Difference) -> str:
        """What a field is called; a fact by what it speaks of."""
        _ = self.words.gettext
        head = one.place[0]
        if head == "sources":
            return _(N_("Källa")) + ": " + _(NAMES.get(one.place[1], one.place[1]))
        if head not in NOUNS:
            return _(NAMES[head])
        fact = one.mine or one.theirs or one.base
        first = NOUNS[head].fields[0]
        return f"{_(NOUN_NAMES[head][0])}: {self.value(first, fact.get(first.name), head)}"

    def text(self, one: Difference, value: Any) -> str:
        """A value, a source or a fact in words; of a fact that all three have, what differs."""
        _ = self.words.gettext
        head = one.place[0]
        if value in (None, [], {}):
            return _("finns inte") if head in NOUNS else _("ingen uppgift")
        if head == "sources":
            return self.listed(
                [
                    (NAMES[part], found, value.get(part))
                    for part in SOURCE_NAMES
                    if (found := field_of(f"sources.x.{part}")) is not None
                ]
            )
        if head in NOUNS:
            three = (one.base, one.theirs, one.mine)
            told = [
                (FACT_NAMES[field.name], field, value.get(field.name))
                for field in NOUNS[head].fields
                if not all(three) or len({repr(fact.get(field.name)) for fact in three}) > 1
            ]
            return self.listed(told, head) or _("ingen uppgift")
        return self.value(SINGLE[head], value)

    def listed(self, parts: Sequence[tuple[str, Field, Any]], noun: str = "") -> str:
        """Named values after one another; what is unknown is left out."""
        return "; ".join(
            f"{self.words.gettext(name)}: {self.value(one, value, noun)}"
            for name, one, value in parts
            if value is not None
        )

    def value(self, one: Field, value: Any, noun: str = "") -> str:
        """One value in words; what can't be read stands as it was typed."""
        if value is None:
            return self.words.gettext("ingen uppgift")
        if one.kind is Kind.CLAIM and isinstance(value, bool):
            return self.words.gettext("Ja") if value else self.words.gettext("Nej")
        if one.kind in (Kind.CODE, Kind.CODES):
            codes = value if isinstance(value, list) else [value]
            return ", ".join(self.code(f"{noun}.{one.name}" if noun else one.name, code) for code in codes)
        if one.kind is Kind.ID:
            return dict(self.choices.get(one.name, [])).get(value, f"nr {value}")
        if one.kind is Kind.NUMBER and isinstance(value, int | float):
            text = texts_of(one, value, self.words.language)[0]
            return f"{text} {UNITS.get(one.name, '')}".strip()
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)

    def code(self, name: str, code: str) -> str:
        """A code in words; the code itself where the list has none such."""
        listed = CODE_LISTS.get(name, "")
        if listed == "land_use":
            return use_text(str(code), self.words.language)
        known = terms(listed).get(code) if listed else None
        return known.label(self.words.language) if known else str(code)
