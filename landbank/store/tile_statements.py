"""The statements that draw tiles: their texts and parameters, and the ladder from polygons down to clusters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import inf

from psycopg.types.numeric import Float8, Int4, Int8

from landbank.geo.tile import MORTON_ZOOM, Tile
from landbank.store.database import read_sql
from landbank.store.past import BOUND_BY_DRIVER, at
from landbank.store.roles import APP_ROLE

MOST_BYTES = 500_000
"""No tile is larger than this before compression: above it plots become points, then clusters."""

MOST_FEATURES = 2_000
"""Plots in a tile above which they are clustered: more symbols than that would cover one another in 256 pixels."""

LEAST_PIXELS = 6
"""Plots smaller than a square of so many pixels (a tile has 256) are drawn as points."""

PARKS_FROM_ZOOM = 8
"""Zoom from which business parks are wider than a pixel or two."""

GRID_BITS = 6
"""Clusters stand on a grid of 2**6 by 2**6 cells a tile."""

BOUND_NAME = re.compile(r"(?<!:):(\w+)")
"""A bound parameter as SQLAlchemy writes it, and no cast."""

OPTIONS = (
    # The estimate of a generic plan is good enough for a tile, and planning costs as much as a small tile itself.
    "-c plan_cache_mode=force_generic_plan -c jit=off"
    # With that estimate the planner sorts a million rows to group them into 4096 cells; hashing takes half the time.
    " -c enable_sort=off"
    f" -c role={APP_ROLE} -c default_transaction_read_only=on"
    " -c statement_timeout={timeout_ms}"
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A tile's statement for the inventory as it is now, and as it was at a moment."""

    now: str
    then: str

    @classmethod
    def of_file(cls, name: str) -> Statement:
        """The statement of a file."""
        return cls.of(without_comments(name))

    @classmethod
    def of(cls, text: str) -> Statement:
        """The statement of a text for now, whose parameters are written as the driver wants them."""
        return cls(text, at(text, **BOUND_BY_DRIVER))


@dataclass(frozen=True, slots=True)
class Rung:
    """One try at drawing a layer of a tile; where it takes too many bytes the next one down is taken, but for the last.

    `is_counted`: draws nothing (None) where there are too many plots, and then no other rung that counts will.
    """

    statement: Statement
    parameters: Mapping[str, object]
    is_counted: bool = False
    is_last: bool = False


class TileStatements:
    """All statements of tiles, read once."""

    def __init__(self) -> None:
        self.plots = Statement.of_file("tile_plots.sql")
        self.clusters = Statement.of_file("tile_clusters.sql")
        self.base = Statement.of_file("tile_base.sql")
        self.occupied = Statement.of_file("tile_occupied.sql")
        self.touched = without_comments("tile_touched.sql")
        self.moment = BOUND_NAME.sub(r"%(\1)s", without_comments("moment.sql"))

    def ladder(self, tile: Tile, most_features: int) -> Iterator[Rung]:
        """How the plots of a tile are tried: polygons and points, points alone, clusters; the last one always draws."""
        for least_pixels in (LEAST_PIXELS, inf):
            yield Rung(self.plots, plots_of(tile, least_pixels, most_features), is_counted=True)
        yield Rung(self.clusters, clusters_of(tile), is_last=True)


def plots_of(tile: Tile, least_pixels: float, most_features: int) -> dict[str, object]:
    """Parameters of tile_plots.sql; their types are fixed, since each other type would be another statement."""
    first, last = tile.morton_range()
    return {
        **place_of(tile),
        "first": Int8(first),
        "last": Int8(last),
        "least_area_m2": Float8((least_pixels * tile.width_m / 256) ** 2),
        "most_features": Int8(most_features),
    }


def clusters_of(tile: Tile) -> dict[str, object]:
    """Parameters of tile_clusters.sql."""
    first, last = tile.morton_range()
    bits = min(GRID_BITS, MORTON_ZOOM - tile.z)
    return {
        "first": Int8(first),
        "last": Int8(last),
        "shift": Int4(2 * (MORTON_ZOOM - tile.z - bits)),
        "mask": Int8((1 << 2 * bits) - 1),
        "side": Int4(4096 >> bits),
    }


def base_of(tile: Tile) -> dict[str, object]:
    """Parameters of tile_base.sql."""
    return {**place_of(tile), "parks_from": Int4(PARKS_FROM_ZOOM)}


def place_of(tile: Tile) -> dict[str, object]:
    """A tile's own three numbers."""
    return {"z": Int4(tile.z), "x": Int4(tile.x), "y": Int4(tile.y)}


def without_comments(name: str) -> str:
    """The statement of a file without its comments: psycopg remembers the form of texts below 4096 characters only."""
    lines = (line.strip() for line in read_sql(name).splitlines() if not line.lstrip().startswith("--"))
    return " ".join(line for line in lines if line)
