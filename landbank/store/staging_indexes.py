"""Lets the first large load of an inventory build the indexes of `plot` behind it: sorted, in a third of the time."""

from __future__ import annotations

from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

LARGE = 10_000
"""Rows of a first portion from which it pays."""

IS_ALONE = """
    SELECT pg_has_role(c.relowner, 'USAGE') AND NOT EXISTS (
      SELECT FROM pg_stat_activity a
      WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND a.backend_type = 'client backend')
    FROM pg_class c WHERE c.oid = 'landbank.plot'::regclass
"""

PLAIN_INDEXES = """
    SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition FROM pg_index i
    WHERE i.indrelid = 'landbank.plot'::regclass
      AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
    ORDER BY 1
"""


class LateIndexes:
    """The indexes that are to be built at the end; none while anybody else could wait for them.

    Whoever drops an index locks the table's readers out until the transaction ends. So this is done only where there
    is nothing to read yet, by whoever owns the table, while nobody else is connected. What goes wrong later takes the
    whole transaction back, and with it the indexes stand as they stood.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._definitions: list[str] = []

    def drop(self) -> None:
        """Drop the indexes of `plot` that serve no constraint, if nobody can mind."""
        if not self._connection.execute(text(IS_ALONE)).scalar_one():
            return
        found = self._connection.execute(text(PLAIN_INDEXES)).all()
        try:
            with self._connection.begin_nested():
                self._connection.execute(text("SET LOCAL lock_timeout = '200ms'"))
                for index in found:
                    self._connection.execute(text(f"DROP INDEX {index.name}"))
                self._connection.execute(text("SET LOCAL lock_timeout = 0"))
        except OperationalError as error:
            if (
                getattr(error.orig, "sqlstate", None) != "55P03"
            ):  # lock_not_available: somebody came in between
                raise
            return
        self._definitions = [index.definition for index in found]

    def build(self) -> None:
        """Build what was dropped."""
        if self._definitions:
            self._connection.execute(text("SET LOCAL maintenance_work_mem = '256MB'"))
        for definition in self._definitions:
            self._connection.execute(text(definition.replace(":", r"\:")))
        self._definitions = []
