"""Runs one import's statements and copies its rows: what the parts of staging share."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text

from landbank.store.staging_fields import COLUMN_TYPES, LINKS, SAID_FIELDS
from landbank.store.staging_sql import ImportStatements

if TYPE_CHECKING:
    from landbank.exchange.accepted import AcceptedRows


class ImportSql:
    """One import's connection and what holds for all of its statements."""

    def __init__(self, connection: Connection, *, dataset: str, last_id: int) -> None:
        self.connection = connection
        self.dataset = dataset
        self.last_id = last_id
        """The last plot before the import."""
        self._statements: ImportStatements | None = None

    @property
    def statements(self) -> ImportStatements:
        """The statements for the fields that the file states; known with the first rows."""
        if self._statements is None:
            raise RuntimeError("no rows have come yet, so nobody knows which fields they state")
        return self._statements

    def open_batch(self, fields: Sequence[str]) -> bool:
        """Make the table that batches with these columns go through, at the first of them; whether it was that."""
        if self._statements is not None:
            return False
        aside = [name for name in SAID_FIELDS if name != "plan_state"]  # a plot's state may be its plan's
        kept = [name for name in fields if name not in aside]
        kept += [link.column for link in LINKS if link.by in fields]
        self._statements = ImportStatements(tuple(kept))
        columns = ", ".join(f"{name} {COLUMN_TYPES[name]}" for name in kept)
        self.run(f"CREATE TEMP TABLE import_batch ({columns}) ON COMMIT DROP")
        return True

    def run(self, statement: str, **parameters: Any) -> Any:
        """Run a statement; `:dataset` and `:last_id` are known to each."""
        told = {"dataset": self.dataset, "last_id": self.last_id, **parameters}
        return self.connection.execute(
            text(statement), {name: value for name, value in told.items() if f":{name}" in statement}
        )

    @staticmethod
    def json(told: Any) -> str:
        """Values as JSON, days as text."""
        return json.dumps(told, ensure_ascii=False, default=str)

    def copy(
        self, table: str, columns: Sequence[str], rows: AcceptedRows, names: Sequence[str] | None = None
    ) -> None:
        """Copy rows into a table; `names` says which of their columns fill it, where they are called otherwise."""
        driver: Any = self.connection.connection.driver_connection
        statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT BINARY)"
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write(rows.stream(names or columns))
