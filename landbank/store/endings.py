"""Reservations and allotments by their last days: which are about to end, and which are past it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, text

from landbank.domain.codes import Availability


@dataclass(frozen=True, slots=True)
class Ending:
    """A plot that is reserved or allotted until a day."""

    plot_id: int
    reference: str
    name: str | None
    municipality_code: str
    availability: Availability
    until: date


class Endings:
    """Reads of last days."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def until(self, day: date, *, municipality_code: str | None = None) -> list[Ending]:
        """Those whose last day is at most `day`, also those past it; by day, then plot."""
        rows = self._connection.execute(
            text(
                """SELECT id, reference, name, municipality_code, availability, availability_until
                   FROM landbank.plot
                   WHERE availability IN ('reserverad', 'markanvisad') AND availability_until <= :until
                     AND (valid_to IS NULL OR valid_to > current_date)
                     AND (CAST(:code AS text) IS NULL OR municipality_code = :code)
                   ORDER BY availability_until, id"""
            ),
            {"until": day, "code": municipality_code},
        )
        return [
            Ending(
                row.id,
                row.reference,
                row.name,
                row.municipality_code,
                Availability(row.availability),
                row.availability_until,
            )
            for row in rows
        ]
