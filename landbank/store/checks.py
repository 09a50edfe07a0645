"""What the standing checks read of plots, and the findings that they leave."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from landbank.domain.checks import (
    PAIR_KINDS,
    SLIVER_WIDTH_M,
    DueRestriction,
    Found,
    Pair,
    PlotToCheck,
)
from landbank.domain.codes import Availability, PlanningState, Readiness
from landbank.store.database import read_sql

LOCK_KEY = 5_112_027


@dataclass(frozen=True, slots=True)
class Reconciled:
    """How many findings were opened, resolved and renewed."""

    opened: int
    resolved: int
    renewed: int


class Checks:
    """Statements of the checks. Take the lock first: two runs must not open one finding twice."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock(self) -> None:
        """Wait until no other run of the checks writes; held until the transaction ends."""
        self._connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY})

    def plots(self, ids: Sequence[int]) -> Iterator[tuple[PlotToCheck, str | None]]:
        """Those of the plots that are current, by id, each with the source of its municipality's border."""
        parameters = {"ids": list(ids), "sliver_width_m": SLIVER_WIDTH_M}
        for row in self._connection.execute(text(read_sql("check_plots.sql")), parameters).mappings():
            yield plot_of(dict(row)), row["border_source"]

    def pairs(self, ids: Sequence[int]) -> list[Pair]:
        """Pairs of current plots of which at least one is among these and that meet within half a metre."""
        parameters = {"ids": list(ids), "sliver_width_m": SLIVER_WIDTH_M}
        rows = self._connection.execute(text(read_sql("check_pairs.sql")), parameters)
        return [Pair(*row) for row in rows]

    def reconcile(self, ids: Sequence[int], found: Sequence[Found]) -> Reconciled:
        """Bring the open findings of the checked plots to what was found."""
        parameters = {
            "ids": list(ids),
            "pair_kinds": sorted(PAIR_KINDS),
            "plot_ids": [one.plot_id for one in found],
            "kinds": [str(one.kind) for one in found],
            "subjects": [one.subject for one in found],
            "details": [json.dumps(dict(one.details), sort_keys=True) for one in found],
        }
        row = self._connection.execute(text(read_sql("check_reconcile.sql")), parameters).one()
        return Reconciled(row.opened, row.resolved, row.renewed)

    def resolve_ended(self) -> int:
        """Resolve what is open of plots that are not current any more; how many findings that were."""
        statement = """UPDATE landbank.check_finding c SET resolved_at = now() FROM landbank.plot p
            WHERE p.id = c.plot_id AND c.resolved_at IS NULL AND p.valid_to <= current_date"""
        return self._connection.execute(text(statement)).rowcount

    def current_ids(self, after: int, most: int, *, municipality_code: str | None = None) -> list[int]:
        """The next ids of current plots behind `after`, at most so many; of one municipality where it is named."""
        statement = """SELECT id FROM landbank.plot
            WHERE id > :after AND (valid_to IS NULL OR valid_to > current_date)
              AND (CAST(:code AS text) IS NULL OR municipality_code = :code)
            ORDER BY id LIMIT :most"""
        bound = {"after": after, "most": most, "code": municipality_code}
        return list(self._connection.execute(text(statement), bound).scalars())

    def changed_ids(self, after: int, upto: int) -> list[int]:
        """Ids of plots that the changes with revisions in (after, upto] touch."""
        bound = {"after": after, "upto": upto}
        return list(self._connection.execute(text(read_sql("check_changed.sql")), bound).scalars())

    def municipalities_of(self, ids: Sequence[int]) -> list[str]:
        """Codes of the municipalities that the plots lie in."""
        statement = """SELECT DISTINCT municipality_code FROM landbank.plot
            WHERE id = ANY (CAST(:ids AS bigint[])) ORDER BY 1"""
        return list(self._connection.execute(text(statement), {"ids": list(ids)}).scalars())


def plot_of(row: dict[str, Any]) -> PlotToCheck:
    """A row of check_plots.sql as the domain has it; the border's accuracy is the caller's to know."""
    return PlotToCheck(
        plot_id=row["plot_id"],
        has_outline=row["has_outline"],
        has_use=row["has_use"],
        can_be_reached=row["can_be_reached"],
        planning_state=PlanningState(row["planning_state"]) if row["planning_state"] else None,
        readiness=Readiness(row["readiness"]) if row["readiness"] else None,
        availability=Availability(row["availability"]) if row["availability"] else None,
        availability_until=row["availability_until"],
        implementation_ends_on=row["implementation_ends_on"],
        area_m2=row["area_m2"],
        area_declared_m2=row["area_declared_m2"],
        net_area_m2=row["net_area_m2"],
        outside_plan_m2=row["outside_plan_m2"],
        beyond_border_m=row["beyond_border_m"],
        thin_parts_m2=tuple(row["thin_parts_m2"]),
        restrictions=tuple(
            DueRestriction(kind, date.fromisoformat(due) if due else None)
            for kind, due in row["restrictions"]
        ),
    )
