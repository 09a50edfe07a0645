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
from landbank.api.tile_address import read_layers
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
MUNICIPALITY_FIELDS = {"code": "municipality code", "name": "its name"}
PARK_FIELDS = {"aid": "id of the area", "name": "its name"}
PLAN_FIELDS = {
    "plan": "id of the plan, also the feature's id",
    "reference": "the municipality's number of it",
    "name": "its name",
    "state": "state of the plan",
}
DENSE_FIELDS = {
    "count": "instead of everything else, where a tile would pass 500 kB: how many stand in this cell of 64 x 64",
    "step": "cluster, where it is one",
}
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
        {"id": "municipalities", "fields": MUNICIPALITY_FIELDS},
        {"id": "parks", "fields": PARK_FIELDS, "minzoom": PARKS_FROM_ZOOM},
        {"id": "infrastructure", "fields": INFRASTRUCTURE_FIELDS},
        {"id": "municipalitynames", "fields": MUNICIPALITY_FIELDS},
    ],
    "municipalities": [{"id": "municipalities", "fields": MUNICIPALITY_FIELDS | DENSE_FIELDS}],
    "parks": [{"id": "parks", "fields": PARK_FIELDS | DENSE_FIELDS}],
    "plans": [{"id": "plans", "fields": PLAN_FIELDS | DENSE_FIELDS}],
    "infrastructure": [{"id": "infrastructure", "fields": INFRASTRUCTURE_FIELDS | DENSE_FIELDS}],
}
DESCRIPTIONS = {
    "plots": "Every plot on offer or not; smaller than a square of "
    f"{LEAST_PIXELS} pixels it is a point, and dense tiles hold clusters. No plot is left out.",
    "base": "A schematic base map: municipalities, business parks, junctions, terminals, ports, airports.",
    "municipalities": "The municipalities.",
    "parks": "Business parks: areas under one name.",
    "plans": "Plans with an area, of every state.",
    "infrastructure": "Junctions, terminals, ports and airports that distances are measured to.",
}


def router() -> APIRouter:
    """`/tiles/plots`, `/tiles/base` and every other layer or several of them."""
    routes = APIRouter(
        prefix="/tiles", tags=["tiles"], dependencies=[permit(Permission.READ_PUBLIC), known_parameters()]
    )

    @routes.get("/{layers}", summary="TileJSON of a layer, or of several with commas between them")
    async def told(request: Request, layers: str) -> dict[str, Any]:
        """Where the tiles are and what they hold (TileJSON 3.0.0)."""
        return tile_json(read_layers(layers), request)

    return routes


def tile_json(names: tuple[str, ...], request: Request) -> dict[str, Any]:
    """The TileJSON of a set of tiles."""
    west, south, east, north = request.app.state.landbank.settings.extent
    path = ",".join(names)
    return {
        "tilejson": "3.0.0",
        "name": f"landbank {path}",
        "description": " ".join(DESCRIPTIONS[name] for name in names),
        "scheme": "xyz",
        "tiles": [f"{public_address(request)}/tiles/{path}/{{z}}/{{x}}/{{y}}"],
        "minzoom": 0,
        "maxzoom": MOST_ZOOM,
        "bounds": [west, south, east, north],
        "vector_layers": [layer for name in names for layer in LAYERS[name]],
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
