"""The form that changes a plot's state: the steps that are open, what each has to state, and what was typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from landbank.api.i18n import N_, Words
from landbank.api.need_form import read_day
from landbank.api.posted import Posted
from landbank.codelists import terms
from landbank.domain.codes import Availability, Readiness
from landbank.domain.commitment import EXCLUSIVE, Party, party_of
from landbank.domain.lifecycle import (
    STATES,
    Asked,
    Axis,
    Lifecycle,
    Standing,
    State,
    Statement,
    Transition,
    always_needed,
    expired,
)
from landbank.domain.people import Actor
from landbank.errors import Conflict, Forbidden, Invalid, LandbankError, Stale
from landbank.services.change_status import StatusChange
from landbank.services.list_plots import Row

FIELDS = ("till", "skal", "part", "orgnr", "enskild", "beslut", "sista", "klar")
CORRECTION = "rattelse"
LONGEST = 1_000

AXIS_NAMES: Mapping[Axis, str] = {Axis.AVAILABILITY: N_("Försäljning"), Axis.READINESS: N_("Marken")}

NEEDED: Mapping[Statement, tuple[str, str, str]] = {
    Statement.REASON: ("skal", N_("skäl"), N_("Skriv varför.")),
    Statement.PARTY: ("part", N_("vem"), N_("Skriv vem tomten går till.")),
    Statement.DECISION: ("beslut", N_("beslut"), N_("Ange beslutet, till exempel dess paragraf.")),
    Statement.UNTIL: ("sista", N_("sista dag"), N_("Ange den sista dagen.")),
}
"""What a step may have to state: the form's field, its name in a list, and what is said where it is missing."""

NO_DAY = N_("En dag då marken är klar hör till markens skick.")
AT_FIELD: Mapping[str, tuple[str, str]] = {
    "/party": ("part", N_("Tomten hålls av någon annan, eller så är intresset redan noterat. Släpp den först.")),
    "/party/name": ("part", N_("Ett namn har 1–200 tecken och inga styrtecken.")),
    "/party/organisation_number": ("orgnr", N_("Numret är inget organisationsnummer: kontrollera siffrorna.")),
    "/party/is_personal": (
        "enskild",
        N_("Numret är en juridisk persons, vars namn inte är en personuppgift."),
    ),
    "/valid_until": ("sista", N_("Den sista dagen har passerat, är för långt fram eller hör inte till läget.")),
    "/to": ("till", N_("Det läget kan inte följa på det som gäller nu. Välj ett annat.")),
    "/ready_on": ("klar", NO_DAY),
}  # fmt: skip
"""The form's field and what is said there, by where a refusal sits."""

STALE = N_(
    "Någon annan hann före: raden visar hur tomten står nu. Se efter, och skicka igen om det fortfarande gäller."
)
FORBIDDEN = N_("Det steget får din roll inte ta.")
OTHERWISE = N_("Det gick inte att ändra så. Kontrollera uppgifterna.")


@dataclass(frozen=True, slots=True)
class Option:
    """A step as the form offers it: its value, and its text with what it needs."""

    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, and what is wrong with it by field; the field '' stands for the whole."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """What stands in a field."""
        return self.values.get(name, "")

    def error(self, name: str) -> str:
        """What is wrong with a field; empty where nothing is."""
        return self.errors.get(name, "")


class Refused(Exception):
    """What was typed can't be a change of state."""

    def __init__(self, typed: Typed) -> None:
        super().__init__("refused")
        self.typed = typed


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of one plot that somebody may take, by axis, and those that set a wrong entry right."""

    lifecycle: Lifecycle
    actor: Actor
    municipality_code: str
    standing: Mapping[Axis, Standing]

    def options(self, words: Words) -> list[tuple[str, list[Option]]]:
        """The groups of the list, each with its heading; groups without steps are left out."""
        groups = [
            (words.gettext(head), [self.option(axis, step, words) for step in self.open(axis)])
            for axis, head in AXIS_NAMES.items()
        ]
        wrong = [self.option(axis, step, words, CORRECTION) for axis, step in self.corrections()]
        groups.append((words.gettext("Rätta en felaktig uppgift"), wrong))
        return [(head, options) for head, options in groups if options]

    def option(self, axis: Axis, step: Transition, words: Words, kind: str = "steg") -> Option:
        """One step in words."""
        state = terms(str(axis))[step.after].label(words.language)
        if step.before is step.after:
            state = words.gettext("%(state)s, förläng") % {"state": state}
        needed = [words.gettext(NEEDED[one][1]) for one in NEEDED if one in self.needs(axis, step, kind)]
        text = (
            words.gettext("%(state)s (ange %(needed)s)") % {"state": state, "needed": ", ".join(needed)}
            if needed
            else state
        )
        return Option(f"{kind}:{axis}:{step.after}", text)

    def open(self, axis: Axis) -> tuple[Transition, ...]:
        """The steps of an axis."""
        track = self.lifecycle.track(axis)
        return track.open_to(self.standing[axis].state, self.actor, self.municipality_code)

    def corrections(self) -> Iterator[tuple[Axis, Transition]]:
        """The states that can be set as a correction and that no step leads to."""
        for axis in Axis:
            track, before = self.lifecycle.track(axis), self.standing[axis].state
            own = track.correction
            for after in track.states:
                step = Transition(before, after, own.permission, own.roles, own.needs | always_needed(after))
                if (
                    after != before
                    and (before, after) not in track.transitions
                    and step.is_open_to(self.actor, self.municipality_code)
                ):
                    yield axis, step

    def needs(self, axis: Axis, step: Transition, kind: str) -> frozenset[Statement]:
        """What has to be stated: whoever holds the plot already need not be named again."""
        holder = self.standing[axis].holder
        goes_on = kind != CORRECTION and step.before in EXCLUSIVE and step.after in EXCLUSIVE and holder
        return step.needs - ({Statement.PARTY} if goes_on else frozenset())

    def chosen(self, value: str) -> tuple[Axis, Transition, str] | None:
        """The step that a value of the list names; None for what is not offered."""
        kind, _, rest = value.partition(":")
        offered = (
            self.corrections()
            if kind == CORRECTION
            else ((axis, step) for axis in Axis for step in self.open(axis))
        )
        return next(
            ((axis, step, kind) for axis, step in offered if f"{axis}:{step.after}" == rest and kind), None
        )


@dataclass(frozen=True, slots=True)
class AllSteps:
    """Where a municipality's plots may go at all by steps that somebody may take, whatever each stands at now."""

    lifecycle: Lifecycle
    actor: Actor
    municipality_code: str

    def options(self, words: Words) -> list[tuple[str, list[Option]]]:
        """The groups of the list, each with its heading; groups without steps are left out."""
        groups = []
        for axis, head in AXIS_NAMES.items():
            states = dict.fromkeys(step.after for step in self.open(axis))
            options = [
                Option(f"steg:{axis}:{state}", terms(str(axis))[state].label(words.language))
                for state in self.lifecycle.track(axis).states
                if state in states
            ]
            groups.append((words.gettext(head), options))
        return [(head, options) for head, options in groups if options]

    def open(self, axis: Axis) -> tuple[Transition, ...]:
        """Every step of an axis that the actor may take from some state."""
        arrows = self.lifecycle.track(axis).transitions.values()
        return tuple(step for step in arrows if step.is_open_to(self.actor, self.municipality_code))

    def needs(self, axis: Axis, step: Transition, _kind: str) -> frozenset[Statement]:
        """What has to be stated wherever a plot stands; the preview says what more a plot needs."""
        alike = [one.needs for one in self.open(axis) if one.after == step.after]
        return frozenset.intersection(*alike)

    def chosen(self, value: str) -> tuple[Axis, Transition, str] | None:
        """The step that a value of the list names; None for what is not offered."""
        kind, _, rest = value.partition(":")
        offered = ((axis, step) for axis in Axis for step in self.open(axis))
        return next(
            ((axis, step, kind) for axis, step in offered if value == f"steg:{axis}:{step.after}" and rest),
            None,
        )


def steps_of(row: Row, party: Party | None, lifecycle: Lifecycle, actor: Actor, code: str) -> Steps:
    """The steps of a plot of the table; a term that is over counts as over."""
    sale = Standing(as_availability(row.availability), row.availability_until, party)
    return Steps(
        lifecycle,
        actor,
        code,
        {
            Axis.AVAILABILITY: expired(sale, row.today),
            Axis.READINESS: Standing(Readiness(row.readiness) if row.readiness else None),
        },
    )


def as_availability(code: str | None) -> Availability | None:
    """A state of sale from its code."""
    return Availability(code) if code else None


def read_status(posted: Posted, steps: Steps | AllSteps, words: Words) -> StatusChange:
    """The change that the form asks for.

    Raises
    ------
    Refused
        A field is missing or can't be read; all are named.
    """
    values = {name: posted.text(name).strip() for name in FIELDS}
    errors: dict[str, str] = {}
    chosen = steps.chosen(values["till"])
    if chosen is None:
        text = N_("Välj vad tomten ska bli.") if not values["till"] else AT_FIELD["/to"][1]
        raise Refused(Typed(values, {"till": words.gettext(text)}))
    axis, step, kind = chosen
    for one in steps.needs(axis, step, kind):
        if not values[NEEDED[one][0]]:
            errors[NEEDED[one][0]] = words.gettext(NEEDED[one][2])
    for name in ("skal", "beslut"):
        if len(values[name]) > LONGEST:
            errors[name] = words.gettext("Högst %(number)s tecken.") % {"number": words.number(LONGEST, 0)}
    days = {name: read_day(values[name]) for name in ("sista", "klar")}
    for name, day in days.items():
        if values[name] and day is None:
            errors[name] = words.gettext("Skriv en dag som 2027-06-30.")
    if days["klar"] is not None and axis is not Axis.READINESS:
        errors["klar"] = words.gettext(NO_DAY)
    party = read_party(values, errors, words)
    if errors:
        raise Refused(Typed(values, errors))
    after: State = STATES[axis](step.after)
    asked = Asked(
        after,
        values["skal"] or None,
        party,
        values["beslut"] or None,
        days["sista"],
        is_correction=kind == CORRECTION,
    )
    return StatusChange(axis, asked, days["klar"])


def read_party(values: Mapping[str, str], errors: dict[str, str], words: Words) -> Party | None:
    """The party that was typed, its faults noted; None where none was."""
    if not values["part"]:
        if values["orgnr"]:
            errors["part"] = words.gettext("Skriv namnet till numret.")
        return None
    try:
        return party_of(values["part"], values["orgnr"] or None, is_personal=bool(values["enskild"]))
    except Invalid as fault:
        name, text = AT_FIELD[fault.where or "/party/name"]
        errors[name] = words.gettext(text)
        return None


def refusal(fault: LandbankError, posted: Posted, words: Words) -> Typed:
    """What was typed, with what a service had against it, at its field."""
    values = {name: posted.text(name).strip() for name in FIELDS}
    if isinstance(fault, Stale):
        return Typed(values, {"": words.gettext(STALE)})
    name, text = AT_FIELD.get(fault.where or "", ("", OTHERWISE))
    if isinstance(fault, Forbidden):
        name, text = "till", FORBIDDEN
    return Typed(values, {name: words.gettext(text)})


def refusal_text(fault: LandbankError, words: Words) -> str:
    """Why a plot can't be changed so, in a sentence."""
    if isinstance(fault, Forbidden):
        return words.gettext(FORBIDDEN)
    if isinstance(fault, Stale):
        return words.gettext("Någon annan har ändrat tomten sedan du såg den.")
    if isinstance(fault, Conflict) and fault.where is None:
        return words.gettext(OTHERWISE)
    return words.gettext(AT_FIELD.get(fault.where or "", ("", OTHERWISE))[1])
