"""OGC API Tiles, its documents: grids, lists of tilesets and their metadata. tiles.py answers the tiles themselves.

Source: OGC 20-057 (OGC API - Tiles - Part 1: Core), 8 to 11; OGC 17-083r4 (tile matrix sets and metadata), 7 and 8.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request, Response

from landbank.api.links import link, public_address
from landbank.api.ogc_answers import RELATIONS, caching, json_answer
from landbank.api.ogc_tiles_openapi import MVT
from landbank.api.permits import permit
from landbank.api.problems import known_parameters
from landbank.api.tile_address import COLLECTIONS
from landbank.api.tile_json import LAYERS
from landbank.domain.people import Permission
from landbank.errors import Invalid, NotFound
from landbank.geo.grid import GRIDS, Grid
from landbank.geo.named_crs import CRS84

TILESETS = f"{RELATIONS}tilesets-vector"
GRIDS_OF = f"{RELATIONS}tiling-schemes"
GRID_OF = f"{RELATIONS}tiling-scheme"
DIMENSIONS = {"infrastructure": 0, "clusters": 0}
"""Dimension of a layer's geometries where it is not areas."""


def router() -> APIRouter:
    """The documents below `/ogc`."""
    routes = APIRouter(prefix="/ogc", dependencies=[permit(Permission.READ_PUBLIC), known_parameters("f")])
    answers: dict[str, Callable[..., Response]] = {
        "/tileMatrixSets": grids,
        "/tileMatrixSets/{grid_name}": one_grid,
        "/tiles": tilesets,
        "/tiles/{grid_name}": one_tileset,
        "/collections/{collection}/tiles": tilesets,
        "/collections/{collection}/tiles/{grid_name}": one_tileset,
    }
    for path, answer in answers.items():
        routes.add_api_route(path, answer, methods=["GET", "HEAD"], include_in_schema=False)
    return routes


def grids(request: Request) -> Response:
    """The tile matrix sets by which tiles are cut."""
    address = ogc_address(request)
    told = [
        {
            "id": grid.name,
            "title": grid.title,
            "uri": grid.uri or f"{address}/tileMatrixSets/{grid.name}",
            "crs": grid.crs,
            "links": [link(f"{address}/tileMatrixSets/{grid.name}", "self", title=grid.title)],
        }
        for grid in GRIDS.values()
    ]
    return answered(request, {"tileMatrixSets": told, "links": [link(f"{address}/tileMatrixSets", "self")]})


def one_grid(request: Request, grid_name: str) -> Response:
    """The definition of a tile matrix set."""
    grid = find_grid(grid_name)
    here = f"{ogc_address(request)}/tileMatrixSets/{grid.name}"
    return answered(request, {**grid.document(), "links": [link(here, "self")]})


def tilesets(request: Request, collection: str | None = None) -> Response:
    """The sets of tiles of a collection, or of all of them together."""
    refuse_unknown(collection)
    here = tiles_address(request, collection)
    told = [tileset_item(request, collection, grid) for grid in GRIDS.values()]
    return answered(request, {"tilesets": told, "links": [link(here, "self")]})


def one_tileset(request: Request, grid_name: str, collection: str | None = None) -> Response:
    """What a set of tiles holds, where, and how its tiles are addressed."""
    refuse_unknown(collection)
    grid = find_grid(grid_name)
    here = f"{tiles_address(request, collection)}/{grid.name}"
    west, south, east, north = request.app.state.landbank.settings.extent
    item = tileset_item(request, collection, grid)
    template = {
        **link(f"{here}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}", "item", MVT, "The tiles"),
        "templated": True,
    }
    told = {
        **item,
        "accessConstraints": "unclassified",
        "boundingBox": {"lowerLeft": [west, south], "upperRight": [east, north], "crs": CRS84.uri},
        "layers": [layer_document(layer) for name in layers_of(collection) for layer in described(name)],
        "links": [*item["links"], template],
    }
    return answered(request, told)


def tileset_item(request: Request, collection: str | None, grid: Grid) -> dict[str, Any]:
    """A set of tiles as a list of them has it."""
    address = ogc_address(request)
    told = {
        "title": f"{collection or 'All collections'}, {grid.name}",
        "dataType": "vector",
        "crs": grid.crs,
        "tileMatrixSetId": grid.name,
        "tileMatrixSetURI": grid.uri,
        "links": [
            link(f"{tiles_address(request, collection)}/{grid.name}", "self", title="This set of tiles"),
            link(f"{address}/tileMatrixSets/{grid.name}", GRID_OF, title=grid.title),
        ],
    }
    return {name: value for name, value in told.items() if value is not None}


def layers_of(collection: str | None) -> tuple[str, ...]:
    """The collections whose layers a set of tiles holds."""
    return (collection,) if collection else COLLECTIONS


def described(name: str) -> list[dict[str, Any]]:
    """The layers of a collection, as its TileJSON describes them."""
    return LAYERS[name]


def layer_document(layer: dict[str, Any]) -> dict[str, Any]:
    """A layer as tileset metadata has it."""
    properties = {name: {"description": meaning} for name, meaning in layer["fields"].items()}
    return {
        "id": layer["id"],
        "dataType": "vector",
        "geometryDimension": DIMENSIONS.get(layer["id"], 2),
        "propertiesSchema": {"type": "object", "properties": properties},
    }


def find_grid(name: str) -> Grid:
    """The tile matrix set of that name.

    Raises
    ------
    NotFound
        There is none.
    """
    if name not in GRIDS:
        raise NotFound(f"There is no tile matrix set '{name[:40]}'.", hint=f"There are: {', '.join(GRIDS)}.")
    return GRIDS[name]


def refuse_unknown(collection: str | None) -> None:
    """Nothing, unless a collection is none that is had as tiles.

    Raises
    ------
    NotFound
        It is not.
    """
    if collection is not None and collection not in COLLECTIONS:
        raise NotFound(
            f"There are no tiles of '{collection[:40]}'.", hint=f"There are of: {', '.join(COLLECTIONS)}."
        )


def answered(request: Request, told: dict[str, Any]) -> Response:
    """A document as JSON, the only format that it has.

    Raises
    ------
    Invalid
        `f` names another.
    """
    if request.query_params.get("f", "json") != "json":
        raise Invalid("This document is JSON alone.", hint="Leave f out, or give f=json.", where="f")
    return json_answer(told, caching())


def ogc_address(request: Request) -> str:
    """The public address of `/ogc`."""
    return f"{public_address(request)}/ogc"


def tiles_address(request: Request, collection: str | None) -> str:
    """The public address of the sets of tiles of a collection, or of all."""
    below = f"/collections/{collection}" if collection else ""
    return f"{ogc_address(request)}{below}/tiles"
