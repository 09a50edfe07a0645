"""Grids that tiles are cut by: the web Mercator quadtree, and the one of Swedish maps in SWEREF 99 TM.

Source: OGC 17-083r4 (Two Dimensional Tile Matrix Set and Tile Set Metadata), annex D.1 for WebMercatorQuad. The Swedish
one is that of Lantmäteriet's map services (WMTS "Topografisk webbkarta Visning", matrix set 3006): origin north-west at
N 8 500 000, E -1 200 000, cells of 4096 m in the first matrix, halved in each further one, tiles of 256 cells, as
public map clients are set up for it; a document of Lantmäteriet was not at hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from landbank.geo.tile import HALF_WORLD_M, MOST_ZOOM, Tile

PIXEL_M = 0.00028
"""A pixel of the standard's display, which scale denominators are told for (OGC 17-083r4, 6.1.1)."""

TILE_CELLS = 256


@dataclass(frozen=True, slots=True)
class Grid:
    """A tile matrix set of squares that halve from matrix to matrix.

    west, north: its corner in metres, x first. cell_m: of the first matrix. first_side: tiles along its sides.
    """

    name: str
    title: str
    srid: int
    crs: str
    is_northing_first: bool
    west: float
    north: float
    cell_m: float
    first_side: int
    most_zoom: int
    uri: str | None = None
    scale_set: str | None = None

    def holds(self, tile: Tile) -> bool:
        """Whether the tile is one of the grid's."""
        side = self.first_side << max(tile.z, 0)
        return 0 <= tile.z <= self.most_zoom and 0 <= tile.x < side and 0 <= tile.y < side

    def width_m(self, z: int) -> float:
        """Side of a tile in the metres of the CRS."""
        return self.cell_m * TILE_CELLS / (1 << z)

    def box(self, tile: Tile) -> tuple[float, float, float, float]:
        """West, south, east, north of a tile in the metres of the CRS."""
        width = self.width_m(tile.z)
        west, north = self.west + tile.x * width, self.north - tile.y * width
        return west, north - width, west + width, north

    def document(self) -> dict[str, Any]:
        """The definition as the standard writes it (OGC 17-083r4, 7.1); corners in the order of the CRS's axes."""
        corner = [self.north, self.west] if self.is_northing_first else [self.west, self.north]
        told = {
            "id": self.name,
            "title": self.title,
            "uri": self.uri,
            "crs": self.crs,
            "orderedAxes": ["N", "E"] if self.is_northing_first else ["X", "Y"],
            "wellKnownScaleSet": self.scale_set,
            "tileMatrices": [
                {
                    "id": str(z),
                    "scaleDenominator": self.cell_m / (1 << z) / PIXEL_M,
                    "cellSize": self.cell_m / (1 << z),
                    "cornerOfOrigin": "topLeft",
                    "pointOfOrigin": corner,
                    "tileWidth": TILE_CELLS,
                    "tileHeight": TILE_CELLS,
                    "matrixWidth": self.first_side << z,
                    "matrixHeight": self.first_side << z,
                }
                for z in range(self.most_zoom + 1)
            ],
        }
        return {name: value for name, value in told.items() if value is not None}


WEB_MERCATOR = Grid(
    name="WebMercatorQuad",
    title="Google Maps Compatible for the World",
    srid=3857,
    crs="http://www.opengis.net/def/crs/EPSG/0/3857",
    is_northing_first=False,
    west=-HALF_WORLD_M,
    north=HALF_WORLD_M,
    cell_m=2 * HALF_WORLD_M / TILE_CELLS,
    first_side=1,
    most_zoom=MOST_ZOOM,
    uri="http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad",
    scale_set="http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
)
SWEREF99TM = Grid(
    name="SWEREF99TM",
    title="SWEREF 99 TM, the grid of Lantmäteriet's map services",
    srid=3006,
    crs="http://www.opengis.net/def/crs/EPSG/0/3006",
    is_northing_first=True,
    west=-1_200_000.0,
    north=8_500_000.0,
    cell_m=4096.0,
    first_side=4,
    most_zoom=13,
)
GRIDS = {grid.name: grid for grid in (WEB_MERCATOR, SWEREF99TM)}
