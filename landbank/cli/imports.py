"""`landbank imports` and `landbank rollback`: what was brought in, and how to take it back."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from landbank.services.roll_back import RollbackReport

CONFLICTS_SHOWN = 20


class OnLaterChange(StrEnum):
    """What becomes of what somebody changed since the import."""

    REFUSE = "refuse"
    SKIP = "skip"
    OVERWRITE = "overwrite"


def imports(
    number: Annotated[
        int | None, typer.Argument(metavar="[IMPORT]", help="Show this one with its report.")
    ] = None,
    *,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many to list.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")] = False,
    report: Annotated[Path | None, typer.Option(help="Write the whole report of the import as JSON.")] = None,
) -> None:
    """List what was imported, the newest first: file, dataset, counts, who, when and which revisions.

    Example: landbank imports

    Example: landbank imports 12 --report report.json
    """
    from landbank.cli.common import open_from_environment
    from landbank.domain.people import SYSTEM
    from landbank.services.run_imports import listed, visible

    with open_from_environment() as landbank, landbank.reading() as store:
        found = listed(store, SYSTEM, limit=limit) if number is None else [visible(store, number, SYSTEM)]
        packed = store.imports.report(number) if number is not None and report else None
    if report and packed is not None:
        import gzip

        report.write_bytes(gzip.decompress(packed))
    if as_json:
        told = [record_as_dict(record) for record in found]
        typer.echo(json.dumps(told if number is None else told[0], ensure_ascii=False, indent=2, default=str))
    else:
        show_records(found)


def record_as_dict(record: Any) -> dict[str, Any]:
    """A record as JSON shows it; the place of an uploaded file is nobody's business."""
    from dataclasses import asdict

    return {name: value for name, value in asdict(record).items() if name not in ("upload", "options")}


def show_records(records: list[Any]) -> None:
    """Print imports as a table."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    from landbank.cli.common import console

    screen = console()
    if not records:
        screen.print("Nothing was imported yet.")
        return
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading in (
        "import",
        "when",
        "what",
        "dataset",
        "new",
        "changed",
        "ended",
        "who",
        "revisions",
        "number",
    ):
        table.add_column(heading, justify="right" if heading in ("new", "changed", "ended") else "left")
    for one in records:
        what = f"rollback of {one.rolls_back_id}" if one.kind == "rollback" else one.file_name
        what += "" if one.state == "applied" else f" ({one.state})"
        counts = [f"{one.counts.get(name, 0):,}" for name in ("new", "changed", "ended")]
        revisions = f"{one.first_revision}-{one.last_revision}" if one.first_revision else "none"
        when = f"{one.applied_at or one.proposed_at:%Y-%m-%d %H:%M}"
        cells = (
            str(one.id),
            when,
            what,
            one.dataset or "",
            *counts,
            one.actor,
            revisions,
            one.diff_hash[:12],
        )
        table.add_row(*map(Text, cells))
    screen.print(table)


def rollback(
    number: Annotated[
        int, typer.Argument(metavar="IMPORT", help="The import to take back; `landbank imports`.")
    ],
    *,
    apply: Annotated[bool, typer.Option("--apply", help="Do it. Without it nothing is written.")] = False,
    diff_hash: Annotated[
        str | None,
        typer.Option("--hash", metavar="NUMBER", help="Only if it is still what was shown with this number."),
    ] = None,
    on_later_change: Annotated[
        OnLaterChange,
        typer.Option(help="What becomes of what was changed since: refuse all, skip it, or overwrite it."),
    ] = OnLaterChange.REFUSE,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")] = False,
) -> None:
    """Restore the state before an import, by a new import: new plots end, changed and ended ones stand as before.

    The history keeps both. What somebody changed since is named, and nothing is done before you say what becomes of
    it. Exit codes: 0 done, or shown; 5 something stands in the way.

    Example: landbank rollback 12

    Example: landbank rollback 12 --on-later-change skip --apply
    """
    from landbank.cli.common import open_from_environment
    from landbank.domain.people import SYSTEM
    from landbank.services import roll_back as service
    from landbank.services.run_imports import take_back

    request = service.RollbackRequest(
        number, SYSTEM, is_applied=apply, expected_hash=diff_hash,
        on_later_change=service.OnLaterChange(on_later_change),
    )  # fmt: skip
    with open_from_environment() as landbank:
        told = take_back(landbank, request, timeout_ms=landbank.settings.import_timeout_s * 1000)
    if as_json:
        typer.echo(json.dumps(told.as_dict(), ensure_ascii=False, indent=2, default=str))
    else:
        show_rollback(told)


def show_rollback(told: RollbackReport) -> None:
    """Print what a rollback does, or would do."""
    from rich.text import Text

    from landbank.cli.common import console

    screen = console()
    for conflict in told.conflicts[:CONFLICTS_SHOWN]:
        fields = ", ".join(conflict["fields"]) or "ended or new"
        place = f"{conflict['municipality_code']} {conflict['name']}"
        screen.print(
            Text(f"changed since: {conflict['noun']} {place}: {fields} (revision {conflict['revision']})")
        )
    if len(told.conflicts) > CONFLICTS_SHOWN:
        screen.print(f"and {len(told.conflicts) - CONFLICTS_SHOWN} more (--json)")
    did = "were" if told.applied else "would be"
    shared = f", {told.shared_restored} parks, plans or offices restored" if told.shared_restored else ""
    screen.print(
        f"{told.restored} plots {did} restored, {told.ended} ended{shared}, {told.skipped} left as they are."
    )
    if told.applied:
        screen.print(f"Done as import {told.import_id} (revision {told.revision}).")
    else:
        screen.print(f"Nothing was written. To do exactly this: --apply --hash {told.diff_hash[:16]}")
