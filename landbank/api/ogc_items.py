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
from landbank.api.moment import (
    AS_OF,
    MEANINGS,
    PARAMETERS,
    VALID_ON,
    asked_moment,
    moment_document,
    query_of_moment,
)
from landbank.api.ogc_query import read_key, read_selection, read_token, write_token
from landbank.api.problems import known_parameters
from landbank.domain.moment import Asked, read_asked
from landbank.errors import NotFound
from landbank.store.collections import PLOTS, Collection, find_collection
from landbank.store.features import Feature, Key
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
    as_of: Annotated[str | None, Query(description=MEANINGS[AS_OF])] = None
    valid_on: Annotated[str | None, Query(description=MEANINGS[VALID_ON])] = None

    @property
    def asked(self) -> list[tuple[str, str]]:
        """What selects the items, without what selects the page."""
        given = (
            ("bbox", self.bbox),
            ("datetime", self.time),
            (AS_OF, self.as_of),
            (VALID_ON, self.valid_on),
        )
        return [(name, value) for name, value in given if value is not None]


def router() -> APIRouter:
    """`/collections/{name}/items` and one item below it."""
    routes = APIRouter(dependencies=[JSON_ALONE])

    @routes.get(
        "/collections/{name}/items",
        summary="Items of a collection",
        dependencies=[known_parameters("f", "bbox", "datetime", "limit", "next", *PARAMETERS)],
        response_class=GeoJson,
    )
    def items(request: Request, name: str, query: Annotated[ItemsQuery, Depends()]) -> Response:
        """A page of items in the order of their ids, with the exact number of all that match."""
        return GeoJson(page(request, find_collection(name), query))

    @routes.get(
        "/collections/{name}/items/{key}",
        summary="One item",
        dependencies=[known_parameters("f", *PARAMETERS)],
        response_class=GeoJson,
    )
    def item(
        request: Request, name: str, key: str, asked: Annotated[Asked | None, Depends(asked_moment)]
    ) -> Response:
        """One item; a plot that ended is 410, one that another replaced redirects to it."""
        return one_item(request, find_collection(name), key, asked)

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
    with landbank.reading(read_asked(query.as_of, query.valid_on)) as store:
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
            **moment_document(store.moment),
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


def one_item(request: Request, collection: Collection, text: str, asked: Asked | None = None) -> Response:
    """The item under its tag, 304, or what became of it; now, or at a moment."""
    landbank: Landbank = request.app.state.landbank
    key = read_key(collection, text)
    feature = fate = moment = None
    if key is not None:
        with landbank.reading(asked) as store:
            moment = store.moment
            feature = store.features.item(collection, key)
            if feature is None and collection is PLOTS:
                fate = store.plots.fate(int(key))
    if feature is None or key is None:
        return missing(request, collection, text, fate, asked)
    told = {
        **as_geojson(feature),
        **moment_document(moment),
        "links": item_links(request, collection, key, asked),
    }
    body = orjson.dumps(told)
    tag = conditional.strong_tag(body, feature.properties.get("row_version"))
    kept = {"Cache-Control": conditional.SETTLED} if moment is not None and moment.is_settled else None
    return conditional.answer(request, body, tag=tag, media_type=GEOJSON, headers=kept)


def item_links(
    request: Request, collection: Collection, key: Key, asked: Asked | None
) -> list[dict[str, str]]:
    """The links of an item, all to the same moment."""
    public, query = public_address(request), query_of_moment(asked)
    address = f"{public}/ogc/collections/{collection.name}"
    links = [link(f"{address}/items/{key}{query}", "self", GEOJSON), link(address, "collection")]
    if collection is PLOTS:
        links.append(link(f"{public}/tomt/{key}{query}", "alternate", "text/html", hreflang="sv"))
        links.append(link(f"{public}/en/plot/{key}{query}", "alternate", "text/html", hreflang="en"))
        links.append(link(f"{public}/tomt/{key}/historik", "version-history", "text/html", hreflang="sv"))
        links.append(link(f"{public}/en/plot/{key}/history", "version-history", "text/html", hreflang="en"))
    return links


def missing(
    request: Request, collection: Collection, text: str, fate: Fate | None, asked: Asked | None
) -> Response:
    """404 for what never was; 301 to the one plot in its place; 410 for an ended plot, naming any successors.

    Raises
    ------
    NotFound
        There never was such an item.
    """
    if fate is None:
        then = "" if asked is None else f" as of {asked.text}"
        raise NotFound(
            f"There is no item '{text[:40]}' in the collection {collection.name}{then}.", where=text[:40]
        )
    address = f"{public_address(request)}/ogc/collections/{collection.name}/items"
    return ended_answer(request, text, fate, address, query=query_of_moment(asked))
