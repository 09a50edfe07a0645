"""The tables of the inventory, in the schema `landbank`.

Coordinates are EPSG:3006 in metres unless the name says otherwise (`*_tile`: EPSG:3857, made by the database; those
of a plot may come with it, see migrations/sql/0004_bulk_load.sql).
Record time: a row of `plot` says what holds now, earlier states stand in `plot_version`; a row of a plot's
many-valued facts (`plot_use`, `restriction`, `utility`, `access`, `price`, `value_source`) is current while
`superseded_at` is null. Nothing is deleted; the database refuses it. Each column's meaning, unit and keeper
stand in its `info`, from which the data dictionary is made (see landbank/services/describe_fields.py).
"""

from __future__ import annotations

from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID

from landbank.domain import codes
from landbank.store.column_kinds import geometry, on_tiles, one_of, recorded
from landbank.store.database import SCHEMA

metadata = MetaData(
    schema=SCHEMA,
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    },
)


def fact_of_plot(name: str, *columns: Any) -> Table:
    """A table of many-valued facts of a plot."""
    return Table(
        name,
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        Column("plot_id", BigInteger, ForeignKey(f"{SCHEMA}.plot.id"), nullable=False),
        *columns,
        Column("source", Text),
        Column("confirmed_on", Date),
        *recorded(),
        Index(f"ix_{name}_plot_id_current", "plot_id", postgresql_where=text("superseded_at IS NULL")),
        Index(f"ix_{name}_plot_id_superseded", "plot_id", postgresql_where=text("superseded_at IS NOT NULL")),
    )


inventory = Table(
    "inventory",
    metadata,
    Column("singleton", Boolean, primary_key=True, server_default=text("true")),
    Column("revision", BigInteger, nullable=False, server_default=text("0")),
    Column("changed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    CheckConstraint("singleton", name="singleton"),
)

event = Table(
    "event",
    metadata,
    Column("revision", BigInteger, primary_key=True, autoincrement=False),
    Column("noun", Text, nullable=False),
    Column("noun_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("role", Text),
    Column("municipality_code", Text),
    Column("request_id", Text),
    Column("reason", Text),
    Column("occurred_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("changes", JSONB),
    one_of("kind", codes.EventKind),
    Index("ix_event_noun_noun_id_revision", "noun", "noun_id", "revision"),
)

municipality = Table(
    "municipality",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("county", Text),
    Column("organisation_number", Text),
    Column("website_url", Text),
    geometry("MULTIPOLYGON"),
    Column("geometry_source", Text),
    on_tiles("MULTIPOLYGON", "geometry"),
    CheckConstraint("code ~ '^[0-9]{4}$'", name="code"),
    Index("ix_municipality_geometry", "geometry", postgresql_using="gist"),
)

contact = Table(
    "contact",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("municipality_code", Text, ForeignKey(f"{SCHEMA}.municipality.code"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("email", Text),
    Column("phone", Text),
    Column("is_synthetic", Boolean, nullable=False, server_default=text("false")),
    one_of("kind", codes.ContactKind),
    Index("uq_contact_municipality_code_kind_title", "municipality_code", "kind", "title", unique=True),
)

area = Table(
    "area",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("municipality_code", Text, ForeignKey(f"{SCHEMA}.municipality.code"), nullable=False),
    Column("name", Text, nullable=False),
    Column("description", Text),
    geometry("MULTIPOLYGON"),
    on_tiles("MULTIPOLYGON", "geometry"),
    Column("is_synthetic", Boolean, nullable=False, server_default=text("false")),
    Index("uq_area_municipality_code_name", "municipality_code", "name", unique=True),
    Index("ix_area_geometry", "geometry", postgresql_using="gist"),
    Index("ix_area_geometry_tile", "geometry_tile", postgresql_using="gist"),
)

plan = Table(
    "plan",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("municipality_code", Text, ForeignKey(f"{SCHEMA}.municipality.code"), nullable=False),
    Column("reference", Text, nullable=False),
    Column("name", Text),
    Column("kind", Text, nullable=False, server_default=text("'detaljplan'")),
    Column("state", Text),
    Column("adopted_on", Date),
    Column("legal_force_on", Date),
    Column("implementation_starts_on", Date),
    Column("implementation_ends_on", Date),
    Column("ngp_id", UUID(as_uuid=True)),
    Column("document_url", Text),
    geometry("MULTIPOLYGON"),
    on_tiles("MULTIPOLYGON", "geometry"),
    Column("source", Text),
    Column("is_synthetic", Boolean, nullable=False, server_default=text("false")),
    one_of("kind", codes.PlanKind),
    one_of("state", codes.PlanningState),
    Index("uq_plan_municipality_code_reference", "municipality_code", "reference", unique=True),
    Index("ix_plan_geometry", "geometry", postgresql_using="gist"),
    Index("ix_plan_geometry_tile", "geometry_tile", postgresql_using="gist"),
)


def plot_columns() -> list[Column[Any]]:
    """What a plot and each of its earlier versions hold, without keys and derived columns."""
    return [
        Column("municipality_code", Text, nullable=False),
        Column("area_id", BigInteger),
        Column("plan_id", BigInteger),
        Column("reference", Text, nullable=False),
        Column("name", Text),
        Column("property_designations", ARRAY(Text)),
        Column("dataset", Text, nullable=False),
        Column("description", Text),
        Column("planning_state", Text),
        Column("readiness", Text),
        Column("ready_on", Date),
        Column("availability", Text),
        Column("available_on", Date),
        Column("availability_until", Date),
        Column("tenures", ARRAY(Text)),
        Column("owner_kind", Text),
        Column("area_m2", Double),
        Column("area_method", Text),
        Column("area_declared_m2", Double),
        Column("net_area_m2", Double),
        Column("minimum_lot_m2", Double),
        Column("is_subdividable", Boolean),
        Column("height_max_m", Double),
        Column("height_basis", Text),
        Column("dwelling_distance_m", Double),
        Column("environment_class", Text),
        Column("has_rail_siding", Boolean),
        Column("slope_percent", Double),
        Column("ground_kind", Text),
        Column("flood_class", Text),
        Column("sales_contact_id", BigInteger),
        Column("steward_contact_id", BigInteger),
        Column("source", Text),
        Column("source_url", Text),
        Column("confirmed_on", Date),
        Column("is_synthetic", Boolean, nullable=False, server_default=text("false")),
        Column("valid_from", Date, nullable=False, server_default=func.current_date()),
        Column("valid_to", Date),
        geometry("MULTIPOLYGON"),
        geometry("POINT", "location", nullable=False),
        Column("row_version", Integer, nullable=False, server_default=text("1")),
        Column(
            "recorded_at",
            DateTime(timezone=True),
            nullable=False,
            server_default=text("landbank.change_time()"),
        ),
    ]


LABEL_INPUTS = [
    "planning_state",
    "readiness",
    "availability",
    "availability_until",
    "ready_on",
    "available_on",
]

plot = Table(
    "plot",
    metadata,
    Column("id", BigInteger, Identity(always=False), primary_key=True),
    *plot_columns(),
    # That municipality_code is a known one is asked once a statement; see migrations/sql/0004_bulk_load.sql.
    ForeignKeyConstraint(["area_id"], [area.c.id]),
    ForeignKeyConstraint(["plan_id"], [plan.c.id]),
    ForeignKeyConstraint(["sales_contact_id"], [contact.c.id]),
    ForeignKeyConstraint(["steward_contact_id"], [contact.c.id]),
    Column("geometry_tile", Geometry("GEOMETRY", srid=3857, spatial_index=False)),
    Column("location_tile", Geometry("POINT", srid=3857, spatial_index=False)),
    Column("morton", BigInteger),
    one_of("planning_state", codes.PlanningState),
    one_of("readiness", codes.Readiness),
    one_of("availability", codes.Availability),
    one_of("area_method", codes.AreaMethod),
    one_of("owner_kind", codes.OwnerKind),
    one_of("height_basis", codes.HeightBasis),
    one_of("environment_class", codes.EnvironmentClass),
    one_of("ground_kind", codes.GroundKind),
    one_of("flood_class", codes.FloodClass),
    CheckConstraint("slope_percent >= 0 AND slope_percent <= 100", name="slope_percent"),
    CheckConstraint("area_m2 > 0", name="area_m2"),
    CheckConstraint("area_declared_m2 > 0", name="area_declared_m2"),
    CheckConstraint("valid_to >= valid_from", name="valid_to"),
    Index("ix_plot_geometry_tile", "geometry_tile", postgresql_using="gist"),
    # Holds all that a cluster of plots is made of, so that a tile of many plots never reads the plots themselves.
    Index(
        "ix_plot_morton",
        "morton",
        postgresql_include=["id", "area_m2", "valid_to", "plan_id", *LABEL_INPUTS],
    ),
    Index(
        "ix_plot_availability_until_term",
        "availability_until",
        postgresql_where=text("availability IN ('reserverad', 'markanvisad') AND valid_to IS NULL"),
    ),
    Index(
        "uq_plot_municipality_code_reference_current",
        "municipality_code",
        "reference",
        unique=True,
        postgresql_where=text("valid_to IS NULL"),
    ),
)
plot_version = Table(
    "plot_version",
    metadata,
    Column("plot_id", BigInteger, primary_key=True),
    *[column for column in plot_columns() if column.name != "row_version"],
    Column("row_version", Integer, primary_key=True),
    Column("superseded_at", DateTime(timezone=True), nullable=False),
    # Copied along, so that a tile of the past reprojects no plot either.
    Column("geometry_tile", Geometry("GEOMETRY", srid=3857, spatial_index=False)),
    Column("location_tile", Geometry("POINT", srid=3857, spatial_index=False)),
    Column("morton", BigInteger),
    Index("ix_plot_version_superseded_at", "superseded_at", "recorded_at"),
)

plot_lineage = Table(
    "plot_lineage",
    metadata,
    Column("predecessor_id", BigInteger, ForeignKey(f"{SCHEMA}.plot.id"), primary_key=True),
    Column("successor_id", BigInteger, ForeignKey(f"{SCHEMA}.plot.id"), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("occurred_on", Date, nullable=False),
    CheckConstraint("reason IN ('split', 'merge', 'redraw')", name="reason"),
    CheckConstraint("predecessor_id <> successor_id", name="self"),
    Index("ix_plot_lineage_successor_id", "successor_id"),
)

plot_use = fact_of_plot(
    "plot_use",
    Column("code", Text, nullable=False),
    Column("precision_text", Text),
    Column("is_excluded", Boolean, nullable=False, server_default=text("false")),
    Column("degree", Double),
    Column("degree_code", Text),
    Column("degree_bound", Text),
    one_of("degree_bound", codes.DegreeBound),
    CheckConstraint("(degree IS NULL) = (degree_code IS NULL)", name="degree_names_its_denominator"),
)

restriction = fact_of_plot(
    "restriction",
    Column("kind", Text, nullable=False),
    Column("description", Text),
    Column("is_blocking", Boolean, nullable=False, server_default=text("false")),
    Column("owner", Text),
    Column("due_on", Date),
    Column("resolved_on", Date),
    Column("evidence_url", Text),
    one_of("kind", codes.RestrictionKind),
    CheckConstraint("evidence_url ~ '^https?://[^[:space:]]+$'", name="evidence_url"),
)

utility = fact_of_plot(
    "utility",
    Column("kind", Text, nullable=False),
    Column("is_at_boundary", Boolean),
    Column("capacity", Double),
    Column("capacity_unit", Text),
    Column("available_on", Date),
    Column("is_firm", Boolean),
    Column("operator", Text),
    one_of("kind", codes.UtilityKind),
    CheckConstraint("(capacity IS NULL) = (capacity_unit IS NULL)", name="capacity_has_unit"),
    CheckConstraint("capacity >= 0", name="capacity"),
)

access = fact_of_plot(
    "access",
    Column("kind", Text, nullable=False),
    Column("infrastructure_id", BigInteger, ForeignKey(f"{SCHEMA}.infrastructure.id")),
    Column("distance_m", Double),
    Column("minutes", Double),
    Column("method", Text, nullable=False),
    one_of("kind", codes.AccessKind),
    one_of("method", codes.AccessMethod),
    CheckConstraint("distance_m IS NOT NULL OR minutes IS NOT NULL", name="has_value"),
)

price = fact_of_plot(
    "price",
    Column("tenure", Text, nullable=False),
    Column("price_sek_per_m2", Double, nullable=False),
    Column("price_max_sek_per_m2", Double),
    Column("basis", Text, nullable=False),
    Column("is_yearly", Boolean, nullable=False, server_default=text("false")),
    Column("includes_connection_fees", Boolean),
    Column("decided_on", Date),
    one_of("tenure", codes.Tenure),
    one_of("basis", codes.PriceBasis),
    CheckConstraint("price_sek_per_m2 >= 0", name="price_sek_per_m2"),
    CheckConstraint("price_max_sek_per_m2 >= price_sek_per_m2", name="price_max_sek_per_m2"),
)

value_source = fact_of_plot(
    "value_source",
    Column("field", Text, nullable=False),
    Column("method", Text),
    Column("note", Text),
)

infrastructure = Table(
    "infrastructure",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("accuracy_m", SmallInteger),
    geometry("POINT", "location", nullable=False),
    on_tiles("POINT", "location"),
    one_of("kind", codes.AccessKind),
    Index("uq_infrastructure_kind_name", "kind", "name", unique=True),
    Index("ix_infrastructure_location_tile", "location_tile", postgresql_using="gist"),
)

FACT_TABLES: tuple[Table, ...] = (plot_use, restriction, utility, access, price, value_source)
