"""The need form's content: its groups of fields as they stand after a search, with counts and errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from landbank.api import form_fields as ff
from landbank.api.i18n import N_, Words
from landbank.api.moment import query_of_moment
from landbank.api.need_form import AREA_IS, SAID, NeedForm
from landbank.api.need_templates import TEMPLATES, template_label, template_query
from landbank.api.page_notes import Note

Counts = Mapping[str, Mapping[str, int]]
Choices = Mapping[str, Mapping[str, str]]

COUNT_NAMES: Mapping[str, str] = {
    "anv": "use",
    "status": "status",
    "kommun": "municipality",
    "planlage": "planning_state",
    "upplatelse": "tenure",
    "fiber": "fibre",
    "fjarrvarme": "district_heating",
    "gas": "gas",
    "hinderfri": "restrictions",
}
"""Field -> what its counts are called in the page's `data-count` and in the JSON."""

UNIT_TEXTS: Mapping[str, str] = {
    "ha": N_("i hektar"),
    "MW": N_("i megawatt"),
    "km": N_("i kilometer"),
    "m": N_("i meter"),
    "m²": N_("i kvadratmeter"),
    "kr/m²": N_("i kronor per kvadratmeter"),
    "kr/m² och år": N_("i kronor per kvadratmeter och år"),
    "min": N_("i minuter"),
    "%": N_("i procent"),
    "dagar": N_("i dagar"),
}

HINTS: Mapping[str, str] = {
    "byggnad": N_(
        "Till exempel 120x80, 40x30. Prövas mot tomtens gräns i alla vinklar, på de första tomterna."
    ),
    "el": N_("Utlovad effekt den dag ni behöver tomten. Villkorad effekt räknas inte."),
    "pris": N_("Pris vid köp, räknat på tomtens yta."),
    "datum": N_("Utan datum räknas allt per i dag."),
}

GROUPS: tuple[tuple[str, tuple[ff.Field, ...], bool], ...] = (
    (N_("Tomten"), (ff.SIZE, ff.BUILDING, ff.USE, ff.STATUS), False),
    (
        N_("Byggrätt och plan"),
        (ff.FLOOR_AREA, ff.FLOOR_SHARE, ff.HEIGHT, ff.NET_SIZE, ff.LARGEST_PART, ff.PLANNING, ff.FREE),
        True,
    ),
    (
        N_("El och ledningar"),
        (ff.POWER, ff.WATER, ff.FIBRE, ff.HEATING, ff.COOLING, ff.GAS, ff.HYDROGEN),
        True,
    ),
    (
        N_("Läge och transporter"),
        (
            ff.MOTORWAY,
            ff.MOTORWAY_TIME,
            ff.RAIL,
            ff.RAIL_TIME,
            ff.SIDING,
            ff.PORT,
            ff.PORT_TIME,
            ff.AIRPORT,
            ff.AIRPORT_TIME,
        ),
        True,
    ),
    (
        N_("Tid och pris"),
        (ff.NEEDED_ON, ff.FREE_IN_TIME, ff.PRICE, ff.PRICE_BASIS, ff.LEASE, ff.TENURE),
        True,
    ),
    (
        N_("Mark och miljö"),
        (ff.READINESS, ff.SLOPE, ff.GROUND, ff.FLOOD, ff.ENVIRONMENT, ff.DWELLINGS),
        True,
    ),
    (N_("Ägare och uppgifter"), (ff.OWNER, ff.CONFIRMED), True),
    (N_("Kommun"), (ff.MUNICIPALITY,), True),
)
"""Heading, fields, and whether the group folds away while nothing in it is filled in."""

KINDS: Mapping[type[ff.Field], str] = {
    ff.Span: "span",
    ff.Choice: "choice",
    ff.Flag: "flag",
    ff.Sizes: "sizes",
}


@dataclass(frozen=True, slots=True)
class Option:
    """A value to tick or to select."""

    value: str
    text: str
    is_chosen: bool
    code: str = ""
    count: str = ""
    count_key: str = ""


@dataclass(frozen=True, slots=True)
class Input:
    """A field to write in."""

    id: str
    name: str
    type: str
    value: str
    label: str = ""
    hint: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field as the template shows it."""

    id: str
    name: str
    kind: str
    label: str
    unit: str
    unit_text: str
    inputs: tuple[Input, ...]
    options: tuple[Option, ...]
    strengths: tuple[Option, ...]
    is_chosen: bool
    error: str
    strength_error: str
    count: str = ""
    count_key: str = ""
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class GroupView:
    """Fields under one heading."""

    title: str
    fields: tuple[FieldView, ...]
    is_foldable: bool
    is_open: bool
    filled: str


@dataclass(frozen=True, slots=True)
class ErrorView:
    """An error in the summary: where it leads to, which field, and what to do."""

    target: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link and its text."""

    url: str
    text: str
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class FormView:
    """The whole form."""

    action: str
    box_title: str
    groups: tuple[GroupView, ...]
    errors: tuple[ErrorView, ...]
    templates: tuple[Link, ...]
    template: str
    asks: bool
    hidden: tuple[tuple[str, str], ...]
    clear_url: str


def form_view(
    form: NeedForm,
    choices: Choices,
    counts: Counts,
    words: Words,
    action: str,
    *,
    notes: Mapping[str, Note] | None = None,
) -> FormView:
    """The form's content.

    `choices` gives text by value of the fields with many, `counts` how many plots match, `notes` what is said of
    fields that are filled in.
    """
    filled = sum(form.asks_for(one.name) for one in ff.FIELDS)
    box = words.ngettext("Ert behov: %(number)s uppgift", "Ert behov: %(number)s uppgifter", filled)
    return FormView(
        action=action,
        box_title=box % {"number": filled} if filled else words.gettext("Ange vad ni behöver"),
        groups=tuple(
            group_view(
                form,
                title,
                tuple(
                    replace(field_view(form, one, choices, counts, words), note=(notes or {}).get(one.name))
                    for one in fields
                ),
                foldable,
                words,
            )
            for title, fields, foldable in GROUPS
        ),
        errors=tuple(errors_of(form, words)),
        templates=tuple(
            Link(
                action + template_query(name) + query_of_moment(form.asked, lead="&"),
                template_label(name, words.language),
                name == form.template,
            )
            for name in TEMPLATES
        ),
        template=form.template or "",
        asks=form.asks or bool(form.template),
        hidden=hidden_of(form),
        clear_url=action + query_of_moment(form.asked),
    )


def hidden_of(form: NeedForm) -> tuple[tuple[str, str], ...]:
    """What a search takes along that no field of the form shows."""
    told = {SAID: form.said, AREA_IS: form.area_is} | ({} if form.asked is None else form.asked.parameters())
    return tuple((name, value) for name, value in told.items() if value)


def group_view(
    form: NeedForm, title: str, fields: tuple[FieldView, ...], is_foldable: bool, words: Words
) -> GroupView:
    """One group; open when something in it is filled in."""
    filled = sum(form.asks_for(one.name) for one in fields)
    told = words.ngettext("%(number)s ifylld", "%(number)s ifyllda", filled) % {"number": filled}
    return GroupView(words.gettext(title), fields, is_foldable, bool(filled), told if filled else "")


def field_view(form: NeedForm, one: ff.Field, choices: Choices, counts: Counts, words: Words) -> FieldView:
    """One field with what is filled in."""
    return FieldView(
        id=f"f-{one.name}",
        name=one.name,
        kind=KINDS.get(type(one), "line"),
        label=words.gettext(one.label),
        unit=words.gettext(one.unit) if one.unit else "",
        unit_text=words.gettext(UNIT_TEXTS[one.unit]) if one.unit else "",
        inputs=() if isinstance(one, ff.Choice | ff.Flag) else tuple(inputs_of(form, one, words)),
        options=tuple(options_of(form, one, choices.get(one.name, {}), counts, words)),
        strengths=tuple(
            Option(value, words.gettext(text), form.strength(one.name) == value)
            for value, text in ff.STRENGTH_TEXTS.items()
        ),
        is_chosen=form.asks_for(one.name),
        error=told_error(form, one.name, words),
        strength_error=told_error(form, f"{one.name}_krav", words),
        count=count_of(one, counts, words),
        count_key=f"{COUNT_NAMES[one.name]}:true" if is_counted(one) else "",
    )


def is_counted(one: ff.Field) -> bool:
    """Whether a field is one box to tick that has a count of its own."""
    return isinstance(one, ff.Flag) and one.name in COUNT_NAMES


def count_of(one: ff.Field, counts: Counts, words: Words) -> str:
    """How many plots match with a box ticked."""
    found = counts.get(COUNT_NAMES[one.name], {}) if is_counted(one) else {}
    return words.number(found["true"], 0) if "true" in found else ""


def inputs_of(form: NeedForm, one: ff.Field, words: Words) -> list[Input]:
    """The inputs of a field: two of a span, otherwise one."""
    labels: tuple[str, ...] = ("",)
    if isinstance(one, ff.Span):
        labels = (words.gettext("från"), words.gettext("till"))
    elif isinstance(one, ff.Sizes):
        labels = (words.gettext("bredd x djup"), words.gettext("till gränsen"))
    return [
        Input(
            id=f"f-{parameter.replace('_', '-')}-in",
            name=parameter,
            type="date" if isinstance(one, ff.Day) and not form.errors.get(parameter) else "text",
            value=form.text(parameter),
            label=label,
            hint=words.gettext(HINTS[parameter]) if parameter in HINTS else "",
            error=told_error(form, parameter, words),
        )
        for parameter, label in zip(one.parameters, labels, strict=True)
    ]


def options_of(
    form: NeedForm, one: ff.Field, texts: Mapping[str, str], counts: Counts, words: Words
) -> list[Option]:
    """The values to tick, each with the number of plots that would match with it alone."""
    name = COUNT_NAMES.get(one.name, one.name)
    found = counts.get(name, {})
    return [
        Option(
            value=value,
            text=text,
            is_chosen=value in form.chosen(one.name),
            code=value if one is ff.USE else "",
            count=words.number(found[value], 0) if value in found else "",
            count_key=f"{name}:{value}",
        )
        for value, text in texts.items()
    ]


def told_error(form: NeedForm, parameter: str, words: Words) -> str:
    """The error beside a parameter, or nothing."""
    return words.gettext(form.errors[parameter]) if parameter in form.errors else ""


def errors_of(form: NeedForm, words: Words) -> list[ErrorView]:
    """All errors in the form's order, each leading to its field."""
    found = []
    for one in ff.FIELDS:
        for parameter in (*one.parameters, f"{one.name}_krav"):
            if parameter in form.errors:
                target = f"f-{parameter.replace('_', '-')}" + ("-in" if is_written(one, parameter) else "")
                found.append(ErrorView(target, words.gettext(one.label), told_error(form, parameter, words)))
    return found


def is_written(one: ff.Field, parameter: str) -> bool:
    """Whether a parameter is a text that is written, not ticked or selected."""
    return not isinstance(one, ff.Choice | ff.Flag) and parameter in one.parameters
