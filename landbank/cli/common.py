"""What every command shares: settings, the opened landbank, progress on stderr, and how a fault is told."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from landbank.errors import EXIT_CODE, Invalid, LandbankError

if TYPE_CHECKING:
    from rich.console import Console

    from landbank.cluster import Cluster
    from landbank.settings import Settings
    from landbank.wiring import Landbank

AsOf = Annotated[
    str | None,
    typer.Option(
        metavar="DAY",
        help="What the inventory said then: a day (its end), or a moment such as 2026-03-01T12:00+01:00.",
    ),
]
ValidOn = Annotated[
    str | None, typer.Option(metavar="DAY", help="What held on that day; left out, the day of --as-of.")
]
"""The options of every command that reads the inventory at a moment."""

DATABASE = "landbank"
"""Name of the inventory's database in the private cluster."""


def console() -> Console:
    """The console for what a command was asked for: standard output."""
    from rich.console import Console

    return Console(highlight=False)


def progress_console() -> Console:
    """The console for everything on the way there: standard error, so that results can be piped."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def fail(error: LandbankError) -> int:
    """Say on standard error what is wrong, why and what to do; the exit code comes back."""
    from rich.text import Text

    told = Text.assemble((f"{error.title}: ", "bold red"), error.message)
    if error.where and error.where not in error.message:
        told.append(f" ({error.where})")
    screen = progress_console()
    screen.print(told, soft_wrap=True)
    if error.hint:
        screen.print(Text.assemble(("→ ", "bold"), error.hint), soft_wrap=True)
    return next((EXIT_CODE[family] for family in type(error).__mro__ if family in EXIT_CODE), 1)


@contextmanager
def step(told: str, screen: Console | None = None) -> Iterator[None]:
    """Show that something is going on; what took over a second leaves a line with its time."""
    screen = screen or progress_console()
    began = time.monotonic()
    if not screen.is_terminal:
        screen.print(f"{told} …", soft_wrap=True, markup=False)
        yield
        return
    with screen.status(f"{told} …"):
        yield
    seconds = time.monotonic() - began
    if seconds >= 1:
        screen.print(f"✓ {told} ({seconds:.1f} s)", soft_wrap=True, markup=False)


@contextmanager
def working(told: str, *, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """Show how far a long piece of work is; call what comes back with the number of rows just done."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=progress_console(), transient=True) as bar:
        task = bar.add_task(told, total=total)

        def advance(count: int) -> None:
            bar.advance(task, count)

        yield advance


def read_settings() -> Settings:
    """The settings of this process.

    Raises
    ------
    Invalid
        An environment variable holds what can't be; its name is told, never its value.
    """
    from pydantic import ValidationError

    from landbank.settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = "LANDBANK_" + str(first["loc"][0]).upper() if first["loc"] else "LANDBANK_*"
        raise Invalid(
            f"The setting {name} can't be used: {first['msg'].lower()}.",
            hint="docs/operations/settings.md lists all settings.",
            where=name,
        ) from error


def private_cluster(settings: Settings) -> Cluster:
    """The private cluster of these settings, with the PostgreSQL that fits its files; not started.

    Raises
    ------
    Unavailable
        PostgreSQL or PostGIS is not installed, or too old.
    """
    from landbank.cluster import Cluster, find_binaries, read_major

    folder = settings.home / "cluster"
    return Cluster(folder, find_binaries(settings.pg_bin, major=read_major(folder)))


@contextmanager
def database(settings: Settings, screen: Console | None = None) -> Iterator[str]:
    """The address of the inventory's database, its server running meanwhile.

    With a database address in the settings that server is asked whether it answers, and none is started.

    Raises
    ------
    Unavailable
        The server can't be started or does not answer.
    """
    if settings.database_url is not None:
        from landbank.cluster import refuse_silent_server

        url = settings.database_url.get_secret_value()
        refuse_silent_server(url)
        yield url
        return
    cluster = private_cluster(settings)
    told = "Starting the database" if cluster.is_created else "Creating a database cluster"
    try:
        with step(told, screen):
            cluster.start()
            url = cluster.ensure_database(DATABASE)
        yield url
    finally:
        cluster.stop()


@contextmanager
def open_from_environment(
    settings: Settings | None = None, screen: Console | None = None, *, migrating: bool = False
) -> Iterator[Landbank]:
    """The landbank that the environment names, at this code's schema; closed at the end.

    The private cluster is brought to the schema when need be; a server of one's own only when `migrating`. With the
    schema come the municipalities and the infrastructure, which imports refer to.

    Raises
    ------
    Unavailable
        The database does not answer, or a server of one's own has another schema.
    Conflict
        The database's schema is newer than this code.
    """
    from landbank.wiring import open_landbank

    settings = settings or read_settings()
    with database(settings, screen) as url:
        landbank = open_landbank(settings, url)
        try:
            if migrating or settings.database_url is None:
                with step("Checking the database's schema", screen):
                    landbank.migrate()
                    fill_reference(landbank)
            else:
                landbank.refuse_other_schema()
            yield landbank
        finally:
            landbank.close()


def fill_reference(landbank: Landbank) -> None:
    """Load the municipalities and the infrastructure into an inventory that knows no municipality yet."""
    with landbank.reading() as store:
        if store.standing.municipalities():
            return
    from landbank.services.load_demo import load_reference

    with landbank.changing(actor="landbank", reason="municipalities and infrastructure") as store:
        load_reference(store)
