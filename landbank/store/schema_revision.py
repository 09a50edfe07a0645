"""Which schema a database has and which this code needs: told without the program that migrates, so at once."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, text

from landbank.store.database import SCHEMA


def migrations_folder() -> Path:
    """The folder with the migrations: in the wheel beside the package, else in the repository."""
    package = Path(__file__).resolve().parent.parent
    packed = package / "_migrations"
    return packed if packed.is_dir() else package.parent / "migrations"


def head_revision() -> str:
    """The newest schema revision that this code knows: migrations are numbered in one line, by their files' names."""
    names = [path.name for path in (migrations_folder() / "versions").glob("[0-9][0-9][0-9][0-9]_*.py")]
    if not names:
        raise RuntimeError("the package holds no migrations")
    return max(names)[:4]


def current_revision(connection: Connection) -> str | None:
    """The schema revision of the database, or None where landbank's schema is not there."""
    table = f"{SCHEMA}.schema_version"
    if connection.execute(text("SELECT to_regclass(:table)"), {"table": table}).scalar_one() is None:
        return None
    found: str | None = connection.execute(text(f"SELECT version_num FROM {table}")).scalar_one_or_none()  # noqa: S608
    return found
