"""For planners: what the checks found, and what waits in a municipality."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from landbank.api.permits import permit
from landbank.api.problems import known_parameters
from landbank.codelists import terms
from landbank.codelists.fields import load_fields
from landbank.domain.codes import CheckKind
from landbank.domain.people import Permission
from landbank.errors import NotFound
from landbank.services.list_todo import list_todo
from landbank.store.findings import CheckFinding

Municipality = Annotated[str | None, Query(pattern=r"^\d{4}$", description="Municipality code.")]
PLANNING = permit(Permission.READ_PLANNING)


def router() -> APIRouter:
    """`/api/findings` and `/api/todo/{municipality}`."""
    routes = APIRouter(tags=["planning"])
    routes.include_router(findings_router())
    routes.include_router(todo_router())
    return routes


def findings_router() -> APIRouter:
    """What the checks found."""
    routes = APIRouter()

    @routes.get(
        "/api/findings",
        summary="What the checks found",
        dependencies=[
            PLANNING,
            known_parameters("municipality", "kind", "plot", "resolved", "limit", "offset"),
        ],
    )
    def get_findings(  # noqa: PLR0917 - FastAPI reads the query from the parameters
        request: Request,
        municipality: Municipality = None,
        kind: CheckKind | None = None,
        plot: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
        resolved: Annotated[bool, Query(description="Also those that were put right.")] = False,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
        offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    ) -> dict[str, Any]:
        """Open findings, the newest first; `since` stays as long as a finding stands."""
        with request.app.state.landbank.reading() as store:
            listed, total = store.findings.listed(
                municipality_code=municipality,
                kind=kind,
                plot_id=plot,
                with_resolved=resolved,
                limit=limit,
                offset=offset,
            )
        return {
            "number_matched": total,
            "number_returned": len(listed),
            "findings": [finding_document(one) for one in listed],
        }

    return routes


def todo_router() -> APIRouter:
    """What waits in a municipality."""
    routes = APIRouter()

    @routes.get(
        "/api/todo/{municipality_code}",
        summary="What waits in a municipality",
        dependencies=[PLANNING, known_parameters()],
    )
    def get_todo(municipality_code: str, request: Request) -> dict[str, Any]:
        """Plots by kind of work, the most urgent first, each kind with its next step."""
        with request.app.state.landbank.reading() as store:
            if municipality_code not in store.standing.municipalities():
                raise NotFound(f"The inventory knows no municipality '{municipality_code[:20]}'.")
            today = store.standing.inventory().today
            todo = list_todo(store, municipality_code, day=today, ages=load_fields().max_ages)
        return {
            "municipality_code": todo.municipality_code,
            "day": todo.day.isoformat(),
            "count": todo.count,
            "lines": [
                {
                    "kind": str(line.kind),
                    "name": names_of("todo_kind", line.kind),
                    "next_step": meanings_of("todo_kind", line.kind),
                    "count": line.count,
                    "plot_ids": list(line.plot_ids),
                }
                for line in todo.lines
            ],
        }

    return routes


def finding_document(finding: CheckFinding) -> dict[str, Any]:
    """A finding as JSON, with its kind in words."""
    return {
        "id": finding.finding_id,
        "plot_id": finding.plot_id,
        "reference": finding.reference,
        "name": finding.name,
        "municipality_code": finding.municipality_code,
        "kind": str(finding.kind),
        "title": names_of("check_kind", finding.kind),
        "meaning": meanings_of("check_kind", finding.kind),
        "details": finding.details,
        "since": finding.since.isoformat(),
        "resolved_at": finding.resolved_at.isoformat() if finding.resolved_at else None,
    }


def names_of(name: str, code: str) -> dict[str, str]:
    """A code's label in both languages."""
    term = terms(name)[code]
    return {"sv": term.sv, "en": term.en}


def meanings_of(name: str, code: str) -> dict[str, str]:
    """A code's definition in both languages."""
    term = terms(name)[code]
    return {"sv": term.definition_sv, "en": term.definition_en}
