"""An import from file to inventory: outcomes, changes, history, refusals. Shapes are squares of 100 m in Lerum."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import shapely

from landbank.domain.people import Actor, Grant, Role
from landbank.errors import Forbidden, Invalid
from landbank.exchange.columns import Choice
from landbank.exchange.profile import Profile

ROW = {"referens": "A1", "namn": "Ett", "status": "ledig", "anvandning": "J, Z", "areal_ha": 1.0}


def test_new_plots_land_with_their_facts(
    import_file: Any, geojson: Any, square: Any, query: Any, codes: Any
) -> None:
    properties = ROW | {"pris_kr_m2": 450, "el_mw": 2.5, "vatten": "ja", "omrade": "Berg", "plan": "DP 1"}
    report = import_file(geojson([(properties, square(0, 0))]))
    assert (report.new, report.landed, report.refused, report.exit_code) == (1, 1, 0, 0)
    assert codes(report) == {"municipality_by_place": 1}
    assert query(
        "SELECT municipality_code, reference, name, availability, area_name, plan_reference, use_codes,"
        " price_sek_per_m2, power_mw, has_water, area_declared_m2, area_method, dataset FROM landbank.plot_facts"
    ) == [
        (
            "1441",
            "A1",
            "Ett",
            "ledig",
            "Berg",
            "DP 1",
            ["J", "Z"],
            450.0,
            2.5,
            True,
            10_000.0,
            "computed",
            "tomter",
        )
    ]


def test_area_is_geodesic(import_file: Any, geojson: Any, square: Any, query: Any) -> None:
    report = import_file(geojson([(ROW, square(0, 0))]))
    [(geography,)] = query("SELECT ST_Area(ST_Transform(geometry, 4326)::geography) FROM landbank.plot")
    assert report.area_m2_computed == pytest.approx(geography, rel=1e-6)
    assert report.area_m2_declared == 10_000


def test_dry_run_writes_nothing(import_file: Any, geojson: Any, square: Any, query: Any) -> None:
    before = query("SELECT revision FROM landbank.inventory")
    report = import_file(geojson([(ROW, square(0, 0))]), apply=False)
    assert (report.new, report.applied, report.revision) == (1, False, before[0][0])
    assert query("SELECT count(*) FROM landbank.plot") == [(0,)]
    assert query("SELECT revision FROM landbank.inventory") == before


def test_same_file_twice_changes_nothing(import_file: Any, geojson: Any, square: Any, query: Any) -> None:
    properties = ROW | {
        "pris_kr_m2": "30-150",
        "el_mw": 2,
        "fiber": "nej",
        "tilltrade": "2027-01-01",
        "plan": "P",
    }
    path = geojson([(properties, square(0, 0)), (ROW | {"referens": "A2"}, square(200, 0).centroid)])
    import_file(path)
    before = query("SELECT revision FROM landbank.inventory")
    report = import_file(path)
    assert (report.unchanged, report.new, report.changed, report.exit_code) == (2, 0, 0, 0)
    assert query("SELECT revision FROM landbank.inventory") == before


def test_changed_plot_is_told_field_by_field_and_is_one_event(
    import_file: Any, geojson: Any, square: Any, query: Any
) -> None:
    import_file(geojson([(ROW, square(0, 0))]))
    report = import_file(geojson([(ROW | {"status": "såld", "anvandning": "K, Z"}, square(0, 0))]))
    assert (report.changed, report.landed) == (1, 1)
    (line,) = report.changes.lines()
    assert json.loads(line)["changes"] == {
        "availability": ["ledig", "sald"],
        "use_codes": [["J", "Z"], ["K", "Z"]],
    }
    events = query(
        "SELECT actor, kind, changes ? 'plot_use' FROM landbank.event WHERE noun = 'plot' ORDER BY revision"
    )
    assert events == [("import:tomter.geojson", "created", None), ("import:tomter.geojson", "changed", True)]
    assert query("SELECT code FROM landbank.plot_use WHERE superseded_at IS NULL ORDER BY code") == [
        ("K",),
        ("Z",),
    ]


def test_moved_outline_is_a_change_and_a_shaken_one_is_not(
    import_file: Any, geojson: Any, square: Any, query: Any
) -> None:
    import_file(geojson([(ROW, square(0, 0))]))
    assert import_file(geojson([(ROW, square(0.004, 0.004))])).unchanged == 1
    report = import_file(geojson([(ROW, square(1, 0))]))
    assert report.changed == 1
    assert query("SELECT ST_XMin(geometry) FROM landbank.plot") == [(330_001.0,)]


def test_column_that_the_file_lacks_stays_as_it_is(
    import_file: Any, geojson: Any, square: Any, query: Any
) -> None:
    import_file(geojson([(ROW | {"pris_kr_m2": 450}, square(0, 0))]))
    assert import_file(geojson([({"referens": "A1"}, square(0, 0))])).unchanged == 1
    assert query("SELECT name, price_sek_per_m2 FROM landbank.plot_facts") == [("Ett", 450.0)]


def test_empty_cell_empties_the_field(import_file: Any, geojson: Any, square: Any, query: Any) -> None:
    import_file(
        geojson([(ROW | {"pris_kr_m2": 450}, square(0, 0)), (ROW | {"referens": "A2"}, square(200, 0))])
    )
    rows = [
        (ROW | {"namn": None, "pris_kr_m2": None}, square(0, 0)),
        (ROW | {"referens": "A2", "pris_kr_m2": 9}, square(200, 0)),
    ]
    assert import_file(geojson(rows)).changed == 2
    facts = query("SELECT name, price_sek_per_m2 FROM landbank.plot_facts ORDER BY reference")
    assert facts == [(None, None), ("Ett", 9.0)]


def test_prose_is_kept_beside_the_plot_and_the_field_stays(
    import_file: Any, geojson: Any, square: Any, query: Any, codes: Any
) -> None:
    rows = [
        (ROW | {"areal_ha": "1,0"}, square(0, 0)),
        (ROW | {"referens": "A2", "areal_ha": "1,0"}, square(200, 0)),
    ]
    import_file(geojson(rows))
    rows[0][0].update(areal_ha="4 lots", namn="Två")
    report = import_file(geojson(rows))
    assert codes(report)["text_kept"] == 1
    assert (report.changed, report.unchanged) == (1, 1)
    assert query("SELECT area_declared_m2, name FROM landbank.plot ORDER BY reference") == [
        (10_000, "Två"),
        (10_000, "Ett"),
    ]
    assert query("SELECT field, note FROM landbank.value_source") == [("area_declared_m2", "4 lots")]
    assert import_file(geojson(rows)).unchanged == 2


def test_outcomes_of_all_kinds_add_up(import_file: Any, geojson: Any, square: Any, codes: Any) -> None:
    bow_tie = shapely.Polygon(
        [(330_500, 6_400_000), (330_600, 6_400_100), (330_600, 6_400_000), (330_500, 6_400_100)]
    )
    import_file(geojson([(ROW, square(0, 0))]))
    report = import_file(
        geojson(
            [
                (ROW, square(0, 0)),
                (ROW | {"referens": "A2"}, square(200, 0)),
                (ROW | {"referens": "A3"}, bow_tie),
                (ROW | {"referens": "A4"}, None),
                (ROW | {"referens": "A2"}, square(900, 0)),
                (ROW | {"referens": "A6"}, square(200, 0)),
            ]
        )
    )
    assert (report.rows, report.landed, report.repaired, report.refused, report.unchanged) == (6, 1, 1, 3, 1)
    assert report.exit_code == 1
    assert {
        "no_geometry": 1,
        "duplicate_reference": 1,
        "duplicate_geometry": 1,
        "repaired_geometry": 1,
    }.items() <= codes(report).items()


def test_each_refused_row_has_an_error_and_no_other_row_has(
    import_file: Any, geojson: Any, square: Any
) -> None:
    rows = [
        (ROW, square(0, 0)),
        (ROW | {"referens": "B"}, None),
        (ROW | {"referens": "C"}, shapely.Point(12, 57)),
    ]
    report = import_file(geojson(rows), municipality="1441")
    assert {one["row"] for one in report.findings.dicts() if one["severity"] == "error"} == {2, 3}
    assert report.refused == 2


def test_file_of_which_nothing_lands_says_so_by_its_exit_code(import_file: Any, geojson: Any) -> None:
    assert import_file(geojson([(ROW, None)]), municipality="1441").exit_code == 3


def test_plot_that_the_next_file_lacks_is_missing_and_stays(
    import_file: Any, geojson: Any, square: Any, query: Any, codes: Any
) -> None:
    both = [(ROW, square(0, 0)), (ROW | {"referens": "A2"}, square(200, 0))]
    import_file(geojson(both))
    report = import_file(geojson(both[:1]))
    assert (report.missing, codes(report)["missing_from_file"]) == (1, 1)
    assert query("SELECT count(*) FROM landbank.plot_facts") == [(2,)]


def test_overlap_in_the_file_and_with_another_plot_name_the_other_and_the_ground(
    import_file: Any, geojson: Any, square: Any
) -> None:
    import_file(geojson([(ROW | {"referens": "OLD"}, square(0, 95))], "gammal.geojson"))
    rows = [(ROW, square(0, 0)), (ROW | {"referens": "A2"}, square(90, 0))]
    report = import_file(geojson(rows))
    assert [
        (one["code"], one["row"], one["text"]) for one in report.findings.dicts() if "overlap" in one["code"]
    ] == [
        ("overlap_in_file", 2, "Shares 1,000.0 m² with row 1 ('A1')."),
        ("overlap_with_plot", 1, "Shares 500.0 m² with the plot 'OLD' in 1441."),
        ("overlap_with_plot", 2, "Shares 50.0 m² with the plot 'OLD' in 1441."),
    ]


def test_declared_area_two_per_cent_off_is_a_finding(
    import_file: Any, geojson: Any, square: Any, codes: Any
) -> None:
    near, far = (
        (ROW | {"areal_ha": 1.019}, square(0, 0)),
        (ROW | {"referens": "A2", "areal_ha": 1.03}, square(200, 0)),
    )
    report = import_file(geojson([near, far]))
    (finding,) = [one for one in report.findings.dicts() if one["code"] == "area_differs"]
    assert finding["row"] == 2
    assert "+3.0 %" in finding["text"]


def test_unit_that_no_header_tells_is_told_by_the_outlines(
    import_file: Any, geojson: Any, square: Any, query: Any, codes: Any
) -> None:
    report = import_file(geojson([({"referens": "A1", "area": 1.0}, square(0, 0))]))
    assert codes(report)["unit_from_geometry"] == 1
    assert query("SELECT area_declared_m2 FROM landbank.plot") == [(10_000.0,)]


def test_unit_that_nothing_tells_is_not_guessed(
    import_file: Any, geojson: Any, square: Any, query: Any, codes: Any
) -> None:
    report = import_file(geojson([({"referens": "A1", "area": 1.0}, square(0, 0).centroid)]))
    assert codes(report)["unit_unknown"] == 1
    assert query("SELECT area_declared_m2 FROM landbank.plot") == [(None,)]


def test_municipality_by_column_flag_place_or_not_at_all(
    import_file: Any, geojson: Any, square: Any, query: Any, codes: Any
) -> None:
    by_column = import_file(geojson([(ROW | {"kommun": "Göteborgs stad"}, square(0, 0))]))
    assert codes(by_column) == {}
    by_flag = import_file(geojson([(ROW | {"referens": "B"}, square(60_000, 0))]), municipality="1441")
    assert codes(by_flag) == {"outside_municipality": 1}
    nowhere = import_file(geojson([(ROW | {"referens": "C"}, square(60_000, 300))]))
    assert codes(nowhere) == {"no_municipality": 1}
    unknown = import_file(
        geojson([(ROW | {"kommun": "1441"}, square(0, 0)), (ROW | {"kommun": "Atlantis"}, square(0, 300))])
    )
    assert codes(unknown)["unknown_municipality"] == 1
    placed = query("SELECT municipality_code, reference FROM landbank.plot ORDER BY 1, 2")
    assert placed == [("1441", "A1"), ("1441", "B"), ("1480", "A1")]


def test_without_reference_the_designation_and_then_the_ground_is_the_key(
    import_file: Any, geojson: Any, square: Any, codes: Any, query: Any
) -> None:
    rows = [({"fastighet": "Lerum Berg 1:2"}, square(0, 0)), ({"fastighet": None}, square(200, 0))]
    report = import_file(geojson(rows))
    assert {"reference_is_designation": 1, "reference_is_digest": 1}.items() <= codes(report).items()
    references = sorted(reference for (reference,) in query("SELECT reference FROM landbank.plot"))
    assert references[0] == "Lerum Berg 1:2"
    assert references[1].startswith("geo-")
    assert import_file(geojson(rows)).unchanged == 2


def test_point_does_not_replace_an_outline(import_file: Any, geojson: Any, square: Any, query: Any) -> None:
    import_file(geojson([(ROW, square(0, 0))]))
    report = import_file(geojson([(ROW | {"namn": "Nytt"}, square(0, 0).centroid)]))
    assert report.changed == 1
    assert query("SELECT name, ST_NPoints(geometry) FROM landbank.plot") == [("Nytt", 5)]


def test_outline_replaces_a_point(import_file: Any, geojson: Any, square: Any, query: Any) -> None:
    import_file(geojson([(ROW, square(0, 0).centroid)]))
    assert query("SELECT area_m2, area_method FROM landbank.plot") == [(10_000.0, "declared")]
    assert import_file(geojson([(ROW, square(0, 0))])).changed == 1
    assert query("SELECT area_method, geometry IS NULL FROM landbank.plot") == [("computed", False)]


def test_power_with_a_date_holds_from_that_date(
    import_file: Any, geojson: Any, square: Any, query: Any
) -> None:
    path = geojson([(ROW | {"el_mw": 5, "el_fran": "2099-01-01"}, square(0, 0))])
    import_file(path)
    assert query("SELECT power_mw, power_max_mw, power_max_on::text FROM landbank.plot_facts") == [
        (None, 5.0, "2099-01-01")
    ]
    assert import_file(path).unchanged == 1


def test_profile_decides_which_column_fills_which_field(
    import_file: Any, geojson: Any, square: Any, query: Any
) -> None:
    profile = Profile(
        dataset="lerum",
        columns=(Choice("reference", "namn"), Choice("availability", "läge", words={"pagang": "kommande"})),
    )
    report = import_file(
        geojson([(ROW | {"läge": "På gång"}, square(0, 0))]), profile=profile, municipality="1441"
    )
    assert query("SELECT reference, name, availability, dataset FROM landbank.plot") == [
        ("Ett", None, "kommande", "lerum")
    ]
    assert set(report.columns.unmapped) == {"referens", "status", "anvandning", "areal_ha"}


def test_file_without_crs_is_refused_with_the_likely_one(import_file: Any, tmp_path: Path) -> None:
    path = tmp_path / "tomter.csv"
    path.write_text("referens;x;y\nA1;164000;6405000\nA2;164100;6405000\n", encoding="utf-8")
    with pytest.raises(Invalid, match="does not state") as refused:
        import_file(path, municipality="1441")
    assert "in Lerum if they are EPSG:3007" in (refused.value.hint or "")
    assert import_file(path, municipality="1441", reading={"crs": "EPSG:3007"}).landed == 2


def test_unknown_municipality_of_the_flag_is_refused(import_file: Any, geojson: Any, square: Any) -> None:
    with pytest.raises(Invalid, match="9999"):
        import_file(geojson([(ROW, square(0, 0))]), municipality="9999")


def test_report_is_whole_as_json(import_file: Any, geojson: Any, square: Any, tmp_path: Path) -> None:
    report = import_file(geojson([(ROW, square(0, 0)), (ROW | {"referens": "Åäö"}, None)]))
    report.write_json(tmp_path / "report.json")
    told = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert (told["rows"], told["landed"], told["repaired"], told["refused"], told["unchanged"]) == (
        2,
        1,
        0,
        1,
        0,
    )
    assert told["area_m2_declared"] == 10_000
    assert [one["code"] for one in told["findings"]] == ["no_geometry", "municipality_by_place"]
    assert told["changes"] == []


def test_outlines_of_every_kind_lie_on_tiles_where_they_lie(
    import_file: Any, geojson: Any, square: Any, region: Any
) -> None:
    ring = square(1000, 0, 100).difference(square(1030, 30, 20))
    shapes = [
        square(0, 0), square(0, 0).centroid, ring, shapely.MultiPolygon([square(2000, 0), square(2300, 0)]),
        shapely.MultiPolygon([ring.buffer(0), square(1500, 0)]).buffer(0).intersection(square(1450, -50, 300)),
    ]  # fmt: skip
    report = import_file(geojson([({"referens": f"A{n}"}, shape) for n, shape in enumerate(shapes)]))
    assert report.landed == 5
    with region.reading() as store:
        assert store.standing.off_tiles() == (0, 5)


def test_import_behind_row_level_security_lands_the_same(
    import_file: Any, geojson: Any, square: Any, query: Any
) -> None:
    path = geojson([(ROW | {"omrade": "Berg"}, square(0, 0)), (ROW | {"referens": "A2"}, square(200, 0))])
    operator = Actor(
        "user:1", frozenset({Grant(Role.OPERATOR)})
    )  # acts as the application, as commands don't
    assert import_file(path, actor=operator).new == 2
    assert import_file(path, actor=operator).unchanged == 2

    assert query("SELECT reference, area_name, use_codes FROM landbank.plot_facts ORDER BY 1") == [
        ("A1", "Berg", ["J", "Z"]),
        ("A2", None, ["J", "Z"]),
    ]


def test_planner_imports_into_the_own_municipality_and_no_other(
    import_file: Any, geojson: Any, square: Any, query: Any
) -> None:
    lerum = Actor("user:1", frozenset({Grant(Role.PLANNER, "1441")}))
    outside = geojson([(ROW | {"referens": "G1"}, square(-30_000, 0))])
    assert import_file(outside, municipality="1480").new == 1
    before = query("SELECT revision FROM landbank.inventory")

    # no outline moves and no plot row changes: only a fact is superseded, which the database would pass over
    changed = geojson([(ROW | {"referens": "G1", "anvandning": "Z"}, square(-30_000, 0))])
    with pytest.raises(Forbidden, match="1480"):
        import_file(changed, municipality="1480", actor=lerum)
    assert query("SELECT revision FROM landbank.inventory") == before

    report = import_file(geojson([(ROW, square(0, 0))]), actor=lerum)
    assert (report.new, report.refused) == (1, 0)
    assert query("SELECT actor FROM landbank.event ORDER BY revision DESC LIMIT 1") == [("user:1",)]
