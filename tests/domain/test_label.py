"""The public label: the first rule that holds, and an unknown axis never makes a plot look more available."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Any

import numpy as np
import pytest

from landbank.domain.codes import Availability, PlanningState, PublicLabel, Readiness
from landbank.domain.label import LABELS, label_day, needs_confirmation, public_label, public_labels

DAY = date(2026, 11, 23)
FREE_NOW: dict[str, Any] = {
    "availability": Availability.LEDIG,
    "availability_until": None,
    "is_blocked": False,
    "planning_state": PlanningState.LAGA_KRAFT,
    "readiness": Readiness.BYGGKLAR,
    "ready_on": None,
    "available_on": None,
    "day": DAY,
}


@pytest.mark.parametrize(
    ("changed", "label"),
    [
        ({}, "ledig_nu"),
        ({"availability": Availability.INTRESSE}, "ledig_nu"),
        ({"availability": Availability.ATERGANGEN}, "ledig_nu"),
        ({"readiness": Readiness.BEBYGGD}, "ledig_nu"),
        ({"ready_on": DAY, "available_on": DAY}, "ledig_nu"),
        ({"ready_on": date(2026, 11, 24)}, "ledig_senare"),
        ({"available_on": date(2026, 11, 24)}, "ledig_senare"),
        ({"readiness": Readiness.RAMARK}, "ledig_senare"),
        ({"readiness": Readiness.UNDER_UTBYGGNAD, "ready_on": date(2026, 1, 1)}, "ledig_senare"),
        ({"readiness": None}, "ledig_senare"),
        ({"availability": Availability.KOMMANDE}, "kommande"),
        ({"availability": None}, "kommande"),
        ({"planning_state": PlanningState.ANTAGEN}, "kommande"),
        ({"planning_state": None}, "kommande"),
        ({"is_blocked": True}, "begransad"),
        ({"is_blocked": True, "availability": Availability.KOMMANDE}, "begransad"),
        ({"availability": Availability.EJ_TILL_SALU, "is_blocked": True}, "ej_till_salu"),
        ({"availability": Availability.RESERVERAD, "is_blocked": True}, "reserverad"),
        ({"availability": Availability.MARKANVISAD, "availability_until": DAY}, "reserverad"),
        ({"availability": Availability.RESERVERAD, "availability_until": date(2026, 11, 22)}, "ledig_nu"),
        ({"availability": Availability.SALD, "is_blocked": True}, "sald"),
        ({"availability": Availability.AVTALAD, "availability_until": date(2020, 1, 1)}, "sald"),
    ],
)
def test_first_rule_that_holds_gives_the_label(changed: dict[str, Any], label: str) -> None:
    assert public_label(**(FREE_NOW | changed)) == label


@pytest.mark.parametrize(
    ("label", "day"),
    [
        (PublicLabel.RESERVERAD, date(2027, 1, 1)),
        (PublicLabel.LEDIG_SENARE, date(2027, 3, 1)),
        (PublicLabel.KOMMANDE, date(2027, 2, 1)),
        (PublicLabel.LEDIG_NU, None),
        (PublicLabel.SALD, None),
    ],
)
def test_label_speaks_of_its_own_day(label: PublicLabel, day: date | None) -> None:
    dates = {
        "availability_until": date(2027, 1, 1),
        "ready_on": date(2027, 3, 1),
        "available_on": date(2027, 2, 1),
    }
    assert label_day(label, **dates) == day


def test_label_day_is_unknown_without_dates() -> None:
    assert (
        label_day(PublicLabel.LEDIG_SENARE, availability_until=None, ready_on=None, available_on=None) is None
    )


@pytest.mark.parametrize(
    ("changed", "needs"),
    [
        ({}, False),
        ({"availability": None}, True),
        ({"planning_state": None}, True),
        ({"readiness": None}, True),
        ({"availability": Availability.RESERVERAD, "availability_until": DAY}, False),
        ({"availability": Availability.RESERVERAD, "availability_until": date(2026, 11, 22)}, True),
        ({"availability": Availability.LEDIG, "availability_until": date(2026, 11, 22)}, False),
    ],
)
def test_unknown_axis_and_expired_reservation_need_confirmation(changed: dict[str, Any], needs: bool) -> None:
    axes = {
        name: FREE_NOW[name]
        for name in ("availability", "availability_until", "planning_state", "readiness", "day")
    }
    assert needs_confirmation(**(axes | changed)) is needs


def test_labels_of_many_plots_are_those_of_each() -> None:
    dates = (None, date(2026, 11, 22), DAY, date(2026, 11, 24))
    combinations = list(
        product(
            (None, *Availability),
            dates,
            (False, True),
            (None, *PlanningState),
            (None, *Readiness),
            dates,
            dates,
        )
    )
    availability, until, blocked, planning, readiness, ready, available = zip(*combinations, strict=True)
    found = public_labels(
        availability=places(Availability, availability),
        availability_until=np.array(until, dtype="datetime64[D]"),
        is_blocked=np.array(blocked),
        planning_state=places(PlanningState, planning),
        readiness=places(Readiness, readiness),
        ready_on=np.array(ready, dtype="datetime64[D]"),
        available_on=np.array(available, dtype="datetime64[D]"),
        day=DAY,
    )
    names = tuple(FREE_NOW)[:-1]
    expected = [public_label(**dict(zip(names, one, strict=True)), day=DAY) for one in combinations]
    assert [LABELS[place] for place in found] == expected


def places(codes: Any, values: Any) -> Any:
    """Codes as places in their list, -1 for None."""
    listed = list(codes)
    return np.array([-1 if value is None else listed.index(value) for value in values], dtype=np.int8)
