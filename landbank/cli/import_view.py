"""How an import's report looks in a terminal: columns, counts, findings by code, changes. The JSON report has all."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from landbank.exchange.findings import CATALOGUE, CodeSummary
from landbank.exchange.records import RECORDS, write_records

if TYPE_CHECKING:
    from rich.console import Console

    from landbank.exchange.read import Source
    from landbank.exchange.report import Report

CHANGES_SHOWN = 10
COLOURS = {"error": "bold red", "warning": "yellow", "info": "cyan"}


def show_layers(source: Source, screen: Console) -> None:
    """The layers of a file: name, rows, geometry, coordinate system."""
    table = _table(screen, f"Layers of a {source.driver} file")
    for heading in ("layer", "rows", "geometry", "coordinate system"):
        table.add_column(heading, justify="right" if heading == "rows" else "left")
    for layer in source.layers:
        rows = "?" if layer.rows is None else f"{layer.rows:,}"
        crs = layer.crs if layer.crs is None or len(layer.crs) < 40 else f"{layer.crs[:37]}..."
        table.add_row(Text(layer.name), rows, layer.geometry_kind or "none", crs or "not stated")
    screen.print(table)


def show_report(report: Report, screen: Console, *, is_suggested: bool) -> None:
    """The report in the order in which a person asks: which columns, how many rows, what is wrong, what changes."""
    _show_columns(report, screen, is_suggested=is_suggested)
    _show_findings(report, screen)
    _show_changes(report, screen)
    _show_shared(report, screen)
    _show_counts(report, screen)


def _table(screen: Console, heading: str) -> Table:
    """An empty table; its heading is printed before it, since a title would be broken to the table's width."""
    screen.print(Text(heading, style="bold"), soft_wrap=True)
    return Table(box=SIMPLE_HEAD, pad_edge=False)


def _show_columns(report: Report, screen: Console, *, is_suggested: bool) -> None:
    told = (
        "Columns, as suggested (--save-profile keeps them)"
        if is_suggested
        else f"Columns, by {report.profile}"
    )
    table = _table(screen, told)
    for heading in ("field", "column", "unit", "why"):
        table.add_column(heading)
    for choice in report.columns.choices:
        table.add_row(choice.target, Text(choice.column), choice.unit or "", Text(choice.why))
    if report.columns.choices:
        screen.print(table)
    else:
        screen.print("No column fills a field.")
    if report.columns.unmapped:
        screen.print(
            Text(f"Not imported (reasons in --report): {', '.join(report.columns.unmapped)}", style="dim")
        )
    screen.print()


def _show_findings(report: Report, screen: Console) -> None:
    summaries = [one for one in report.findings.summary() if one.code != "column_not_imported"]
    if not summaries:
        return
    screen.print(Text("Findings", style="bold"))
    for one in summaries:
        _show_code(one, screen)
    screen.print()


def _show_code(one: CodeSummary, screen: Console) -> None:
    head = Text.assemble((f"{one.severity:<8}", COLOURS[str(one.severity)]), f"{one.count:>9,} × {one.code}")
    screen.print(head)
    for finding in one.examples:
        place = "file" if finding.row is None else f"row {finding.row}"
        column = f", {finding.field}" if finding.field else ""
        screen.print(Text(f"          {place}{column}: {finding.text}"), soft_wrap=True)
    if one.count > len(one.examples):
        screen.print(Text(f"          and {one.count - len(one.examples):,} more (--report)", style="dim"))
    screen.print(Text(f"          → {CATALOGUE[one.code].what_to_do}", style="dim"), soft_wrap=True)


def _show_changes(report: Report, screen: Console) -> None:
    if report.changed == 0:
        return
    table = _table(screen, f"Changed: {report.changed:,} plots")
    for heading in ("row", "plot", "field", "before", "after"):
        table.add_column(heading)
    for line in islice(report.changes.lines(), CHANGES_SHOWN):
        told: dict[str, Any] = json.loads(line)
        for field, (before, after) in told["changes"].items():
            plot = Text(f"{told['municipality_code']} {told['reference']}")
            table.add_row(str(told["row"]), plot, field, _value(before, field), _value(after, field))
    screen.print(table)
    if report.changed > CHANGES_SHOWN:
        screen.print(Text(f"and {report.changed - CHANGES_SHOWN:,} more plots (--report)", style="dim"))


def _show_shared(report: Report, screen: Console) -> None:
    """What plots share and the import makes or changes."""
    if not report.linked:
        return
    table = _table(screen, f"Parks, plans and offices, new or changed: {len(report.linked):,}")
    for heading in ("what", "name", "field", "before", "after"):
        table.add_column(heading)
    for one in report.linked[:CHANGES_SHOWN]:
        name = Text(f"{one['municipality_code']} {one['name']}{' (new)' if one['is_new'] else ''}")
        for field, (before, after) in one["changes"].items() or [("", (None, None))]:
            table.add_row(one["table"], name, field, _value(before), _value(after))
    screen.print(table)
    if len(report.linked) > CHANGES_SHOWN:
        screen.print(Text(f"and {len(report.linked) - CHANGES_SHOWN:,} more (--report)", style="dim"))


def _value(value: Any, field: str = "") -> Text:
    if field in RECORDS:
        value = write_records(field, value or [])
    if value is None:
        return Text("-", style="dim")
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    if isinstance(value, dict):
        value = ", ".join(f"{key} {part}" for key, part in value.items())
    told = str(value)
    return Text(told if len(told) <= 60 else f"{told[:57]}...")


def _show_counts(report: Report, screen: Console) -> None:
    table = _table(screen, f"{report.file}, layer {report.layer}, {report.crs or 'no coordinate system'}")
    table.add_column("outcome")
    table.add_column("rows", justify="right")
    for name in ("landed", "repaired", "unchanged", "refused", "rows"):
        style = "bold" if name == "rows" else ("red" if name == "refused" and report.refused else "")
        table.add_row(Text(name, style=style), Text(f"{getattr(report, name):,}", style=style))
    screen.print(table)
    screen.print(
        f"{report.new:,} new, {report.changed:,} changed, {report.missing:,} missing from the file "
        f"(dataset {report.dataset!r}).",
        markup=False,
    )
    if report.ended:
        screen.print(
            f"{report.ended:,} of {report.standing:,} plots that stood {'ended' if report.applied else 'would end'} "
            f"({report.ended_share:.0%})."
        )
    screen.print(
        f"Area: {report.area_m2_computed / 1e4:,.2f} ha computed (geodesic), "
        f"{report.area_m2_declared / 1e4:,.2f} ha declared."
    )
    screen.print(Text(_verdict(report), style="bold"), soft_wrap=True)


def _verdict(report: Report) -> str:
    went = report.landed + report.repaired
    does = went + report.ended + len(report.linked)
    if does + report.unchanged == 0:
        return "Nothing landed."
    if does == 0:
        return f"The inventory holds all of it already (revision {report.revision})."
    what = f"{went:,} rows" + (f" and {report.ended:,} ended plots" if report.ended else "")
    if not report.applied:
        return (
            f"Nothing was written: with --apply {what} would change the inventory.\n"
            f"To apply exactly this: --apply --hash {report.diff_hash[:16]}"
        )
    return f"{what} changed the inventory (revision {report.revision}, import {report.import_id})."
