"""Migrations: up, down one, up again; tables and database agree; what can't go on says so."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.pool import NullPool

from landbank.errors import Conflict, Unavailable
from landbank.settings import Settings
from landbank.store import migrate
from landbank.store.extension import ensure_postgis
from landbank.store.roles import ensure_app_role, refuse_missing_role
from landbank.wiring import open_landbank


@pytest.fixture
def empty_database(server: str) -> Iterator[str]:
    """Address of a database with nothing in it."""
    name = f"landbank_empty_{uuid.uuid4().hex[:10]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield server.replace("/postgres?", f"/{name}?")
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def connection(empty_database: str) -> Iterator[Connection]:
    """One transaction in an empty database, rolled back at the end."""
    engine = create_engine(
        empty_database.replace("postgresql://", "postgresql+psycopg://"), poolclass=NullPool
    )
    with engine.connect() as opened:
        yield opened
        opened.rollback()
    engine.dispose()


def objects(connection: Connection) -> set[str]:
    """Every table, view, index, function and trigger of landbank's schema."""
    rows = connection.execute(
        text(
            """SELECT relkind::text || ' ' || relname FROM pg_class WHERE relnamespace = 'landbank'::regnamespace
               UNION ALL SELECT 'function ' || oid::regprocedure::text FROM pg_proc
                 WHERE pronamespace = 'landbank'::regnamespace
               UNION ALL SELECT 'trigger ' || tgname || ' ' || tgrelid::regclass::text FROM pg_trigger
                 JOIN pg_class ON pg_class.oid = tgrelid
                 WHERE relnamespace = 'landbank'::regnamespace AND NOT tgisinternal"""
        )
    )
    return set(rows.scalars())


def test_up_down_one_and_up_again_ends_at_the_same_schema(connection: Connection) -> None:
    ensure_postgis(connection)
    migrate.upgrade(connection)
    first = objects(connection)

    migrate.downgrade(connection, "-1")
    below = migrate.current_revision(connection)
    migrate.upgrade(connection)

    assert below != migrate.head_revision()
    assert migrate.current_revision(connection) == migrate.head_revision()
    assert objects(connection) == first


def test_tables_and_database_agree(connection: Connection) -> None:
    ensure_postgis(connection)
    migrate.upgrade(connection)

    migrate.check(connection)  # raises where they differ
    assert migrate.current_revision(connection) == migrate.head_revision()


def test_down_to_nothing_leaves_no_table(connection: Connection) -> None:
    ensure_postgis(connection)
    migrate.upgrade(connection)

    migrate.downgrade(connection, "base")

    assert set(inspect(connection).get_table_names(schema="landbank")) <= {"schema_version"}


def test_migrating_twice_changes_nothing(empty_database: str) -> None:
    landbank = open_landbank(Settings(), empty_database)
    landbank.migrate()
    with landbank.reading() as store:
        first = objects(store.connection)

    landbank.migrate()

    with landbank.reading() as store:
        assert objects(store.connection) == first
    assert landbank.schema_revision() == migrate.head_revision()
    landbank.close()


def test_database_of_a_newer_version_is_refused_and_left_alone(connection: Connection) -> None:
    ensure_postgis(connection)
    migrate.upgrade(connection)
    connection.execute(text("UPDATE landbank.schema_version SET version_num = '9999'"))

    with pytest.raises(Conflict, match="9999"):
        migrate.upgrade(connection)

    assert migrate.current_revision(connection) == "9999"


def test_revisions_follow_one_another_in_the_order_of_their_numbers() -> None:
    files = sorted((migrate.migrations_folder() / "versions").glob("*.py"))
    numbers = [file.name[:4] for file in files]
    followed = [
        re.search(r'^down_revision = (?:None|"(\d+)")', file.read_text(), re.MULTILINE) for file in files
    ]

    assert len(set(numbers)) == len(numbers)
    assert [found[1] if found else "?" for found in followed] == [None, *numbers[:-1]]
    assert numbers[-1] == migrate.head_revision()


def test_user_without_rights_is_told_what_an_administrator_runs(connection: Connection) -> None:
    role = f"plain_{uuid.uuid4().hex[:8]}"
    connection.execute(text(f"CREATE ROLE {role}"))
    connection.execute(text(f"SET LOCAL ROLE {role}"))

    with pytest.raises(Unavailable, match="may not put it there") as refusal:
        ensure_postgis(connection)

    assert "CREATE EXTENSION postgis SCHEMA public" in str(refusal.value.hint)


def test_postgis_in_another_schema_is_refused(connection: Connection) -> None:
    connection.execute(text("CREATE SCHEMA geo"))
    connection.execute(text("CREATE EXTENSION postgis SCHEMA geo"))

    with pytest.raises(Unavailable, match="schema geo"):
        ensure_postgis(connection)


def test_user_who_owns_the_schema_needs_no_right_to_create_one(connection: Connection) -> None:
    role = f"keeper_{uuid.uuid4().hex[:8]}"
    ensure_postgis(connection)
    connection.execute(text(f"CREATE ROLE {role}"))
    connection.execute(text(f"CREATE SCHEMA landbank AUTHORIZATION {role}"))
    ensure_app_role(connection)
    connection.execute(text(f"GRANT landbank_app TO {role}"))
    connection.execute(text(f"SET LOCAL ROLE {role}"))

    migrate.upgrade(connection)

    assert migrate.current_revision(connection) == migrate.head_revision()


def test_user_who_may_not_make_the_applications_role_is_told_what_an_administrator_runs(
    connection: Connection,
) -> None:
    role = f"keeper_{uuid.uuid4().hex[:8]}"
    ensure_postgis(connection)
    connection.execute(text(f"CREATE ROLE {role}"))
    connection.execute(text(f"CREATE SCHEMA landbank AUTHORIZATION {role}"))
    connection.execute(text(f"SET LOCAL ROLE {role}"))

    for ask in (migrate.upgrade, refuse_missing_role):
        with pytest.raises(Unavailable, match="no role landbank_app") as refusal:
            ask(connection)
        assert f"GRANT landbank_app TO {role}" in str(refusal.value.hint)


def test_application_role_with_too_much_power_is_refused(connection: Connection) -> None:
    ensure_app_role(connection)
    connection.execute(text("ALTER ROLE landbank_app BYPASSRLS"))

    with pytest.raises(Unavailable, match="passes by row-level security"):
        ensure_app_role(connection)


@pytest.mark.usefixtures("template")  # which made the application's role
def test_missing_right_is_told_plainly(empty_database: str, server: str) -> None:
    with psycopg.connect(empty_database, autocommit=True) as administrator:
        administrator.execute("CREATE EXTENSION postgis")
        role = f"guest_{uuid.uuid4().hex[:8]}"
        administrator.execute(f"CREATE ROLE {role}")
        administrator.execute(f"GRANT landbank_app TO {role}")
        administrator.execute(
            f"ALTER ROLE CURRENT_USER IN DATABASE {administrator.info.dbname} SET role = {role}"
        )
    landbank = open_landbank(Settings(), empty_database)

    with pytest.raises(Unavailable, match="The database user may not do this: permission denied"):
        landbank.migrate()

    landbank.close()
    with psycopg.connect(server, autocommit=True) as administrator:
        administrator.execute(
            f"ALTER ROLE CURRENT_USER IN DATABASE {empty_database.split('/')[3].split('?', maxsplit=1)[0]} RESET role"
        )
        administrator.execute(f"DROP ROLE {role}")
