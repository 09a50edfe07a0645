"""Plans as they are changed, and the plots that a change leaves to be looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, text

from landbank.domain.codes import PlanningState
from landbank.domain.plan import PlanCourse
from landbank.domain.plot_content import Values
from landbank.store.database import read_sql


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """A plan without its outline. `version` is the revision of its latest event, 0 for a plan without one."""

    id: int
    municipality_code: str
    reference: str
    name: str | None
    kind: str
    course: PlanCourse
    document_url: str | None
    source: str | None
    version: int
    today: date


@dataclass(frozen=True, slots=True)
class Review:
    """A plot whose plan changed since somebody last said that the plot is right."""

    plot_id: int
    reference: str
    name: str | None
    municipality_code: str
    plan_id: int
    plan_reference: str
    changed_at: datetime
    changes: Values


class PlanChanges:
    """Statements on single plans."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def current(self, plan_id: int) -> StoredPlan | None:
        """The plan as it stands; None where there is none."""
        row = self._connection.execute(
            text(
                """SELECT p.id, p.municipality_code, p.reference, p.name, p.kind, p.state, p.adopted_on,
                  p.legal_force_on, p.implementation_starts_on, p.implementation_ends_on, p.document_url, p.source,
                  coalesce((SELECT max(e.revision) FROM landbank.event e
                    WHERE e.noun = 'plan' AND e.noun_id = CAST(p.id AS text)), 0) AS version, current_date AS today
                FROM landbank.plan p WHERE p.id = :plan_id"""
            ),
            {"plan_id": plan_id},
        ).one_or_none()
        if row is None:
            return None
        course = PlanCourse(
            None if row.state is None else PlanningState(row.state),
            row.adopted_on,
            row.legal_force_on,
            row.implementation_starts_on,
            row.implementation_ends_on,
        )
        return StoredPlan(
            row.id,
            row.municipality_code,
            row.reference,
            row.name,
            row.kind,
            course,
            row.document_url,
            row.source,
            row.version,
            row.today,
        )

    def update(self, plan_id: int, values: Values) -> bool:
        """Set columns of a plan; False where the database let no row be changed."""
        told = ", ".join(f"{name} = :{name}" for name in values)
        done = self._connection.execute(
            text(f"UPDATE landbank.plan SET {told} WHERE id = :plan_id"),  # noqa: S608 - names come from the service
            {**values, "plan_id": plan_id},
        )
        return bool(done.rowcount)

    def plots_of(self, plan_id: int) -> list[int]:
        """The current plots that follow a plan."""
        found = self._connection.execute(
            text(
                "SELECT id FROM landbank.plot WHERE plan_id = :plan_id"
                " AND (valid_to IS NULL OR valid_to > current_date) ORDER BY id"
            ),
            {"plan_id": plan_id},
        )
        return list(found.scalars())

    def reviews(
        self, *, municipality_code: str | None = None, plan_id: int | None = None, limit: int = 1_000
    ) -> list[Review]:
        """Current plots whose plan changed since their last confirmation, the longest waiting first."""
        rows = self._connection.execute(
            text(read_sql("plan_reviews.sql")),
            {"code": municipality_code, "plan_id": plan_id, "limit": limit},
        )
        return [Review(*row) for row in rows]
