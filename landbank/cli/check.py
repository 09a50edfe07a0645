"""`landbank check`: run the standing checks now, and show what they find."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from landbank.cli.common import console, open_from_environment, working

if TYPE_CHECKING:
    from landbank.domain.codes import CheckKind
    from landbank.wiring import Landbank

    Counts = Mapping[tuple[str, CheckKind], int]


def check(
    municipality: Annotated[
        str | None, typer.Option(metavar="CODE", help="Only this municipality (four digits).")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")] = False,
) -> None:
    """Check every current plot: overlaps, slivers, plan, municipality, area, dates, contact and key facts.

    The worker does the same each night, and after each change for the plots that it touches. Findings are kept until
    they are put right. The exit code is 0 when nothing is found, 1 when something is.

    Example: `landbank check --municipality 1480`
    """
    from landbank.codelists.fields import load_fields
    from landbank.services.check_plots import check_all
    from landbank.services.keep_quality import keep_quality

    with open_from_environment() as landbank:
        codes = known_codes(landbank, municipality)
        with working("Checking plots") as advance:
            done = check_all(
                lambda: landbank.upkeep(timeout_ms=600_000), municipality_code=municipality, advance=advance
            )
        with landbank.upkeep(timeout_ms=600_000) as store:
            today = store.standing.inventory().today
            keep_quality(store, codes, day=today, ages=load_fields().max_ages)
            counts = store.findings.counts(municipality)
    told = {
        "plots": done.plots,
        "opened": done.opened,
        "resolved": done.resolved,
        "findings": [
            {"municipality_code": code, "kind": str(kind), "count": n} for (code, kind), n in counts.items()
        ],
    }
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        show(counts, codes)
        new = f"{done.opened} new, {done.resolved} put right since the last time"
        console().print(f"{done.plots} plots checked, {sum(counts.values())} findings: {new}.")
    if counts:
        raise typer.Exit(1)


def known_codes(landbank: Landbank, municipality: str | None) -> dict[str, str]:
    """Names by code of the municipalities that are checked.

    Raises
    ------
    NotFound
        The municipality is not one of the inventory's.
    """
    from landbank.errors import NotFound

    with landbank.reading() as store:
        names = store.standing.municipalities()
    if municipality is None:
        return names
    if municipality not in names:
        raise NotFound(
            f"The inventory knows no municipality '{municipality}'.",
            hint="Give its four-digit code, as 1480 for Göteborg.",
            where="municipality",
        )
    return {municipality: names[municipality]}


def show(counts: Counts, names: Mapping[str, str]) -> None:
    """Print the open findings as a table: kinds by municipality, those without any left out."""
    from rich.table import Table

    from landbank.codelists import terms
    from landbank.domain.codes import CheckKind

    found = [code for code in names if any(key[0] == code for key in counts)]
    if not found:
        return
    table = Table(box=None, pad_edge=False)
    table.add_column("Finding")
    for code in found:
        table.add_column(names[code], justify="right")
    table.add_column("All", justify="right")
    for kind in CheckKind:
        row = [counts.get((code, kind), 0) for code in found]
        if any(row):
            table.add_row(terms("check_kind")[kind].en, *(str(n or "") for n in row), str(sum(row)))
    console().print(table)
