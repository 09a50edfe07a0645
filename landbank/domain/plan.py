"""A plan's course: which state may follow which, and how long its right to build is guaranteed.

Source: plan- och bygglagen (2010:900), 4 kap. 21, 24 and 39 §§; states as in Nationell informationsspecifikation
Detaljplan 4.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from landbank.domain.codes import PlanningState as State
from landbank.domain.days import add_months
from landbank.errors import Conflict, Invalid

SHORTEST_YEARS: Final = 5
LONGEST_YEARS: Final = 15
LONGEST_EXTENSION_YEARS: Final = 5

FOLLOWING: Final[dict[State, tuple[State, ...]]] = {
    State.OPLANERAD: (State.OP, State.PLANBESKED, State.PABORJAD),
    State.OP: (State.PLANBESKED, State.PABORJAD, State.OPLANERAD),
    State.PLANBESKED: (State.PABORJAD, State.OP, State.OPLANERAD),
    State.PABORJAD: (State.SAMRAD, State.AVSLUTAD),
    State.SAMRAD: (State.GRANSKNING, State.ANTAGEN, State.AVSLUTAD),
    State.GRANSKNING: (State.ANTAGEN, State.SAMRAD, State.AVSLUTAD),
    State.ANTAGEN: (State.LAGA_KRAFT, State.OVERKLAGAD, State.TILLSYN),
    State.OVERKLAGAD: (State.LAGA_KRAFT, State.TILLSYN, State.GRANSKNING, State.SAMRAD, State.AVSLUTAD),
    State.TILLSYN: (State.LAGA_KRAFT, State.OVERKLAGAD, State.GRANSKNING, State.SAMRAD, State.AVSLUTAD),
    State.LAGA_KRAFT: (State.UPPHAVD,),
    State.UPPHAVD: (),
    State.AVSLUTAD: (),
}
"""What may follow each state. A plan that a court or the county board stops goes back or is given up."""


@dataclass(frozen=True, slots=True)
class Period:
    """The implementation period, first and last day."""

    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class PlanCourse:
    """How far a plan has come; None for what is not known."""

    state: State | None
    adopted_on: date | None = None
    legal_force_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None

    def guaranteed_until(self, day: date) -> date | None:
        """The last day on which the right to build is guaranteed; None where the plan guarantees nothing that day.

        Until the implementation period ends the plan may not be changed or repealed against an owner's will, with few
        exceptions (4 kap. 39 §). The plan goes on holding afterwards, without the guarantee.
        """
        if self.state is not State.LAGA_KRAFT or self.ends_on is None or self.ends_on < day:
            return None
        return self.ends_on

    def permits_start(self, day: date) -> bool | None:
        """Whether building permits can be given: the plan is in force and its period has begun; None if not known."""
        if self.state is None:
            return None
        if self.state is not State.LAGA_KRAFT:
            return False
        begins = self.starts_on or self.legal_force_on
        return None if begins is None else begins <= day


def refuse_state(before: State | None, after: State, *, is_correction: bool = False) -> None:
    """Raise `Conflict` where the state may not follow; a correction and a state that was not known allow any."""
    if before is None or is_correction or after is before or after in FOLLOWING[before]:
        return
    following = ", ".join(FOLLOWING[before]) or "nothing"
    raise Conflict(
        f"A plan's state '{after}' may not follow '{before}'.",
        hint=f"May follow: {following}. A wrong entry is set right as a correction.",
        where="/state",
    )


def implementation_period(legal_force_on: date, years: int, *, starts_on: date | None = None) -> Period:
    """The period of so many years, from legal force or from the later day that the plan names.

    Raises
    ------
    Invalid
        It is shorter than 5 or longer than 15 years, or begins before legal force (4 kap. 21 §).
    """
    if not SHORTEST_YEARS <= years <= LONGEST_YEARS:
        raise Invalid(
            f"An implementation period of {years} years can't be: it is {SHORTEST_YEARS} to {LONGEST_YEARS} years.",
            hint="Plan- och bygglagen 4 kap. 21 §.",
            where="/implementation_years",
        )
    begins = starts_on or legal_force_on
    if begins < legal_force_on:
        raise Invalid(
            f"The implementation period can't begin on {begins}, before legal force on {legal_force_on}.",
            where="/implementation_starts_on",
        )
    return Period(begins, add_months(begins, 12 * years))


def extended(period: Period, years: int) -> Period:
    """The period made longer by so many years, 1 to 5 at a time (4 kap. 24 §).

    Raises
    ------
    Invalid
        The extension is shorter or longer.
    """
    if not 1 <= years <= LONGEST_EXTENSION_YEARS:
        raise Invalid(
            f"A period is extended by 1 to {LONGEST_EXTENSION_YEARS} years at a time, not {years}.",
            hint="Plan- och bygglagen 4 kap. 24 §.",
            where="/extension_years",
        )
    return Period(period.starts_on, add_months(period.ends_on, 12 * years))


def check_course(course: PlanCourse) -> None:
    """Raise `Invalid` where the dates contradict each other or the state."""
    if course.state is State.LAGA_KRAFT and course.legal_force_on is None:
        raise Invalid("A plan in force has a day of legal force.", where="/legal_force_on")
    if course.state is State.ANTAGEN and course.adopted_on is None:
        raise Invalid("An adopted plan has a day of adoption.", where="/adopted_on")
    days = (
        ("adopted_on", course.adopted_on),
        ("legal_force_on", course.legal_force_on),
        ("implementation_starts_on", course.starts_on),
        ("implementation_ends_on", course.ends_on),
    )
    known = [(name, day) for name, day in days if day is not None]
    for (earlier, first), (later, second) in pairwise(known):
        if second < first:
            raise Invalid(f"`{later}` {second} lies before `{earlier}` {first}.", where=f"/{later}")
