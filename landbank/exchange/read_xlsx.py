"""XLSX: sheets as layers, the stored results of formulas, numbers and dates as what they are."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from typing import Any

from landbank.errors import Invalid
from landbank.exchange.read import Batch, Layer, Note
from landbank.exchange.read_layers import choose_layer
from landbank.exchange.read_notes import note
from landbank.exchange.read_request import Opened, Request, Staged
from landbank.exchange.read_table import Row, Table, open_table, table_batches
from landbank.exchange.read_types import typed

_ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"})
_NO_RESULT = re.compile(rb"<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>|</c>)")
_LONGEST_FORMULA = 8_300
"""Characters; Excel allows 8 192."""
_CHUNK = 1 << 20
_FORBIDDEN = (b"<!DOCTYPE", b"<!ENTITY", "<!DOCTYPE".encode("utf-16-le"), "<!DOCTYPE".encode("utf-16-be"))


def open_xlsx(request: Request, staged: Staged) -> Opened:
    """A staged workbook, opened.

    Raises
    ------
    Invalid
        Damaged, or the sheet or header row is not clear.
    """
    import openpyxl

    _check_parts(staged, request.name)
    try:
        with warnings.catch_warnings(action="ignore"):
            # From memory: a file would stay open where its reader stops halfway.
            held = io.BytesIO(staged.file.read_bytes())
            book = openpyxl.load_workbook(held, read_only=True, data_only=True, keep_links=False)
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError) as error:
        raise Invalid(
            f"{request.name} is no whole workbook ({type(error).__name__}: {str(error)[:150]}).",
            hint="Save it again as .xlsx.",
            where=request.name,
        ) from error
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    tables, refused = _tables(sheets, request)
    wanted = request.table.sheet or request.layer
    layers = tuple(
        Layer(title, None, tables[title].plan.kind, tables[title].plan.crs) if title in tables
        else Layer(title, None, None, None)
        for title in sheets
    )  # fmt: skip
    layer, told = _chosen(layers, tables, wanted, request)
    if layer.name in refused:
        raise refused[layer.name]
    table = tables[layer.name]
    if _lacks_results(staged):
        text = "Formulas were saved without their results and are read as empty. Open and save it in Excel."
        told = (*told, note("formula_without_value", text))
    return Opened(
        layers=layers,
        layer=layer,
        driver=str(staged.kind),
        crs_from="file" if layer.crs else None,
        notes=(*staged.notes, *told, *table.notes),
        batches=functools.partial(_batches, request, table, sheets[layer.name]),
    )


def _tables(sheets: dict[str, Any], request: Request) -> tuple[dict[str, Table], dict[str, Invalid]]:
    """The table of every sheet that has one, and why the others have none."""
    tables: dict[str, Table] = {}
    refused: dict[str, Invalid] = {}
    for title, sheet in sheets.items():
        try:
            tables[title] = open_table(_rows(sheet, set(), []), request.table, f"Sheet '{title}'", even=False)
        except Invalid as error:
            refused[title] = error
    return tables, refused


def _chosen(
    layers: tuple[Layer, ...], tables: dict[str, Table], wanted: str | None, request: Request
) -> tuple[Layer, tuple[Note, ...]]:
    """The sheet that is meant: the named, the only one with coordinates, the only one with several columns."""
    if wanted is None:
        wide = [layer for layer in layers if layer.name in tables and len(tables[layer.name].names) > 1]
        placed = [layer for layer in wide if layer.geometry_kind is not None]
        for found in (placed, wide):
            if len(found) == 1 and len(layers) > 1:
                text = f"Of {len(layers)} sheets, '{found[0].name}' was taken. Others: --sheet."
                return found[0], (note("layer_chosen", text, value=found[0].name),)
    return choose_layer(layers, wanted, request.name, verbatim=request.verbatim)


def _batches(request: Request, table: Table, sheet: Any) -> Iterator[Batch]:
    """The sheet's rows from its header on, read anew with notes on the cells."""
    texts: set[int] = set()
    notes: list[tuple[int, int, str]] = []
    table.rows = _rows(sheet, texts, notes, after=table.header_row)
    textual = _Names(table.names, texts)
    yield from typed(_noted(table, notes), request.scratch, decimals=(".", ","), textual=textual)


class _Names:
    """The names of the columns that hold a text cell; grows while the rows are read."""

    def __init__(self, names: tuple[str, ...], places: set[int]) -> None:
        self._names, self._places = names, places

    def __contains__(self, name: object) -> bool:
        return any(place < len(self._names) and self._names[place] == name for place in self._places)

    def __iter__(self) -> Iterator[str]:
        return (self._names[place] for place in self._places if place < len(self._names))

    def __len__(self) -> int:
        return len(self._places)


def _noted(table: Table, errors: list[tuple[int, int, str]]) -> Iterator[Batch]:
    """The table's batches with a note for each cell that holds an error."""
    for batch in table_batches(table):
        rows = {} if batch.sheet_rows is None else {n: i for i, n in enumerate(batch.sheet_rows.to_pylist())}
        told = []
        for number, place, value in [one for one in errors if one[0] in rows]:
            field = table.names[place] if place < len(table.names) else None
            text = "The cell holds an error; it is read as empty. Correct the formula."
            told.append(
                note("cell_error", text, row=batch.first_row + rows[number], field=field, value=value)
            )
        yield dataclasses.replace(batch, notes=(*batch.notes, *told)) if told else batch


def _rows(
    sheet: Any, texts: set[int], errors: list[tuple[int, int, str]], *, after: int = 0
) -> Iterator[Row]:
    """A sheet's rows as text; where text cells and error cells stand is put down."""
    sheet.reset_dimensions()  # the size a sheet claims for itself is often wrong
    for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        if number <= after:
            continue
        made: list[str | None] = []
        for place, value in enumerate(cells):
            if isinstance(value, str) and value in _ERRORS:
                errors.append((number, place, value))
                made.append(None)
                continue
            if isinstance(value, str) and value.strip():
                texts.add(place)
            made.append(_text(value))
        yield number, made


def _text(value: object) -> str | None:
    """A cell as text that `typed` makes a value of the same kind from."""
    if value is None or isinstance(value, str):
        return value if value and value.strip() else None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(timespec="seconds")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)


def _lacks_results(staged: Staged) -> bool:
    """Whether a formula in any sheet was saved without its result, as programs do that don't calculate."""
    with zipfile.ZipFile(staged.file) as archive:
        for entry in archive.infolist():
            if not entry.filename.startswith("xl/worksheets/"):
                continue
            tail = b""
            with archive.open(entry) as part:
                while chunk := part.read(_CHUNK):
                    if _NO_RESULT.search(tail + chunk):
                        return True
                    tail = chunk[-_LONGEST_FORMULA:]
    return False


def _check_parts(staged: Staged, name: str) -> None:
    """Nothing, when no part of the workbook has a document type: spreadsheets never have one."""
    with zipfile.ZipFile(staged.file) as archive:
        for entry in archive.infolist():
            if not entry.filename.endswith((".xml", ".rels")):
                continue
            with archive.open(entry) as part:
                head = part.read(4096)
            if any(sign in head for sign in _FORBIDDEN):
                raise Invalid(
                    f"{name} has a document type (<!DOCTYPE>), which can hide entities; it is not read.",
                    hint="Save it again as .xlsx.",
                    where=name,
                )
