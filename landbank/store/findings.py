"""The findings of the checks, as planners and lists read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from landbank.domain.codes import CheckKind


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """One finding of a plot; `resolved_at` is None while it is open."""

    finding_id: int
    plot_id: int
    reference: str
    name: str | None
    municipality_code: str
    kind: CheckKind
    subject: str
    details: dict[str, Any]
    since: datetime
    resolved_at: datetime | None


CONDITION = """(CAST(:code AS text) IS NULL OR p.municipality_code = :code)
  AND (CAST(:kind AS text) IS NULL OR f.kind = :kind)
  AND (CAST(:plot_id AS bigint) IS NULL OR f.plot_id = :plot_id)
  AND (:with_resolved OR f.resolved_at IS NULL)"""


class Findings:
    """Reads of findings."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def listed(
        self,
        *,
        municipality_code: str | None = None,
        kind: CheckKind | None = None,
        plot_id: int | None = None,
        with_resolved: bool = False,
        limit: int = 100,
        offset: int = 0,
    ) -> tuple[list[CheckFinding], int]:
        """A page of findings, the newest first, and how many there are in all."""
        bound = {
            "code": municipality_code,
            "kind": kind,
            "plot_id": plot_id,
            "with_resolved": with_resolved,
        }
        source = f"FROM landbank.check_finding f JOIN landbank.plot p ON p.id = f.plot_id WHERE {CONDITION}"
        total = self._connection.execute(text(f"SELECT count(*) {source}"), bound).scalar_one()
        rows = self._connection.execute(
            text(
                "SELECT f.id AS finding_id, f.plot_id, p.reference, p.name, p.municipality_code, f.kind, f.subject,"
                f" f.details, f.since, f.resolved_at {source} ORDER BY f.since DESC, f.id LIMIT :limit OFFSET :offset"
            ),
            {**bound, "limit": limit, "offset": offset},
        )
        return [finding_of(dict(row)) for row in rows.mappings()], int(total)

    def counts(self, municipality_code: str | None = None) -> dict[tuple[str, CheckKind], int]:
        """Open findings by municipality and kind."""
        rows = self._connection.execute(
            text(
                """SELECT p.municipality_code, f.kind, count(*) AS n
                   FROM landbank.check_finding f JOIN landbank.plot p ON p.id = f.plot_id
                   WHERE f.resolved_at IS NULL AND (CAST(:code AS text) IS NULL OR p.municipality_code = :code)
                   GROUP BY 1, 2 ORDER BY 1, 2"""
            ),
            {"code": municipality_code},
        )
        return {(row.municipality_code, CheckKind(row.kind)): row.n for row in rows}

    def plots_with(self, kinds: Sequence[CheckKind], municipality_code: str) -> list[int]:
        """Ids of a municipality's plots that have an open finding of one of the kinds, the oldest finding first."""
        rows = self._connection.execute(
            text(
                """SELECT f.plot_id FROM landbank.check_finding f JOIN landbank.plot p ON p.id = f.plot_id
                   WHERE f.resolved_at IS NULL AND f.kind = ANY (CAST(:kinds AS text[])) AND p.municipality_code = :code
                   GROUP BY f.plot_id ORDER BY min(f.since), f.plot_id"""
            ),
            {"kinds": [str(kind) for kind in kinds], "code": municipality_code},
        )
        return list(rows.scalars())


def finding_of(row: dict[str, Any]) -> CheckFinding:
    """A row of the list as a finding."""
    return CheckFinding(**{**row, "kind": CheckKind(row["kind"])})
