"""Tiles over HTTP: what they hold, how long they hold, and what happens at the edges."""

from __future__ import annotations

import gzip
import math
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import mapbox_vector_tile
import pytest
from sqlalchemy import text

from landbank.geo.tile import Tile, tile_at
from landbank.wiring import Landbank

H0 = (310050.0, 6400050.0)
"""Location of plot H0 in EPSG:3006."""


def place(landbank: Landbank, easting: float, northing: float, z: int) -> Tile:
    """The tile of a zoom over a point in EPSG:3006, by PostGIS."""
    with landbank.reading() as store:
        x, y = store.connection.execute(
            text("SELECT ST_X(p), ST_Y(p) FROM ST_Transform(ST_Point(:e, :n, 3006), 3857) p"),
            {"e": easting, "n": northing},
        ).one()
    return tile_at(x, y, z)


def path(tile: Tile, layer: str = "plots") -> str:
    """Address of a tile."""
    return f"/tiles/{layer}/{tile.z}/{tile.x}/{tile.y}"


def features(answer: httpx.Response, layer: str) -> list[dict[str, Any]]:
    """The features of a layer of an answered tile; none where the layer is missing."""
    assert answer.status_code == 200, answer.text
    decoded: dict[str, Any] = mapbox_vector_tile.decode(answer.content) if answer.content else {}
    return list(decoded.get(layer, {}).get("features", ()))


def test_plots_of_a_tile_carry_id_label_and_axes(client: httpx.Client, inventory: Landbank) -> None:
    found = features(client.get(path(place(inventory, *H0, 14))), "plots")
    (h0,) = (f for f in found if f["properties"]["pid"] == plot_id(inventory, "H0"))
    assert h0["id"] == h0["properties"]["pid"]
    assert h0["geometry"]["type"] == "Polygon"
    assert h0["properties"] == {
        "pid": h0["id"],
        "label": "ledig_nu",
        "planning": "laga_kraft",
        "readiness": "byggklar",
        "availability": "ledig",
        "restricted": 0,
        "area": 10000,
        "step": "polygon",
    }


def plot_id(landbank: Landbank, reference: str) -> int:
    """Id of a plot of the small inventory."""
    with landbank.reading() as store:
        statement = text("SELECT id FROM landbank.plot WHERE reference = :reference")
        return int(store.connection.execute(statement, {"reference": reference}).scalar_one())


def labels(client: httpx.Client, tile: Tile) -> dict[int, tuple[str, int]]:
    """Label and number of restrictions of the plots in a tile."""
    found = features(client.get(path(tile)), "plots")
    return {f["id"]: (f["properties"]["label"], f["properties"]["restricted"]) for f in found}


def test_label_is_the_one_of_the_plots_facts(client: httpx.Client, inventory: Landbank) -> None:
    with inventory.reading() as store:
        facts = store.connection.execute(
            text("SELECT plot_id, label, restriction_count FROM landbank.plot_facts")
        ).all()
    assert labels(client, Tile(0, 0, 0)) == {row.plot_id: (row.label, row.restriction_count) for row in facts}


def test_blocking_restriction_shows_in_the_label_and_each_restriction_in_the_number(
    client: httpx.Client, inventory: Landbank
) -> None:
    shown = labels(client, Tile(0, 0, 0))
    assert shown[plot_id(inventory, "H4")] == ("begransad", 2)
    assert shown[plot_id(inventory, "H3")] == ("ledig_nu", 1)


def test_small_plots_are_points_and_large_ones_polygons(client: httpx.Client, inventory: Landbank) -> None:
    # A square of 100 m is 187 m wide on the map at 57.7 N: 1.2 pixels at zoom 10, 19.6 at zoom 14.
    steps = {
        z: {f["properties"]["step"] for f in features(client.get(path(place(inventory, *H0, z))), "plots")}
        for z in (10, 14)
    }
    assert steps == {10: {"point"}, 14: {"polygon"}}


def test_plot_without_an_outline_is_a_point_at_every_zoom(client: httpx.Client, inventory: Landbank) -> None:
    l1 = plot_id(inventory, "L1")
    for z in (0, 8, 22):
        found = {
            f["id"]: f for f in features(client.get(path(place(inventory, 335000, 6400000, z))), "plots")
        }
        assert found[l1]["properties"]["step"] == "point"
        assert found[l1]["geometry"]["type"] == "Point"


def test_ended_plot_is_on_no_tile_and_one_that_ends_later_still_is(
    client: httpx.Client, inventory: Landbank
) -> None:
    with inventory.changing(actor="test") as store:
        store.connection.execute(
            text(
                "UPDATE landbank.plot SET valid_to = CASE reference WHEN 'H0' THEN current_date"
                " ELSE current_date + 1 END WHERE reference IN ('H0', 'H1')"
            )
        )
    shown = labels(client, Tile(0, 0, 0))
    assert plot_id(inventory, "H0") not in shown
    assert plot_id(inventory, "H1") in shown


def test_another_program_reads_the_same_plots(
    client: httpx.Client, inventory: Landbank, tmp_path: Path
) -> None:
    import pyogrio

    tile = place(inventory, *H0, 14)
    answer = client.get(path(tile))
    saved = tmp_path / str(tile.z) / str(tile.x) / f"{tile.y}.pbf"
    saved.parent.mkdir(parents=True)
    saved.write_bytes(answer.content)
    frame = pyogrio.read_dataframe(saved, layer="plots", CLIP="NO")
    assert set(frame["pid"]) == {f["id"] for f in features(answer, "plots")}
    west, south, east, north = frame.to_crs(3006).total_bounds
    # Five squares of 100 m at steps of 200 m, on a grid of 4096 units in 2446 m of the map: a unit is 0.3 m.
    assert (west, south, north) == pytest.approx((310000, 6400000, 6400100), abs=1.0)
    assert east <= 310900 + 1


def test_tile_over_the_sea_is_an_empty_200(client: httpx.Client) -> None:
    answer = client.get("/tiles/plots/10/0/0")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"


@pytest.mark.parametrize("suffix", ["", ".mvt", ".pbf"])
def test_address_may_end_as_tile_files_do(client: httpx.Client, suffix: str) -> None:
    assert client.get(f"/tiles/plots/0/0/0{suffix}").status_code == 200


@pytest.mark.parametrize(
    "address",
    ["23/0/0", "3/8/0", "3/0/8", "0/0/-1", "0/0/0.5", "a/0/0", "0/0", "0/0/0.png", "99999999999/0/0"],
)
def test_tile_off_the_map_is_404_without_the_database(landbank: Landbank, serving: Any, address: str) -> None:
    from landbank.api.app import create_app
    from landbank.settings import Settings
    from landbank.wiring import open_landbank

    nowhere = open_landbank(Settings(), "postgresql://nobody@127.0.0.1:1/nothing")
    with serving(create_app(nowhere)) as url:
        answer = httpx.get(f"{url}/tiles/plots/{address}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_query_parameter_and_other_methods_are_refused(client: httpx.Client) -> None:
    refused = client.get("/tiles/plots/0/0/0?filter=1")
    assert (refused.status_code, refused.json()["where"]) == (400, "filter")
    posted = client.post("/tiles/plots/0/0/0")
    assert (posted.status_code, posted.headers["allow"]) == (405, "GET, HEAD")


def test_head_says_what_get_would(client: httpx.Client) -> None:
    got, headed = client.get("/tiles/plots/0/0/0"), client.head("/tiles/plots/0/0/0")
    assert headed.content == b""
    for name in ("etag", "content-type", "content-length", "cache-control", "vary"):
        assert headed.headers[name] == got.headers[name]
    assert got.headers["cache-control"] == "public, max-age=0, must-revalidate"


def test_gzipped_and_plain_tile_hold_the_same_under_different_strong_tags(client: httpx.Client) -> None:
    with client.stream("GET", "/tiles/plots/0/0/0") as answer:
        zipped = b"".join(answer.iter_raw())
    plain = client.get("/tiles/plots/0/0/0", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(zipped) == plain.content
    assert answer.headers["etag"] != plain.headers["etag"]
    assert not answer.headers["etag"].startswith("W/")


def test_known_tile_is_304_with_the_same_headers(client: httpx.Client) -> None:
    first = client.get("/tiles/plots/0/0/0")
    again = client.get("/tiles/plots/0/0/0", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    for name in ("etag", "cache-control", "vary"):
        assert again.headers[name] == first.headers[name]
    assert again.headers["x-content-type-options"] == "nosniff"


def test_known_state_is_304_without_drawing_even_for_a_tile_never_drawn(
    client: httpx.Client, blocked: Any
) -> None:
    tag = client.get("/tiles/plots/0/0/0").headers["etag"]
    blocked()
    assert client.get("/tiles/plots/1/1/0", headers={"If-None-Match": tag}).status_code == 304
    assert client.get("/tiles/plots/0/0/0").status_code == 200


def test_change_of_the_inventory_shows_at_once(client: httpx.Client, inventory: Landbank) -> None:
    first = client.get("/tiles/plots/0/0/0")
    with inventory.changing(actor="test") as store:
        store.connection.execute(
            text("UPDATE landbank.plot SET availability = 'sald' WHERE reference = 'H0'")
        )
    time.sleep(0.05)
    second = client.get("/tiles/plots/0/0/0", headers={"If-None-Match": first.headers["etag"]})
    assert second.headers["etag"] != first.headers["etag"]
    (h0,) = (f for f in features(second, "plots") if f["properties"]["pid"] == plot_id(inventory, "H0"))
    assert h0["properties"]["label"] == "sald"


def test_many_who_miss_the_same_tile_wait_for_one_drawing(
    client: httpx.Client, blocked: Any, until: Any
) -> None:
    lock = blocked()
    with ThreadPoolExecutor(9) as pool:
        asked = [pool.submit(client.get, "/tiles/plots/2/2/1") for _ in range(8)]
        asked.append(pool.submit(client.get, "/tiles/plots/3/4/2"))
        until(lambda: lock.waiting() == 2)
        time.sleep(0.1)
        assert lock.waiting() == 2
        lock.release()
        answers = [answer.result() for answer in asked]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers[:8]}) == 1


def test_base_map_has_municipalities_names_parks_and_infrastructure(
    client: httpx.Client, inventory: Landbank
) -> None:
    answer = client.get(path(place(inventory, *H0, 8), "base"))
    named = {
        layer: {f["properties"]["name"] for f in features(answer, layer)}
        for layer in ("municipalities", "parks", "infrastructure")
    }
    assert named == {
        "municipalities": {"Göteborg", "Lerum"},
        "parks": {"Hamnporten"},
        "infrastructure": {"Ytterhamnen"},
    }
    (port,) = features(answer, "infrastructure")
    assert port["properties"]["kind"] == "port"


def test_municipality_is_named_on_one_tile_of_a_zoom(client: httpx.Client, inventory: Landbank) -> None:
    middle = place(inventory, 330000, 6405000, 9)
    names = [
        f["properties"]["name"]
        for dx in (-1, 0, 1)
        for dy in (-1, 0, 1)
        for f in features(
            client.get(path(Tile(9, middle.x + dx, middle.y + dy), "base")), "municipalitynames"
        )
    ]
    assert sorted(names) == ["Göteborg", "Lerum"]


def test_tile_json_lists_the_layers_and_their_fields(client: httpx.Client) -> None:
    told = client.get("/tiles/plots").json()
    assert told["tilejson"] == "3.0.0"
    assert told["tiles"] == [f"{client.base_url}/tiles/plots/{{z}}/{{x}}/{{y}}"]
    assert [layer["id"] for layer in told["vector_layers"]] == ["plots", "clusters"]
    sent = set(features(client.get("/tiles/plots/0/0/0"), "plots")[0]["properties"])
    assert sent <= set(told["vector_layers"][0]["fields"])
    base = client.get("/tiles/base").json()
    assert [layer["id"] for layer in base["vector_layers"]] == [
        "municipalities",
        "parks",
        "infrastructure",
        "municipalitynames",
    ]


def test_layer_names_have_no_underscore(client: httpx.Client) -> None:
    told = [client.get(f"/tiles/{name}").json() for name in ("plots", "base")]
    assert not [layer["id"] for one in told for layer in one["vector_layers"] if "_" in layer["id"]]


def test_tiles_are_described_in_the_openapi(client: httpx.Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert {"/tiles/plots/{z}/{x}/{y}", "/tiles/base/{z}/{x}/{y}"} <= set(paths)


def test_symbol_on_an_edge_is_whole_in_both_tiles(client: httpx.Client, inventory: Landbank) -> None:
    tile = place(inventory, *H0, 12)
    west, south, _, _ = tile.box()
    with inventory.changing(actor="test") as store:
        store.connection.execute(
            text(
                "INSERT INTO landbank.plot (municipality_code, reference, dataset, location) SELECT '1480',"
                " 'edge', 'test', ST_Transform(ST_Point(:x, :y, 3857), 3006)"
            ),
            # Four pixels of 256 inside the tile.
            {"x": west + tile.width_m * 4 / 256, "y": south + tile.width_m / 2},
        )
    edge = plot_id(inventory, "edge")
    for x in (tile.x - 1, tile.x):
        assert edge in {f["id"] for f in features(client.get(path(Tile(12, x, tile.y))), "plots")}
    assert math.isclose(tile.width_m, 9783.94, rel_tol=1e-5)
