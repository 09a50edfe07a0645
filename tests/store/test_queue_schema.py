"""The queue's objects: the installed library's own, in landbank's schema, whatever a connection's path is."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from procrastinate.schema import SchemaManager
from sqlalchemy import text

from landbank.errors import Forbidden, Unavailable
from landbank.store.queue_schema import follow_library, newest_step
from landbank.wiring import Landbank

OBJECTS = """
SELECT relkind::text || ' ' || relname FROM pg_class
  WHERE relnamespace = '{schema}'::regnamespace AND starts_with(relname, 'procrastinate_')
UNION ALL SELECT 'function ' || p.proname || '(' || replace(pg_get_function_identity_arguments(p.oid), '{schema}.', '') || ')'
  FROM pg_proc p WHERE pronamespace = '{schema}'::regnamespace AND starts_with(proname, 'procrastinate_')
UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
  WHERE relnamespace = '{schema}'::regnamespace AND NOT tgisinternal AND starts_with(relname, 'procrastinate_')
"""


def address(landbank: Landbank) -> str:
    """The database's address in libpq form."""
    return landbank.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)


def test_database_has_what_the_installed_library_wants(landbank: Landbank) -> None:
    with psycopg.connect(address(landbank)) as client:
        client.execute("CREATE SCHEMA library")
        client.execute("SET search_path = library")
        client.execute(SchemaManager.get_schema())
        wanted = {row[0] for row in client.execute(OBJECTS.format(schema="library").encode())}
        client.execute("SET search_path = public")
        found = {row[0] for row in client.execute(OBJECTS.format(schema="landbank").encode())}
        client.rollback()

    assert len(wanted) > 30
    assert found == wanted


@pytest.mark.parametrize("path", ["public", "pg_catalog", "landbank, public"])
def test_job_is_put_whatever_the_connections_path_is(landbank: Landbank, path: str) -> None:
    with landbank.upkeep() as store:
        store.connection.execute(text("SELECT set_config('search_path', :path, true)"), {"path": path})
        assert store.queue.put("x", {"n": 1}, once=True)
        assert not store.queue.put("x", {"n": 1}, once=True)
        assert store.queue.put("x", {"n": 2}, once=True)
        assert store.connection.execute(text("SHOW search_path")).scalar_one() == path

    with landbank.reading() as store:
        assert [(job.name, job.waiting) for job in store.queue.standing()] == [("x", 2)]


def test_job_of_a_transaction_that_is_taken_back_is_never_done(landbank: Landbank) -> None:
    with landbank.rehearsing() as store:
        store.queue.put("x")

    with landbank.reading() as store:
        assert store.queue.standing() == []


def test_migrations_of_a_newer_library_are_applied_once(
    landbank: Landbank, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, statement in (
        ("03.03.00_01_old.sql", "SELECT this_is_not_run"),
        (
            "99.00.00_01_new.sql",
            "CREATE FUNCTION procrastinate_new() RETURNS int LANGUAGE sql AS 'SELECT 1';",
        ),
    ):
        (tmp_path / name).write_text(statement, encoding="utf-8")
    monkeypatch.setattr(SchemaManager, "get_migrations_path", staticmethod(lambda: str(tmp_path)))

    with landbank.changing(actor="test", is_bulk=True) as store:
        assert follow_library(store.connection) == ("99.00.00_01_new.sql",)
        assert store.connection.execute(text("SELECT landbank.procrastinate_new()")).scalar_one() == 1
        config = "SELECT proconfig FROM pg_proc WHERE proname = 'procrastinate_new'"
        assert store.connection.execute(text(config)).scalar_one() == ["search_path=landbank, pg_temp"]
        assert follow_library(store.connection) == ()


def test_version_of_the_queue_is_noted(landbank: Landbank) -> None:
    with landbank.reading() as store:
        noted = store.connection.execute(
            text("SELECT obj_description('landbank.procrastinate_jobs'::regclass)")
        ).scalar_one()

    assert noted == newest_step()


def test_upkeep_cannot_change_the_inventory(landbank: Landbank) -> None:
    with pytest.raises(Forbidden), landbank.upkeep() as store:
        store.connection.execute(
            text("INSERT INTO landbank.municipality (code, name) VALUES ('1480', 'Göteborg')")
        )


def test_upkeep_thins_out_what_is_no_inventory_and_nothing_else(landbank: Landbank) -> None:
    with landbank.upkeep() as store:
        store.connection.execute(text("DELETE FROM landbank.quality_day"))
        store.connection.execute(text("DELETE FROM landbank.procrastinate_jobs"))

    with pytest.raises(Unavailable, match="may not do this"), landbank.upkeep() as store:
        store.connection.execute(text("DELETE FROM landbank.plot"))
