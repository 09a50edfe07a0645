"""The tables that reference layers and signed links add; the layers' own rows lie in tables of a schema apart."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Double,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from landbank.store.tables import metadata

LAYER_SCHEMA = "landbank_layers"
"""The schema of the layers' rows: one table a layer, named by its id, its columns by `layer.columns`."""

layer = Table(
    "layer",
    metadata,
    Column("id", BigInteger, Identity(always=False), primary_key=True),
    Column("name", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("attribution", Text),
    Column("source", Text, nullable=False),
    Column("source_layer", Text),
    Column("source_crs", Text, nullable=False),
    Column("storage_srid", Integer, nullable=False),
    Column("geometry_kind", Text, nullable=False),
    Column("columns", JSONB, nullable=False),
    Column("row_count", BigInteger, nullable=False),
    Column("west", Double),
    Column("south", Double),
    Column("east", Double),
    Column("north", Double),
    Column("is_public", Boolean, nullable=False, server_default=text("false")),
    Column("valid_from", Date, nullable=False, server_default=func.current_date()),
    Column("valid_to", Date),
    CheckConstraint("name ~ '^[a-z][a-z0-9_-]{0,62}$'", name="name"),
    CheckConstraint("storage_srid IN (3006, 4326)", name="storage_srid"),
    CheckConstraint("valid_to >= valid_from", name="valid_to"),
    Index("uq_layer_name_current", "name", unique=True, postgresql_where=text("valid_to IS NULL")),
)

signing_key = Table(
    "signing_key",
    metadata,
    Column("name", Text, primary_key=True),
    Column("key", LargeBinary, nullable=False),
)
