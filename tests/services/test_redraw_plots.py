"""Plots that become others: areas reconcile, facts and commitments go on as chosen, lineage tells the way."""

from __future__ import annotations

import itertools
import json
import random
from datetime import date
from typing import Any

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from landbank.domain.codes import LineageReason
from landbank.domain.commitment import Party
from landbank.domain.handover import Choices, ChoicesNeeded
from landbank.domain.lineage import Unbalanced
from landbank.domain.plot_content import InvalidDocument
from landbank.errors import Conflict, Gone, Invalid
from landbank.services.note_interest import Interest, note_interest
from landbank.services.plot_document import PlotMoved, plot_document
from landbank.services.redraw_plots import redraw_plots
from landbank.services.redraw_request import GroundChange, PartIn, Redrawing, Seen

SPLIT, MERGE, REDRAW = LineageReason.SPLIT, LineageReason.MERGE, LineageReason.REDRAW
GRID = itertools.count()


def part(reference: str, shape: shapely.Geometry | None, *, crs: str = "EPSG:3006", **more: Any) -> PartIn:
    """A part with an outline, or without one."""
    if shape is None:
        return PartIn(reference, **more)
    return PartIn(reference, json.loads(shapely.to_geojson(shape)), crs, **more)


def pieces(plot: Any, *cuts: float) -> list[shapely.Geometry]:
    """A square plot cut from north to south at these shares of its width."""
    west, south, east, north = shapely.from_wkb(plot.outline).bounds
    at = [west, *(west + (east - west) * cut for cut in cuts), east]
    return [shapely.box(left, south, right, north) for left, right in itertools.pairwise(at)]


def seen(*plots: Any) -> tuple[Seen, ...]:
    """The plots in the version that they have."""
    return tuple(Seen(plot.id, plot.row_version) for plot in plots)


def redraw(land: Any, kind: LineageReason, plots: tuple[Seen, ...], *parts: PartIn, **more: Any) -> Any:
    """A redrawing, carried out today."""
    today = land.rows("SELECT current_date AS day")[0].day
    named = {name: more.pop(name) for name in ("actor", "reason") if name in more}
    return land.change(redraw_plots, Redrawing(kind, plots, parts, **more), day=today, **named)


def lineage(land: Any) -> set[tuple[int, int, str]]:
    """Every pair of predecessor and successor with its reason."""
    return {
        tuple(row)
        for row in land.rows("SELECT predecessor_id, successor_id, reason FROM landbank.plot_lineage")
    }


def fate(land: Any, plot_id: int) -> tuple[int, ...]:
    """The current plots in an ended plot's place."""
    with land.landbank.reading() as store:
        found = store.plots.fate(plot_id)
    assert found is not None
    assert not found.is_current
    return tuple(found.successors)


def events(land: Any, plot_id: int) -> list[str]:
    """What happened to a plot."""
    return [event.kind for event in land.events(plot_id)]


def test_split_ends_the_whole_and_begins_its_parts(land: Any) -> None:
    whole = land.add(
        "S1", valid_from="2026-01-01", name="Berget", uses=[{"code": "J"}], tenures=["forsaljning"]
    )
    west, east = pieces(whole, 0.4)
    made = redraw(land, SPLIT, seen(whole), part("S1a", west), part("S1b", east, values={"name": "Östra"}))
    first, second = (plot_document(plot) for plot in made.plots)

    assert first["area_m2"] + second["area_m2"] == pytest.approx(whole.content.values["area_m2"], abs=0.01)
    assert first["area_m2"] == pytest.approx(0.4 * whole.content.values["area_m2"], rel=1e-4)
    assert (first["reference"], first["name"], second["name"]) == ("S1a", None, "Östra")
    assert [use["code"] for use in second["uses"]] == ["J"]
    assert (second["tenures"], second["availability"], second["row_version"]) == (["forsaljning"], "ledig", 1)
    assert lineage(land) >= {(whole.id, first["id"], "split"), (whole.id, second["id"], "split")}
    assert events(land, whole.id) == ["created", "replaced"]
    assert events(land, first["id"]) == ["created"]
    assert fate(land, whole.id) == (first["id"], second["id"])


def test_part_may_keep_the_reference_of_the_whole(land: Any) -> None:
    whole = land.add("S2", valid_from="2026-01-01")
    west, east = pieces(whole, 0.5)
    made = redraw(land, SPLIT, seen(whole), part("S2", west), part("S2b", east))

    assert [plot.content.values["reference"] for plot in made.plots] == ["S2", "S2b"]
    assert [events(land, plot.id) for plot in made.plots] == [["created"], ["created"]]
    assert land.rows("SELECT 1 FROM landbank.plot WHERE reference LIKE '%' || chr(127) || '%'") == []


def test_merged_plots_lead_to_the_one_in_their_place_through_any_chain(land: Any) -> None:
    whole = land.add("M1", valid_from="2026-01-01")
    west, east = pieces(whole, 0.5)
    halves = redraw(land, SPLIT, seen(whole), part("M1a", west), part("M1b", east)).plots
    merged = redraw(land, MERGE, seen(*halves), part("M1", None)).plots[0]

    assert merged.content.values["area_m2"] == pytest.approx(whole.content.values["area_m2"], abs=0.01)
    assert fate(land, whole.id) == (merged.id,)
    assert [fate(land, half.id) for half in halves] == [(merged.id,), (merged.id,)]


def test_border_between_neighbours_moves_by_redrawing(land: Any) -> None:
    whole = land.add("B0", valid_from="2026-01-01")
    west, east = pieces(whole, 0.5)
    one, other = redraw(
        land,
        SPLIT,
        seen(whole),
        part("B1", west, values={"name": "Ett"}),
        part("B2", east, values={"name": "Två"}),
    ).plots
    narrow, wide = pieces(whole, 0.3)
    made = redraw(
        land, REDRAW, seen(one, other),
        part("B1", narrow), part("B2", wide, inherits=(other.id,)),
    )  # fmt: skip

    assert [plot.content.values["name"] for plot in made.plots] == ["Ett", "Två"]
    new_one, new_other = (plot.id for plot in made.plots)
    assert lineage(land) >= {
        (one.id, new_one, "redraw"),
        (one.id, new_other, "redraw"),
        (other.id, new_other, "redraw"),
    }


def test_ground_is_given_up_or_taken_in_only_if_that_is_said(land: Any) -> None:
    plot = land.add("L1", valid_from="2026-01-01")
    (smaller, _) = pieces(plot, 0.8)
    with pytest.raises(ChoicesNeeded) as refusal:
        redraw(land, REDRAW, seen(plot), part("L1", smaller))
    assert [(one.pointer, one.options) for one in refusal.value.needed] == [("/ground_left", ("released",))]

    made = redraw(land, REDRAW, seen(plot), part("L1", smaller), ground_left=GroundChange.RELEASED)
    west, south, east, north = smaller.bounds
    larger = shapely.box(west, south, east + 100, north)
    with pytest.raises(ChoicesNeeded, match="belong to none of the plots yet"):
        redraw(land, REDRAW, seen(*made.plots), part("L1", larger))
    grown = redraw(land, REDRAW, seen(*made.plots), part("L1", larger), ground_added=GroundChange.ADDED)
    assert grown.plots[0].content.values["area_m2"] == pytest.approx(18_001.65, abs=0.2)


def test_parts_that_are_not_the_whole_are_refused_with_the_figures_and_nothing_changes(land: Any) -> None:
    plot = land.add("U1")
    west, _ = pieces(plot, 0.5)
    _, east = pieces(plot, 0.6)
    with pytest.raises(Unbalanced) as refusal:
        redraw(land, SPLIT, seen(plot), part("U1a", west), part("U1b", east))

    ground = refusal.value.members()["ground"]
    assert (ground["left_m2"], ground["added_m2"], ground["overlaps"]) == (1000.0, 0.0, [])
    with pytest.raises(Unbalanced, match="'U1a' and 'U1b' both cover"):
        redraw(land, SPLIT, seen(plot), part("U1a", pieces(plot, 0.6)[0]), part("U1b", pieces(plot, 0.5)[1]))
    assert land.plot(plot.id).row_version == 1
    assert land.rows("SELECT 1 FROM landbank.plot WHERE reference LIKE 'U1_'") == []


def test_parts_in_other_coordinate_systems_reconcile(land: Any) -> None:
    from landbank.geo.crs import reproject

    plot = land.add("K1", valid_from="2026-01-01")
    west, east = pieces(plot, 0.5)
    degrees, zone = reproject([west], 3006, 4326)[0], reproject([east], 3006, 3007)[0]
    made = redraw(
        land, SPLIT, seen(plot), part("K1a", degrees, crs="EPSG:4326"), part("K1b", zone, crs="EPSG:3007")
    )

    total = sum(one.content.values["area_m2"] for one in made.plots)
    assert total == pytest.approx(plot.content.values["area_m2"], abs=0.1)


def test_hold_and_interests_go_on_as_chosen(land: Any) -> None:
    plot = land.add("H1", valid_from="2026-01-01", restrictions=[{"kind": "arkeologi", "is_blocking": True}])
    land.change(
        note_interest,
        plot.id,
        interest=Interest(Party("Alfa AB", "5560000167")),
        lifecycles=land.landbank.lifecycles,
    )
    current = land.plot(plot.id)
    west, east = pieces(plot, 0.5)
    (number,) = [
        row.number
        for row in land.rows("SELECT number FROM landbank.commitment WHERE plot_id = :id", id=plot.id)
    ]
    restriction = current.content.facts["restrictions"][0]["id"]
    with pytest.raises(ChoicesNeeded) as refusal:
        redraw(land, SPLIT, seen(current), part("H1a", west), part("H1b", east))
    assert {one.pointer for one in refusal.value.needed} == {
        f"/choices/commitments/{number}",
        f"/choices/restrictions/{restriction}",
    }

    choices = Choices({"restrictions": {restriction: {"H1b": None}}}, {number: ("H1a",)})
    first, second = redraw(
        land, SPLIT, seen(current), part("H1a", west), part("H1b", east), choices=choices
    ).plots
    assert (first.content.values["availability"], second.content.values["availability"]) == (
        "intresse",
        "ledig",
    )
    assert [len(one.content.facts["restrictions"]) for one in (first, second)] == [0, 1]
    held = land.rows(
        "SELECT plot_id, ended_why FROM landbank.commitment WHERE superseded_at IS NULL AND plot_id = ANY(:ids)"
        " ORDER BY plot_id",
        ids=[plot.id, first.id, second.id],
    )
    assert [tuple(row) for row in held] == [(plot.id, "plot_replaced"), (first.id, None)]


def test_plots_seen_in_an_older_version_are_not_redrawn(land: Any) -> None:
    plot = land.add("V1")
    with land.landbank.changing(actor="x") as store:
        store.plot_changes.update(plot.id, {"name": "Nytt"})
    west, east = pieces(plot, 0.5)
    with pytest.raises(PlotMoved):
        redraw(land, SPLIT, seen(plot), part("V1a", west), part("V1b", east))


def test_replaced_plot_is_not_redrawn_again(land: Any) -> None:
    plot = land.add("V2", valid_from="2026-01-01")
    west, east = pieces(plot, 0.5)
    parts = (part("V2a", west), part("V2b", east))
    made = redraw(land, SPLIT, seen(plot), *parts)
    with pytest.raises(Gone) as refusal:
        redraw(land, SPLIT, seen(plot), *parts)
    assert refusal.value.hint == f"In its place: {made.plots[0].id}, {made.plots[1].id}."


def test_numbers_and_references_that_can_not_be_are_refused(land: Any) -> None:
    plot, other = land.add("N1"), land.add("N2")
    west, east = pieces(plot, 0.5)
    whole = shapely.from_wkb(plot.outline)
    with pytest.raises(Invalid, match="2 to 200 parts, not 1"):
        redraw(land, SPLIT, seen(plot), part("N1a", whole))
    with pytest.raises(Invalid, match="exactly 1 parts"):
        redraw(land, MERGE, seen(plot, other), part("N1a", west), part("N1b", east))
    with pytest.raises(Invalid, match="same stands twice in parts"):
        redraw(land, SPLIT, seen(plot), part("N1a", west), part("N1a", east))
    with pytest.raises(Conflict, match="has the reference 'N2'"):
        redraw(land, SPLIT, seen(plot), part("N1a", west), part("N2", east))
    with pytest.raises(InvalidDocument) as refusal:
        redraw(
            land,
            SPLIT,
            seen(plot),
            part("N1a", west, values={"colour": 1, "height_max_m": "x"}),
            part(" ", east),
        )
    assert {fault.pointer for fault in refusal.value.faults} == {
        "/parts/0/values/colour",
        "/parts/0/values/height_max_m",
    }


def test_plot_without_an_outline_is_not_divided(land: Any) -> None:
    place = {"type": "Point", "coordinates": [385_000, 6_409_000]}
    plot = land.add("O1", geometry=None, location=place)
    with pytest.raises(Conflict, match="known as a point only"):
        redraw(
            land,
            SPLIT,
            seen(plot),
            part("O1a", shapely.box(0, 0, 1, 1)),
            part("O1b", shapely.box(1, 0, 2, 1)),
        )


def test_straight_distances_are_measured_for_each_part(land: Any) -> None:
    plot = land.add(
        "D1", valid_from="2026-01-01",
        accesses=[{"kind": "port", "infrastructure_id": 1, "distance_m": 5, "method": "crow_fly"}],
    )  # fmt: skip
    west, east = pieces(plot, 0.5)
    made = redraw(land, SPLIT, seen(plot), part("D1a", west), part("D1b", east)).plots
    x = west.bounds[0] - 320_000

    distances = [plot_document(one)["accesses"][0]["distance_m"] for one in made]
    assert distances == [pytest.approx(x + 25, abs=1), pytest.approx(x + 75, abs=1)]


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000), st.integers(3, 7))
def test_any_course_of_splits_and_merges_keeps_the_ground_and_never_runs_in_a_circle(
    land: Any, seed: int, steps: int
) -> None:
    """Random splits and merges of one square: current plots cover it exactly, lineage has no circle, and every plot
    that ended leads to current ones."""
    chance, mark = random.Random(seed), next(GRID)
    first = land.add(f"Z{mark}", valid_from="2026-01-01")
    area, ever, current = first.content.values["area_m2"], [first.id], [first]
    for step in range(steps):
        if len(current) > 1 and chance.random() < 0.4:
            together = sorted(current, key=lambda plot: plot.location)[:2]
            made = redraw(land, MERGE, seen(*together), part(f"Z{mark}-{step}", None)).plots
            current = [plot for plot in current if plot not in together]
        else:
            whole = chance.choice(current)
            cut = chance.choice((0.25, 0.5, 0.75))
            parts = [part(f"Z{mark}-{step}{n}", shape) for n, shape in enumerate(pieces(whole, cut))]
            made = redraw(land, SPLIT, seen(whole), *parts).plots
            current = [plot for plot in current if plot is not whole]
        current += made
        ever += [plot.id for plot in made]

    assert sum(plot.content.values["area_m2"] for plot in current) == pytest.approx(area, abs=0.1 * steps)
    union = shapely.union_all([shapely.from_wkb(plot.outline) for plot in current])
    assert shapely.symmetric_difference(union, shapely.from_wkb(first.outline)).area < 0.1 * steps
    pairs = [(one, other) for one, other, _ in lineage(land) if one in ever]
    assert all(one < other for one, other in pairs)
    now = {plot.id for plot in current}
    assert set(fate(land, first.id)) == now
    assert all(set(fate(land, plot_id)) <= now for plot_id in set(ever) - now)


def test_today_is_the_day_that_parts_begin(land: Any) -> None:
    plot = land.add("Y1", valid_from="2026-01-01")
    west, east = pieces(plot, 0.5)
    made = redraw(land, SPLIT, seen(plot), part("Y1a", west), part("Y1b", east))
    today: date = land.rows("SELECT current_date AS day")[0].day

    assert [one.content.values["valid_from"] for one in made.plots] == [today, today]
    assert land.rows("SELECT valid_to FROM landbank.plot WHERE id = :id", id=plot.id)[0].valid_to == today
