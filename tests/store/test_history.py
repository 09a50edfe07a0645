"""Every accepted change leaves one event; nothing is deleted; a write without an actor is refused."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from landbank.errors import Unavailable
from landbank.wiring import Landbank

SQUARE = "MULTIPOLYGON(((330000 6400000,330100 6400000,330100 6400100,330000 6400100,330000 6400000)))"


def add_plot(landbank: Landbank) -> int:
    """A plot with two uses, written in one transaction."""
    with landbank.changing(actor="test") as store:
        store.connection.execute(
            text(
                "INSERT INTO landbank.municipality (code, name) VALUES ('1441', 'Lerum') ON CONFLICT DO NOTHING"
            )
        )
        plot_id: int = store.connection.execute(
            text(
                "INSERT INTO landbank.plot (municipality_code, reference, dataset, geometry, location)"
                " VALUES ('1441', 'A1', 'test', ST_GeomFromText(:wkt, 3006), ST_Point(330050, 6400050, 3006)) RETURNING id"
            ),
            {"wkt": SQUARE},
        ).scalar_one()
        store.connection.execute(
            text("INSERT INTO landbank.plot_use (plot_id, code) VALUES (:id, 'J'), (:id, 'Z')"),
            {"id": plot_id},
        )
    return plot_id


def rows(landbank: Landbank, statement: str) -> list[Any]:
    """What a statement answers."""
    with landbank.reading() as store:
        return list(store.connection.execute(text(statement)))


def test_new_plot_with_its_uses_is_one_event(landbank: Landbank) -> None:
    plot_id = add_plot(landbank)
    events = rows(landbank, "SELECT revision, noun_id, kind, actor FROM landbank.event WHERE noun = 'plot'")
    assert [tuple(event) for event in events] == [(2, str(plot_id), "created", "test")]


def test_change_of_plot_and_facts_in_one_transaction_is_one_event_with_before_and_after(
    landbank: Landbank,
) -> None:
    add_plot(landbank)
    with landbank.changing(actor="planner", reason="el framdragen") as store:
        store.connection.execute(text("UPDATE landbank.plot SET readiness = 'byggklar'"))
        store.connection.execute(
            text(
                "INSERT INTO landbank.utility (plot_id, kind, capacity, capacity_unit) SELECT id, 'el', 5, 'MW' FROM landbank.plot"
            )
        )
    (event,) = rows(landbank, "SELECT kind, reason, changes FROM landbank.event WHERE actor = 'planner'")
    assert (event.kind, event.reason) == ("changed", "el framdragen")
    assert event.changes["readiness"] == [None, "byggklar"]
    assert event.changes["utility"][0] == []
    assert event.changes["utility"][1][0]["capacity"] == 5


def test_earlier_state_is_kept_as_a_version(landbank: Landbank) -> None:
    add_plot(landbank)
    with landbank.changing(actor="planner") as store:
        store.connection.execute(text("UPDATE landbank.plot SET readiness = 'byggklar'"))
    versions = rows(landbank, "SELECT row_version, readiness FROM landbank.plot_version")
    assert [tuple(version) for version in versions] == [(1, None)]
    assert rows(landbank, "SELECT row_version FROM landbank.plot")[0].row_version == 2


def test_update_that_changes_nothing_leaves_no_event(landbank: Landbank) -> None:
    add_plot(landbank)
    with landbank.changing(actor="planner") as store:
        store.connection.execute(text("UPDATE landbank.plot SET reference = 'A1'"))
    assert rows(landbank, "SELECT 1 FROM landbank.event WHERE actor = 'planner'") == []
    assert rows(landbank, "SELECT revision FROM landbank.inventory")[0].revision == 2


def test_write_without_an_actor_is_refused(landbank: Landbank) -> None:
    add = text("INSERT INTO landbank.municipality (code, name) VALUES ('1441', 'Lerum')")
    with landbank.engine.connect() as connection, connection.begin():
        connection.execute(text("SELECT set_config('landbank.municipalities', '*', true)"))
        with pytest.raises(DBAPIError, match="needs an actor"):
            connection.execute(add)


@pytest.mark.parametrize(
    "table", ["plot", "plot_version", "event", "plot_use", "restriction", "municipality"]
)
@pytest.mark.parametrize("statement", ["DELETE FROM", "TRUNCATE"])
def test_nothing_is_deleted_even_by_the_owner(database_url: str, table: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(database_url) as owner, pytest.raises(psycopg.Error, match="nothing is deleted"):
        owner.execute(f"{statement} landbank.{table} {'CASCADE' if statement == 'TRUNCATE' else ''}")


def test_application_has_no_right_to_delete(landbank: Landbank) -> None:
    with (
        pytest.raises(Unavailable, match="permission denied for table plot"),
        landbank.changing(actor="test") as store,
    ):
        store.connection.execute(text("DELETE FROM landbank.plot"))


def test_fact_is_superseded_never_rewritten(landbank: Landbank) -> None:
    add_plot(landbank)
    with pytest.raises(DBAPIError, match="never rewritten"), landbank.changing(actor="test") as store:
        store.connection.execute(text("UPDATE landbank.plot_use SET code = 'K' WHERE code = 'J'"))


def test_change_is_announced_with_its_revision(landbank: Landbank, database_url: str) -> None:
    import json

    import psycopg

    with psycopg.connect(database_url, autocommit=True) as listener:
        listener.execute("LISTEN landbank")
        add_plot(landbank)
        told = [json.loads(note.payload) for note in listener.notifies(timeout=5, stop_after=2)]
    assert told[-1]["revision"] == 2
    assert told[-1]["noun"] == "plot"
