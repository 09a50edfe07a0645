"""The editable need that a read text makes: what is demanded as musts, what is wished for with open curves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from landbank.domain.criteria import CRITERIA
from landbank.domain.criterion import Kind, Op
from landbank.domain.enquiry.slots import AREA_OPEN, Enquiry, Sense, Slot, Strength
from landbank.domain.need import Must, Need, Weight, Wish
from landbank.domain.templates import TEMPLATES

OPS: Final = {
    Sense.AT_LEAST: Op.AT_LEAST,
    Sense.AT_MOST: Op.AT_MOST,
    Sense.BETWEEN: Op.BETWEEN,
    Sense.ANY_OF: Op.ANY_OF,
    Sense.NONE_OF: Op.NONE_OF,
    Sense.IS: Op.IS,
}
SMALLER_IS_BETTER: Final = frozenset(
    {
        "price_sek_per_m2",
        *(f"{to}_{unit}" for to in ("motorway", "rail", "port", "airport") for unit in ("m", "min")),
    }
)


@dataclass(frozen=True, slots=True)
class Draft:
    """The need, and the slots that found no place in it, each with the reason as a word.

    `unsearchable`: landbank has no criterion for it; `open`: a question comes first; `twice`: another slot has the
    criterion already.
    """

    need: Need
    left_out: tuple[tuple[Slot, str], ...]


def draft_need(enquiry: Enquiry, *, areas_are: str | None = None) -> Draft:
    """The need of an enquiry. `areas_are` answers the question of open areas: 'area_m2' or 'floor_area_m2'.

    The kind of business gives its template's name and uses as a wish; the template's musts are offered, not taken.
    """
    musts: list[Must] = []
    wishes: dict[str, Wish] = {}
    left_out: list[tuple[Slot, str]] = []
    for slot in (answered(slot, areas_are) for slot in enquiry.slots):
        reason = reason_against(slot, wishes)
        if reason:
            left_out.append((slot, reason))
        elif slot.name == "business":
            wishes["use"] = use_wish(str(slot.value))
        elif slot.strength is Strength.MUST and slot.sense in OPS and slot.name != "ready_by":
            musts.append(Must(slot.name, OPS[slot.sense], slot.value))  # type: ignore[arg-type]
        elif slot.name == "ready_by" and slot.strength is Strength.MUST:
            musts.append(Must("ready_by", Op.AT_MOST, 0.0))
        else:
            wishes[slot.name] = wish_of(slot)
    need = Need(
        musts=tuple(musts),
        wishes=tuple(wishes.values()),
        date=needed_on(enquiry),
        template=next((str(slot.value) for slot in enquiry.slots if slot.name == "business"), None),
    )
    return Draft(need, tuple(left_out))


def answered(slot: Slot, areas_are: str | None) -> Slot:
    """The slot, an open area under the name that answers the question."""
    return replace(slot, name=areas_are) if slot.name == AREA_OPEN and areas_are else slot


def reason_against(slot: Slot, wishes: dict[str, Wish]) -> str | None:
    """Why a slot can't go into the need, or None."""
    if slot.name == AREA_OPEN:
        return "open"
    if slot.name not in CRITERIA and slot.name != "business":
        return "unsearchable"
    name = "use" if slot.name == "business" else slot.name
    return "twice" if name in wishes and slot.strength is Strength.WISH else None


def needed_on(enquiry: Enquiry) -> date | None:
    """The earliest day by which the text wants the plot."""
    days = [slot.value for slot in enquiry.slots if slot.name == "ready_by" and isinstance(slot.value, date)]
    return min(days, default=None)


def use_wish(template: str) -> Wish:
    """A wish for the uses that the kind of business is usually allowed under."""
    must = next(must for must in TEMPLATES[template].musts if must.criterion == "use")
    codes = must.threshold if isinstance(must.threshold, tuple) else ()
    return Wish("use", tuple((str(code), 1.0) for code in codes), Weight.IMPORTANT)


def wish_of(slot: Slot) -> Wish:
    """The wish of a slot: full worth at what was said, none far from it."""
    criterion = CRITERIA[slot.name]
    value = slot.value
    if criterion.kind in (Kind.CODE, Kind.CODES):
        codes = value if isinstance(value, tuple) else (value,)
        if slot.sense is Sense.NONE_OF:
            return Wish(
                slot.name,
                tuple((code, 1.0) for code in criterion.codes if code not in codes),
                Weight.IMPORTANT,
            )
        return Wish(slot.name, tuple((str(code), 1.0) for code in codes), Weight.IMPORTANT)
    if criterion.kind is not Kind.AMOUNT or slot.sense is Sense.NEAR:
        return Wish(slot.name, weight=Weight.IMPORTANT)
    return Wish(slot.name, curve(slot), Weight.IMPORTANT)


def curve(slot: Slot) -> tuple[tuple[float, float], ...]:
    """A value function around the amount that was said."""
    if isinstance(slot.value, tuple):
        low, high = float(slot.value[0]), float(slot.value[1])
        return rising((low / 2, 0.0), (low, 1.0), (high, 1.0), (high * 2, 0.3))
    amount = float(slot.value)  # type: ignore[arg-type]
    if slot.sense is Sense.AT_MOST or (slot.sense is Sense.ABOUT and slot.name in SMALLER_IS_BETTER):
        return rising((amount, 1.0), (amount * 2, 0.0))
    if slot.sense is Sense.AT_LEAST:
        return rising((amount / 2, 0.0), (amount, 1.0))
    return rising((amount / 2, 0.0), (amount * 0.9, 1.0), (amount * 1.5, 1.0), (amount * 4, 0.2))


def rising(*points: tuple[float, float]) -> tuple[tuple[float, float], ...]:
    """The points with amounts that rise: of two that coincide the first stays."""
    kept: list[tuple[float, float]] = []
    for point in points:
        if not kept or point[0] > kept[-1][0] + 1e-6:
            kept.append(point)
    return tuple(kept) if len(kept) > 1 else (kept[0], (kept[0][0] + 1.0, kept[0][1]))
