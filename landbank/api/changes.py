"""What changed, for programs: a JSON feed by revision, an Atom feed, and the daily heads of the chain."""

from __future__ import annotations

import asyncio
from functools import cache
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from landbank.api.atom import MEDIA_TYPE, atom_feed
from landbank.api.conditional import answer, strong_tag
from landbank.api.i18n import Language, Words, read_words
from landbank.api.links import public_address
from landbank.api.permits import actor_of, permit
from landbank.api.problems import known_parameters
from landbank.api.static import find_web
from landbank.api.tile_state import CurrentState
from landbank.domain.people import Permission
from landbank.errors import Invalid, NotFound
from landbank.services.describe_history import names_of
from landbank.services.match_document import as_json
from landbank.services.tell_changes import change_document, changes_document, heads_document
from landbank.wiring import Landbank

JSON = "application/json"
MOST_CHANGES = 1000
MOST_WAITING = 8
"""Requests that may wait for a change at once; one more is answered at once, so that waiting never fills the house."""
LONGEST_WAIT_S = 25.0
LOOK_EVERY_S = 0.5
IN_THE_FEED = 50
GREATEST = 2**63 - 1
KEPT = {
    "Vary": "Accept-Encoding, Cookie, Authorization",
    "Cache-Control": "private, max-age=0, must-revalidate",
}
"""Planners are told more than others, so no shared cache may mix their answers."""

Revision = Annotated[int, Query(ge=0, le=GREATEST, description="The revision after which changes are told.")]
Limit = Annotated[
    int,
    Query(
        ge=1,
        description=f"Most changes in an answer; {MOST_CHANGES} where more are asked for.",
        json_schema_extra={"maximum": MOST_CHANGES},
    ),
]
PlotId = Annotated[int | None, Query(ge=1, le=GREATEST, description="Only changes of this plot.")]
Wait = Annotated[
    float, Query(ge=0, le=LONGEST_WAIT_S, description="Seconds to wait for a change where there is none yet.")
]


def router() -> APIRouter:
    """`/api/changes`, `/api/changes.atom`, `/api/changes/{revision}` and `/api/history/heads`."""
    routes = APIRouter(tags=["history"], dependencies=[permit(Permission.READ_PUBLIC)])
    waiting = asyncio.Semaphore(MOST_WAITING)

    @routes.get(
        "/api/changes",
        summary="Changes since a revision",
        dependencies=[known_parameters("since", "limit", "plot", "wait")],
        response_class=Response,
    )
    async def get_changes(
        request: Request, since: Revision = 0, limit: Limit = 100, plot: PlotId = None, wait: Wait = 0
    ) -> Response:
        """The accepted changes after a revision, oldest first, as many as fit; go on with `next_since`.

        With `wait` the answer comes as soon as there is a change, or after so many seconds without one.
        """
        if wait and not waiting.locked():
            async with waiting:
                await wait_for_change(request.app.state.current, since, wait)
        told = await run_in_threadpool(changes_since, request, since, min(limit, MOST_CHANGES), plot)
        return kept(request, told)

    @routes.get("/api/changes.atom", summary="Changes of plots as an Atom feed", response_class=Response,
                dependencies=[known_parameters("lang")])  # fmt: skip
    def get_atom(request: Request, lang: Language = Language.SV) -> Response:
        """The newest changes of plots, for feed readers (RFC 4287)."""
        with request.app.state.landbank.reading() as store:
            events = store.changes.newest_of_plots(IN_THE_FEED)
            names = names_of(store.changes, events)
            plots = store.changes.identities(int(event.noun_id) for event in events)
            changed_at = store.standing.inventory().changed_at
        words = known_words()[lang]
        body = atom_feed(events, plots, names, words, address=public_address(request), updated=changed_at)
        return answer(request, body, tag=strong_tag(body), media_type=MEDIA_TYPE)

    @routes.get(
        "/api/changes/{revision}",
        summary="One change",
        dependencies=[known_parameters()],
        response_class=Response,
    )
    def get_change(request: Request, revision: int) -> Response:
        """The change that made this revision."""
        events = []
        if 0 < revision <= GREATEST:
            with request.app.state.landbank.reading() as store:
                events = store.changes.since(revision - 1, limit=1)
        if not events:
            raise NotFound(f"There is no change {revision}.", where="revision")
        return kept(request, change_document(events[0], is_planner=reads_planning(request)))

    @routes.get("/api/history/heads", summary="Daily heads of the history's chain", response_class=Response,
                dependencies=[known_parameters()])  # fmt: skip
    def get_heads(request: Request) -> Response:
        """For each day the hash over all changes up to a revision. Who keeps one sees whether history is rewritten."""
        with request.app.state.landbank.reading() as store:
            body = as_json(heads_document(store.ledger.heads()))
        return answer(request, body, tag=strong_tag(body), media_type=JSON)

    return routes


@cache
def known_words() -> dict[Language, Words]:
    """How the feed speaks each language, read once a process."""
    return read_words(find_web() / "locale")


def changes_since(request: Request, since: int, limit: int, plot_id: int | None) -> dict[str, Any]:
    """A page of the feed.

    Raises
    ------
    Invalid
        The revision has not been yet: the asker's copy is of another inventory.
    """
    landbank: Landbank = request.app.state.landbank
    with landbank.reading() as store:
        revision = store.changes.revision()
        if since > revision:
            raise Invalid(
                f"Revision {since} has not been yet; the newest is {revision}.",
                hint="Begin again with since=0: this is another inventory, or one restored from a backup.",
                where="since",
            )
        events = store.changes.since(since, limit=limit + 1, plot_id=plot_id)
    return changes_document(
        events, revision=revision, since=since, limit=limit, is_planner=reads_planning(request)
    )


async def wait_for_change(current: CurrentState, since: int, seconds: float) -> None:
    """Return once the inventory has a revision after this one, or the time is over."""
    loop = asyncio.get_running_loop()
    ends = loop.time() + seconds
    while (await current.current()).revision <= since and (left := ends - loop.time()) > 0:
        await asyncio.sleep(min(LOOK_EVERY_S, left))


def reads_planning(request: Request) -> bool:
    """Whether whoever asks may read what is for planners."""
    return actor_of(request).may(Permission.READ_PLANNING)


def kept(request: Request, document: dict[str, Any]) -> Response:
    """A document under its tag, kept by whoever asked alone."""
    body = orjson.dumps(document)
    return answer(request, body, tag=strong_tag(body), media_type=JSON, headers=KEPT)
