"""Tables of cells: CSV and XLSX without formulas, whatever the texts in them begin with."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from landbank.errors import Invalid

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
CELL_LIMIT = 32_767
"""Characters that a cell of XLSX can hold (ECMA-376, 18.4.12)."""


def defused(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would run it as a formula (OWASP ASVS 1.2.10)."""
    return f"'{text}" if text.startswith(STARTS_A_FORMULA) else text


def write_csv(path: Path, names: list[str], rows: Iterable[list[Any]]) -> None:
    """A CSV after RFC 4180: UTF-8 with BOM (Excel reads it right then), comma, CRLF, decimal point, ISO dates."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        for row in rows:
            writer.writerow([_csv_cell(cell) for cell in row])


def _csv_cell(cell: Any) -> Any:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return defused(cell) if isinstance(cell, str) else cell


def write_xlsx(path: Path, sheets: Mapping[str, tuple[list[str], Iterable[list[Any]]]]) -> None:
    """A workbook with one sheet an entry; texts are stored as strings, never as formulas.

    Raises
    ------
    Invalid
        A text is longer than a cell can hold; nothing is written.
    """
    book = Workbook(write_only=True)
    for title, (names, rows) in sheets.items():
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        heads = [WriteOnlyCell(sheet, value=name) for name in names]
        for head in heads:
            head.font = Font(bold=True)
        sheet.append(heads)
        for row in rows:
            sheet.append([_xlsx_cell(sheet, name, cell) for name, cell in zip(names, row, strict=True)])
    book.save(path)


def _xlsx_cell(sheet: Any, name: str, cell: Any) -> Any:
    if not isinstance(cell, str):
        return cell
    if len(cell) > CELL_LIMIT:
        raise Invalid(
            f"The field {name} has a text of {len(cell)} characters; a cell of XLSX holds {CELL_LIMIT}.",
            hint="Export to GeoPackage instead: it has no such limit.",
        )
    made: Any = WriteOnlyCell(sheet, value=None)
    made._value, made.data_type = cell, "s"  # the public setter would make a formula of a text with '='
    if cell.startswith(STARTS_A_FORMULA):
        made.quotePrefix = True
    return made
