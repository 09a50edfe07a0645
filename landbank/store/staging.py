"""Rows of an import beside the inventory: staged, compared with what stands, then written, all in one transaction.

Each batch goes through a temporary table; of all batches only row numbers, keys and what differs are kept, so that a
million rows cost the client nothing. The statements are made from the constants here, never from a file's names.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from landbank.store.database import read_sql
from landbank.store.staging_sql import COLUMN_TYPES, ImportStatements


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


class Staging:
    """One import's temporary tables and statements; made once in a transaction."""

    def __init__(self, connection: Connection, *, dataset: str, timeout_ms: int, is_applied: bool) -> None:
        """Create the temporary tables; they vanish with the transaction."""
        self._connection = connection
        self._is_applied = is_applied
        self._told = {"dataset": dataset, "is_applied": is_applied}
        self._statements: ImportStatements | None = None
        for name, value in {
            "statement_timeout": str(timeout_ms),
            "idle_in_transaction_session_timeout": str(timeout_ms),
            "work_mem": "128MB",
            "temp_buffers": "64MB",
        }.items():
            connection.execute(text("SELECT set_config(:name, :value, true)"), {"name": name, "value": value})
        for statement in read_sql("import_tables.sql").split(";"):
            if statement.strip():
                connection.execute(text(statement))
        self._told["last_id"] = connection.execute(
            text("SELECT coalesce(max(id), 0) FROM landbank.plot")
        ).scalar_one()

    def put(self, fields: Sequence[str], stream: bytes) -> None:
        """Take a batch in PostgreSQL's binary COPY form, compare it with the inventory, and write it where told."""
        if self._statements is None:
            self._statements = ImportStatements(tuple(fields))
            columns = ", ".join(f"{name} {COLUMN_TYPES[name]}" for name in fields)
            self._run(f"CREATE TEMP TABLE import_batch ({columns}) ON COMMIT DROP")
        self._run("TRUNCATE import_batch, import_here")
        driver: Any = self._connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy("COPY import_batch FROM STDIN (FORMAT BINARY)") as copy:
            copy.write(stream)
        self._run(self._statements.identify())
        if self._count("unchanged"):
            self._run(self._statements.find_differences())
        self._run(self._statements.find_overlaps())
        self._run("INSERT INTO import_key SELECT * FROM import_here")
        if self._is_applied:
            self._write(self._statements)

    def _write(self, statements: ImportStatements) -> None:
        has_changes = self._count("changed") > 0
        for statement in statements.write():
            if has_changes or not statement.lstrip().startswith("UPDATE"):
                self._run(statement)

    def _count(self, state: str) -> int:
        """How many rows of the batch are in this state so far."""
        counted = text("SELECT count(*) FROM import_here WHERE state = :state")
        return int(self._connection.execute(counted, {"state": state}).scalar_one())

    def _run(self, statement: str) -> Any:
        wanted = {name: value for name, value in self._told.items() if f":{name}" in statement}
        return self._connection.execute(text(statement), wanted)

    def outcome(self) -> Outcome:
        """What became of all rows put so far."""
        row = self._run(read_sql("import_outcome.sql")).one()
        return Outcome(row.new, row.changed, row.unchanged, row.repaired)

    def differences(self) -> Iterator[Difference]:
        """The rows that change a plot, in the order of rows."""
        found = self._connection.execution_options(yield_per=1_000).execute(
            text(
                "SELECT row_number, plot_id, municipality_code, reference, difference FROM import_key"
                " WHERE state = 'changed' ORDER BY row_number"
            )
        )
        for row in found:
            yield Difference(
                row.row_number, row.plot_id, row.municipality_code, row.reference, row.difference
            )

    def missing(self) -> list[tuple[str, str]]:
        """Municipality and reference of the dataset's plots that the file lacks, in the municipalities it touches."""
        return [(row.municipality_code, row.reference) for row in self._run(read_sql("import_missing.sql"))]

    def overlaps(self) -> list[StagedOverlap]:
        """Rows that share ground with plots which the file does not hold."""
        return [
            StagedOverlap(row.row_number, row.reference, row.municipality_code, row.area_m2)
            for row in self._run(read_sql("import_overlaps.sql"))
        ]

    def references(self, rows: Sequence[int]) -> dict[int, str]:
        """The references of accepted rows, by row."""
        found = self._connection.execute(
            text(
                "SELECT row_number, reference FROM import_key WHERE row_number = ANY(CAST(:rows AS integer[]))"
            ),
            {"rows": list(rows)},
        )
        return {row.row_number: row.reference for row in found}

    def revision(self) -> int:
        """The inventory's revision as this transaction sees it."""
        return int(self._connection.execute(text("SELECT revision FROM landbank.inventory")).scalar_one())


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
