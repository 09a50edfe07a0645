"""The need form: query parameters of the search page to a need, and back to parameters.

The address holds the whole search. What was typed is kept as it was typed, also where it can't be used, so
that the page shows it again with the error beside it. A field that is left empty asks for nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from landbank.api.form_fields import (
    BUILDING,
    BY_NAME,
    FIELDS,
    MUST,
    STATUS,
    WEIGHTS,
    AtLeast,
    Choice,
    Day,
    Field,
    Flag,
    InTime,
    Sizes,
    Span,
    wish_points,
)
from landbank.api.i18n import N_
from landbank.api.moment import AS_OF, VALID_ON
from landbank.api.need_templates import TEMPLATES
from landbank.domain.building import Building
from landbank.domain.criterion import Op
from landbank.domain.fit.buildable import LARGEST_SET_BACK_M
from landbank.domain.fit.footprint import LARGEST_SIDE_M, SMALLEST_SIDE_M
from landbank.domain.moment import Asked, read_asked
from landbank.domain.need import Must, Need, Threshold, Weight, Wish

NUMBER = re.compile(r"\d{1,9}([.,]\d{1,6})?")
SIZES = re.compile(r"(\d{1,5}(?:[.,]\d{1,2})?)\s*[xX×*]\s*(\d{1,5}(?:[.,]\d{1,2})?)(?:\s*m\b)?", re.ASCII)
SIZES_BETWEEN = re.compile(r"(\s|,|;|\+|och|and)*")
MOST_SIZES = 5
SPACES = re.compile(r"[\s\u00a0\u2009\u202f]+")
PAGE_STEP = 20
MOST_SHOWN = 500
WISHED = frozenset({"wish", "onskemal"})
SAID, AREA_IS, AREAS = "beskrivning", "ytan", ("tomt", "golv")
MOST_SAID = 1_000
"""Characters of a text: an address that holds more is cut off by some mail programs."""
SOONEST = Wish("label", weight=Weight.NICE)
"""Added to every search that does not ask for a status; all that orders one without wishes."""


@dataclass(frozen=True, slots=True)
class NeedForm:
    """What the visitor asked for, as it was typed.

    `values` holds the texts by parameter name, `strengths` each field's `krav` word, `errors` a Swedish
    sentence by parameter name. `shown` is the number of plots that the list shows, `asked` the earlier moment that
    the plots are shown at. `said` is the text that the form was filled in from, and `area_is` what an area in it
    was said to be.
    """

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    strengths: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    template: str | None = None
    shown: int = PAGE_STEP
    asked: Asked | None = None
    said: str = ""
    area_is: str | None = None

    @property
    def asks(self) -> bool:
        """Whether anything at all is asked for."""
        return bool(self.values)

    @property
    def wishes(self) -> bool:
        """Whether anything is wished for, beside what must hold."""
        return any(self.asks_for(one.name) and self.strength(one.name) != MUST for one in FIELDS)

    def text(self, parameter: str) -> str:
        """What stands in a field with one text."""
        return self.values.get(parameter, ("",))[0]

    def chosen(self, parameter: str) -> tuple[str, ...]:
        """The ticked values of a field with many."""
        return self.values.get(parameter, ())

    def strength(self, name: str) -> str:
        """How strongly a field is meant: `krav`, or a wish's weight."""
        return self.strengths.get(name, BY_NAME[name].strength)

    def asks_for(self, name: str) -> bool:
        """Whether a field is filled in."""
        one = BY_NAME[name]
        needed = one.parameters[:1] if isinstance(one, Sizes) else one.parameters
        return any(self.values.get(parameter) for parameter in needed)


def read_form(query: Iterable[tuple[str, str]], known: Mapping[str, Iterable[str]]) -> NeedForm:
    """The form as the query parameters fill it in.

    `known` holds the values that exist of the fields with many (use codes, municipality codes, labels), by
    parameter name; another value is an error beside that field.

    Raises
    ------
    Invalid
        `as_of` or `valid_on` is no day and no moment.
    """
    given: dict[str, list[str]] = {}
    for name, value in query:
        if value.strip():
            given.setdefault(name, []).append(value.strip())
    values: dict[str, tuple[str, ...]] = {}
    strengths: dict[str, str] = {}
    errors: dict[str, str] = {}
    for one in FIELDS:
        for parameter in one.parameters:
            if parameter in given:
                values[parameter] = tuple(dict.fromkeys(given[parameter]))[
                    : None if isinstance(one, Choice) else 1
                ]
        if isinstance(one, Sizes) and one.name not in values:
            values.pop(one.parameters[1], None)  # a distance of nothing
        strength, error = (MUST, None) if isinstance(one, Sizes) else read_strength(one, given)
        if strength != one.strength and any(parameter in given for parameter in one.parameters):
            strengths[one.name] = strength
        errors |= {f"{one.name}_krav": error} if error else {}
        errors |= check(one, values, frozenset(known.get(one.name, ())))
    template, said = first(given, "mall"), first(given, SAID) or ""
    if len(said) > MOST_SAID:
        errors[SAID] = N_("Skriv högst 1 000 tecken.")
    return NeedForm(
        values,
        strengths,
        errors,
        template if template in TEMPLATES else None,
        read_shown(first(given, "visa")),
        read_asked(first(given, AS_OF), first(given, VALID_ON)),
        said,
        area_is if (area_is := first(given, AREA_IS)) in AREAS else None,
    )


def read_strength(one: Field, given: Mapping[str, Sequence[str]]) -> tuple[str, str | None]:
    """How strongly a field is meant and what is wrong with it, if anything."""
    told = first(given, f"{one.name}_krav") or one.strength
    if told == "must":
        return MUST, None
    if told in WISHED:
        told = first(given, f"{one.name}_vikt") or "viktigt"
    if told == MUST or told in WEIGHTS:
        return told, None
    return one.strength, N_("Välj krav eller ett av önskemålen.")


def read_shown(text: str | None) -> int:
    """The number of plots to show: a multiple of the step, at most 500."""
    if text is None or not text.isascii() or not text.isdigit():
        return PAGE_STEP
    return max(PAGE_STEP, min(MOST_SHOWN, -(-int(text[:6]) // PAGE_STEP) * PAGE_STEP))


def first(given: Mapping[str, Sequence[str]], name: str) -> str | None:
    """The first value of a parameter, or None."""
    return given[name][0] if given.get(name) else None


def check(one: Field, values: Mapping[str, tuple[str, ...]], known: frozenset[str]) -> dict[str, str]:
    """What is wrong with a field's texts, by parameter name; empty when nothing is."""
    if isinstance(one, Choice):
        is_known = set(values.get(one.name, ())) <= known
        return {} if is_known else {one.name: N_("Ett av de valda värdena finns inte i landbank.")}
    if isinstance(one, Flag):
        return (
            {}
            if values.get(one.name, ("1",)) == ("1",)
            else {one.name: N_("Kryssrutan kan bara ha värdet 1.")}
        )
    if isinstance(one, Day):
        is_day = one.name not in values or read_day(values[one.name][0]) is not None
        return {} if is_day else {one.name: N_("Skriv datumet som år-månad-dag, till exempel 2027-06-30.")}
    if isinstance(one, Sizes):
        return check_sizes(one, values)
    errors = {
        parameter: N_("Skriv ett tal större än 0, till exempel 2,5.")
        for parameter in one.parameters
        if parameter in values and not is_usable(values[parameter][0], can_be_zero=parameter.endswith("_min"))
    }
    if isinstance(one, Span) and not errors and all(parameter in values for parameter in one.parameters):
        least, most = (read_number(values[parameter][0]) or 0.0 for parameter in one.parameters)
        if least > most:
            errors[one.parameters[1]] = N_("Det största måttet är mindre än det minsta. Byt plats på dem.")
    return errors


def check_sizes(one: Sizes, values: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """What is wrong with the buildings and their distance to the border."""
    errors = {}
    sizes, distance = one.parameters
    if sizes in values and not read_sizes(values[sizes][0]):
        errors[sizes] = N_("Skriv bredd x djup i meter, till exempel 120x80; högst 5 mått med komma emellan.")
    if distance in values:
        amount = read_number(values[distance][0])
        if amount is None or amount > LARGEST_SET_BACK_M:
            errors[distance] = N_("Skriv ett avstånd i meter från 0 till 500, till exempel 6.")
    return errors


def read_sizes(text: str) -> tuple[tuple[float, float], ...]:
    """Width and depth of each building in a text like 120x80, 40x30; none where it can't be read whole."""
    left = SIZES.sub(" ", text)
    sizes = tuple(
        (float(found[1].replace(",", ".")), float(found[2].replace(",", ".")))
        for found in SIZES.finditer(text)
    )
    sides = [side for size in sizes for side in size]
    if SIZES_BETWEEN.fullmatch(left) is None or not 1 <= len(sizes) <= MOST_SIZES:
        return ()
    return sizes if all(SMALLEST_SIDE_M <= side <= LARGEST_SIDE_M for side in sides) else ()


def buildings_of(form: NeedForm) -> tuple[Building, ...]:
    """The buildings that the form asks for; equal ones together."""
    if not form.asks_for(BUILDING.name) or any(name in form.errors for name in BUILDING.parameters):
        return ()
    distance = read_number(form.text(BUILDING.parameters[1])) or 0.0
    counts = Counter(read_sizes(form.text(BUILDING.name)))
    return tuple(Building(width, depth, distance, count) for (width, depth), count in counts.items())


def is_usable(text: str, *, can_be_zero: bool) -> bool:
    """Whether a text is a number that can be asked for; only the lower end of a span can be 0."""
    number = read_number(text)
    return number is not None and (number > 0 or can_be_zero)


def read_number(text: str) -> float | None:
    """A number from 0 written with decimal comma or point and spaces between thousands; None otherwise."""
    text = SPACES.sub("", text)
    return float(text.replace(",", ".")) if text.isascii() and NUMBER.fullmatch(text) else None


def read_day(text: str) -> date | None:
    """A date of this century as 2027-06-30; None otherwise."""
    if not re.fullmatch(r"20\d\d-\d\d-\d\d", text, re.ASCII):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def need_of(form: NeedForm) -> Need:
    """The need that the form asks for; fields with errors are left out.

    Musts and wishes stand in the order of the form. Unless the form asks for a status, plots that can be had
    sooner get a little more: a visible wish of the least weight, so that a sold plot never ties with a free one.
    """
    musts: list[Must] = []
    wishes: list[Wish] = []
    day: date | None = None
    for one in FIELDS:
        if not form.asks_for(one.name) or any(parameter in form.errors for parameter in one.parameters):
            continue
        strength = form.strength(one.name)
        if isinstance(one, Day):
            day = read_day(form.text(one.name))
        for criterion in one.criteria:
            if strength == MUST:
                musts.append(Must(criterion, *must_of(one, form)))
            else:
                points = wish_points(one, values_of(one, form))
                wishes.append(Wish(criterion, points, Weight(WEIGHTS[strength])))
    if not wishes or not form.asks_for(STATUS.name):
        wishes.append(SOONEST)
    return Need(
        musts=tuple(musts),
        wishes=tuple(wishes),
        date=day,
        template=form.template,
        limit=form.shown,
        footprints=buildings_of(form),
    )


def values_of(one: Field, form: NeedForm) -> tuple[Any, ...]:
    """A field's values in the criterion's unit: numbers (None where one end is open), codes, or nothing."""
    if isinstance(one, Choice):
        return form.chosen(one.name)
    if isinstance(one, Flag | Day):
        return ()
    numbers = (read_number(form.text(parameter)) for parameter in one.parameters)
    return tuple(None if number is None else round(number * one.factor, 6) for number in numbers)


def must_of(one: Field, form: NeedForm) -> tuple[Op, Threshold]:
    """Operator and threshold of a field that is meant as a must."""
    values = values_of(one, form)
    if isinstance(one, Choice):
        return Op.ANY_OF, values
    if isinstance(one, InTime | Day):
        return Op.AT_MOST, 0.0
    if isinstance(one, Flag):
        return Op.IS, one.wanted
    if isinstance(one, Span):
        return span_of(*values)
    return (Op.AT_LEAST if isinstance(one, AtLeast) else Op.AT_MOST), values[0]


def span_of(least: float | None, most: float | None) -> tuple[Op, Threshold]:
    """Operator and threshold of a span with one or both ends."""
    if least is not None and most is not None:
        return Op.BETWEEN, (least, most)
    return (Op.AT_LEAST, least) if least is not None else (Op.AT_MOST, most or 0.0)


def parameters_of(form: NeedForm) -> list[tuple[str, str]]:
    """The form as query parameters in the form's order; reading them gives the same form."""
    pairs: list[tuple[str, str]] = []
    if form.template:
        pairs.append(("mall", form.template))
    for one in FIELDS:
        if not form.asks_for(one.name):
            continue
        pairs += [
            (parameter, text) for parameter in one.parameters for text in form.values.get(parameter, ())
        ]
        if one.name in form.strengths:
            pairs.append((f"{one.name}_krav", form.strengths[one.name]))
    if form.said:
        pairs.append((SAID, form.said))
    if form.area_is:
        pairs.append((AREA_IS, form.area_is))
    if form.shown != PAGE_STEP:
        pairs.append(("visa", str(form.shown)))
    if form.asked is not None:
        pairs += form.asked.parameters().items()
    return pairs


def query_of(form: NeedForm) -> str:
    """The form as the part of an address from the question mark on; empty when nothing is asked for."""
    pairs = parameters_of(form)
    return "?" + urlencode(pairs) if pairs else ""


def without(form: NeedForm, name: str) -> NeedForm:
    """The form with one field emptied."""
    gone = set(BY_NAME[name].parameters)
    return replace(
        form,
        values={parameter: texts for parameter, texts in form.values.items() if parameter not in gone},
        strengths={other: strength for other, strength in form.strengths.items() if other != name},
        errors={},
        shown=PAGE_STEP,
    )


def as_wish(form: NeedForm, name: str, strength: str = "viktigt") -> NeedForm:
    """The form with one field meant as a wish."""
    return replace(form, strengths={**form.strengths, name: strength}, errors={}, shown=PAGE_STEP)


def showing(form: NeedForm, number: int) -> NeedForm:
    """The form with another number of plots shown."""
    return replace(form, shown=number)
