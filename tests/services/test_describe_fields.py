"""The data dictionary covers the schema as the database has it."""

from __future__ import annotations

from landbank.codelists.fields import load_fields
from landbank.services.describe_fields import as_json, describe_fields
from landbank.store.schema import Schema
from landbank.wiring import Landbank


def test_every_column_of_the_database_has_a_meaning_in_both_languages(landbank: Landbank) -> None:
    with landbank.reading() as store:
        tables = describe_fields(Schema(store.connection).columns(), load_fields())
    assert {"plot", "plot_use", "restriction", "utility", "access", "price", "plot_facts"} <= {
        t.name for t in tables
    }
    assert all(field.meaning_sv and field.meaning_en for table in tables for field in table.fields)


def test_no_definition_is_left_without_a_column(landbank: Landbank) -> None:
    with landbank.reading() as store:
        there = {(shape.table, shape.name) for shape in Schema(store.connection).columns()}
    defined = load_fields().fields
    stray = [
        (table, name)
        for table, fields in defined.items()
        if table not in {"shared", "view"}
        for name in fields
        if (table, name) not in there
    ]
    assert stray == []
    assert [name for name in defined["view"] if ("plot_facts", name) not in there] == []


def test_power_says_its_unit_keeper_and_age(landbank: Landbank) -> None:
    with landbank.reading() as store:
        told = as_json(describe_fields(Schema(store.connection).columns(), load_fields()))
    (facts,) = [table for table in told["tables"] if table["name"] == "plot_facts"]
    (power,) = [field for field in facts["fields"] if field["name"] == "power_mw"]
    assert (power["unit"], power["keeper"]["id"], power["max_age_days"]) == ("MW", "grid", 180)


def test_short_names_fit_shapefile_and_are_unique_in_an_export() -> None:
    from landbank.exchange.attributes import ATTRIBUTES, RANKING
    from landbank.services.export_plots import describe_attribute

    rows = [describe_attribute(attribute.name, load_fields()) for attribute in (*RANKING, *ATTRIBUTES)]
    names = [row.short_name for row in rows]
    assert [name for name in names if len(name) > 10] == []
    assert sorted(names) == sorted(set(names))
