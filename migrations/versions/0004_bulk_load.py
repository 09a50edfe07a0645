"""For bulk loads: tile columns that may come with a plot, and a plot's municipality asked once a statement."""

from __future__ import annotations

from alembic import op

from landbank.store.migrate import run_statements

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

COLUMNS = ("geometry_tile", "location_tile", "morton")


def upgrade() -> None:
    """Keep the values and let the columns be written; nothing is rewritten on disk."""
    for column in COLUMNS:
        op.execute(f"ALTER TABLE landbank.plot ALTER COLUMN {column} DROP EXPRESSION")
    run_statements(op.get_bind(), "0004_bulk_load.sql")


def downgrade() -> None:
    """Let the database compute the columns again; the table is rewritten, and the flat view made anew."""
    op.execute("DROP VIEW landbank.plot_facts")
    for function in (
        "capacity_mw(double precision, text)",
        "public_label_on(text, date, date, date)",
        "public_label(text, date, boolean, text, text, date, date, date)",
    ):
        op.execute(f"DROP FUNCTION landbank.{function}")
    run_statements(op.get_bind(), "0004_back.sql")
    run_statements(op.get_bind(), "0003_plot_facts.sql")
