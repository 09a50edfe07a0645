"""`landbank key`: keys for programs that read or change plots over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from landbank.cli.common import console
from landbank.cli.user import Place, door_from_environment, municipality_code
from landbank.domain.accounts import KEY_DAYS, MOST_KEY_DAYS
from landbank.domain.people import SYSTEM, Permission

app = typer.Typer(
    no_args_is_help=True,
    help="Give programs keys of their own, and take them back.\n\n"
    'Example: `landbank key add "nightly import" --scope import --municipality 1441`',
    rich_markup_mode="markdown",
)


@app.command()
def add(
    label: Annotated[str, typer.Argument(help="What the key is for.")],
    scope: Annotated[list[Permission], typer.Option("--scope", help="What it may; can be given again.")],
    municipality: Place = None,
    days: Annotated[int, typer.Option(min=1, max=MOST_KEY_DAYS, help="Days that it holds.")] = KEY_DAYS,
) -> None:
    """Make a key for one municipality and print it, once.

    Example: `landbank key add "nightly import" --scope import --municipality 1441 --days 30`
    """
    from landbank.services.manage_keys import make_key

    with door_from_environment() as (landbank, door):
        code = municipality_code(landbank, municipality, "A key is for one municipality.")
        made = make_key(door, SYSTEM, label=label, scopes=scope, municipality_code=code, days=days)
    console().print(f"Key {made.number}. It is shown this once; send it as Authorization: Bearer …")
    console().print(made.text, soft_wrap=True, markup=False)


@app.command("list")
def list_() -> None:
    """Show the keys that hold or have expired: number, municipality, scopes, expiry, last use. Not the keys themselves.

    Example: `landbank key list`
    """
    from rich.table import Table
    from rich.text import Text

    from landbank.services.manage_keys import list_keys

    table = Table(
        "Number", "For", "Municipality", "Scopes", "Holds until", "Last used", box=None, pad_edge=False
    )
    with door_from_environment() as (_, door):
        for key in list_keys(door, SYSTEM):
            state = f"{key.expires_at:%Y-%m-%d}" + ("" if key.is_alive(datetime.now(UTC)) else " (dead)")
            used = f"{key.last_used_at:%Y-%m-%d}" if key.last_used_at else "never"
            scopes = ", ".join(sorted(key.scopes))
            table.add_row(str(key.id), Text(key.label), key.municipality_code, scopes, state, used)
    console().print(table)


@app.command()
def revoke(number: Annotated[int, typer.Argument(help="Number of the key.")]) -> None:
    """Revoke a key; it holds no more from its next request on.

    Example: `landbank key revoke 3`
    """
    from landbank.services.manage_keys import revoke_key

    with door_from_environment() as (_, door):
        revoke_key(door, SYSTEM, number)
    console().print(f"Key {number} is revoked.")
