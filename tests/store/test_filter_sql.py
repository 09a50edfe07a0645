"""Filters as SQL: nothing of a value or a name of the caller's stands in the text; what the folds make of texts."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.dialects import postgresql

from landbank.domain.filter import Selection
from landbank.domain.filter_check import checked
from landbank.domain.filter_text import read_text
from landbank.geo.named_crs import CRS84
from landbank.geo.place_filter import placed
from landbank.store.collections import COLLECTIONS, PLOTS, Collection, Kind
from landbank.store.filter_sql import conditions
from landbank.store.relation import TYPES, Relation, relation_for
from landbank.wiring import Landbank


def sql_of(filter_text: str, collection: Collection = PLOTS) -> str:
    """The text of the statement that a filter becomes."""
    root = placed(checked(read_text(filter_text), collection.queryables), CRS84, collection.outline_srid)
    relation = relation_for(collection, collection.by_name)
    statement = select(relation.key).where(*conditions(relation, Selection(root)))
    return str(statement.compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("name = 'a'", "name = 'x'' OR 1=1 --'"),
        ("name IN ('a')", "name IN ('b', 'c', 'd; DROP TABLE plot')"),
        ("CASEI(name) LIKE CASEI('a%')", "CASEI(name) LIKE CASEI('%'';--')"),
        ("area_m2 > 1", "area_m2 > 900000000"),
        ("area_m2 BETWEEN 1.5 AND 2.5", "area_m2 BETWEEN 1e10 AND 1e20"),
        ("plot_id + 1 = 2 ^ 3", "plot_id + 77 = 5 ^ 9"),
        ("ready_on = DATE('2024-01-01')", "ready_on = DATE('1999-12-31')"),
        (
            "recorded_at < TIMESTAMP('2024-01-01T00:00:00Z')",
            "recorded_at < TIMESTAMP('1999-01-01T05:00:00.5+01:00')",
        ),
        (
            "T_AFTER(ready_on, INTERVAL('2024-01-01', '..'))",
            "T_AFTER(ready_on, INTERVAL('1999-01-01', '..'))",
        ),
        ("S_INTERSECTS(geometry, POINT(12 57))", "S_INTERSECTS(geometry, BBOX(170, -80, -170, 80))"),
        ("within_m(geometry, POINT(12 57), 10)", "within_m(geometry, LINESTRING(12 57, 13 58), 5000)"),
        ("A_CONTAINS(use_codes, ('J'))", "A_CONTAINS(use_codes, ('J', 'K', '''); --'))"),
        ("is_synthetic = true", "is_synthetic = false"),
    ],
)
def test_text_of_the_statement_is_the_same_for_any_value(one: str, other: str) -> None:
    assert sql_of(one) == sql_of(other)


@pytest.mark.parametrize(
    "text",
    ["name = 'needle'", "name LIKE '%needle%'", "name IN ('needle', 'x')", "A_OVERLAPS(tenures, ('needle'))"],
)
def test_no_value_stands_in_the_text_of_the_statement(text: str) -> None:
    assert "needle" not in sql_of(text)


def test_filter_of_a_plots_own_columns_leaves_the_view_of_facts_alone() -> None:
    own = relation_for(PLOTS, {"area_m2", "readiness", "plot_id"})
    derived = relation_for(PLOTS, {"area_m2", "label"})
    assert (str(own.source.element), own.in_facts) == ("landbank.plot", False)
    assert (str(derived.source.element), derived.in_facts) == ("landbank.plot_facts", True)


@pytest.mark.parametrize("name", COLLECTIONS)
def test_every_property_of_every_relation_can_be_read(landbank: Landbank, name: str) -> None:
    collection = COLLECTIONS[name]
    with landbank.reading() as store:
        for relation in (Relation(collection, in_facts=False), Relation(collection, in_facts=True)):
            columns = [relation.value(one.name) for one in collection.columns if relation.has(one.name)]
            store.connection.execute(
                select(relation.key, relation.outline, relation.geometry, *columns).limit(1)
            )


def test_plot_and_its_facts_agree_on_what_is_the_plots_own(landbank: Landbank) -> None:
    with landbank.reading() as store:
        definition = str(store.connection.scalar(text("SELECT pg_get_viewdef('landbank.plot_facts')")))
    differing = [
        one.name
        for one in PLOTS.columns
        if PLOTS.own and one.name in PLOTS.own and one.name != "plot_id" and f"p.{one.name}" not in definition
    ]
    assert differing == []


def fold(landbank: Landbank, function: str, value: str) -> str:
    """What one of the folding functions makes of a text."""
    with landbank.reading() as store:
        return str(store.connection.scalar(text(f"SELECT landbank.{function}(:value)"), {"value": value}))


def test_texts_are_folded_without_any_extension(landbank: Landbank) -> None:
    # By hand, after Unicode 15.0, 3.13 (case) and canonical decomposition (accents).
    assert [fold(landbank, "fold_case", told) for told in ("ÅÄÖ", "STRASSE", "Straße", "ΌΔΟΣ", "ΌΔΟς")] == [
        "åäö",
        "strasse",
        "strasse",
        "όδοσ",
        "όδοσ",
    ]
    assert [
        fold(landbank, "fold_accents", told) for told in ("Åäö é", "A\u030a", "Søren Æbelø", "Łódź", "한글")
    ] == [
        "Aao e",
        "A",
        "Soren AEbelo",
        "Lodz",
        "한글",
    ]
    with landbank.reading() as store:
        there = store.connection.scalar(text("SELECT count(*) FROM pg_extension WHERE extname = 'unaccent'"))
        immutable = store.connection.scalars(
            text("SELECT provolatile FROM pg_proc WHERE proname IN ('fold_case', 'fold_accents')")
        ).all()
    assert (there, list(immutable)) == (0, ["i", "i"])


def test_every_kind_of_column_has_a_type() -> None:
    assert {one.kind for collection in COLLECTIONS.values() for one in collection.columns} <= set(TYPES)
    assert Kind.GEOMETRY not in TYPES
