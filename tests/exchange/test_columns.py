"""Which column fills which field."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from landbank.exchange.attributes import ATTRIBUTES
from landbank.exchange.columns import Columns, suggest
from landbank.exchange.identity import municipality_words
from landbank.exchange.targets import DERIVED, TARGETS, plain

WORDS = municipality_words({"1441": "Lerum", "1480": "Göteborg"})


def mapped(**columns: list[Any]) -> dict[str, tuple[str, str | None]]:
    """Field: (column, unit) of the suggestion."""
    return {choice.target: (choice.column, choice.unit) for choice in suggestion(columns).choices}


def suggestion(columns: dict[str, list[Any]]) -> Columns:
    """The suggestion for columns given as lists."""
    return suggest({name: pa.array(values) for name, values in columns.items()}, WORDS)


def test_swedish_headers() -> None:
    assert mapped(
        beteckning=["A1", "A2"],
        kommunkod=["1441", "1441"],
        areal_ha=[1.5, 2.0],
        status=["ledig", "såld"],
        planstatus=["laga kraft", "samråd"],
        pris_kr_m2=[300, 400],
        el_mw=[2.5, None],
    ) == {
        "reference": ("beteckning", None),
        "municipality": ("kommunkod", None),
        "area_declared_m2": ("areal_ha", "ha"),
        "availability": ("status", None),
        "planning_state": ("planstatus", None),
        "price_sek_per_m2": ("pris_kr_m2", "krm2"),
        "power_mw": ("el_mw", "mw"),
    }


def test_headers_of_a_british_register() -> None:
    found = mapped(SiteReference=["BP01", "BP02"], SiteNameAddress=["High Street", "Low Road"], Hectares=[0.4, 0.2],
                   GeoX=[1, 2], OwnershipStatus=["not owned by a public authority", "mixed ownership"])  # fmt: skip
    assert found == {
        "reference": ("SiteReference", None),
        "name": ("SiteNameAddress", None),
        "area_declared_m2": ("Hectares", "hectares"),
    }


def test_column_with_a_fitting_name_and_foreign_words_is_not_taken() -> None:
    columns = suggestion({"status": ["blå", "grön"], "namn": ["a", "b"]})
    assert columns.of("availability") is None
    assert "'blå'" in columns.unmapped["status"]


def test_values_tell_what_a_header_does_not() -> None:
    assert mapped(falt7=["Lerum Berg 1:2", "Lerum Aspen 3:14"], kolumn3=["ledig", "reserverad"]) == {
        "property_designations": ("falt7", None),
        "availability": ("kolumn3", None),
    }


def test_code_of_anything_else_is_no_municipality() -> None:
    assert mapped(kod=["X1", "X2"]) == {}
    assert mapped(kod=["1441", "1480"]) == {"municipality": ("kod", None)}


def test_column_whose_values_repeat_is_no_reference() -> None:
    assert "reference" not in mapped(beteckning=["J"] * 10)


def test_area_without_unit_is_left_open() -> None:
    assert mapped(area=[1.5, 2.0]) == {"area_declared_m2": ("area", None)}


def test_every_column_is_taken_or_listed() -> None:
    columns = suggestion({"a": [1], "b": [None], "namn": ["x"], "plot_id": [5]})
    assert {choice.column for choice in columns.choices} | set(columns.unmapped) == {
        "a",
        "b",
        "namn",
        "plot_id",
    }
    assert columns.unmapped["plot_id"] == "landbank keeps it itself"


NOT_IMPORTED = {
    # of a plan, a contact, a restriction or another noun, which have tables of their own
    "municipality_name", "plan_name", "plan_document_url", "legal_force_on", "implementation_ends_on",
    "restriction_kinds", "blocking_kind", "degree", "degree_code", "height_basis", "lease_sek_per_m2_year",
    "sales_contact_title", "sales_contact_email", "sales_contact_phone", "steward_title", "area_m2",
}  # fmt: skip


@pytest.mark.parametrize("name", [attribute.name for attribute in ATTRIBUTES])
def test_every_column_of_an_export_is_a_field_or_has_a_reason_not_to_be(name: str) -> None:
    heads = {target.headers[0] for target in TARGETS.values()} | {plain("municipality_code")}
    assert plain(name) in heads or plain(name) in DERIVED or name in NOT_IMPORTED
