"""`landbank`: one list of commands, and one place where a fault becomes a text and an exit code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from landbank.cli import (
    check,
    demo,
    doctor,
    export,
    fit,
    history,
    import_,
    imports,
    jobs,
    key,
    layers,
    mail,
    match,
    migrate,
    need,
    roads,
    up,
    user,
    worker,
)
from landbank.cli.common import fail
from landbank.errors import LandbankError

FIRST_STEPS = """\
**First steps**

`landbank up` · start everything with a demo inventory and print the address of the map

`landbank import plots.gpkg` · show what a file would change; `--apply` changes it

`landbank layers add flood.gpkg --name flood` · put others' data beside the plots

`landbank match need.json` · rank the plots for a need, with reasons

`landbank user add anna --role planner --municipality 1441` · let somebody sign in

`landbank doctor` · say what is installed and what is wrong

Exit codes: 0 done, 1 partly, 2 wrong usage or input, 3 nothing landed, 4 not found, 5 conflict, 6 unavailable,
7 not permitted.
Settings come from the environment: LANDBANK_HOME, LANDBANK_DATABASE_URL and others (docs/operations/settings.md).
"""

START = "Start and look after"
INVENTORY = "Work with the inventory"
PEOPLE = "People and programs"
HISTORY = "Vouch for the history"

COMMANDS: tuple[tuple[str, Callable[..., Any] | typer.Typer, str], ...] = (
    ("up", up.up, START),
    ("worker", worker.worker, START),
    ("doctor", doctor.doctor, START),
    ("migrate", migrate.migrate, START),
    ("mail", mail.mail, START),
    ("demo", demo.demo, START),
    ("jobs", jobs.jobs, START),
    ("import", import_.import_, INVENTORY),
    ("imports", imports.imports, INVENTORY),
    ("rollback", imports.rollback, INVENTORY),
    ("match", match.match, INVENTORY),
    ("need", need.need, INVENTORY),
    ("fit", fit.fit, INVENTORY),
    ("export", export.export, INVENTORY),
    ("roads", roads.roads, INVENTORY),
    ("layers", layers.app, INVENTORY),
    ("user", user.app, PEOPLE),
    ("key", key.app, PEOPLE),
    ("check", check.check, INVENTORY),
    ("fsck", history.fsck, HISTORY),
    ("seal", history.seal, HISTORY),
    ("heads", history.heads, HISTORY),
)
"""Name, function (or group of commands) and heading of each command, in the order of the help. Their modules import
heavy libraries only inside the functions, so that `--help` and shell completion answer at once."""


class Commands(TyperGroup):
    """A group that tells a fault of landbank's own plainly, without a traceback."""

    def list_commands(self, _ctx: Any) -> list[str]:
        """The names in the order of the list, not of the alphabet."""
        return [name for name, _, _ in COMMANDS]

    def invoke(self, ctx: Any) -> Any:
        """Run the command; a fault becomes its text and exit code."""
        try:
            return super().invoke(ctx)
        except LandbankError as error:
            raise typer.Exit(fail(error)) from error


app = typer.Typer(
    name="landbank",
    cls=Commands,
    epilog=FIRST_STEPS,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def tell_version(asked: bool) -> None:
    """Print the version and stop."""
    if asked:
        from importlib.metadata import PackageNotFoundError, version

        try:
            typer.echo(f"landbank {version('landbank')}")
        except PackageNotFoundError:
            typer.echo("landbank, run from a folder where it was never installed")
        raise typer.Exit


@app.callback()
def landbank(
    _version: Annotated[
        bool, typer.Option("--version", callback=tell_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """An inventory of planned commercial land that matches company needs to available plots."""


for _name, _function, _heading in COMMANDS:
    if isinstance(_function, typer.Typer):
        app.add_typer(_function, name=_name, rich_help_panel=_heading)
    else:
        app.command(_name, rich_help_panel=_heading)(_function)


def run() -> None:
    """The program `landbank`."""
    app()
