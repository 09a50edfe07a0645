"""Row-level security on tables of the inventory, for migrations: everybody reads, the own municipality is written."""

from __future__ import annotations

from sqlalchemy import Connection, text

from landbank.store.database import SCHEMA

OWN = "landbank.writes({column})"
OF_PLOT = (
    "landbank.writes_everywhere() OR EXISTS"
    f" (SELECT FROM {SCHEMA}.plot p WHERE p.id = {{column}} AND landbank.writes(p.municipality_code))"
)
EVERYWHERE = "landbank.writes_everywhere()"


def protect(
    connection: Connection, table: str, *, municipality: str | None = None, plot: str | None = None
) -> None:
    """Let everybody read the table's rows, and write them only who may write the row's municipality.

    `municipality` is the column with its code; `plot` the column with the id of the plot that the row belongs to, and
    whose municipality counts. With neither, rows are written by who may write everywhere.
    """
    if municipality is not None:
        claim = OWN.format(column=municipality)
    elif plot is not None:
        claim = OF_PLOT.format(column=plot)
    else:
        claim = EVERYWHERE
    protect_by(connection, table, claim)


def protect_by(connection: Connection, table: str, claim: str) -> None:
    """Let everybody read the table's rows, and write those for which the claim (SQL of a migration) holds."""
    for statement in (
        f"ALTER TABLE {SCHEMA}.{table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY everybody_reads ON {SCHEMA}.{table} FOR SELECT USING (true)",
        f"CREATE POLICY adds_own ON {SCHEMA}.{table} FOR INSERT WITH CHECK ({claim})",
        f"CREATE POLICY changes_own ON {SCHEMA}.{table} FOR UPDATE USING ({claim})",
    ):
        connection.execute(text(statement))


def unprotect(connection: Connection, table: str) -> None:
    """Take the table's policies away again."""
    for name in ("everybody_reads", "adds_own", "changes_own"):
        connection.execute(text(f"DROP POLICY {name} ON {SCHEMA}.{table}"))
    connection.execute(
        text(f"ALTER TABLE {SCHEMA}.{table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY")
    )
