"""Checks, quality, mail and the queue; evidence of restrictions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from landbank.store.derived import drop_derived, make_derived
from landbank.store.queue_schema import create_queue, drop_queue, let_delete

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

CHECK_KINDS = (
    "overlap", "sliver", "outside_municipality", "outside_plan", "area_differs", "net_above_area",
    "restriction_past_due", "contact_gone", "implementation_ended", "commitment_expired", "key_fact_missing",
)  # fmt: skip
MAIL_KINDS = ("weekly", "expiring", "import_result", "trial")
MAIL_STATES = ("waiting", "sending", "sent", "failed", "uncertain", "dropped")
COUNTS = (
    "plots", "values_counted", "values_known", "values_aging", "values_fresh", "plots_outlined", "plots_reachable",
    "plots_sound",
)  # fmt: skip


def upgrade() -> None:
    """Apply."""
    op.execute("SET LOCAL lock_timeout = '3s'")
    op.add_column("restriction", sa.Column("evidence_url", sa.Text()), schema="landbank")
    op.create_check_constraint(
        op.f("ck_restriction_evidence_url"), "restriction", "evidence_url ~ '^https?://[^[:space:]]+$'",
        schema="landbank",
    )  # fmt: skip
    make_derived(op.get_bind())
    create_check_finding()
    create_quality_day()
    op.create_table(
        "follower",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        moment("ran_at"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_follower")),
        schema="landbank",
    )
    create_mail()
    create_queue(op.get_bind())
    let_delete(op.get_bind(), "quality_day")


def downgrade() -> None:
    """Take it all back; jobs that wait and mails that were not sent are lost."""
    drop_queue(op.get_bind())
    for table in ("mail_choice", "mail", "follower", "quality_day", "check_finding"):
        op.drop_table(table, schema="landbank")
    drop_derived(op.get_bind())
    op.drop_column("restriction", "evidence_url", schema="landbank")
    make_derived(op.get_bind())


def moment(name: str) -> sa.Column[object]:
    """When something happened: now, unless told."""
    return sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)


def listed(column: str, values: tuple[str, ...]) -> str:
    """The condition that a column holds one of the values."""
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def create_check_finding() -> None:
    """What the checks found, and when it was resolved."""
    op.create_table(
        "check_finding",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("plot_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("details", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        moment("since"),
        sa.Column("resolved_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(listed("kind", CHECK_KINDS), name=op.f("ck_check_finding_kind")),
        sa.ForeignKeyConstraint(
            ["plot_id"], ["landbank.plot.id"], name=op.f("fk_check_finding_plot_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_finding")),
        schema="landbank",
    )  # fmt: skip
    for name, columns, unique in (
        ("uq_check_finding_plot_id_kind_subject_open", ["plot_id", "kind", "subject"], True),
        ("ix_check_finding_kind_subject_open", ["kind", "subject"], False),
    ):
        op.create_index(
            name, "check_finding", columns, unique=unique, schema="landbank",
            postgresql_where=sa.text("resolved_at IS NULL"),
        )  # fmt: skip


def create_quality_day() -> None:
    """The counts that the quality score is made of, by municipality and day."""
    op.create_table(
        "quality_day",
        sa.Column("municipality_code", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *[sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS],
        moment("computed_at"),
        sa.ForeignKeyConstraint(
            ["municipality_code"],
            ["landbank.municipality.code"],
            name=op.f("fk_quality_day_municipality_code"),
        ),
        sa.PrimaryKeyConstraint("municipality_code", "day", name=op.f("pk_quality_day")),
        schema="landbank",
    )


def create_mail() -> None:
    """Mail with its state, and what its readers have chosen."""
    op.create_table(
        "mail",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("municipality_code", sa.Text()),
        sa.Column("recipient", sa.Text()),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body_text", sa.Text()),
        sa.Column("body_html", sa.Text()),
        sa.Column("stop_url", sa.Text()),
        sa.Column("state", sa.Text(), server_default=sa.text("'waiting'"), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("last_error", sa.Text()),
        moment("created_at"),
        sa.Column("handed_over_at", sa.DateTime(timezone=True)),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(listed("kind", MAIL_KINDS), name=op.f("ck_mail_kind")),
        sa.CheckConstraint(listed("state", MAIL_STATES), name=op.f("ck_mail_state")),
        sa.CheckConstraint("language IN ('sv', 'en')", name=op.f("ck_mail_language")),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["landbank.municipality.code"], name=op.f("fk_mail_municipality_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        schema="landbank",
    )
    op.create_index("uq_mail_key", "mail", ["key"], unique=True, schema="landbank")
    op.create_index(
        "ix_mail_state", "mail", ["state"], schema="landbank",
        postgresql_where=sa.text("state NOT IN ('sent', 'dropped')"),
    )  # fmt: skip
    op.create_table(
        "mail_choice",
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.Text(), server_default=sa.text("'sv'"), nullable=False),
        sa.Column("weekly_stopped_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("language IN ('sv', 'en')", name=op.f("ck_mail_choice_language")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["landbank.contact.id"], name=op.f("fk_mail_choice_contact_id")
        ),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_mail_choice")),
        schema="landbank",
    )
