"""The tables of the people who sign in and of what they prove themselves by, in the schema `landbank`.

Personal data stands here alone: events name `user:ID` and `key:ID`. Nothing of it is readable unless the transaction
says for whom it looks (`landbank.people`, `landbank.person`), and unlike the inventory it can be deleted. Passwords,
session ids, keys and codes are kept as hashes; TOTP secrets sealed with a key that is not in the database.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
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
from sqlalchemy.dialects.postgresql import ARRAY

from landbank.domain.people import IN_ALL, Role
from landbank.store.column_kinds import one_of
from landbank.store.database import SCHEMA
from landbank.store.tables import metadata

__all__ = ["metadata"]


def moment(name: str, *, nullable: bool = True, **more: Any) -> Column[Any]:
    """A column with a moment."""
    return Column(name, DateTime(timezone=True), nullable=nullable, **more)


def person_id(**more: Any) -> Column[Any]:
    """A column that names a person."""
    return Column("person_id", BigInteger, ForeignKey(f"{SCHEMA}.person.id"), nullable=False, **more)


def numbered() -> Column[Any]:
    """A number that the database gives."""
    return Column("id", BigInteger, Identity(always=True), primary_key=True)


def created() -> Column[Any]:
    """When the row was made."""
    return moment("created_at", nullable=False, server_default=func.now())


person = Table(
    "person",
    metadata,
    numbered(),
    Column("login", Text, unique=True),
    Column("display_name", Text, nullable=False),
    Column("email", Text),
    Column("is_disabled", Boolean, nullable=False, server_default=text("false")),
    created(),
    Column("created_by", Text, nullable=False),
    CheckConstraint("login = lower(login) AND length(login) BETWEEN 2 AND 100", name="login"),
    CheckConstraint("length(display_name) BETWEEN 1 AND 200", name="display_name"),
)

identity = Table(
    "identity",
    metadata,
    Column("issuer", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    person_id(),
    created(),
    Index("ix_identity_person_id", "person_id"),
)

password = Table(
    "password",
    metadata,
    person_id(primary_key=True, autoincrement=False),
    Column("hash", Text, nullable=False),
    moment("changed_at", nullable=False),
)

totp = Table(
    "totp",
    metadata,
    person_id(primary_key=True, autoincrement=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("key_id", Text, nullable=False),
    moment("confirmed_at"),
    Column("last_step", BigInteger),
)

recovery_code = Table(
    "recovery_code",
    metadata,
    numbered(),
    person_id(),
    Column("digest", LargeBinary, nullable=False),
    moment("used_at"),
    Index("ix_recovery_code_person_id", "person_id"),
)

setup_link = Table(
    "setup_link",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    person_id(),
    Column("created_by", Text, nullable=False),
    created(),
    moment("expires_at", nullable=False),
    moment("used_at"),
    Index("ix_setup_link_person_id", "person_id"),
)

role_grant = Table(
    "role_grant",
    metadata,
    numbered(),
    person_id(),
    Column("role", Text, nullable=False),
    Column("municipality_code", Text, ForeignKey(f"{SCHEMA}.municipality.code")),
    Column("granted_by", Text, nullable=False),
    moment("granted_at", nullable=False, server_default=func.now()),
    Column("revoked_by", Text),
    moment("revoked_at"),
    one_of("role", Role),
    CheckConstraint(
        "(role IN ({})) = (municipality_code IS NULL)".format(
            ", ".join(f"'{role}'" for role in Role if role in IN_ALL)
        ),
        name="where",
    ),
    Index(
        "uq_role_grant_current",
        "person_id",
        "role",
        text("coalesce(municipality_code, '')"),
        unique=True,
        postgresql_where=text("revoked_at IS NULL"),
    ),
)

session = Table(
    "session",
    metadata,
    numbered(),
    Column("digest", LargeBinary, nullable=False, unique=True),
    person_id(),
    Column("stage", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("device", Text, nullable=False),
    created(),
    moment("last_used_at", nullable=False),
    moment("expires_at", nullable=False),
    moment("revoked_at"),
    CheckConstraint("stage IN ('second_factor', 'enrolment', 'whole')", name="stage"),
    CheckConstraint("method IN ('password', 'openid')", name="method"),
    Index("ix_session_person_id", "person_id"),
)

api_key = Table(
    "api_key",
    metadata,
    numbered(),
    Column("digest", LargeBinary, nullable=False),
    Column("label", Text, nullable=False),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("municipality_code", Text, ForeignKey(f"{SCHEMA}.municipality.code"), nullable=False),
    Column("made_by", BigInteger, ForeignKey(f"{SCHEMA}.person.id")),
    created(),
    moment("expires_at", nullable=False),
    moment("last_used_at"),
    moment("revoked_at"),
    CheckConstraint("cardinality(scopes) > 0", name="scopes"),
)

sign_in_attempt = Table(
    "sign_in_attempt",
    metadata,
    numbered(),
    Column("kind", Text, nullable=False),
    Column("subject", LargeBinary, nullable=False),
    moment("attempted_at", nullable=False),
    Index("ix_sign_in_attempt_kind_subject_attempted_at", "kind", "subject", "attempted_at"),
    Index("ix_sign_in_attempt_attempted_at", "attempted_at"),
    prefixes=["UNLOGGED"],
)

security_event = Table(
    "security_event",
    metadata,
    numbered(),
    moment("occurred_at", nullable=False, server_default=func.now()),
    Column("kind", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("subject", Text),
    Column("municipality_code", Text),
    Column("request_id", Text),
    Index("ix_security_event_occurred_at", "occurred_at"),
)
