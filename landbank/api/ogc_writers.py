"""Items written in the format that was asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from fastapi import Request, Response

from landbank.api import conditional
from landbank.api.links import link, public_address
from landbank.api.moment import moment_document, query_of_moment
from landbank.api.ogc_answers import RELATIONS, Asked, format_links, link_header
from landbank.api.ogc_formats import GEOJSON, ITEM_TYPES, SCHEMA, Format, of_items, of_one_item
from landbank.api.ogc_geojson import PROFILE_ADDRESS, Profile, feature_json, features_json, root_json
from landbank.api.ogc_item_pages import item_page, items_page
from landbank.api.ogc_query import ItemsQuery, ShownAs
from landbank.domain.filter import Kind
from landbank.domain.moment import Moment
from landbank.errors import Invalid
from landbank.exchange.write_items import csv_of, flatgeobuf_of, geoparquet_of
from landbank.geo.named_crs import CRS84
from landbank.store.collections import PLOTS, Collection
from landbank.store.features import Feature, Form, Number, Page, Shown

_FILES = frozenset({Format.CSV, Format.FGB, Format.PARQUET})


@dataclass(frozen=True, slots=True)
class ItemsAnswer:
    """A page of items with what was asked; `following` begins the next page."""

    asked: Asked
    collection: Collection
    query: ItemsQuery
    shown: Shown
    profile: Profile
    page: Page
    number: Number
    following: str | None
    moment: Moment | None = None


@dataclass(frozen=True, slots=True)
class OneItemAnswer:
    """One item with what was asked."""

    asked: Asked
    collection: Collection
    shown: Shown
    profile: Profile
    feature: Feature
    moment: Moment | None = None


def profile_of(request: Request, chosen: Format) -> Profile:
    """The profile of GeoJSON that is asked for.

    Raises
    ------
    Invalid
        `profile` names none that is written. Source: OGC 21-045r1, 15.
    """
    named = request.query_params.get("profile")
    if named is None:
        return Profile.JSONFG if chosen is Format.JSONFG else Profile.RFC7946
    words = [word.strip().removeprefix(PROFILE_ADDRESS) for word in named.split(",")]
    for word in words:
        if word not in tuple(Profile):
            raise Invalid(
                f"There is no profile '{word[:60]}'.", hint=f"Known: {', '.join(Profile)}.", where="profile"
            )
    return Profile(words[0])


def shown_in(own: ShownAs, chosen: Format, profile: Profile) -> Shown:
    """What is read of the items for a format."""
    form = Form.WKB if chosen in _FILES else Form.GEOJSON
    is_fg = profile is not Profile.RFC7946 and chosen in (Format.JSON, Format.JSONFG)
    return Shown(
        names=own.names,
        form=form if own.with_geometry else Form.NONE,
        crs=own.crs,
        with_lonlat=is_fg and profile is Profile.JSONFG_PLUS and own.with_geometry and own.crs is not CRS84,
    )


def write_items(request: Request, answer: ItemsAnswer, chosen: Format, headers: dict[str, str]) -> Response:
    """The page of items in the format."""
    links = items_links(request, answer, chosen)
    headers = {
        **headers,
        **link_header(
            [*links, *fixed_links(answer.asked, answer.collection), *profile_links(answer.profile, chosen)]
        ),
        "OGC-NumberMatched": str(answer.number.value),
        "OGC-NumberReturned": str(len(answer.page.features)),
    }
    if chosen is Format.HTML:
        return items_page(request, answer, links, headers)
    if chosen in _FILES:
        return Response(_FILE_WRITERS[chosen](answer), headers=headers, media_type=ITEM_TYPES[chosen])
    return Response(items_json(answer, links), headers=headers, media_type=GEOJSON)


def items_json(answer: ItemsAnswer, links: list[dict[str, str]]) -> bytes:
    """A FeatureCollection; `numberMatchedIsEstimate` stands where counting took too long."""
    page, collection, shown, profile = answer.page, answer.collection, answer.shown, answer.profile
    told = {
        "type": "FeatureCollection",
        **root_json(collection, shown, profile, schema_url(answer.asked, collection)),
        "features": features_json(page.features, collection, shown, profile),
        "numberMatched": answer.number.value,
        "numberReturned": len(page.features),
        "timeStamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        **moment_document(answer.moment),
        "links": [*links, link(collection_url(answer.asked, collection), "collection")],
    }
    if not answer.number.is_exact:
        told["numberMatchedIsEstimate"] = True
    return orjson.dumps(told)


def items_links(request: Request, answer: ItemsAnswer, chosen: Format) -> list[dict[str, str]]:
    """Links to this page in each format, and to the next one."""
    links = format_links(answer.asked, chosen, of_items(request), ITEM_TYPES)
    if answer.following is not None:
        address = answer.asked.url(next=answer.following)
        links.append(link(address, "next", ITEM_TYPES[chosen].split(";")[0], title="The next page"))
    return links


def fixed_links(asked: Asked, collection: Collection) -> list[dict[str, str]]:
    """Links of a header: what may be filtered and sorted by."""
    here = collection_url(asked, collection)
    return [
        link(f"{here}/queryables", f"{RELATIONS}queryables", SCHEMA),
        link(f"{here}/sortables", f"{RELATIONS}sortables", SCHEMA),
    ]


def profile_links(profile: Profile, chosen: Format) -> list[dict[str, str]]:
    """The link that names the profile of a GeoJSON document."""
    is_json = chosen in (Format.JSON, Format.JSONFG)
    return [link(f"{PROFILE_ADDRESS}{profile}", "profile", "text/html")] if is_json else []


def collection_url(asked: Asked, collection: Collection) -> str:
    """The address of a collection."""
    return f"{asked.address}/collections/{collection.name}"


def schema_url(asked: Asked, collection: Collection) -> str:
    """The address of a collection's schema."""
    return f"{collection_url(asked, collection)}/schema"


def columns_of(answer: ItemsAnswer) -> dict[str, Kind]:
    """The properties that are shown, with their kinds."""
    names = answer.shown.names
    return {one.name: one.kind for one in answer.collection.columns if names is None or one.name in names}


def rows_of(answer: ItemsAnswer) -> list[tuple[dict[str, Any], bytes | None]]:
    """Properties and WKB of the items."""
    return [
        (feature.properties, None if feature.geometry is None else bytes(feature.geometry))
        for feature in answer.page.features
    ]


def write_csv(answer: ItemsAnswer) -> bytes:
    """The page as CSV."""
    crs = answer.shown.crs
    return csv_of(
        columns_of(answer), rows_of(answer), is_northing_first=crs.is_northing_first, decimals=crs.decimals
    )


def write_flatgeobuf(answer: ItemsAnswer) -> bytes:
    """The page as FlatGeobuf; x before y, as its readers expect of every CRS."""
    return flatgeobuf_of(
        columns_of(answer), rows_of(answer), name=answer.collection.name, srid=answer.shown.crs.srid
    )


def write_geoparquet(answer: ItemsAnswer) -> bytes:
    """The page as GeoParquet; x before y, as the format has it for every CRS."""
    return geoparquet_of(columns_of(answer), rows_of(answer), srid=answer.shown.crs.srid)


_FILE_WRITERS: dict[Format, Callable[[ItemsAnswer], bytes]] = {
    Format.CSV: write_csv,
    Format.FGB: write_flatgeobuf,
    Format.PARQUET: write_geoparquet,
}


def write_item(request: Request, answer: OneItemAnswer, chosen: Format, headers: dict[str, str]) -> Response:
    """The item in the format; as JSON under a strong tag that begins with the version of its row."""
    asked, collection, feature = answer.asked, answer.collection, answer.feature
    links = [
        *format_links(asked, chosen, of_one_item(request), ITEM_TYPES),
        link(collection_url(asked, collection), "collection"),
        *item_alternates(request, answer),
    ]
    headers = headers | link_header([*links, *profile_links(answer.profile, chosen)])
    if chosen is Format.HTML:
        return item_page(request, answer, links, headers)
    body = orjson.dumps(
        {
            **feature_json(feature, collection, answer.shown, answer.profile),
            **root_json(collection, answer.shown, answer.profile, schema_url(asked, collection)),
            **moment_document(answer.moment),
            "links": links,
        }
    )
    tag = conditional.strong_tag(body, feature.properties.get("row_version"))
    return conditional.answer(request, body, tag=tag, media_type=GEOJSON, headers=headers)


def item_alternates(request: Request, answer: OneItemAnswer) -> list[dict[str, str]]:
    """The pages of a plot for people, at the same moment, and of what happened to it, in both languages."""
    if answer.collection is not PLOTS:
        return []
    site, key = public_address(request), answer.feature.key
    then = query_of_moment(None if answer.moment is None else answer.moment.asked)
    return [
        link(f"{site}/tomt/{key}{then}", "about", "text/html", hreflang="sv"),
        link(f"{site}/en/plot/{key}{then}", "about", "text/html", hreflang="en"),
        link(f"{site}/tomt/{key}/historik", "version-history", "text/html", hreflang="sv"),
        link(f"{site}/en/plot/{key}/history", "version-history", "text/html", hreflang="en"),
    ]
