"""`landbank migrate`: bring a database to this version's schema."""

from __future__ import annotations

from landbank.cli.common import console, open_from_environment


def migrate() -> None:
    """Bring the database to the schema of this version, with the municipalities; running it twice changes nothing.

    `landbank up` does this by itself. It is for a server of your own, before several landbanks are started on it.

    Example: `LANDBANK_DATABASE_URL=postgresql://planner@db.example.org/landbank landbank migrate`
    """
    with open_from_environment(migrating=True) as landbank:
        console().print(f"The database has schema revision {landbank.schema_revision()}.")
