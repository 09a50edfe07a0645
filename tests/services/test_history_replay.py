"""Whatever is done to the inventory, its events applied to nothing give the tables, and the past stays as it was told."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    multiple,
    rule,
    run_state_machine_as_test,
)

from landbank.domain.replay import FACTS, SUCCESSORS, Replay
from landbank.services.check_history import check_history, lines_of
from landbank.services.seal_history import seal_history
from landbank.settings import Settings
from landbank.wiring import Landbank, open_landbank

OPERATIONS = 10_000
EXAMPLES, STEPS = 10, 100

TEXTS = st.none() | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
AMOUNTS = st.none() | st.floats(0.01, 1e9, allow_nan=False)
DAYS = st.none() | st.dates().map(lambda day: day.replace(year=2020 + day.year % 20, day=min(day.day, 28)))
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "name": TEXTS,
    "description": TEXTS,
    "source": TEXTS,
    "property_designations": st.none() | st.lists(TEXTS, max_size=3),
    "area_m2": AMOUNTS,
    "area_declared_m2": AMOUNTS,
    "height_max_m": AMOUNTS,
    "is_subdividable": st.none() | st.booleans(),
    "ready_on": DAYS,
    "confirmed_on": DAYS,
    "available_on": DAYS,
    "readiness": st.sampled_from([None, "ramark", "under_utbyggnad", "byggklar", "bebyggd"]),
    "planning_state": st.sampled_from([None, "samrad", "antagen", "laga_kraft"]),
    "owner_kind": st.sampled_from([None, "kommun", "privat"]),
}
STATES = st.sampled_from(["ej_till_salu", "kommande", "ledig", "reserverad", "sald"])
FACT_ROWS: dict[str, str] = {
    "plot_use": "(plot_id, code, is_excluded) VALUES (%(plot)s, %(text)s, %(flag)s)",
    "restriction": "(plot_id, kind, description, is_blocking) VALUES (%(plot)s, 'buller', %(text)s, %(flag)s)",
    "utility": "(plot_id, kind, capacity, capacity_unit, operator) VALUES (%(plot)s, 'el', %(number)s, 'MW', %(text)s)",
    "access": "(plot_id, kind, distance_m, method) VALUES (%(plot)s, 'port', %(number)s, 'declared')",
    "price": "(plot_id, tenure, price_sek_per_m2, basis) VALUES (%(plot)s, 'forsaljning', %(number)s, 'tomtarea')",
    "value_source": "(plot_id, field, note) VALUES (%(plot)s, 'area_m2', %(text)s)",
}
TABLES = st.sampled_from(sorted(FACT_ROWS))
PLACES = st.integers(0, 400).map(lambda number: 300_000.123 + 97.7 * number)

CREATE = """INSERT INTO landbank.plot (municipality_code, plan_id, reference, dataset, geometry, location)
  VALUES ('1441', (SELECT min(id) FROM landbank.plan), %(reference)s, 'test',
    CASE WHEN %(flag)s THEN ST_Multi(ST_MakeEnvelope(%(x)s, 6400000.5, %(x)s + 33.3, 6400050, 3006)) END,
    ST_Point(%(x)s, 6400000.5, 3006)) RETURNING id"""
MOVE = """UPDATE landbank.plot SET geometry = ST_Multi(ST_MakeEnvelope(%(x)s, 6400001, %(x)s + 20, 6400020, 3006)),
  location = ST_Point(%(x)s, 6400001, 3006) WHERE id = %(plot)s"""
SNAPSHOT = (
    """SELECT now(), (SELECT md5(string_agg(f::text, '|' ORDER BY plot_id)) FROM landbank.plot_facts f)"""
)


class Inventory:
    """The database that all examples share: things are never deleted, so that each example adds its own."""

    def __init__(self, landbank: Landbank, url: str) -> None:
        self.landbank = landbank
        self.connection = psycopg.connect(url)
        self.operations = 0
        self.numbers = iter(range(10**9))
        self.told: list[tuple[Any, str]] = []

    def begin(self) -> None:
        """Say who acts in the transaction that the next statement opens."""
        self.connection.execute(
            "SELECT set_config('landbank.actor', 'user:1', true), set_config('landbank.role', 'planner', true)"
        )

    def run(self, statement: str, **values: Any) -> psycopg.Cursor[Any]:
        """Run one operation."""
        self.operations += 1
        return self.connection.execute(statement, values)


class Planners(RuleBasedStateMachine):
    """Several operations in each transaction; some transactions are taken back."""

    inventory: ClassVar[Inventory]
    committed = Bundle("committed")

    @initialize(target=committed, x=PLACES)
    def first(self, x: float) -> Any:
        self.inventory.begin()
        plot = self.create(x, outlined=True)
        self.commit()
        return plot

    def create(self, x: float, *, outlined: bool) -> int:
        reference = f"R{next(self.inventory.numbers)}"
        return int(self.inventory.run(CREATE, reference=reference, x=x, flag=outlined).fetchone()[0])

    def commit(self) -> None:
        self.inventory.connection.commit()
        self.inventory.begin()

    @rule(
        target=committed,
        places=st.lists(PLACES, min_size=1, max_size=4),
        outlined=st.booleans(),
        kept=st.booleans(),
    )
    def add(self, places: list[float], outlined: bool, kept: bool) -> Any:
        self.commit()
        plots = [self.create(x, outlined=outlined) for x in places]
        for plot in plots:
            self.add_fact(plot, "plot_use", "J", 1.0, False)
        if kept:
            self.commit()
            return multiple(*plots)
        self.inventory.connection.rollback()
        self.inventory.begin()
        return multiple()

    @rule(plot=committed, values=st.fixed_dictionaries({}, optional=FIELDS))
    def edit(self, plot: int, values: dict[str, Any]) -> None:
        sets = ", ".join(f"{name} = %({name})s" for name in values) or "reference = reference"
        self.inventory.run(f"UPDATE landbank.plot SET {sets} WHERE id = %(plot)s", plot=plot, **values)

    @rule(plot=committed, state=STATES, until=DAYS)
    def change_status(self, plot: int, state: str, until: Any) -> None:
        self.inventory.run(
            "UPDATE landbank.plot SET availability = %(state)s, availability_until = %(until)s WHERE id = %(plot)s",
            plot=plot, state=state, until=until,
        )  # fmt: skip

    @rule(plot=committed, x=PLACES)
    def move(self, plot: int, x: float) -> None:
        self.inventory.run(MOVE, plot=plot, x=x)

    @rule(
        plot=committed,
        table=TABLES,
        text=TEXTS.map(lambda text: text or "x"),
        number=st.floats(0.5, 1e6),
        flag=st.booleans(),
    )
    def add_fact(self, plot: int, table: str, text: str, number: float, flag: bool) -> None:
        self.inventory.run(
            f"INSERT INTO landbank.{table} {FACT_ROWS[table]}", plot=plot, text=text, number=number, flag=flag
        )

    @rule(plot=committed, table=TABLES)
    def supersede(self, plot: int, table: str) -> None:
        self.inventory.run(
            f"UPDATE landbank.{table} SET superseded_at = landbank.change_time()"
            " WHERE plot_id = %(plot)s AND superseded_at IS NULL",
            plot=plot,
        )

    @rule(state=st.sampled_from(["samrad", "antagen", "laga_kraft"]), name=TEXTS)
    def change_plan(self, state: str, name: str | None) -> None:
        self.inventory.run(
            "UPDATE landbank.plan SET state = %(state)s, name = %(name)s WHERE id = (SELECT min(id) FROM landbank.plan)",
            state=state, name=name,
        )  # fmt: skip

    @rule(plot=consumes(committed))
    def end(self, plot: int) -> None:
        self.inventory.run("UPDATE landbank.plot SET valid_to = current_date WHERE id = %(plot)s", plot=plot)
        self.commit()

    @rule(
        target=committed,
        plot=consumes(committed),
        x=PLACES,
        parts=st.integers(1, 3),
        ends_first=st.booleans(),
    )
    def replace(self, plot: int, x: float, parts: int, ends_first: bool) -> Any:
        self.commit()
        made = [self.create(x + part, outlined=True) for part in range(parts)]
        steps: list[Callable[[], Any]] = [
            lambda: self.inventory.run("UPDATE landbank.plot SET valid_to = current_date WHERE id = %(plot)s", plot=plot),
            lambda: self.inventory.run(
                "INSERT INTO landbank.plot_lineage SELECT %(plot)s, made, 'split', current_date FROM unnest(%(made)s) made",
                plot=plot, made=made,
            ),
        ]  # fmt: skip
        for step in steps if ends_first else reversed(steps):
            step()
        self.commit()
        return multiple(*made)

    @rule()
    def keep(self) -> None:
        self.commit()

    @rule()
    def take_back(self) -> None:
        self.inventory.connection.rollback()
        self.inventory.begin()

    def teardown(self) -> None:
        self.inventory.connection.commit()
        if random.Random(self.inventory.operations).random() < 0.1:
            self.inventory.told.append(self.inventory.connection.execute(SNAPSHOT).fetchone())
            self.inventory.connection.commit()
            with self.inventory.landbank.sealing() as store:
                seal_history(store.ledger)


@pytest.fixture(scope="module")
def worked(databases: Callable[[], str]) -> Iterator[Inventory]:
    """An inventory after ten thousand operations."""
    url = databases()
    landbank = open_landbank(Settings(statement_timeout_ms=60_000), url)
    inventory = Inventory(landbank, url)
    inventory.begin()
    inventory.connection.execute("INSERT INTO landbank.municipality (code, name) VALUES ('1441', 'Lerum')")
    inventory.connection.execute(
        "INSERT INTO landbank.plan (municipality_code, reference) VALUES ('1441', 'P1')"
    )
    inventory.connection.commit()
    Planners.inventory = inventory
    many = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    while inventory.operations < OPERATIONS:
        run_state_machine_as_test(Planners, settings=many)
    with landbank.sealing() as store:
        seal_history(store.ledger)
    yield inventory
    inventory.connection.close()
    landbank.close()


def test_nothing_differs_from_the_history(worked: Inventory) -> None:
    with worked.landbank.reading() as store:
        assert list(check_history(store.audit, store.ledger)) == []


def test_events_applied_to_an_empty_table_give_the_current_one_bit_by_bit(worked: Inventory) -> None:
    connection = worked.connection
    with worked.landbank.reading() as store:
        replay = Replay(store.ledger.fact_tables)
        for line in lines_of(store.ledger, lambda _steps: None):
            assert replay.apply(line) == []
        states = {
            noun_id: json.loads(replay.take(noun, noun_id) or "")
            for noun, noun_id in replay.left()
            if noun == "plot"
        }
    rows = [json.dumps({"id": int(number), **state}) for number, state in states.items()]
    connection.execute("CREATE TEMP TABLE replayed (LIKE landbank.plot INCLUDING DEFAULTS) ON COMMIT DROP")
    fields = [name for name in next(iter(states.values())) if name not in {FACTS, SUCCESSORS}]
    named = ", ".join(["id", *fields])
    connection.execute(
        f"INSERT INTO replayed ({named}) SELECT {', '.join(f'r.{name}' for name in ['id', *fields])}"
        " FROM unnest(%s::text[]) t, jsonb_populate_record(NULL::landbank.plot, t::jsonb) r",
        (rows,),
    )
    told = named.replace("geometry", "ST_AsEWKB(geometry)").replace("location", "ST_AsEWKB(location)")
    counts = connection.execute(
        f"""SELECT (SELECT count(*) FROM replayed), (SELECT count(*) FROM landbank.plot),
          (SELECT count(*) FROM (SELECT {told} FROM replayed EXCEPT ALL SELECT {told} FROM landbank.plot) s),
          (SELECT count(*) FROM (SELECT {told} FROM landbank.plot EXCEPT ALL SELECT {told} FROM replayed) s)"""
    ).fetchone()
    connection.rollback()
    assert counts[0] == counts[1] > 0
    assert counts[2:] == (0, 0)


def test_what_was_told_at_a_moment_is_told_of_it_ever_after(worked: Inventory) -> None:
    assert worked.told
    for moment, digest in worked.told:
        found = worked.connection.execute(
            "SELECT md5(string_agg(f::text, '|' ORDER BY plot_id)) FROM landbank.plot_facts_at(%s, current_date, 'infinity') f",
            (moment,),
        ).fetchone()
        assert found[0] == digest
    worked.connection.rollback()
