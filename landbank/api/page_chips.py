"""What was asked for, field by field, as one short text each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from landbank.api import form_fields as ff
from landbank.api.fit_words import size_text
from landbank.api.i18n import N_, Words
from landbank.api.need_form import NeedForm, buildings_of, need_of, query_of, without
from landbank.api.page_values import wanted_text
from landbank.domain.need import Must, Wish

CHIP_LABELS: Mapping[str, str] = {
    "el": N_("el"),
    "hojd": N_("byggnadshöjd"),
    "byggratt": N_("byggrätt"),
    "netto": N_("säljbar mark"),
    "bostader": N_("till bostäder"),
    "pris": N_("pris"),
    "motorvag": N_("motorväg"),
    "jarnvag": N_("järnväg"),
    "hamn": N_("hamn"),
    "flyg": N_("flygplats"),
    "motorvag_tid": N_("restid till motorväg"),
    "jarnvag_tid": N_("restid till järnvägsterminal"),
    "hamn_tid": N_("restid till hamn"),
    "flyg_tid": N_("restid till flygplats"),
    "del": N_("största sammanhängande del"),
    "exploatering": N_("byggrätt av tomtens area"),
    "avgald": N_("årlig avgift"),
    "lutning": N_("lutning"),
    "bekraftad": N_("uppgifternas ålder"),
    "prisbas": N_("pris"),
    "mark": N_("mark:"),
    "miljo": N_("miljöklass"),
    "jordart": N_("jordart:"),
    "oversvamning": N_("översvämning:"),
    "agare": N_("ägare:"),
}
"""The word before a value that does not say what it is of."""


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing that was asked for, how strongly, and the address of the search without it."""

    name: str
    text: str
    strength: str
    url: str


def chips_of(form: NeedForm, words: Words, action: str) -> tuple[Chip, ...]:
    """What was asked for, in the form's order."""
    need = need_of(form)
    asked: tuple[Must | Wish, ...] = (*need.wishes, *need.musts)
    parts = {part.criterion: part for part in asked}
    return tuple(
        Chip(
            one.name,
            chip_text(one, [wanted_text(parts[name], words) for name in one.criteria], form, words),
            words.gettext(ff.STRENGTH_TEXTS[form.strength(one.name)]).lower(),
            action + query_of(without(form, one.name)),
        )
        for one in ff.FIELDS
        if form.asks_for(one.name)
    )


def chip_text(one: ff.Field, texts: Sequence[str], form: NeedForm, words: Words) -> str:
    """A field as one short text."""
    if isinstance(one, ff.Day):
        return words.gettext("byggklar senast %(day)s") % {"day": form.text(one.name)}
    if isinstance(one, ff.Sizes):
        return words.gettext("plats för %(size)s") % {"size": size_text(buildings_of(form), words)}
    if one is ff.WATER:
        return words.gettext("vatten och avlopp")
    label = words.gettext(CHIP_LABELS[one.name]) if one.name in CHIP_LABELS else ""
    return f"{label} {texts[0]}".strip()
