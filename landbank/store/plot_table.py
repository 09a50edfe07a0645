"""The plots of one municipality as its planners' table shows them: filtered, sorted, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, text

from landbank.store.database import read_sql

ORDERS: Final = {
    "urgent": "array_position(CAST(:ids AS bigint[]), p.id)",
    "reference": 'p.reference COLLATE "sv-x-icu"',
    "name": 'p.name COLLATE "sv-x-icu"',
    "area": "p.area_m2",
    "plan": "coalesce(p.planning_state, pl.state)",
    "readiness": "p.readiness",
    "availability": "p.availability",
    "label": "l.label",
    "confirmed": "p.confirmed_on",
}
"""What the table can be sorted by; `urgent` is the order in which the ids are given."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One plot of the table; `today` is the database's day."""

    plot_id: int
    reference: str
    name: str | None
    area_name: str | None
    area_m2: float | None
    planning_state: str | None
    plan_reference: str | None
    readiness: str | None
    ready_on: date | None
    availability: str | None
    availability_until: date | None
    label: str
    label_on: date | None
    blocking_kind: str | None
    confirmed_on: date | None
    row_version: int
    findings: Sequence[str]
    today: date


class PlotTable:
    """Reads of the table."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def rows(
        self, asked: dict[str, Any], *, order: str, is_descending: bool = False, limit: int, offset: int = 0
    ) -> tuple[list[TableRow], int]:
        """A page of the table, and how many plots there are in all; none and 0 beyond its end.

        `asked` binds what sql/plot_table.sql names; what is unknown comes last in either direction.
        """
        direction = "DESC" if is_descending else "ASC"
        found = self._connection.execute(
            text(
                f"{read_sql('plot_table.sql')} ORDER BY {ORDERS[order]} {direction} NULLS LAST,"
                ' p.reference COLLATE "sv-x-icu", p.id LIMIT :limit OFFSET :offset'
            ),
            {**asked, "limit": limit, "offset": offset},
        ).all()
        return [TableRow(*row[:-1]) for row in found], found[0].total if found else 0
