"""The checks over a real inventory: what they find, how findings live and end, and that no change escapes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from landbank.services.check_plots import check_all, check_changes
from landbank.settings import Settings
from landbank.wiring import Landbank, open_landbank

GROUND = """
INSERT INTO landbank.municipality (code, name, geometry) VALUES
  ('1480', 'Göteborg', ST_Multi(ST_MakeEnvelope(300000, 6390000, 330000, 6420000, 3006))),
  ('1441', 'Lerum', NULL);
INSERT INTO landbank.contact (municipality_code, kind, title, email) VALUES
  ('1480', 'sales', 'Näringslivsenheten', 'mark@example.org');
INSERT INTO landbank.plan (municipality_code, reference, state, geometry) VALUES
  ('1480', 'P1', 'laga_kraft', ST_Multi(ST_MakeEnvelope(310000, 6400000, 312000, 6402000, 3006)));
"""
PLOT = """
INSERT INTO landbank.plot (municipality_code, plan_id, reference, dataset, readiness, availability, sales_contact_id,
  area_m2, area_method, geometry, location)
SELECT '1480', (SELECT id FROM landbank.plan), :reference, 'test', 'byggklar', 'ledig',
  (SELECT id FROM landbank.contact), ST_Area(g), 'computed', ST_Multi(g), ST_PointOnSurface(g)
FROM ST_GeomFromText(:wkt, 3006) AS g RETURNING id
"""


def box(x: float, y: float, width: float = 100.0, height: float = 100.0) -> str:
    """A rectangle as WKT, counted in metres from a place in the plan."""
    west, south = 310_000 + x, 6_400_000 + y
    east, north = west + width, south + height
    return f"POLYGON(({west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south}))"


class Inventory:
    """A small inventory that a test writes to in plain SQL, as any client could, and checks."""

    def __init__(self, landbank: Landbank) -> None:
        self.landbank = landbank

    def run(self, statement: str, **bound: Any) -> list[Any]:
        """Run a statement that changes the inventory; its rows come back."""
        with self.landbank.changing(actor="test") as store:
            result = store.connection.execute(text(statement), bound)
            return result.fetchall() if result.returns_rows else []

    def plot(self, reference: str, wkt: str) -> int:
        """A new plot, sound but for its outline; its id comes back."""
        plot_id: int = self.run(PLOT, reference=reference, wkt=wkt)[0][0]
        self.run("INSERT INTO landbank.plot_use (plot_id, code) VALUES (:id, 'J')", id=plot_id)
        return plot_id

    def follow(self) -> tuple[int, int]:
        """Check what changed; how many findings were opened and resolved."""
        done = check_changes(self.landbank.upkeep)
        return done.opened, done.resolved

    def found(self) -> list[tuple[int, str, str]]:
        """Plot, kind and subject of the open findings, in that order."""
        with self.landbank.reading() as store:
            listed, total = store.findings.listed()
        assert total == len(listed)
        return sorted((one.plot_id, str(one.kind), one.subject) for one in listed)


@pytest.fixture(scope="module")
def opened(databases: Callable[[], str]) -> Iterator[Landbank]:
    """A landbank of this module's own."""
    landbank = open_landbank(Settings(), databases())
    with landbank.changing(actor="test") as store:
        for statement in GROUND.split(";\n"):
            if statement.strip():
                store.connection.execute(text(statement))
    yield landbank
    landbank.close()


@pytest.fixture
def inventory(opened: Landbank) -> Inventory:
    """The inventory with what earlier tests left ended, and the checks up to date."""
    held = Inventory(opened)
    held.run(
        "UPDATE landbank.plot SET valid_to = current_date, valid_from = current_date WHERE valid_to IS NULL"
    )
    held.follow()
    assert held.found() == []
    return held


def test_sound_neighbours_have_no_finding(inventory: Inventory) -> None:
    inventory.plot("A", box(0, 0))
    inventory.plot("B", box(100, 0))  # shares a whole side
    inventory.plot("C", box(101, 100))  # a street of a metre is no sliver

    assert inventory.follow() == (0, 0)
    assert inventory.found() == []


def test_overlap_is_found_on_both_plots_and_ends_on_both_when_one_moves(inventory: Inventory) -> None:
    a = inventory.plot("A", box(0, 0))
    b = inventory.plot("B", box(90, 0))

    assert inventory.follow() == (2, 0)
    assert inventory.found() == [(a, "overlap", str(b)), (b, "overlap", str(a))]
    with inventory.landbank.reading() as store:
        first = store.findings.listed(plot_id=a)[0][0]
    assert first.details == {"other_plot_id": b, "shared_m2": 1000.0}

    inventory.run("UPDATE landbank.plot SET geometry = ST_Multi(ST_GeomFromText(:wkt, 3006)) WHERE id = :id",
                  wkt=box(95, 0), id=b)  # fmt: skip
    assert inventory.follow() == (0, 0)
    with inventory.landbank.reading() as store:
        again = store.findings.listed(plot_id=a)[0][0]
    assert (again.finding_id, again.since) == (first.finding_id, first.since)
    assert again.details["shared_m2"] == 500.0

    inventory.run(
        "UPDATE landbank.plot SET valid_to = current_date, valid_from = current_date WHERE id = :id", id=b
    )
    assert inventory.follow() == (0, 2)
    assert inventory.found() == []


def test_narrow_gap_and_narrow_overlap_are_slivers(inventory: Inventory) -> None:
    a = inventory.plot("A", box(0, 0))
    b = inventory.plot("B", box(100.3, 0))
    c = inventory.plot("C", box(0, 99.8))

    inventory.follow()

    assert [one for one in inventory.found() if one[0] == a] == [(a, "sliver", str(b)), (a, "sliver", str(c))]


def test_thin_part_of_an_outline_is_a_sliver(inventory: Inventory) -> None:
    parts = f"MULTIPOLYGON({box(0, 0)[7:]}, {box(200, 0, 0.4, 30)[7:]})"
    a = inventory.plot("A", parts)

    inventory.follow()

    assert inventory.found() == [(a, "sliver", "")]


def test_plot_outside_its_plan_and_its_municipality(inventory: Inventory) -> None:
    a = inventory.plot("A", box(1_950, 0))  # half outside the plan, which ends at 2 000
    b = inventory.plot("B", box(-10_050, 0))  # in no plan's ground, half over the border at -10 000

    inventory.follow()

    assert inventory.found() == [
        (a, "outside_plan", ""),
        (b, "outside_municipality", ""),
        (b, "outside_plan", ""),
    ]
    with inventory.landbank.reading() as store:
        details = {one.kind: one.details for one in store.findings.listed(plot_id=b)[0]}
    assert details["outside_municipality"] == {"beyond_m": 50, "accuracy_m": 0}
    assert details["outside_plan"] == {"outside_m2": 10_000, "share": 1.0}


def test_change_of_a_plan_or_a_contact_reaches_its_plots(inventory: Inventory) -> None:
    a = inventory.plot("A", box(0, 0))
    inventory.follow()

    inventory.run("UPDATE landbank.plan SET implementation_ends_on = date '2020-01-01'")
    inventory.run("UPDATE landbank.contact SET email = NULL")

    assert inventory.follow() == (2, 0)
    assert inventory.found() == [(a, "contact_gone", ""), (a, "implementation_ended", "")]
    inventory.run("UPDATE landbank.plan SET implementation_ends_on = NULL")
    inventory.run("UPDATE landbank.contact SET email = 'mark@example.org'")
    assert inventory.follow() == (0, 2)


def test_change_typed_into_another_client_is_followed(inventory: Inventory, opened: Landbank) -> None:
    a = inventory.plot("A", box(0, 0))
    inventory.follow()
    address = opened.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)

    with psycopg.connect(address) as client:
        client.execute("SET LOCAL landbank.actor = 'somebody at a prompt'")
        client.execute("UPDATE landbank.plot SET readiness = NULL WHERE id = %s", (a,))

    assert inventory.follow() == (1, 0)
    assert inventory.found() == [(a, "key_fact_missing", "readiness")]


def test_day_that_passes_is_found_by_the_nightly_run_without_any_change(inventory: Inventory) -> None:
    a = inventory.plot("A", box(0, 0))
    inventory.run("UPDATE landbank.plot SET availability = 'reserverad', availability_until = current_date WHERE id = :id",
                  id=a)  # fmt: skip
    inventory.follow()
    assert inventory.found() == []

    with inventory.landbank.reading() as store:
        today = store.standing.inventory().today

    done = check_all(inventory.landbank.upkeep, day=today + timedelta(days=1))

    assert (done.opened, done.resolved) == (1, 0)
    assert inventory.found() == [(a, "commitment_expired", "")]


def test_checks_write_no_event_and_advance_no_revision(inventory: Inventory) -> None:
    inventory.plot("A", box(0, 0))
    inventory.plot("B", box(50, 0))
    with inventory.landbank.reading() as store:
        before = store.standing.inventory().revision

    inventory.follow()

    with inventory.landbank.reading() as store:
        assert store.standing.inventory().revision == before
    assert len(inventory.found()) == 2


def test_whole_run_and_following_find_the_same(inventory: Inventory) -> None:
    inventory.plot("A", box(0, 0))
    inventory.plot("B", box(50, 0))
    inventory.plot("C", box(1_990, 0))
    inventory.follow()
    followed = inventory.found()
    with inventory.landbank.changing(actor="test", is_bulk=True) as store:  # the application may not delete
        store.connection.execute(text("DELETE FROM landbank.check_finding"))

    done = check_all(inventory.landbank.upkeep)

    assert done.plots == 3
    assert inventory.found() == followed
    assert followed != []
