"""What the tiles hold and where they are: TileJSON, and their place in the OpenAPI description.

Source: TileJSON 3.0.0, https://github.com/mapbox/tilejson-spec/tree/master/3.0.0
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from landbank.api.links import public_address
from landbank.api.moment import moment_parameters
from landbank.api.permits import permit
from landbank.api.problems import known_parameters
from landbank.domain.people import Permission
from landbank.geo.tile import MOST_ZOOM
from landbank.store.tile_statements import LEAST_PIXELS, MOST_FEATURES, PARKS_FROM_ZOOM

PLOT_FIELDS = {
    "pid": "id of the plot, also the feature's id",
    "label": "public label: sald, reserverad, ej_till_salu, begransad, kommande, ledig_senare or ledig_nu",
    "planning": "state of the plan",
    "readiness": "physical readiness of the ground",
    "availability": "commercial availability",
    "restricted": "number of restrictions in force",
    "area": "geodesic area in m²",
    "step": "polygon or point",
}
CLUSTER_FIELDS = {
    "count": "number of plots",
    "area": "sum of their areas in m²",
    "available": "how many of them are free now or later",
    "step": "cluster",
}
INFRASTRUCTURE_FIELDS = {"kind": "motorway_junction, rail_terminal, port or airport", "name": "its name"}
LAYERS: dict[str, list[dict[str, Any]]] = {
    "plots": [
        {"id": "plots", "description": "Plots one by one.", "fields": PLOT_FIELDS},
        {
            "id": "clusters",
            "description": f"Instead of plots, where a tile holds more than {MOST_FEATURES} of them.",
            "fields": CLUSTER_FIELDS,
        },
    ],
    "base": [
        {"id": "municipalities", "fields": {"code": "municipality code", "name": "its name"}},
        {"id": "parks", "fields": {"aid": "id of the area", "name": "its name"}, "minzoom": PARKS_FROM_ZOOM},
        {"id": "infrastructure", "fields": INFRASTRUCTURE_FIELDS},
        {"id": "municipalitynames", "fields": {"code": "municipality code", "name": "its name"}},
    ],
}
DESCRIPTIONS = {
    "plots": "Every plot on offer or not; smaller than a square of "
    f"{LEAST_PIXELS} pixels it is a point, and dense tiles hold clusters. No plot is left out.",
    "base": "A schematic base map: municipalities, business parks, junctions, terminals, ports, airports.",
}


def router() -> APIRouter:
    """`/tiles/plots` and `/tiles/base`."""
    routes = APIRouter(
        prefix="/tiles", tags=["tiles"], dependencies=[permit(Permission.READ_PUBLIC), known_parameters()]
    )

    @routes.get("/plots", summary="TileJSON of the plots")
    async def plots(request: Request) -> dict[str, Any]:
        """Where the tiles of the plots are and what they hold (TileJSON 3.0.0)."""
        return tile_json("plots", request)

    @routes.get("/base", summary="TileJSON of the base map")
    async def base(request: Request) -> dict[str, Any]:
        """Where the tiles of the base map are and what they hold (TileJSON 3.0.0)."""
        return tile_json("base", request)

    return routes


def tile_json(name: str, request: Request) -> dict[str, Any]:
    """The TileJSON of a set of tiles."""
    west, south, east, north = request.app.state.landbank.settings.extent
    return {
        "tilejson": "3.0.0",
        "name": f"landbank {name}",
        "description": DESCRIPTIONS[name],
        "scheme": "xyz",
        "tiles": [f"{public_address(request)}/tiles/{name}/{{z}}/{{x}}/{{y}}"],
        "minzoom": 0,
        "maxzoom": MOST_ZOOM,
        "bounds": [west, south, east, north],
        "vector_layers": LAYERS[name],
    }


def tile_paths() -> dict[str, Any]:
    """The tiles' part of the OpenAPI description: they are answered in front of the routes, which don't know them."""
    return {f"/tiles/{name}/{{z}}/{{x}}/{{y}}": {"get": tile_operation(name)} for name in LAYERS}


def tile_operation(name: str) -> dict[str, Any]:
    """The description of GET on one tile."""
    tile = {"type": "string", "format": "binary", "description": "Mapbox Vector Tile 2.1, possibly empty"}
    problem = {"content": {"application/problem+json": {"schema": {"type": "object"}}}}
    return {
        "tags": ["tiles"],
        "summary": f"One tile of {name}",
        "description": DESCRIPTIONS[name],
        "operationId": f"tile_of_{name}",
        "parameters": [
            {"name": axis, "in": "path", "required": True, "schema": {"type": "integer", "minimum": 0}}
            for axis in "zxy"
        ]
        + moment_parameters(),
        "responses": {
            "200": {
                "description": "The tile.",
                "content": {"application/vnd.mapbox-vector-tile": {"schema": tile}},
            },
            "304": {"description": "The caller's copy (If-None-Match) is still the right one."},
            "404": {"description": "There is no such tile."} | problem,
            "503": {"description": "The database does not answer; see Retry-After."} | problem,
        },
    }
