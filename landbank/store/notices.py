"""Notices: what somebody has to be told about a plot; mail is sent from here, each once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, text

from landbank.domain.codes import NoticeKind


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice that nobody was sent yet; `due_on` is the day that it is about."""

    id: int
    kind: NoticeKind
    plot_id: int
    municipality_code: str
    due_on: date
    created_at: datetime


class Notices:
    """Statements on notices."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, kind: NoticeKind, plot_id: int, municipality_code: str, *, due_on: date) -> bool:
        """Note something once for each plot and day; whether it was new."""
        done = self._connection.execute(
            text(
                "INSERT INTO landbank.notice (kind, plot_id, municipality_code, due_on)"
                " VALUES (:kind, :plot_id, :code, :due_on) ON CONFLICT (plot_id, kind, due_on) DO NOTHING"
            ),
            {"kind": kind, "plot_id": plot_id, "code": municipality_code, "due_on": due_on},
        )
        return bool(done.rowcount)

    def freed(self, municipality_code: str) -> list[int]:
        """Plots of a municipality that time made free and nobody has touched or confirmed since, the latest first."""
        rows = self._connection.execute(
            text(
                """SELECT p.id FROM landbank.notice n JOIN landbank.plot p ON p.id = n.plot_id
                   WHERE n.kind = 'term_expired' AND p.municipality_code = :code AND p.valid_to IS NULL
                     AND p.availability = 'ledig' AND p.recorded_at <= n.created_at
                   GROUP BY p.id ORDER BY max(n.due_on) DESC, p.id"""
            ),
            {"code": municipality_code},
        )
        return list(rows.scalars())

    def unsent(self, municipality_code: str | None = None) -> list[Notice]:
        """What nobody was sent yet, in one municipality or all, the most urgent first."""
        rows = self._connection.execute(
            text(
                "SELECT id, kind, plot_id, municipality_code, due_on, created_at FROM landbank.notice"
                " WHERE sent_at IS NULL AND (CAST(:code AS text) IS NULL OR municipality_code = :code)"
                " ORDER BY due_on, id"
            ),
            {"code": municipality_code},
        )
        return [
            Notice(
                row.id, NoticeKind(row.kind), row.plot_id, row.municipality_code, row.due_on, row.created_at
            )
            for row in rows
        ]

    def sent(self, notice_id: int) -> None:
        """Record that a notice was sent."""
        self._connection.execute(
            text("UPDATE landbank.notice SET sent_at = now() WHERE id = :id AND sent_at IS NULL"),
            {"id": notice_id},
        )
