"""CSV: encoding, separator and decimal sign are found or given, never taken for granted."""

from __future__ import annotations

import codecs
import csv
import functools
import itertools
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from landbank.errors import Invalid
from landbank.exchange.read import Batch, Layer, Note
from landbank.exchange.read_notes import note
from landbank.exchange.read_request import Opened, Request, Staged
from landbank.exchange.read_table import Row, Table, open_table, table_batches
from landbank.exchange.read_types import typed

SEPARATORS = (";", ",", "\t", "|")
LONGEST_CELL = 64_000_000
"""Characters of one cell: the WKT of a shape with a million vertices fits."""
_CHUNK = 1 << 20


def open_csv(request: Request, staged: Staged) -> Opened:
    """A staged CSV file, opened.

    Raises
    ------
    Invalid
        No header, a wrong option, or text in another encoding than was given.
    """
    options = request.table
    encoding, notes = _encoding(staged.file, options.encoding, request.name)
    separator, skip = _separator(staged.file, encoding, options.separator)
    rows = _rows(staged.file, encoding, separator, skip, request.name)
    table = open_table(rows, options, request.name, even=True)
    layer = Layer(staged.stem, None, table.plan.kind, table.plan.crs)
    if options.decimal:
        decimals: tuple[str, ...] = (options.decimal,)
    else:
        decimals = (".",) if separator == "," else (".", ",")
    return Opened(
        layers=(layer,),
        layer=layer,
        driver=str(staged.kind),
        crs_from="file" if table.plan.crs else None,
        notes=(*staged.notes, *notes, *table.notes),
        batches=functools.partial(_batches, request, table, decimals),
    )


def _batches(request: Request, table: Table, decimals: tuple[str, ...]) -> Iterator[Batch]:
    return typed(table_batches(table), request.scratch, decimals=decimals)


def _encoding(file: Path, wanted: str | None, name: str) -> tuple[str, list[Note]]:
    """The encoding: given, by byte order mark, UTF-8 if all of it is valid, else cp1252."""
    with file.open("rb") as opened:
        head = opened.read(4)
    if wanted is not None:
        return _given(file, wanted, name), []
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _given(file, "utf-16", name), [
            note("encoding", "Read as UTF-16, as its byte order mark says.")
        ]
    if _decodes(file, "utf-8"):
        return "utf-8-sig", []
    return "cp1252", [note("encoding", "The text is not UTF-8: read as cp1252 (Windows, Western European).")]


def _given(file: Path, wanted: str, name: str) -> str:
    try:
        found = codecs.lookup(wanted).name
    except LookupError as error:
        raise Invalid(
            f"'{wanted[:40]}' is no encoding.", hint="Say utf-8 or cp1252.", where="encoding"
        ) from error
    if not _decodes(file, found):
        raise Invalid(f"{name} is not in {wanted}.", hint="Leave the encoding out.", where="encoding")
    return "utf-8-sig" if found == "utf-8" else found


def _decodes(file: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with file.open("rb") as opened:
            while chunk := opened.read(_CHUNK):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _separator(file: Path, encoding: str, wanted: str | None) -> tuple[str, int]:
    """The separator, and how many lines at the top only name it (`sep=;`, as Excel writes)."""
    if wanted is not None and wanted not in SEPARATORS:
        raise Invalid(f"{wanted!r} is no separator.", hint="One of ; , | and tab.", where="separator")
    with file.open(encoding=encoding, errors="replace", newline="") as opened:
        sample = opened.read(_CHUNK)
    named = re.match(r"sep=(.)\r?\n", sample)
    if wanted is not None or named is not None:
        return wanted or (named.group(1) if named else ","), 1 if named else 0
    scores = [(*_evenness(sample, sign), -place, sign) for place, sign in enumerate(SEPARATORS)]
    share, width, _, sign = max(scores)
    return (sign if share > 0 and width > 1 else ","), 0


def _evenness(sample: str, separator: str) -> tuple[float, int]:
    """Share of the first rows with the usual number of cells, and that number; zero where it is one."""
    csv.field_size_limit(LONGEST_CELL)
    lines = sample.splitlines(keepends=True)
    whole = lines[:-1] if len(lines) > 1 and len(sample) >= _CHUNK else lines
    try:
        widths = [len(row) for row in itertools.islice(csv.reader(whole, delimiter=separator), 60) if row]
    except csv.Error:
        return 0.0, 0
    counted = Counter(width for width in widths if width > 1)
    if not counted:
        return 0.0, 0
    width, often = counted.most_common(1)[0]
    return round(often / len(widths), 1), width


def _rows(file: Path, encoding: str, separator: str, skip: int, name: str) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_CELL)
    with file.open(encoding=encoding, errors="replace", newline="") as opened:
        reader = csv.reader(opened, delimiter=separator)
        try:
            for number, cells in enumerate(reader, start=1):
                if number > skip:
                    yield number, [cell if cell and not cell.isspace() else None for cell in cells]
        except csv.Error as error:
            raise Invalid(
                f"{name} can't be read from line {reader.line_num} on ({error}): most likely a quote is missing.",
                hint="Export it again, or correct that line.",
                where=name,
            ) from error
