"""People, what they prove themselves by, and who may write which rows."""

from __future__ import annotations

from alembic import op

from landbank.store.migrate import run_statements
from landbank.store.policies import OF_PLOT, protect, protect_by, unprotect
from landbank.store.roles import APP_ROLE, ensure_app_role

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BY_MUNICIPALITY = ("contact", "area", "plan", "plot", "plot_version")
OF_A_PLOT = ("plot_use", "restriction", "utility", "access", "price", "value_source")
PROTECTED = ("municipality", *BY_MUNICIPALITY, *OF_A_PLOT, "plot_lineage", "infrastructure")
PEOPLE = (
    "security_event", "sign_in_attempt", "api_key", "session", "role_grant", "setup_link", "recovery_code", "totp",
    "password", "identity", "person",
)  # fmt: skip
FUNCTIONS = (
    "manages_person(bigint)", "is_self(bigint)", "manages(text)", "manages_some()", "manages_all()", "writes(text)",
    "writes_everywhere()",
)  # fmt: skip


def upgrade() -> None:
    """Add the tables, the application's role with its rights, and the policies."""
    ensure_app_role(op.get_bind())
    run_statements(op.get_bind(), "0005_people.sql")
    run_statements(op.get_bind(), "0005_policies.sql")
    protect(op.get_bind(), "municipality", municipality="code")
    for table in BY_MUNICIPALITY:
        protect(op.get_bind(), table, municipality="municipality_code")
    for table in OF_A_PLOT:
        protect(op.get_bind(), table, plot="plot_id")
    both = " AND ".join(f"({OF_PLOT.format(column=end)})" for end in ("predecessor_id", "successor_id"))
    protect_by(op.get_bind(), "plot_lineage", both)
    protect(op.get_bind(), "infrastructure")
    grant()


def grant() -> None:
    """Give the application's role what it needs, on what stands and on what later migrations add."""
    op.execute(f"GRANT USAGE ON SCHEMA landbank TO {APP_ROLE}")
    for made, rights in (("TABLES", "SELECT, INSERT, UPDATE"), ("SEQUENCES", "USAGE, SELECT, UPDATE")):
        op.execute(f"GRANT {rights} ON ALL {made} IN SCHEMA landbank TO {APP_ROLE}")
        op.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA landbank GRANT {rights} ON {made} TO {APP_ROLE}")
    op.execute(f"REVOKE INSERT, UPDATE ON landbank.schema_version FROM {APP_ROLE}")
    for table in PEOPLE:
        if table != "security_event":
            op.execute(f"GRANT DELETE ON landbank.{table} TO {APP_ROLE}")
    op.execute(f"REVOKE UPDATE ON landbank.security_event FROM {APP_ROLE}")


def downgrade() -> None:
    """Take tables, policies and rights away; the role stays, for another database may use it."""
    for table in PEOPLE:
        op.execute(f"DROP TABLE landbank.{table} CASCADE")
    for table in PROTECTED:
        unprotect(op.get_bind(), table)
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION landbank.{function}")
    for made in ("TABLES", "SEQUENCES"):
        op.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA landbank REVOKE ALL ON {made} FROM {APP_ROLE}")
        op.execute(f"REVOKE ALL ON ALL {made} IN SCHEMA landbank FROM {APP_ROLE}")
    op.execute(f"REVOKE USAGE ON SCHEMA landbank FROM {APP_ROLE}")
