"""Confirming unchanged: what is previewed is what happens, one event a plot, nothing but days changes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from landbank.codelists.fields import load_fields
from landbank.domain.codes import AttributeClass
from landbank.domain.people import Actor, Grant, Role
from landbank.errors import Conflict, Forbidden, Invalid, NotFound, NotSignedIn, Stale, Unconditional
from landbank.services.confirm_plots import Confirmation, confirm_plots, preview_confirmation
from landbank.wiring import Landbank

DAY = date(2026, 11, 24)
STEWARD = Actor("user:1", frozenset({Grant(Role.STEWARD, "1480")}))
GROUND = """
INSERT INTO landbank.municipality (code, name) VALUES ('1480', 'Göteborg'), ('1441', 'Lerum');
INSERT INTO landbank.plan (municipality_code, reference, state) VALUES ('1480', 'P1', 'laga_kraft');
INSERT INTO landbank.plot (municipality_code, plan_id, reference, dataset, readiness, availability, owner_kind,
  area_m2, confirmed_on, location)
VALUES ('1480', 1, 'A', 'test', 'byggklar', 'ledig', NULL, 10000, '2025-01-01', ST_Point(310000, 6400000, 3006)),
  ('1480', NULL, 'B', 'test', 'ramark', 'ledig', 'kommun', 10000, NULL, ST_Point(311000, 6400000, 3006)),
  ('1441', NULL, 'C', 'test', NULL, 'ledig', NULL, 10000, NULL, ST_Point(335000, 6400000, 3006));
INSERT INTO landbank.utility (plot_id, kind, capacity, capacity_unit, operator, confirmed_on) VALUES
  (1, 'el', 2, 'MW', 'Nätbolaget', '2025-02-01');
INSERT INTO landbank.utility (plot_id, kind, is_at_boundary) VALUES (1, 'vatten', true);
INSERT INTO landbank.price (plot_id, tenure, price_sek_per_m2, basis, confirmed_on) VALUES
  (1, 'forsaljning', 400, 'tomtarea', '2025-03-01');
INSERT INTO landbank.value_source (plot_id, field, source, method, confirmed_on) VALUES
  (1, 'readiness', 'Entreprenören', 'platsbesök', '2025-04-01');
"""


@pytest.fixture
def inventory(landbank: Landbank) -> Landbank:
    """Three plots: A with facts, B never confirmed, C in another municipality."""
    with landbank.changing(actor="test") as store:
        for statement in GROUND.split(";\n"):
            if statement.strip():
                store.connection.execute(text(statement))
    return landbank


def preview(inventory: Landbank, ids: list[int], classes: Any = None, actor: Actor = STEWARD) -> Confirmation:
    """What would be confirmed."""
    with inventory.reading() as store:
        return preview_confirmation(
            store.confirmations, ids, actor=actor, fields=load_fields(), classes=classes, day=DAY
        )


def confirm(inventory: Landbank, ids: list[int], classes: Any = None, **seen: Any) -> Confirmation:
    """Confirm, having seen the preview unless told otherwise."""
    digest = {} if seen else {"digest": preview(inventory, ids, classes).digest}
    with inventory.changing(actor=STEWARD, reason="confirmed unchanged") as store:
        return confirm_plots(
            store.confirmations,
            ids,
            actor=STEWARD,
            fields=load_fields(),
            classes=classes,
            day=DAY,
            **digest,
            **seen,
        )


def query(inventory: Landbank, statement: str) -> list[tuple[Any, ...]]:
    """A statement's rows."""
    with inventory.reading() as store:
        return [tuple(row) for row in store.connection.execute(text(statement))]


def events(inventory: Landbank) -> list[tuple[Any, ...]]:
    """Plot, actor, reason and changed fields of the confirmations."""
    rows = query(inventory, """SELECT noun_id, actor, reason, changes FROM landbank.event
                               WHERE reason = 'confirmed unchanged' ORDER BY revision""")  # fmt: skip
    return [(*row[:3], sorted(row[3])) for row in rows]


def test_preview_names_each_known_value_with_its_age_and_changes_nothing(inventory: Landbank) -> None:
    told = preview(inventory, [1])

    assert [(one.field, one.kind, str(one.attribute_class), one.confirmed_on, one.is_stale)
            for one in told.plots[0].values] == [
        ("planning_state", None, "planning", date(2025, 1, 1), True),
        ("readiness", None, "ground", date(2025, 4, 1), True),
        ("availability", None, "sale", date(2025, 1, 1), True),
        ("price", "forsaljning", "terms", date(2025, 3, 1), True),
        ("utility", "el", "power", date(2025, 2, 1), True),
        ("utility", "vatten", "networks", date(2025, 1, 1), True),
    ]  # fmt: skip
    assert events(inventory) == []


def test_whole_plot_is_confirmed_with_everything_that_has_a_day_of_its_own(inventory: Landbank) -> None:
    confirm(inventory, [1])

    assert query(inventory, "SELECT confirmed_on FROM landbank.plot WHERE id = 1") == [(DAY,)]
    assert query(inventory, """SELECT kind, capacity, capacity_unit, operator, is_at_boundary, confirmed_on
        FROM landbank.utility WHERE superseded_at IS NULL ORDER BY kind""") == [
        ("el", 2.0, "MW", "Nätbolaget", None, DAY),
        ("vatten", None, None, None, True, None),  # follows its plot
    ]  # fmt: skip
    assert query(inventory, """SELECT field, source, method, confirmed_on FROM landbank.value_source
        WHERE superseded_at IS NULL""") == [("readiness", "Entreprenören", "platsbesök", DAY)]  # fmt: skip
    assert events(inventory) == [
        ("1", "user:1", "confirmed unchanged", ["confirmed_on", "price", "utility", "value_source"])
    ]
    with inventory.reading() as store:
        assert not store.key_facts.columns([1]).stale(load_fields().max_ages, DAY).any()


def test_one_class_is_confirmed_without_the_others(inventory: Landbank) -> None:
    confirm(inventory, [1], {AttributeClass.SALE, AttributeClass.POWER})

    told = {
        one.field: one.is_stale for one in preview(inventory, [1]).plots[0].values if one.field != "utility"
    }
    assert told == {"planning_state": True, "readiness": True, "availability": False, "price": True}
    assert query(inventory, "SELECT confirmed_on FROM landbank.plot WHERE id = 1") == [(date(2025, 1, 1),)]
    assert query(inventory, """SELECT kind, confirmed_on FROM landbank.utility
        WHERE superseded_at IS NULL ORDER BY kind""") == [("el", DAY), ("vatten", None)]  # fmt: skip
    assert events(inventory) == [("1", "user:1", "confirmed unchanged", ["utility", "value_source"])]


def test_unknown_values_are_not_confirmed(inventory: Landbank) -> None:
    confirm(inventory, [2], {AttributeClass.LAND, AttributeClass.GROUND})

    assert query(inventory, """SELECT field, confirmed_on FROM landbank.value_source
        WHERE plot_id = 2 ORDER BY field""") == [("owner_kind", DAY), ("readiness", DAY)]  # fmt: skip


def test_many_plots_have_one_event_each_and_a_second_time_none(inventory: Landbank) -> None:
    confirm(inventory, [1, 2])
    confirm(inventory, [1, 2])

    assert [(one[0], one[1]) for one in events(inventory)] == [("1", "user:1"), ("2", "user:1")]


def test_what_changed_since_the_preview_is_not_confirmed(inventory: Landbank) -> None:
    digest = preview(inventory, [1, 2]).digest
    with inventory.changing(actor="test") as store:
        store.connection.execute(text("UPDATE landbank.plot SET readiness = 'byggklar' WHERE id = 2"))

    with pytest.raises(Conflict, match="since the preview"):
        confirm(inventory, [1, 2], digest=digest)
    with pytest.raises(Stale, match="plot 2 changed meanwhile"):
        confirm(inventory, [1, 2], versions={1: 1, 2: 1})
    with pytest.raises(Unconditional):
        confirm(inventory, [1], versions=None)
    assert events(inventory) == []


def test_versions_of_what_was_seen_are_enough(inventory: Landbank) -> None:
    [plot] = preview(inventory, [1]).plots

    confirm(inventory, [1], versions={1: plot.row_version})

    assert len(events(inventory)) == 1


def test_foreign_municipality_is_refused(inventory: Landbank) -> None:
    with pytest.raises(Forbidden, match="1441"):
        preview(inventory, [1, 3])
    with pytest.raises(NotSignedIn):
        preview(inventory, [1], actor=Actor("anonymous"))


@pytest.mark.parametrize(
    ("ids", "family"), [([], Invalid), (list(range(1, 1002)), Invalid), ([1, 99], NotFound)]
)
def test_what_cannot_be_looked_at_is_refused(
    inventory: Landbank, ids: list[int], family: type[Exception]
) -> None:
    with pytest.raises(family):
        preview(inventory, ids)
