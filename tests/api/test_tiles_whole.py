"""No plot goes missing between tiles, zooms and steps of the ladder, and no tile is too large."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date
from typing import Any

import mapbox_vector_tile
import pytest
from sqlalchemy import text

from landbank.geo.tile import Tile, tile_at
from landbank.services.load_demo import load_demo
from landbank.settings import Settings
from landbank.store.tiles import MOST_BYTES, Tiles
from landbank.wiring import Landbank, open_landbank

DAY = date(2026, 11, 23)


class Inventory:
    """An inventory, where its plots lie (EPSG:3857 metres), and its tiles."""

    def __init__(self, landbank: Landbank) -> None:
        self.landbank = landbank
        with landbank.reading() as store:
            rows = store.connection.execute(
                text("SELECT id, ST_X(location_tile), ST_Y(location_tile), area_m2 FROM landbank.plot")
            )
            self.plots = {row[0]: (row[1], row[2]) for row in rows}
            self.area_m2 = store.connection.execute(
                text("SELECT sum(area_m2) FROM landbank.plot_facts")
            ).scalar_one()
            self.available = store.connection.execute(
                text("SELECT count(*) FROM landbank.plot_facts WHERE label IN ('ledig_nu', 'ledig_senare')")
            ).scalar_one()

    def tiles_of(self, z: int) -> list[Tile]:
        """The tiles of a zoom that plots may lie on: where their locations are, and the neighbours."""
        on = {tile_at(x, y, z) for x, y in self.plots.values()}
        around = {Tile(z, t.x + dx, t.y + dy) for t in on for dx in (-1, 0, 1) for dy in (-1, 0, 1)}
        return sorted(tile for tile in around if tile.exists)

    def draw(self, tiles: list[Tile], **limits: Any) -> dict[Tile, dict[str, Any]]:
        """The decoded tiles; each is checked for its size."""

        async def all_of_them() -> dict[Tile, bytes]:
            url = self.landbank.engine.url.set(drivername="postgresql")
            drawing = Tiles(url.render_as_string(hide_password=False), connections=2, **limits)
            try:
                return {tile: (await drawing.plots(tile)).content for tile in tiles}
            finally:
                await drawing.close()

        drawn = asyncio.run(all_of_them())
        assert max(map(len, drawn.values())) <= MOST_BYTES
        return {
            tile: mapbox_vector_tile.decode(content) if content else {} for tile, content in drawn.items()
        }

    def check_whole(self, z: int, **limits: Any) -> set[str]:
        """Assert that each plot is drawn on the tile it lies on or counted there once; the steps used come back."""
        drawn = self.draw(self.tiles_of(z), **limits)
        counted = 0
        shown: set[int] = set()
        steps: set[str] = set()
        for tile, layers in drawn.items():
            clusters = [f["properties"] for f in layers.get("clusters", {}).get("features", ())]
            counted += sum(cluster["count"] for cluster in clusters)
            pids = {f["properties"]["pid"] for f in layers.get("plots", {}).get("features", ())}
            shown |= {pid for pid in pids if tile_at(*self.plots[pid], z) == tile}
            steps |= {f["properties"]["step"] for layer in layers.values() for f in layer["features"]}
            assert not (clusters and pids), "a tile is drawn or clustered, never both"
        assert counted + len(shown) == len(self.plots)
        return steps


@pytest.fixture
def demo(landbank: Landbank) -> Inventory:
    """The default synthetic inventory, 250 plots."""
    with landbank.changing(actor="test") as store:
        load_demo(store, on=DAY)
    return Inventory(landbank)


@pytest.mark.parametrize("z", [0, 5, 8, 10, 12, 14])
def test_every_plot_of_the_demo_is_drawn_on_its_tile(demo: Inventory, z: int) -> None:
    assert "cluster" not in demo.check_whole(z)


@pytest.mark.parametrize("z", [0, 7, 9, 11])
def test_every_plot_is_drawn_or_counted_where_tiles_are_dense(demo: Inventory, z: int) -> None:
    assert "cluster" in demo.check_whole(z, most_features=20)


def test_steps_of_the_ladder_meet_at_one_zoom(demo: Inventory) -> None:
    assert demo.check_whole(12, most_features=10) == {"polygon", "point", "cluster"}


def test_clusters_add_up_to_the_area_and_the_available_plots(demo: Inventory) -> None:
    world = demo.draw([Tile(0, 0, 0)], most_features=20)[Tile(0, 0, 0)]
    found = [f["properties"] for f in world["clusters"]["features"]]
    assert sum(cluster["count"] for cluster in found) == 250
    assert sum(cluster["available"] for cluster in found) == demo.available
    # Each cluster's area is rounded to whole square metres.
    assert sum(cluster["area"] for cluster in found) == pytest.approx(demo.area_m2, abs=len(found))


def test_cluster_stands_within_its_cell(demo: Inventory) -> None:
    z = 9
    for tile, layers in demo.draw(demo.tiles_of(z), most_features=0).items():
        west, south, _, _ = tile.box()
        for feature in layers.get("clusters", {}).get("features", ()):
            x, y = feature["geometry"]["coordinates"]
            # 64 cells of 64 units; the decoder counts y from the south.
            assert (x % 64, y % 64) == (32, 32)
            cell = tile.width_m / 64
            near = [
                pid
                for pid, (px, py) in demo.plots.items()
                if abs(px - west - x / 4096 * tile.width_m) <= cell / 2
                and abs(py - south - y / 4096 * tile.width_m) <= cell / 2
            ]
            assert len(near) == feature["properties"]["count"]


def test_deepest_zoom_clusters_on_cells_of_zoom_24(demo: Inventory) -> None:
    # At zoom 22 a tile has 4 x 4 cells of zoom 24; plots on one spot are in one of them.
    pid = min(demo.plots)
    tile = tile_at(*demo.plots[pid], 22)
    layers = demo.draw([tile], most_features=0)[tile]
    (cluster,) = layers["clusters"]["features"]
    assert cluster["properties"]["count"] == 1
    assert {value % 1024 for value in cluster["geometry"]["coordinates"]} == {512}


def test_thin_strip_too_thin_for_the_grid_is_a_point(landbank: Landbank) -> None:
    # 5 km by 1 cm, 175 m² on the map: over 36 pixels (51 m²) at zoom 17, where a unit is 7 cm.
    with landbank.changing(actor="test") as store:
        store.connection.execute(text("INSERT INTO landbank.municipality (code, name) VALUES ('1480', 'G')"))
        store.connection.execute(
            text(
                "INSERT INTO landbank.plot (municipality_code, reference, dataset, geometry, location) SELECT"
                " '1480', 'strip', 'test', ST_Multi(ST_MakeEnvelope(400000, 6400000, 405000, 6400000.01, 3006)),"
                " ST_Point(402500, 6400000.005, 3006)"
            )
        )
    inventory = Inventory(landbank)
    assert inventory.check_whole(17) == {"point"}


def test_tile_of_polygons_too_large_for_its_bytes_becomes_points(landbank: Landbank) -> None:
    # 200 stars of 2 000 corners each, some 900 m wide: over 500 kB as polygons, and far fewer than 2 000 plots.
    with landbank.changing(actor="test") as store:
        store.connection.execute(text("INSERT INTO landbank.municipality (code, name) VALUES ('1480', 'G')"))
        store.connection.execute(
            text(
                "INSERT INTO landbank.plot (municipality_code, reference, dataset, geometry, location)"
                " SELECT '1480', 'star ' || n, 'test', ST_Multi(ST_MakePolygon(ST_MakeLine(ARRAY("
                "   SELECT ST_Translate(ST_Point((300 + 150 * (i % 2)) * cos(i * pi() / 1000),"
                "     (300 + 150 * (i % 2)) * sin(i * pi() / 1000), 3006), x, y)"
                "   FROM generate_series(0, 2000) i ORDER BY i)))), ST_Point(x, y, 3006)"
                " FROM (SELECT n, 310000 + 10 * (n % 20) AS x, 6400000 + 10 * (n / 20) AS y"
                "   FROM generate_series(0, 199) n) s"
            )
        )
    inventory = Inventory(landbank)
    with landbank.reading() as store:
        x, y = store.connection.execute(
            text("SELECT ST_X(p), ST_Y(p) FROM ST_Transform(ST_Point(310100, 6400075, 3006), 3857) p")
        ).one()
    tile = tile_at(x, y, 12)
    found = inventory.draw([tile])[tile]["plots"]["features"]
    assert {f["properties"]["step"] for f in found} == {"point"}
    assert inventory.check_whole(12) == {"point"}


@pytest.fixture
def large(database_url: str) -> Iterator[Inventory]:
    """A synthetic inventory of 6 000 plots over all of Sweden."""
    landbank = open_landbank(Settings(), database_url)
    with landbank.changing(actor="test", timeout_ms=0) as store:
        load_demo(store, on=DAY, plots=6_000)
    yield Inventory(landbank)
    landbank.close()


@pytest.mark.long
def test_every_one_of_6000_plots_is_drawn_or_counted(large: Inventory) -> None:
    assert len(large.plots) == 6_000
    for z in (0, 3, 5, 6, 7, 8, 9):
        large.check_whole(z)
