"""The public label and the flat view of a plot's facts."""

from __future__ import annotations

from alembic import op

from landbank.store.migrate import run_statements

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the label functions and the view."""
    run_statements(op.get_bind(), "0003_plot_facts.sql")


def downgrade() -> None:
    """Drop the view and its functions."""
    op.execute("DROP VIEW landbank.plot_facts")
    op.execute("DROP FUNCTION landbank.capacity_mw(double precision, text)")
    op.execute("DROP FUNCTION landbank.public_label_on(text, date, date, date)")
    op.execute("DROP FUNCTION landbank.public_label(text, date, boolean, text, text, date, date, date)")
