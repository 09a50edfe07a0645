"""Row-level security: everybody reads, the own municipality is written, and people are seen by whom they concern.

Everything here runs as the application's role, which is what stands between a fault in the code and another
municipality's plots.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from landbank.codelists import municipalities
from landbank.domain.people import SYSTEM, Actor, Grant, Role
from landbank.errors import Forbidden, NotFound, NotSignedIn
from landbank.settings import Settings
from landbank.store.database import begin_change
from landbank.store.written import was_written
from landbank.wiring import Landbank, open_landbank

CODES = sorted(municipalities())
OPEN_TABLES = {
    "event": "appended by triggers alone, for whoever changes something",
    "history_head": "written by the tables' owner alone; the application may only read it",
    "inventory": "one row, which every change advances",
    "check_finding": "derived from the inventory by the upkeep, and derived anew at any time",
    "quality_day": "derived from the inventory by the upkeep",
    "follower": "how far the upkeep has followed the changes",
    "mail": "letters to offices, written by the upkeep and the answers to its links",
    "mail_choice": "what an office chose by a signed link",
    "kept_answer": "found by the asker's id and key alone, kept for a day; holds what the asker was told",
    "seal": "written by the tables' owner alone; the application may only read it",
    "signing_key": "made by a migration; the application may only read it",
    "schema_version": "the migrations' own; the application may only read it",
}
"""Tables without policies, and why."""

QUEUE = "procrastinate_"
"""The queue's own tables: names of jobs and ids, for the upkeep alone."""

INSERTS = {
    "contact": "INSERT INTO landbank.contact (municipality_code, kind, title) VALUES (:code, 'sales', :name)",
    "area": "INSERT INTO landbank.area (municipality_code, name) VALUES (:code, :name)",
    "plan": "INSERT INTO landbank.plan (municipality_code, reference) VALUES (:code, :name)",
    "plot": "INSERT INTO landbank.plot (municipality_code, reference, dataset, location)"
    " VALUES (:code, :name, 'test', ST_Point(330000, 6400000, 3006))",
    "plot_use": "INSERT INTO landbank.plot_use (plot_id, code) VALUES (:plot, 'J')",
    "restriction": "INSERT INTO landbank.restriction (plot_id, kind) VALUES (:plot, 'buller')",
    "utility": "INSERT INTO landbank.utility (plot_id, kind) VALUES (:plot, 'fiber')",
    "access": "INSERT INTO landbank.access (plot_id, kind, distance_m, method) VALUES (:plot, 'port', 1, 'declared')",
    "price": "INSERT INTO landbank.price (plot_id, tenure, price_sek_per_m2, basis)"
    " VALUES (:plot, 'forsaljning', 1, 'tomtarea')",
    "value_source": "INSERT INTO landbank.value_source (plot_id, field) VALUES (:plot, 'name')",
    "plot_lineage": "INSERT INTO landbank.plot_lineage (predecessor_id, successor_id, reason, occurred_on)"
    " VALUES (:plot, :other, 'redraw', current_date)",
}
UPDATES = {
    "municipality": "UPDATE landbank.municipality SET website_url = 'https://example.org' WHERE code = :code",
    "contact": "UPDATE landbank.contact SET phone = '1' WHERE municipality_code = :code",
    "area": "UPDATE landbank.area SET description = 'x' WHERE municipality_code = :code",
    "plan": "UPDATE landbank.plan SET name = 'x' WHERE municipality_code = :code",
    "plot": "UPDATE landbank.plot SET readiness = 'byggklar' WHERE id = :plot",
    **{
        table: f"UPDATE landbank.{table} SET superseded_at = landbank.change_time() WHERE plot_id = :plot AND superseded_at IS NULL"
        for table in ("plot_use", "restriction", "utility", "access", "price", "value_source")
    },
}


def planner(code: str) -> Actor:
    """A planner of one municipality."""
    return Actor("user:1", frozenset({Grant(Role.PLANNER, code)}))


@pytest.fixture(scope="module")
def url(databases: Callable[[], str]) -> str:
    """Address of a database with a plot, a park, a plan, a contact and one fact of each kind in 13 municipalities."""
    made = databases()
    landbank = open_landbank(Settings(), made)
    with landbank.changing(actor="test") as store:
        for code in CODES:
            told = {"code": code, "name": f"first of {code}", "plot": 0, "other": 0}
            add = text("INSERT INTO landbank.municipality (code, name) VALUES (:code, :name)")
            store.connection.execute(add, {"code": code, "name": f"M {code}"})
            for table, statement in INSERTS.items():
                if table != "plot_lineage":
                    store.connection.execute(text(statement), told)
                if table == "plot":
                    told["plot"] = store.connection.execute(
                        text("SELECT max(id) FROM landbank.plot")
                    ).scalar_one()
    landbank.close()
    return made


@pytest.fixture
def landbank(url: str) -> Iterator[Landbank]:
    """The landbank on that database, acting as the application's role."""
    opened = open_landbank(Settings(), url)
    yield opened
    opened.close()


@pytest.fixture
def trying(landbank: Landbank) -> Iterator[Callable[[Actor], Connection]]:
    """A connection that acts for somebody; nothing of it holds."""
    opened: list[Any] = []

    def act(actor: Actor) -> Connection:
        connection = landbank.engine.connect()
        opened.append(connection)
        connection.begin()
        begin_change(connection, actor=actor)
        return connection

    yield act
    for connection in opened:
        connection.rollback()
        connection.close()


def plots(connection: Connection) -> dict[str, int]:
    """One plot of each municipality."""
    rows = connection.execute(text("SELECT municipality_code, min(id) AS id FROM landbank.plot GROUP BY 1"))
    return {row.municipality_code: row.id for row in rows}


def is_refused(connection: Connection, statement: str, told: dict[str, Any]) -> bool:
    """Whether row-level security refuses the statement, which is taken back."""
    point = connection.begin_nested()
    try:
        connection.execute(text(statement), told)
    except DBAPIError as error:
        point.rollback()
        return "row-level security" in str(error)
    point.rollback()
    return False


def test_application_is_neither_owner_nor_superuser(landbank: Landbank) -> None:
    with landbank.reading() as store:
        row = store.connection.execute(
            text(
                "SELECT current_user AS name, rolsuper, rolbypassrls, rolcanlogin, EXISTS (SELECT FROM pg_class"
                " WHERE relnamespace = 'landbank'::regnamespace AND relowner = r.oid) AS owns"
                " FROM pg_roles r WHERE rolname = current_user"
            )
        ).one()
    assert tuple(row) == ("landbank_app", False, False, False, False)


def test_every_table_has_policies_that_hold_for_its_owner_too_or_a_reason_not_to(landbank: Landbank) -> None:
    with landbank.reading() as store:
        rows = store.connection.execute(
            text(
                "SELECT relname, relrowsecurity AND relforcerowsecurity AS is_held FROM pg_class"
                " WHERE relnamespace = 'landbank'::regnamespace AND relkind IN ('r', 'p')"
            )
        ).all()
    bare = {row.relname for row in rows if not row.is_held and not row.relname.startswith(QUEUE)}
    assert bare == set(OPEN_TABLES), (
        "protect a new table with landbank.store.policies.protect in its migration"
    )


def test_13_planners_change_nothing_in_12_municipalities_each(
    trying: Callable[[Actor], Connection],
) -> None:
    for own in CODES:
        connection = trying(planner(own))
        known = plots(connection)
        for code in CODES:
            if code == own:
                continue
            told = {"code": code, "name": "foreign", "plot": known[code], "other": known[own]}
            for statement in UPDATES.values():
                assert connection.execute(text(statement), told).rowcount == 0, (own, code, statement)
            for statement in INSERTS.values():
                assert is_refused(connection, statement, told), (own, code, statement)
        connection.close()


def test_each_planner_changes_everything_in_the_own_municipality(
    trying: Callable[[Actor], Connection],
) -> None:
    for own in CODES:
        connection = trying(planner(own))
        known = plots(connection)
        told: dict[str, Any] = {"code": own, "name": "own", "plot": known[own], "other": 0}
        for table, statement in UPDATES.items():
            assert connection.execute(text(statement), told).rowcount == 1, (own, table)
        for table, statement in INSERTS.items():
            told["other"] = connection.execute(text("SELECT max(id) FROM landbank.plot")).scalar_one()
            assert not is_refused(connection, statement, told) or table == "plot_lineage", (own, table)
        connection.close()


def test_history_and_its_seals_are_written_by_no_planner(trying: Callable[[Actor], Connection]) -> None:
    connection = trying(planner("1441"))
    told = {"plot": plots(connection)["1441"], "other": 0}
    for statement, why in (
        ("INSERT INTO landbank.plot_version SELECT * FROM landbank.plot_version", "not added by hand"),
        ("INSERT INTO landbank.event SELECT * FROM landbank.event", "not added by hand"),
        ("INSERT INTO landbank.seal SELECT * FROM landbank.seal", "permission denied"),
        ("INSERT INTO landbank.history_head SELECT * FROM landbank.history_head", "permission denied"),
        ("UPDATE landbank.event SET actor = 'x'", "never rewritten"),
    ):
        point = connection.begin_nested()
        with pytest.raises(DBAPIError, match=why):
            connection.execute(text(statement), told)
        point.rollback()


def test_plot_is_never_moved_to_another_municipality(trying: Callable[[Actor], Connection]) -> None:
    connection = trying(planner("1441"))
    told = {"plot": plots(connection)["1441"]}
    assert is_refused(
        connection, "UPDATE landbank.plot SET municipality_code = '1480' WHERE id = :plot", told
    )
    move_fact = "UPDATE landbank.plot SET municipality_code = '1441' WHERE municipality_code = '1480'"
    assert connection.execute(text(move_fact)).rowcount == 0


def test_what_belongs_to_no_municipality_is_written_by_the_operator_alone(
    trying: Callable[[Actor], Connection],
) -> None:
    add = (
        "INSERT INTO landbank.infrastructure (kind, name, source, location)"
        " VALUES ('port', 'Ny hamn', 'test', ST_Point(330000, 6400000, 3006))"
    )
    connection = trying(planner("1441"))
    assert is_refused(connection, add, {})
    connection.close()
    assert not is_refused(trying(SYSTEM), add, {})


@pytest.mark.parametrize("setting", [None, "", ",", "1480,", "*,1480", "**"])
def test_setting_that_names_no_own_municipality_writes_nothing_there(
    landbank: Landbank, setting: str | None
) -> None:
    with landbank.engine.connect() as connection, connection.begin() as transaction:
        if setting is not None:
            connection.execute(
                text("SELECT set_config('landbank.municipalities', :told, true)"), {"told": setting}
            )
        connection.execute(text("SELECT set_config('landbank.actor', 'test', true)"))
        change = text("UPDATE landbank.plot SET readiness = 'byggklar' WHERE municipality_code = '1441'")
        assert connection.execute(change).rowcount == 0
        transaction.rollback()


def test_change_through_the_wiring_is_forbidden_where_the_database_refuses_the_row(
    landbank: Landbank,
) -> None:
    add = text(INSERTS["area"])
    with (
        pytest.raises(Forbidden, match="another municipality"),
        landbank.changing(actor=planner("1441")) as store,
    ):
        store.connection.execute(add, {"code": "1480", "name": "foreign"})


def test_change_for_somebody_who_writes_nothing_there_is_not_begun(landbank: Landbank) -> None:
    regional = Actor("user:2", frozenset({Grant(Role.REGIONAL)}))
    for actor, code, family in (
        (Actor("anonymous"), None, NotSignedIn),
        (regional, None, Forbidden),
        (planner("1441"), "1480", Forbidden),
    ):
        with pytest.raises(family), landbank.changing(actor=actor, municipality_code=code):
            pytest.fail("the change was begun")


def test_id_of_a_person_or_key_never_acts_with_the_rights_of_a_command(landbank: Landbank) -> None:
    for name in ("user:7", "key:3"):
        with pytest.raises(ValueError, match="own grants"), landbank.changing(actor=name):
            pytest.fail("the change was begun")


def test_event_names_the_actor_and_the_role_in_the_municipality(landbank: Landbank) -> None:
    with landbank.changing(actor=planner("1402"), municipality_code="1402", request_id="r-1") as store:
        store.connection.execute(
            text("UPDATE landbank.plot SET readiness = 'ramark' WHERE municipality_code = '1402'")
        )
    with landbank.reading() as store:
        row = store.connection.execute(
            text(
                "SELECT actor, role, municipality_code, request_id FROM landbank.event WHERE request_id = 'r-1'"
            )
        ).one()
    assert tuple(row) == ("user:1", "planner", "1402", "r-1")


def test_update_that_reached_no_row_is_told_apart(trying: Callable[[Actor], Connection]) -> None:
    connection = trying(planner("1441"))
    known = plots(connection)
    change = text("UPDATE landbank.plot SET readiness = 'bebyggd' WHERE id = :key")

    def outcome(key: int) -> bool:
        return was_written(connection, connection.execute(change, {"key": key}), "plot", key)

    assert outcome(known["1441"])
    assert not outcome(known["1441"])
    with pytest.raises(Forbidden, match="another municipality"):
        outcome(known["1480"])
    with pytest.raises(NotFound):
        outcome(10**9)


HOT_READS = {
    "polygons of a tile": "SELECT id FROM landbank.plot WHERE geometry_tile && ST_TileEnvelope(12, 2187, 1238)"
    " AND ST_Intersects(geometry_tile, ST_TileEnvelope(12, 2187, 1238))",
    "points of a tile": "SELECT id FROM landbank.plot WHERE morton BETWEEN 1000 AND 2000",
    "flat rows in a box": "SELECT plot_id FROM landbank.plot_facts"
    " WHERE geometry_tile && ST_Transform(ST_MakeEnvelope(12, 57, 12.1, 57.1, 4326), 3857)",
    "parks of a tile": "SELECT id FROM landbank.area WHERE geometry_tile && ST_TileEnvelope(12, 2187, 1238)",
    "plans at a place": "SELECT id FROM landbank.plan WHERE ST_Intersects(geometry, ST_Point(330000, 6400000, 3006))",
    "one plot": "SELECT * FROM landbank.plot_facts WHERE plot_id = 7",
    "facts of a plot": "SELECT * FROM landbank.utility WHERE plot_id = 7 AND superseded_at IS NULL",
}


@pytest.mark.parametrize("read", HOT_READS)
def test_hot_reads_use_their_index_as_the_application_too(landbank: Landbank, read: str) -> None:
    with landbank.reading() as store:
        # the inventory here is so small that reading all of it is cheaper, unless that is ruled out
        store.connection.execute(text("SET LOCAL enable_seqscan = off"))
        plan = "\n".join(store.connection.execute(text(f"EXPLAIN {HOT_READS[read]}")).scalars())
    assert "Index Cond" in plan
    assert "Seq Scan on plot" not in plan


def test_policy_on_reads_would_keep_a_spatial_index_from_being_used(url: str) -> None:
    # what the test above guards against, shown to be seen by it
    with psycopg.connect(url) as owner:
        owner.execute("DROP POLICY everybody_reads ON landbank.plot")
        owner.execute(
            "CREATE POLICY own ON landbank.plot FOR SELECT USING (landbank.writes(municipality_code))"
        )
        owner.execute("SET LOCAL enable_seqscan = off")
        owner.execute("SET LOCAL ROLE landbank_app")
        plan = "\n".join(row[0] for row in owner.execute(f"EXPLAIN {HOT_READS['polygons of a tile']}"))
        owner.rollback()
    assert "Index Cond" not in plan


@pytest.mark.parametrize(
    "table",
    ["person", "identity", "password", "totp", "recovery_code", "setup_link", "role_grant", "session", "api_key",
     "sign_in_attempt", "security_event"],
)  # fmt: skip
def test_reader_of_plots_sees_nothing_of_people(landbank: Landbank, url: str, table: str) -> None:
    with psycopg.connect(url) as owner:
        owner.execute("INSERT INTO landbank.security_event (kind, actor) VALUES ('signed_in', 'user:1')")
        owner.execute(
            "INSERT INTO landbank.person (login, display_name, created_by) VALUES ('anna', 'Anna', 'test')"
            " ON CONFLICT DO NOTHING"
        )
    with landbank.reading() as store:
        assert store.connection.execute(text(f"SELECT count(*) FROM landbank.{table}")).scalar_one() == 0


def test_security_log_is_only_appended(landbank: Landbank) -> None:
    for statement in (
        "UPDATE landbank.security_event SET actor = 'x'",
        "DELETE FROM landbank.security_event",
    ):
        with landbank.engine.connect() as connection, pytest.raises(DBAPIError, match="permission denied"):
            connection.execute(text(statement))
