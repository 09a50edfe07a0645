"""Addresses of tiles: `/tiles/plots,parks/z/x/y`, and those of OGC API Tiles, whose row stands before the column.

Source: OGC 20-057 (OGC API - Tiles - Part 1: Core), 7.1 and 8.1. Everything is found out without the database.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl

from landbank.domain.moment import Asked, read_asked
from landbank.errors import Invalid, NotFound
from landbank.geo.grid import GRIDS, WEB_MERCATOR, Grid
from landbank.geo.tile import MOST_ZOOM, Tile
from landbank.store.tile_layers import DRAWN, LAYERS

COLLECTIONS = ("plots", *LAYERS)
"""The collections that are had as tiles, in the order in which all of them are drawn."""

BELOW = "/tiles/"
BELOW_OGC = "/ogc/"
PLAIN = re.compile(r"/tiles/([a-z]+(?:,[a-z]+){0,7})/([0-9]{1,2})/([0-9]{1,8})/([0-9]{1,8})(?:\.mvt|\.pbf)?")
OF_GRID = re.compile(
    r"/ogc(?:/collections/([^/]{1,80}))?/tiles/([^/]{1,80})/([^/]{1,40})/([^/]{1,40})/([^/]{1,40})"
)
MOMENT = ("as_of", "valid_on")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The tile that an address asks for: its layers in the order in which they are drawn, grid and place."""

    layers: tuple[str, ...]
    grid: Grid
    tile: Tile

    @property
    def key(self) -> tuple[object, ...]:
        """What tells this tile from every other."""
        return (self.layers, self.grid.name, self.tile.z, self.tile.x, self.tile.y)


def is_tile(path: str) -> bool:
    """Whether an address is answered in front of the routes. Documents about tiles are not."""
    if path.startswith(BELOW):
        return path.count("/") > 2
    return path.startswith(BELOW_OGC) and OF_GRID.fullmatch(path) is not None


def read_address(path: str) -> Wanted:
    """The tile of an address, without its query.

    Raises
    ------
    NotFound
        The address is no tile's, or the tile lies outside the map or the zooms.
    Invalid
        Row or column of a tile is no number.
    """
    if path.startswith(BELOW_OGC):
        return _of_grid(path)
    match = PLAIN.fullmatch(path)
    tile = Tile(int(match[2]), int(match[3]), int(match[4])) if match else Tile(-1, 0, 0)
    if match is None or not tile.exists:
        raise NotFound(
            "There is no such tile.",
            hint=f"Tiles are /tiles/plots/z/x/y with z from 0 to {MOST_ZOOM}, x and y from 0 to 2**z - 1.",
        )
    return Wanted(read_layers(match[1]), WEB_MERCATOR, tile)


def read_layers(told: str) -> tuple[str, ...]:
    """The layers of a name, several with commas between them, in the order in which they are drawn.

    Raises
    ------
    NotFound
        One of them is none, or is named twice, or stands in the base map that is named too.
    """
    names = tuple(told.split(","))
    is_twice = len(set(names)) < len(names) or (
        "base" in names and not set(names) <= {"base", "plots", "plans"}
    )
    if is_twice or not set(names) <= set(DRAWN):
        raise NotFound(
            f"There are no tiles of '{told[:80]}'.",
            hint=f"There are of {', '.join(DRAWN)}, also of several with commas between them.",
        )
    return in_order(names)


def in_order(layers: tuple[str, ...]) -> tuple[str, ...]:
    """The layers as they are drawn, so that the same ones are the same tile."""
    return tuple(sorted(layers, key=DRAWN.index))


def _of_grid(path: str) -> Wanted:
    match = OF_GRID.fullmatch(path)
    collection, name, z, row, column = match.groups() if match else (None,) * 5
    grid = GRIDS.get(name or "")
    if grid is None or (collection is not None and collection not in COLLECTIONS):
        raise NotFound(
            "There is no such set of tiles.",
            hint=f"Collections: {', '.join(COLLECTIONS)}. Tile matrix sets: {', '.join(GRIDS)}.",
        )
    numbers = {"tileRow": row or "", "tileCol": column or ""}
    for axis, told in numbers.items():
        if not re.fullmatch(r"[0-9]{1,8}", told):
            raise Invalid(f"{axis} is a whole number, and not '{told[:20]}'.", where=axis)
    is_zoom = re.fullmatch(r"[0-9]{1,2}", z or "") is not None
    tile = Tile(int(z or 0) if is_zoom else -1, int(numbers["tileCol"]), int(numbers["tileRow"]))
    if not grid.holds(tile):
        raise NotFound(
            "There is no such tile.",
            hint=f"{grid.name} has the tile matrices 0 to {grid.most_zoom}, "
            f"and in each of them {grid.first_side} * 2**z rows and columns.",
        )
    return Wanted((collection,) if collection else COLLECTIONS, grid, tile)


def read_query(path: str, query: bytes, wanted: Wanted) -> tuple[Wanted, Asked | None]:
    """The tile with what its query changes, and the earlier moment that is asked for, if any.

    Raises
    ------
    Invalid
        There is another parameter, or one of them twice, or a value that can't be right.
    """
    known = MOMENT if path.startswith(BELOW) else (*MOMENT, "f")
    if path.startswith("/ogc/tiles/"):
        known = (*known, "collections")
    told = read_parameters(query, known)
    if told.get("f", "mvt") != "mvt":
        raise Invalid("Tiles are Mapbox Vector Tiles alone.", hint="Leave f out, or give f=mvt.", where="f")
    if "collections" in told:
        wanted = Wanted(read_collections(told["collections"]), wanted.grid, wanted.tile)
    return wanted, read_asked(told.get("as_of"), told.get("valid_on"))


def read_parameters(query: bytes, known: tuple[str, ...]) -> dict[str, str]:
    """The parameters of a query, each known and given once."""
    given = parse_qsl(query.decode("latin-1"), keep_blank_values=True) or [("", "")]
    for name, _ in given:
        if name not in known:
            hint = f"Known: {', '.join(known)}."
            raise Invalid(f"There is no query parameter '{name}' here.", hint=hint, where=name or None)
        if len([other for other, _ in given if other == name]) > 1:
            raise Invalid(f"The query parameter '{name}' is given more than once.", where=name)
    return dict(given)


def read_collections(told: str) -> tuple[str, ...]:
    """The collections that a tile of several is to hold.

    Raises
    ------
    Invalid
        One of them is none that is had as tiles, or is named twice.
    """
    names = tuple(told.split(","))
    if not set(names) <= set(COLLECTIONS) or len(set(names)) < len(names):
        raise Invalid(
            f"'{told[:80]}' are not collections of tiles.",
            hint=f"Known, each once, with commas between them: {', '.join(COLLECTIONS)}.",
            where="collections",
        )
    return in_order(names)
