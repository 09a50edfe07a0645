"""What a need can ask of the ground: environment class, siding, slope, kind of ground, flood; minutes and networks."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from landbank.store.derived import drop_derived, make_derived
from landbank.store.migrate import run_statements

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

COLUMNS: tuple[tuple[str, sa.types.TypeEngine[Any]], ...] = (
    ("environment_class", sa.Text()),
    ("has_rail_siding", sa.Boolean()),
    ("slope_percent", sa.Double()),
    ("ground_kind", sa.Text()),
    ("flood_class", sa.Text()),
)
CHECKS = {
    "environment_class": "environment_class IN ('U', 'C', 'B', 'A')",
    "ground_kind": "ground_kind IN ('berg', 'moran', 'sand', 'silt', 'lera', 'torv', 'fyllning')",
    "flood_class": "flood_class IN ('utanfor', 'hogsta_flode', 'lagpunkt', 'hundraarsflode')",
    "slope_percent": "slope_percent >= 0 AND slope_percent <= 100",
}


def upgrade() -> None:
    """Add the columns to plots and their versions, and let the flat view tell them."""
    drop_derived(op.get_bind())
    for table in ("plot", "plot_version"):
        for name, kind in COLUMNS:
            op.add_column(table, sa.Column(name, kind, nullable=True), schema="landbank")
    for name, condition in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_plot_{name}"), "plot", condition, schema="landbank")
    run_statements(op.get_bind(), "0010_plot_facts.sql")
    make_derived(op.get_bind())


def downgrade() -> None:
    """Take the columns away; the flat view tells what it told before."""
    drop_derived(op.get_bind())
    op.execute("DROP VIEW landbank.plot_facts")
    for name in CHECKS:
        op.drop_constraint(op.f(f"ck_plot_{name}"), "plot", schema="landbank")
    for table in ("plot", "plot_version"):
        for name, _kind in COLUMNS:
            op.drop_column(table, name, schema="landbank")
    run_statements(op.get_bind(), "0009_access.sql")
    make_derived(op.get_bind())
