"""OGC API Features, its fixed parts: landing page, conformance, collections and the description of the interface.

Only what the tests prove is declared. Source: OGC API - Features - Part 1: Core, OGC 17-069r4.
"""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import APIRouter, Request, Response

from landbank.api import ogc_items
from landbank.api.links import link, public_address
from landbank.api.permits import permit
from landbank.api.problems import known_parameters
from landbank.domain.people import Permission
from landbank.store.collections import COLLECTIONS, Collection, find_collection

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
CONFORMANCE = [
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
]
OPENAPI = "application/vnd.oai.openapi+json;version=3.1"


def router() -> APIRouter:
    """Everything under `/ogc`."""
    routes = APIRouter(tags=["OGC API Features"], dependencies=[permit(Permission.READ_PUBLIC)])
    fixed = APIRouter(prefix="/ogc", dependencies=[known_parameters("f"), ogc_items.JSON_ALONE])

    @fixed.get("", summary="Landing page")
    async def landing(request: Request) -> dict[str, Any]:
        """What there is and where it starts."""
        return landing_page(public_address(request))

    @fixed.get("/api", summary="Description of this interface")
    async def api(request: Request) -> Response:
        """The OpenAPI description (3.1) of everything that landbank answers."""
        return Response(orjson.dumps(request.app.openapi()), media_type=OPENAPI)

    @fixed.get("/conformance", summary="Standards that are met")
    async def conformance() -> dict[str, Any]:
        """The conformance classes of OGC standards that landbank meets."""
        return {"conformsTo": CONFORMANCE}

    @fixed.get("/collections", summary="All collections")
    async def collections(request: Request) -> dict[str, Any]:
        """The collections with their extents and links."""
        address = public_address(request)
        told = [describe(collection, request) for collection in COLLECTIONS.values()]
        return {"links": [link(f"{address}/ogc/collections", "self")], "collections": told}

    @fixed.get("/collections/{name}", summary="One collection")
    async def one(request: Request, name: str) -> dict[str, Any]:
        """A collection with its extent and links."""
        return describe(find_collection(name), request)

    routes.include_router(fixed)
    routes.include_router(ogc_items.router(), prefix="/ogc")
    return routes


def landing_page(address: str) -> dict[str, Any]:
    """The landing page."""
    return {
        "title": "landbank",
        "description": "Planned commercial land, its plans and the infrastructure around it.",
        "links": [
            link(f"{address}/ogc", "self", title="This document"),
            link(f"{address}/ogc/api", "service-desc", OPENAPI, "Description of the interface"),
            link(f"{address}/ogc/conformance", "conformance", title="Standards that are met"),
            link(f"{address}/ogc/collections", "data", title="Collections"),
            link(f"{address}/tiles/plots", "related", title="Vector tiles of the plots (TileJSON)"),
        ],
    }


def describe(collection: Collection, request: Request) -> dict[str, Any]:
    """A collection as its metadata document has it."""
    here = f"{public_address(request)}/ogc/collections/{collection.name}"
    extent: dict[str, Any] = {
        "spatial": {"bbox": [list(request.app.state.landbank.settings.extent)], "crs": CRS84}
    }
    if collection.period is not None:
        extent["temporal"] = {"interval": [[None, None]]}
    return {
        "id": collection.name,
        "title": collection.title,
        "description": collection.description,
        "itemType": "feature",
        "crs": [CRS84],
        "extent": extent,
        "links": [
            link(here, "self"),
            link(f"{here}/items", "items", ogc_items.GEOJSON, title=collection.title),
        ],
    }
