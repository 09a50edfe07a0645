"""The queue's tables and functions, put into landbank's schema from the library's own SQL, and kept at its version.

The library (procrastinate) names its objects without a schema and looks them up along the search path. They are made in
`landbank`, since its user may own no other schema, and each function is bound to that schema, so that triggers and
calls work whatever path a connection has. Which of the library's migrations an installation has stands as the comment
of its table of jobs; a newer library's further ones are applied by the next `landbank migrate`.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, text

from landbank.store.database import SCHEMA

PREFIX = "procrastinate_"
JOBS = f"{SCHEMA}.{PREFIX}jobs"
APP_ROLE = "landbank_app"
"""The role that a running landbank acts as, where its server has one beside the owner of the tables."""


def create_queue(connection: Connection) -> None:
    """Create the queue's objects as the installed library has them."""
    from procrastinate.schema import SchemaManager

    _run(connection, str(SchemaManager.get_schema()))
    _remember(connection, newest_step())


def follow_library(connection: Connection) -> tuple[str, ...]:
    """Apply the library's migrations that this database has not got yet; their names, mostly none.

    Nothing happens where there is no queue: landbank's own migration makes it.
    """
    if connection.execute(text("SELECT to_regclass(:jobs)"), {"jobs": JOBS}).scalar_one() is None:
        return ()
    held = connection.execute(text("SELECT obj_description(to_regclass(:jobs))"), {"jobs": JOBS}).scalar_one()
    due = tuple(step for step in steps() if step.name > str(held))
    for step in due:
        _run(connection, step.read_text(encoding="utf-8"))
        _remember(connection, step.name)
    return tuple(step.name for step in due)


def let_delete(connection: Connection, *tables: str) -> None:
    """Let the role of the running landbank delete rows of tables that are no inventory, and are thinned out."""
    if connection.execute(text("SELECT to_regrole(:role)"), {"role": APP_ROLE}).scalar_one() is not None:
        named = ", ".join(f"{SCHEMA}.{table}" for table in tables)
        connection.execute(text(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {named} TO {APP_ROLE}"))


def drop_queue(connection: Connection) -> None:
    """Remove every object of the queue, and with it every job."""
    connection.execute(
        text(
            f"""DO $$
            DECLARE command text;
            BEGIN
              FOR command IN
                SELECT format('DROP TABLE {SCHEMA}.%I CASCADE', relname) FROM pg_class
                WHERE relnamespace = '{SCHEMA}'::regnamespace AND relkind = 'r' AND starts_with(relname, '{PREFIX}')
              LOOP EXECUTE command; END LOOP;
              FOR command IN
                SELECT format('DROP FUNCTION %s CASCADE', oid::regprocedure) FROM pg_proc
                WHERE pronamespace = '{SCHEMA}'::regnamespace AND starts_with(proname, '{PREFIX}')
              LOOP EXECUTE command; END LOOP;
              FOR command IN
                SELECT format('DROP TYPE {SCHEMA}.%I CASCADE', typname) FROM pg_type
                WHERE typnamespace = '{SCHEMA}'::regnamespace AND starts_with(typname, '{PREFIX}')
                  AND typtype IN ('c', 'e')
              LOOP EXECUTE command; END LOOP;
            END $$"""  # noqa: S608 - constants of this module
        )
    )


def steps() -> list[Path]:
    """The library's own migrations, oldest first; their names begin with the version that they lead to."""
    from procrastinate.schema import SchemaManager

    return sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"), key=lambda path: path.name)


def newest_step() -> str:
    """Name of the newest of the library's migrations, which its whole schema includes."""
    return steps()[-1].name


def _run(connection: Connection, statements: str) -> None:
    """Run the library's SQL with landbank's schema first on the path, and bind the functions that it made."""
    cursor = connection.connection.cursor()
    path = connection.execute(text("SELECT current_setting('search_path')")).scalar_one()
    cursor.execute(f"SET LOCAL search_path = {SCHEMA}, public")
    cursor.execute(statements)
    cursor.close()
    connection.execute(
        text(
            f"""DO $$
            DECLARE command text;
            BEGIN
              FOR command IN
                SELECT format('ALTER FUNCTION %s SET search_path = {SCHEMA}, pg_temp', oid::regprocedure) FROM pg_proc
                WHERE pronamespace = '{SCHEMA}'::regnamespace AND starts_with(proname, '{PREFIX}')
              LOOP EXECUTE command; END LOOP;
            END $$"""  # noqa: S608 - constants of this module
        )
    )
    connection.execute(text("SELECT set_config('search_path', :path, true)"), {"path": path})
    let_delete(connection, *(f"{PREFIX}{name}" for name in ("jobs", "events", "workers", "periodic_defers")))


def _remember(connection: Connection, step: str) -> None:
    connection.execute(text(f"COMMENT ON TABLE {JOBS} IS '{step}'"))
