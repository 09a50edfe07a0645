"""What the inventory said at a moment is read again as it was said, by the same statements and by index."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import shapely
from sqlalchemy import text

from landbank.domain.filter import Call, Kind, Property, Selection, Shape
from landbank.domain.filter_check import checked
from landbank.domain.filter_text import read_text
from landbank.domain.moment import Asked
from landbank.errors import Invalid
from landbank.geo.crs import TILE
from landbank.geo.tile import Tile
from landbank.services.match_need import HeldColumns
from landbank.settings import Settings
from landbank.store.collections import COLLECTIONS, PLOTS, RESTRICTIONS
from landbank.store.paging import SortKey
from landbank.store.past import BOUND, Reader, at
from landbank.store.plot_page import FACTS
from landbank.store.unit import Store
from landbank.wiring import Landbank, open_landbank

CHANGES = (
    """INSERT INTO landbank.municipality (code, name) VALUES ('1441', 'Lerum');
       INSERT INTO landbank.area (municipality_code, name) VALUES ('1441', 'Ängen');
       INSERT INTO landbank.plan (municipality_code, reference, state) VALUES ('1441', 'P1', 'samrad')""",
    """INSERT INTO landbank.plot (municipality_code, area_id, plan_id, reference, dataset, readiness, availability, area_m2,
         geometry, location)
       SELECT '1441', (SELECT id FROM landbank.area), (SELECT id FROM landbank.plan), 'A' || n, 'test', 'byggklar',
         'ledig', 1000 * n, ST_Multi(ST_MakeEnvelope(330000 + 100 * n, 6400000, 330050 + 100 * n, 6400050, 3006)),
         ST_Point(330025 + 100 * n, 6400025, 3006) FROM generate_series(1, 3) n;
       INSERT INTO landbank.plot_use (plot_id, code) SELECT id, 'J' FROM landbank.plot;
       INSERT INTO landbank.restriction (plot_id, kind, is_blocking) SELECT id, 'buller', true FROM landbank.plot
         WHERE reference = 'A3'""",
    """UPDATE landbank.plot SET geometry = ST_Translate(geometry, 50000, 0), location = ST_Translate(location, 50000, 0)
         WHERE reference = 'A1';
       UPDATE landbank.plot_use SET superseded_at = landbank.change_time() WHERE plot_id IN
         (SELECT id FROM landbank.plot WHERE reference = 'A1');
       INSERT INTO landbank.utility (plot_id, kind, capacity, capacity_unit) SELECT id, 'el', 4, 'MW' FROM landbank.plot
         WHERE reference = 'A1'""",
    """UPDATE landbank.plan SET state = 'laga_kraft', name = 'Plan för Ängen';
       UPDATE landbank.area SET name = 'Nya Ängen'; UPDATE landbank.municipality SET name = 'Lerums kommun'""",
    """UPDATE landbank.plot SET availability = 'sald' WHERE reference = 'A2';
       UPDATE landbank.restriction SET superseded_at = landbank.change_time()""",
    """UPDATE landbank.plot SET valid_to = current_date WHERE reference = 'A2'""",
)
"""Six changes: the frame, three plots, one moves, plan and names change, one is sold, and it ends."""

HERE = Tile(11, 1093, 619)


@dataclass(frozen=True, slots=True)
class Told:
    """What was read right after a change, and when."""

    moment: datetime
    answers: dict[str, Any]


INSIDE = Selection(
    Call(
        "s_intersects",
        (
            Property("geometry", at="", kind=Kind.GEOMETRY),
            Shape(shapely.box(1_350_000.0, 7_900_000.0, 1_360_000.0, 7_920_000.0), at="", srid=TILE),
        ),
        at="",
    )
)


def selected(condition: str) -> Selection:
    """What a filter selects of plots or restrictions."""
    return Selection(checked(read_text(condition), PLOTS.queryables | RESTRICTIONS.queryables))


def answers(store: Store) -> dict[str, Any]:
    """Everything that reading statements give, once through each noun."""
    ids = list(range(1, 4))
    pages = {name: store.features.page(one).features for name, one in COLLECTIONS.items()}
    order = (SortKey("area_m2", is_descending=True), SortKey("label"))
    sorted_page = store.features.page(
        PLOTS, selected("ready_on <= today() OR restriction_count >= 0"), order=order, limit=2
    )
    columns = HeldColumns().of(store.catalogue)
    return {
        "pages": pages,
        "inside": store.features.page(PLOTS, INSIDE).features,
        "sorted": (sorted_page.features, sorted_page.next_after),
        "numbers": [store.features.number(PLOTS, INSIDE), store.features.count(RESTRICTIONS, selected("is_blocking = false"))],
        "items": [store.features.item(PLOTS, number) for number in ids],
        "count": store.features.count(PLOTS),
        "exports": [list(store.exports.batches()), store.exports.count()],
        "plots": [store.plot_pages.plot(number) for number in ids],
        "ended": [store.plot_pages.ended(number) for number in ids],
        "facts": {(kind, number): store.plot_pages.facts(kind, number) for kind in FACTS for number in ids},
        "cards": store.plot_pages.cards(ids),
        "fates": [store.plots.fate(number) for number in ids],
        "named": store.catalogue.named(ids),
        "sums": store.standing.label_sums(),
        "municipalities": store.standing.municipalities(),
        "columns": [columns.plot_id.tolist(), columns.area_m2.tolist(), columns.is_blocked.tolist(), columns.use.tolist(),
                    columns.availability.tolist(), columns.planning_state.tolist(), columns.power.mw.tolist()],
    }  # fmt: skip


@pytest.fixture(scope="module")
def lived(databases: Callable[[], str]) -> Iterator[tuple[Landbank, list[Told]]]:
    """A landbank with six changes, and what it said after each of them."""
    landbank = open_landbank(Settings(), databases())
    told = []
    for change in CHANGES:
        with landbank.changing(actor="test") as store:
            for statement in change.split(";"):
                store.connection.execute(text(statement))
        with landbank.reading() as store:
            now = store.connection.execute(text("SELECT now()")).scalar_one()
            told.append(Told(now, answers(store)))
        time.sleep(0.002)
    yield landbank, told
    landbank.close()


@pytest.mark.parametrize("number", range(len(CHANGES)))
def test_every_reading_says_again_what_it_said_then(lived: tuple[Landbank, list[Told]], number: int) -> None:
    landbank, told = lived
    with landbank.reading(Asked(told[number].moment)) as store:
        again = answers(store)
    for name, answer in told[number].answers.items():
        assert again[name] == answer, name


def test_tiles_say_again_what_they_said_then(lived: tuple[Landbank, list[Told]]) -> None:
    landbank, told = lived

    async def draw() -> list[bytes]:
        tiles = landbank.open_tiles()
        moments = [await tiles.moment(Asked(one.moment)) for one in told]
        drawn = [(await tiles.plots(HERE, moment)).content for moment in moments]
        drawn.append((await tiles.plots(HERE)).content)
        few = landbank.open_tiles()
        few.most_features = 1
        drawn.append((await few.plots(Tile(8, 136, 77), moments[1])).content)
        await tiles.close()
        await few.close()
        return drawn

    contents = asyncio.run(draw())
    plots = [content.count(b"byggklar") > 0 for content in contents[: len(told)]]
    assert plots == [False, True, True, True, True, True]
    assert contents[0] == b""
    assert (
        len(set(contents[: len(told)])) == 6
    )  # a plot, a move, a plan's state, a sale and an end each show here
    assert contents[len(told)] == contents[len(told) - 1]
    assert b"clusters" in contents[-1]


def test_another_day_moves_what_is_judged_by_dates(landbank: Landbank) -> None:
    with landbank.changing(actor="test") as store:
        for statement in (
            "INSERT INTO landbank.municipality (code, name) VALUES ('1441', 'Lerum')",
            """INSERT INTO landbank.plot (municipality_code, reference, dataset, planning_state, readiness, availability,
                 availability_until, valid_from, location)
               SELECT '1441', 'A' || n, 'test', 'laga_kraft', 'byggklar', 'reserverad', date '2026-02-28',
                 date '2026-01-01' + 100 * n, ST_Point(330000, 6400000, 3006) FROM generate_series(0, 1) n""",
        ):
            store.connection.execute(text(statement))

    def labels(day: date | None) -> list[str]:
        with landbank.reading(Asked(None, day) if day else None) as store:
            return [feature.properties["label"] for feature in store.features.page(PLOTS).features]

    assert labels(date(2026, 2, 28)) == ["reserverad"]
    assert labels(date(2026, 3, 1)) == ["ledig_nu"]
    assert labels(date(2026, 4, 11)) == ["ledig_nu", "ledig_nu"]
    assert labels(None) == ["ledig_nu", "ledig_nu"]


def test_day_means_its_end_and_moment_itself(lived: tuple[Landbank, list[Told]]) -> None:
    landbank, told = lived
    today = told[0].moment.date()
    with landbank.reading(Asked(today)) as store:
        assert store.moment is not None
        assert (store.moment.revision, store.moment.is_settled) == (13, False)
        assert store.moment.valid_on == today
    with landbank.reading(Asked(told[0].moment)) as store:
        assert store.moment is not None
        assert (store.moment.revision, store.moment.is_settled) == (3, True)
    with landbank.reading(Asked(today - timedelta(days=1))) as store:
        assert store.moment is not None
        assert store.moment.revision == 0
        assert store.features.count(PLOTS) == 0


def test_future_is_refused_by_the_clock_of_the_database(lived: tuple[Landbank, list[Told]]) -> None:
    landbank, told = lived
    with pytest.raises(Invalid, match="future"), landbank.reading(Asked(told[0].moment + timedelta(days=2))):
        pass


def test_columns_of_the_past_leave_those_of_now_alone(lived: tuple[Landbank, list[Told]]) -> None:
    landbank, told = lived
    held = HeldColumns()
    with landbank.reading() as store:
        now = held.of(store.catalogue)
    then = []
    for one in told:
        with landbank.reading(Asked(one.moment)) as store:
            then.append(held.of(store.catalogue))
            assert held.of(store.catalogue) is then[-1]
    with landbank.reading() as store:
        assert held.of(store.catalogue) is now
    assert [len(columns) for columns in then] == [0, 3, 3, 3, 3, 2]
    assert len(held._past) == 3


def test_plot_is_found_in_the_past_by_its_keys(lived: tuple[Landbank, list[Told]]) -> None:
    landbank, told = lived
    with landbank.reading(Asked(told[2].moment)) as store:
        store.connection.execute(text("SET LOCAL enable_seqscan = off"))
        reader = Reader(store.connection, store.moment)
        plan = "\n".join(
            row[0] for row in reader.execute("EXPLAIN SELECT * FROM landbank.plot_facts WHERE plot_id = 1")
        )
    for index in (
        "pk_plot",
        "pk_plot_version",
        "ix_plot_use_plot_id_current",
        "ix_plot_use_plot_id_superseded",
    ):
        assert index in plan
    assert "Function Scan on plot" not in plan


def test_statement_for_now_goes_out_as_it_stands(landbank: Landbank) -> None:
    with landbank.reading() as store:
        rows = Reader(store.connection).execute("SELECT 'landbank.plot p', current_date::text").one()
    assert rows[0] == "landbank.plot p"


def test_translation_names_the_functions_of_the_past() -> None:
    statement = "SELECT * FROM landbank.plot p JOIN landbank.plan ON plan.id = p.plan_id WHERE superseded_at IS NULL AND d > CURRENT_DATE"
    assert at(statement, as_of="$1", day="$2", begun_by="$3") == (
        "SELECT * FROM landbank.plot_at($1, $3) p JOIN landbank.plan_at($1) AS plan ON plan.id = p.plan_id"
        " WHERE true AND d > $2"
    )
    assert (
        at("landbank.plot_lineage l, landbank.plot_at(1) x", **BOUND)
        == "landbank.plot_lineage l, landbank.plot_at(1) x"
    )


def test_functions_of_the_past_have_the_columns_of_what_they_stand_for(landbank: Landbank) -> None:
    with landbank.reading() as store:
        for name, arguments in {
            "plot_facts": "now(), current_date, 'infinity'",
            "restriction_facts": "now(), current_date, 'infinity'", "plot": "now(), 'infinity'", "plan": "now()", "area": "now()",
            "municipality": "now()", "infrastructure": "now()", "plot_use": "now()", "restriction": "now()",
            "utility": "now()", "access": "now()", "price": "now()", "value_source": "now()",
        }.items():  # fmt: skip
            now = store.connection.execute(text(f"SELECT * FROM landbank.{name} LIMIT 0")).keys()
            then = store.connection.execute(
                text(f"SELECT * FROM landbank.{name}_at({arguments}) LIMIT 0")
            ).keys()
            assert list(then) == list(now), f"a migration changed {name}: let it end with make_derived()"
