"""The events of the history: of one plot, since a revision, the newest; and the names that they speak of by number."""

# ruff: noqa: S608 - names are those of landbank's own tables, values are bound

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, text

from landbank.domain.history import Event

COLUMNS: Final = (
    "revision, noun, noun_id, kind, actor, role, municipality_code, request_id, reason, occurred_at, changes"
)
NAMES: Final = {
    "area": "SELECT id, name FROM landbank.area WHERE id = ANY(CAST(:ids AS bigint[]))",
    "plan": "SELECT id, concat_ws(' ', reference, name) AS name FROM landbank.plan"
    " WHERE id = ANY(CAST(:ids AS bigint[]))",
    "contact": "SELECT id, title AS name FROM landbank.contact WHERE id = ANY(CAST(:ids AS bigint[]))",
    "infrastructure": "SELECT id, name FROM landbank.infrastructure WHERE id = ANY(CAST(:ids AS bigint[]))",
    "plot": "SELECT id, coalesce(name, reference) AS name FROM landbank.plot WHERE id = ANY(CAST(:ids AS bigint[]))",
}
"""What things are called now, by noun."""


@dataclass(frozen=True, slots=True)
class PlotIdentity:
    """How a plot is named, whether it is current or not."""

    plot_id: int
    name: str | None
    reference: str
    area_name: str | None
    municipality_code: str
    municipality_name: str


class Changes:
    """Reads the history. Its own order is that of revisions, which is that of commits."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def since(self, revision: int, *, limit: int, plot_id: int | None = None) -> list[Event]:
        """The events after a revision, oldest first; of one plot where it is named. Uses the keys of `event`."""
        return self._events(
            "revision > :revision"
            + (" AND noun = 'plot' AND noun_id = :plot" if plot_id is not None else ""),
            "revision",
            {"revision": revision, "limit": limit, "plot": str(plot_id)},
        )

    def of_plot(self, plot_id: int, *, before: int | None = None, limit: int) -> list[Event]:
        """The events of a plot, newest first, those of a revision below `before` where it is given."""
        return self._events(
            "noun = 'plot' AND noun_id = :plot" + (" AND revision < :before" if before is not None else ""),
            "revision DESC",
            {"plot": str(plot_id), "before": before, "limit": limit},
        )

    def newest_of_plots(self, limit: int) -> list[Event]:
        """The newest events of plots, newest first."""
        return self._events("noun = 'plot'", "revision DESC", {"limit": limit})

    def _events(self, condition: str, order: str, parameters: dict[str, object]) -> list[Event]:
        statement = f"SELECT {COLUMNS} FROM landbank.event WHERE {condition} ORDER BY {order} LIMIT :limit"
        used = {name: value for name, value in parameters.items() if f":{name}" in statement}
        return [Event(*row) for row in self._connection.execute(text(statement), used)]

    def revision(self) -> int:
        """The inventory's revision."""
        return int(self._connection.execute(text("SELECT revision FROM landbank.inventory")).scalar_one())

    def names(self, noun: str, ids: Iterable[int]) -> dict[int, str]:
        """What things are called, by id; of a noun of `NAMES`."""
        wanted = sorted(set(ids))
        if not wanted:
            return {}
        return {row.id: row.name for row in self._connection.execute(text(NAMES[noun]), {"ids": wanted})}

    def identities(self, plot_ids: Iterable[int]) -> dict[int, PlotIdentity]:
        """How plots are named, by id, ended ones too."""
        wanted = sorted(set(plot_ids))
        rows = self._connection.execute(
            text(
                """SELECT p.id, p.name, p.reference, a.name AS area_name, p.municipality_code,
                     m.name AS municipality_name
                   FROM landbank.plot p JOIN landbank.municipality m ON m.code = p.municipality_code
                   LEFT JOIN landbank.area a ON a.id = p.area_id WHERE p.id = ANY(CAST(:ids AS bigint[]))"""
            ),
            {"ids": wanted},
        )
        return {row.id: PlotIdentity(*row) for row in rows}
