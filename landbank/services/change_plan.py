"""Change how far a plan has come and its dates; what it guarantees is computed, its plots are offered for review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, Protocol

from landbank.domain.codes import PlanningState
from landbank.domain.people import Actor, Permission, demand
from landbank.domain.plan import (
    FOLLOWING,
    Period,
    PlanCourse,
    check_course,
    extended,
    implementation_period,
    refuse_state,
)
from landbank.domain.plot_content import Values
from landbank.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from landbank.services.plot_document import day_text

GREATEST_ID: Final = 2**63 - 1
COLUMNS: Final = {
    "state": "state",
    "adopted_on": "adopted_on",
    "legal_force_on": "legal_force_on",
    "starts_on": "implementation_starts_on",
    "ends_on": "implementation_ends_on",
}
"""The plan's columns by the names that they have in its course."""


class StoredPlan(Protocol):
    """A plan as the store has it."""

    @property
    def id(self) -> int: ...
    @property
    def municipality_code(self) -> str: ...
    @property
    def reference(self) -> str: ...
    @property
    def name(self) -> str | None: ...
    @property
    def kind(self) -> str: ...
    @property
    def course(self) -> PlanCourse: ...
    @property
    def document_url(self) -> str | None: ...
    @property
    def source(self) -> str | None: ...
    @property
    def version(self) -> int: ...
    @property
    def today(self) -> date: ...


class Plans(Protocol):
    """Statements on plans; see landbank/store/plan_changes.py."""

    def current(self, plan_id: int) -> StoredPlan | None: ...
    def update(self, plan_id: int, values: Values) -> bool: ...
    def plots_of(self, plan_id: int) -> Sequence[int]: ...


class PlanStore(Protocol):
    """What this service needs of a transaction's store."""

    @property
    def plan_changes(self) -> Plans: ...


@dataclass(frozen=True, slots=True)
class PlanChange:
    """What is to change of a plan; what is None stays.

    `implementation_years` computes the last day from legal force, or from the later first day; `extension_years` adds
    to the period that stands. `is_correction` allows any state, with a reason told to the transaction.
    """

    state: PlanningState | None = None
    adopted_on: date | None = None
    legal_force_on: date | None = None
    implementation_starts_on: date | None = None
    implementation_ends_on: date | None = None
    implementation_years: int | None = None
    extension_years: int | None = None
    is_correction: bool = False


@dataclass(frozen=True, slots=True)
class ChangedPlan:
    """A plan after a change, and its current plots, which somebody should look at."""

    plan: StoredPlan
    plots: tuple[int, ...]


def find_plan(store: PlanStore, plan_id: int) -> StoredPlan:
    """The plan with this id, or `NotFound`."""
    found = store.plan_changes.current(plan_id) if 0 < plan_id <= GREATEST_ID else None
    if found is None:
        raise NotFound(f"There is no plan {plan_id}.", where=str(plan_id))
    return found


def change_plan(
    store: PlanStore, actor: Actor, plan_id: int, version: int, *, change: PlanChange
) -> ChangedPlan:
    """Change a plan's state and dates.

    Raises
    ------
    Conflict
        The state may not follow the one that stands.
    Invalid
        A date or a period can't be.
    Stale, NotFound, NotSignedIn, Forbidden
        The plan has another version, there is none, or the actor may not change plots of its municipality.
    """
    plan = find_plan(store, plan_id)
    demand(actor, Permission.CHANGE_PLOT, plan.municipality_code)
    if plan.version != version:
        raise Stale(
            f"Plan {plan_id} has version {plan.version}; the change was made against version {version}.",
            hint=f"GET /api/plans/{plan_id} shows what stands.",
            where="If-Match",
        )
    course = changed_course(plan.course, change, plan.today)
    values = {
        column: getattr(course, name)
        for name, column in COLUMNS.items()
        if getattr(course, name) != getattr(plan.course, name)
    }
    if values and not store.plan_changes.update(plan_id, values):
        raise Forbidden("The database did not let this plan be changed.")
    plots = store.plan_changes.plots_of(plan_id) if values else ()
    return ChangedPlan(find_plan(store, plan_id), tuple(plots))


def changed_course(course: PlanCourse, change: PlanChange, day: date) -> PlanCourse:
    """The course after a change, checked."""
    if change.state is not None:
        refuse_state(course.state, change.state, is_correction=change.is_correction)
    made = replace(
        course,
        state=change.state or course.state,
        adopted_on=change.adopted_on or course.adopted_on,
        legal_force_on=change.legal_force_on or course.legal_force_on,
        starts_on=change.implementation_starts_on or course.starts_on,
        ends_on=change.implementation_ends_on or course.ends_on,
    )
    made = with_period(made, change)
    check_course(made)
    for name, moment in (("adopted_on", change.adopted_on), ("legal_force_on", change.legal_force_on)):
        if moment is not None and moment > day:
            raise Invalid(f"`{name}` {moment} lies in the future; today is {day}.", where=f"/{name}")
    return made


def with_period(course: PlanCourse, change: PlanChange) -> PlanCourse:
    """The course with the implementation period that the change computes."""
    if change.implementation_years is not None and change.implementation_ends_on is not None:
        raise Invalid(
            "The last day and the number of years are both given.",
            hint="Give one.",
            where="/implementation_years",
        )
    if change.implementation_years is not None:
        if course.legal_force_on is None:
            raise Invalid(
                "A period is counted from legal force, whose day is not known.", where="/legal_force_on"
            )
        period = implementation_period(
            course.legal_force_on, change.implementation_years, starts_on=change.implementation_starts_on
        )
        course = replace(course, starts_on=period.starts_on, ends_on=period.ends_on)
    if change.extension_years is not None:
        if course.ends_on is None:
            raise Conflict("There is no implementation period to extend.", where="/extension_years")
        begins = course.starts_on or course.legal_force_on or course.ends_on
        longer = extended(Period(begins, course.ends_on), change.extension_years)
        course = replace(course, ends_on=longer.ends_on)
    return course


def plan_document(plan: StoredPlan) -> dict[str, Any]:
    """The plan as JSON values, with what is computed: how long building is guaranteed, and what may follow."""
    course = plan.course
    return {
        "id": plan.id,
        "version": plan.version,
        "municipality_code": plan.municipality_code,
        "reference": plan.reference,
        "name": plan.name,
        "kind": plan.kind,
        "state": course.state,
        "may_follow": list(FOLLOWING[course.state])
        if course.state
        else [str(state) for state in PlanningState],
        "adopted_on": day_text(course.adopted_on),
        "legal_force_on": day_text(course.legal_force_on),
        "implementation_starts_on": day_text(course.starts_on),
        "implementation_ends_on": day_text(course.ends_on),
        "building_right_guaranteed_until": day_text(course.guaranteed_until(plan.today)),
        "permits_can_be_given": course.permits_start(plan.today),
        "document_url": plan.document_url,
        "source": plan.source,
    }
