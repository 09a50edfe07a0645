"""`landbank seal`, `landbank heads` and `landbank fsck`: the chain over the history, and whether all of it holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from landbank.domain.ledger import Head
    from landbank.services.check_history import Discrepancy

SHOWN = 100
DIFFERS = 5


def seal() -> None:
    """Seal what happened since the last time: each event is chained to the one before by SHA-256.

    The first seal of a day also takes the day's head; `landbank heads` tells it, to be kept elsewhere. Changes go on
    meanwhile. `landbank up` seals by itself each hour.

    Example: landbank seal
    """
    from landbank.cli.common import console, open_from_environment, working
    from landbank.services.seal_history import seal_history

    with open_from_environment() as landbank, landbank.sealing() as store:
        total = store.ledger.revision() - store.ledger.end()[0]
        with working("Sealing", total=total) as advance:
            sealed = seal_history(store.ledger, advance)
    console().print(
        f"{sealed.events} events sealed; the chain ends at revision {sealed.end.revision}:", soft_wrap=True
    )
    console().print(sealed.end.hash.hex(), soft_wrap=True)


def heads(
    as_json: Annotated[
        bool, typer.Option("--json", help="Print as JSON, the same as GET /api/history/heads gives.")
    ] = False,
) -> None:
    """Print the head of each day: day, revision and hash.

    Keep them where nobody who can write to the database can write too: `landbank fsck --heads FILE` then finds any
    change of what happened before.

    Example: landbank heads > heads.txt
    """
    from landbank.cli.common import open_from_environment
    from landbank.services.match_document import as_json as to_bytes
    from landbank.services.tell_changes import heads_document

    with open_from_environment() as landbank, landbank.reading() as store:
        found = store.ledger.heads()
    if as_json:
        typer.echo(to_bytes(heads_document(found)))
        return
    for head in found:
        typer.echo(head.text)


def fsck(
    heads: Annotated[
        Path | None,
        typer.Option(
            help="Heads that were kept elsewhere, as `landbank heads` prints them; - reads standard input."
        ),
    ] = None,
) -> None:
    """Check the history: replay all events over nothing, and compare with the tables; every invariant; the chain.

    Nothing is changed. What differs is named. Exit code 0: nothing differs; 5: something does.

    Example: landbank fsck --heads heads.txt
    """
    from landbank.cli.common import console, open_from_environment, working
    from landbank.services.check_history import check_history, steps_of

    kept = read_kept(heads) if heads is not None else []
    with open_from_environment() as landbank, landbank.reading() as store:
        store.audit.allow_time()
        with working("Checking", total=steps_of(store.audit, store.ledger)) as advance:
            found = list(check_history(store.audit, store.ledger, outside=kept, progress=advance))
        sealed, revision = store.ledger.end()[0], store.ledger.revision()
    screen = console()
    for one in found[:SHOWN]:
        tell(one)
    if len(found) > SHOWN:
        screen.print(f"… and {len(found) - SHOWN} more")
    screen.print(
        f"{revision} events, {sealed} of them sealed, {len(kept)} heads compared: {verdict(found)}",
        soft_wrap=True,
    )
    if found:
        raise typer.Exit(DIFFERS)


def tell(one: Discrepancy) -> None:
    """Print one discrepancy."""
    typer.echo(f"{one.check}: {one.which}: {one.told}")


def verdict(found: list[Discrepancy]) -> str:
    """What the check came to, in words."""
    return f"{len(found)} things differ" if found else "all is as the history says"


def read_kept(path: Path) -> list[Head]:
    """The heads of a file, or of standard input for `-`.

    Raises
    ------
    Invalid
        The file can't be read, or holds something else.
    """
    import sys

    from landbank.domain.ledger import read_heads
    from landbank.errors import Invalid

    try:
        return read_heads(sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Invalid(
            f"{path} can't be read: {error.strerror}.", hint="Give a file of `landbank heads`."
        ) from error
    except ValueError as error:
        raise Invalid(f"{path} holds no heads: {error}.", hint="Give a file of `landbank heads`.") from error
