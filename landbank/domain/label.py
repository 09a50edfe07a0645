"""The one public label of a plot on a day, derived from its axes; the same rule as landbank.public_label in SQL.

An axis that is unknown never makes a plot look more available than it is known to be.
"""

from __future__ import annotations

from datetime import date
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from landbank.domain.codes import Availability, PlanningState, PublicLabel, Readiness

Days: TypeAlias = NDArray[np.datetime64]
CodeIndex: TypeAlias = NDArray[np.int8]

TAKEN = (Availability.SALD, Availability.AVTALAD)
HELD = (Availability.RESERVERAD, Availability.MARKANVISAD)
BUILDABLE = (Readiness.BYGGKLAR, Readiness.BEBYGGD)
LABELS = tuple(PublicLabel)


def public_label(
    *,
    availability: Availability | None,
    availability_until: date | None,
    is_blocked: bool,
    planning_state: PlanningState | None,
    readiness: Readiness | None,
    ready_on: date | None,
    available_on: date | None,
    day: date,
) -> PublicLabel:
    """The label on `day`: the first rule that holds; None stands for an axis that is unknown."""
    if availability in TAKEN:
        return PublicLabel.SALD
    if availability in HELD and (availability_until is None or availability_until >= day):
        return PublicLabel.RESERVERAD
    if availability is Availability.EJ_TILL_SALU:
        return PublicLabel.EJ_TILL_SALU
    if is_blocked:
        return PublicLabel.BEGRANSAD
    if availability in (None, Availability.KOMMANDE) or planning_state is not PlanningState.LAGA_KRAFT:
        return PublicLabel.KOMMANDE
    is_later = readiness not in BUILDABLE or is_after(ready_on, day) or is_after(available_on, day)
    return PublicLabel.LEDIG_SENARE if is_later else PublicLabel.LEDIG_NU


def is_after(moment: date | None, day: date) -> bool:
    """Whether a known date lies after the day."""
    return moment is not None and moment > day


def label_day(
    label: PublicLabel, *, availability_until: date | None, ready_on: date | None, available_on: date | None
) -> date | None:
    """The day that the label speaks of: a reservation's end, or when the plot comes free; None if unknown."""
    if label is PublicLabel.RESERVERAD:
        return availability_until
    if label is PublicLabel.LEDIG_SENARE:
        return max((moment for moment in (ready_on, available_on) if moment is not None), default=None)
    return available_on if label is PublicLabel.KOMMANDE else None


def needs_confirmation(
    *,
    availability: Availability | None,
    availability_until: date | None,
    planning_state: PlanningState | None,
    readiness: Readiness | None,
    day: date,
) -> bool:
    """Whether the label rests on an unknown axis or on a reservation that has run out."""
    has_run_out = availability in HELD and availability_until is not None and availability_until < day
    return None in (availability, planning_state, readiness) or has_run_out


def public_labels(
    *,
    availability: CodeIndex,
    availability_until: Days,
    is_blocked: NDArray[np.bool_],
    planning_state: CodeIndex,
    readiness: CodeIndex,
    ready_on: Days,
    available_on: Days,
    day: date,
) -> CodeIndex:
    """The labels of many plots as places in `LABELS`, by the rule of `public_label`.

    Codes are places in their lists, -1 where unknown; dates are datetime64[D], NaT where unknown (a comparison
    with NaT is false, which is what the rule wants of an unknown date).
    """
    today = np.datetime64(day, "D")
    held = np.isin(availability, places(Availability, HELD))
    unplanned = planning_state != place(PlanningState, PlanningState.LAGA_KRAFT)
    unbuilt = ~np.isin(readiness, places(Readiness, BUILDABLE))
    rules = (
        (PublicLabel.SALD, np.isin(availability, places(Availability, TAKEN))),
        (PublicLabel.RESERVERAD, held & ~(availability_until < today)),
        (PublicLabel.EJ_TILL_SALU, availability == place(Availability, Availability.EJ_TILL_SALU)),
        (PublicLabel.BEGRANSAD, is_blocked),
        (
            PublicLabel.KOMMANDE,
            unplanned | (availability < 0) | (availability == place(Availability, Availability.KOMMANDE)),
        ),
        (PublicLabel.LEDIG_SENARE, unbuilt | (ready_on > today) | (available_on > today)),
    )
    return np.select(
        [holds for _, holds in rules],
        [np.int8(LABELS.index(label)) for label, _ in rules],
        np.int8(LABELS.index(PublicLabel.LEDIG_NU)),
    ).astype(np.int8)


def place(codes: type[Availability] | type[PlanningState] | type[Readiness], code: str) -> int:
    """Where a code stands in its list."""
    return [str(value) for value in codes].index(code)


def places(
    codes: type[Availability] | type[PlanningState] | type[Readiness], wanted: tuple[str, ...]
) -> list[int]:
    """Where several codes stand in their list."""
    return [place(codes, code) for code in wanted]
