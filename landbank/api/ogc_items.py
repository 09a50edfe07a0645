"""Items of a collection: pages in any order, and one item under its tag; what is asked is read by ogc_query.py.

Source: OGC API - Features - Part 1: Core, OGC 17-069r4, 7.15 and 7.16.
"""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from landbank.api import conditional
from landbank.api.ended import ended_answer
from landbank.api.moment import asked_of as moment_asked_of
from landbank.api.ogc_answers import Asked, asked_of, caching, crs_header
from landbank.api.ogc_formats import format_of, of_items, of_one_item
from landbank.api.ogc_query import OF_ONE_ITEM, ItemsQuery, parameters, read_items_query, read_key, read_shown
from landbank.api.ogc_writers import ItemsAnswer, OneItemAnswer, profile_of, shown_in, write_item, write_items
from landbank.api.page_links import PageLinks
from landbank.api.permits import permit
from landbank.domain.moment import Asked as AskedMoment
from landbank.domain.people import Permission
from landbank.errors import NotFound
from landbank.store.collections import PLOTS, Collection
from landbank.store.features import Number, Page, Shown
from landbank.store.plots import Fate
from landbank.store.unit import Store


def router() -> APIRouter:
    """`/collections/{name}/items` and one item below it; OpenAPI describes them in ogc_openapi.py."""
    routes = APIRouter(dependencies=[permit(Permission.READ_PUBLIC)])
    for path, answer in (("/collections/{name}/items", items), ("/collections/{name}/items/{key}", item)):
        routes.add_api_route(path, answer, methods=["GET", "HEAD"], include_in_schema=False)
    return routes


def items(request: Request, name: str) -> Response:
    """A page of items, now or at a moment, or 304 where the caller has it."""
    asked, chosen = asked_of(request, name), format_of(request, of_items(request))
    with request.app.state.landbank.reading(moment_asked_of(request)) as store:
        collection = store.collections.find(name, planning=asked.sees_planning)
        query = read_items_query(request, collection)
        profile = profile_of(request, chosen)
        headers = {**caching(store.moment), **crs_header(query.shown.crs)}
        if "if-none-match" in request.headers:
            held = conditional.held_tag(request, asked.tag(state_of(store), chosen))
            if held is not None:
                return Response(status_code=304, headers={**headers, "ETag": f"W/{held}"})
        shown = shown_in(query.shown, chosen, profile)
        page = read_page(request, store, collection, query, shown)
        state = page.stamp or state_of(store)
        number = number_of(request, store, collection, query, page)
        following = None
        if page.next_after is not None:
            following = page_links(request, store).write(query.question, page.next_after)
    headers["ETag"] = f"W/{asked.tag(state, chosen)}"
    answer = ItemsAnswer(asked, collection, query, shown, profile, page, number, following, store.moment)
    return write_items(request, answer, chosen, headers)


def state_of(store: Store) -> object:
    """What an answer depends on besides its question: the moment, and the inventory now, whose contacts it shows."""
    stamp = store.catalogue.stamp()
    return stamp if store.moment is None else (stamp, store.ledger.revision())


def read_page(
    request: Request, store: Store, collection: Collection, query: ItemsQuery, shown: Shown
) -> Page:
    """The page, begun where the link of the page before says."""
    after = None
    if query.following is not None:
        kinds = [*(collection.by_name[key.name].kind for key in query.order), collection.key_kind]
        after = page_links(request, store).read(query.question, query.following, kinds)
    return store.features.page(
        collection, query.selection, shown=shown, order=query.order, after=after, limit=query.limit
    )


def number_of(
    request: Request, store: Store, collection: Collection, query: ItemsQuery, page: Page
) -> Number:
    """How many items are selected; without asking where the first page holds them all."""
    if query.following is None and page.next_after is None:
        return Number(len(page.features), is_exact=True)
    state = page.stamp or state_of(store)
    counted: Number = request.app.state.counts.number(store.features, collection, query.selection, state)
    return counted


def page_links(request: Request, store: Store) -> PageLinks:
    """What signs page links, made once a process."""
    held: PageLinks | None = getattr(request.app.state, "page_links", None)
    if held is None:
        held = PageLinks(store.signing_keys.key("page_links"))
        request.app.state.page_links = held
    return held


def item(request: Request, name: str, key: str) -> Response:
    """The item under its tag, now or at a moment, 304, or what became of it."""
    asked, chosen = asked_of(request, name), format_of(request, of_one_item(request))
    then = moment_asked_of(request)
    feature = fate = None
    with request.app.state.landbank.reading(then) as store:
        collection = store.collections.find(name, planning=asked.sees_planning)
        given = parameters(request, OF_ONE_ITEM)
        profile, own = profile_of(request, chosen), read_shown(collection, given)
        shown = shown_in(own, chosen, profile)
        number = read_key(collection, key)
        if number is not None:
            feature = store.features.item(collection, number, shown=shown)
            if feature is None and collection is PLOTS:
                fate = store.plots.fate(int(number))
    if feature is None:
        return missing(request, asked, collection, key, fate, then=then)
    headers = {**caching(store.moment), **crs_header(own.crs)}
    answer = OneItemAnswer(asked, collection, shown, profile, feature, store.moment)
    return write_item(request, answer, chosen, headers)


def missing(
    request: Request,
    asked: Asked,
    collection: Collection,
    text: str,
    fate: Fate | None,
    *,
    then: AskedMoment | None,
) -> Response:
    """404 for what never was; 301 to the one plot in its place; 410 for an ended plot, naming any successors.

    Raises
    ------
    NotFound
        There never was such an item, or not yet.
    """
    if fate is None:
        as_of = "" if then is None else f" as of {then.text}"
        raise NotFound(
            f"There is no item '{text[:40]}' in the collection {collection.name}{as_of}.", where=text[:40]
        )
    address, _, query = asked.url(f"/collections/{collection.name}/items").partition("?")
    return ended_answer(request, text, fate, address, query=f"?{query}" if query else "")
