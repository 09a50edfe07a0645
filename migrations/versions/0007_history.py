"""History made whole: nobody rewrites it, it is sealed in a chain, and what held at a moment can be read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from landbank.store.derived import BOOKKEEPING, OTHERS, SHAPES, columns_of, drop_derived, make_derived
from landbank.store.migrate import run_statements
from landbank.store.roles import APP_ROLE

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

FACTS = ("plot_use", "restriction", "utility", "access", "price", "value_source")
NEVER_REWRITTEN = ("plot_version", "plot_lineage", "seal", "history_head")
FUNCTIONS = (
    "undone(text, timestamptz)", "revision_at(timestamptz)", "lineage_after_insert()", "refuse_other_moment()",
    "event_before_update()", "refuse_adding_by_hand()", "refuse_rewriting()",
)  # fmt: skip


def upgrade() -> None:
    """Add the tables of the chain, the guards, and the functions of the past."""
    op.create_table(
        "seal",
        sa.Column("last_revision", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("first_revision", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("last_revision >= first_revision", name=op.f("ck_seal_last_revision")),
        sa.CheckConstraint("length(hash) = 32", name=op.f("ck_seal_hash")),
        sa.PrimaryKeyConstraint("last_revision", name=op.f("pk_seal")),
        sa.UniqueConstraint("first_revision", name=op.f("uq_seal_first_revision")),
        schema="landbank",
    )
    op.create_table(
        "history_head",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("length(hash) = 32", name=op.f("ck_history_head_hash")),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_history_head")),
        schema="landbank",
    )
    op.create_index(
        "ix_plot_version_superseded_at",
        "plot_version",
        ["superseded_at", "recorded_at"],
        unique=False,
        schema="landbank",
    )
    op.execute(
        "ALTER TABLE landbank.plot_version ADD geometry_tile public.geometry(Geometry, 3857),"
        " ADD location_tile public.geometry(Point, 3857), ADD morton bigint"
    )
    # Where row-level security stands on the table it holds for the owner too: these rows are everybody's.
    op.execute("SELECT set_config('landbank.municipalities', '*', true)")
    op.execute(
        "UPDATE landbank.plot_version SET geometry_tile = public.st_transform(coalesce(geometry, location), 3857),"
        " location_tile = public.st_transform(location, 3857),"
        " morton = landbank.morton24(public.st_transform(location, 3857))"
    )
    run_statements(op.get_bind(), "0007_history.sql")
    make_derived(op.get_bind())
    add_guards()


def add_guards() -> None:
    """Triggers that refuse to rewrite what was recorded."""
    op.execute(
        "CREATE TRIGGER never_rewritten BEFORE UPDATE ON landbank.event "
        "FOR EACH ROW EXECUTE FUNCTION landbank.event_before_update()"
    )
    for table in ("event", "plot_version"):
        op.execute(
            f"CREATE TRIGGER never_by_hand BEFORE INSERT ON landbank.{table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION landbank.refuse_adding_by_hand()"
        )
    for table in ("seal", "history_head"):
        op.execute(f"REVOKE INSERT, UPDATE ON landbank.{table} FROM {APP_ROLE}")
    for table in NEVER_REWRITTEN:
        op.execute(
            f"CREATE TRIGGER never_rewritten BEFORE UPDATE ON landbank.{table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION landbank.refuse_rewriting()"
        )
    for table in ("seal", "history_head"):
        op.execute(
            f"CREATE TRIGGER nothing_is_deleted BEFORE DELETE OR TRUNCATE ON landbank.{table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION landbank.refuse_removal()"
        )
    for table in ("plot", *FACTS):
        op.execute(
            f"CREATE TRIGGER recorded_now AFTER INSERT ON landbank.{table} REFERENCING NEW TABLE AS new_rows "
            "FOR EACH STATEMENT EXECUTE FUNCTION landbank.refuse_other_moment()"
        )
    op.execute(
        "CREATE TRIGGER after_insert AFTER INSERT ON landbank.plot_lineage REFERENCING NEW TABLE AS new_rows "
        "FOR EACH STATEMENT EXECUTE FUNCTION landbank.lineage_after_insert()"
    )


def downgrade() -> None:
    """Take it back: the events stay, the seals and heads go, the functions of before return."""
    op.execute("DROP TRIGGER after_insert ON landbank.plot_lineage")
    for table in ("plot", *FACTS):
        op.execute(f"DROP TRIGGER recorded_now ON landbank.{table}")
    for table in ("event", "plot_version", "plot_lineage"):
        op.execute(f"DROP TRIGGER never_rewritten ON landbank.{table}")
    for table in ("event", "plot_version"):
        op.execute(f"DROP TRIGGER never_by_hand ON landbank.{table}")
    drop_derived(op.get_bind())
    op.drop_index("ix_plot_version_superseded_at", table_name="plot_version", schema="landbank")
    op.execute("ALTER TABLE landbank.plot_version DROP geometry_tile, DROP location_tile, DROP morton")
    op.drop_table("history_head", schema="landbank")
    op.drop_table("seal", schema="landbank")
    kept = {column.name for column in columns_of(op.get_bind(), "plot_version")}
    columns = [column.name for column in columns_of(op.get_bind(), "plot") if column.name in kept]
    attributes = [name for name in columns if name not in BOOKKEEPING | SHAPES]
    run_statements(
        op.get_bind(),
        "0007_history_before.sql",
        columns=", ".join(columns),
        old_columns=", ".join(f"o.{name}" for name in columns),
        old_attributes=", ".join(f"o.{name}" for name in attributes),
        new_attributes=", ".join(f"n.{name}" for name in attributes),
    )
    for noun in OTHERS:
        op.execute(f"DROP FUNCTION landbank.{noun}_difference(landbank.{noun}, landbank.{noun})")
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION landbank.{function}")
