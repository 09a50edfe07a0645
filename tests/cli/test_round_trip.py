"""What leaves landbank in a file comes back: into the same inventory as no change, into an empty one as it was."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from landbank.cli.main import app
from landbank.codelists.fields import load_fields
from landbank.exchange.write import ExportFormat
from landbank.services.export_plots import export_plots
from landbank.services.load_demo import load_demo, load_reference
from landbank.settings import Settings
from landbank.wiring import Landbank, open_landbank

PLOTS = 30
LONG = "Föroreningar efter ytbehandling; klorerade lösningsmedel | PCB. " * 9
"""More than a field of a Shapefile holds, with both of the signs that set records apart."""

KEPT = (
    "municipality_code, reference, name, area_name, property_designations, plan_reference, plan_name,"
    " plan_document_url, planning_state, legal_force_on, implementation_ends_on, readiness, ready_on, availability,"
    " available_on, availability_until, label, restriction_kinds, blocking_kind, use_codes, excluded_use_codes, degree,"
    " degree_code, height_max_m, height_basis, round(area_m2), area_method, area_declared_m2, net_area_m2,"
    " minimum_lot_m2, is_subdividable, round(power_max_mw::numeric, 6), has_water, has_sewer, has_district_heating,"
    " has_fibre, has_gas, has_district_cooling, has_hydrogen, environment_class, has_rail_siding, slope_percent, ground_kind,"
    " flood_class, motorway_min, motorway_min_method, rail_min, port_min, airport_min, lease_basis, motorway_method, port_method, CASE WHEN port_method <> 'crow_fly' THEN port_m END, price_sek_per_m2, price_max_sek_per_m2,"
    " price_basis, price_decided_on, lease_sek_per_m2_year, tenures, owner_kind, dwelling_distance_m, f.description,"
    " sales_contact_title, sales_contact_email, sales_contact_phone, steward_title, dataset, source, source_url,"
    " confirmed_on, is_synthetic, own_planning_state IS NULL, plan_kind, plan_state, adopted_on,"
    " implementation_starts_on, steward_email, steward_phone, restrictions, use_degrees, rents"
)
"""All that a file has to carry. (Of power only the present and the highest level are carried.)"""


@pytest.fixture(scope="module")
def full(databases: Callable[[], str]) -> Iterator[tuple[Landbank, str]]:
    """The synthetic inventory with some facts of every kind that it lacks, and its address."""
    url = databases()
    landbank = open_landbank(Settings(), url)
    with landbank.changing(actor="test") as store:
        load_demo(store, plots=PLOTS, on=date(2026, 11, 23))
    with landbank.changing(actor="test") as store:
        run = store.connection.execute
        run(
            text(
                "INSERT INTO landbank.restriction (plot_id, kind, is_blocking, owner, due_on, description, evidence_url)"
                " SELECT id, 'fororening', true, 'Miljö; hälsa', '2027-06-30', :long, 'https://example.org/a;b' FROM landbank.plot WHERE id < 3"
            ),
            {"long": LONG.strip()},
        )
        run(
            text(
                "INSERT INTO landbank.access (plot_id, kind, distance_m, method)"
                " SELECT id, 'port', 12345, 'declared' FROM landbank.plot WHERE id < 3"
            )
        )
        run(text("UPDATE landbank.contact SET phone = '031-000 00 00'"))
    yield landbank, url
    landbank.close()


def export(landbank: Landbank, folder: Path, export_format: ExportFormat) -> Path:
    """A file of all plots."""
    path = folder / f"out.{export_format}"
    with landbank.reading() as store:
        export_plots(store.exports, path, export_format=export_format, fields=load_fields())
    return path


def bring_in(path: Path, url: str, *words: str) -> dict[str, Any]:
    """The report of `landbank import`."""
    report = path.with_suffix(".report")
    done = CliRunner().invoke(
        app, ["import", str(path), "--report", str(report), *words], env={"LANDBANK_DATABASE_URL": url}
    )
    assert done.exit_code == 0, (done.output, done.exception)
    told: dict[str, Any] = json.loads(report.read_text())
    return told


def facts(landbank: Landbank) -> list[tuple[Any, ...]]:
    """All that a file has to carry, by municipality and reference."""
    with landbank.reading() as store:
        found = store.connection.execute(
            text(
                f"SELECT {KEPT} FROM landbank.plot_facts f JOIN landbank.plot_records USING (plot_id) ORDER BY 1, 2"
            )
        )
        return [tuple(row) for row in found]


def revision(landbank: Landbank) -> int:
    """The inventory's revision."""
    with landbank.reading() as store:
        return store.standing.inventory().revision


@pytest.mark.parametrize("export_format", list(ExportFormat))
def test_export_comes_back_as_no_change_and_fills_an_empty_inventory_with_the_same(
    full: tuple[Landbank, str], databases: Callable[[], str], tmp_path: Path, export_format: ExportFormat
) -> None:
    landbank, url = full
    before = revision(landbank)
    path = export(landbank, tmp_path, export_format)
    told = bring_in(path, url, "--apply")
    assert (told["unchanged"], told["rows"], told["linked"]) == (PLOTS, PLOTS, [])
    assert revision(landbank) == before

    empty_url = databases()
    empty = open_landbank(Settings(), empty_url)
    with empty.changing(actor="test") as store:
        load_reference(store)
    assert bring_in(path, empty_url, "--apply")["new"] == PLOTS
    for was, became in zip(facts(landbank), facts(empty), strict=True):
        assert became == was
    assert bring_in(path, empty_url)["unchanged"] == PLOTS
    empty.close()


def test_cells_edited_in_excel_are_the_difference(full: tuple[Landbank, str], tmp_path: Path) -> None:
    landbank, url = full
    path = export(landbank, tmp_path, ExportFormat.XLSX)
    book = openpyxl.load_workbook(path)
    sheet = book["Tomter"]
    place = {cell.value: number for number, cell in enumerate(sheet[1], 1)}
    with_plan = next(
        row for row in range(2, PLOTS + 2) if sheet.cell(row, place["plan_reference"]).value is not None
    )
    sheet.cell(with_plan, place["restrictions"]).value = "arkeologi | | Länsstyrelsen | 2027-03-01\nbuller"
    sheet.cell(with_plan, place["use_codes"]).value = "J; K"
    sheet.cell(
        with_plan, place["use_degrees"]
    ).value = "K | 40 | DP_KM_Eg_Utnytt_StorstaAreaProc_BruttoEgen | max"
    sheet.cell(with_plan, place["sales_contact_title"]).value = "Tillväxtkontoret"
    code = sheet.cell(with_plan, place["plan_reference"]).value
    for row in range(2, PLOTS + 2):
        if sheet.cell(row, place["plan_reference"]).value == code:
            sheet.cell(row, place["plan_name"]).value = "Detaljplan för Nya Berg"
    book.save(path)

    told = bring_in(path, url)

    assert (told["changed"], told["unchanged"]) == (1, PLOTS - 1)
    [change] = told["changes"]
    assert change["changes"]["restrictions"][1] == [
        {"kind": "arkeologi", "owner": "Länsstyrelsen", "due_on": "2027-03-01", "is_blocking": False},
        {"kind": "buller", "is_blocking": False},
    ] or change["changes"]["restrictions"][1][0]["kind"] in ("arkeologi", "buller")
    assert change["changes"]["use_codes"][1] == ["J", "K"]
    assert change["changes"]["use_degrees"][1][0]["degree"] == 40
    assert change["changes"]["sales_contact_title"][1] == "Tillväxtkontoret"
    assert [(one["table"], one["is_new"]) for one in told["linked"]] == [("plan", False), ("contact", True)]
    assert told["linked"][0]["changes"]["name"][1] == "Detaljplan för Nya Berg"
