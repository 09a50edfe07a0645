"""What a document changes of a plot: kinds, bounds, codes, facts by id, sources; all faults at once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from landbank.domain.plot_content import Changes, Check, InvalidDocument

DAY = date(2026, 11, 24)
DEGREE = "DP_KM_Eg_Utnytt_StorstaAreaProc_ByggnadsEgen"
USE = {
    "id": 7, "code": "J", "precision_text": None, "is_excluded": False, "degree": None, "degree_code": None,
    "degree_bound": None, "source": None, "confirmed_on": None,
}  # fmt: skip
BASE: dict[str, Any] = {
    "reference": "A1", "name": "Ett", "height_max_m": 12.0, "uses": [USE], "restrictions": [], "utilities": [],
    "accesses": [], "prices": [], "sources": {"height_max_m": {"source": "Plan", "confirmed_on": "2026-01-01"}},
}  # fmt: skip


def changes(**changed: Any) -> Changes:
    """What a document with these members instead of the standing ones changes."""
    check = Check(DAY, frozenset({DEGREE}))
    found = check.changes(BASE, BASE | changed)
    check.refuse_faults()
    return found


def faults(**changed: Any) -> dict[str, str]:
    """The faults of such a document, text by pointer."""
    with pytest.raises(InvalidDocument) as refusal:
        changes(**changed)
    return {fault.pointer: fault.text for fault in refusal.value.faults}


def test_same_document_changes_nothing() -> None:
    assert changes().is_empty


def test_single_values_are_read_in_their_kind() -> None:
    found = changes(
        height_max_m=18, available_on="2027-06-30", tenures=["tomtratt", "forsaljning", "tomtratt"], name=None,
        is_subdividable=False, property_designations=["Lerum Berg 1:2", "Lerum Berg 1:2"],
    ).values  # fmt: skip

    assert found == {
        "name": None, "property_designations": ["Lerum Berg 1:2"], "available_on": date(2027, 6, 30),
        "tenures": ["forsaljning", "tomtratt"], "is_subdividable": False, "height_max_m": 18.0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("reference", None),
        ("reference", "  "),
        ("reference", "x" * 101),
        ("name", 5),
        ("name", "a\x00b"),
        ("height_max_m", "18"),
        ("height_max_m", True),
        ("height_max_m", 501),
        ("height_max_m", float("inf")),
        ("available_on", "2027-6-30"),
        ("available_on", "2027-02-30"),
        ("available_on", 20270630),
        ("confirmed_on", "2026-11-25"),
        ("planning_state", "klar"),
        ("planning_state", ["samrad"]),
        ("tenures", "forsaljning"),
        ("tenures", ["hyra"]),
        ("is_subdividable", "ja"),
        ("area_id", 0),
        ("area_id", 1.5),
        ("area_id", 2**63),
        ("source_url", "javascript:alert(1)"),
        ("source_url", "https://"),
        ("uses", {"code": "J"}),
        ("uses", [{"code": "J"}] * 201),
        ("sources", ["Plan"]),
    ],
)
def test_value_that_can_not_be_is_refused_at_its_place(name: str, value: Any) -> None:
    assert list(faults(**{name: value})) == [f"/{name}"]


def test_all_faults_are_found_at_once_with_their_pointers() -> None:
    found = faults(
        height_max_m=-1, uses=[{"code": "Ö", "colour": "blå"}], sources={"colour": {"source": "x"}}
    )

    assert set(found) == {"/height_max_m", "/uses/0/code", "/uses/0/colour", "/sources/colour"}


def test_fact_keeps_its_row_while_it_says_the_same() -> None:
    assert changes(uses=[{"id": 7, "code": "J", "is_excluded": False}]).is_empty


def test_fact_that_differs_ends_and_begins_anew() -> None:
    found = changes(uses=[{"id": 7, "code": "J", "precision_text": "ej skrot"}])

    assert found.ended["uses"] == (7,)
    assert [(fact["code"], fact["precision_text"]) for fact in found.begun["uses"]] == [("J", "ej skrot")]


def test_fact_that_is_left_out_ends_and_one_without_an_id_is_new() -> None:
    found = changes(uses=[{"code": "Z"}], restrictions=[{"kind": "buller"}])

    assert found.ended["uses"] == (7,)
    assert found.begun["uses"][0]["code"] == "Z"
    assert found.begun["restrictions"][0]["is_blocking"] is False


@pytest.mark.parametrize("fact_id", [8, "7", True, -1])
def test_fact_of_another_plot_is_refused(fact_id: Any) -> None:
    assert list(faults(uses=[{"id": fact_id, "code": "J"}])) == ["/uses/0/id"]


def test_fact_is_named_once() -> None:
    assert list(faults(uses=[{"id": 7, "code": "J", "is_excluded": False}, {"id": 7, "code": "K"}])) == [
        "/uses/1/id"
    ]


@pytest.mark.parametrize(
    ("noun", "fact", "field"),
    [
        ("uses", {"code": "J", "degree": 40}, "degree_code"),
        ("uses", {"code": "J", "degree": 40, "degree_code": "E1"}, "degree_code"),
        ("utilities", {"kind": "el", "capacity": 5}, "capacity_unit"),
        ("utilities", {"kind": "el", "capacity": 5, "capacity_unit": "hk"}, "capacity_unit"),
        ("accesses", {"kind": "port", "method": "declared"}, "distance_m"),
        (
            "prices",
            {
                "tenure": "forsaljning",
                "basis": "tomtarea",
                "price_sek_per_m2": 500,
                "price_max_sek_per_m2": 400,
            },
            "price_max_sek_per_m2",
        ),
    ],
)
def test_fact_that_contradicts_itself_is_refused(noun: str, fact: dict[str, Any], field: str) -> None:
    assert list(faults(**{noun: [fact]})) == [f"/{noun}/0/{field}"]


def test_degree_with_its_provision_is_taken() -> None:
    fact = {"code": "J", "degree": 40, "degree_code": DEGREE, "degree_bound": "max"}

    assert changes(uses=[{"id": 7, "code": "J"}, fact]).begun["uses"][-1]["degree"] == 40.0


def test_source_of_a_value_is_stated_replaced_and_taken_away() -> None:
    assert changes(sources={}).sources == {"height_max_m": None}
    found = changes(sources=BASE["sources"] | {"area_declared_m2": {"source": "Mätning", "method": "GPS"}})
    assert found.sources == {
        "area_declared_m2": {"source": "Mätning", "method": "GPS", "note": None, "confirmed_on": None}
    }
