"""Rows of an import beside the inventory: compared with what stands, then written, all in one transaction.

A row whose plot stands goes through a temporary table; a new one straight into the inventory. Of all batches only row
numbers, plots and what differs are kept, so that a million rows cost the client nothing. The statements are made from
the constants here, never from a file's names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from landbank.errors import Forbidden
from landbank.store.commitments import end_commitments_of
from landbank.store.database import read_sql
from landbank.store.load import Load
from landbank.store.staging_indexes import LARGE, LateIndexes
from landbank.store.staging_links import Contradiction, LinkedChange, Links
from landbank.store.staging_new import NewPlots
from landbank.store.staging_run import ImportSql
from landbank.store.staging_sql import PLACES_OF_MOVED, overlap_statement

if TYPE_CHECKING:
    from landbank.exchange.accepted import AcceptedRows


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the accepted rows: each is new, changed or unchanged; `repaired` counts among the first two."""

    new: int
    changed: int
    unchanged: int
    repaired: int


@dataclass(frozen=True, slots=True)
class Difference:
    """One row that changes a plot: {field: [before, after]}."""

    row: int
    plot_id: int
    municipality_code: str
    reference: str
    changes: dict[str, Any]


@dataclass(frozen=True, slots=True)
class StagedOverlap:
    """A row that covers ground of a plot which the file does not hold."""

    row: int
    reference: str
    municipality_code: str
    area_m2: float


@dataclass(frozen=True, slots=True)
class MissingPlot:
    """A plot that the file lacks, and whether somebody holds it: reserved, allotted, contracted or sold."""

    municipality_code: str
    reference: str
    is_held: bool


class Staging:
    """One import's temporary tables and statements; made once in a transaction."""

    def __init__(self, connection: Connection, *, dataset: str, timeout_ms: int, is_applied: bool) -> None:
        """Create the temporary tables; they vanish with the transaction."""
        self._connection = connection
        self._is_applied = is_applied
        self._codes: set[str] = set()
        self._datasets: set[str] = set()
        for name, value in {
            "statement_timeout": str(timeout_ms),
            "idle_in_transaction_session_timeout": str(timeout_ms),
            "work_mem": "128MB",
        }.items():
            connection.execute(text("SELECT set_config(:name, :value, true)"), {"name": name, "value": value})
        for statement in read_sql("import_tables.sql").split(";"):
            if statement.strip():
                connection.execute(text(statement))
        last_id = connection.execute(text("SELECT coalesce(max(id), 0) FROM landbank.plot")).scalar_one()
        self._sql = ImportSql(connection, dataset=dataset, last_id=last_id)
        self._new = NewPlots(self._sql, is_applied=is_applied)
        self._links = Links(self._sql, is_applied=is_applied)
        self._indexes = LateIndexes(connection)

    def put(self, rows: AcceptedRows) -> bytes:
        """Take some rows, compare them with the inventory, and write them where told.

        What comes back are the places of the rows whose plot stands, 64-bit numbers one after the other. The rows of
        all calls state the same fields, and no two of them the same municipality and reference.
        """
        if self._sql.open_batch(rows.names) and self._is_first_load(len(rows)):
            self._indexes.drop()
        self._note_whose(rows)
        self._links.take(rows)
        rows = self._links.with_ids(rows)
        places, plot_ids = self._known(rows)
        is_new = np.ones(len(rows), dtype=bool)
        is_new[places] = False
        if is_new.any():
            self._new.put(rows.at(np.flatnonzero(is_new)))
        if len(places):
            self._put_known(rows.at(places).with_numbers("plot_id", plot_ids))
        return places.tobytes()

    def _is_first_load(self, count: int) -> bool:
        return self._is_applied and self._sql.last_id == 0 and count >= LARGE

    def _note_whose(self, rows: AcceptedRows) -> None:
        """Note the municipalities and datasets of the rows."""
        names = [name for name in ("municipality_code", "dataset") if name in rows.names]
        for row in rows.distinct(names):
            self._codes.add(row["municipality_code"])
            self._datasets.add(row.get("dataset") or self._sql.dataset)

    def _known(self, rows: AcceptedRows) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Places of the rows whose plot stands, and the plots' ids."""
        if self._sql.last_id == 0:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        found = self._sql.run(
            read_sql("import_known.sql"),
            codes=rows.texts("municipality_code"),
            references=rows.texts("reference"),
        ).all()
        places, plot_ids = np.array(found, dtype=np.int64).reshape(-1, 2).T
        return places - 1, plot_ids

    def _put_known(self, rows: AcceptedRows) -> None:
        statements = self._sql.statements
        self._sql.run("TRUNCATE import_batch, import_here")
        self._sql.copy("import_batch", statements.fields, rows)
        self._sql.copy("import_here", ("row_number", "plot_id"), rows, ("row", "plot_id"))
        self._sql.run(statements.settle_known())
        self._sql.run(statements.find_differences())
        self._sql.run(overlap_statement(PLACES_OF_MOVED))
        self._sql.run("INSERT INTO import_key SELECT * FROM import_here")
        if self._is_applied and self._has_changes():
            self._refuse_foreign()
            for statement in statements.write_changes():
                self._sql.run(statement)

    def _refuse_foreign(self) -> None:
        """Raise `Forbidden` for changes where the actor may not write: an UPDATE would pass them over."""
        foreign = self._sql.run(
            "SELECT string_agg(DISTINCT p.municipality_code, ', ') FROM import_here k"
            " JOIN landbank.plot p ON p.id = k.plot_id"
            " WHERE k.state = 'changed' AND NOT landbank.writes(p.municipality_code)"
        ).scalar_one()
        if foreign is not None:
            raise Forbidden(
                f"The file changes plots in {foreign}, where you may not.",
                hint="Leave those rows out, or ask somebody with a role there.",
            )

    def _has_changes(self) -> bool:
        return bool(
            self._sql.run("SELECT EXISTS (SELECT FROM import_here WHERE state = 'changed')").scalar_one()
        )

    def finish(self) -> tuple[list[LinkedChange], list[Contradiction]]:
        """What plots share and the rows make or change, and where they contradict; called once, after the last row."""
        self._indexes.build()
        if self._is_applied and self._new.count >= LARGE:
            Load(self._connection).analyse()  # else the next look at them would gather their facts by scans
        return self._links.finish(), self._links.contradictions

    def outcome(self) -> Outcome:
        """What became of all rows put so far."""
        row = self._sql.run(read_sql("import_outcome.sql")).one()
        return Outcome(self._new.count, row.changed, row.unchanged, self._new.repaired + row.repaired)

    def differences(self) -> Iterator[Difference]:
        """The rows that change a plot, in the order of rows."""
        found = self._connection.execute(
            text(read_sql("import_differences.sql")), execution_options={"yield_per": 1_000}
        )
        for row in found:
            yield Difference(
                row.row_number, row.plot_id, row.municipality_code, row.reference, row.difference
            )

    @property
    def municipalities(self) -> tuple[str, ...]:
        """Codes of the municipalities of all rows so far, in order."""
        return tuple(sorted(self._codes))

    def missing(self) -> list[MissingPlot]:
        """The plots that the file lacks: of its datasets, in its municipalities."""
        return [MissingPlot(*row) for row in self._run_on_datasets("import_missing.sql")]

    def standing(self) -> int:
        """How many plots of the file's datasets stood before in its municipalities."""
        return int(self._run_on_datasets("import_standing.sql").scalar_one())

    def end_missing(self) -> int:
        """End the plots that `missing` tells and nobody holds, and the interests in them; how many plots."""
        ended = list(self._run_on_datasets("import_end.sql").scalars())
        end_commitments_of(self._connection, ended)
        return len(ended)

    def _run_on_datasets(self, name: str) -> Any:
        return self._sql.run(read_sql(name), codes=list(self.municipalities), datasets=sorted(self._datasets))

    def overlaps(self) -> list[StagedOverlap]:
        """Rows that share ground with plots which the file does not hold."""
        return [
            StagedOverlap(row.row_number, row.reference, row.municipality_code, row.area_m2)
            for row in self._sql.run(read_sql("import_overlaps.sql"))
        ]

    def revision(self) -> int:
        """The inventory's revision as this transaction sees it."""
        return int(self._sql.run("SELECT revision FROM landbank.inventory").scalar_one())


@dataclass(frozen=True, slots=True)
class KnownMunicipality:
    """A municipality of the inventory; its border as WKB in EPSG:3006 where it is stored."""

    code: str
    name: str
    border: bytes | None


def known_municipalities(connection: Connection) -> list[KnownMunicipality]:
    """The municipalities of the inventory in the order of their codes."""
    found = connection.execute(
        text("SELECT code, name, ST_AsBinary(geometry) AS border FROM landbank.municipality ORDER BY code")
    )
    return [KnownMunicipality(row.code, row.name, row.border and bytes(row.border)) for row in found]
