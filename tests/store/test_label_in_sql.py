"""The label in SQL and in the domain are the same rule, over every combination of axes and dates."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from sqlalchemy import text

from landbank.domain.codes import Availability, PlanningState, PublicLabel, Readiness
from landbank.domain.label import label_day, needs_confirmation, public_label
from landbank.wiring import Landbank

DAY = date(2026, 11, 23)
DATES = (None, date(2026, 11, 22), DAY, date(2026, 11, 24))
ALL = list(
    product(
        (None, *Availability), DATES, (False, True), (None, *PlanningState), (None, *Readiness), DATES, DATES
    )
)


def test_label_and_its_day_are_the_same_in_sql_and_in_the_domain(landbank: Landbank) -> None:
    names = (
        "availability",
        "availability_until",
        "is_blocked",
        "planning_state",
        "readiness",
        "ready_on",
        "available_on",
    )
    arrays = dict(zip(names, (list(column) for column in zip(*ALL, strict=True)), strict=True))
    statement = text(
        """SELECT label, landbank.public_label_on(label, u, r, a) AS day FROM (
             SELECT n, u, r, a, landbank.public_label(av, u, b, p, re, r, a, :day) AS label
             FROM unnest(:availability ::text[], :availability_until ::date[], :is_blocked ::bool[],
               :planning_state ::text[], :readiness ::text[], :ready_on ::date[], :available_on ::date[])
               WITH ORDINALITY AS t(av, u, b, p, re, r, a, n)) s
           ORDER BY n"""
    )
    with landbank.reading() as store:
        rows = store.connection.execute(statement, {**arrays, "day": DAY}).all()
    assert len(rows) == len(ALL) == 10 * 4 * 2 * 13 * 5 * 4 * 4
    for one, row in zip(ALL, rows, strict=True):
        facts = dict(zip(names, one, strict=True))
        label = public_label(**facts, day=DAY)
        assert row.label == label, facts
        dates = {name: facts[name] for name in ("availability_until", "ready_on", "available_on")}
        assert row.day == label_day(PublicLabel(row.label), **dates), facts


@pytest.mark.parametrize("state", [None, *Availability])
def test_need_of_confirmation_is_the_same_in_the_view_and_in_the_domain(
    landbank: Landbank, state: Availability | None
) -> None:
    plots = list(product(("yesterday", "today", "tomorrow", None), (None, "laga_kraft"), (None, "byggklar")))
    with landbank.changing(actor="test") as store:
        store.connection.execute(
            text("INSERT INTO landbank.municipality (code, name) VALUES ('1441', 'Lerum')")
        )
        for number, (until, planning, readiness) in enumerate(plots):
            store.connection.execute(
                text(
                    """INSERT INTO landbank.plot (municipality_code, reference, dataset, location, availability,
                         availability_until, planning_state, readiness)
                       VALUES ('1441', :reference, 'test', ST_Point(330050, 6400050, 3006), :state,
                         CAST(:until AS date), :planning, :readiness)"""
                ),
                {
                    "reference": f"P{number}",
                    "state": state,
                    "until": until,
                    "planning": planning,
                    "readiness": readiness,
                },
            )
    with landbank.reading() as store:
        rows = store.connection.execute(
            text(
                """SELECT availability, availability_until, planning_state, readiness, current_date AS day,
                     needs_confirmation FROM landbank.plot_facts"""
            )
        ).mappings()
        for row in rows:
            facts = dict(row)
            shown = facts.pop("needs_confirmation")
            assert shown == needs_confirmation(**facts), facts
