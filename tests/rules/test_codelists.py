"""The code lists agree with the code, with each other and with the registers they come from."""

from __future__ import annotations

import csv
import tomllib
from enum import StrEnum
from pathlib import Path

import pytest

from landbank import codelists
from landbank.domain import codes
from landbank.domain.criteria import USE_CODES

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data"


def register(name: str, column: str) -> list[dict[str, str]]:
    """The rows of a published register; skips where it is absent."""
    path = SHARED / name
    if not path.is_file():
        pytest.skip(f"the register {name} is not there")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    assert column in rows[0]
    return rows


@pytest.mark.parametrize("name", codelists.ENUM_OF_LIST)
def test_every_code_has_an_entry_and_every_entry_a_code(name: str) -> None:
    assert set(codelists.terms(name)) == {str(code) for code in codelists.ENUM_OF_LIST[name]}


def test_every_closed_list_of_the_domain_has_a_file() -> None:
    closed = {
        value
        for value in vars(codes).values()
        if isinstance(value, type) and issubclass(value, StrEnum) and value is not StrEnum
    }
    assert closed == set(codelists.ENUM_OF_LIST.values())


def test_every_term_has_labels_and_definitions_in_both_languages() -> None:
    terms = [term for name in codelists.ENUM_OF_LIST for term in codelists.terms(name).values()]
    terms += [use.term for use in codelists.land_uses().values()]
    terms += codelists.provision_letters().values()
    without = [
        term.code for term in terms if not (term.sv and term.en and term.definition_sv and term.definition_en)
    ]
    assert without == []
    assert [term.code for term in terms if term.definition_sv == term.definition_en] == []


def test_labels_of_a_list_differ_from_one_another() -> None:
    for name in codelists.ENUM_OF_LIST:
        for language in ("sv", "en"):
            labels = [term.label(language) for term in codelists.terms(name).values()]
            assert len(set(labels)) == len(labels), (name, language)


def test_every_file_states_source_licence_and_date() -> None:
    for file in (ROOT / "data").glob("*.toml"):
        source = tomllib.loads(file.read_text(encoding="utf-8"))["source"]
        assert {"title", "publisher", "licence", "date"} <= set(source), file.name


def test_the_readme_names_every_file() -> None:
    told = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    assert [file.name for file in (ROOT / "data").glob("*.toml") if f"| {file.name} |" not in told] == []


def test_the_13_municipalities_have_the_codes_of_statistics_sweden() -> None:
    assert {m.name: m.code for m in codelists.municipalities().values()} == {
        "Ale": "1440", "Alingsås": "1489", "Göteborg": "1480", "Härryda": "1401", "Kungsbacka": "1384",
        "Kungälv": "1482", "Lerum": "1441", "Lilla Edet": "1462", "Mölndal": "1481", "Partille": "1402",
        "Stenungsund": "1415", "Tjörn": "1419", "Öckerö": "1407",
    }  # fmt: skip
    assert all(m.county_code == code[:2] for code, m in codelists.municipalities().items())


def test_the_matching_knows_the_same_uses() -> None:
    assert set(codelists.land_uses()) == set(USE_CODES)


def test_industry_is_not_reported_as_farming() -> None:
    industry = codelists.land_uses()["J"]
    assert industry.hilucs == ("2_SecondaryProduction", "4_2_LogisticalAndStorageServices")
    assert industry.catalogue_hilucs == "PrimaryProduction"
    assert industry.why


def test_every_use_is_mapped_to_hilucs_values_with_labels() -> None:
    used = {value for use in codelists.land_uses().values() for value in use.hilucs}
    assert used <= set(codelists.hilucs())


def test_plan_states_map_to_inspire_values() -> None:
    steps = set(codelists.inspire_values("process_step_general"))
    assert {term.inspire for term in codelists.planning_terms().values()} - {None} == steps


def test_nine_states_are_the_national_specifications_own() -> None:
    found = {term.ngp for term in codelists.planning_terms().values()} - {None}
    assert found == {
        "påbörjad", "samråd", "granskning", "antagen", "överklagad", "tillsyn", "laga kraft", "upphävd", "avslutad",
    }  # fmt: skip


def test_a_degree_names_what_it_counts() -> None:
    degrees = [provision for provision in codelists.provisions().values() if provision.letter == "e"]
    assert len(degrees) == 8 + 12 + 4 + 2
    assert all(p.measure and p.unit and p.within and p.bound for p in degrees)
    share = codelists.provisions()["DP_KM_Eg_Utnytt_StorstaAreaProc_ByggnadsEgen"]
    assert (share.measure, share.unit, share.within, share.bound) == (
        "footprint", "percent", "property_area", codes.DegreeBound.MAX,
    )  # fmt: skip


def test_provisions_use_known_letters() -> None:
    letters = {provision.letter for provision in codelists.provisions().values()} - {""}
    assert letters <= set(codelists.provision_letters())


def test_hilucs_values_are_in_the_register() -> None:
    known = {row["code"] for row in register("inspire/hilucs_codes.csv", "code")}
    assert set(codelists.hilucs()) <= known


def test_uses_have_the_catalogues_code_name_and_colour() -> None:
    rows = register("sweden/anvandning_kvartersmark_2022-11-01.csv", "bestammelsekod")
    known = {row["bestammelsekod"]: row for row in rows}
    for use in codelists.land_uses().values():
        row = known[use.boverket_code]
        assert row["beteckning"].rstrip("#") == use.code
        assert row["kategori"] == use.term.sv
        assert row["farg"].lower() == use.colour
    assert {row["beteckning"].rstrip("#") for row in rows} == set(codelists.land_uses())


def test_provisions_have_the_catalogues_code_letter_and_sense() -> None:
    rows = register("sweden/planbestammelsekatalog_qdp2.csv", "bestammelsekod")
    known = {row["bestammelsekod"]: row for row in rows if row["katalogversion"] == "2022-11-01"}
    sense = {None: "", "max": "Max", "min": "Min", "exact": "Exakt"}
    wrong = [
        code
        for code, provision in codelists.provisions().items()
        if code not in known
        or known[code]["beteckning"].rstrip("#") != provision.letter
        or (provision.bound and known[code]["uttrycktvarde"] != sense[provision.bound])
    ]
    assert wrong == []


def test_infrastructure_lies_where_it_can_be_used() -> None:
    """Within the region's surroundings, and each name once a kind."""
    points = codelists.infrastructure()
    assert len(points) >= 40
    assert len({(point.kind, point.name) for point in points}) == len(points)
    assert {point.kind for point in points} == set(codes.AccessKind)
    assert all(11.3 < point.lonlat[0] < 12.9 and 57.1 < point.lonlat[1] < 58.4 for point in points)
    assert all(300 <= point.accuracy_m <= 2_000 for point in points)
