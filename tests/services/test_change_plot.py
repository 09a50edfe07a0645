"""Plots changed by hand: documents in and out, one event a change, refusals with their reasons, findings."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import shapely

from landbank.domain.people import ANONYMOUS, Actor, Grant, Role
from landbank.domain.plot_content import InvalidDocument
from landbank.errors import Conflict, Forbidden, Gone, Invalid, NotFound, NotSignedIn
from landbank.services.change_plot import (
    confirm_plot,
    create_plot,
    end_plot,
    patch_plot,
    replace_plot,
)
from landbank.services.plot_document import PlotMoved, plot_document

STEWARD = Actor("user:2", frozenset({Grant(Role.STEWARD, "1441")}))


def faults(refusal: pytest.ExceptionInfo[InvalidDocument]) -> list[str]:
    """The pointers of what a document can't say."""
    return [fault.pointer for fault in refusal.value.faults]


def codes(changed: Any) -> list[str]:
    """The codes of what somebody should look at."""
    return [finding.code for finding in changed.findings]


def test_new_plot_has_what_its_document_says_and_its_area_is_measured(land: Any) -> None:
    changed = land.change(
        create_plot,
        land.document(
            "N1", name="Norra", height_max_m=12, uses=[{"code": "J"}],
            sources={"height_max_m": {"source": "Plankarta"}},
        ),
        lifecycles=land.landbank.lifecycles,
    )  # fmt: skip
    document = plot_document(changed.plot)

    assert (document["name"], document["row_version"], document["dataset"]) == ("Norra", 1, "landbank")
    assert (document["availability"], document["readiness"]) == ("ledig", None)
    # 170 km west of the central meridian the projection's scale is 0.9996 · (1 + 170² / (2 · 6389²)) = 0.999954.
    assert (document["area_m2"], document["area_method"]) == (pytest.approx(10_000.92, abs=0.05), "computed")
    assert [use["code"] for use in document["uses"]] == ["J"]
    assert document["sources"]["height_max_m"]["source"] == "Plankarta"
    assert document["valid_from"] == "2026-11-24"
    assert codes(changed) == []
    assert [(event.kind, event.actor) for event in land.events(changed.plot.id)] == [("created", "user:1")]


def test_document_sent_back_unchanged_changes_nothing(land: Any) -> None:
    plot = land.add(
        "S1", uses=[{"code": "J"}], prices=[{"tenure": "forsaljning", "basis": "tomtarea", "price_sek_per_m2": 400}],
        available_on="2027-01-01", tenures=["forsaljning"],
    )  # fmt: skip
    changed = land.change(replace_plot, plot.id, 1, plot_document(plot))

    assert changed.plot.row_version == 1
    assert len(land.events(plot.id)) == 1


def test_document_read_in_degrees_and_sent_back_moves_nothing(land: Any) -> None:
    plot = land.add("S2")
    document = plot_document(plot, crs=4326)
    assert document["geometry"]["coordinates"][0][0][0][0] == pytest.approx(12.3, abs=0.3)

    assert land.change(replace_plot, plot.id, 1, document).plot.row_version == 1


def test_patch_changes_what_it_names_and_is_one_event_with_before_and_after(land: Any) -> None:
    plot = land.add("P1", name="Norra", height_max_m=12)
    patch = {"height_max_m": 18, "name": None, "restrictions": [{"kind": "buller"}]}
    changed = land.change(patch_plot, plot.id, 1, patch, reason="ny plan")

    assert plot_document(changed.plot)["height_max_m"] == 18
    assert changed.plot.row_version == 2
    event = land.events(plot.id)[-1]
    assert (event.kind, event.reason) == ("changed", "ny plan")
    assert event.changes["height_max_m"] == [12, 18]
    assert event.changes["name"] == ["Norra", None]
    assert [fact["kind"] for fact in event.changes["restriction"][1]] == ["buller"]


def test_replacing_empties_what_the_document_leaves_out(land: Any) -> None:
    plot = land.add("R1", name="Norra", uses=[{"code": "J"}])
    document = plot_document(plot)
    short = {name: document[name] for name in ("reference", "crs", "geometry", "location")}
    after = plot_document(land.change(replace_plot, plot.id, 1, short).plot)

    assert (after["name"], after["uses"]) == (None, [])
    assert (after["availability"], after["municipality_code"]) == ("ledig", "1441")


def test_second_of_two_learns_what_the_first_did_field_by_field(land: Any) -> None:
    plot = land.add("T1", name="Norra", height_max_m=12, uses=[{"code": "J"}])
    land.change(patch_plot, plot.id, 1, {"height_max_m": 18})
    land.change(patch_plot, plot.id, 2, {"uses": [], "name": "Norra tomten"})

    with pytest.raises(PlotMoved) as refusal:
        land.change(patch_plot, plot.id, 1, {"height_max_m": 15})

    difference = refusal.value.difference
    assert difference is not None
    assert difference["height_max_m"] == [12, 18]
    assert difference["name"] == ["Norra", "Norra tomten"]
    assert [[use["code"] for use in uses] for uses in difference["uses"]] == [["J"], []]
    assert set(difference) == {"height_max_m", "name", "uses"}
    assert refusal.value.current.row_version == 3
    assert plot_document(land.plot(plot.id))["height_max_m"] == 18


def test_version_that_never_was_is_stale_without_a_difference(land: Any) -> None:
    plot = land.add("T2")
    with pytest.raises(PlotMoved) as refusal:
        land.change(patch_plot, plot.id, 7, {"name": "x"})
    assert refusal.value.difference is None


@pytest.mark.parametrize(
    ("patch", "pointer"),
    [
        ({"availability": "sald"}, "/availability"),
        ({"readiness": "byggklar"}, "/readiness"),
        ({"municipality_code": "1480"}, "/municipality_code"),
        ({"area_m2": 5}, "/area_m2"),
        ({"is_synthetic": True}, "/is_synthetic"),
        ({"colour": "red"}, "/colour"),
        ({"reference": None}, "/reference"),
        ({"area_id": 2}, "/area_id"),
        ({"plan_id": 99}, "/plan_id"),
        (
            {"accesses": [{"kind": "port", "infrastructure_id": 9, "method": "declared", "minutes": 5}]},
            "/accesses",
        ),
        ({"geometry": {"type": "Point", "coordinates": [1, 2]}}, "/crs"),
        ({"crs": "EPSG:4326"}, "/crs"),
        (["name"], ""),
    ],
)
def test_patch_that_can_not_be_is_refused_at_its_place(land: Any, patch: Any, pointer: str) -> None:
    plot = land.add(f"V{pointer}{len(str(patch))}")
    with pytest.raises(InvalidDocument) as refusal:
        land.change(patch_plot, plot.id, 1, patch)

    assert faults(refusal) == [pointer]
    assert land.plot(plot.id).row_version == 1


@pytest.mark.parametrize(
    ("geometry", "crs", "pointer"),
    [
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}, "EPSG:3006", "/geometry"),
        ({"type": "Polygon", "coordinates": []}, "EPSG:3006", "/geometry/coordinates"),
        ({"type": "Polygon", "coordinates": "POLYGON"}, "EPSG:3006", "/geometry/coordinates"),
        ({"type": "Polygon", "coordinates": [[["a", "b"]]]}, "EPSG:3006", "/geometry/coordinates"),
        ({"type": "Polygon", "coordinates": [[[[[[1, 2]]]]]]}, "EPSG:3006", "/geometry/coordinates"),
        ({"type": "Polygon", "coordinates": [[[1, 2], [3, 4]]]}, "EPSG:3006", "/geometry"),
        ({"type": "Feature", "geometry": None}, "EPSG:3006", "/geometry"),
        ("POINT (1 2)", "EPSG:3006", "/geometry"),
        ({"type": "Point", "coordinates": [330_000, 6_400_000]}, None, "/crs"),
        ({"type": "Point", "coordinates": [330_000, 6_400_000]}, "EPSG:2154", "/crs"),
        ({"type": "Point", "coordinates": [330_000, 6_400_000]}, "+proj=longlat +nadgrids=@x", "/crs"),
        ({"type": "Point", "coordinates": [6_400_000, 330_000]}, "EPSG:3006", "/geometry"),
    ],
)
def test_ground_that_can_not_be_is_refused(land: Any, geometry: Any, crs: Any, pointer: str) -> None:
    with pytest.raises(InvalidDocument) as refusal:
        land.add("G0", geometry=geometry, crs=crs)
    assert pointer in faults(refusal)


def test_mistaken_order_of_axes_is_named(land: Any) -> None:
    with pytest.raises(InvalidDocument, match="x and y changed places"):
        land.add("G1", geometry={"type": "Point", "coordinates": [6_400_000, 330_000]}, crs="EPSG:3006")


def test_plot_without_ground_is_refused(land: Any) -> None:
    with pytest.raises(InvalidDocument) as refusal:
        land.add("G2", geometry=None)
    assert faults(refusal) == ["/geometry"]


def test_moved_outline_is_measured_again_with_its_straight_distances(land: Any) -> None:
    plot = land.add(
        "M1",
        accesses=[
            {"kind": "port", "infrastructure_id": 1, "distance_m": 1, "method": "crow_fly"},
            {"kind": "airport", "minutes": 40, "method": "declared"},
        ],
    )
    x = 380_000
    patch = {
        "crs": "EPSG:3006",
        "geometry": {
            "type": "Polygon",
            "coordinates": [[[x, 6_400_000], [x + 200, 6_400_000], [x, 6_400_200], [x, 6_400_000]]],
        },
    }
    changed = land.change(patch_plot, plot.id, 1, patch)
    document = plot_document(changed.plot)

    # half of 200 m · 200 m, 120 km west of the central meridian: scale 0.9996 · (1 + 120² / (2 · 6389²)) = 0.999776
    assert document["area_m2"] == pytest.approx(20_008.95, abs=0.1)
    assert {fact["kind"]: fact["distance_m"] for fact in document["accesses"]} == {
        "port": 60_067.0,
        "airport": None,
    }
    assert codes(changed) == ["distance_of_old_outline"]
    assert len(land.events(plot.id)) == 2


def test_declared_area_counts_where_there_is_no_outline(land: Any) -> None:
    place = {"type": "Point", "coordinates": [385_000, 6_401_000]}
    plot = land.add("D1", geometry=None, location=place, area_declared_m2=5_000)
    assert (plot.content.values["area_m2"], plot.content.values["area_method"]) == (5_000, "declared")

    changed = land.change(patch_plot, plot.id, 1, {"area_declared_m2": 6_000})
    assert changed.plot.content.values["area_m2"] == 6_000


def test_overlap_and_place_outside_the_municipality_are_told_and_land(land: Any) -> None:
    first = land.add("O1")
    same = plot_document(first)
    changed = land.change(
        create_plot, land.document("O2", geometry=same["geometry"]), lifecycles=land.landbank.lifecycles
    )
    assert codes(changed) == ["overlap_with_plot"]
    assert changed.findings[0].value == str(first.id)

    outside = shapely.box(300_000, 6_400_000, 300_100, 6_400_100)
    document = land.document(
        "O3",
        area_declared_m2=20_000,
        geometry={"type": "Polygon", "coordinates": [list(map(list, outside.exterior.coords))]},
    )
    changed = land.change(create_plot, document, lifecycles=land.landbank.lifecycles)
    assert codes(changed) == ["outside_municipality", "area_differs"]


def test_reference_of_another_plot_is_a_conflict(land: Any) -> None:
    land.add("C1")
    other = land.add("C2")
    with pytest.raises(Conflict, match="has the reference 'C1'"):
        land.add("C1")
    with pytest.raises(Conflict, match="has the reference 'C1'"):
        land.change(patch_plot, other.id, 1, {"reference": "C1"})


@pytest.mark.parametrize(
    ("actor", "family"),
    [
        (ANONYMOUS, NotSignedIn),
        (Actor("user:9", frozenset({Grant(Role.PLANNER, "1480")})), Forbidden),
        (Actor("user:9", frozenset({Grant(Role.LOTS, "1441")})), Forbidden),
        (Actor("user:9", frozenset({Grant(Role.REGIONAL)})), Forbidden),
    ],
)
def test_others_may_not_change_the_plots_of_lerum(land: Any, actor: Actor, family: type[Exception]) -> None:
    plot = land.add(f"A{actor.id}{sorted(actor.grants, key=str)}"[:90])
    with pytest.raises(family):
        land.change(patch_plot, plot.id, 1, {"name": "x"}, actor=actor)
    with pytest.raises(family):
        land.change(create_plot, land.document("X"), lifecycles=land.landbank.lifecycles, actor=actor)
    with pytest.raises(family):
        land.change(end_plot, plot.id, 1, actor=actor)


@pytest.mark.parametrize("code", [None, "9999", 1441, ["1441"]])
def test_new_plot_names_a_municipality_that_is_known(land: Any, code: Any) -> None:
    with pytest.raises(InvalidDocument) as refusal:
        land.add("K1", municipality_code=code)
    assert faults(refusal) == ["/municipality_code"]


@pytest.mark.parametrize(
    ("members", "pointer"),
    [
        ({"availability": "sald"}, "/availability"),
        ({"id": 5}, "/id"),
        ({"availability_until": "2027-01-01"}, "/availability_until"),
        ({"area_m2": 4}, "/area_m2"),
    ],
)
def test_new_plot_begins_free_or_coming_and_keeps_to_its_own(
    land: Any, members: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(InvalidDocument) as refusal:
        land.add("B1", **members)
    assert faults(refusal) == [pointer]


def test_confirming_is_one_event_also_twice_a_day(land: Any) -> None:
    plot = land.add("F1", confirmed_on="2026-01-01")
    land.change(confirm_plot, plot.id, 1, actor=STEWARD)
    again = land.change(confirm_plot, plot.id, 2, actor=STEWARD)

    assert again.plot.content.values["confirmed_on"] == date(2026, 11, 24)
    assert [event.changes for event in land.events(plot.id)[1:]] == [
        {"confirmed_on": ["2026-01-01", "2026-11-24"]},
        {},
    ]
    assert again.plot.row_version == 3


def test_ended_plot_is_gone_and_its_reference_free(land: Any) -> None:
    today = land.rows("SELECT current_date AS day")[0].day
    plot = land.add("E1", valid_from="2026-01-01")
    land.change(end_plot, plot.id, 1, day=today, reason="fel")

    assert land.events(plot.id)[-1].kind == "ended"
    with pytest.raises(Gone):
        land.change(patch_plot, plot.id, 2, {"name": "x"})
    assert land.add("E1").id != plot.id


def test_plot_does_not_end_in_the_past_and_none_that_is_not_there(land: Any) -> None:
    plot = land.add("E2")
    with pytest.raises(Invalid, match="has passed"):
        land.change(end_plot, plot.id, 1, ends_on=date(2026, 11, 23))
    for number in (999_999, -1, 2**70):
        with pytest.raises(NotFound):
            land.change(end_plot, number, 1)


def test_value_that_stood_before_the_rules_does_not_bar_other_changes(land: Any) -> None:
    plot = land.add("L1")
    with land.landbank.changing(actor="test") as store:
        store.plot_changes.update(plot.id, {"source_url": "www.example.org", "height_max_m": 900.0})

    changed = land.change(patch_plot, plot.id, 2, {"name": "Ny"})
    assert changed.plot.content.values["source_url"] == "www.example.org"
    with pytest.raises(InvalidDocument):
        land.change(patch_plot, plot.id, 3, {"height_max_m": 901})
