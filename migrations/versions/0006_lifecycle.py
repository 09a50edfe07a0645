"""Commitments to parties, notices, and the answers that are kept for requests sent twice."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from landbank.store.migrate import run_statements
from landbank.store.policies import protect, protect_by

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEPT = ("party", "commitment", "notice")
CHANGE_TIME = sa.text("landbank.change_time()")


def upgrade() -> None:
    """Create the tables with their triggers."""
    op.execute("CREATE SEQUENCE landbank.commitment_number")
    op.create_index(
        "ix_plot_availability_until_term",
        "plot",
        ["availability_until"],
        unique=False,
        schema="landbank",
        postgresql_where=sa.text("availability IN ('reserverad', 'markanvisad') AND valid_to IS NULL"),
    )
    create_party()
    create_commitment()
    create_notice()
    create_kept_answer()
    run_statements(op.get_bind(), "0006_lifecycle.sql")
    for table in KEPT:
        op.execute(
            f"CREATE TRIGGER nothing_is_deleted BEFORE DELETE OR TRUNCATE ON landbank.{table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION landbank.refuse_removal()"
        )
    op.execute(
        "CREATE TRIGGER before_update BEFORE UPDATE ON landbank.commitment "
        "FOR EACH ROW EXECUTE FUNCTION landbank.fact_before_update()"
    )
    after("commitment", "INSERT", "commitment_after_change")
    after("commitment", "UPDATE", "commitment_after_change")
    after("party", "UPDATE", "party_after_update")
    bind = op.get_bind()
    protect(bind, "commitment", plot="plot_id")
    protect(bind, "notice", municipality="municipality_code")
    protect_by(bind, "party", "landbank.told('municipalities') IS NOT NULL")
    op.execute("GRANT DELETE ON landbank.kept_answer TO landbank_app")


def after(table: str, operation: str, function: str) -> None:
    """A statement trigger that sees the changed rows."""
    seen = "NEW TABLE AS new_rows" if operation == "INSERT" else "OLD TABLE AS old_rows NEW TABLE AS new_rows"
    op.execute(
        f"CREATE TRIGGER after_{operation.lower()} AFTER {operation} ON landbank.{table} "
        f"REFERENCING {seen} FOR EACH STATEMENT EXECUTE FUNCTION landbank.{function}()"
    )


def create_party() -> None:
    """Who commitments are made to."""
    op.create_table(
        "party",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("organisation_number", sa.Text(), nullable=True),
        sa.Column("legal_form", sa.Text(), nullable=True),
        sa.Column("is_personal", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("erased_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=CHANGE_TIME, nullable=False),
        sa.CheckConstraint("organisation_number ~ '^[0-9]{10}$'", name=op.f("ck_party_organisation_number")),
        sa.CheckConstraint(
            "organisation_number IS NULL OR NOT is_personal", name=op.f("ck_party_no_personal_number")
        ),
        sa.CheckConstraint("(name IS NULL) = (erased_on IS NOT NULL)", name=op.f("ck_party_name")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party")),
        schema="landbank",
    )
    op.create_index(
        "uq_party_organisation_number",
        "party",
        ["organisation_number"],
        unique=True,
        schema="landbank",
        postgresql_where=sa.text("organisation_number IS NOT NULL"),
    )


def create_commitment() -> None:
    """What is promised to whom about which plot; one holder at a time."""
    op.create_table(
        "commitment",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "number",
            sa.BigInteger(),
            server_default=sa.text("nextval('landbank.commitment_number')"),
            nullable=False,
        ),
        sa.Column("plot_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("party_id", sa.BigInteger(), nullable=False),
        sa.Column("decision_reference", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_why", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=CHANGE_TIME, nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('interest', 'reservation', 'allocation', 'agreement', 'sale')",
            name=op.f("ck_commitment_kind"),
        ),
        sa.CheckConstraint(
            "ended_why IN ('followed', 'released', 'expired', 'withdrawn', 'reverted', 'corrected',"
            " 'plot_replaced', 'plot_ended')",
            name=op.f("ck_commitment_ended_why"),
        ),
        sa.CheckConstraint(
            "(ended_on IS NULL) = (ended_why IS NULL)", name=op.f("ck_commitment_ended_why_told")
        ),
        sa.CheckConstraint("valid_until >= valid_from", name=op.f("ck_commitment_valid_until")),
        sa.CheckConstraint("ended_on >= valid_from", name=op.f("ck_commitment_ended_on")),
        sa.CheckConstraint(
            "kind NOT IN ('reservation', 'allocation') OR valid_until IS NOT NULL",
            name=op.f("ck_commitment_has_term"),
        ),
        sa.ForeignKeyConstraint(["plot_id"], ["landbank.plot.id"], name=op.f("fk_commitment_plot_id")),
        sa.ForeignKeyConstraint(["party_id"], ["landbank.party.id"], name=op.f("fk_commitment_party_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
        schema="landbank",
    )
    op.execute(
        "ALTER TABLE landbank.commitment ADD CONSTRAINT ex_commitment_one_holder EXCLUDE USING gist"
        " (int8range(plot_id, plot_id, '[]') WITH &&, daterange(valid_from, ended_on, '[)') WITH &&)"
        " WHERE (kind <> 'interest' AND superseded_at IS NULL)"
    )
    for name, condition in (
        ("current", "superseded_at IS NULL"),
        ("superseded", "superseded_at IS NOT NULL"),
    ):
        op.create_index(
            f"ix_commitment_plot_id_{name}",
            "commitment",
            ["plot_id"],
            unique=False,
            schema="landbank",
            postgresql_where=sa.text(condition),
        )
    op.create_index("ix_commitment_party_id", "commitment", ["party_id"], unique=False, schema="landbank")


def create_notice() -> None:
    """What somebody has to be told."""
    op.create_table(
        "notice",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("plot_id", sa.BigInteger(), nullable=False),
        sa.Column("municipality_code", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=CHANGE_TIME, nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('term_ending', 'term_expired')", name=op.f("ck_notice_kind")),
        sa.ForeignKeyConstraint(["plot_id"], ["landbank.plot.id"], name=op.f("fk_notice_plot_id")),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["landbank.municipality.code"], name=op.f("fk_notice_municipality_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        schema="landbank",
    )
    op.create_index(
        "uq_notice_plot_id_kind_due_on",
        "notice",
        ["plot_id", "kind", "due_on"],
        unique=True,
        schema="landbank",
    )
    op.create_index(
        "ix_notice_unsent",
        "notice",
        ["municipality_code"],
        unique=False,
        schema="landbank",
        postgresql_where=sa.text("sent_at IS NULL"),
    )


def create_kept_answer() -> None:
    """Answers to requests that may come again."""
    op.create_table(
        "kept_answer",
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("headers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("actor", "key", name=op.f("pk_kept_answer")),
        schema="landbank",
    )
    op.create_index("ix_kept_answer_kept_at", "kept_answer", ["kept_at"], unique=False, schema="landbank")


def downgrade() -> None:
    """Take all of it away again."""
    op.execute("DROP FUNCTION landbank.commitment_shown(landbank.commitment)")
    for table in ("kept_answer", "notice", "commitment", "party"):
        op.drop_table(table, schema="landbank")
    for function in ("commitment_after_change()", "party_after_update()"):
        op.execute(f"DROP FUNCTION landbank.{function}")
    op.execute("DROP SEQUENCE landbank.commitment_number")
    op.drop_index("ix_plot_availability_until_term", "plot", schema="landbank")
