"""What plots hand on to those that take their place: obvious things by themselves, the rest by a stated choice.

Where several parts follow one plot, uses and prices per square metre hold for each of them; a restriction, a network or
an absolute amount may belong to one part only. Where one plot follows several, what they have in common goes on, and
what they differ in is chosen. A commitment goes where its party's ground is. Nothing is guessed: what is not obvious
and not chosen is asked for, all at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from landbank.domain.codes import Availability
from landbank.domain.commitment import EXCLUSIVE, KIND_OF_STATE, Commitment
from landbank.domain.handover import (
    Choices,
    ChoicesNeeded,
    Needed,
    Part,
    Predecessor,
    Successor,
    distinct,
    joined,
    likeness,
    oldest,
    summary,
)
from landbank.domain.plot_content import Values
from landbank.errors import Conflict, Invalid

AMOUNTS: Final = {"utilities": "capacity", "uses": "degree"}
"""Fields that are amounts of the whole plot, which parts share rather than have each."""

OF_THE_WHOLE: Final = ("area_declared_m2", "net_area_m2")
"""Areas of the plot itself: they add up over plots that become one, and say nothing of a part."""

CHOSEN: Final = (
    "name", "description", "area_id", "plan_id", "planning_state", "readiness", "ready_on", "available_on", "tenures",
    "owner_kind", "minimum_lot_m2", "is_subdividable", "height_max_m", "height_basis", "dwelling_distance_m",
    "environment_class", "has_rail_siding", "slope_percent", "ground_kind", "flood_class",
    "sales_contact_id", "steward_contact_id", "source_url",
)  # fmt: skip
"""Single values that go on where the plots agree, and are chosen where they differ."""


def carry(
    predecessors: Sequence[Predecessor],
    parts: Sequence[Part],
    choices: Choices,
    *,
    absolute_codes: frozenset[str],
) -> tuple[Successor, ...]:
    """What each part begins with, in the order of the parts.

    `absolute_codes` are the provisions whose degree is square metres rather than a share.

    Raises
    ------
    ChoicesNeeded
        Something is not obvious and not chosen.
    Invalid
        A choice names what is not there, or shares out more than there is.
    Conflict
        Plots that different parties hold would become one.
    """
    refuse_stray(predecessors, choices)
    carrier = Carrier({one.id: one for one in predecessors}, parts, choices, absolute_codes)
    successors = tuple(carrier.successor(place, part) for place, part in enumerate(parts))
    if carrier.needed:
        raise ChoicesNeeded(list(carrier.needed.values()))
    return successors


@dataclass(slots=True)
class Carrier:
    """One handing over."""

    predecessors: Mapping[int, Predecessor]
    parts: Sequence[Part]
    choices: Choices
    absolute_codes: frozenset[str]
    needed: dict[str, Needed] = field(default_factory=dict)

    def successor(self, place: int, part: Part) -> Successor:
        """What one part begins with."""
        sources = [self.predecessors[source] for source in part.sources]
        values = Carried(self, place, part, sources).values()
        hold, interests, standing = self.standing(place, part, sources)
        facts = {noun: tuple(self.facts(noun, part, sources)) for noun in sources[0].content.facts}
        return Successor(part.reference, values | standing, facts, origins(sources, values), hold, interests)

    def need(self, pointer: str, text: str, options: Sequence[Any]) -> None:
        """Note a missing choice, once."""
        self.needed.setdefault(pointer, Needed(pointer, text, tuple(options)))

    def targets(self, predecessor: Predecessor) -> list[str]:
        """The parts that inherit from a plot."""
        return [part.reference for part in self.parts if predecessor.id in part.sources]

    def facts(self, noun: str, part: Part, sources: Sequence[Predecessor]) -> Iterator[Values]:
        """The facts of one kind that a part takes over; what several plots say alike it says once."""
        met: dict[str, list[Values]] = {}
        for source in sources:
            for fact in source.content.facts[noun]:
                going = self.destinations(noun, fact, source)
                if part.reference in going:
                    amount = going[part.reference]
                    own = fact if amount is None else fact | {AMOUNTS[noun]: amount}
                    met.setdefault(likeness(own), []).append(own)
        for alike in met.values():
            yield {name: value for name, value in alike[0].items() if name != "id"} | {
                "source": joined(one["source"] for one in alike),
                "confirmed_on": oldest(one["confirmed_on"] for one in alike),
            }

    def destinations(self, noun: str, fact: Values, source: Predecessor) -> Mapping[str, float | None]:
        """Where a fact goes, with its amount there where that is shared out."""
        targets = self.targets(source)
        chosen = self.choices.facts.get(noun, {}).get(fact["id"])
        if chosen is not None:
            self.check_choice(noun, fact, chosen, targets)
            return chosen
        if self.is_open(noun, fact, source, targets):
            self.need(
                f"/choices/{noun}/{fact['id']}",
                f"which of {', '.join(targets)} the fact {fact['id']} of '{noun}' goes to: {summary(fact)}.",
                targets,
            )
        return dict.fromkeys(targets)

    def is_open(self, noun: str, fact: Values, source: Predecessor, targets: Sequence[str]) -> bool:
        """Whether it is not obvious where a fact goes."""
        if len(targets) > 1 and (
            noun in ("restrictions", "utilities") or self.amount_of(noun, fact) is not None
        ):
            return True
        return noun in ("uses", "utilities", "prices") and any(
            likeness(fact) not in {likeness(one) for one in other.content.facts[noun]}
            for part in self.parts
            if source.id in part.sources
            for other in (self.predecessors[one] for one in part.sources)
        )

    def amount_of(self, noun: str, fact: Values) -> float | None:
        """The amount of the whole plot that a fact states; None for facts that hold for each part as they are."""
        if noun == "uses" and fact["degree_code"] not in self.absolute_codes:
            return None
        return fact.get(AMOUNTS.get(noun, ""))

    def check_choice(
        self, noun: str, fact: Values, chosen: Mapping[str, float | None], targets: Sequence[str]
    ) -> None:
        """Raise `Invalid` for parts that are not there, and for amounts that are missing or too much."""
        pointer = f"/choices/{noun}/{fact['id']}"
        refuse_unknown(chosen, targets, pointer)
        amount = self.amount_of(noun, fact)
        given = [told for told in chosen.values() if told is not None]
        if amount is None:
            if given:
                raise Invalid("This fact states no amount that could be shared out.", where=pointer)
            return
        if len(chosen) > 1 and len(given) < len(chosen):
            raise Invalid(
                f"Say how much of {amount:g} each part gets: {summary(fact)}.",
                hint='As {"A": 3, "B": 2}; their sum is at most the whole.',
                where=pointer,
            )
        if sum(given) > amount * (1 + 1e-9):
            raise Invalid(
                f"The parts would get {sum(given):g} of {amount:g}: {summary(fact)}.", where=pointer
            )

    def standing(
        self, place: int, part: Part, sources: Sequence[Predecessor]
    ) -> tuple[Commitment | None, tuple[Commitment, ...], Values]:
        """Who holds a part, the interests in it, and its state of sale."""
        holds: list[Commitment] = []
        interests: list[Commitment] = []
        states: dict[tuple[Availability | None, date | None], None] = {}
        for source in sources:
            own = [one for one in source.commitments if part.reference in self.going(one, source)]
            holds += [one for one in own if one.is_exclusive]
            interests += [one for one in own if not one.is_exclusive]
            states[self.state_here(source, own)] = None
        refuse_two_holders(holds)
        chosen = self.chosen_state(place, part, list(states))
        if chosen is None:
            return None, (), {}
        state, until = chosen
        kind = None if state is None else KIND_OF_STATE.get(state)
        if holds and (state not in EXCLUSIVE or holds[0].kind is not kind):
            raise Conflict(
                f"'{part.reference}' would be '{state}' while a party holds part of its ground.",
                hint="Bring the plots to the same state first.",
                where=f"/parts/{place}/values/availability",
            )
        values = {"availability": state, "availability_until": until}
        return (holds[0] if holds else None), tuple(interests), values

    def going(self, commitment: Commitment, source: Predecessor) -> Sequence[str]:
        """The parts that a commitment goes on for."""
        targets = self.targets(source)
        pointer = f"/choices/commitments/{commitment.id}"
        chosen = self.choices.commitments.get(commitment.id)
        if chosen is not None:
            refuse_unknown(chosen, targets, pointer)
            if commitment.is_exclusive and not chosen:
                raise Invalid(
                    "Somebody holds the plot; a hold does not end by redrawing.",
                    hint="Release it first, by a change of state with its reason.",
                    where=pointer,
                )
            return chosen
        if len(targets) > 1:
            text = f"which of {', '.join(targets)} the {commitment.kind} {commitment.id} goes on for."
            self.need(pointer, text, targets)
        return targets

    def state_here(
        self, source: Predecessor, own: Sequence[Commitment]
    ) -> tuple[Availability | None, date | None]:
        """A plot's state of sale as it goes on in a part: free where its hold or its interests went to others."""
        state = source.availability
        was_held = any(one.is_exclusive for one in source.commitments)
        if state in EXCLUSIVE and was_held and not any(one.is_exclusive for one in own):
            return Availability.LEDIG, None
        if state is Availability.INTRESSE and source.commitments and not own:
            return Availability.LEDIG, None
        return state, source.content.values["availability_until"]

    def chosen_state(
        self, place: int, part: Part, states: Sequence[tuple[Availability | None, date | None]]
    ) -> tuple[Availability | None, date | None] | None:
        """The one state with its last day, or the one chosen among several; None while the choice is missing."""
        for position, name in enumerate(("availability", "availability_until")):
            options = distinct([state[position] for state in states])
            if len(options) == 1:
                continue
            stated = [] if name not in part.values else [part.values[name]]
            states = [state for state in states if state[position] in stated]
            if not states:
                text = f"the {name} of '{part.reference}', in which its plots differ."
                self.need(f"/parts/{place}/values/{name}", text, options)
                return None
        return states[0]


@dataclass(frozen=True, slots=True)
class Carried:
    """The single values of one part."""

    carrier: Carrier
    place: int
    part: Part
    sources: Sequence[Predecessor]

    def values(self) -> Values:
        """All single values but the state of sale and the ground's own."""
        own = [source.content.values for source in self.sources]
        is_divided = any(len(self.carrier.targets(source)) > 1 for source in self.sources)
        values: Values = {name: self.chosen(name, own, is_divided=is_divided) for name in CHOSEN}
        for name in OF_THE_WHOLE:
            known = [one[name] for one in own if one[name] is not None]
            values[name] = sum(known) if len(known) == len(own) and not is_divided else None
        designations = [name for one in own for name in one["property_designations"] or ()]
        values |= {
            "property_designations": list(dict.fromkeys(designations)) or None,
            "confirmed_on": oldest(one["confirmed_on"] for one in own),
            "source": joined(one["source"] for one in own),
        }
        stated = {name: value for name, value in self.part.values.items() if name in values}
        return (
            values
            | stated
            | {
                "reference": self.part.reference,
                "municipality_code": own[0]["municipality_code"],
                "dataset": own[0]["dataset"] if len({one["dataset"] for one in own}) == 1 else "landbank",
                "is_synthetic": any(one["is_synthetic"] for one in own),
            }
        )

    def chosen(self, name: str, own: Sequence[Values], *, is_divided: bool) -> Any:
        """A value that the plots agree in; where they differ, the one that is stated for the part."""
        if name in self.part.values:
            return self.part.values[name]
        if name == "name" and is_divided:
            return None  # two plots of one name would be taken for one
        options = distinct([one[name] for one in own])
        if len(options) > 1:
            text = f"the {name} of '{self.part.reference}', in which its plots differ."
            self.carrier.need(f"/parts/{self.place}/values/{name}", text, options)
        return options[0]


def refuse_stray(predecessors: Sequence[Predecessor], choices: Choices) -> None:
    """Raise `Invalid` for a choice about what none of the plots has."""
    known = {
        noun: {fact["id"] for one in predecessors for fact in one.content.facts[noun]}
        for noun in choices.facts
    }
    known["commitments"] = {one.id for plot in predecessors for one in plot.commitments}
    for noun, chosen in {**choices.facts, "commitments": choices.commitments}.items():
        stray = sorted(set(chosen) - known[noun])
        if stray:
            raise Invalid(
                f"None of the plots has {stray[0]} among its {noun}.", where=f"/choices/{noun}/{stray[0]}"
            )


def refuse_unknown(chosen: Sequence[str] | Mapping[str, Any], targets: Sequence[str], pointer: str) -> None:
    """Raise `Invalid` for parts that don't inherit from the plot."""
    unknown = [reference for reference in chosen if reference not in targets]
    if unknown:
        raise Invalid(
            f"'{unknown[0]}' is no part that follows this plot.",
            hint=f"{', '.join(targets)} do.",
            where=pointer,
        )


def refuse_two_holders(holds: Sequence[Commitment]) -> None:
    """Raise `Conflict` where different parties, or different kinds of commitment, would hold one plot."""
    for one in holds[1:]:
        same = one.party is not None and holds[0].party is not None and one.party.is_same_as(holds[0].party)
        if not same or one.kind is not holds[0].kind:
            raise Conflict(
                "Plots that are held by different parties, or in different ways, can't become one.",
                hint="Release all but one first.",
                where="/parts",
            )


def origins(sources: Sequence[Predecessor], values: Values) -> dict[str, Values]:
    """The sources of single values that all plots give alike, for values that went on."""
    first = sources[0].content
    return {
        name: source
        for name, source in first.sources.items()
        if values.get(name) == first.values.get(name)
        and all(likeness(one.content.sources.get(name) or {}) == likeness(source) for one in sources)
    }
