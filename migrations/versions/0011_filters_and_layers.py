"""Filters and reference layers: folded texts, restrictions as a collection, the catalogue of layers, a signing key."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from landbank.store.derived import make_derived
from landbank.store.migrate import run_statements
from landbank.store.policies import protect
from landbank.store.roles import APP_ROLE

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the functions, the view and the tables."""
    has_icu = op.get_bind().scalar(
        sa.text("SELECT EXISTS (SELECT FROM pg_collation WHERE collname = 'und-x-icu')")
    )
    run_statements(op.get_bind(), "0011_filters.sql", collation='COLLATE "und-x-icu"' if has_icu else "")
    create_layer()
    create_signing_key()
    make_derived(op.get_bind())


def create_layer() -> None:
    """The catalogue of reference layers; each change of it is an event, as with other things."""
    op.create_table(
        "layer",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("attribution", sa.Text()),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_layer", sa.Text()),
        sa.Column("source_crs", sa.Text(), nullable=False),
        sa.Column("storage_srid", sa.Integer(), nullable=False),
        sa.Column("geometry_kind", sa.Text(), nullable=False),
        sa.Column("columns", postgresql.JSONB(), nullable=False),
        sa.Column("row_count", sa.BigInteger(), nullable=False),
        sa.Column("west", sa.Double()),
        sa.Column("south", sa.Double()),
        sa.Column("east", sa.Double()),
        sa.Column("north", sa.Double()),
        sa.Column("is_public", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("valid_from", sa.Date(), server_default=sa.func.current_date(), nullable=False),
        sa.Column("valid_to", sa.Date()),
        sa.PrimaryKeyConstraint("id", name="pk_layer"),
        sa.CheckConstraint("name ~ '^[a-z][a-z0-9_-]{0,62}$'", name="name"),
        sa.CheckConstraint("storage_srid IN (3006, 4326)", name="storage_srid"),
        sa.CheckConstraint("valid_to >= valid_from", name="valid_to"),
        schema="landbank",
    )
    op.create_index(
        "uq_layer_name_current",
        "layer",
        ["name"],
        unique=True,
        schema="landbank",
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    op.execute(
        "CREATE TRIGGER nothing_is_deleted BEFORE DELETE OR TRUNCATE ON landbank.layer "
        "FOR EACH STATEMENT EXECUTE FUNCTION landbank.refuse_removal()"
    )
    op.execute(
        "CREATE TRIGGER after_insert AFTER INSERT ON landbank.layer REFERENCING NEW TABLE AS new_rows "
        "FOR EACH STATEMENT EXECUTE FUNCTION landbank.record_insert()"
    )
    op.execute(
        "CREATE TRIGGER after_update AFTER UPDATE ON landbank.layer "
        "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows "
        "FOR EACH STATEMENT EXECUTE FUNCTION landbank.record_update()"
    )
    protect(op.get_bind(), "layer")


def create_signing_key() -> None:
    """The key that links to further pages are signed with: the same for every process over this database."""
    op.create_table(
        "signing_key",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_signing_key"),
        schema="landbank",
    )
    op.execute(
        "INSERT INTO landbank.signing_key (name, key) VALUES ('page_links', "
        "decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'))"
    )
    op.execute(f"REVOKE INSERT, UPDATE ON landbank.signing_key FROM {APP_ROLE}")


def downgrade() -> None:
    """Take them away; the layers' rows go with the catalogue that says what they are."""
    op.execute("DROP SCHEMA IF EXISTS landbank_layers CASCADE")
    op.drop_table("signing_key", schema="landbank")
    op.execute("DROP FUNCTION landbank.layer_difference(landbank.layer, landbank.layer)")
    op.drop_table("layer", schema="landbank")
    op.execute("DROP VIEW landbank.restriction_facts")
    make_derived(op.get_bind())
    op.execute("DROP FUNCTION landbank.meets(public.geometry, public.geometry)")
    op.execute("DROP FUNCTION landbank.fold_accents(text)")
    op.execute("DROP FUNCTION landbank.fold_case(text)")
