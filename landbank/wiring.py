"""The composition root: opens the store and hands it to the services; a transaction a request or command."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import NullPool

from landbank.codelists.lifecycle import read_lifecycles
from landbank.domain.lifecycle import Lifecycles
from landbank.domain.moment import Asked
from landbank.domain.people import SYSTEM, WRITES, Actor, Permission, demand
from landbank.errors import Forbidden, Unavailable
from landbank.services.check_fit import Fitting, HeldFits
from landbank.services.match_need import HeldColumns
from landbank.services.offer_assemblies import HeldNeighbours
from landbank.settings import Settings
from landbank.store.database import (
    begin_among_people,
    begin_change,
    begin_noting,
    begin_preparing,
    begin_reading,
    open_engine,
)
from landbank.store.extension import ensure_postgis
from landbank.store.past import resolve
from landbank.store.people_unit import People
from landbank.store.roles import ensure_app_role, refuse_missing_role
from landbank.store.schema_revision import current_revision, head_revision
from landbank.store.tile_snapshot import TileSnapshot, open_snapshot
from landbank.store.tiles import Tiles
from landbank.store.unit import Store

if TYPE_CHECKING:
    from landbank.services.door import Door


@dataclass(frozen=True, slots=True)
class Landbank:
    """An opened landbank: its settings, the engine to its database, and the rules of what may become of plots."""

    settings: Settings
    engine: Engine
    columns: HeldColumns = field(default_factory=HeldColumns)
    fits: HeldFits = field(default_factory=HeldFits)
    neighbours: HeldNeighbours = field(default_factory=HeldNeighbours)
    lifecycles: Lifecycles = field(default_factory=read_lifecycles)

    @contextmanager
    def reading(self, asked: Asked | None = None) -> Iterator[Store]:
        """One read-only transaction that sees one state of the inventory: that of now, or of a moment asked for.

        Raises
        ------
        Invalid
            The moment lies in the future.
        Unavailable
            The database does not answer, or no connection came free within two seconds.
        """
        with told_plainly(), self.engine.connect() as connection, connection.begin():
            begin_reading(connection)
            yield Store(connection, None if asked is None else resolve(connection, asked))

    def fitting(self, store: Store) -> Fitting:
        """What judges whether buildings fit, within a transaction; of an earlier moment there are no outlines."""
        return Fitting(store.plot_shapes if store.moment is None else None, self.fits)

    @contextmanager
    def changing(
        self,
        *,
        actor: Actor | str,
        role: str | None = None,
        municipality_code: str | None = None,
        request_id: str | None = None,
        reason: str | None = None,
        timeout_ms: int | None = None,
        is_bulk: bool = False,
    ) -> Iterator[Store]:
        """One transaction that may change the inventory; commits at the end, or nothing of it holds.

        `actor` is who changes it, or the name of a command or job, which acts for landbank itself. The database
        lets through the rows of the municipalities that the actor may write, whatever the code above asks for.
        `role` is told in the events; left out it is the actor's in the municipality. A command's bulk load
        (`is_bulk`) acts as the user of the address, who may copy into the tables.

        Raises
        ------
        NotSignedIn, Forbidden
            The actor may write nothing, or not in that municipality; or a row is another municipality's.
        ValueError
            A person or a key would load in bulk.
        """
        if is_bulk and isinstance(actor, Actor):
            raise ValueError(f"{actor.id} acts as the application, never as the tables' owner")
        who = acting(actor)
        if not any(who.may(permission, municipality_code) for permission in WRITES):
            demand(who, Permission.CHANGE_PLOT, municipality_code)
        if role is None and isinstance(actor, Actor):
            role = who.role_in(municipality_code)
        with told_plainly(), self.engine.connect() as connection, connection.begin():
            begin_change(
                connection,
                actor=who,
                role=role,
                municipality_code=municipality_code,
                request_id=request_id,
                reason=reason,
                timeout_ms=timeout_ms,
                is_bulk=is_bulk,
            )
            yield Store(connection)

    @contextmanager
    def preparing(
        self, *, actor: str, reason: str | None = None
    ) -> Iterator[tuple[Store, Callable[[], None]]]:
        """One transaction of a command that makes tables of its own, and what begins its change of the inventory.

        It acts as the user of the address, who owns the tables, and takes the time that it needs; other changes wait
        only from the call of the latter to the end. Commits at the end, or nothing of it holds.
        """
        with told_plainly(), self.engine.connect() as connection, connection.begin():
            begin_preparing(connection)
            begin = partial(begin_change, connection, actor=acting(actor), reason=reason, is_bulk=True)
            yield Store(connection), begin

    @contextmanager
    def people(self, actor: Actor) -> Iterator[People]:
        """One transaction among people, their roles and what they sign in with, as far as the actor may see them.

        Apart from the inventory's: it waits for no change of plots. `SYSTEM` sees all, as the sign-in must.
        """
        with told_plainly(), self.engine.connect() as connection, connection.begin():
            begin_among_people(connection, actor)
            yield People(connection)

    @contextmanager
    def noting(self, actor: Actor) -> Iterator[Store]:
        """One transaction that writes beside the inventory (imports looked at, answers kept): no lock, no event."""
        with told_plainly(), self.engine.connect() as connection, connection.begin():
            begin_noting(connection, actor)
            yield Store(connection)

    @contextmanager
    def upkeep(self, *, timeout_ms: int | None = None) -> Iterator[Store]:
        """One transaction that writes what is derived or sent, never the inventory, so no planner waits for it.

        Commits at the end, or nothing of it holds; an attempt to change the inventory is refused for want of an actor.
        """
        with told_plainly(), self.engine.connect() as connection, connection.begin():
            if timeout_ms is not None:
                bound = {"ms": str(timeout_ms)}
                connection.execute(text("SELECT set_config('statement_timeout', :ms, true)"), bound)
            yield Store(connection)

    @contextmanager
    def rehearsing(self) -> Iterator[Store]:
        """One transaction of which nothing holds: it is taken back at the end, and no other change waits for it."""
        with told_plainly(), self.engine.connect() as connection, connection.begin() as transaction:
            yield Store(connection)
            transaction.rollback()

    @contextmanager
    def trying(self, *, actor: Actor, municipality_code: str | None = None) -> Iterator[Store]:
        """One change of the inventory of which nothing holds, as its actor may make it; others wait meanwhile."""
        with told_plainly(), self.engine.connect() as connection, connection.begin() as transaction:
            begin_change(
                connection,
                actor=actor,
                role=actor.role_in(municipality_code),
                municipality_code=municipality_code,
                reason="tried",
            )
            yield Store(connection)
            transaction.rollback()

    @contextmanager
    def sealing(self) -> Iterator[Store]:
        """One transaction that writes about the history and not into the inventory: no change waits for it."""
        with told_plainly(), self.engine.connect() as connection, connection.begin():
            begin_preparing(connection)
            yield Store(connection)

    def migrate(self) -> None:
        """Bring the database to this code's schema, PostGIS included; as the user of the address, the owner."""
        from landbank.store import migrate

        with told_plainly(), self._own_connection() as connection, connection.begin():
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            ensure_postgis(connection)
            ensure_app_role(connection)
            migrate.upgrade(connection)

    def schema_revision(self) -> str | None:
        """The schema revision of the database, or None where landbank's schema is not there yet."""
        with told_plainly(), self._own_connection() as connection:
            return current_revision(connection)

    def refuse_other_schema(self) -> None:
        """Raise `Unavailable` unless the database answers and has the schema of this code.

        Asks over a connection of its own: a pool with all hands full is no dead database.
        """
        with told_plainly(), self._own_connection() as connection:
            current, known = current_revision(connection), head_revision()
            if current == known:
                refuse_missing_role(connection)
        if current != known:
            raise Unavailable(
                f"The database has schema revision {current}, this landbank needs {known}.",
                hint="Run `landbank migrate`, or start with `landbank up`.",
                where="schema",
            )

    @property
    def _tiles_address(self) -> str:
        """The database's address as the driver takes it."""
        return self.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)

    def tile_snapshot(
        self, *, connections: int, asked: Asked | None = None
    ) -> AbstractContextManager[TileSnapshot]:
        """The tiles of one state, that of now or of a moment asked for, whatever changes meanwhile.

        Raises
        ------
        Invalid
            The moment lies in the future.
        Unavailable
            The database does not answer.
        """
        moment = None
        if asked is not None:
            with self.reading(asked) as store:
                moment = store.moment
        return open_snapshot(self._tiles_address, connections=connections, moment=moment)

    def open_tiles(self) -> Tiles:
        """The tiles of this database, over connections of their own; nothing is connected yet."""
        return Tiles(
            self._tiles_address,
            connections=self.settings.tile_pool_size,
            timeout_ms=self.settings.statement_timeout_ms,
        )

    def close(self) -> None:
        """Give the connections back to the server."""
        self.engine.dispose()

    def _own_connection(self) -> Connection:
        """A connection beside the pool, as the user of the address and not as the application's role."""
        return create_engine(
            self.engine.url, poolclass=NullPool, connect_args={"connect_timeout": 2}
        ).connect()


def open_door(landbank: Landbank) -> Door:
    """How people come into a landbank; the key file is neither read nor made before it is needed."""
    from landbank.identity.hashing import Passwords
    from landbank.identity.sealing import Sealer
    from landbank.services.door import Door

    settings = landbank.settings
    return Door(
        people=landbank.people,
        passwords=Passwords(memory_mb=settings.password_memory_mb),
        sealer=Sealer(settings.secret_file or settings.home / "secret.key"),
        needs_second_factor=settings.second_factor == "required",
    )


def open_landbank(settings: Settings, url: str) -> Landbank:
    """A landbank on the database at `url` (libpq form); nothing is connected yet.

    Raises
    ------
    Invalid
        The file with own rules of the lifecycle can't be used.
    """
    return Landbank(
        settings,
        open_engine(url, pool_size=settings.pool_size, statement_timeout_ms=settings.statement_timeout_ms),
        lifecycles=read_lifecycles(settings.lifecycle),
    )


def acting(actor: Actor | str) -> Actor:
    """The actor; a text names a command or job, which may what landbank itself may.

    Raises
    ------
    ValueError
        The text is the id of a person or a key: those act with their own grants, never with landbank's.
    """
    if isinstance(actor, Actor):
        return actor
    if actor.startswith(("user:", "key:")):
        raise ValueError(f"{actor} acts as an Actor with its own grants")
    return Actor(actor, SYSTEM.grants)


def is_row_refused(error: DBAPIError) -> bool:
    """Whether row-level security refused a row. The server's text may be in any language, its function's name not."""
    return (
        isinstance(error.orig, InsufficientPrivilege)
        and error.orig.diag.source_function == "ExecWithCheckOptions"
    )


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn a database that does not answer into a plain `Unavailable`, and a row that it refuses into `Forbidden`."""
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
        if is_row_refused(error):
            raise Forbidden(
                "This belongs to another municipality, and you may not change it there.",
                hint="Somebody with a role in that municipality can.",
            ) from error
        if isinstance(error.orig, InsufficientPrivilege):
            raise Unavailable(
                f"The database user may not do this: {error.orig.diag.message_primary}.",
                hint="docs/operations/own-postgis.md says which rights landbank needs.",
            ) from error
        if error.connection_invalidated:
            raise Unavailable("The database went away.", hint="Try again in a moment.") from error
        raise
