"""The catalogue of columns: what the database holds arrives as it is, at one revision."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from sqlalchemy import text

from landbank.domain.columns import CLAIMS, CODE_LISTS, TENURES, use_mask
from landbank.store.binary_copy import read_rows
from landbank.store.catalogue import LAYOUT
from landbank.wiring import Landbank

LOCATION = "ST_Point(330050, 6400050, 3006)"
PLOT = f"""
INSERT INTO landbank.plot (id, municipality_code, reference, name, dataset, location, area_m2, net_area_m2,
  planning_state, readiness, ready_on, availability, available_on, availability_until, tenures, height_max_m,
  height_basis, dwelling_distance_m, valid_from, valid_to)
OVERRIDING SYSTEM VALUE VALUES
  (20, '1441', 'A2', 'Västra', 'test', {LOCATION}, 12345.5, 10000, 'laga_kraft', 'byggklar', '2026-01-02', 'reserverad',
   '2026-03-04', '2027-05-06', ARRAY['tomtratt', 'forsaljning'], 15, 'ground', 120, '2019-01-01',
   NULL),
  (10, '1480', 'A1', NULL, 'test', {LOCATION}, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 65, 'zero_plane', NULL,
   '2019-01-01', NULL),
  (30, '1480', 'A3', NULL, 'test', {LOCATION}, 500, NULL, NULL, NULL, NULL, 'sald', NULL, NULL, '{{}}', 9, NULL, NULL,
   '2019-01-01', NULL),
  (40, '1480', 'A4', NULL, 'test', {LOCATION}, 900, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
   '2019-01-01', '2020-01-01')
"""
FACTS = (
    """INSERT INTO landbank.plot_use (plot_id, code, is_excluded, degree, degree_code) VALUES
         (20, 'J', false, 60, 'DP_KM_Eg_Utnytt_StorstaAreaProc_BruttoEgen'), (20, 'Z1', false, NULL, NULL),
         (20, 'B', true, NULL, NULL), (30, 'övrigt', false, NULL, NULL)""",
    """INSERT INTO landbank.utility (plot_id, kind, is_at_boundary, capacity, capacity_unit, available_on, is_firm)
       VALUES (20, 'el', true, 500, 'kW', NULL, true), (20, 'el', true, 10, 'MW', '2029-01-01', false),
         (30, 'el', true, NULL, NULL, NULL, NULL), (40, 'el', true, 99, 'MW', NULL, true),
         (20, 'vatten', true, NULL, NULL, NULL, NULL), (20, 'gas', false, NULL, NULL, NULL, NULL)""",
    """INSERT INTO landbank.access (plot_id, kind, distance_m, method) VALUES
         (20, 'motorway_junction', 2500, 'crow_fly'), (20, 'motorway_junction', 1500, 'crow_fly')""",
    """INSERT INTO landbank.price (plot_id, tenure, price_sek_per_m2, price_max_sek_per_m2, basis) VALUES
         (20, 'forsaljning', 300, 450, 'tomtarea'), (30, 'forsaljning', 2000, NULL, 'bruttoarea')""",
    """INSERT INTO landbank.restriction (plot_id, kind, is_blocking, resolved_on) VALUES
         (30, 'fororening', true, NULL), (20, 'fororening', true, '2020-01-01')""",
)


@pytest.fixture
def filled(landbank: Landbank) -> Landbank:
    """Three current plots and one that has ended; the first with nearly everything, the second with nothing."""
    with landbank.changing(actor="test") as store:
        run = store.connection.execute
        run(
            text(
                "INSERT INTO landbank.municipality (code, name) VALUES ('1441', 'Lerum'), ('1480', 'Göteborg')"
            )
        )
        run(text(PLOT))
        for statement in FACTS:
            run(text(statement))
    return landbank


def test_known_values_arrive_as_they_are(filled: Landbank) -> None:
    with filled.reading() as store:
        columns = store.catalogue.columns()
    place = columns.place_of(20)
    assert place == 1
    assert columns.plot_id.tolist() == [10, 20, 30]
    values = {name: getattr(columns, name)[place] for name in columns.__slots__ if name in set(LAYOUT)}
    expected: dict[str, Any] = {
        "municipality": 1441,
        "ready_on": np.datetime64("2026-01-02"),
        "available_on": np.datetime64("2026-03-04"),
        "availability_until": np.datetime64("2027-05-06"),
        "is_blocked": False,
        "use": use_mask(["J", "Z"]),
        "excluded_use": use_mask(["B"]),
        "tenure": (1 << TENURES.index("forsaljning")) | (1 << TENURES.index("tomtratt")),
        "area_m2": 12345.5,
        "net_area_m2": 10000.0,
        "price_sek_per_m2": 300.0,
        "price_max_sek_per_m2": 450.0,
        "motorway_m": 1500.0,
        "height_max_m": 15.0,
        "dwelling_distance_m": 120.0,
        "has_water": 1,
        "has_gas": -1,
        "has_fibre": 0,
    }
    assert {name: values[name] for name in expected} == expected
    assert columns.floor_area_low_m2[place] == columns.floor_area_high_m2[place] == pytest.approx(7407.3)


def test_nothing_known_arrives_as_unknown(filled: Landbank) -> None:
    with filled.reading() as store:
        columns = store.catalogue.columns()
    place = columns.place_of(10)
    assert np.isnan(
        [columns.area_m2[place], columns.price_sek_per_m2[place], columns.motorway_m[place]]
    ).all()
    assert np.isnat([columns.ready_on[place], columns.available_on[place]]).all()
    assert [columns.planning_state[place], columns.readiness[place], columns.availability[place]] == [
        -1,
        -1,
        -1,
    ]
    assert not columns.use_known[place]
    assert not columns.tenure_known[place]
    assert [getattr(columns, name)[place] for name in CLAIMS] == [0] * len(CLAIMS)


def test_what_is_recorded_of_ground_networks_way_and_rent_arrives(filled: Landbank) -> None:
    with filled.changing(actor="test") as store:
        for statement in (
            (
                "UPDATE landbank.plot SET environment_class = 'B', has_rail_siding = false, slope_percent = 4.5,"
                " ground_kind = 'lera', flood_class = 'lagpunkt', owner_kind = 'kommun', confirmed_on = '2026-05-06'"
                " WHERE id = 20"
            ),
            (
                "INSERT INTO landbank.utility (plot_id, kind, is_at_boundary) VALUES (20, 'fjarrkyla', true),"
                " (20, 'vatgas', false)"
            ),
            "INSERT INTO landbank.access (plot_id, kind, minutes, method) VALUES (20, 'port', 25.5, 'network')",
            (
                "INSERT INTO landbank.price (plot_id, tenure, price_sek_per_m2, basis, is_yearly) VALUES"
                " (20, 'tomtratt', 18, 'tomtarea', true), (20, 'anlaggningsarrende', 7, 'bruttoarea', true),"
                " (30, 'tomtratt', 9, 'bruttoarea', true)"
            ),
            (
                "INSERT INTO landbank.infrastructure (kind, name, source, location)"
                " VALUES ('port', 'Kajen', 'test', ST_Point(1, 2, 3006))"
            ),
        ):
            store.connection.execute(text(statement))
    with filled.reading() as store:
        columns = store.catalogue.columns()
    for name, code in (
        ("environment_class", "B"),
        ("ground_kind", "lera"),
        ("flood_class", "lagpunkt"),
        ("owner_kind", "kommun"),
        ("price_basis", "tomtarea"),
    ):
        assert getattr(columns, name).tolist()[:2] == [-1, CODE_LISTS[name].index(code)], name
    claims = [columns.has_rail_siding, columns.has_district_cooling, columns.has_hydrogen]
    assert [one.tolist() for one in claims] == [[0, -1, 0], [0, 1, 0], [0, -1, 0]]
    amounts = [columns.slope_percent, columns.port_min, columns.lease_sek_per_m2_year]
    assert [one[1] for one in amounts] == [4.5, 25.5, 18]
    assert np.isnan([one[[0, 2]] for one in amounts]).all()
    assert columns.confirmed_on[1] == np.datetime64("2026-05-06")
    assert (columns.easting_m[1], columns.northing_m[1]) == (330_050, 6_400_050)
    assert dict(columns.points) == {"Kajen": (1.0, 2.0)}


def test_height_above_the_zero_plane_is_no_height_above_ground(filled: Landbank) -> None:
    with filled.reading() as store:
        columns = store.catalogue.columns()
    assert np.isnan(columns.height_max_m[[0, 2]]).all()


def test_price_per_floor_area_is_no_price_per_plot_area(filled: Landbank) -> None:
    with filled.reading() as store:
        columns = store.catalogue.columns()
    assert np.isnan(columns.price_sek_per_m2[2])


def test_use_code_outside_the_alphabet_is_known_but_none_that_can_be_asked_for(filled: Landbank) -> None:
    with filled.reading() as store:
        columns = store.catalogue.columns()
    assert columns.use_known[2]
    assert int(columns.use[2]) == 1 << 63


def test_power_steps_are_those_of_current_plots_in_mw(filled: Landbank) -> None:
    with filled.reading() as store:
        steps = store.catalogue.columns().power
    assert steps.plot.tolist() == [1, 1, 2]
    assert steps.mw.tolist()[:2] == [0.5, 10]
    assert np.isnan(steps.mw[2])
    assert steps.firm.tolist() == [1, -1, 0]
    assert steps.from_day[1] == np.datetime64("2029-01-01")


def test_view_shows_the_level_that_holds_today_not_a_higher_one_that_it_replaced(landbank: Landbank) -> None:
    with landbank.changing(actor="test") as store:
        run = store.connection.execute
        run(
            text(
                "INSERT INTO landbank.municipality (code, name) VALUES ('1441', 'Lerum'), ('1480', 'Göteborg')"
            )
        )
        run(text(PLOT))
        run(
            text(
                """INSERT INTO landbank.utility (plot_id, kind, capacity, capacity_unit, available_on, is_firm) VALUES
                     (20, 'el', 8, 'MW', '2020-01-01', true), (20, 'el', 3, 'MW', '2021-01-01', true),
                     (20, 'el', 20, 'MW', '2099-01-01', true)"""
            )
        )
    with landbank.reading() as store:
        shown = store.connection.execute(text("SELECT power_mw FROM landbank.plot_facts WHERE plot_id = 20"))
        assert shown.scalar_one() == 3


def test_empty_inventory_has_empty_columns(landbank: Landbank) -> None:
    with landbank.reading() as store:
        columns = store.catalogue.columns()
    assert (len(columns), len(columns.power.plot), columns.revision) == (0, 0, 0)


def test_columns_belong_to_the_revision_and_day_of_their_transaction(filled: Landbank) -> None:
    with filled.reading() as store:
        stamp = store.catalogue.stamp()
        with filled.changing(actor="test") as other:
            other.connection.execute(text("UPDATE landbank.plot SET area_m2 = 1 WHERE id = 20"))
        columns = store.catalogue.columns()
        today = store.connection.execute(text("SELECT current_date")).scalar_one()
    assert (columns.revision, columns.day) == (stamp.revision, stamp.day)
    assert columns.day == today
    assert isinstance(columns.day, date)
    assert columns.area_m2[1] == 12345.5


def test_whole_inventory_is_read_whatever_the_usual_limit_and_the_limit_holds_again_after(
    filled: Landbank,
) -> None:
    with filled.reading() as store:
        store.connection.execute(text("SELECT set_config('statement_timeout', '7s', true)"))
        store.catalogue.columns()
        assert store.connection.execute(text("SHOW statement_timeout")).scalar_one() == "7s"


def test_columns_can_not_be_written(filled: Landbank) -> None:
    with filled.reading() as store:
        columns = store.catalogue.columns()
    with pytest.raises(ValueError, match="read-only"):
        columns.area_m2[0] = 1


def test_plots_are_named_and_an_ended_one_is_left_out(filled: Landbank) -> None:
    with filled.reading() as store:
        named = store.catalogue.named([20, 40, 99])
    assert list(named) == [20]
    assert (named[20].reference, named[20].name, named[20].municipality) == ("A2", "Västra", "Lerum")


def test_stream_of_another_width_is_refused() -> None:
    header = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
    with pytest.raises(ValueError, match="whole number of rows"):
        read_rows(header + b"\x00\x01\x00\x00\x00\x02\x00\x07" + b"\xff\xff", {"a": "i8"})
    with pytest.raises(ValueError, match="fields"):
        read_rows(header + b"\x00\x02\x00\x00\x00\x02\x00\x07" + b"\xff\xff", {"a": "i2"})
