"""Whether the process lives, whether it can serve, and what it is."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from landbank.api.problems import Problem, answer, known_parameters
from landbank.errors import LandbankError
from landbank.store.migrate import head_revision
from landbank.wiring import Landbank


def router() -> APIRouter:
    """`/live`, `/ready` and `/version`."""
    routes = APIRouter(tags=["health"], dependencies=[known_parameters()])

    @routes.get("/live", summary="The process runs")
    async def live() -> dict[str, str]:
        """200 as long as the process answers; says nothing of the database."""
        return {"status": "live"}

    @routes.get("/ready", summary="Pages, items and tiles can be served", response_model=None)
    async def ready(request: Request) -> Response | dict[str, str]:
        """200 when the database has this code's schema and the web assets are there, else 503: why not."""
        try:
            await run_in_threadpool(refuse_unless_ready, request)
            await request.app.state.current.current()
        except LandbankError as error:
            return answer(
                request, Problem(503, "not-ready", "Not ready", error.message, error.hint, error.where)
            )
        return {"status": "ready"}

    @routes.get("/version", summary="What runs here")
    async def told_version() -> dict[str, str]:
        """The versions of landbank and of the schema that it works on."""
        return {"name": "landbank", "version": own_version(), "schema_revision": head_revision()}

    return routes


def refuse_unless_ready(request: Request) -> None:
    """Raise what stands in the way of serving pages, items and tiles."""
    landbank: Landbank = request.app.state.landbank
    landbank.refuse_other_schema()
    if request.app.state.web_fault is not None:
        raise request.app.state.web_fault


def own_version() -> str:
    """The installed version of landbank, or `unknown` when it runs from a folder that was never installed."""
    try:
        return version("landbank")
    except PackageNotFoundError:
        return "unknown"
