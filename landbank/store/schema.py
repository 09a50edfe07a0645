"""What the schema itself says of its columns: type, whether a value is required, and the flat view's columns."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

from landbank.store.database import SCHEMA
from landbank.store.queue_schema import PREFIX


@dataclass(frozen=True, slots=True)
class ColumnShape:
    """One column as the database has it."""

    table: str
    name: str
    type_name: str
    is_required: bool


class Schema:
    """Reads the catalogue of the database."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def columns(self) -> list[ColumnShape]:
        """The columns of landbank's tables and of its views, in the order of the schema."""
        from landbank.store.all_tables import metadata

        rows = self._connection.execute(
            text(
                "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull"
                " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
                " WHERE c.relnamespace = CAST(:schema AS regnamespace) AND c.relkind IN ('r', 'v')"
                " AND a.attnum > 0 AND NOT a.attisdropped AND c.relname <> 'schema_version'"
                " AND NOT starts_with(c.relname, :of_queue)"
                " ORDER BY c.relname, a.attnum"
            ),
            {"schema": SCHEMA, "of_queue": PREFIX},
        )
        shapes = [ColumnShape(*row) for row in rows]
        views = ("plot_facts", "plot_records", "restriction_facts")
        order = [*(table.name for table in metadata.sorted_tables), *views]
        return sorted(shapes, key=lambda shape: order.index(shape.table))
