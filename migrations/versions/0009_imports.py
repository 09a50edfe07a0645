"""Imports with their reports, records for files, and derived distances."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from landbank.store.derived import make_derived
from landbank.store.migrate import run_statements
from landbank.store.policies import protect_by

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table and views, and let the flat view tell distances and how they were found."""
    op.create_table(
        "plot_import",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("rolls_back_id", sa.BigInteger(), nullable=True),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("upload", sa.Text(), nullable=True),
        sa.Column("options", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("dataset", sa.Text(), nullable=True),
        sa.Column("municipality_codes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("diff_hash", sa.Text(), nullable=False),
        sa.Column("counts", postgresql.JSONB(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_revision", sa.BigInteger(), nullable=True),
        sa.Column("last_revision", sa.BigInteger(), nullable=True),
        sa.Column("report", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("kind IN ('file', 'rollback')", name=op.f("ck_plot_import_kind")),
        sa.CheckConstraint("state IN ('proposed', 'applied', 'expired')", name=op.f("ck_plot_import_state")),
        sa.CheckConstraint(
            "(state = 'applied') = (applied_at IS NOT NULL)", name=op.f("ck_plot_import_applied")
        ),
        sa.ForeignKeyConstraint(
            ["rolls_back_id"], ["landbank.plot_import.id"], name=op.f("fk_plot_import_rolls_back_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plot_import")),
        schema="landbank",
    )
    op.create_index("ix_plot_import_proposed_at", "plot_import", ["proposed_at"], schema="landbank")
    op.execute(
        "CREATE TRIGGER nothing_is_deleted BEFORE DELETE OR TRUNCATE ON landbank.plot_import "
        "FOR EACH STATEMENT EXECUTE FUNCTION landbank.refuse_removal()"
    )
    protect_by(
        op.get_bind(),
        "plot_import",
        "landbank.writes_everywhere() OR (landbank.told('municipalities') IS NOT NULL"
        " AND municipality_codes <@ string_to_array(landbank.told('municipalities'), ','))",
    )
    run_statements(op.get_bind(), "0009_access.sql")
    run_statements(op.get_bind(), "0009_records.sql")
    make_derived(op.get_bind())


def downgrade() -> None:
    """Take the table and views away; the flat view tells stated distances alone."""
    op.execute("DROP VIEW landbank.plot_records")
    op.execute("DROP VIEW landbank.plot_facts")
    for function in (
        "capacity_mw(double precision, text)",
        "public_label_on(text, date, date, date)",
        "public_label(text, date, boolean, text, text, date, date, date)",
    ):
        op.execute(f"DROP FUNCTION landbank.{function}")
    run_statements(op.get_bind(), "0003_plot_facts.sql")
    make_derived(op.get_bind())
    op.drop_table("plot_import", schema="landbank")
