"""What a free text fills the need form in with: each thing that was understood, and the parameters it becomes.

The form can say less than a text: what it can't say is left out with the reason, and shown as understood.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from landbank.api import form_fields as ff
from landbank.api.need_form import NeedForm, parameters_of, read_form
from landbank.api.need_templates import TEMPLATES
from landbank.domain.enquiry.slots import AREA_OPEN, Sense, Strength
from landbank.domain.templates import TEMPLATES as DOMAIN_TEMPLATES

Document = Mapping[str, Any]
Pairs = tuple[tuple[str, str], ...]

AREA_ANSWERS: Mapping[str, tuple[str, str]] = {
    "tomt": ("plot", "area_m2"),
    "golv": ("floor", "floor_area_m2"),
}
"""What the address says of an open area -> what the reading takes, and the criterion that it is then."""

TWICE, UNSAYABLE = "twice", "form"


@dataclass(frozen=True, slots=True)
class Filled:
    """One thing that was understood: the slot, what it fills in, and why it fills in nothing.

    `is_suggested` says that the text has no amount and landbank's own stands in the form, to be changed.
    """

    slot: Document
    pairs: Pairs = ()
    left_out: str | None = None
    is_suggested: bool = False


@dataclass(frozen=True, slots=True)
class FormFromText:
    """A text read into a form: what each slot became, and the address's parameters."""

    filled: tuple[Filled, ...]
    pairs: Pairs


def form_from_text(
    document: Document, known: Mapping[str, Iterable[str]], area_is: str | None = None
) -> FormFromText:
    """What the document of a read text fills in; `known` are the values that fields with many have."""
    taken: dict[str, Filled] = {}
    found = []
    for slot in document["slots"]:
        one = fill(slot, known, area_is)
        name = field_of(slot, area_is).name if one.pairs else ""
        if name and name in taken and taken[name].pairs != one.pairs:
            one = replace(one, pairs=(), left_out=TWICE)
        elif name:
            taken[name] = one
        found.append(one)
    return FormFromText(tuple(found), tuple(pair for one in taken.values() for pair in one.pairs))


def fill(slot: Document, known: Mapping[str, Iterable[str]], area_is: str | None) -> Filled:
    """What one slot fills in."""
    if slot["left_out"] in ("unsearchable", "open"):
        return Filled(slot, left_out=slot["left_out"])
    one = field_of(slot, area_is)
    is_near = slot["sense"] == Sense.NEAR
    values = near(one) if is_near else values_of(one, slot, known)
    if not values:
        return Filled(slot, left_out=UNSAYABLE)
    strength = strength_of(slot)
    return Filled(slot, (*values, (f"{one.name}_krav", strength)), is_suggested=is_near)


def field_of(slot: Document, area_is: str | None) -> ff.Field:
    """The field that a slot belongs into."""
    if slot["name"] == "business":
        return ff.USE
    name = AREA_ANSWERS[area_is][1] if slot["name"] == AREA_OPEN and area_is else slot["name"]
    return ff.BY_CRITERION[name]


def strength_of(slot: Document) -> str:
    """A must only where the text demands it with an amount; a demand without one is a wish that decides."""
    if slot["strength"] != Strength.MUST:
        return "viktigt"
    return "avgorande" if slot["sense"] == Sense.NEAR else ff.MUST


def near(one: ff.Field) -> Pairs:
    """What stands in for a distance that the text does not say."""
    return ((one.name, one.example),) if one.example else ()


def values_of(one: ff.Field, slot: Document, known: Mapping[str, Iterable[str]]) -> Pairs:
    """The parameters of a slot's value; none where the field can't say it."""
    value = slot["value"]
    match one:
        case ff.Choice():
            return tuple((one.name, code) for code in codes_of(one, slot, known))
        case ff.Flag():
            return ((one.name, "1"),) if value is True else ()
        case ff.Day():
            return ((one.name, str(value)),)
        case ff.Span():
            return tuple(
                (name, typed(end / one.factor))
                for name, end in zip(one.parameters, ends_of(slot), strict=True)
                if end is not None
            )
    low, high = ends_of(slot)
    amount = low if isinstance(one, ff.AtLeast) else high
    if slot["sense"] == Sense.ABOUT:
        amount = float(value)
    return ((one.name, typed(amount / one.factor)),) if amount else ()


def ends_of(slot: Document) -> tuple[float | None, float | None]:
    """The least and the most of an amount; about so much is from a little less to half as much again."""
    value = slot["value"]
    if isinstance(value, Sequence) and not isinstance(value, str):
        return float(value[0]), float(value[1])
    amount = float(value)
    match slot["sense"]:
        case Sense.AT_LEAST:
            return amount, None
        case Sense.AT_MOST:
            return None, amount
    return 0.9 * amount, 1.5 * amount


def codes_of(one: ff.Field, slot: Document, known: Mapping[str, Iterable[str]]) -> list[str]:
    """The codes to tick, in the form's order: for what is not wanted, all the others."""
    told = slot["value"]
    if slot["name"] == "business":
        told = next(must for must in DOMAIN_TEMPLATES[told].musts if must.criterion == "use").threshold
    codes = {told} if isinstance(told, str) else set(told)
    is_unwanted = slot["sense"] == Sense.NONE_OF
    return [code for code in known.get(one.name, ()) if (code in codes) != is_unwanted]


def typed(amount: float) -> str:
    """An amount as one would type it: 2,5."""
    return f"{amount:.4f}".rstrip("0").rstrip(".").replace(".", ",")


def with_template(form: NeedForm, name: str, known: Mapping[str, Iterable[str]]) -> NeedForm:
    """The form with a template's values in the fields that say nothing."""
    base = read_form((("mall", name), *TEMPLATES[name]), known)
    asked = {one.name for one in ff.FIELDS if form.asks_for(one.name)}
    added = [
        (parameter, text)
        for one in ff.FIELDS
        if one.name not in asked
        for parameter in (*one.parameters, f"{one.name}_krav")
        for given, text in parameters_of(base)
        if given == parameter
    ]
    return read_form([("mall", name), *(p for p in parameters_of(form) if p[0] != "mall"), *added], known)
