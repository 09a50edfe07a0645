"""Plans moved on: order, dates, what they guarantee, and the plots that a change leaves to be looked at."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from landbank.domain.codes import PlanningState
from landbank.domain.people import Actor, Grant, Role
from landbank.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from landbank.services.change_plan import PlanChange, change_plan, find_plan, plan_document
from landbank.services.change_plot import confirm_plot, patch_plot


def change(land: Any, plan_id: int, *, actor: Actor | None = None, **changed: Any) -> Any:
    """A change of a plan as it stands."""
    with land.landbank.changing(actor=actor or land.planner) as store:
        version = changed.pop("version", None)
        found = store.plan_changes.current(plan_id)
        seen = version if version is not None else (found.version if found else 0)
        return change_plan(store, actor or land.planner, plan_id, seen, change=PlanChange(**changed))


def new_plan(land: Any, reference: str, state: str = "samrad") -> int:
    """A plan of Lerum's."""
    with land.landbank.changing(actor="test") as store:
        return int(
            store.connection.execute(
                text(
                    "INSERT INTO landbank.plan (municipality_code, reference, state) VALUES ('1441', :r, :s)"
                    " RETURNING id"
                ),
                {"r": reference, "s": state},
            ).scalar_one()
        )


def reviews(land: Any, plan_id: int) -> list[str]:
    """The references of plots that a plan's change leaves to be looked at."""
    with land.landbank.reading() as store:
        return [one.reference for one in store.plan_changes.reviews(plan_id=plan_id)]


def test_plan_in_force_guarantees_the_right_to_build_until_its_period_ends(land: Any) -> None:
    plan_id = new_plan(land, "F1", "antagen")
    changed = change(
        land, plan_id, state=PlanningState.LAGA_KRAFT, adopted_on=date(2026, 1, 15), legal_force_on=date(2026, 2, 20),
        implementation_years=10,
    )  # fmt: skip
    document = plan_document(changed.plan)

    assert (document["implementation_starts_on"], document["implementation_ends_on"]) == (
        "2026-02-20",
        "2036-02-20",
    )
    assert document["building_right_guaranteed_until"] == "2036-02-20"
    assert document["permits_can_be_given"] is True
    assert document["may_follow"] == ["upphavd"]
    longer = change(land, plan_id, extension_years=5)
    assert longer.plan.course.ends_on == date(2041, 2, 20)


def test_plan_does_not_skip_its_course_and_a_wrong_entry_is_set_right(land: Any) -> None:
    plan_id = new_plan(land, "O1", "paborjad")
    with pytest.raises(Conflict, match="May follow: samrad, avslutad"):
        change(land, plan_id, state=PlanningState.LAGA_KRAFT, legal_force_on=date(2026, 1, 1))

    changed = change(
        land, plan_id, state=PlanningState.LAGA_KRAFT, legal_force_on=date(2026, 1, 1), is_correction=True
    )
    assert changed.plan.course.state is PlanningState.LAGA_KRAFT


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"state": PlanningState.ANTAGEN}, "/adopted_on"),
        ({"implementation_years": 5}, "/legal_force_on"),
        ({"implementation_years": 5, "implementation_ends_on": date(2031, 1, 1)}, "/implementation_years"),
        ({"adopted_on": date(2999, 1, 1)}, "/adopted_on"),
        ({"extension_years": 5}, "/extension_years"),
    ],
)
def test_change_that_can_not_be_is_refused_at_its_place(
    land: Any, changed: dict[str, Any], where: str
) -> None:
    plan_id = new_plan(land, f"I{sorted(changed)}", "granskning")
    with pytest.raises((Invalid, Conflict)) as refusal:
        change(land, plan_id, **changed)
    assert refusal.value.where == where


def test_change_against_an_older_version_or_by_somebody_else_is_refused(land: Any) -> None:
    plan_id = new_plan(land, "V1")
    with pytest.raises(Stale):
        change(land, plan_id, version=1, state=PlanningState.GRANSKNING)
    with pytest.raises(Forbidden):
        change(
            land, plan_id, state=PlanningState.GRANSKNING,
            actor=Actor("user:7", frozenset({Grant(Role.PLANNER, "1480")})),
        )  # fmt: skip
    with pytest.raises(NotFound):
        change(land, 999_999, state=PlanningState.GRANSKNING)


def test_change_offers_the_plans_plots_until_each_is_confirmed(land: Any) -> None:
    plan_id = new_plan(land, "R1")
    first, second = land.add("PR1", plan_id=plan_id), land.add("PR2", plan_id=plan_id)
    assert reviews(land, plan_id) == []

    changed = change(land, plan_id, state=PlanningState.GRANSKNING)
    assert changed.plots == (first.id, second.id)
    assert reviews(land, plan_id) == ["PR1", "PR2"]

    land.change(patch_plot, first.id, 1, {"name": "Nytt namn"})
    assert reviews(land, plan_id) == ["PR1", "PR2"]
    land.change(confirm_plot, first.id, 2)
    assert reviews(land, plan_id) == ["PR2"]
    change(land, plan_id, state=PlanningState.ANTAGEN, adopted_on=date(2026, 11, 1))
    assert reviews(land, plan_id) == ["PR1", "PR2"]
    land.change(confirm_plot, first.id, 3)
    assert reviews(land, plan_id) == ["PR2"]


def test_change_that_changes_nothing_offers_nothing(land: Any) -> None:
    plan_id = new_plan(land, "N1")
    land.add("PN1", plan_id=plan_id)
    with land.landbank.reading() as store:
        version = find_plan(store, plan_id).version
    changed = change(land, plan_id, state=PlanningState.SAMRAD)

    assert (changed.plots, changed.plan.version) == ((), version)
    assert reviews(land, plan_id) == []
