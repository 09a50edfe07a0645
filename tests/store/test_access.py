"""Distances: what is stated counts, else the straight line to the nearest point, always that of now. By hand."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from landbank.wiring import Landbank

POINTS = """INSERT INTO landbank.infrastructure (kind, name, source, location) VALUES
  ('motorway_junction', 'Nära', 'test', ST_Point(330300, 6400400, 3006)),
  ('motorway_junction', 'Långt', 'test', ST_Point(336000, 6408000, 3006)),
  ('port', 'Hamnen', 'test', ST_Point(330000, 6410000, 3006))"""


@pytest.fixture
def placed(landbank: Landbank) -> Landbank:
    """A plot at 330 000, 6 400 000 with two junctions 500 m and 10 km away, and a port 10 km away."""
    change(
        landbank,
        "INSERT INTO landbank.municipality (code, name) VALUES ('1441', 'Lerum')",
        POINTS,
        "INSERT INTO landbank.plot (municipality_code, reference, dataset, location)"
        " VALUES ('1441', 'A', 'test', ST_Point(330000, 6400000, 3006))",
    )
    return landbank


def change(landbank: Landbank, *statements: str) -> None:
    """Run the statements in one change."""
    with landbank.changing(actor="test") as store:
        for statement in statements:
            store.connection.execute(text(statement))


def told(landbank: Landbank) -> tuple[Any, ...]:
    """Distances and methods of the plot."""
    with landbank.reading() as store:
        names = "motorway_m, motorway_method, rail_m, rail_method, port_m, port_method"
        return tuple(store.connection.execute(text(f"SELECT {names} FROM landbank.plot_facts")).one())


def test_nearest_point_in_a_straight_line_where_nothing_is_stated(placed: Landbank) -> None:
    assert told(placed) == (500, "crow_fly", None, None, 10_000, "crow_fly")


def test_stated_distance_counts_with_its_method(placed: Landbank) -> None:
    change(
        placed,
        "INSERT INTO landbank.access (plot_id, kind, distance_m, method)"
        " SELECT id, 'motorway_junction', 1200, 'declared' FROM landbank.plot",
        "INSERT INTO landbank.access (plot_id, kind, minutes, method) SELECT id, 'port', 11, 'network' FROM landbank.plot",
    )
    assert told(placed) == (1200, "declared", None, None, 10_000, "crow_fly")


def test_distance_follows_the_plot_and_the_infrastructure(placed: Landbank) -> None:
    change(placed, "UPDATE landbank.plot SET location = ST_Point(330000, 6400010, 3006)")
    assert told(placed)[4] == 9_990
    change(
        placed,
        "UPDATE landbank.infrastructure SET location = ST_Point(330000, 6405010, 3006) WHERE kind = 'port'",
    )
    assert told(placed)[4] == 5_000


def test_plot_page_names_the_nearest_point_beside_what_is_stated(placed: Landbank) -> None:
    change(
        placed,
        "INSERT INTO landbank.access (plot_id, kind, infrastructure_id, minutes, method, source)"
        " SELECT p.id, 'port', i.id, 11, 'network', 'NVDB' FROM landbank.plot p, landbank.infrastructure i WHERE i.kind = 'port'",
    )
    with placed.reading() as store:
        plot_id = store.connection.execute(text("SELECT id FROM landbank.plot")).scalar_one()
        rows = store.plot_pages.facts("accesses", plot_id)
    assert [(row["kind"], row["name"], row["distance_m"], row["minutes"], row["method"]) for row in rows] == [
        ("motorway_junction", "Nära", 500, None, "crow_fly"),
        ("port", "Hamnen", 10_000, None, "crow_fly"),
        ("port", "Hamnen", None, 11, "network"),
    ]


def test_matching_and_exports_have_the_derived_distance(placed: Landbank) -> None:
    with placed.reading() as store:
        columns = store.catalogue.columns()
        (batch,) = store.exports.batches()
    assert columns.motorway_m.tolist() == [500]
    assert (batch[0]["motorway_m"], batch[0]["motorway_method"]) == (500, "crow_fly")
