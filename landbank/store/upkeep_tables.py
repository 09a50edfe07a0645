"""The tables of what keeps the inventory true: findings of the checks, quality by day, mail, and who follows changes.

They are derived from the inventory or sent because of it, so they advance no revision and leave no event. The queue's
own tables, `procrastinate_*`, belong to the library and are not described here (see landbank/store/queue_schema.py).
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from landbank.domain import codes
from landbank.store.column_kinds import one_of
from landbank.store.database import SCHEMA
from landbank.store.tables import metadata

__all__ = ["check_finding", "follower", "mail", "mail_choice", "metadata", "quality_day"]

OPEN = text("resolved_at IS NULL")

check_finding = Table(
    "check_finding",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("plot_id", BigInteger, ForeignKey(f"{SCHEMA}.plot.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False, server_default=text("''")),
    Column("details", JSONB, nullable=False, server_default=text("'{}'")),
    Column("since", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("resolved_at", DateTime(timezone=True)),
    one_of("kind", codes.CheckKind),
    Index("uq_check_finding_plot_id_kind_subject_open", "plot_id", "kind", "subject", unique=True,
          postgresql_where=OPEN),
    Index("ix_check_finding_kind_subject_open", "kind", "subject", postgresql_where=OPEN),
)  # fmt: skip

quality_day = Table(
    "quality_day",
    metadata,
    Column("municipality_code", Text, ForeignKey(f"{SCHEMA}.municipality.code"), primary_key=True),
    Column("day", Date, primary_key=True),
    *[
        Column(name, Integer, nullable=False)
        for name in (
            "plots",
            "values_counted",
            "values_known",
            "values_aging",
            "values_fresh",
            "plots_outlined",
            "plots_reachable",
            "plots_sound",
        )
    ],
    Column("computed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)

follower = Table(
    "follower",
    metadata,
    Column("name", Text, primary_key=True),
    Column("revision", BigInteger, nullable=False),
    Column("ran_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)

mail = Table(
    "mail",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("key", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("municipality_code", Text, ForeignKey(f"{SCHEMA}.municipality.code")),
    Column("recipient", Text),
    Column("subject", Text, nullable=False),
    Column("body_text", Text),
    Column("body_html", Text),
    Column("stop_url", Text),
    Column("state", Text, nullable=False, server_default=text("'waiting'")),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("last_error", Text),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("handed_over_at", DateTime(timezone=True)),
    Column("closed_at", DateTime(timezone=True)),
    one_of("kind", codes.MailKind),
    one_of("state", codes.MailState),
    CheckConstraint("language IN ('sv', 'en')", name="language"),
    Index("uq_mail_key", "key", unique=True),
    Index("ix_mail_state", "state", postgresql_where=text("state NOT IN ('sent', 'dropped')")),
)

mail_choice = Table(
    "mail_choice",
    metadata,
    Column("contact_id", BigInteger, ForeignKey(f"{SCHEMA}.contact.id"), primary_key=True),
    Column("language", Text, nullable=False, server_default=text("'sv'")),
    Column("weekly_stopped_at", DateTime(timezone=True)),
    CheckConstraint("language IN ('sv', 'en')", name="language"),
)
