"""`fsck`: what somebody changes behind the triggers' back is found and named."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from landbank.domain.ledger import START, Head, make_seal, read_line, read_seal
from landbank.domain.people import Actor, Grant, Role
from landbank.services.check_history import Discrepancy, check_history, steps_of
from landbank.services.seal_history import seal_history
from landbank.settings import Settings
from landbank.store.unit import Store
from landbank.wiring import Landbank, open_landbank

CHANGES = (
    """INSERT INTO landbank.municipality (code, name) VALUES ('1441', 'Lerum');
       INSERT INTO landbank.plan (municipality_code, reference, state) VALUES ('1441', 'P1', 'samrad');
       INSERT INTO landbank.plot (municipality_code, plan_id, reference, dataset, area_m2, geometry, location)
       SELECT '1441', (SELECT id FROM landbank.plan), 'A' || n, 'test', 1000 * n,
         ST_Multi(ST_MakeEnvelope(330000 + 100 * n, 6400000, 330050 + 100 * n, 6400050, 3006)),
         ST_Point(330000 + 100 * n, 6400000, 3006) FROM generate_series(1, 4) n;
       INSERT INTO landbank.plot_use (plot_id, code) SELECT id, 'J' FROM landbank.plot""",
    """UPDATE landbank.plot SET readiness = 'byggklar' WHERE reference = 'A2';
       UPDATE landbank.plot_use SET superseded_at = landbank.change_time() WHERE plot_id =
         (SELECT id FROM landbank.plot WHERE reference = 'A2');
       INSERT INTO landbank.plot_use (plot_id, code) SELECT id, 'K' FROM landbank.plot WHERE reference = 'A2'""",
    """UPDATE landbank.plan SET state = 'laga_kraft'""",
    """UPDATE landbank.plot SET availability = 'ledig' WHERE reference = 'A2';
       UPDATE landbank.plot SET valid_to = current_date WHERE reference = 'A3';
       INSERT INTO landbank.plot_lineage SELECT a.id, b.id, 'redraw', current_date
         FROM landbank.plot a, landbank.plot b WHERE (a.reference, b.reference) = ('A3', 'A4')""",
)
"""Four plots: A1 untouched, A2 changed twice, A3 replaced by A4; municipality and plan are events 1 and 2."""

PLANNER = Actor("user:1", frozenset({Grant(Role.OPERATOR)}))
A1 = "(SELECT id FROM landbank.plot WHERE reference = 'A1')"
A2 = "(SELECT id FROM landbank.plot WHERE reference = 'A2')"


@pytest.fixture(scope="module")
def sealed(databases: Callable[[], str]) -> Iterator[Landbank]:
    """A landbank whose history is sealed."""
    landbank = open_landbank(Settings(), databases())
    for change in CHANGES:
        with landbank.changing(actor=PLANNER, role="planner") as store:
            for statement in change.split(";"):
                store.connection.execute(text(statement))
    with landbank.sealing() as store:
        seal_history(store.ledger)
    yield landbank
    landbank.close()


@pytest.fixture
def connection(sealed: Landbank) -> Iterator[Connection]:
    """A transaction of a superuser who has switched the triggers off; taken back at the end."""
    with sealed.engine.connect() as opened:
        opened.execute(text("SET LOCAL ROLE NONE"))
        opened.execute(text("SET LOCAL session_replication_role = replica"))
        yield opened
        opened.rollback()


def found(connection: Connection, *outside: Head) -> list[Discrepancy]:
    """What the check finds."""
    store = Store(connection)
    return list(check_history(store.audit, store.ledger, outside=outside))


def test_untouched_history_is_found_whole(connection: Connection) -> None:
    assert found(connection) == []


TAMPERED: tuple[tuple[str, str, str], ...] = (
    (
        f"UPDATE landbank.plot SET area_m2 = 999 WHERE id = {A1}",
        "replay",
        "area_m2: the events say 1000, the table 999",
    ),
    (
        f"UPDATE landbank.plot SET geometry = ST_Translate(geometry, 0.001, 0) WHERE id = {A1}",
        "replay",
        "geometry: the events say",
    ),
    (
        f"UPDATE landbank.plot SET height_max_m = 12 WHERE id = {A1}",
        "replay",
        "the events say nothing, the table 12",
    ),
    (f"DELETE FROM landbank.plot WHERE id = {A1}", "replay", "the events make it, and it does not stand"),
    (
        """INSERT INTO landbank.plot (municipality_code, reference, dataset, location)
           VALUES ('1441', 'X', 'test', ST_Point(330000, 6400000, 3006))""",
        "replay",
        "it stands, and no event makes it",
    ),
    ("UPDATE landbank.plan SET name = 'Egen'", "replay", 'name: the events say nothing, the table "Egen"'),
    (f"UPDATE landbank.plot_use SET code = 'H' WHERE plot_id = {A1}", "replay", "plot_use: the events say"),
    (f"DELETE FROM landbank.plot_use WHERE plot_id = {A1}", "replay", "plot_use: the events say"),
    (
        f"INSERT INTO landbank.price (plot_id, tenure, price_sek_per_m2, basis) VALUES ({A1}, 'tomtratt', 9, 'tomtarea')",
        "replay",
        "price: the events say []",
    ),
    (
        f"INSERT INTO landbank.plot_lineage VALUES ({A1}, {A2}, 'split', current_date)",
        "replay",
        "successors: the events say []",
    ),
    ("DELETE FROM landbank.event WHERE revision = 7", "events", "is gone"),
    (
        "DELETE FROM landbank.event WHERE revision = 7",
        "revisions",
        "the one before it is 6: a revision is missing",
    ),
    ("UPDATE landbank.event SET actor = 'user:2' WHERE revision = 7", "events", "user:2"),
    (
        "UPDATE landbank.event SET occurred_at = occurred_at - interval '1 day' WHERE revision = 7",
        "record times",
        "event 6",
    ),
    (
        "UPDATE landbank.event SET changes = jsonb_set(changes, '{readiness}', '[null, \"ramark\"]') WHERE changes ? 'readiness'",
        "changes",
        "changed readiness; the event says otherwise",
    ),
    ("UPDATE landbank.inventory SET revision = revision + 1", "revisions", "the last event is"),
    (
        "DELETE FROM landbank.plot_version WHERE row_version = 1",
        "versions",
        "1 of its earlier versions are missing",
    ),
    (
        "UPDATE landbank.plot_version SET name = 'Annan' WHERE row_version = 1",
        "changes",
        "the event says otherwise",
    ),
    (
        "UPDATE landbank.plot_version SET superseded_at = superseded_at + interval '1 second'",
        "versions",
        "the next begins at",
    ),
    (
        "UPDATE landbank.plot_use SET recorded_at = recorded_at - interval '1 day' WHERE code = 'K'",
        "times of facts",
        "its times belong to no event",
    ),
    (
        "UPDATE landbank.plot_use SET code = 'Z' WHERE superseded_at IS NOT NULL",
        "facts",
        "its plot_use of plot",
    ),
    (
        f"UPDATE landbank.plot SET row_version = 7 WHERE id = {A2}",
        "plots and events",
        "it is version 7, its events are 3",
    ),
    ("UPDATE landbank.plot SET valid_to = NULL WHERE reference = 'A3'", "lineage", "has not ended"),
    ("ALTER TABLE landbank.event DISABLE TRIGGER never_rewritten", "guards", "it is switched off"),
    ("DROP TRIGGER nothing_is_deleted ON landbank.event", "guards", "it is missing"),
    ("UPDATE landbank.seal SET content = 'x'", "seals", "can't be unpacked"),
    (
        r"UPDATE landbank.seal SET hash = decode(repeat('00', 32), 'hex')",
        "seals",
        "what was sealed was rewritten",
    ),
    ("DELETE FROM landbank.seal; DELETE FROM landbank.event WHERE revision > 5", "heads", "sealed is 0"),
)


@pytest.mark.parametrize(
    ("statement", "check", "told"), TAMPERED, ids=[f"{c}: {s[:60]}" for s, c, _ in TAMPERED]
)
def test_change_behind_the_triggers_is_found_and_named(
    connection: Connection, statement: str, check: str, told: str
) -> None:
    for part in statement.split("; "):
        connection.execute(text(part))

    differences = found(connection)

    assert [one for one in differences if one.check == check and told in f"{one.which} {one.told}"], (
        differences
    )


def test_whole_history_made_up_anew_is_found_by_a_head_kept_outside(connection: Connection) -> None:
    store = Store(connection)
    (kept,) = store.ledger.heads()
    connection.execute(text("UPDATE landbank.plot SET readiness = 'ramark' WHERE reference = 'A2'"))
    connection.execute(
        text(
            "UPDATE landbank.event SET changes = jsonb_set(changes, '{readiness}', '[null, \"ramark\"]') WHERE changes ? 'readiness'"
        )
    )
    connection.execute(
        text("UPDATE landbank.plot_version SET readiness = 'ramark' WHERE readiness = 'byggklar'")
    )
    reseal(connection)

    assert found(connection) == []
    assert [one.told for one in found(connection, kept)] == [
        "the chain has another hash there: history was rewritten"
    ]


def reseal(connection: Connection) -> None:
    """Make seals and heads up anew, so that the database agrees with itself."""
    store = Store(connection)
    (seal,) = store.ledger.seals()
    lines = store.ledger.lines(seal.first_revision, seal.last_revision)
    fresh = make_seal(START, lines)
    connection.execute(text("DELETE FROM landbank.seal"))
    store.ledger.add(fresh)
    connection.execute(text("UPDATE landbank.history_head SET hash = :hash"), {"hash": fresh.hash})


def test_sealing_goes_on_where_it_stopped_and_takes_one_head_a_day(sealed: Landbank) -> None:
    with sealed.sealing() as store:
        again = seal_history(store.ledger)
        seals = list(store.ledger.seals())
        assert len(store.ledger.heads()) == 1
    assert (again.events, again.is_head) == (0, False)
    assert [seal.first_revision for seal in seals] == [1]


def test_sealed_line_tells_a_new_plot_whole(sealed: Landbank) -> None:
    import json

    with sealed.reading() as store:
        (seal,) = store.ledger.seals()
    line = next(line for line in map(read_line, read_seal(seal)) if '"reference": "A1"' in line.state)
    state = json.loads(line.state)
    assert (line.noun, state["area_m2"], state["readiness"]) == ("plot", 1000, None)
    assert [use["code"] for use in state["facts"]["plot_use"]] == ["J"]
    assert state["geometry"].startswith("0106000020be0b0000")  # EWKB: little endian, MultiPolygon, SRID 3006


def test_progress_reaches_the_number_of_steps_that_was_told(sealed: Landbank) -> None:
    done: list[int] = []
    with sealed.reading() as store:
        list(check_history(store.audit, store.ledger, progress=done.append))
        assert sum(done) == steps_of(store.audit, store.ledger)


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE landbank.event SET actor = 'x'", "never rewritten"),
        ("DELETE FROM landbank.event", "nothing is deleted"),
        ("TRUNCATE landbank.event", "nothing is deleted"),
        ("UPDATE landbank.seal SET hash = hash", "never rewritten"),
        ("DELETE FROM landbank.seal", "nothing is deleted"),
        ("TRUNCATE landbank.history_head", "nothing is deleted"),
        ("UPDATE landbank.plot_version SET name = 'x'", "never rewritten"),
        ("UPDATE landbank.plot_lineage SET reason = 'split'", "never rewritten"),
        ("UPDATE landbank.plot_use SET superseded_at = now() - interval '1 day' WHERE superseded_at IS NULL", "at the moment of"),
        ("INSERT INTO landbank.event (revision, noun, noun_id, kind, actor) VALUES (99, 'plot', '1', 'changed', 'x')", "by hand"),
        ("INSERT INTO landbank.plot_version SELECT * FROM landbank.plot_version", "by hand"),
        (
            """INSERT INTO landbank.plot_use (plot_id, code, recorded_at)
               SELECT id, 'H', now() - interval '1 day' FROM landbank.plot""",
            "recorded at the moment",
        ),
    ],
)  # fmt: skip
def test_owner_of_the_tables_may_not_rewrite_history(sealed: Landbank, statement: str, told: str) -> None:
    with (
        pytest.raises(Exception, match=told),
        sealed.changing(actor="somebody with psql", is_bulk=True) as store,
    ):
        store.connection.execute(text(statement))


def test_event_of_the_running_change_is_not_rewritten_by_hand(sealed: Landbank) -> None:
    with sealed.changing(actor="somebody with psql", is_bulk=True) as store:
        store.connection.execute(text("UPDATE landbank.plot SET name = 'Ny' WHERE reference = 'A1'"))
        with pytest.raises(DBAPIError, match="never rewritten"):
            store.connection.execute(text("UPDATE landbank.event SET reason = 'annat' WHERE reason IS NULL"))
        store.connection.rollback()


def test_record_times_ascend_also_when_the_clock_is_set_back(sealed: Landbank) -> None:
    with sealed.engine.connect() as connection:
        connection.execute(text("SET LOCAL ROLE NONE"))
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("UPDATE landbank.inventory SET changed_at = now() + interval '1 day'"))
        later = connection.execute(
            text("SELECT landbank.change_time() > changed_at FROM landbank.inventory")
        ).scalar_one()
        connection.rollback()
    assert later
