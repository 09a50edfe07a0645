"""The free text at the top of the search page: what was understood from which words, what to ask, what was not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from landbank.api import form_fields as ff
from landbank.api.form_from_text import (
    AREA_ANSWERS,
    TWICE,
    UNSAYABLE,
    Filled,
    form_from_text,
    with_template,
)
from landbank.api.i18n import N_, Words
from landbank.api.need_form import SAID, NeedForm, parameters_of, query_of, read_form
from landbank.api.need_templates import TEMPLATES, template_label
from landbank.api.page_chips import chips_of
from landbank.api.page_form import Choices, Link
from landbank.domain.enquiry.slots import AREA_OPEN
from landbank.services.read_enquiry import Towns, enquiry_document

READ = "las"
"""The parameter that asks for a text to be read into the form."""

OTHERS: Mapping[str, str] = {
    AREA_OPEN: N_("en yta, tomt eller golv"),
    "motorway_min": N_("restid till motorväg"),
    "port_min": N_("restid till hamn"),
    "rail_min": N_("restid till järnvägsterminal"),
    "airport_min": N_("restid till flygplats"),
    "not_before": N_("tidigaste tillträde"),
    "budget_sek": N_("hela budgeten"),
    "jobs": N_("antal anställda"),
    "siding": N_("stickspår"),
    "cooling": N_("fjärrkyla"),
    "hydrogen": N_("vätgas"),
    "environment": N_("påverkan på omgivningen"),
    "premises": N_("lokal att hyra"),
}
"""What is understood and has no field."""

REASONS: Mapping[str, str] = {
    "unsearchable": N_("förstått, men landbank kan inte söka på det än"),
    "open": N_("fråga: svara ovan"),
    TWICE: N_("sagt mer än en gång: det första gäller"),
    UNSAYABLE: N_("förstått, men formuläret kan inte säga det"),
}
AREA_TEXTS: Mapping[str, str] = {"tomt": N_("Tomtens yta"), "golv": N_("Golvyta i byggnaden")}


@dataclass(frozen=True, slots=True)
class Understood:
    """One thing that was understood: its words in the text, what it became, and how strongly it is meant."""

    words: str
    meaning: str
    strength: str
    note: str
    target: str


@dataclass(frozen=True, slots=True)
class Asking:
    """A question that the text leaves open, with one link an answer."""

    text: str
    answers: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Say:
    """The box to write in, and the reading of what was written; without a text there is nothing beneath the box."""

    action: str
    said: str
    error: str
    moment: tuple[tuple[str, str], ...]
    understood: tuple[Understood, ...] = ()
    questions: tuple[Asking, ...] = ()
    not_understood: tuple[str, ...] = ()
    template: Link | None = None


@dataclass(frozen=True, slots=True)
class Enquiries:
    """Reads texts into forms, in one language on one day."""

    towns: Towns
    choices: Choices
    words: Words
    on: date
    action: str

    def _(self, text: str) -> str:
        return self.words.gettext(text)

    def document(self, form: NeedForm) -> Mapping[str, Any]:
        """What the form's text says."""
        areas_are = AREA_ANSWERS[form.area_is][0] if form.area_is else None
        return enquiry_document(form.said, self.towns, on=self.on, areas_are=areas_are)

    def filled_in(self, form: NeedForm) -> NeedForm:
        """The form as its text fills it in."""
        found = form_from_text(self.document(form), self.choices, form.area_is)
        return replace(read_form(found.pairs, self.choices), **kept(form))

    def say(self, form: NeedForm) -> Say:
        """The box and, where something was written, how it was understood."""
        moment = () if form.asked is None else tuple(form.asked.parameters().items())
        error = self._(form.errors[SAID]) if SAID in form.errors else ""
        box = Say(self.action, form.said, error, moment)
        if not form.said or error:
            return box
        document = self.document(form)
        found = form_from_text(document, self.choices, form.area_is)
        return replace(
            box,
            understood=tuple(self.understood(one) for one in found.filled),
            questions=tuple(self.questions(document, form)),
            not_understood=tuple(part["words"] for part in document["not_understood"]),
            template=self.offer(document["suggested_template"], form),
        )

    def understood(self, one: Filled) -> Understood:
        """One slot in words."""
        name = one.slot["name"]
        read = read_form(one.pairs, self.choices)
        chips = chips_of(read, self.words, self.action)
        note = self._(REASONS[one.left_out]) if one.left_out else ""
        if one.is_suggested:
            note = self._("texten säger inget mått: landbanks förslag, ändra det gärna")
        if name == "business":
            note = note or self._("de användningar som %(business)s brukar ha") % {
                "business": template_label(one.slot["value"], self.words.language).lower()
            }
        return Understood(
            words=one.slot["words"],
            meaning=chips[0].text if chips else self.left(name),
            strength=chips[0].strength if chips else "",
            note=note,
            target=f"f-{chips[0].name}" if chips else "",
        )

    def left(self, name: str) -> str:
        """What a slot without a place in the form is called."""
        if name in OTHERS:
            return self._(OTHERS[name])
        return self._(ff.BY_CRITERION[name].label) if name in ff.BY_CRITERION else self._("typ av verksamhet")

    def questions(self, document: Mapping[str, Any], form: NeedForm) -> Iterable[Asking]:
        """What to ask; once answered, the way to the other answer."""
        asked = [one["words"] for one in document["questions"]]
        open_slots = [slot["words"] for slot in document["slots"] if slot["name"] == AREA_OPEN]
        for said in dict.fromkeys(asked or open_slots):
            yield Asking(
                self._("Är ”%(words)s” tomtens yta eller golvyta i en byggnad?") % {"words": said},
                tuple(
                    Link(self.answered(form, answer), self._(text), form.area_is == answer)
                    for answer, text in AREA_TEXTS.items()
                ),
            )

    def answered(self, form: NeedForm, answer: str) -> str:
        """The address that fills in the open area, and leaves all else as it stands."""
        before = {name for name, _ in self.open_area(form, form.area_is)}
        stays = [pair for pair in parameters_of(replace(form, area_is=answer)) if pair[0] not in before]
        return self.action + query_of(read_form([*stays, *self.open_area(form, answer)], self.choices))

    def open_area(self, form: NeedForm, answer: str | None) -> list[tuple[str, str]]:
        """What an open area fills in under an answer; nothing under none."""
        if answer is None:
            return []
        found = form_from_text(self.document(replace(form, area_is=answer)), self.choices, answer)
        return [pair for one in found.filled if one.slot["name"] == AREA_OPEN for pair in one.pairs]

    def offer(self, name: str | None, form: NeedForm) -> Link | None:
        """The way to a template's starting values, where the text sounds like one and it is not taken yet."""
        if name is None or name not in TEMPLATES or form.template == name:
            return None
        told = self._("Fyll i resten som för %(business)s") % {
            "business": template_label(name, self.words.language).lower()
        }
        return Link(self.action + query_of(with_template(form, name, self.choices)), told)


def kept(form: NeedForm) -> dict[str, Any]:
    """What stays of a form when its fields are filled in anew."""
    return {"said": form.said, "area_is": form.area_is, "asked": form.asked, "errors": form.errors}


def is_to_be_read(query: Mapping[str, str]) -> bool:
    """Whether an address asks for its text to be read into the form."""
    return bool(query.get(READ) and query.get(SAID, "").strip())
