"""The layers that tiles are drawn of, on each grid: which statements are tried, and with which parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import inf
from typing import Final

from psycopg.types.numeric import Float8, Int8

from landbank.geo.grid import WEB_MERCATOR, Grid
from landbank.geo.tile import Tile
from landbank.store.tile_statements import (
    LEAST_PIXELS,
    Rung,
    Statement,
    TileStatements,
    base_of,
    without_comments,
)

MARGIN: Final = 256 / 4096
"""How far a tile reaches beyond its edge, as a share of its width."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer other than the plots: table, key, SQL columns, and its geometry on the web map and as it is stored."""

    name: str
    table: str
    key: str
    columns: str
    on_web: str = "geometry_tile"
    stored: str = "geometry"
    has_number: bool = True


LAYERS: Final = {
    layer.name: layer
    for layer in (
        Layer("municipalities", "municipality", "code", "t.code, t.name", has_number=False),
        Layer("parks", "area", "id", "t.id AS aid, t.id AS fid, t.name"),
        Layer("plans", "plan", "id", "t.id AS plan, t.id AS fid, t.reference, t.name, t.state"),
        Layer(
            "infrastructure",
            "infrastructure",
            "id",
            "t.id AS fid, t.kind, t.name",
            "location_tile",
            "location",
        ),
    )
}
"""The layers beside `plots` and `base`, by name."""

DRAWN: Final = ("plots", "base", *LAYERS)
"""All that tiles may be asked of."""


class LayerStatements:
    """The statements of all layers on all grids, read once."""

    def __init__(self, tiles: TileStatements, grids: Mapping[str, Grid]) -> None:
        self.tiles = tiles
        self.grid_plots = Statement.of_file("tile_grid_plots.sql")
        self.grid_clusters = Statement.of_file("tile_grid_clusters.sql")
        self.layers = {
            (layer.name, grid.name): (
                filled("tile_layer.sql", layer, grid),
                filled("tile_layer_dense.sql", layer, grid),
            )
            for layer in LAYERS.values()
            for grid in grids.values()
        }

    def ladder(self, layer: str, grid: Grid, tile: Tile, most_features: int) -> Iterator[Rung]:
        """How a layer of a tile is tried, the last one always drawing."""
        if grid == WEB_MERCATOR and layer == "plots":
            yield from self.tiles.ladder(tile, most_features)
        elif layer == "plots":
            for least_pixels in (LEAST_PIXELS, inf):
                parameters = grid_plots_of(grid, tile, least_pixels, most_features)
                yield Rung(self.grid_plots, parameters, is_counted=True)
            yield Rung(self.grid_clusters, box_of(grid, tile), is_last=True)
        elif layer == "base":
            yield Rung(self.tiles.base, base_of(tile), is_last=True)
        else:
            whole, dense = self.layers[layer, grid.name]
            yield Rung(whole, margin_of(grid, tile))
            yield Rung(dense, box_of(grid, tile), is_last=True)


def filled(name: str, layer: Layer, grid: Grid) -> Statement:
    """The statement of a layer on a grid; what is filled in are constants of this file."""
    text = without_comments(name).format(
        layer=layer.name,
        table=layer.table,
        key=layer.key,
        columns=layer.columns,
        geometry=layer.on_web if grid == WEB_MERCATOR else layer.stored,
        srid=grid.srid,
        feature_id=", 'fid'" if layer.has_number else "",
    )
    return Statement.of(text)


def box_of(grid: Grid, tile: Tile) -> dict[str, object]:
    """A tile's four sides."""
    return dict(zip(("west", "south", "east", "north"), map(Float8, grid.box(tile)), strict=True))


def margin_of(grid: Grid, tile: Tile) -> dict[str, object]:
    """A tile's four sides and how far it reaches beyond them."""
    return {**box_of(grid, tile), "margin": Float8(grid.width_m(tile.z) * MARGIN)}


def grid_plots_of(grid: Grid, tile: Tile, least_pixels: float, most_features: int) -> dict[str, object]:
    """Parameters of tile_grid_plots.sql."""
    return {
        **margin_of(grid, tile),
        "least_area_m2": Float8((least_pixels * grid.width_m(tile.z) / 256) ** 2),
        "most_features": Int8(most_features),
    }
