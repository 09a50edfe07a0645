"""The tiles' part of the OpenAPI 3.0 description of everything under /ogc. Source: OGC 20-057, 8.2 and 12."""

from __future__ import annotations

from typing import Any

from landbank.api.moment import moment_parameters
from landbank.api.tile_address import COLLECTIONS
from landbank.geo.grid import GRIDS

MVT = "application/vnd.mapbox-vector-tile"
STATUSES = ("400", "404", "406", "500", "503")
PLACE = ("tileMatrix", "tileRow", "tileCol")


def tiles_paths() -> dict[str, Any]:
    """Addresses of grids, sets of tiles and tiles, with what each answers."""
    of_one = [_choice("collectionId", COLLECTIONS)]
    grid = [_choice("tileMatrixSetId", tuple(GRIDS))]
    paths = {
        "/tileMatrixSets": _document("tiles.getTileMatrixSetsList", "Tile matrix sets", []),
        "/tileMatrixSets/{tileMatrixSetId}": _document("tiles.getTileMatrixSet", "One tile matrix set", grid),
    }
    for base, name, own in (("", "dataset", []), ("/collections/{collectionId}", "collection", of_one)):
        at = f"{base}/tiles"
        paths[at] = _document(f"{name}.vector.getTileSetsList", "Sets of vector tiles", own)
        paths[f"{at}/{{tileMatrixSetId}}"] = _document(
            f"{name}.vector.getTileSet", "What a set of vector tiles holds", [*own, *grid]
        )
        paths[f"{at}/{{tileMatrixSetId}}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"] = _tile(
            f"{name}.vector.getTile", [*own, *grid], picks=not own
        )
    return paths


def _document(operation: str, summary: str, parameters: list[dict[str, Any]]) -> dict[str, Any]:
    content = {"application/json": {"schema": {"type": "object"}}}
    return {"get": _operation(operation, summary, parameters, content)}


def _tile(operation: str, parameters: list[dict[str, Any]], *, picks: bool) -> dict[str, Any]:
    place = [
        {"name": axis, "in": "path", "required": True, "schema": {"type": "integer", "minimum": 0}}
        for axis in PLACE
    ]
    several = {
        "name": "collections",
        "in": "query",
        "description": "Which collections, with commas between them; all of them where it is left out.",
        "explode": False,
        "schema": {"type": "array", "minItems": 1, "items": {"type": "string", "enum": list(COLLECTIONS)}},
    }
    content = {MVT: {"schema": {"type": "string", "format": "binary"}}}
    every = [*parameters, *place, *([several] if picks else []), *moment_parameters()]
    made = _operation(operation, "One vector tile, possibly empty", every, content)
    made["responses"]["304"] = {"description": "The caller's copy (If-None-Match) is still the right one."}
    return {"get": made}


def _operation(
    operation: str, summary: str, parameters: list[dict[str, Any]], content: dict[str, Any]
) -> dict[str, Any]:
    refusals = {status: {"$ref": f"#/components/responses/Problem{status}"} for status in STATUSES}
    return {
        "tags": ["documents"],
        "summary": summary,
        "operationId": operation,
        "parameters": parameters,
        "responses": {"200": {"description": "The answer.", "content": content}, **refusals},
    }


def _choice(name: str, values: tuple[str, ...]) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", "enum": list(values)}}
