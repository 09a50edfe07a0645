"""The abstract tests of OGC API - Tiles - Part 1: Core (OGC 20-057, annex A), named by their paths in the annex.

The grids are compared with morecantile, the tiles read by GDAL and by another decoder.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import mapbox_vector_tile
import morecantile
import pyogrio
import pytest
from pyproj import Transformer

PART = "ogcapi-tiles-1/1.0"
CORE, MVT = f"{PART}/core", "application/vnd.mapbox-vector-tile"
CLASSES = (
    "core",
    "tileset",
    "tilesets-list",
    "dataset-tilesets",
    "geodata-tilesets",
    "collections-selection",
    "mvt",
)
REL = "http://www.opengis.net/def/rel/ogc/1.0"
GRIDS = ("WebMercatorQuad", "SWEREF99TM")
TILED = ("plots", "municipalities", "parks", "plans", "infrastructure")
H0 = (310_050.0, 6_400_050.0)
"""Location of plot H0 in EPSG:3006."""


def place(z: int, grid: str = "SWEREF99TM") -> str:
    """Matrix, row and column of the tile over plot H0, by morecantile."""
    tms = sweref() if grid == "SWEREF99TM" else morecantile.tms.get(grid)
    x, y = H0 if grid == "SWEREF99TM" else Transformer.from_crs(3006, 3857, always_xy=True).transform(*H0)
    tile = tms._tile(x, y, z)
    return f"{z}/{tile.y}/{tile.x}"


def sweref() -> morecantile.TileMatrixSet:
    """The Swedish grid made by morecantile from its numbers: 4 x 4 tiles of 256 cells of 4096 m, halved 13 times."""
    from pyproj import CRS

    return morecantile.TileMatrixSet.custom(
        [-1_200_000, 8_500_000 - 4 * 256 * 4096, -1_200_000 + 4 * 256 * 4096, 8_500_000],
        CRS.from_epsg(3006), matrix_scale=[4, 4], minzoom=0, maxzoom=13, id="SWEREF99TM",
    )  # fmt: skip


def decoded(answer: Any) -> dict[str, Any]:
    """The layers of a tile."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == MVT
    layers: dict[str, Any] = mapbox_vector_tile.decode(answer.content) if answer.content else {}
    return layers


def rel(document: Any, name: str) -> list[Any]:
    """The links of a relation."""
    return [link for link in document["links"] if link["rel"] == name]


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.proves(CORE, "/conf/core/conformance-success")
@pytest.mark.proves(f"{PART}/tileset", "/conf/tileset/conformance-success")
@pytest.mark.proves(f"{PART}/tilesets-list", "/conf/tilesets-list/conformance-success")
@pytest.mark.proves(f"{PART}/dataset-tilesets", "/conf/dataset-tilesets/conformance-success")
@pytest.mark.proves(f"{PART}/geodata-tilesets", "/conf/geodata-tilesets/conformance-success")
def test_conformance_lists_the_class(open_data: Any, name: str) -> None:
    assert f"http://www.opengis.net/spec/{PART}/conf/{name}" in open_data.get("/conformance")["conformsTo"]


@pytest.mark.proves(CORE, "/conf/core/tc-op", "/conf/core/tc-success")
@pytest.mark.proves(f"{PART}/mvt", "/conf/mvt/content")
@pytest.mark.parametrize("grid", GRIDS)
def test_tile_answers_by_matrix_row_and_column(open_data: Any, grid: str) -> None:
    z = 9 if grid == "SWEREF99TM" else 14  # 8 m and 9.6 m a cell
    answer = open_data.client.get(f"/ogc/collections/plots/tiles/{grid}/{place(z, grid)}?f=mvt")
    features = decoded(answer)["plots"]["features"]
    assert {feature["properties"]["label"] for feature in features} >= {"ledig_nu"}
    assert {feature["properties"]["step"] for feature in features} == {"polygon"}


@pytest.mark.proves(
    CORE,
    "/conf/core/tc-tilematrix-definition",
    "/conf/core/tc-tilerow-definition",
    "/conf/core/tc-tilecol-definition",
)
def test_matrix_row_and_column_are_described_as_required_in_the_path(open_data: Any) -> None:
    paths = open_data.get("/api")["paths"]
    for base in ("", "/collections/{collectionId}"):
        told = paths[f"{base}/tiles/{{tileMatrixSetId}}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"]["get"]
        places = {
            one["name"]: (one["in"], one["required"]) for one in told["parameters"] if "required" in one
        }
        assert {places[name] for name in ("tileMatrix", "tileRow", "tileCol")} == {("path", True)}


@pytest.mark.proves(CORE, "/conf/core/tc-error")
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/collections/plots/tiles/WebMercatorQuad/0/0/1", 404),
        ("/collections/plots/tiles/WebMercatorQuad/23/0/0", 404),
        ("/collections/plots/tiles/SWEREF99TM/0/4/0", 404),
        ("/collections/plots/tiles/SWEREF99TM/14/0/0", 404),
        ("/collections/plots/tiles/Elsewhere/0/0/0", 404),
        ("/collections/nothing/tiles/SWEREF99TM/0/0/0", 404),
        ("/collections/restrictions/tiles", 404),
        ("/collections/plots/tiles/Elsewhere", 404),
        ("/tileMatrixSets/Elsewhere", 404),
        ("/tiles/SWEREF99TM/0/-1/0", 400),
        ("/tiles/SWEREF99TM/0/0/0.5", 400),
        ("/tiles/SWEREF99TM/0/0/0?f=png", 400),
        ("/tiles/SWEREF99TM/0/0/0?collections=plots,nothing", 400),
        ("/tiles/SWEREF99TM/0/0/0?collections=plots,plots", 400),
        ("/tiles/SWEREF99TM/0/0/0?colections=plots", 400),
        ("/collections/plots/tiles/SWEREF99TM/0/0/0?collections=plots", 400),
        ("/tiles?f=xml", 400),
    ],
)
def test_tile_that_is_none_is_refused_with_a_reason(open_data: Any, path: str, status: int) -> None:
    answer = open_data.client.get(f"/ogc{path}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


@pytest.mark.proves(
    f"{PART}/geodata-tilesets", "/conf/geodata-tilesets/desc-links", "/conf/geodata-tilesets/operation"
)
@pytest.mark.proves(f"{PART}/tilesets-list", "/conf/tilesets-list/tileset-links")
@pytest.mark.proves(f"{PART}/tileset", "/conf/tileset/tileset-description")
@pytest.mark.parametrize("name", TILED)
def test_collection_leads_to_its_sets_their_grids_and_tiles(open_data: Any, name: str) -> None:
    (way,) = rel(open_data.get(f"/collections/{name}"), f"{REL}/tilesets-vector")
    listed = open_data.client.get(way["href"]).json()["tilesets"]
    assert [one["links"][0]["rel"] for one in listed] == ["self", "self"]
    for one in listed:
        assert (one["dataType"], bool(one["title"])) == ("vector", True)
        told = open_data.client.get(rel(one, "self")[0]["href"]).json()
        grid = open_data.client.get(rel(told, f"{REL}/tiling-scheme")[0]["href"]).json()
        assert (grid["crs"], len(grid["tileMatrices"]) > 10) == (told["crs"], True)
        (item,) = rel(told, "item")
        assert (item["type"], item["templated"]) == (MVT, True)
        address = item["href"].replace("{tileMatrix}/{tileRow}/{tileCol}", place(5, grid["id"]))
        assert set(decoded(open_data.client.get(address))) <= {layer["id"] for layer in told["layers"]}


@pytest.mark.proves(
    f"{PART}/dataset-tilesets", "/conf/dataset-tilesets/landingpage", "/conf/dataset-tilesets/operation"
)
def test_landing_page_leads_to_the_tiles_of_everything(open_data: Any) -> None:
    (way,) = rel(open_data.get(""), f"{REL}/tilesets-vector")
    assert len(open_data.client.get(way["href"]).json()["tilesets"]) == 2
    (grids,) = rel(open_data.get(""), f"{REL}/tiling-schemes")
    assert [one["id"] for one in open_data.client.get(grids["href"]).json()["tileMatrixSets"]] == list(GRIDS)


@pytest.mark.proves(
    f"{PART}/collections-selection",
    "/conf/collections-selection/query-collections",
    "/conf/collections-selection/collections-query",
    "/conf/collections-selection/collections-response",
)
@pytest.mark.parametrize("grid", GRIDS)
def test_tile_of_everything_may_hold_some_collections_alone(open_data: Any, grid: str) -> None:
    address = f"/ogc/tiles/{grid}/{place(7, grid)}"
    assert {"plots", "municipalities", "plans"} <= set(decoded(open_data.client.get(address)))
    some = decoded(open_data.client.get(address, params={"collections": "municipalities,plots"}))
    assert set(some) == {"plots", "municipalities"}


@pytest.mark.parametrize("grid", GRIDS)
def test_grid_is_the_one_that_morecantile_knows(open_data: Any, grid: str) -> None:
    told = open_data.get(f"/tileMatrixSets/{grid}")
    read = morecantile.TileMatrixSet.model_validate(told)
    known = sweref() if grid == "SWEREF99TM" else morecantile.tms.get(grid)
    for z in (0, 5, 13):
        assert read.matrix(z).cellSize == pytest.approx(known.matrix(z).cellSize, rel=1e-9)
        assert read.xy_bounds(morecantile.Tile(3, 2, z)) == pytest.approx(
            known.xy_bounds(morecantile.Tile(3, 2, z))
        )
        assert read.matrix(z).scaleDenominator == pytest.approx(known.matrix(z).scaleDenominator, rel=1e-6)
    if grid == "SWEREF99TM":
        # The numbers of the Swedish grid by hand: 4096 m a cell at first, 0.5 m in the last.
        assert [told["tileMatrices"][z]["cellSize"] for z in (0, 13)] == [4096.0, 0.5]
        assert told["tileMatrices"][0]["pointOfOrigin"] == [8_500_000.0, -1_200_000.0]


def test_gdal_places_a_tile_of_the_swedish_grid_in_sweref_99_tm(open_data: Any, tmp_path: Path) -> None:
    z, row, column = place(9).split("/")
    saved = tmp_path / "tile.mvt"
    saved.write_bytes(
        open_data.client.get(f"/ogc/collections/plots/tiles/SWEREF99TM/{z}/{row}/{column}").content
    )
    frame = pyogrio.read_dataframe(saved, layer="plots", CLIP="NO")
    # Without a place GDAL gives the units of the tile: 4096 over 256 cells of 8 m, so half a metre each.
    west, north = -1_200_000 + int(column) * 2048, 8_500_000 - int(row) * 2048
    h0 = frame[frame.geometry.contains(frame.geometry.iloc[0].representative_point())].iloc[0]
    minx, miny, maxx, maxy = h0.geometry.bounds
    assert (maxx - minx, maxy - miny) == (200, 200)
    eastings = {west + shape.bounds[0] / 2 for shape in frame.geometry if shape.geom_type == "Polygon"}
    assert 310_000.0 in eastings
    assert {
        north - 2048 + shape.bounds[3] / 2 for shape in frame.geometry if shape.geom_type == "Polygon"
    } >= {6_400_100.0}


def test_dense_tile_of_the_swedish_grid_is_clustered_and_counts_every_plot(open_data: Any) -> None:
    import asyncio

    from landbank.geo.grid import SWEREF99TM
    from landbank.geo.tile import Tile
    from landbank.store.tiles import Tiles

    address = open_data.landbank.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)

    async def drawn() -> bytes:
        tiles = Tiles(address, most_features=3)
        try:
            made = [
                await tiles.drawn(("plots",), SWEREF99TM, Tile(0, x, y)) for x in range(4) for y in range(4)
            ]
        finally:
            await tiles.close()
        return b"".join(one.content for one in made if one.content)

    layers = mapbox_vector_tile.decode(asyncio.run(drawn()))
    counts = [feature["properties"]["count"] for feature in layers["clusters"]["features"]]
    assert sum(counts) == len(open_data.get("/collections/plots/items", limit=100)["features"])


def test_layer_that_takes_too_many_bytes_is_counted_by_cell(open_data: Any) -> None:
    import asyncio

    from landbank.geo.grid import WEB_MERCATOR
    from landbank.geo.tile import Tile
    from landbank.store.tiles import Tiles

    address = open_data.landbank.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)

    async def drawn(most_bytes: int) -> dict[str, Any]:
        tiles = Tiles(address, most_bytes=most_bytes)
        try:
            made = await tiles.drawn(("plots", "municipalities"), WEB_MERCATOR, Tile(0, 0, 0))
        finally:
            await tiles.close()
        return {
            name: [one["properties"] for one in layer["features"]]
            for name, layer in mapbox_vector_tile.decode(made.content).items()
        }

    assert {one["name"] for one in asyncio.run(drawn(500_000))["municipalities"]} == {"Göteborg", "Lerum"}
    small = asyncio.run(drawn(100))
    assert set(small) == {"clusters", "municipalities"}
    assert sum(one["count"] for one in small["municipalities"]) == 2
    assert {one["step"] for one in small["municipalities"]} == {"cluster"}


def test_layers_and_several_of_them_have_tiles_and_tile_json(open_data: Any) -> None:
    z, row, column = place(7, "WebMercatorQuad").split("/")
    told = open_data.client.get("/tiles/municipalities,plots").json()
    assert told["tiles"][0].endswith("/tiles/plots,municipalities/{z}/{x}/{y}")
    assert [layer["id"] for layer in told["vector_layers"]] == ["plots", "clusters", "municipalities"]
    several = open_data.client.get(f"/tiles/municipalities,plots/{z}/{column}/{row}")
    layers = decoded(several)
    assert set(layers) == {"plots", "municipalities"}
    assert {one["properties"]["name"] for one in layers["municipalities"]["features"]} == {
        "Göteborg",
        "Lerum",
    }
    again = open_data.client.get(
        f"/tiles/plots,municipalities/{z}/{column}/{row}", headers={"If-None-Match": several.headers["etag"]}
    )
    assert again.status_code == 304
    plans = decoded(open_data.client.get(f"/tiles/plans/{z}/{column}/{row}"))["plans"]["features"]
    assert {(one["properties"]["reference"], one["properties"]["state"]) for one in plans} == {
        ("1480K-P2024/1", "laga_kraft")
    }
    for refused in ("plots,plots", "nothing", "base,parks"):
        assert open_data.client.get(f"/tiles/{refused}/{z}/{column}/{row}").status_code == 404
        assert open_data.client.get(f"/tiles/{refused}").status_code == 404
