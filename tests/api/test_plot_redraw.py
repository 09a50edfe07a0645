"""Split, merge and redraw over HTTP: what is made, what is refused with figures or choices, and where old addresses lead."""

from __future__ import annotations

from typing import Any

import httpx
import pytest


def halves(plot: dict[str, Any], at: float = 0.5, *references: str) -> list[dict[str, Any]]:
    """A square plot cut from north to south: two parts."""
    ring = plot["geometry"]["coordinates"][0][0]
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    west, east, south, north = min(xs), max(xs), min(ys), max(ys)
    middle = west + (east - west) * at
    return [
        {
            "reference": reference,
            "crs": "EPSG:3006",
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [[left, south], [right, south], [right, north], [left, north], [left, south]]
                ],
            },
        }
        for reference, left, right in zip(references, (west, middle), (middle, east), strict=True)
    ]


def seen(*plots: dict[str, Any]) -> list[dict[str, int]]:
    """Plots in the version that was read."""
    return [{"id": plot["id"], "row_version": plot["row_version"]} for plot in plots]


def post(desk: Any, kind: str, plots: Any, parts: Any, who: str = "planner", **more: Any) -> httpx.Response:
    """A redrawing."""
    body = {"plots": plots, "parts": parts, "reason": "ny indelning", **more}
    return desk.clients[who].post(f"/api/plots/{kind}", json=body)


def made(answer: httpx.Response) -> list[dict[str, Any]]:
    """The documents of the new plots."""
    assert answer.status_code == 201, answer.text
    return [one["plot"] for one in answer.json()["plots"]]


def test_split_answers_with_the_parts_and_the_areas_compared(desk: Any) -> None:
    plot = desk.add("S1", uses=[{"code": "J"}], valid_from="2026-01-01")
    answer = post(desk, "split", seen(plot), halves(plot, 0.5, "S1a", "S1b"))
    first, second = made(answer)

    assert (first["reference"], second["uses"][0]["code"]) == ("S1a", "J")
    assert answer.json()["replaced"] == [plot["id"]]
    assert answer.json()["ground"]["left_m2"] == 0
    assert first["area_m2"] + second["area_m2"] == pytest.approx(plot["area_m2"], abs=0.01)
    (event,) = desk.rows(
        "SELECT reason, kind FROM landbank.event WHERE noun_id = :id AND kind = 'replaced'",
        id=str(plot["id"]),
    )
    assert event.reason == "ny indelning"


def test_divided_plot_is_gone_with_links_to_its_parts_everywhere(desk: Any) -> None:
    plot = desk.add("G1", valid_from="2026-01-01")
    first, second = made(post(desk, "split", seen(plot), halves(plot, 0.5, "G1a", "G1b")))
    answer = desk.anonymous.get(f"/api/plots/{plot['id']}")

    assert (answer.status_code, answer.json()["hint"]) == (
        410,
        f"In its place: {first['id']}, {second['id']}.",
    )
    assert answer.headers["link"].count('rel="successor-version"') == 2
    page = desk.anonymous.get(f"/tomt/{plot['id']}")
    assert page.status_code == 410
    assert f'href="/tomt/{first["id"]}"' in page.text
    assert desk.anonymous.get(f"/ogc/collections/plots/items/{plot['id']}").status_code == 410


def test_replaced_plot_leads_to_its_successor_through_a_chain_everywhere(desk: Any) -> None:
    plot = desk.add("M1", valid_from="2026-01-01")
    parts = made(post(desk, "split", seen(plot), halves(plot, 0.5, "M1a", "M1b")))
    answer = post(desk, "merge", seen(*parts), [{"reference": "M1"}])
    (merged,) = made(answer)

    assert answer.headers["location"] == f"/api/plots/{merged['id']}"
    for address in ("/api/plots", "/ogc/collections/plots/items", "/tomt", "/en/plot"):
        for old in (plot, *parts):
            moved = desk.anonymous.get(f"{address}/{old['id']}")
            assert moved.status_code == 301
            assert moved.headers["location"].endswith(f"{address}/{merged['id']}")


def test_parts_that_are_not_the_whole_are_refused_with_figures(desk: Any) -> None:
    plot = desk.add("U1")
    parts = [halves(plot, 0.5, "U1a", "x")[0], halves(plot, 0.6, "x", "U1b")[1]]
    answer = post(desk, "split", seen(plot), parts)

    assert answer.status_code == 400
    assert answer.json()["ground"]["left_m2"] == pytest.approx(1_000, abs=1)
    assert "lie in no part" in answer.json()["detail"]
    assert desk.anonymous.get(f"/api/plots/{plot['id']}").status_code == 200


def test_what_is_not_obvious_is_answered_with_the_choices_and_then_taken(desk: Any) -> None:
    plot = desk.add(
        "C1", valid_from="2026-01-01", restrictions=[{"kind": "arkeologi"}],
        utilities=[{"kind": "el", "capacity": 5, "capacity_unit": "MW"}],
    )  # fmt: skip
    parts = halves(plot, 0.5, "C1a", "C1b")
    answer = post(desk, "split", seen(plot), parts)
    needed = {one["pointer"]: one["options"] for one in answer.json()["choices"]}
    restriction, utility = plot["restrictions"][0]["id"], plot["utilities"][0]["id"]

    assert answer.status_code == 400
    assert needed == {
        f"/choices/restrictions/{restriction}": ["C1a", "C1b"],
        f"/choices/utilities/{utility}": ["C1a", "C1b"],
    }
    choices = {"restrictions": {str(restriction): ["C1b"]}, "utilities": {str(utility): {"C1a": 3, "C1b": 2}}}
    first, second = made(post(desk, "split", seen(plot), parts, choices=choices))
    assert (first["restrictions"], second["restrictions"][0]["kind"]) == ([], "arkeologi")
    assert [one["utilities"][0]["capacity"] for one in (first, second)] == [3, 2]


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"parts": []}, "/parts"),
        ({"plots": [{"id": 0, "row_version": 1}]}, "/plots/0/id"),
        ({"plots": [{"id": 1}]}, "/plots/0/row_version"),
        ({"choices": {"uses": {"x": ["a"]}}}, "/choices/uses/x"),
        ({"choices": {"colour": {}}}, "/choices/colour"),
        ({"ground_left": "sold"}, "/ground_left"),
        ({"reason": ""}, "/reason"),
        ({"parts": [{"reference": "a"}, {"reference": "b"}]}, "/parts/0/geometry"),
    ],
)
def test_request_that_can_not_be_is_refused_at_its_place(desk: Any, body: Any, where: str) -> None:
    plot = desk.add(f"X{len(str(body))}{where}"[:99])
    told = {"plots": seen(plot), "parts": halves(plot, 0.5, "Xa", "Xb"), "reason": "x"} | body
    answer = desk.planner.post("/api/plots/split", json=told)

    assert (answer.status_code, answer.json()["where"]) == (400, where)


def test_older_version_is_told_what_stands(desk: Any) -> None:
    plot = desk.add("V1")
    desk.planner.patch(
        f"/api/plots/{plot['id']}", json={"name": "Nytt"}, headers={"If-Match": desk.tag(plot["id"])}
    )
    answer = post(desk, "split", seen(plot), halves(plot, 0.5, "V1a", "V1b"))

    assert (answer.status_code, answer.json()["difference"]) == (412, {"name": [None, "Nytt"]})


@pytest.mark.parametrize("kind", ["split", "merge", "redraw"])
@pytest.mark.parametrize(("who", "status"), [("anonymous", 401), ("elsewhere", 403), ("lots", 403)])
def test_others_redraw_nothing(desk: Any, kind: str, who: str, status: int) -> None:
    plot, other = desk.add(f"A{kind}{who}"), desk.add(f"B{kind}{who}")
    plots = seen(plot, other) if kind == "merge" else seen(plot)
    parts = [{"reference": "m"}] if kind == "merge" else halves(plot, 0.5, "a", "b")

    assert post(desk, kind, plots, parts, who).status_code == status


def test_plots_of_two_municipalities_do_not_become_one(desk: Any) -> None:
    mine = desk.add("T1")
    (theirs,) = desk.rows("SELECT id, row_version FROM landbank.plot WHERE reference = 'L2'")
    answer = post(
        desk,
        "merge",
        [*seen(mine), {"id": theirs.id, "row_version": theirs.row_version}],
        [{"reference": "T1m"}],
    )
    assert answer.status_code == 403


def test_border_moves_between_neighbours(desk: Any) -> None:
    plot = desk.add("R1", valid_from="2026-01-01")
    one, other = made(post(desk, "split", seen(plot), halves(plot, 0.5, "R1a", "R1b")))
    parts = halves(plot, 0.3, "R1a", "R1b")
    parts[1]["inherits"] = [other["id"]]
    new_one, new_other = made(post(desk, "redraw", seen(one, other), parts))

    assert new_other["area_m2"] / new_one["area_m2"] == pytest.approx(7 / 3, rel=1e-3)
    assert desk.anonymous.get(f"/api/plots/{one['id']}").status_code == 410
    assert desk.anonymous.get(f"/api/plots/{other['id']}").status_code == 301
