"""`landbank need`: a sentence or two in Swedish or English, read as a need that `landbank match` takes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.table import Table

REASONS = {
    "open": "ask: plot or floor?",
    "unsearchable": "understood, can't be searched by yet",
    "twice": "said twice: the first counts",
}


def need(
    text: Annotated[
        str,
        typer.Argument(metavar="TEXT", help='What is needed, as "5 000 kvm lager nära E20, minst 2 MW el".'),
    ],
    areas_are: Annotated[
        str | None, typer.Option(metavar="plot|floor", help="What an area is that could be either.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="NEED.json", help="Write the need here, to edit and to match.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print all that was read as JSON.")] = False,
) -> None:
    """Read a need from free text, and show which words made what; nothing becomes a must unless the text demands it.

    Example: landbank need "tomt 2 ha i Lerum, högst 500 kr/kvm" --out need.json, then landbank match need.json
    """
    import json

    from landbank.cli.common import console, open_from_environment
    from landbank.services.match_document import as_json as rendered
    from landbank.services.read_enquiry import enquiry_document

    with open_from_environment() as landbank, landbank.reading() as store:
        today = store.standing.inventory().today
        document = enquiry_document(text, store.standing, on=today, areas_are=areas_are)
    if out is not None:
        out.write_text(json.dumps(document["need"], ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    if as_json:
        typer.echo(rendered(document).decode())
        return
    screen = console()
    screen.print(slot_table(document))
    for line in remarks(document, out):
        screen.print(line, soft_wrap=True, markup=False)


def slot_table(document: dict[str, Any]) -> Table:
    """The slots as a table."""
    from rich.table import Table
    from rich.text import Text

    table = Table(title="What was understood")
    for head in ("Words", "Means", "As", ""):
        table.add_column(head)
    for slot in document["slots"]:
        table.add_row(
            Text(slot["words"]), meaning(slot), slot["strength"], REASONS.get(slot["left_out"] or "", "")
        )
    return table


def meaning(slot: dict[str, Any]) -> str:
    """A slot in a few words."""
    value = slot["value"]
    told = " to ".join(str(part) for part in value) if slot["sense"] == "between" else value
    if isinstance(told, list):
        told = ", ".join(told)
    shown = "" if told is True else str(told)
    return " ".join(part for part in (slot["name"], slot["sense"], shown, slot["unit"] or "") if part)


def remarks(document: dict[str, Any], out: Path | None) -> list[str]:
    """What to ask, what was not understood, and where the need stands."""
    lines = [
        f"Ask: is '{asked['words']}' plot or floor? --areas-are {asked['suggested']} is likelier."
        for asked in document["questions"]
    ]
    left = [part["words"] for part in document["not_understood"]]
    if left:
        lines.append(f"Not understood: {', '.join(left)}.")
    if document["suggested_template"]:
        lines.append(
            f"Sounds like the template '{document['suggested_template']}'; its musts are offered, not taken."
        )
    if out is not None:
        lines.append(f"The need stands in {out}: landbank match {out}")
    return lines
