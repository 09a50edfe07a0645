"""New plots of an import: copied straight into the inventory, their facts behind them."""

# ruff: noqa: S608 - every name in these statements is a constant of this room; values stand in tables

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from landbank.store.staging_fields import FACT_FIELDS, LINK_COLUMNS, PLOT_FIELDS
from landbank.store.staging_run import ImportSql
from landbank.store.staging_sql import overlap_statement

if TYPE_CHECKING:
    from landbank.exchange.accepted import AcceptedRows

ALWAYS = (
    "id", "municipality_code", "reference", "dataset", "is_synthetic", "geometry", "location", "geometry_tile",
    "location_tile", "morton", "area_m2", "area_method", "recorded_at",
)  # fmt: skip
"""The columns of `plot` that every new plot is given."""

PLACES_NOT_TAKEN = "SELECT row_number, NULL::bigint AS plot_id, geometry, geometry_tile FROM import_place"
PLACES_TAKEN = """
    SELECT r.row_number, p.id AS plot_id, p.geometry, p.geometry_tile
    FROM unnest(CAST(:ids AS bigint[]), CAST(:rows AS integer[])) AS r(id, row_number)
    JOIN landbank.plot p ON p.id = r.id WHERE p.geometry IS NOT NULL
"""


class NewPlots:
    """Counts the new plots of an import, looks what they overlap, and writes them where told."""

    def __init__(self, sql: ImportSql, *, is_applied: bool) -> None:
        self._sql = sql
        self._is_applied = is_applied
        self._is_behind_policies: bool | None = None
        self.count = self.repaired = 0

    def put(self, rows: AcceptedRows) -> None:
        """Take rows of which the inventory holds no plot."""
        self.count += len(rows)
        self.repaired += rows.count("is_repaired")
        if self._is_applied:
            rows = self._write_plots(rows)
            self._write_facts(rows)
        self._find_overlaps(rows)

    def _write_plots(self, rows: AcceptedRows) -> AcceptedRows:
        """The rows with the ids of their plots."""
        rows = (
            rows.with_numbers("id", self._take_ids(len(rows)))
            .with_moment("recorded_at", self._sql.run("SELECT landbank.change_time()").scalar_one())
            .with_default("dataset", self._sql.dataset)
            .with_default("is_synthetic", False)
        )
        rows = rows.without_same("planning_state", "plan_state")  # then the plan's holds, now and later
        stated = [name for name in rows.names if name in PLOT_FIELDS and name not in ALWAYS]
        linked = [name for name in rows.names if name in LINK_COLUMNS]
        self._copy((*ALWAYS, *linked, *stated), rows)
        return rows

    def _take_ids(self, count: int) -> NDArray[np.int64]:
        """Ids in a row; those of a gapped draw are left unused, which is what gaps are for."""
        while True:
            first, last = self._sql.run(
                "SELECT min(id), max(id) FROM (SELECT nextval('landbank.plot_id_seq') AS id"
                " FROM generate_series(1, :count)) AS drawn",
                count=count,
            ).one()
            if last - first + 1 == count:
                return np.arange(first, last + 1)

    def _copy(self, columns: tuple[str, ...], rows: AcceptedRows) -> None:
        """Copy into `plot`, or through a table of the session's own where policies stand before it.

        PostgreSQL refuses COPY into a table whose row-level security holds for the user.
        """
        if self._is_behind_policies is None:
            self._is_behind_policies = bool(
                self._sql.run("SELECT row_security_active('landbank.plot')").scalar_one()
            )
            if self._is_behind_policies:
                self._sql.run(
                    f"CREATE TEMP TABLE import_new ON COMMIT DROP AS SELECT {', '.join(columns)}"
                    " FROM landbank.plot WITH NO DATA"
                )
        if not self._is_behind_policies:
            self._sql.copy("landbank.plot", columns, rows)
            return
        self._sql.run("TRUNCATE import_new")
        self._sql.copy("import_new", columns, rows)
        listed = ", ".join(columns)
        self._sql.run(f"INSERT INTO landbank.plot ({listed}) SELECT {listed} FROM import_new")

    def _write_facts(self, rows: AcceptedRows) -> None:
        stated = [name for name in rows.names if name in FACT_FIELDS]
        if not stated and not rows.is_said("notes").any():
            return
        self._sql.run("TRUNCATE import_batch, import_here")
        self._sql.copy("import_batch", ("row", "notes", *stated), rows)
        self._sql.copy("import_here", ("row_number", "plot_id"), rows, ("row", "id"))
        for statement in self._sql.statements.write_facts_of_new():
            self._sql.run(statement)

    def _find_overlaps(self, rows: AcceptedRows) -> None:
        if self._sql.last_id == 0:
            return
        if self._is_applied:
            told = {"ids": rows.numbers("id").tolist(), "rows": rows.numbers("row").tolist()}
            self._sql.run(overlap_statement(PLACES_TAKEN), **told)
            return
        self._sql.run("TRUNCATE import_place")
        columns = ("row_number", "geometry", "geometry_tile")
        drawn = rows.at(np.flatnonzero(rows.is_said("geometry")))
        self._sql.copy("import_place", columns, drawn, ("row", "geometry", "geometry_tile"))
        self._sql.run(overlap_statement(PLACES_NOT_TAKEN))
