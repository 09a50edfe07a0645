"""The composition root: opens the store and hands it to the services; a transaction a request or command."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import NullPool

from landbank.errors import Unavailable
from landbank.services.match_need import HeldColumns
from landbank.settings import Settings
from landbank.store.database import begin_change, begin_reading, open_engine
from landbank.store.extension import ensure_postgis
from landbank.store.schema_revision import current_revision, head_revision
from landbank.store.tiles import Tiles
from landbank.store.unit import Store


@dataclass(frozen=True, slots=True)
class Landbank:
    """An opened landbank: its settings and the engine to its database."""

    settings: Settings
    engine: Engine
    columns: HeldColumns = field(default_factory=HeldColumns)

    @contextmanager
    def reading(self) -> Iterator[Store]:
        """One read-only transaction that sees one state of the inventory.

        Raises
        ------
        Unavailable
            The database does not answer, or no connection came free within two seconds.
        """
        with told_plainly(), self.engine.connect() as connection, connection.begin():
            begin_reading(connection)
            yield Store(connection)

    @contextmanager
    def changing(
        self,
        *,
        actor: str,
        role: str | None = None,
        municipality_code: str | None = None,
        request_id: str | None = None,
        reason: str | None = None,
        timeout_ms: int | None = None,
    ) -> Iterator[Store]:
        """One transaction that may change the inventory; commits at the end, or nothing of it holds."""
        with told_plainly(), self.engine.connect() as connection, connection.begin():
            begin_change(
                connection,
                actor=actor,
                role=role,
                municipality_code=municipality_code,
                request_id=request_id,
                reason=reason,
                timeout_ms=timeout_ms,
            )
            yield Store(connection)

    @contextmanager
    def preparing(
        self, *, actor: str, reason: str | None = None
    ) -> Iterator[tuple[Store, Callable[[], None]]]:
        """One transaction for long work on rows that nobody sees yet, and what begins its change of the inventory.

        Other changes wait only from the call of the latter to the end; commits at the end, or nothing of it holds.
        """
        with told_plainly(), self.engine.connect() as connection, connection.begin():
            connection.execute(
                text("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0")
            )
            yield Store(connection), partial(begin_change, connection, actor=actor, reason=reason)

    @contextmanager
    def rehearsing(self) -> Iterator[Store]:
        """One transaction of which nothing holds: it is taken back at the end, and no other change waits for it."""
        with told_plainly(), self.engine.connect() as connection, connection.begin() as transaction:
            yield Store(connection)
            transaction.rollback()

    def migrate(self) -> None:
        """Bring the database to this code's schema, PostGIS included."""
        from landbank.store import migrate

        with told_plainly(), self.engine.connect() as connection, connection.begin():
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            ensure_postgis(connection)
            migrate.upgrade(connection)

    def schema_revision(self) -> str | None:
        """The schema revision of the database, or None where landbank's schema is not there yet."""
        with told_plainly(), self.engine.connect() as connection:
            return current_revision(connection)

    def refuse_other_schema(self) -> None:
        """Raise `Unavailable` unless the database answers and has the schema of this code.

        Asks over a connection of its own: a pool with all hands full is no dead database.
        """
        own = create_engine(self.engine.url, poolclass=NullPool, connect_args={"connect_timeout": 2})
        with told_plainly(), own.connect() as connection:
            current, known = current_revision(connection), head_revision()
        if current != known:
            raise Unavailable(
                f"The database has schema revision {current}, this landbank needs {known}.",
                hint="Run `landbank migrate`, or start with `landbank up`.",
                where="schema",
            )

    def open_tiles(self) -> Tiles:
        """The tiles of this database, over connections of their own; nothing is connected yet."""
        address = self.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        return Tiles(
            address,
            connections=self.settings.tile_pool_size,
            timeout_ms=self.settings.statement_timeout_ms,
        )

    def close(self) -> None:
        """Give the connections back to the server."""
        self.engine.dispose()


def open_landbank(settings: Settings, url: str) -> Landbank:
    """A landbank on the database at `url` (libpq form); nothing is connected yet."""
    return Landbank(
        settings,
        open_engine(url, pool_size=settings.pool_size, statement_timeout_ms=settings.statement_timeout_ms),
    )


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn a database that does not answer into a plain `Unavailable`."""
    try:
        yield
    except PoolTimeout as error:
        raise Unavailable("All database connections are busy.", hint="Try again in a moment.") from error
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) == "57014":
            raise Unavailable(
                "The database took too long to answer.", hint="Ask for less: a smaller area or fewer plots."
            ) from error
        raise Unavailable(
            "The database does not answer.", hint="`landbank doctor` says what is wrong."
        ) from error
    except DBAPIError as error:
        if isinstance(error.orig, InsufficientPrivilege):
            raise Unavailable(
                f"The database user may not do this: {error.orig.diag.message_primary}.",
                hint="docs/operations/own-postgis.md says which rights landbank needs.",
            ) from error
        if error.connection_invalidated:
            raise Unavailable("The database went away.", hint="Try again in a moment.") from error
        raise
