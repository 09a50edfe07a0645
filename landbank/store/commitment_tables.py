"""The tables of what is promised to whom about plots, in the schema `landbank`, and of what follows from it.

Who a party is stands here alone: events and the public see that a plot is reserved and until when. A commitment is
versioned in place as a plot's facts are; its `number` is the same in all its states.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    func,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint

from landbank.domain import codes
from landbank.store.column_kinds import one_of, recorded
from landbank.store.database import SCHEMA
from landbank.store.tables import metadata

__all__ = ["commitment", "kept_answer", "metadata", "notice", "party"]

party = Table(
    "party",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("name", Text),
    Column("organisation_number", Text),
    Column("legal_form", Text),
    Column("is_personal", Boolean, nullable=False, server_default=text("false")),
    Column("erased_on", Date),
    Column(
        "recorded_at", DateTime(timezone=True), nullable=False, server_default=text("landbank.change_time()")
    ),
    CheckConstraint("organisation_number ~ '^[0-9]{10}$'", name="organisation_number"),
    CheckConstraint("organisation_number IS NULL OR NOT is_personal", name="no_personal_number"),
    CheckConstraint("(name IS NULL) = (erased_on IS NOT NULL)", name="name"),
    Index(
        "uq_party_organisation_number",
        "organisation_number",
        unique=True,
        postgresql_where=text("organisation_number IS NOT NULL"),
    ),
)

commitment = Table(
    "commitment",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column(
        "number", BigInteger, nullable=False, server_default=text("nextval('landbank.commitment_number')")
    ),
    Column("plot_id", BigInteger, ForeignKey(f"{SCHEMA}.plot.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("party_id", BigInteger, ForeignKey(f"{SCHEMA}.party.id"), nullable=False),
    Column("decision_reference", Text),
    Column("reason", Text),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date),
    Column("ended_on", Date),
    Column("ended_why", Text),
    *recorded(),
    one_of("kind", codes.CommitmentKind),
    one_of("ended_why", codes.CommitmentEnd),
    CheckConstraint("(ended_on IS NULL) = (ended_why IS NULL)", name="ended_why_told"),
    CheckConstraint("valid_until >= valid_from", name="valid_until"),
    CheckConstraint("ended_on >= valid_from", name="ended_on"),
    CheckConstraint("kind NOT IN ('reservation', 'allocation') OR valid_until IS NOT NULL", name="has_term"),
    # A range of one plot stands for equality, which GiST knows of numbers only with a further extension.
    ExcludeConstraint(
        (func.int8range(literal_column("plot_id"), literal_column("plot_id"), literal_column("'[]'")), "&&"),
        (
            func.daterange(literal_column("valid_from"), literal_column("ended_on"), literal_column("'[)'")),
            "&&",
        ),
        name="ex_commitment_one_holder",
        using="gist",
        where=text("kind <> 'interest' AND superseded_at IS NULL"),
    ),
    Index("ix_commitment_plot_id_current", "plot_id", postgresql_where=text("superseded_at IS NULL")),
    Index("ix_commitment_plot_id_superseded", "plot_id", postgresql_where=text("superseded_at IS NOT NULL")),
    Index("ix_commitment_party_id", "party_id"),
)

notice = Table(
    "notice",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("plot_id", BigInteger, ForeignKey(f"{SCHEMA}.plot.id"), nullable=False),
    Column("municipality_code", Text, ForeignKey(f"{SCHEMA}.municipality.code"), nullable=False),
    Column("due_on", Date, nullable=False),
    Column(
        "created_at", DateTime(timezone=True), nullable=False, server_default=text("landbank.change_time()")
    ),
    Column("sent_at", DateTime(timezone=True)),
    one_of("kind", codes.NoticeKind),
    Index("uq_notice_plot_id_kind_due_on", "plot_id", "kind", "due_on", unique=True),
    Index("ix_notice_unsent", "municipality_code", postgresql_where=text("sent_at IS NULL")),
)

kept_answer = Table(
    "kept_answer",
    metadata,
    Column("actor", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    Column("status", SmallInteger, nullable=False),
    Column("headers", JSONB, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("kept_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Index("ix_kept_answer_kept_at", "kept_at"),
)
