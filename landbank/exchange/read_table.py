"""Rows of cells become columns: which row names them, which of them place a row on the map."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import pyarrow as pa

from landbank.errors import Invalid
from landbank.exchange.read import Batch, Note, TableOptions
from landbank.exchange.read_notes import note
from landbank.exchange.read_places import Plan, places, plan_places
from landbank.exchange.read_request import BATCH_ROWS
from landbank.exchange.read_text import clean_text

Cells = list[str | None]
Row = tuple[int, Cells]
"""The row's number as a spreadsheet shows it, and its cells; None for an empty one."""

SAMPLE_ROWS = 200
_HEADER_WITHIN = 50
_NUMBER = re.compile(r"[-+]?[\d\s.,]*\d[\d\s.,]*(?:[eE][-+]?\d+)?%?")


@dataclass(slots=True)
class Table:
    """A table whose header and place columns have been found; its rows can be read once."""

    names: tuple[str, ...]
    header_row: int
    titles: str
    """The text above the header."""
    plan: Plan
    notes: list[Note]
    rows: Iterator[Row] = field(repr=False)
    even: bool = True
    """Whether a row with fewer cells is a fault (CSV) or just ends early (XLSX)."""


def open_table(rows: Iterator[Row], options: TableOptions, name: str, *, even: bool) -> Table:
    """The table in a stream of rows.

    Raises
    ------
    Invalid
        No row can be the header, or a named column is not there.
    """
    sample = list(itertools.islice(rows, SAMPLE_ROWS))
    place = _header_place(sample, options, name)
    notes: list[Note] = []
    header_row, cells = sample[place]
    names = _column_names(cells, notes)
    titles = " ".join(cell for _, row in sample[:place] for cell in row if cell)
    if place:
        text = f"The column names were found in row {header_row}; the rows above are not data."
        notes.append(note("header_found", text, value=titles))
    data = [cells for _, cells in sample[place + 1 :]]
    plan = plan_places(names, [_fitted(row, len(names)) for row in data], titles, options, name)
    notes += plan.notes
    return Table(names, header_row, titles, plan, notes, itertools.chain(sample[place + 1 :], rows), even)


def table_batches(table: Table) -> Iterator[Batch]:
    """The table's rows as batches; blank rows are passed over and told of once."""
    first, blank_told, blank = 1, False, None
    chunk: list[Row] = []
    notes: list[Note] = []
    for row in table.rows:
        if not any(row[1]):
            blank = blank or row[0]
            continue
        if blank is not None and not blank_told:
            notes.append(
                note("row_blank", f"Blank rows are passed over; the first is row {blank} of the table.")
            )
            blank_told = True
        chunk.append(row)
        if len(chunk) == BATCH_ROWS:
            yield _batch(table, chunk, first, notes)
            first, chunk, notes = first + len(chunk), [], []
    if chunk:
        yield _batch(table, chunk, first, notes)


def _batch(table: Table, chunk: list[Row], first: int, notes: list[Note]) -> Batch:
    width = len(table.names)
    for place, (_, cells) in enumerate(chunk):
        if len(cells) != width:
            notes += _length_note(cells, table, first + place)
    fitted = [_fitted(cells, width) for _, cells in chunk]
    columns: dict[str, pa.Array] = {}
    for name, values in zip(table.names, zip(*fitted, strict=True), strict=True):
        columns[name], told = clean_text(pa.array(values, pa.string()), name, first)
        notes += told
    wkb, said = places(columns, table.plan, first)
    if table.plan.geometry is not None:
        columns.pop(table.plan.geometry)  # the shape itself; as text it would be there twice
    numbers = pa.array([number for number, _ in chunk], pa.int64())
    return Batch(first, columns, wkb, numbers, (*notes, *said))


def _length_note(cells: Cells, table: Table, row: int) -> list[Note]:
    width = len(table.names)
    surplus = [cell for cell in cells[width:] if cell]
    if surplus:
        text = f"The row has {len(cells)} cells and the table {width} columns; what is over was left out."
        return [note("row_length", text, row=row, value=" | ".join(surplus))]
    if table.even and len(cells) < width:
        text = f"The row has {len(cells)} cells and the table {width} columns; the missing ones are empty."
        return [note("row_length", text, row=row)]
    return []


def _fitted(cells: Cells, width: int) -> Cells:
    if len(cells) == width:
        return cells
    return [*cells[:width], *([None] * (width - len(cells)))]


def _header_place(sample: list[Row], options: TableOptions, name: str) -> int:
    """Where in the sample the header stands."""
    if options.header_row is not None:
        for place, (number, _) in enumerate(sample):
            if number == options.header_row:
                return place
        raise Invalid(f"{name} has no row {options.header_row} near its top.", where="header_row")
    filled = [sum(cell is not None for cell in cells) for _, cells in sample[:_HEADER_WITHIN]]
    width = max(filled, default=0)
    usual = Counter(filled[1:]).most_common(1)[0][0] if len(filled) > 1 else width
    least = max(1, min(width, usual) / 2)
    for place, (_, cells) in enumerate(sample[:_HEADER_WITHIN]):
        told = [cell for cell in cells if cell is not None]
        if len(told) >= least and not any(_NUMBER.fullmatch(cell.strip()) for cell in told):
            return place
    raise Invalid(
        f"No row near the top of {name} looks like column names.",
        hint="Point at it with --header-row, counted from 1.",
        where=name,
    )


def _column_names(cells: Cells, notes: list[Note]) -> tuple[str, ...]:
    """One name a column: white space is joined, gaps and doubles are numbered."""
    while cells and cells[-1] is None:
        cells = cells[:-1]
    names: list[str] = []
    for place, cell in enumerate(cells, start=1):
        told = " ".join(cell.split()) if cell else ""
        name = told or f"column_{place}"
        count = 2
        while name in names:
            name = f"{told} ({count})"
            count += 1
        if name != told:
            text = f"Column {place} has " + (
                "no name" if not told else f"the name '{told}' of an earlier one"
            )
            notes.append(note("column_renamed", f"{text}; it is called '{name}'.", field=name))
        names.append(name)
    return tuple(names)
