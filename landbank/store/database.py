"""The engine, its limits, and the settings of one transaction."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, make_url, text

from landbank.domain.people import Actor, Permission
from landbank.store.roles import APP_ROLE

SCHEMA = "landbank"
"""The schema of all of landbank's tables."""

SESSION: dict[str, str | int] = {
    "idle_in_transaction_session_timeout": 60_000,
    "jit": "off",
    # Taken only by imports; a session can't raise it once it has had a temporary table.
    "temp_buffers": "32MB",
    # A plan for any box would sort what a large one holds and search an index for a small one: each value has its own.
    "plan_cache_mode": "force_custom_plan",
    # A page of a hundred rows is there before a second process has started.
    "parallel_setup_cost": 50_000,
}
"""Settings of every session of the pool."""


def open_engine(url: str, *, pool_size: int = 4, statement_timeout_ms: int = 10_000) -> Engine:
    """An engine on psycopg 3 with a bounded pool, whose connections act as the application's role.

    Waits at most 2 s for a free connection. `url` is a libpq address (`postgresql://...`), its password never shown.
    """
    address = make_url(url).set(drivername="postgresql+psycopg")
    settings = SESSION | {"role": APP_ROLE, "statement_timeout": statement_timeout_ms}
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
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


def begin_preparing(connection: Connection) -> None:
    """Act as the user of the address, for what the application may not do, and take the time that it needs.

    Each statement sees what is committed by then.
    """
    connection.execute(text("SET LOCAL ROLE NONE"))
    for setting in ("statement_timeout", "idle_in_transaction_session_timeout"):
        connection.execute(text(f"SET LOCAL {setting} = 0"))


def begin_change(
    connection: Connection,
    *,
    actor: Actor,
    role: str | None = None,
    municipality_code: str | None = None,
    request_id: str | None = None,
    reason: str | None = None,
    timeout_ms: int | None = None,
    is_bulk: bool = False,
) -> None:
    """Say who changes the inventory and whose rows, and take its lock, so that record times follow the commits.

    A bulk load acts as the user of the address, not as the application: who owns the tables may copy into them.
    """
    if is_bulk:
        connection.execute(text("SET LOCAL ROLE NONE"))
    tell(
        connection,
        actor=actor.id,
        role=role,
        municipality=municipality_code,
        request_id=request_id,
        reason=reason,
        municipalities=_listed(actor.writes_in()),
    )
    if timeout_ms is not None:
        connection.execute(text("SELECT set_config('statement_timeout', :ms, true)"), {"ms": str(timeout_ms)})
    connection.execute(text("SELECT landbank.change_time()"))


def begin_noting(connection: Connection, actor: Actor) -> None:
    """Say who notes something beside the inventory, and for whose municipalities."""
    tell(connection, actor=actor.id, municipalities=_listed(actor.writes_in()))


def begin_among_people(connection: Connection, actor: Actor) -> None:
    """Say who looks after people: oneself, the people of some municipalities, or all of them."""
    kind, _, number = actor.id.partition(":")
    tell(
        connection,
        people=_listed(actor.municipalities(Permission.MANAGE_PEOPLE)),
        person=number if kind == "user" else "",
    )


def tell(connection: Connection, **told: str | None) -> None:
    """Set `landbank.*` for the transaction; None is told as an empty text."""
    asked = ", ".join(f"set_config('landbank.{name}', :{name}, true)" for name in told)
    connection.execute(text(f"SELECT {asked}"), {name: value or "" for name, value in told.items()})


def _listed(codes: frozenset[str] | None) -> str:
    """Municipalities as the policies read them: '*' for all, else a comma list."""
    return "*" if codes is None else ",".join(sorted(codes))


def read_sql(name: str) -> str:
    """The text of a statement in store/sql/."""
    return (Path(__file__).parent / "sql" / name).read_text(encoding="utf-8")
