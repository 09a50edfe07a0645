"""`landbank doctor`: what is installed, what runs, and what is wrong."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from landbank.cli.common import console

if TYPE_CHECKING:
    from landbank.cli.checkup import Check


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")] = False,
) -> None:
    """Say what is installed, in which versions, what runs, and what is wrong with it.

    Starts and changes nothing. The exit code is 0 when landbank can work here, 6 when something is missing.

    Example: `landbank doctor --json`
    """
    from landbank.cli.checkup import examine
    from landbank.cli.common import read_settings

    checks = examine(read_settings())
    if as_json:
        told = {
            "is_well": all(check.is_well for check in checks),
            "checks": [check.as_dict() for check in checks],
        }
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        show(checks)
    if not all(check.is_well for check in checks):
        raise typer.Exit(6)


def show(checks: list[Check]) -> None:
    """Print the checks as a table, and below it what to do about those that failed."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, pad_edge=False)
    for check in checks:
        mark = Text("✓", style="green") if check.is_well else Text("✗", style="bold red")
        table.add_row(mark, check.name, Text(check.told))
    screen = console()
    screen.print(table)
    for check in checks:
        if not check.is_well and check.hint:
            screen.print(Text(f"→ {check.name}: {check.hint}"), soft_wrap=True)
