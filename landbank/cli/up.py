"""`landbank up`: from nothing to a working map, and back to nothing on Ctrl-C."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from landbank.cli.common import console, open_from_environment, progress_console, read_settings, step

if TYPE_CHECKING:
    import socket
    from types import FrameType

    from rich.console import Console

    from landbank.errors import LandbankError
    from landbank.wiring import Landbank


def up(
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port to serve on (8000; 0 takes a free one).")
    ] = None,
    host: Annotated[str | None, typer.Option(help="Address to serve on (127.0.0.1).")] = None,
    demo: Annotated[
        bool, typer.Option("--demo/--no-demo", help="Fill an empty inventory with synthetic plots.")
    ] = True,
) -> None:
    """Start the database, the demo inventory and the map, and print the address.

    A private PostgreSQL cluster is kept in LANDBANK_HOME and stopped at the end; with LANDBANK_DATABASE_URL your own
    server is used and none is started. Ctrl-C stops everything.

    Example: `landbank up --port 8080 --no-demo`
    """
    from landbank.cli.sealing import sealing_hourly
    from landbank.cli.serving import Claim, address_of, claim_port

    settings = read_settings()
    screen = progress_console()
    with ExitStack() as stack:
        stack.enter_context(stopping_once())
        if settings.database_url is None:
            claim = Claim(settings.home)
            stack.callback(claim.release)
        listener = stack.enter_context(
            claim_port(host or settings.host, settings.port if port is None else port)
        )
        address = address_of(listener)
        if settings.database_url is None:
            claim.tell(address)
        landbank = stack.enter_context(open_from_environment(settings, screen, migrating=True))
        fill_if_empty(landbank, screen, demo=demo)
        stack.enter_context(sealing_hourly(landbank))
        run_server(landbank, listener, address, screen)


def fill_if_empty(landbank: Landbank, screen: Console, *, demo: bool) -> None:
    """Fill an inventory without plots with synthetic ones, where a demo is wanted."""
    if not demo:
        return
    with landbank.reading() as store:
        if store.load.has_plots():
            return
        today = store.standing.inventory().today
    from landbank.services.load_demo import load_demo

    with (
        step("Making a demo inventory of synthetic plots", screen),
        landbank.changing(
            actor="landbank up", reason="demo inventory", timeout_ms=120_000, is_bulk=True
        ) as store,
    ):
        load_demo(store, on=today)


def run_server(landbank: Landbank, listener: socket.socket, address: str, screen: Console) -> None:
    """Serve until asked to stop; the address is the last line of the start."""
    with step("Starting the web server", screen):
        from landbank.api.app import create_app
        from landbank.cli.server import serve

        app = create_app(landbank)
        warn_of_missing_assets(app.state.web_fault, screen)

    def announce() -> None:
        console().print(f"landbank is ready: {address}")
        if screen.is_terminal:
            screen.print("Ctrl-C stops it.", style="dim")

    try:
        with jobs_beside(landbank, address):
            serve(app, listener, log_level=landbank.settings.log_level, on_ready=announce)
    except KeyboardInterrupt:
        screen.print("Stopping …")


@contextmanager
def jobs_beside(landbank: Landbank, address: str) -> Iterator[None]:
    """Jobs are done in a thread of this process while the context lasts, unless the settings leave them to others."""
    if not landbank.settings.run_jobs:
        yield
        return
    from landbank.jobs import open_workplace
    from landbank.jobs.worker import Worker, working_beside

    with open_workplace(landbank, address=address) as place, working_beside(Worker(place)):
        yield


def warn_of_missing_assets(fault: LandbankError | None, screen: Console) -> None:
    """Say at once that the pages will lack their map, and what builds it."""
    if fault is not None:
        screen.print(f"Warning: {fault}", style="yellow", soft_wrap=True, markup=False)


@contextmanager
def stopping_once() -> Iterator[None]:
    """Let the first Ctrl-C or SIGTERM unwind everything, and none after it cut that short."""
    kinds = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def ignore(_number: int, _frame: FrameType | None) -> None:
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        for kind in kinds:
            signal.signal(kind, ignore)
        raise KeyboardInterrupt

    before = {kind: signal.signal(kind, stop) for kind in kinds}
    try:
        yield
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)
