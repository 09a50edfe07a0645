"""Whether the process lives, whether it can serve, and what it is."""

from __future__ import annotations

import asyncio
from importlib.metadata import PackageNotFoundError, version
from time import monotonic

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from landbank.api.permits import permit
from landbank.api.problems import Problem, answer, known_parameters
from landbank.api.tile_state import CurrentState
from landbank.domain.people import Permission
from landbank.errors import LandbankError
from landbank.store.schema_revision import head_revision
from landbank.wiring import Landbank


def router() -> APIRouter:
    """`/live`, `/ready` and `/version`."""
    routes = APIRouter(tags=["health"], dependencies=[permit(Permission.READ_PUBLIC), known_parameters()])

    @routes.get("/live", summary="The process runs")
    async def live() -> dict[str, str]:
        """200 as long as the process answers; says nothing of the database."""
        return {"status": "live"}

    @routes.get("/ready", summary="Pages, items and tiles can be served", response_model=None)
    async def ready(request: Request) -> Response | dict[str, str]:
        """200 when the database has this code's schema and the web assets are there, else 503: why not."""
        fault = await request.app.state.readiness.fault()
        if fault is None:
            return {"status": "ready"}
        return answer(request, Problem(503, "not-ready", "Not ready", fault.message, fault.hint, fault.where))

    @routes.get("/version", summary="What runs here")
    async def told_version() -> dict[str, str]:
        """The versions of landbank and of the schema that it works on."""
        return {"name": "landbank", "version": own_version(), "schema_revision": head_revision()}

    return routes


class Readiness:
    """Whether pages, items and tiles can be served; looked into at most once a second, however many ask."""

    def __init__(
        self, landbank: Landbank, current: CurrentState, web_fault: LandbankError | None = None
    ) -> None:
        self.landbank = landbank
        self.current = current
        self.web_fault = web_fault
        self.looking: asyncio.Task[LandbankError | None] | None = None
        self.looked_at = 0.0

    async def fault(self) -> LandbankError | None:
        """What stands in the way, or None."""
        is_old = self.looking is None or (self.looking.done() and monotonic() - self.looked_at > 1)
        if self.looking is None or is_old:
            self.looking = asyncio.create_task(self._look())
            self.looked_at = monotonic()
        return await asyncio.shield(self.looking)

    async def _look(self) -> LandbankError | None:
        try:
            await run_in_threadpool(self.landbank.refuse_other_schema)
            await self.current.current()
        except LandbankError as fault:
            return fault
        return self.web_fault


def own_version() -> str:
    """The installed version of landbank, or `unknown` when it runs from a folder that was never installed."""
    try:
        return version("landbank")
    except PackageNotFoundError:
        return "unknown"
