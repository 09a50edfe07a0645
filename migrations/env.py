"""Alembic's entry: migrates over a connection handed in by `landbank.store.migrate`."""

from __future__ import annotations

from alembic import context
from geoalchemy2 import alembic_helpers
from sqlalchemy import Connection

from landbank.store.all_tables import metadata
from landbank.store.database import SCHEMA
from landbank.store.queue_schema import PREFIX


def include_name(name: str | None, kind: str, _parents: object) -> bool:
    """Only landbank's own schema is compared, without the tables of the queue's library."""
    if kind == "schema":
        return name == SCHEMA
    return not (kind == "table" and name is not None and name.startswith(PREFIX))


def run(connection: Connection) -> None:
    """Migrate in one transaction; each migration file sets what it needs."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        include_schemas=True,
        include_name=include_name,
        include_object=alembic_helpers.include_object,
        process_revision_directives=alembic_helpers.writer,
        render_item=alembic_helpers.render_item,
        version_table="schema_version",
        version_table_schema=SCHEMA,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
