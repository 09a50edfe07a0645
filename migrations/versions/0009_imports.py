"""Distances derived where nobody stated them."""

from __future__ import annotations

from alembic import op

from landbank.store.derived import make_derived
from landbank.store.migrate import run_statements

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let the flat view tell distances and how they were found."""
    run_statements(op.get_bind(), "0009_access.sql")
    make_derived(op.get_bind())


def downgrade() -> None:
    """Let the flat view tell stated distances alone."""
    op.execute("DROP VIEW landbank.plot_facts")
    for function in (
        "capacity_mw(double precision, text)",
        "public_label_on(text, date, date, date)",
        "public_label(text, date, boolean, text, text, date, date, date)",
    ):
        op.execute(f"DROP FUNCTION landbank.{function}")
    run_statements(op.get_bind(), "0003_plot_facts.sql")
    make_derived(op.get_bind())
