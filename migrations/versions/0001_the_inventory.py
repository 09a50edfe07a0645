"""the inventory."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

from landbank.store.migrate import run_statements

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

FACTS = ("plot_use", "restriction", "utility", "access", "price", "value_source")


def upgrade() -> None:
    """Apply."""
    run_statements(op.get_bind(), "0001_morton24.sql")
    op.create_table(
        "event",
        sa.Column("revision", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("noun", sa.Text(), nullable=False),
        sa.Column("noun_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("municipality_code", sa.Text(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("changes", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.CheckConstraint("kind IN ('created', 'changed', 'ended', 'replaced')", name=op.f("ck_event_kind")),
        sa.PrimaryKeyConstraint("revision", name=op.f("pk_event")),
        schema="landbank",
    )
    op.create_index(
        "ix_event_noun_noun_id_revision",
        "event",
        ["noun", "noun_id", "revision"],
        unique=False,
        schema="landbank",
    )
    op.create_geospatial_table(
        "infrastructure",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("accuracy_m", sa.SmallInteger(), nullable=True),
        sa.Column(
            "location",
            Geometry(
                geometry_type="POINT",
                srid=3006,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column(
            "location_tile",
            Geometry(
                geometry_type="POINT",
                srid=3857,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            sa.Computed("public.st_transform(location, 3857)", persisted=True),
            nullable=True,
        ),
        sa.CheckConstraint(
            "kind IN ('motorway_junction', 'rail_terminal', 'port', 'airport')",
            name=op.f("ck_infrastructure_kind"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_infrastructure")),
        schema="landbank",
    )
    op.create_geospatial_index(
        "ix_infrastructure_location_tile",
        "infrastructure",
        ["location_tile"],
        unique=False,
        schema="landbank",
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_index(
        "uq_infrastructure_kind_name", "infrastructure", ["kind", "name"], unique=True, schema="landbank"
    )
    op.create_table(
        "inventory",
        sa.Column("singleton", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("revision", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("singleton", name=op.f("ck_inventory_singleton")),
        sa.PrimaryKeyConstraint("singleton", name=op.f("pk_inventory")),
        schema="landbank",
    )
    op.create_geospatial_table(
        "municipality",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("county", sa.Text(), nullable=True),
        sa.Column("organisation_number", sa.Text(), nullable=True),
        sa.Column("website_url", sa.Text(), nullable=True),
        sa.Column(
            "geometry",
            Geometry(
                geometry_type="MULTIPOLYGON",
                srid=3006,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.Column("geometry_source", sa.Text(), nullable=True),
        sa.Column(
            "geometry_tile",
            Geometry(
                geometry_type="MULTIPOLYGON",
                srid=3857,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            sa.Computed("public.st_transform(geometry, 3857)", persisted=True),
            nullable=True,
        ),
        sa.CheckConstraint("code ~ '^[0-9]{4}$'", name=op.f("ck_municipality_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_municipality")),
        sa.UniqueConstraint("name", name=op.f("uq_municipality_name")),
        schema="landbank",
    )
    op.create_geospatial_index(
        "ix_municipality_geometry",
        "municipality",
        ["geometry"],
        unique=False,
        schema="landbank",
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_geospatial_table(
        "plot_version",
        sa.Column("plot_id", sa.BigInteger(), nullable=False),
        sa.Column("municipality_code", sa.Text(), nullable=False),
        sa.Column("area_id", sa.BigInteger(), nullable=True),
        sa.Column("plan_id", sa.BigInteger(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("property_designations", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("dataset", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("planning_state", sa.Text(), nullable=True),
        sa.Column("readiness", sa.Text(), nullable=True),
        sa.Column("ready_on", sa.Date(), nullable=True),
        sa.Column("availability", sa.Text(), nullable=True),
        sa.Column("available_on", sa.Date(), nullable=True),
        sa.Column("availability_until", sa.Date(), nullable=True),
        sa.Column("tenures", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("owner_kind", sa.Text(), nullable=True),
        sa.Column("area_m2", sa.Double(), nullable=True),
        sa.Column("area_method", sa.Text(), nullable=True),
        sa.Column("area_declared_m2", sa.Double(), nullable=True),
        sa.Column("net_area_m2", sa.Double(), nullable=True),
        sa.Column("minimum_lot_m2", sa.Double(), nullable=True),
        sa.Column("is_subdividable", sa.Boolean(), nullable=True),
        sa.Column("height_max_m", sa.Double(), nullable=True),
        sa.Column("height_basis", sa.Text(), nullable=True),
        sa.Column("dwelling_distance_m", sa.Double(), nullable=True),
        sa.Column("sales_contact_id", sa.BigInteger(), nullable=True),
        sa.Column("steward_contact_id", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("source_url", sa.Text(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("is_synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("valid_from", sa.Date(), server_default=sa.text("CURRENT_DATE"), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column(
            "geometry",
            Geometry(
                geometry_type="MULTIPOLYGON",
                srid=3006,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.Column(
            "location",
            Geometry(
                geometry_type="POINT",
                srid=3006,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("landbank.change_time()"),
            nullable=False,
        ),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("plot_id", "row_version", name=op.f("pk_plot_version")),
        schema="landbank",
    )
    op.create_geospatial_table(
        "area",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("municipality_code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column(
            "geometry",
            Geometry(
                geometry_type="MULTIPOLYGON",
                srid=3006,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.Column(
            "geometry_tile",
            Geometry(
                geometry_type="MULTIPOLYGON",
                srid=3857,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            sa.Computed("public.st_transform(geometry, 3857)", persisted=True),
            nullable=True,
        ),
        sa.Column("is_synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["landbank.municipality.code"], name=op.f("fk_area_municipality_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area")),
        schema="landbank",
    )
    op.create_geospatial_index(
        "ix_area_geometry",
        "area",
        ["geometry"],
        unique=False,
        schema="landbank",
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_geospatial_index(
        "ix_area_geometry_tile",
        "area",
        ["geometry_tile"],
        unique=False,
        schema="landbank",
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_index(
        "uq_area_municipality_code_name",
        "area",
        ["municipality_code", "name"],
        unique=True,
        schema="landbank",
    )
    op.create_table(
        "contact",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("municipality_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("is_synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("kind IN ('sales', 'steward')", name=op.f("ck_contact_kind")),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["landbank.municipality.code"], name=op.f("fk_contact_municipality_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        schema="landbank",
    )
    op.create_index(
        "uq_contact_municipality_code_kind_title",
        "contact",
        ["municipality_code", "kind", "title"],
        unique=True,
        schema="landbank",
    )
    op.create_geospatial_table(
        "plan",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("municipality_code", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), server_default=sa.text("'detaljplan'"), nullable=False),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("adopted_on", sa.Date(), nullable=True),
        sa.Column("legal_force_on", sa.Date(), nullable=True),
        sa.Column("implementation_starts_on", sa.Date(), nullable=True),
        sa.Column("implementation_ends_on", sa.Date(), nullable=True),
        sa.Column("ngp_id", sa.UUID(), nullable=True),
        sa.Column("document_url", sa.Text(), nullable=True),
        sa.Column(
            "geometry",
            Geometry(
                geometry_type="MULTIPOLYGON",
                srid=3006,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.Column(
            "geometry_tile",
            Geometry(
                geometry_type="MULTIPOLYGON",
                srid=3857,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            sa.Computed("public.st_transform(geometry, 3857)", persisted=True),
            nullable=True,
        ),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("is_synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('detaljplan', 'stadsplan', 'byggnadsplan', 'avstyckningsplan')",
            name=op.f("ck_plan_kind"),
        ),
        sa.CheckConstraint(
            "state IN ('oplanerad', 'op', 'planbesked', 'paborjad', 'samrad', 'granskning', 'antagen', 'overklagad', 'tillsyn', 'laga_kraft', 'upphavd', 'avslutad')",
            name=op.f("ck_plan_state"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["landbank.municipality.code"], name=op.f("fk_plan_municipality_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        schema="landbank",
    )
    op.create_geospatial_index(
        "ix_plan_geometry",
        "plan",
        ["geometry"],
        unique=False,
        schema="landbank",
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_geospatial_index(
        "ix_plan_geometry_tile",
        "plan",
        ["geometry_tile"],
        unique=False,
        schema="landbank",
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_index(
        "uq_plan_municipality_code_reference",
        "plan",
        ["municipality_code", "reference"],
        unique=True,
        schema="landbank",
    )
    op.create_geospatial_table(
        "plot",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_code", sa.Text(), nullable=False),
        sa.Column("area_id", sa.BigInteger(), nullable=True),
        sa.Column("plan_id", sa.BigInteger(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("property_designations", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("dataset", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("planning_state", sa.Text(), nullable=True),
        sa.Column("readiness", sa.Text(), nullable=True),
        sa.Column("ready_on", sa.Date(), nullable=True),
        sa.Column("availability", sa.Text(), nullable=True),
        sa.Column("available_on", sa.Date(), nullable=True),
        sa.Column("availability_until", sa.Date(), nullable=True),
        sa.Column("tenures", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("owner_kind", sa.Text(), nullable=True),
        sa.Column("area_m2", sa.Double(), nullable=True),
        sa.Column("area_method", sa.Text(), nullable=True),
        sa.Column("area_declared_m2", sa.Double(), nullable=True),
        sa.Column("net_area_m2", sa.Double(), nullable=True),
        sa.Column("minimum_lot_m2", sa.Double(), nullable=True),
        sa.Column("is_subdividable", sa.Boolean(), nullable=True),
        sa.Column("height_max_m", sa.Double(), nullable=True),
        sa.Column("height_basis", sa.Text(), nullable=True),
        sa.Column("dwelling_distance_m", sa.Double(), nullable=True),
        sa.Column("sales_contact_id", sa.BigInteger(), nullable=True),
        sa.Column("steward_contact_id", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("source_url", sa.Text(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("is_synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("valid_from", sa.Date(), server_default=sa.text("CURRENT_DATE"), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column(
            "geometry",
            Geometry(
                geometry_type="MULTIPOLYGON",
                srid=3006,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.Column(
            "location",
            Geometry(
                geometry_type="POINT",
                srid=3006,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column("row_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("landbank.change_time()"),
            nullable=False,
        ),
        sa.Column(
            "geometry_tile",
            Geometry(
                srid=3857, dimension=2, spatial_index=False, from_text="ST_GeomFromEWKT", name="geometry"
            ),
            sa.Computed("public.st_transform(coalesce(geometry, location), 3857)", persisted=True),
            nullable=True,
        ),
        sa.Column(
            "location_tile",
            Geometry(
                geometry_type="POINT",
                srid=3857,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            sa.Computed("public.st_transform(location, 3857)", persisted=True),
            nullable=True,
        ),
        sa.Column(
            "morton",
            sa.BigInteger(),
            sa.Computed("landbank.morton24(public.st_transform(location, 3857))", persisted=True),
            nullable=True,
        ),
        sa.CheckConstraint(
            "area_method IN ('computed', 'declared', 'surveyed')", name=op.f("ck_plot_area_method")
        ),
        sa.CheckConstraint(
            "availability IN ('ej_till_salu', 'kommande', 'ledig', 'intresse', 'reserverad', 'markanvisad', 'avtalad', 'sald', 'atergangen')",
            name=op.f("ck_plot_availability"),
        ),
        sa.CheckConstraint("height_basis IN ('ground', 'zero_plane')", name=op.f("ck_plot_height_basis")),
        sa.CheckConstraint(
            "owner_kind IN ('kommun', 'stat', 'privat', 'bolag')", name=op.f("ck_plot_owner_kind")
        ),
        sa.CheckConstraint(
            "planning_state IN ('oplanerad', 'op', 'planbesked', 'paborjad', 'samrad', 'granskning', 'antagen', 'overklagad', 'tillsyn', 'laga_kraft', 'upphavd', 'avslutad')",
            name=op.f("ck_plot_planning_state"),
        ),
        sa.CheckConstraint(
            "readiness IN ('ramark', 'under_utbyggnad', 'byggklar', 'bebyggd')",
            name=op.f("ck_plot_readiness"),
        ),
        sa.CheckConstraint("area_declared_m2 > 0", name=op.f("ck_plot_area_declared_m2")),
        sa.CheckConstraint("area_m2 > 0", name=op.f("ck_plot_area_m2")),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_plot_valid_to")),
        sa.ForeignKeyConstraint(["area_id"], ["landbank.area.id"], name=op.f("fk_plot_area_id")),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["landbank.municipality.code"], name=op.f("fk_plot_municipality_code")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["landbank.plan.id"], name=op.f("fk_plot_plan_id")),
        sa.ForeignKeyConstraint(
            ["sales_contact_id"], ["landbank.contact.id"], name=op.f("fk_plot_sales_contact_id")
        ),
        sa.ForeignKeyConstraint(
            ["steward_contact_id"], ["landbank.contact.id"], name=op.f("fk_plot_steward_contact_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plot")),
        schema="landbank",
    )
    op.create_geospatial_index(
        "ix_plot_geometry_tile",
        "plot",
        ["geometry_tile"],
        unique=False,
        schema="landbank",
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_index(
        "ix_plot_morton",
        "plot",
        ["morton"],
        unique=False,
        schema="landbank",
        postgresql_include=[
            "id",
            "area_m2",
            "valid_to",
            "plan_id",
            "planning_state",
            "readiness",
            "availability",
            "availability_until",
            "ready_on",
            "available_on",
        ],
    )
    op.create_index(
        "uq_plot_municipality_code_reference_current",
        "plot",
        ["municipality_code", "reference"],
        unique=True,
        schema="landbank",
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    op.create_table(
        "access",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("plot_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("infrastructure_id", sa.BigInteger(), nullable=True),
        sa.Column("distance_m", sa.Double(), nullable=True),
        sa.Column("minutes", sa.Double(), nullable=True),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("landbank.change_time()"),
            nullable=False,
        ),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('motorway_junction', 'rail_terminal', 'port', 'airport')", name=op.f("ck_access_kind")
        ),
        sa.CheckConstraint("method IN ('crow_fly', 'network', 'declared')", name=op.f("ck_access_method")),
        sa.CheckConstraint("distance_m IS NOT NULL OR minutes IS NOT NULL", name=op.f("ck_access_has_value")),
        sa.ForeignKeyConstraint(
            ["infrastructure_id"], ["landbank.infrastructure.id"], name=op.f("fk_access_infrastructure_id")
        ),
        sa.ForeignKeyConstraint(["plot_id"], ["landbank.plot.id"], name=op.f("fk_access_plot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access")),
        schema="landbank",
    )
    op.create_index(
        "ix_access_plot_id_current",
        "access",
        ["plot_id"],
        unique=False,
        schema="landbank",
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.create_table(
        "plot_lineage",
        sa.Column("predecessor_id", sa.BigInteger(), nullable=False),
        sa.Column("successor_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.CheckConstraint("reason IN ('split', 'merge', 'redraw')", name=op.f("ck_plot_lineage_reason")),
        sa.CheckConstraint("predecessor_id <> successor_id", name=op.f("ck_plot_lineage_self")),
        sa.ForeignKeyConstraint(
            ["predecessor_id"], ["landbank.plot.id"], name=op.f("fk_plot_lineage_predecessor_id")
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["landbank.plot.id"], name=op.f("fk_plot_lineage_successor_id")
        ),
        sa.PrimaryKeyConstraint("predecessor_id", "successor_id", name=op.f("pk_plot_lineage")),
        schema="landbank",
    )
    op.create_index(
        "ix_plot_lineage_successor_id", "plot_lineage", ["successor_id"], unique=False, schema="landbank"
    )
    op.create_table(
        "plot_use",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("plot_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("precision_text", sa.Text(), nullable=True),
        sa.Column("is_excluded", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("degree", sa.Double(), nullable=True),
        sa.Column("degree_code", sa.Text(), nullable=True),
        sa.Column("degree_bound", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("landbank.change_time()"),
            nullable=False,
        ),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("degree_bound IN ('max', 'min', 'exact')", name=op.f("ck_plot_use_degree_bound")),
        sa.CheckConstraint(
            "(degree IS NULL) = (degree_code IS NULL)", name=op.f("ck_plot_use_degree_names_its_denominator")
        ),
        sa.ForeignKeyConstraint(["plot_id"], ["landbank.plot.id"], name=op.f("fk_plot_use_plot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plot_use")),
        schema="landbank",
    )
    op.create_index(
        "ix_plot_use_plot_id_current",
        "plot_use",
        ["plot_id"],
        unique=False,
        schema="landbank",
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.create_table(
        "price",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("plot_id", sa.BigInteger(), nullable=False),
        sa.Column("tenure", sa.Text(), nullable=False),
        sa.Column("price_sek_per_m2", sa.Double(), nullable=False),
        sa.Column("price_max_sek_per_m2", sa.Double(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("is_yearly", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("includes_connection_fees", sa.Boolean(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("landbank.change_time()"),
            nullable=False,
        ),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "basis IN ('tomtarea', 'bruttoarea', 'byggnadsarea')", name=op.f("ck_price_basis")
        ),
        sa.CheckConstraint(
            "tenure IN ('forsaljning', 'tomtratt', 'anlaggningsarrende', 'lagenhetsarrende')",
            name=op.f("ck_price_tenure"),
        ),
        sa.CheckConstraint(
            "price_max_sek_per_m2 >= price_sek_per_m2", name=op.f("ck_price_price_max_sek_per_m2")
        ),
        sa.CheckConstraint("price_sek_per_m2 >= 0", name=op.f("ck_price_price_sek_per_m2")),
        sa.ForeignKeyConstraint(["plot_id"], ["landbank.plot.id"], name=op.f("fk_price_plot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price")),
        schema="landbank",
    )
    op.create_index(
        "ix_price_plot_id_current",
        "price",
        ["plot_id"],
        unique=False,
        schema="landbank",
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.create_table(
        "restriction",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("plot_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("is_blocking", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("resolved_on", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("landbank.change_time()"),
            nullable=False,
        ),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('fororening', 'arkeologi', 'vatten', 'oversvamning', 'strandskydd', 'natur', 'ledning', 'tillfart', 'buller', 'risk', 'omplanering', 'rattsprocess', 'bolagsreserv', 'geoteknik')",
            name=op.f("ck_restriction_kind"),
        ),
        sa.ForeignKeyConstraint(["plot_id"], ["landbank.plot.id"], name=op.f("fk_restriction_plot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restriction")),
        schema="landbank",
    )
    op.create_index(
        "ix_restriction_plot_id_current",
        "restriction",
        ["plot_id"],
        unique=False,
        schema="landbank",
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.create_table(
        "utility",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("plot_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("is_at_boundary", sa.Boolean(), nullable=True),
        sa.Column("capacity", sa.Double(), nullable=True),
        sa.Column("capacity_unit", sa.Text(), nullable=True),
        sa.Column("available_on", sa.Date(), nullable=True),
        sa.Column("is_firm", sa.Boolean(), nullable=True),
        sa.Column("operator", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("landbank.change_time()"),
            nullable=False,
        ),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('el', 'fjarrvarme', 'fjarrkyla', 'fiber', 'vatten', 'spillvatten', 'dagvatten', 'gas', 'vatgas')",
            name=op.f("ck_utility_kind"),
        ),
        sa.CheckConstraint(
            "(capacity IS NULL) = (capacity_unit IS NULL)", name=op.f("ck_utility_capacity_has_unit")
        ),
        sa.CheckConstraint("capacity >= 0", name=op.f("ck_utility_capacity")),
        sa.ForeignKeyConstraint(["plot_id"], ["landbank.plot.id"], name=op.f("fk_utility_plot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_utility")),
        schema="landbank",
    )
    op.create_index(
        "ix_utility_plot_id_current",
        "utility",
        ["plot_id"],
        unique=False,
        schema="landbank",
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.create_table(
        "value_source",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("plot_id", sa.BigInteger(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("landbank.change_time()"),
            nullable=False,
        ),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["plot_id"], ["landbank.plot.id"], name=op.f("fk_value_source_plot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_value_source")),
        schema="landbank",
    )
    op.create_index(
        "ix_value_source_plot_id_current",
        "value_source",
        ["plot_id"],
        unique=False,
        schema="landbank",
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    for table in FACTS:
        op.create_index(
            f"ix_{table}_plot_id_superseded",
            table,
            ["plot_id"],
            unique=False,
            schema="landbank",
            postgresql_where=sa.text("superseded_at IS NOT NULL"),
        )
    op.execute("INSERT INTO landbank.inventory DEFAULT VALUES")


def downgrade() -> None:
    """Take back."""
    for table in FACTS:
        op.drop_index(
            f"ix_{table}_plot_id_superseded",
            table_name=table,
            schema="landbank",
            postgresql_where=sa.text("superseded_at IS NOT NULL"),
        )
    op.drop_index(
        "ix_value_source_plot_id_current",
        table_name="value_source",
        schema="landbank",
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.drop_table("value_source", schema="landbank")
    op.drop_index(
        "ix_utility_plot_id_current",
        table_name="utility",
        schema="landbank",
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.drop_table("utility", schema="landbank")
    op.drop_index(
        "ix_restriction_plot_id_current",
        table_name="restriction",
        schema="landbank",
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.drop_table("restriction", schema="landbank")
    op.drop_index(
        "ix_price_plot_id_current",
        table_name="price",
        schema="landbank",
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.drop_table("price", schema="landbank")
    op.drop_index(
        "ix_plot_use_plot_id_current",
        table_name="plot_use",
        schema="landbank",
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.drop_table("plot_use", schema="landbank")
    op.drop_index("ix_plot_lineage_successor_id", table_name="plot_lineage", schema="landbank")
    op.drop_table("plot_lineage", schema="landbank")
    op.drop_index(
        "ix_access_plot_id_current",
        table_name="access",
        schema="landbank",
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.drop_table("access", schema="landbank")
    op.drop_index(
        "uq_plot_municipality_code_reference_current",
        table_name="plot",
        schema="landbank",
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    op.drop_index(
        "ix_plot_morton",
        table_name="plot",
        schema="landbank",
    )
    op.drop_geospatial_index(
        "ix_plot_geometry_tile",
        table_name="plot",
        schema="landbank",
        postgresql_using="gist",
        column_name="geometry_tile",
    )
    op.drop_geospatial_table("plot", schema="landbank")
    op.drop_index("uq_plan_municipality_code_reference", table_name="plan", schema="landbank")
    op.drop_geospatial_index(
        "ix_plan_geometry_tile",
        table_name="plan",
        schema="landbank",
        postgresql_using="gist",
        column_name="geometry_tile",
    )
    op.drop_geospatial_index(
        "ix_plan_geometry",
        table_name="plan",
        schema="landbank",
        postgresql_using="gist",
        column_name="geometry",
    )
    op.drop_geospatial_table("plan", schema="landbank")
    op.drop_index("uq_contact_municipality_code_kind_title", table_name="contact", schema="landbank")
    op.drop_table("contact", schema="landbank")
    op.drop_index("uq_area_municipality_code_name", table_name="area", schema="landbank")
    op.drop_geospatial_index(
        "ix_area_geometry_tile",
        table_name="area",
        schema="landbank",
        postgresql_using="gist",
        column_name="geometry_tile",
    )
    op.drop_geospatial_index(
        "ix_area_geometry",
        table_name="area",
        schema="landbank",
        postgresql_using="gist",
        column_name="geometry",
    )
    op.drop_geospatial_table("area", schema="landbank")
    op.drop_geospatial_table("plot_version", schema="landbank")
    op.drop_geospatial_index(
        "ix_municipality_geometry",
        table_name="municipality",
        schema="landbank",
        postgresql_using="gist",
        column_name="geometry",
    )
    op.drop_geospatial_table("municipality", schema="landbank")
    op.drop_table("inventory", schema="landbank")
    op.drop_index("uq_infrastructure_kind_name", table_name="infrastructure", schema="landbank")
    op.drop_geospatial_index(
        "ix_infrastructure_location_tile",
        table_name="infrastructure",
        schema="landbank",
        postgresql_using="gist",
        column_name="location_tile",
    )
    op.drop_geospatial_table("infrastructure", schema="landbank")
    op.drop_index("ix_event_noun_noun_id_revision", table_name="event", schema="landbank")
    op.drop_table("event", schema="landbank")
    op.execute("DROP FUNCTION landbank.morton24(public.geometry)")
    op.execute("DROP FUNCTION landbank.change_time()")
