"""What the forms of splitting, merging and redrawing say, and the choices that they have to ask for."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from landbank.api.history_values import ValueTeller
from landbank.api.i18n import N_, Words
from landbank.api.plot_work import number_of, version_of
from landbank.api.posted import Posted
from landbank.domain.codes import LineageReason
from landbank.domain.handover import Choices, Needed, shown
from landbank.domain.outline import read_drawn
from landbank.domain.plot_fields import NOUNS
from landbank.errors import Invalid
from landbank.services.cut_plot import cut_plot
from landbank.services.plot_document import StoredPlot, plain
from landbank.services.redraw_request import MOST_PARTS, GroundChange, PartIn, Redrawing, Seen

POINTER = re.compile(
    r"/(?:choices/(?P<noun>[a-z]+)/(?P<id>\d{1,18})|parts/(?P<part>\d{1,3})/values/(?P<name>\w+))"
)
LEFT, ADDED = "/ground_left", "/ground_added"
GROUND_TEXTS: Mapping[str, str] = {
    LEFT: N_("Mark blir över och hör inte till någon tomt längre"),
    ADDED: N_("Mark tillkommer som inte hör till någon av tomterna i dag"),
}
TABLES: Mapping[str, str] = {noun: one.table for noun, one in NOUNS.items()}
AMOUNT_OF = {"utilities": "capacity", "uses": "degree"}


@dataclass(frozen=True, slots=True)
class RedrawForm:
    """The form's fields. `plots` are (id, version) of the plots to be replaced."""

    kind: LineageReason
    plots: tuple[tuple[int, int], ...]
    line: str = ""
    references: tuple[str, ...] = ()
    outlines: tuple[str, ...] = ()
    reason: str = ""
    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    carries_out: bool = False

    @classmethod
    def of(cls, kind: LineageReason, posted: Posted) -> RedrawForm:
        """What was posted."""
        plots = []
        for told in posted.chosen("tomt"):
            number, _, version = told.partition(":")
            plots.append((number_of(number), version_of(version)))
        written = [
            (reference.strip()[:200], outline.replace("\r\n", "\n"))
            for reference, outline in zip(posted.chosen("ref"), posted.chosen("yta"), strict=False)
            if outline.strip() and not posted.text("hamta")
        ]
        is_redraw = kind is LineageReason.REDRAW
        return cls(
            kind,
            tuple(dict.fromkeys(plots)),
            posted.text("linje").replace("\r\n", "\n"),
            tuple(one for one, _ in written)
            if is_redraw
            else tuple(one.strip()[:200] for one in posted.chosen("ref")),
            tuple(one for _, one in written),
            " ".join(posted.text("skal").split())[:1_000],
            {
                name: told
                for name, told in posted.values.items()
                if name.startswith(("val:", "mangd:", "sedd"))
            },
            posted.text("steg") == "genomfor",
        )

    def was_asked(self, pointer: str) -> bool:
        """Whether the form asked for that choice."""
        return pointer in self.answers.get("sedd", ())

    def bare(self, plot: StoredPlot) -> Redrawing:
        """The plots and parts alone; ground may be given up or taken in as far as the kind allows it.

        Raises
        ------
        Invalid
            A line or an outline can't be read.
        """
        is_redraw = self.kind is LineageReason.REDRAW
        return Redrawing(
            self.kind,
            tuple(Seen(*one) for one in self.plots),
            tuple(self.parts(plot)),
            ground_left=GroundChange.RELEASED if is_redraw else None,
            ground_added=GroundChange.ADDED if is_redraw else None,
        )

    def parts(self, plot: StoredPlot) -> list[PartIn]:
        """The parts as they are drawn."""
        if self.kind is LineageReason.MERGE:
            return [PartIn(self.reference(0, plot))]
        if self.kind is LineageReason.SPLIT:
            pieces = cut_plot(plot, self.line)
            return [PartIn(self.reference(place, plot), one, "EPSG:3006") for place, one in enumerate(pieces)]
        drawn = [read_drawn(one) for one in self.outlines[:MOST_PARTS]]
        for place, one in enumerate(drawn):
            if one.fault:
                raise Invalid(
                    f"The outline of part {place + 1} crosses itself: {one.fault}.", where=f"yta-{place}"
                )
        return [PartIn(self.reference(place, plot), one.geometry, one.crs) for place, one in enumerate(drawn)]

    def reference(self, place: int, plot: StoredPlot) -> str:
        """The reference of a part: what was written, else one made of the plot's own."""
        told = self.references[place] if place < len(self.references) else ""
        own = str(plot.content.values["reference"])
        return told or (own if self.kind is LineageReason.MERGE else f"{own}-{place + 1}")

    def answered(self, asked: Redrawing) -> Redrawing:
        """The request with the choices that the form makes."""
        names = [part.reference for part in asked.parts]
        facts: dict[str, dict[int, dict[str, float | None]]] = {}
        commitments: dict[int, tuple[str, ...]] = {}
        parts = list(asked.parts)
        for pointer in self.answers.get("sedd", ()):
            found = POINTER.fullmatch(pointer)
            if found is None:
                continue
            told = self.answers.get(f"val:{pointer}", ())
            if found["name"] is not None:
                place = int(found["part"])
                if told and place < len(parts):
                    values = parts[place].values | {found["name"]: read_value(told[0])}
                    parts[place] = replace(parts[place], values=values)
                continue
            going = [
                names[int(one)] for one in told if one.isdecimal() and len(one) < 4 and int(one) < len(names)
            ]
            if found["noun"] == "commitments":
                commitments[int(found["id"])] = tuple(going)
            elif found["noun"] in NOUNS:
                amounts = {one: self.amount(pointer, names.index(one)) for one in going}
                facts.setdefault(found["noun"], {})[int(found["id"])] = amounts
        return replace(
            asked,
            parts=tuple(parts),
            choices=Choices(facts, commitments),
            ground_left=asked.ground_left if self.answers.get(f"val:{LEFT}") else None,
            ground_added=asked.ground_added if self.answers.get(f"val:{ADDED}") else None,
        )

    def amount(self, pointer: str, place: int) -> float | None:
        """How much of an amount a part gets; None where nothing is written."""
        told = "".join(self.answers.get(f"mangd:{pointer}:{place}", ("",))[0].split()).replace(",", ".")
        if not told:
            return None
        if not re.fullmatch(r"\d{1,12}(\.\d{1,6})?", told):
            raise Invalid(f"'{told[:40]}' is no amount.", where=pointer)
        return float(told)


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose; `amount_name` is the field for how much goes there, where an amount is shared out."""

    value: str
    text: str
    is_chosen: bool
    amount_name: str = ""
    amount: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice that has to be made."""

    pointer: str
    text: str
    detail: str
    options: tuple[Option, ...]
    is_one: bool
    is_new: bool


@dataclass(frozen=True, slots=True)
class ChoiceMaker:
    """Puts choices into words."""

    words: Words
    form: RedrawForm
    plots: Sequence[StoredPlot]
    names: Sequence[str]

    def choice(self, needed: Needed) -> Choice:
        """A choice as the form asks it."""
        found, is_new = POINTER.fullmatch(needed.pointer), not self.form.was_asked(needed.pointer)
        told = self.form.answers.get(f"val:{needed.pointer}", ())
        if found is None:
            text = self.words.gettext(GROUND_TEXTS.get(needed.pointer, needed.text))
            yes = Option("1", self.words.gettext("Ja, det är meningen"), bool(told))
            return Choice(needed.pointer, text, needed.text, (yes,), is_one=False, is_new=is_new)
        if found["name"] is not None:
            return self.of_value(needed, int(found["part"]), found["name"], told, is_new=is_new)
        return self.of_fact(needed, found["noun"], int(found["id"]), told, is_new=is_new)

    def of_value(
        self, needed: Needed, part: int, name: str, told: tuple[str, ...], *, is_new: bool
    ) -> Choice:
        """One of the values in which the plots differ."""
        teller = ValueTeller(self.words, {})
        text = f"{teller.name(name)}: {self.names[part] if part < len(self.names) else ''}"
        options = tuple(
            Option(one, teller.text(name, json.loads(one)), one in told)
            for one in (json.dumps(shown(value)) for value in needed.options)
        )
        return Choice(needed.pointer, text, "", options, is_one=True, is_new=is_new)

    def of_fact(
        self, needed: Needed, noun: str, number: int, told: tuple[str, ...], *, is_new: bool
    ) -> Choice:
        """The parts that a fact or a commitment goes on in."""
        fact = self.fact(noun, number)
        is_shared = bool(fact and fact.get(AMOUNT_OF.get(noun, "")) is not None and len(needed.options) > 1)
        text = ValueTeller(self.words, {}).name(TABLES.get(noun, "commitment"))
        if fact is not None:
            text = f"{text}: {ValueTeller(self.words, {}).facts(TABLES[noun], [fact])}"
        is_offered = not is_shared and (noun != "commitments" or len(needed.options) == 1)
        options = []
        for place, name in enumerate(self.names):
            if name in needed.options:
                field_name = f"mangd:{needed.pointer}:{place}" if is_shared else ""
                amount = self.form.answers.get(field_name, ("",))[0] if field_name else ""
                chosen = str(place) in told or (is_new and is_offered)
                options.append(Option(str(place), name, chosen, field_name, amount))
        return Choice(needed.pointer, text, "", tuple(options), is_one=False, is_new=is_new)

    def fact(self, noun: str, number: int) -> dict[str, Any] | None:
        """A fact of one of the plots."""
        for plot in self.plots:
            for one in plot.content.facts.get(noun, ()):
                if one["id"] == number:
                    return told_fact(one)
        return None


def told_fact(fact: Mapping[str, Any]) -> dict[str, Any]:
    """A fact as it is told where it is handed on: where it comes from stays with it, and needs no choice."""
    return plain(fact) | {"source": None, "confirmed_on": None}


def read_value(told: str) -> Any:
    """A value of a choice.

    Raises
    ------
    Invalid
        It is none that the form offered.
    """
    try:
        return json.loads(told)
    except ValueError as fault:
        raise Invalid("The form holds a choice that was not offered.", where="val") from fault
