"""Pages in any order: every item once, unknown values last, whatever is edited between two pages; and how many there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from landbank.domain.filter import EVERYTHING, Selection
from landbank.domain.filter_check import checked
from landbank.domain.filter_text import read_text
from landbank.errors import Invalid
from landbank.settings import Settings
from landbank.store.collections import PLOTS
from landbank.store.features import Feature, Form, Shown
from landbank.store.paging import SortKey
from landbank.store.unit import Store
from landbank.wiring import Landbank, open_landbank

SORTABLE = ("name", "area_m2", "ready_on", "is_subdividable", "recorded_at", "reference", "label", "plot_id")
BARE = Shown(names=(*SORTABLE, "municipality_code"), form=Form.NONE)


@pytest.fixture(scope="module")
def plots(databases: Callable[[], str]) -> Iterator[Landbank]:
    """Sixty plots whose values repeat and are often unknown."""
    landbank = open_landbank(Settings(), databases())
    with landbank.changing(actor="test") as store:
        store.connection.execute(
            text("INSERT INTO landbank.municipality (code, name) VALUES ('1480', 'Göteborg')")
        )
        store.connection.execute(
            text(
                "INSERT INTO landbank.plot (municipality_code, reference, name, dataset, area_m2, area_method, ready_on,"
                " is_subdividable, availability, location)"
                " SELECT '1480', 'R' || n, (ARRAY['å', 'ä', 'Z', 'a', NULL, ''])[1 + n % 6], 'test',"
                " nullif((n * 7) % 5, 0) * 1000.5, 'computed', (ARRAY['2024-01-01'::date, '2025-01-01', NULL])[1 + n % 3],"
                " (ARRAY[true, false, NULL])[1 + n % 3], (ARRAY['sald', 'ledig', NULL])[1 + n % 3],"
                " ST_Point(310000 + n, 6400000, 3006) FROM generate_series(1, 60) n"
            )
        )
    yield landbank
    landbank.close()


def pages(store: Store, order: tuple[SortKey, ...], limit: int) -> Iterator[tuple[Feature, ...]]:
    """All pages one after the other."""
    after = None
    while True:
        page = store.features.page(PLOTS, EVERYTHING, shown=BARE, order=order, after=after, limit=limit)
        yield page.features
        after = page.next_after
        if after is None:
            return


def rank(feature: Feature, key: SortKey) -> Any:
    """What Python sorts by to the same end: known before unknown, texts by code point."""
    value = feature.properties[key.name]
    return (value is None, value if value is not None else 0)


ORDERS = st.lists(st.sampled_from(SORTABLE), unique=True, max_size=3).flatmap(
    lambda names: st.tuples(
        *(st.booleans().map(lambda down, name=name: SortKey(name, down)) for name in names)
    )
)


@given(order=ORDERS, limit=st.integers(1, 70))
@settings(max_examples=20, deadline=None)
def test_pages_of_any_order_hold_every_item_once_and_in_order(
    plots: Landbank, order: tuple[SortKey, ...], limit: int
) -> None:
    with plots.reading() as store:
        found = [feature for page in pages(store, order, limit) for feature in page]
        everything = list(store.features.page(PLOTS, shown=BARE, limit=1000).features)
    expected = sorted(everything, key=lambda one: one.key)
    for key in reversed(order):
        known = [one for one in expected if one.properties[key.name] is not None]
        unknown = [one for one in expected if one.properties[key.name] is None]
        known.sort(key=lambda one, key=key: rank(one, key), reverse=key.is_descending)
        expected = known + unknown
    assert [one.key for one in found] == [one.key for one in expected]


def test_edits_between_pages_neither_repeat_nor_lose_what_was_not_edited(landbank: Landbank) -> None:
    with landbank.changing(actor="test") as store:
        store.connection.execute(
            text("INSERT INTO landbank.municipality (code, name) VALUES ('1480', 'Göteborg')")
        )
        store.connection.execute(
            text(
                "INSERT INTO landbank.plot (municipality_code, reference, dataset, area_m2, area_method, location)"
                " SELECT '1480', 'R' || n, 'test', n, 'computed', ST_Point(310000, 6400000, 3006)"
                " FROM generate_series(1, 10) n"
            )
        )
    order = (SortKey("area_m2", is_descending=True),)
    with landbank.reading() as store:
        first = store.features.page(PLOTS, shown=BARE, order=order, limit=4)
    assert [one.properties["reference"] for one in first.features] == ["R10", "R9", "R8", "R7"]
    with landbank.changing(
        actor="test"
    ) as store:  # the last of the page ends, one of it moves down, a new one comes
        insert = (
            "INSERT INTO landbank.plot (municipality_code, reference, dataset, area_m2, area_method, location)"
            " VALUES ('1480', 'new', 'test', 9.5, 'computed', ST_Point(310000, 6400000, 3006))"
        )
        for statement in (
            "UPDATE landbank.plot SET valid_to = current_date WHERE reference = 'R7'",
            "UPDATE landbank.plot SET area_m2 = 0.5 WHERE reference = 'R9'",
            insert,
        ):
            store.connection.execute(text(statement))
    with landbank.reading() as store:
        second = store.features.page(PLOTS, shown=BARE, order=order, after=first.next_after, limit=100)
    assert [one.properties["reference"] for one in second.features] == [
        "R6",
        "R5",
        "R4",
        "R3",
        "R2",
        "R1",
        "R9",
    ]


def selected(filter_text: str) -> Selection:
    """The selection of a filter without shapes."""
    return Selection(checked(read_text(filter_text), PLOTS.queryables))


def test_number_is_exact_while_counting_is_cheap(plots: Landbank) -> None:
    with plots.reading() as store:
        number = store.features.number(PLOTS, selected("name = 'å'"))
    assert (number.value, number.is_exact) == (10, True)


def test_count_that_takes_too_long_becomes_an_estimate_and_leaves_the_transaction_whole(
    plots: Landbank,
) -> None:
    with plots.reading() as store:
        before = store.connection.scalar(text("SHOW statement_timeout"))
        exact = store.features.number(PLOTS, budget_ms=5_000, cheap_cost=0)
        assert store.connection.scalar(text("SHOW statement_timeout")) == before
        # Eighty foldings of sixty texts take longer than the millisecond they are given.
        slow = "CASEI(ACCENTI(name)) LIKE '%a%b%' OR " * 40 + "name = 'å'"
        guess = store.features.number(PLOTS, selected(slow), budget_ms=1, cheap_cost=0)
        assert store.connection.scalar(text("SHOW statement_timeout")) == before
        assert store.features.count(PLOTS) == 60
    assert (exact.value, exact.is_exact) == (60, True)
    assert not guess.is_exact
    assert 0 <= guess.value <= 60


def test_filter_that_no_number_answers_is_the_callers_fault(plots: Landbank) -> None:
    with plots.reading() as store, pytest.raises(Invalid, match="can't be worked out"):
        store.features.count(PLOTS, selected("area_m2 ^ 1000 > 1"))


def test_division_by_zero_is_unknown(plots: Landbank) -> None:
    with plots.reading() as store:
        for condition in ("area_m2 / 0 > 1", "NOT (area_m2 / 0 > 1)", "plot_id % 0 = 1", "plot_id div 0 = 1"):
            assert store.features.count(PLOTS, selected(condition)) == 0, condition
