"""Criteria of ground, surroundings, rent and freshness over a real inventory: SQL written apart agrees plot by plot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from landbank.domain.need import Must, Need, Weight, Wish
from landbank.domain.place import Place
from landbank.services.load_demo import load_demo
from landbank.services.match_need import HeldColumns, match_need
from landbank.settings import Settings
from landbank.wiring import Landbank, open_landbank

pytestmark = pytest.mark.postgis

SQL = """
WITH facts AS (
  SELECT p.id, CASE p.environment_class WHEN 'U' THEN 0 WHEN 'C' THEN 1 WHEN 'B' THEN 2 WHEN 'A' THEN 3 END AS class,
    p.flood_class, p.has_rail_siding, p.slope_percent, p.ground_kind, p.owner_kind,
    current_date - p.confirmed_on AS age,
    (SELECT min(minutes) FROM landbank.access a WHERE a.plot_id = p.id AND kind = 'motorway_junction'
       AND superseded_at IS NULL AND method = 'network') AS minutes,
    (SELECT min(price_sek_per_m2) FROM landbank.price x WHERE x.plot_id = p.id AND superseded_at IS NULL
       AND is_yearly AND basis = 'tomtarea') AS rent,
    (SELECT ST_Distance(p.location, i.location) / 1000 FROM landbank.infrastructure i WHERE i.name = :name LIMIT 1) AS km,
    (SELECT bool_or(is_at_boundary) FROM landbank.utility u WHERE u.plot_id = p.id AND superseded_at IS NULL
       AND kind = 'fjarrkyla') AS cooling
  FROM landbank.plot p WHERE p.valid_to IS NULL),
judged AS (
  SELECT id,
    ARRAY[class >= 1, flood_class NOT IN ('hundraarsflode'), minutes <= 25, km <= 40, owner_kind <> 'stat'] AS verdicts,
    CASE ground_kind WHEN 'berg' THEN 1 WHEN 'moran' THEN 1 WHEN 'sand' THEN 0.9 WHEN 'silt' THEN 0.4
      WHEN 'fyllning' THEN 0.4 WHEN 'lera' THEN 0.3 WHEN 'torv' THEN 0 END AS ground,
    CASE WHEN slope_percent IS NOT NULL THEN least(greatest((15 - slope_percent) / 12, 0), 1) END AS slope,
    CASE WHEN rent IS NOT NULL THEN least(greatest((60 - rent) / 50, 0), 1) END AS rent,
    CASE WHEN age IS NOT NULL THEN least(greatest((730 - age) / 640.0, 0), 1) END AS age,
    cooling::int AS cooling, has_rail_siding::int AS siding
  FROM facts)
SELECT id, CASE WHEN false = ANY (verdicts) THEN 'C' WHEN array_position(verdicts, NULL) IS NOT NULL THEN 'B' ELSE 'A' END AS tier,
  100.0 / 14 * (4 * coalesce(ground, 0) + 2 * coalesce(slope, 0) + 4 * coalesce(rent, 0) + 2 * coalesce(age, 0)
    + coalesce(cooling, 0) + coalesce(siding, 0)) AS low,
  100.0 / 14 * (4 * coalesce(ground, 1) + 2 * coalesce(slope, 1) + 4 * coalesce(rent, 1) + 2 * coalesce(age, 1)
    + coalesce(cooling, 1) + coalesce(siding, 1)) AS high
FROM judged ORDER BY id
"""


@pytest.fixture(scope="module")
def filled(databases: Callable[[], str]) -> Iterator[Landbank]:
    """The synthetic inventory of 400 plots."""
    landbank = open_landbank(Settings(), databases())
    with landbank.changing(actor="test") as store:
        load_demo(store, on=date(2026, 11, 23), plots=400, seed=7)
    yield landbank
    landbank.close()


def place_name(landbank: Landbank) -> str:
    """A port's name."""
    with landbank.reading() as store:
        found = store.connection.execute(
            text("SELECT name FROM landbank.infrastructure WHERE kind = 'port' ORDER BY name LIMIT 1")
        )
        return str(found.scalar_one())


def test_sql_written_apart_gives_every_plot_the_same_tier_and_bounds(filled: Landbank) -> None:
    name = place_name(filled)
    need = Need(
        musts=(
            Must("environment_class", "any_of", ("C",)),
            Must("flood_class", "none_of", ("hundraarsflode",)),
            Must("motorway_min", "<=", 25),
            Must("place_km", "<=", 40),
            Must("owner_kind", "none_of", ("stat",)),
        ),
        wishes=(
            Wish("ground_kind", weight=Weight.IMPORTANT),
            Wish("slope_percent", ((3, 1), (15, 0)), Weight.USEFUL),
            Wish("lease_sek_per_m2_year", ((10, 1), (60, 0)), Weight.IMPORTANT),
            Wish("confirmed_days", ((90, 1), (730, 0)), Weight.USEFUL),
            Wish("cooling", weight=Weight.NICE),
            Wish("siding", weight=Weight.NICE),
        ),
        place=Place(name),
        limit=1_000,
    )
    with filled.reading() as store:
        found = match_need(need, store.catalogue, HeldColumns()).answer
        rows = store.connection.execute(text(SQL), {"name": name}).all()

    compared = {one.plot_id: one for one in found.matches}
    assert len(compared) == len(rows) == 400
    for row in rows:
        one = compared[row.id]
        assert str(one.tier) == row.tier, row.id
        bounds: Any = (float(row.low), float(row.high))
        assert (one.score_low, one.score_high) == pytest.approx(bounds, abs=1e-6), row.id
    assert {row.tier for row in rows} == {"A", "B", "C"}


def test_largest_part_is_the_largest_polygon_and_the_whole_area_where_there_is_one(filled: Landbank) -> None:
    with filled.changing(actor="test") as store:
        store.connection.execute(
            text(
                "UPDATE landbank.plot SET area_m2 = 5000, geometry = ST_Multi(ST_Union("
                " ST_Translate(ST_MakeEnvelope(0, 0, 100, 10, 3006), ST_X(location), ST_Y(location)),"
                " ST_Translate(ST_MakeEnvelope(0, 20, 100, 60, 3006), ST_X(location), ST_Y(location)))) WHERE id = 1"
            )
        )
    with filled.reading() as store:
        columns = store.catalogue.columns()
    assert columns.largest_part_m2[0] == pytest.approx(4_000)
    assert columns.largest_part_m2[1:].tolist() == columns.area_m2[1:].tolist()


def test_stated_minutes_stand_before_those_of_the_network(filled: Landbank) -> None:
    with filled.changing(actor="test") as store:
        store.connection.execute(
            text(
                "INSERT INTO landbank.access (plot_id, kind, minutes, method) VALUES"
                " (2, 'port', 3, 'network'), (2, 'port', 44, 'declared'), (2, 'port', 1, 'crow_fly')"
            )
        )
    with filled.reading() as store:
        told = store.connection.execute(
            text("SELECT port_min, port_min_method FROM landbank.plot_facts WHERE plot_id = 2")
        ).one()
        assert tuple(told) == (44, "declared")
        assert store.catalogue.columns().port_min[1] == 44
