"""The engine, its limits, and the settings of one transaction."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, make_url, text

SCHEMA = "landbank"
"""The schema of all of landbank's tables."""

SESSION: dict[str, str | int] = {
    "idle_in_transaction_session_timeout": 60_000,
    "jit": "off",
    # A plan for any box would sort what a large one holds and search an index for a small one: each value has its own.
    "plan_cache_mode": "force_custom_plan",
    # A page of a hundred rows is there before a second process has started.
    "parallel_setup_cost": 50_000,
}
"""Settings of every session of the pool."""


def open_engine(url: str, *, pool_size: int = 4, statement_timeout_ms: int = 10_000) -> Engine:
    """An engine on psycopg 3 with a bounded pool; waits at most 2 s for a free connection.

    `url` is a libpq address (`postgresql://...`), its password never shown.
    """
    address = make_url(url).set(drivername="postgresql+psycopg")
    options = " ".join(
        f"-c {name}={value}"
        for name, value in (SESSION | {"statement_timeout": statement_timeout_ms}).items()
    )
    return create_engine(
        address,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=2,
        pool_pre_ping=True,
        connect_args={"options": options, "connect_timeout": 5, "application_name": "landbank"},
    )


def begin_reading(connection: Connection) -> None:
    """Make the transaction read-only and let it see one state throughout."""
    connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))


def begin_change(
    connection: Connection,
    *,
    actor: str,
    role: str | None = None,
    municipality_code: str | None = None,
    request_id: str | None = None,
    reason: str | None = None,
    timeout_ms: int | None = None,
) -> None:
    """Say who changes the inventory, and take its lock, so that record times follow the order of commits."""
    told = {
        "landbank.actor": actor,
        "landbank.role": role,
        "landbank.municipality": municipality_code,
        "landbank.request_id": request_id,
        "landbank.reason": reason,
    }
    for name, value in told.items():
        connection.execute(
            text("SELECT set_config(:name, :value, true)"), {"name": name, "value": value or ""}
        )
    if timeout_ms is not None:
        connection.execute(text("SELECT set_config('statement_timeout', :ms, true)"), {"ms": str(timeout_ms)})
    connection.execute(text("SELECT landbank.change_time()"))


def read_sql(name: str) -> str:
    """The text of a statement in store/sql/."""
    return (Path(__file__).parent / "sql" / name).read_text(encoding="utf-8")
