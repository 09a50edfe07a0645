"""History by trigger: one event per accepted change, earlier versions kept, nothing deleted."""

from __future__ import annotations

from alembic import op

from landbank.store.migrate import run_statements

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

PLOT_ATTRIBUTES = (
    "municipality_code", "area_id", "plan_id", "reference", "name", "property_designations", "dataset",
    "description", "planning_state", "readiness", "ready_on", "availability", "available_on",
    "availability_until", "tenures", "owner_kind", "area_m2", "area_method", "area_declared_m2", "net_area_m2",
    "minimum_lot_m2", "is_subdividable", "height_max_m", "height_basis", "dwelling_distance_m",
    "sales_contact_id", "steward_contact_id", "source", "source_url", "confirmed_on", "is_synthetic",
    "valid_from", "valid_to",
)  # fmt: skip
PLOT_COLUMNS = (*PLOT_ATTRIBUTES, "geometry", "location", "row_version", "recorded_at")
FACTS = ("plot_use", "restriction", "utility", "access", "price", "value_source")
OTHERS = ("municipality", "contact", "area", "plan", "infrastructure")
KEPT = ("plot", "plot_version", "plot_lineage", "event", "inventory", *FACTS, *OTHERS)
FUNCTIONS = (
    "fact_after_change()", "fact_before_update()", "plot_after_update()", "plot_difference(landbank.plot, landbank.plot)",
    "plot_event_kind(landbank.plot, landbank.plot)", "merge_changes(jsonb, jsonb)",
    "plot_after_insert()", "plot_before_update()", "record_update()", "record_insert()",
    "difference(jsonb, jsonb)", "advance(bigint, text, text[])", "told(text)", "refuse_removal()",
)  # fmt: skip


def upgrade() -> None:
    """Add the functions and triggers."""
    run_statements(
        op.get_bind(),
        "0002_history.sql",
        columns=", ".join(PLOT_COLUMNS),
        old_columns=", ".join(f"o.{column}" for column in PLOT_COLUMNS),
        old_attributes=", ".join(f"o.{column}" for column in PLOT_ATTRIBUTES),
        new_attributes=", ".join(f"n.{column}" for column in PLOT_ATTRIBUTES),
    )
    for table in KEPT:
        op.execute(
            f"CREATE TRIGGER nothing_is_deleted BEFORE DELETE OR TRUNCATE ON landbank.{table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION landbank.refuse_removal()"
        )
    op.execute(
        "CREATE TRIGGER before_update BEFORE UPDATE ON landbank.plot "
        "FOR EACH ROW EXECUTE FUNCTION landbank.plot_before_update()"
    )
    after("plot", "INSERT", "plot_after_insert")
    after("plot", "UPDATE", "plot_after_update")
    for table in FACTS:
        op.execute(
            f"CREATE TRIGGER before_update BEFORE UPDATE ON landbank.{table} "
            "FOR EACH ROW EXECUTE FUNCTION landbank.fact_before_update()"
        )
        after(table, "INSERT", "fact_after_change")
        after(table, "UPDATE", "fact_after_change")
    for table in OTHERS:
        after(table, "INSERT", "record_insert")
        after(table, "UPDATE", "record_update")


def after(table: str, operation: str, function: str) -> None:
    """A statement trigger that sees the changed rows."""
    seen = "NEW TABLE AS new_rows" if operation == "INSERT" else "OLD TABLE AS old_rows NEW TABLE AS new_rows"
    op.execute(
        f"CREATE TRIGGER after_{operation.lower()} AFTER {operation} ON landbank.{table} "
        f"REFERENCING {seen} FOR EACH STATEMENT EXECUTE FUNCTION landbank.{function}()"
    )


def downgrade() -> None:
    """Take the triggers and functions away; the events stay."""
    for table in KEPT:
        op.execute(f"DROP TRIGGER nothing_is_deleted ON landbank.{table}")
    for table in ("plot", *FACTS):
        op.execute(f"DROP TRIGGER before_update ON landbank.{table}")
    for table in ("plot", *FACTS, *OTHERS):
        op.execute(f"DROP TRIGGER after_insert ON landbank.{table}")
        op.execute(f"DROP TRIGGER after_update ON landbank.{table}")
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION landbank.{function}")
