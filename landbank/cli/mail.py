"""`landbank mail`: which letters wait, have failed or are uncertain; try mail out; send a letter again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from landbank.cli.common import console, open_from_environment, read_settings

if TYPE_CHECKING:
    from landbank.mail import MailServer
    from landbank.store.mails import MailStanding
    from landbank.wiring import Landbank


def mail(
    trial: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Send a trial letter there now, and say how it went."),
    ] = None,
    again: Annotated[
        int | None, typer.Option(metavar="ID", help="Let a failed or uncertain letter be sent again.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")] = False,
) -> None:
    """Say whether mail is on, and which letters wait, have failed or are uncertain; no address is shown.

    Example: `landbank mail --trial mark@example.org`
    """
    from landbank.jobs.mail_setup import mail_server

    settings = read_settings()
    server = mail_server(settings)
    if trial is not None:
        send_trial(server, trial)
        return
    with open_from_environment(settings) as landbank:
        if again is not None:
            send_again(landbank, again)
            return
        with landbank.reading() as store:
            counts, letters = store.mails.counts(), store.mails.open_letters()
    if as_json:
        from landbank.api.operation import letter_document

        told = {
            "is_on": server is not None,
            "counts": {str(state): n for state, n in counts.items()},
            "open": [letter_document(letter) for letter in letters],
        }
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    console().print(
        f"Mail is {'on' if server else 'off: letters are written and wait (LANDBANK_SMTP_HOST)'}."
    )
    console().print(", ".join(f"{n} {state}" for state, n in counts.items()) or "No letter was written yet.")
    show(letters)


def send_trial(server: MailServer | None, address: str) -> None:
    """Hand a letter over at once, past the queue, so that a fault is seen here; nothing of it is kept.

    Raises
    ------
    Unavailable
        Mail is off.
    MailRefused
        The server did not take the letter.
    """
    import secrets
    from datetime import UTC, datetime

    from landbank.domain.codes import MailKind
    from landbank.errors import Unavailable
    from landbank.mail import Composer, Envelope, hand_over

    if server is None:
        raise Unavailable(
            "Mail is off: no server is set.", hint="Set LANDBANK_SMTP_HOST and LANDBANK_MAIL_FROM first."
        )
    letter = Composer().letter(MailKind.TRIAL, "en")
    envelope = Envelope(
        key=f"landbank.trial.{secrets.token_hex(8)}",
        recipient=address,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        language="en",
        written_at=datetime.now(UTC),
    )
    console().print(f"The trial letter is {hand_over(server, envelope, lambda: True)}.")


def send_again(landbank: Landbank, mail_id: int) -> None:
    """Let a letter wait again, and put its sending into the queue.

    Raises
    ------
    NotFound
        No letter with that number has failed or is uncertain.
    """
    from landbank.errors import NotFound
    from landbank.services.write_mail import put_sending

    with landbank.upkeep() as store:
        if not store.mails.send_again(mail_id):
            raise NotFound(
                f"No letter {mail_id} has failed or is uncertain.",
                hint="`landbank mail` lists those that are.",
            )
        put_sending(store.queue, mail_id)
    console().print(f"Letter {mail_id} waits to be sent again.")


def show(letters: list[MailStanding]) -> None:
    """Print letters as a table."""
    from rich.table import Table

    if not letters:
        return
    table = Table(box=None, pad_edge=False)
    for head in ("Id", "Kind", "State", "Municipality", "Attempts", "Written", "Last error"):
        table.add_column(head)
    for letter in letters:
        written = letter.created_at.strftime("%Y-%m-%d %H:%M")
        table.add_row(
            str(letter.mail_id), letter.kind, letter.state, letter.municipality_code or "", str(letter.attempts),
            written, letter.last_error or "",
        )  # fmt: skip
    console().print(table)
