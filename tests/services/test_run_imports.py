"""Imports from end to end: the number of a difference, plots that end, who may, and the way back. Squares in Lerum."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
import shapely

from landbank.domain.people import Actor, Grant, Role
from landbank.errors import Conflict, Forbidden, NotFound, NotSignedIn
from landbank.services.check_history import check_history
from landbank.services.roll_back import OnLaterChange, RollbackRequest
from landbank.services.run_imports import listed, take_back, visible

LERUM = Actor("user:7", frozenset({Grant(Role.PLANNER, "1441")}))
OTHER = Actor("user:9", frozenset({Grant(Role.PLANNER, "1441")}))
GOTEBORG = Actor("user:8", frozenset({Grant(Role.PLANNER, "1480")}))
FACTS = (
    "SELECT reference, name, availability, use_codes, price_sek_per_m2, plan_name, round(area_m2) FROM"
    " landbank.plot_facts ORDER BY 1"
)


def row(reference: str, **fields: Any) -> dict[str, Any]:
    """A row of a file."""
    told = {"referens": reference, "kommun": "1441", "namn": f"Tomt {reference}", "status": "ledig"}
    return told | {"anvandning": "J", "pris_kr_m2": 400, "plan": "DP 1", "plan_name": "Berg"} | fields


def rows(square: Any, *told: dict[str, Any]) -> list[Any]:
    """Rows with squares that don't touch."""
    return [(one, square(300 * int(one["referens"][1:]), 0)) for one in told]


def test_number_of_the_difference_is_that_of_the_applied_import(
    import_file: Any, geojson: Any, square: Any, query: Any
) -> None:
    path = geojson(rows(square, row("A1"), row("A2")))
    seen = import_file(path, apply=False)
    assert seen.import_id is None
    done = import_file(path, expected_hash=seen.diff_hash[:12].upper())
    assert (done.diff_hash, done.new) == (seen.diff_hash, 2)
    again = import_file(path, apply=False)
    assert again.diff_hash != seen.diff_hash  # now it would change nothing


def test_import_is_refused_whole_where_what_matters_to_it_moved(
    import_file: Any, geojson: Any, square: Any, query: Any, region: Any
) -> None:
    import_file(geojson(rows(square, row("A1"), row("A2"), row("A3"))))
    path = geojson(rows(square, row("A1", namn="Nytt"), row("A2"), row("A4")), "andrad.geojson")
    seen = import_file(path, apply=False)

    change(region, "UPDATE landbank.plot SET name = 'Mellan' WHERE reference = 'A3'")
    assert import_file(path, apply=False).diff_hash == seen.diff_hash  # no row speaks of A3
    change(region, "UPDATE landbank.plot SET name = 'Mellan' WHERE reference = 'A2'")
    before = query(FACTS)
    with pytest.raises(Conflict, match="not the one that was looked at"):
        import_file(path, expected_hash=seen.diff_hash)
    assert query(FACTS) == before


def change(landbank: Any, statement: str) -> None:
    """A change by somebody else."""
    from sqlalchemy import text

    with landbank.changing(actor=OTHER) as store:
        store.connection.execute(text(statement))


def test_missing_plots_end_only_when_asked_and_many_only_with_a_second_yes(
    import_file: Any, geojson: Any, square: Any, query: Any, codes: Any
) -> None:
    import_file(geojson(rows(square, *(row(f"A{n}") for n in range(1, 7)))), dataset="lerum")
    import_file(geojson(rows(square, row("B8")), "andra.geojson"), dataset="andra")
    five = geojson(rows(square, *(row(f"A{n}") for n in range(1, 6))), "fem.geojson")
    assert import_file(five, dataset="lerum").ended == 0

    report = import_file(five, dataset="lerum", ends_missing=True)

    assert (report.missing, report.ended, report.standing, report.unchanged) == (1, 1, 6, 5)
    assert codes(report) == {"ended_by_import": 1}
    assert query("SELECT kind FROM landbank.event WHERE noun = 'plot' ORDER BY revision DESC LIMIT 1") == [
        ("ended",)
    ]
    three = geojson(rows(square, *(row(f"A{n}") for n in range(1, 4))), "tre.geojson")
    with pytest.raises(Conflict, match="end 2 of 5 plots, more than a fifth"):
        import_file(three, dataset="lerum", ends_missing=True)
    assert len(query(FACTS)) == 6
    assert import_file(three, dataset="lerum", ends_missing=True, may_end_many=True).ended == 2
    assert [reference for reference, *_ in query(FACTS)] == ["A1", "A2", "A3", "B8"]


def test_planner_imports_for_the_own_municipality_and_foreign_rows_are_refused_by_name(
    import_file: Any, geojson: Any, square: Any, query: Any
) -> None:
    path = geojson(rows(square, row("A1"), row("A2", kommun="1480")))
    report = import_file(path, actor=LERUM)
    assert (report.landed, report.refused) == (1, 1)
    [finding] = [one for one in report.findings.dicts() if one["severity"] == "error"]
    assert (finding["row"], finding["code"]) == (2, "foreign_municipality")
    assert "Göteborg" in finding["text"]
    assert query("SELECT DISTINCT actor, role FROM landbank.event WHERE noun = 'plot'") == [
        ("user:7", "planner")
    ]
    with pytest.raises(Forbidden):
        import_file(path, actor=LERUM, municipality="1480")
    with pytest.raises(NotSignedIn):
        import_file(path, actor=Actor("anonymous"))


def test_imports_are_listed_with_their_reports_to_those_whom_they_concern(
    import_file: Any, geojson: Any, square: Any, region: Any
) -> None:
    import_file(geojson(rows(square, row("A1"))), actor=LERUM)
    import_file(geojson(rows(square, row("A1"), row("A2")), "andra.geojson"), actor=LERUM)
    with region.reading() as store:
        second, first = listed(store, LERUM)
        assert listed(store, GOTEBORG) == []
        with pytest.raises(NotFound):
            visible(store, first.id, GOTEBORG)
        told = json.loads(gzip.decompress(store.imports.report(second.id)))
    assert (second.file_name, second.counts["new"], second.counts["unchanged"]) == ("andra.geojson", 1, 1)
    assert (second.actor, second.role, second.municipality_codes) == ("user:7", "planner", ("1441",))
    assert second.first_revision == first.last_revision + 1
    assert (told["import"], told["hash"], told["applied"]) == (second.id, second.diff_hash, True)


@pytest.fixture
def changed(import_file: Any, geojson: Any, square: Any, query: Any) -> Any:
    """An inventory of three plots, its facts, and the report of an import that changed all it could."""
    three = [row("A1"), row("A2", anvandning="J; Z"), row("A3")]
    import_file(geojson(rows(square, *three)), dataset="d")
    before = query(FACTS)
    edited = [
        (
            row("A1", namn="Nytt", status="såld", anvandning="K", pris_kr_m2=500, plan_name="Ny plan"),
            square(300, 50),
        ),
        (row("A2", anvandning="J", plan_name="Ny plan"), square(600, 0)),
        (row("A4", plan_name="Ny plan"), square(1200, 0)),
    ]
    path = geojson(edited, "andrad.geojson")
    return before, import_file(path, dataset="d", ends_missing=True, may_end_many=True)


def test_rollback_is_an_import_that_restores_what_was(changed: Any, query: Any, region: Any) -> None:
    before, done = changed
    assert [reference for reference, *_ in query(FACTS)] == ["A1", "A2", "A4"]
    seen = take_back(region, RollbackRequest(done.import_id, LERUM), timeout_ms=60_000)
    assert (seen.restored, seen.ended, seen.shared_restored, seen.conflicts, seen.import_id) == (
        3,
        1,
        1,
        (),
        None,
    )
    assert query(FACTS) != before

    asked = RollbackRequest(done.import_id, LERUM, is_applied=True, expected_hash=seen.diff_hash)
    told = take_back(region, asked, timeout_ms=60_000)

    assert query(FACTS) == before
    assert told.import_id is not None
    assert query("SELECT kind, rolls_back_id FROM landbank.plot_import ORDER BY id DESC LIMIT 1") == [
        ("rollback", done.import_id)
    ]
    events = query(
        "SELECT noun_id, kind FROM landbank.event WHERE noun = 'plot' AND actor = 'user:7' ORDER BY 1"
    )
    assert len(events) == len({noun_id for noun_id, _ in events}) == 4  # one event a plot
    with pytest.raises(Conflict, match="taken back by import"):
        take_back(region, asked, timeout_ms=60_000)


def test_rollback_of_a_rollback_is_the_import_again_and_the_history_replays(
    changed: Any, query: Any, region: Any
) -> None:
    _, done = changed
    after = query(FACTS)
    back = take_back(region, RollbackRequest(done.import_id, LERUM, is_applied=True), timeout_ms=60_000)
    take_back(region, RollbackRequest(back.import_id, LERUM, is_applied=True), timeout_ms=60_000)
    assert query(FACTS) == after
    with region.reading() as store:
        assert list(check_history(store.audit, store.ledger)) == []


def test_rollback_names_what_was_changed_since_and_leaves_or_overwrites_it_when_told(
    changed: Any, query: Any, region: Any
) -> None:
    before, done = changed
    change(region, "UPDATE landbank.plot SET description = 'Hörnläge' WHERE reference = 'A1'")
    change(region, "UPDATE landbank.plan SET name = 'Ännu nyare'")
    with pytest.raises(Conflict, match=r"'A1' in 1441 \(description; revision \d+\)") as refused:
        take_back(region, RollbackRequest(done.import_id, LERUM, is_applied=True), timeout_ms=60_000)
    assert "plan 'DP 1'" in str(refused.value)

    asked = {way: RollbackRequest(done.import_id, LERUM, on_later_change=way) for way in OnLaterChange}
    assert take_back(region, asked[OnLaterChange.SKIP], timeout_ms=60_000).restored == 2
    overwritten = RollbackRequest(
        done.import_id, LERUM, is_applied=True, on_later_change=OnLaterChange.OVERWRITE
    )
    take_back(region, overwritten, timeout_ms=60_000)
    assert query(FACTS) == before
    assert query("SELECT description FROM landbank.plot WHERE reference = 'A1'") == [(None,)]


def test_rollback_of_what_never_was_or_is_not_ones_own_is_refused(changed: Any, region: Any) -> None:
    _, done = changed
    with pytest.raises(NotFound):
        take_back(region, RollbackRequest(999, LERUM), timeout_ms=60_000)
    with pytest.raises(Forbidden):
        take_back(region, RollbackRequest(done.import_id, GOTEBORG), timeout_ms=60_000)
    wrong = RollbackRequest(done.import_id, LERUM, is_applied=True, expected_hash="0" * 64)
    with pytest.raises(Conflict, match="not the one"):
        take_back(region, wrong, timeout_ms=60_000)


def test_shapes_beyond_rings_make_the_same_number(import_file: Any, geojson: Any, square: Any) -> None:
    ring = square(0, 0).difference(square(30, 30, 20))
    path = geojson([(row("A1"), ring), (row("A2"), shapely.MultiPolygon([square(300, 0), square(600, 0)]))])
    assert import_file(path, apply=False).diff_hash == import_file(path, apply=False).diff_hash
