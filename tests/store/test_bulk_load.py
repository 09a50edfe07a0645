"""What a bulk load may bring along stays true: places on tiles, municipalities, indexes, and rows behind policies."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from landbank.domain.people import Actor, Grant, Role
from landbank.exchange.binary_rows import binary_rows
from landbank.store.staging_indexes import PLAIN_INDEXES, LateIndexes
from landbank.wiring import Landbank

SQUARE = "MULTIPOLYGON(((330000 6400000,330100 6400000,330100 6400100,330000 6400100,330000 6400000)))"


@pytest.fixture
def lerum(landbank: Landbank) -> Landbank:
    """An inventory with one municipality."""
    with landbank.changing(actor="test") as store:
        store.connection.execute(
            text("INSERT INTO landbank.municipality (code, name) VALUES ('1441', 'Lerum')")
        )
    return landbank


def run(landbank: Landbank, statement: str, **parameters: Any) -> Any:
    """Run a statement as the actor 'test'; its rows, if it has any."""
    with landbank.changing(actor="test") as store:
        result = store.connection.execute(text(statement), parameters)
        return result.all() if result.returns_rows else None


def add_plot(landbank: Landbank, **columns: str) -> None:
    """A square plot in Lerum, with further columns as SQL."""
    names, values = ("".join(f", {part}" for part in parts) for parts in (columns, columns.values()))
    run(
        landbank,
        f"INSERT INTO landbank.plot (municipality_code, reference, dataset, geometry, location{names}) VALUES"
        f" ('1441', 'A', 'test', ST_GeomFromText(:wkt, 3006), ST_Point(330050, 6400050, 3006){values})",
        wkt=SQUARE,
    )


def test_plot_that_comes_without_its_place_on_tiles_gets_it(lerum: Landbank) -> None:
    add_plot(lerum)
    [row] = run(
        lerum,
        "SELECT ST_SRID(geometry_tile) AS srid, ST_Distance(ST_Transform(geometry_tile, 3006), geometry) AS off,"
        " ST_X(location_tile) AS x, morton = landbank.morton24(location_tile) AS agrees FROM landbank.plot",
    )
    assert (row.srid, round(row.off, 6), row.agrees) == (3857, 0, True)
    assert row.x == pytest.approx(1_352_230.781, abs=0.001)  # told by pyproj, another program on another PROJ


def test_plot_that_moves_moves_on_tiles(lerum: Landbank) -> None:
    add_plot(lerum)
    run(
        lerum,
        "UPDATE landbank.plot SET geometry = ST_Translate(geometry, 500, 0), location = ST_Translate(location, 500, 0)",
    )
    with lerum.reading() as store:
        assert store.standing.off_tiles() == (0, 1)


def test_wrong_place_on_tiles_is_found_and_mended_by_a_touch(lerum: Landbank) -> None:
    wrong = "ST_Point(0, 0, 3857)"
    add_plot(lerum, geometry_tile=wrong, location_tile=wrong, morton="1")
    with lerum.reading() as store:
        assert store.standing.off_tiles() == (1, 1)

    run(lerum, "UPDATE landbank.plot SET row_version = row_version + 1")

    with lerum.reading() as store:
        assert store.standing.off_tiles() == (0, 1)


def test_plot_in_an_unknown_municipality_is_refused(lerum: Landbank) -> None:
    with pytest.raises(IntegrityError, match="9999"):
        run(lerum, "INSERT INTO landbank.plot (municipality_code, reference, dataset, location)"
            " VALUES ('9999', 'A', 'test', ST_Point(330050, 6400050, 3006))")  # fmt: skip
    add_plot(lerum)
    with pytest.raises(IntegrityError, match="9999"):
        run(lerum, "UPDATE landbank.plot SET municipality_code = '9999'")
    with pytest.raises(DBAPIError, match="never changes"):
        run(lerum, "UPDATE landbank.municipality SET code = '1442'")


def test_indexes_built_late_are_those_that_stood(lerum: Landbank) -> None:
    before = run(lerum, PLAIN_INDEXES)
    with lerum.changing(actor="test", is_bulk=True) as store:
        late = LateIndexes(store.connection)
        late.drop()
        dropped = store.connection.execute(text(PLAIN_INDEXES)).all()
        late.build()
    assert before
    assert dropped == []
    assert run(lerum, PLAIN_INDEXES) == before


def test_indexes_stay_while_somebody_else_is_connected(lerum: Landbank) -> None:
    before = run(lerum, PLAIN_INDEXES)
    with lerum.engine.connect() as other, lerum.changing(actor="test", is_bulk=True) as store:
        other.execute(text("SELECT 1"))
        LateIndexes(store.connection).drop()
        after = store.connection.execute(text(PLAIN_INDEXES)).all()
    assert [index.definition for index in after] == [index.definition for index in before]


def test_indexes_stay_for_who_does_not_own_them(lerum: Landbank) -> None:
    before = run(lerum, PLAIN_INDEXES)
    with lerum.changing(actor="test") as store:
        LateIndexes(store.connection).drop()
        assert store.connection.execute(text(PLAIN_INDEXES)).all() == before


def test_person_never_acts_as_the_owner(lerum: Landbank) -> None:
    operator = Actor("user:1", frozenset({Grant(Role.OPERATOR)}))
    with (
        pytest.raises(ValueError, match="never as the tables' owner"),
        lerum.changing(actor=operator, is_bulk=True),
    ):
        pytest.fail("the change was begun")


def test_lists_and_moments_arrive_by_binary_copy(lerum: Landbank) -> None:
    moment = pa.array([1_000_000, None, 0], pa.timestamp("us", "UTC"))
    columns = {
        "texts": pa.array([["Berg 1:2", "Ås; 3"], None, ["x"]]),
        "number": pa.array([2**40, None, -1], pa.int64()),
        "moment": moment,
    }
    with lerum.changing(actor="test") as store:
        store.connection.execute(
            text("CREATE TEMP TABLE t (texts text[], number bigint, moment timestamptz)")
        )
        driver: Any = store.connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy("COPY t FROM STDIN (FORMAT BINARY)") as copy:
            copy.write(binary_rows({name: array.slice(0) for name, array in columns.items()}))
        rows = store.connection.execute(
            text("SELECT texts, number, extract(epoch FROM moment)::int FROM t")
        ).all()
    assert [tuple(row) for row in rows] == [
        (["Berg 1:2", "Ås; 3"], 2**40, 1),
        (None, None, None),
        (["x"], -1, 0),
    ]
