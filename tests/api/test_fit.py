"""Fitting and dividing over HTTP: answers with their drawing in longitude and latitude."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import numpy as np
import pytest
import shapely
from sqlalchemy import text

from landbank.api.app import create_app
from landbank.geo.crs import reproject
from landbank.settings import Settings
from landbank.wiring import open_landbank

pytestmark = pytest.mark.postgis

PLOTS = """
INSERT INTO landbank.municipality (code, name) VALUES ('1480', 'Göteborg');
INSERT INTO landbank.plot (id, municipality_code, reference, dataset, minimum_lot_m2, is_synthetic, geometry, location)
OVERRIDING SYSTEM VALUE VALUES
  (1, '1480', 'A', 'test', 2000, true, ST_Multi(ST_MakeEnvelope(320000, 6400000, 320100, 6400050, 3006)),
   ST_Point(320050, 6400025, 3006)),
  (2, '1480', 'B', 'test', NULL, false, NULL, ST_Point(320150, 6400025, 3006))
"""


@pytest.fixture(scope="module")
def client(databases: Callable[[], str], serving: Any) -> Iterator[httpx.Client]:
    """A client over a plot of 100 x 50 m and one that is only a point."""
    landbank = open_landbank(Settings(), databases())
    with landbank.changing(actor="test") as store:
        for statement in PLOTS.split(";\n"):
            store.connection.execute(text(statement.replace(":", r"\:")))
    with serving(create_app(landbank)) as address, httpx.Client(base_url=address, timeout=20) as opened:
        yield opened
    landbank.close()


def drawn(answer: dict[str, Any], role: str) -> Any:
    """The shape of the first feature with a role, back in EPSG:3006."""
    feature = next(one for one in answer["features"] if one["properties"]["role"] == role)
    (shape,) = reproject(
        np.array([shapely.from_geojson(str(feature["geometry"]).replace("'", '"'))]), 4326, 3006
    )
    return shape


def test_fit_is_answered_with_the_rectangle_drawn_in_the_plot(client: httpx.Client) -> None:
    answer = client.get("/api/plots/1/fit", params={"width_m": 80, "depth_m": 30, "set_back_m": 6})
    told = answer.json()
    footprint, plot = drawn(told, "footprint"), drawn(told, "plot")

    assert answer.headers["content-type"] == "application/geo+json"
    assert (told["type"], told["fit"]["answer"], told["fit"]["is_synthetic"]) == (
        "FeatureCollection",
        "fits",
        True,
    )
    assert [one["properties"]["role"] for one in told["features"]] == ["plot", "zone", "footprint"]
    assert footprint.area == pytest.approx(2_400, abs=0.5)
    assert plot.symmetric_difference(shapely.box(320_000, 6_400_000, 320_100, 6_400_050)).area < 0.5
    assert footprint.distance(plot.boundary) >= 5.99
    longitude, latitude = told["features"][0]["geometry"]["coordinates"][0][0]
    assert 11 < longitude < 13
    assert 57 < latitude < 58


def test_refusal_comes_with_its_proof(client: httpx.Client) -> None:
    told = client.get("/api/plots/1/fit", params={"width_m": 99, "depth_m": 49, "set_back_m": 1}).json()[
        "fit"
    ]

    assert (told["answer"], told["zone_m2"]) == ("does_not_fit", 98 * 48)
    assert told["alone"][0]["proof"] == {
        "reason": "area",
        "needed": 4_851,
        "found": pytest.approx(4_704, abs=0.1),
    }


def test_proof_by_every_angle_leaves_none_out(client: httpx.Client) -> None:
    told = client.get("/api/plots/1/fit", params={"width_m": 88, "depth_m": 52}).json()["fit"]
    proof = told["alone"][0]["proof"]

    assert proof["reason"] in ("every_angle", "circle")
    narrow = client.get("/api/plots/1/fit", params={"width_m": 106, "depth_m": 20}).json()["fit"]
    ranges = narrow["alone"][0]["proof"]["angles_deg"]
    assert (ranges[0][0], ranges[-1][1]) == (0, 180)
    assert [one[1] for one in ranges[:-1]] == pytest.approx([one[0] for one in ranges[1:]], abs=1e-5)


def test_borderline_is_drawn_as_nearly(client: httpx.Client) -> None:
    told = client.get("/api/plots/1/fit", params={"width_m": 100, "depth_m": 50}).json()

    assert told["fit"]["answer"] == "borderline"
    assert drawn(told, "nearly").area == pytest.approx(99.95 * 49.95, abs=0.5)


def test_several_are_placed_with_their_gap(client: httpx.Client) -> None:
    told = client.get(
        "/api/plots/1/fit", params={"width_m": 40, "depth_m": 40, "also": "40x40,9x9", "gap_m": 5}
    ).json()

    assert (told["fit"]["answer"], len(told["fit"]["footprints"])) == ("fits", 3)
    assert [one["properties"]["role"] for one in told["features"]].count("footprint") == 3


def test_point_alone_is_unknown(client: httpx.Client) -> None:
    told = client.get("/api/plots/2/fit", params={"width_m": 40, "depth_m": 40}).json()

    assert (told["fit"]["answer"], told["fit"]["because"], told["features"]) == ("unknown", "no_outline", [])


def test_answer_is_kept_by_its_tag(client: httpx.Client) -> None:
    first = client.get("/api/plots/1/fit", params={"width_m": 40, "depth_m": 40})
    again = client.get(
        "/api/plots/1/fit",
        params={"width_m": 40, "depth_m": 40},
        headers={"If-None-Match": first.headers["etag"]},
    )
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("path", "status", "where"),
    [
        ("/api/plots/1/fit", 400, "width_m"),
        ("/api/plots/1/fit?width_m=nan&depth_m=10", 400, "width_m"),
        ("/api/plots/1/fit?width_m=0&depth_m=10", 400, "width_m"),
        ("/api/plots/1/fit?width_m=10&depth_m=10&set_back_m=-1", 400, "set_back_m"),
        ("/api/plots/1/fit?width_m=10&depth_m=10&also=%3Cimg%20onerror%3D1%3E", 400, "footprint"),
        ("/api/plots/1/fit?width_m=10&depth_m=10&also=1x1,2x2,3x3,4x4,5x5", 400, "also"),
        ("/api/plots/1/fit?width_m=10&depth_m=10&height_m=3", 400, "height_m"),
        ("/api/plots/3/fit?width_m=10&depth_m=10", 404, "plot_id"),
        ("/api/plots/99999999999999999999/fit?width_m=10&depth_m=10", 404, "plot_id"),
        ("/api/plots/x/fit?width_m=10&depth_m=10", 400, "plot_id"),
        ("/api/plots/1/subdivision", 400, "area_m2"),
        ("/api/plots/1/subdivision?width_m=10", 400, "depth_m"),
        ("/api/plots/1/subdivision?area_m2=100&road=here", 400, "road"),
        ("/api/plots/1/subdivision?area_m2=100&road=999,1", 400, "road"),
        ("/api/plots/3/subdivision?area_m2=100", 404, "plot_id"),
    ],
)
def test_wrong_question_is_refused_by_the_name_of_its_part(
    client: httpx.Client, path: str, status: int, where: str
) -> None:
    answer = client.get(path)

    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json()["where"] == where


def test_subdivision_is_drawn_with_both_parts_and_the_cut(client: httpx.Client) -> None:
    told = client.get("/api/plots/1/subdivision", params={"area_m2": 2_500}).json()
    first = told["subdivision"]["proposals"][0]

    assert first["piece_m2"] == pytest.approx(2_500, abs=6)
    assert first["cut_m"] == pytest.approx(50, abs=0.01)
    assert told["subdivision"]["ask"] == ["is_subdividable", "road_front"]
    roles = [one["properties"]["role"] for one in told["features"] if one["properties"]["proposal"] == 1]
    assert roles == ["piece", "remainder", "cut", "largest"]
    assert drawn(told, "piece").area + drawn(told, "remainder").area == pytest.approx(5_000, abs=1)


def test_subdivision_that_breaks_a_rule_is_refused_with_the_amounts(client: httpx.Client) -> None:
    told = client.get("/api/plots/1/subdivision", params={"area_m2": 3_500}).json()

    assert told["subdivision"]["refusals"] == [
        {"obstacle": "plot_too_small", "needed": 5_500, "found": 5_000}
    ]
    assert told["features"] == []


def test_access_in_the_west_turns_the_cut(client: httpx.Client) -> None:
    (access,) = reproject(np.array([shapely.Point(319_995, 6_400_020)]), 3006, 4326)
    told = client.get(
        "/api/plots/1/subdivision", params={"area_m2": 2_500, "road": f"{access.x},{access.y}"}
    ).json()

    assert told["subdivision"]["proposals"][0]["cut_m"] == pytest.approx(100, abs=0.01)
    assert told["subdivision"]["ask"] == ["is_subdividable"]


def test_both_are_described(client: httpx.Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]

    assert {"/api/plots/{plot_id}/fit", "/api/plots/{plot_id}/subdivision"} <= set(paths)
