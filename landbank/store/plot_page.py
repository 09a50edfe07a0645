"""All that is recorded of one plot, and what lists show of many: what the pages read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection

from landbank.domain.moment import Moment
from landbank.store.database import read_sql
from landbank.store.past import Reader

Row = dict[str, Any]

FACTS: dict[str, str] = {
    "uses": """SELECT code, precision_text, is_excluded, degree, degree_code, degree_bound, source, confirmed_on
        FROM landbank.plot_use WHERE plot_id = :plot_id AND superseded_at IS NULL ORDER BY is_excluded, code, id""",
    "restrictions": """SELECT kind, description, is_blocking, owner, due_on, evidence_url, source, confirmed_on
        FROM landbank.restriction
        WHERE plot_id = :plot_id AND superseded_at IS NULL AND coalesce(resolved_on > current_date, true)
        ORDER BY is_blocking DESC, due_on NULLS LAST, kind, id""",
    "utilities": """SELECT kind, is_at_boundary, capacity, capacity_unit, available_on, is_firm, operator,
        source, confirmed_on
        FROM landbank.utility WHERE plot_id = :plot_id AND superseded_at IS NULL
        ORDER BY kind, available_on NULLS FIRST, id""",
    "accesses": read_sql("plot_accesses.sql"),
    "prices": """SELECT tenure, price_sek_per_m2, price_max_sek_per_m2, basis, is_yearly, includes_connection_fees,
        decided_on, source, confirmed_on
        FROM landbank.price WHERE plot_id = :plot_id AND superseded_at IS NULL
        ORDER BY tenure, price_sek_per_m2, id""",
    "sources": """SELECT field, source, method, note, confirmed_on
        FROM landbank.value_source WHERE plot_id = :plot_id AND superseded_at IS NULL ORDER BY field, id""",
    "predecessors": """SELECT p.id AS plot_id, p.name, p.reference, l.reason, l.occurred_on
        FROM landbank.plot_lineage l JOIN landbank.plot p ON p.id = l.predecessor_id
        WHERE l.successor_id = :plot_id ORDER BY p.id""",
    "successors": """WITH RECURSIVE line (id) AS (
          SELECT l.successor_id FROM landbank.plot_lineage l WHERE l.predecessor_id = :plot_id
          UNION
          SELECT l.successor_id FROM landbank.plot_lineage l JOIN line ON l.predecessor_id = line.id)
        SELECT p.id AS plot_id, p.name, p.reference FROM line JOIN landbank.plot p ON p.id = line.id
        WHERE p.valid_to IS NULL OR p.valid_to > current_date ORDER BY p.id""",
}
"""Each kind of facts of a plot, in the order in which they are shown."""


class PlotPages:
    """What the pages of plots read, in one transaction."""

    def __init__(self, connection: Connection, moment: Moment | None = None) -> None:
        self._reader = Reader(connection, moment)

    def plot(self, plot_id: int) -> Row | None:
        """A current plot's row of the view `plot_facts` without geometries, and beside it `longitude` and
        `latitude` (degrees, WGS 84), the plan's dates and the steward; None when no such plot is current."""
        return self._first(read_sql("plot_page.sql"), plot_id=plot_id)

    def ended(self, plot_id: int) -> Row | None:
        """Name, reference, municipality and last day of a plot that is not current any more, or None."""
        return self._first(
            """SELECT p.id AS plot_id, p.name, p.reference, m.name AS municipality_name, p.valid_to, p.is_synthetic
            FROM landbank.plot p JOIN landbank.municipality m ON m.code = p.municipality_code
            WHERE p.id = :plot_id AND p.valid_to <= current_date""",
            plot_id=plot_id,
        )

    def facts(self, kind: str, plot_id: int) -> list[Row]:
        """The current facts of a kind (a key of `FACTS`) of a plot, in the order in which they are shown."""
        return self._rows(FACTS[kind], plot_id=plot_id)

    def cards(self, plot_ids: Iterable[int]) -> dict[int, Row]:
        """What a list shows of each of the plots that is current, by id."""
        ids = list(plot_ids)
        rows = self._reader.execute(read_sql("plot_cards.sql"), {"plot_ids": ids}).mappings()
        return {row["plot_id"]: dict(row) for row in rows}

    def _first(self, statement: str, **parameters: Any) -> Row | None:
        row = self._reader.execute(statement, parameters).mappings().first()
        return None if row is None else dict(row)

    def _rows(self, statement: str, **parameters: Any) -> list[Row]:
        return [dict(row) for row in self._reader.execute(statement, parameters).mappings()]
