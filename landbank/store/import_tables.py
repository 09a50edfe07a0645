"""The table of imports: it stands beside the inventory and has no history of its own."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    Table,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from landbank.domain import codes
from landbank.store.column_kinds import one_of
from landbank.store.database import SCHEMA
from landbank.store.tables import metadata

plot_import = Table(
    "plot_import",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("rolls_back_id", BigInteger, ForeignKey(f"{SCHEMA}.plot_import.id")),
    Column("file_name", Text, nullable=False),
    Column("upload", Text),
    Column("options", JSONB, nullable=False, server_default=text("'{}'")),
    Column("dataset", Text),
    Column("municipality_codes", ARRAY(Text), nullable=False),
    Column("diff_hash", Text, nullable=False),
    Column("counts", JSONB, nullable=False),
    Column("actor", Text, nullable=False),
    Column("role", Text),
    Column("proposed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("applied_at", DateTime(timezone=True)),
    Column("first_revision", BigInteger),
    Column("last_revision", BigInteger),
    Column("report", LargeBinary),
    one_of("kind", codes.ImportKind),
    one_of("state", codes.ImportState),
    CheckConstraint("(state = 'applied') = (applied_at IS NOT NULL)", name="applied"),
    Index("ix_plot_import_proposed_at", "proposed_at"),
)
