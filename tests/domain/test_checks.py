"""Each rule of the standing checks at its threshold, by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from landbank.domain.checks import DueRestriction, Pair, PlotToCheck, check_pair, check_plot
from landbank.domain.codes import Availability, CheckKind, PlanningState, Readiness

DAY = date(2026, 11, 24)
SOUND = PlotToCheck(
    plot_id=1,
    has_outline=True,
    has_use=True,
    can_be_reached=True,
    planning_state=PlanningState.LAGA_KRAFT,
    readiness=Readiness.BYGGKLAR,
    availability=Availability.LEDIG,
    area_m2=10_000.0,
    area_declared_m2=10_000.0,
    net_area_m2=9_000.0,
    outside_plan_m2=0.0,
    beyond_border_m=0.0,
)
PAST, AHEAD = date(2026, 11, 23), date(2026, 11, 24)


def kinds(**changes: Any) -> list[str]:
    """The kinds of findings of the sound plot with some changes, with the subjects of those that have one."""
    found = check_plot(replace(SOUND, **changes), DAY)
    return [f"{one.kind} {one.subject}".strip() for one in found]


def test_sound_plot_has_no_finding() -> None:
    assert kinds() == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"area_declared_m2": 10_200.0}, []),
        ({"area_declared_m2": 10_201.0}, ["area_differs"]),
        ({"area_declared_m2": 9_700.0}, ["area_differs"]),
        ({"area_declared_m2": None, "net_area_m2": None}, []),
        ({"net_area_m2": 10_001.0}, []),
        ({"net_area_m2": 10_002.0}, ["net_above_area"]),
        ({"outside_plan_m2": 100.0}, []),
        ({"outside_plan_m2": 101.0}, ["outside_plan"]),
        ({"area_m2": 500.0, "area_declared_m2": None, "net_area_m2": None, "outside_plan_m2": 9.0}, []),
        ({"outside_plan_m2": None, "beyond_border_m": None}, []),
        ({"beyond_border_m": 1.0}, []),
        ({"beyond_border_m": 1.5}, ["outside_municipality"]),
        ({"beyond_border_m": 900.0, "border_accuracy_m": 1000.0}, []),
        ({"beyond_border_m": 1100.0, "border_accuracy_m": 1000.0}, ["outside_municipality"]),
        ({"thin_parts_m2": (3.0,)}, ["sliver"]),
        ({"can_be_reached": False}, ["contact_gone"]),
        ({"can_be_reached": False, "availability": Availability.SALD}, []),
        ({"implementation_ends_on": AHEAD}, []),
        ({"implementation_ends_on": PAST}, ["implementation_ended"]),
        ({"implementation_ends_on": PAST, "availability": Availability.AVTALAD}, []),
        ({"availability": Availability.RESERVERAD, "availability_until": AHEAD}, []),
        ({"availability": Availability.RESERVERAD, "availability_until": PAST}, ["commitment_expired"]),
        ({"availability": Availability.LEDIG, "availability_until": PAST}, []),
        ({"availability": None}, ["key_fact_missing availability"]),
        ({"readiness": None, "has_use": False}, ["key_fact_missing use", "key_fact_missing readiness"]),
        ({"planning_state": None, "availability": Availability.EJ_TILL_SALU}, []),
        ({"has_outline": False, "availability": Availability.SALD}, ["key_fact_missing outline"]),
    ],
)
def test_rule_holds_at_its_threshold(changes: dict[str, Any], expected: list[str]) -> None:
    assert kinds(**changes) == expected


def test_restrictions_past_due_are_told_apart_by_kind_and_day() -> None:
    due = (DueRestriction("buller", PAST), DueRestriction("arkeologi", PAST), DueRestriction("arkeologi", AHEAD),
           DueRestriction("risk", None), DueRestriction("buller", PAST))  # fmt: skip

    assert kinds(restrictions=due) == [
        "restriction_past_due arkeologi 2026-11-23",
        "restriction_past_due buller 2026-11-23",
    ]


def pair(shared_m2: float = 0.0, width_m: float = 0.0, gap_m2: float = 0.0) -> list[tuple[int, str, str]]:
    """Plot, kind and subject of what is wrong between the plots 7 and 3."""
    return [
        (one.plot_id, one.kind, one.subject) for one in check_pair(Pair(7, 3, shared_m2, width_m, gap_m2))
    ]


def test_two_plots_each_learn_of_the_other() -> None:
    assert pair(1.1, 0.5) == [(3, CheckKind.OVERLAP, "7"), (7, CheckKind.OVERLAP, "3")]
    assert pair(1.1, 0.49) == [(3, CheckKind.SLIVER, "7"), (7, CheckKind.SLIVER, "3")]
    assert pair(gap_m2=1.1) == [(3, CheckKind.SLIVER, "7"), (7, CheckKind.SLIVER, "3")]
    assert pair(1.0, 5.0, 1.0) == []
