"""The tables of the hash chain over the history, and its daily heads; see docs/decisions/0009-sealed-history.md."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    LargeBinary,
    Table,
    UniqueConstraint,
    func,
)

from landbank.store.tables import metadata

seal = Table(
    "seal",
    metadata,
    Column("last_revision", BigInteger, primary_key=True, autoincrement=False),
    Column("first_revision", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("sealed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    UniqueConstraint("first_revision"),
    CheckConstraint("last_revision >= first_revision", name="last_revision"),
    CheckConstraint("length(hash) = 32", name="hash"),
)

history_head = Table(
    "history_head",
    metadata,
    Column("day", Date, primary_key=True),
    Column("revision", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("taken_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    CheckConstraint("length(hash) = 32", name="hash"),
)
