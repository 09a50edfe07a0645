"""OGC API Features, the items: pages by key, and one item under a strong tag.

GeoJSON in longitude and latitude (CRS84). The database writes each geometry as text, which goes out as it came.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response

from landbank.api import conditional
from landbank.api.ended import ended_answer
from landbank.api.links import link, public_address
from landbank.api.ogc_query import read_key, read_selection, read_token, write_token
from landbank.api.problems import known_parameters
from landbank.errors import NotFound
from landbank.store.collections import PLOTS, Collection, find_collection
from landbank.store.features import Feature
from landbank.store.plots import Fate
from landbank.wiring import Landbank

GEOJSON = "application/geo+json"
MOST_ITEMS = 1000


def refuse_other_formats(
    f: Annotated[Literal["json"], Query(description="Format of the answer.")] = "json",
) -> None:
    """A format that is not written is refused while the query is read."""


JSON_ALONE = Depends(refuse_other_formats)


@dataclass(frozen=True, slots=True)
class ItemsQuery:
    """The query of a page of items."""

    bbox: Annotated[
        str | None, Query(description="west,south,east,north in degrees; only items that touch it.")
    ] = None
    time: Annotated[
        str | None,
        Query(alias="datetime", description="A date, a time, or a period; only items that hold then."),
    ] = None
    limit: Annotated[
        int,
        Query(
            ge=1,
            description=f"Most items on a page; {MOST_ITEMS} where more are asked for.",
            json_schema_extra={"maximum": MOST_ITEMS},
        ),
    ] = 100
    following: Annotated[
        str | None,
        Query(alias="next", description="Where the page begins, from the link `next` of the page before."),
    ] = None

    @property
    def asked(self) -> list[tuple[str, str]]:
        """What selects the items, without what selects the page."""
        given = (("bbox", self.bbox), ("datetime", self.time))
        return [(name, value) for name, value in given if value is not None]


def router() -> APIRouter:
    """`/collections/{name}/items` and one item below it."""
    routes = APIRouter(dependencies=[JSON_ALONE])

    @routes.get(
        "/collections/{name}/items",
        summary="Items of a collection",
        dependencies=[known_parameters("f", "bbox", "datetime", "limit", "next")],
        response_class=GeoJson,
    )
    def items(request: Request, name: str, query: Annotated[ItemsQuery, Depends()]) -> Response:
        """A page of items in the order of their ids, with the exact number of all that match."""
        return GeoJson(page(request, find_collection(name), query))

    @routes.get(
        "/collections/{name}/items/{key}",
        summary="One item",
        dependencies=[known_parameters("f")],
        response_class=GeoJson,
    )
    def item(request: Request, name: str, key: str) -> Response:
        """One item; a plot that ended is 410, one that another replaced redirects to it."""
        return one_item(request, find_collection(name), key)

    return routes


class GeoJson(Response):
    """An answer in GeoJSON."""

    media_type = GEOJSON


def page(request: Request, collection: Collection, query: ItemsQuery) -> bytes:
    """A FeatureCollection: two statements, one for the page and one for the number of all."""
    selection = read_selection(query.bbox, query.time)
    asked, limit = urlencode(query.asked), min(query.limit, MOST_ITEMS)
    after = None if query.following is None else read_token(collection, asked, query.following)
    landbank: Landbank = request.app.state.landbank
    with landbank.reading() as store:
        found = store.features.page(collection, selection, after=after, limit=limit)
        number = store.features.count(collection, selection)
    here = f"{public_address(request)}/ogc/collections/{collection.name}"
    own = f"{here}/items?{request.url.query}".rstrip("?")
    links = [link(own, "self", GEOJSON), link(here, "collection")]
    if found.next_after is not None:
        token = write_token(collection, asked, found.next_after)
        rest = urlencode([*query.asked, ("limit", limit), ("next", token)], safe=",:/")
        links.append(link(f"{here}/items?{rest}", "next", GEOJSON))
    return orjson.dumps(
        {
            "type": "FeatureCollection",
            "features": [as_geojson(feature) for feature in found.features],
            "numberMatched": number,
            "numberReturned": len(found.features),
            "timeStamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "links": links,
        }
    )


def as_geojson(feature: Feature) -> dict[str, Any]:
    """The item as a GeoJSON Feature; its geometry is text already."""
    return {
        "type": "Feature",
        "id": feature.key,
        "geometry": None if feature.geojson is None else orjson.Fragment(feature.geojson),
        "properties": feature.properties,
    }


def one_item(request: Request, collection: Collection, text: str) -> Response:
    """The item under its tag, 304, or what became of it."""
    landbank: Landbank = request.app.state.landbank
    key = read_key(collection, text)
    feature = fate = None
    if key is not None:
        with landbank.reading() as store:
            feature = store.features.item(collection, key)
            if feature is None and collection is PLOTS:
                fate = store.plots.fate(int(key))
    if feature is None or key is None:
        return missing(request, collection, text, fate)
    address = f"{public_address(request)}/ogc/collections/{collection.name}"
    links = [link(f"{address}/items/{key}", "self", GEOJSON), link(address, "collection")]
    if collection is PLOTS:
        links.append(link(f"{public_address(request)}/tomt/{key}", "alternate", "text/html", hreflang="sv"))
        links.append(
            link(f"{public_address(request)}/en/plot/{key}", "alternate", "text/html", hreflang="en")
        )
    body = orjson.dumps({**as_geojson(feature), "links": links})
    tag = conditional.strong_tag(body, feature.properties.get("row_version"))
    return conditional.answer(request, body, tag=tag, media_type=GEOJSON)


def missing(request: Request, collection: Collection, text: str, fate: Fate | None) -> Response:
    """404 for what never was; 301 to the one plot in its place; 410 for an ended plot, naming any successors.

    Raises
    ------
    NotFound
        There never was such an item.
    """
    if fate is None:
        raise NotFound(
            f"There is no item '{text[:40]}' in the collection {collection.name}.", where=text[:40]
        )
    return ended_answer(
        request, text, fate, f"{public_address(request)}/ogc/collections/{collection.name}/items"
    )
