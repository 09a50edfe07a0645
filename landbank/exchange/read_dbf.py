"""The parts of a Shapefile before GDAL: are they whole, and which encoding is the text in.

The encoding is what the .cpg says, else the language id of the .dbf, else UTF-8 if every text is valid UTF-8,
else cp1252. A statement that the texts themselves disprove does not hold: Swedish letters in cp1252 are never
valid UTF-8, and letters in UTF-8 are as good as never meant as cp1252.
"""

from __future__ import annotations

import codecs
import re
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from landbank.errors import Invalid
from landbank.exchange.read import Note
from landbank.exchange.read_notes import note

_HEADER = 32
_LANGUAGE_ID = {
    0x01: "cp437",
    0x02: "cp850",
    0x03: "cp1252",
    0x08: "cp865",
    0x57: "cp1252",
    0x58: "cp1252",
    0x59: "cp1252",
    0x66: "cp865",
    0x67: "cp861",
    0x78: "cp950",
    0x7D: "cp1255",
    0x96: "mac_cyrillic",
    0xC8: "cp1250",
    0xC9: "cp1251",
    0xCA: "cp1254",
    0xCB: "cp1253",
    0xCC: "cp1257",
}
"""dBASE language driver ids (Esri, "Code page" table of the Shapefile documentation)."""


@dataclass(frozen=True, slots=True)
class Table:
    """What the header of a .dbf says."""

    rows: int
    header_bytes: int
    row_bytes: int
    language_id: int
    texts: tuple[tuple[int, int], ...]
    """Offset in the row and width of each character field."""


def check_shapefile(shp: Path, name: str) -> tuple[Note, ...]:
    """Notes on parts that are missing but not needed.

    Raises
    ------
    Invalid
        A part that is needed is missing, cut off, or belongs to another file.
    """
    if not shp.exists():
        raise Invalid(f"{name} lacks its .shp, which holds the shapes.", hint="Send all parts.", where=name)
    shx, dbf = shp.with_suffix(".shx"), shp.with_suffix(".dbf")
    if not shx.exists():
        raise Invalid(
            f"{name} lacks its .shx, the index of the shapes.",
            hint="Send .shp, .shx, .dbf and .prj together, best in one .zip.",
            where=name,
        )
    shapes = (_length(shx, name) - 100) // 8
    _length(shp, name)
    if not dbf.exists():
        text = "There is no .dbf: the shapes have no attributes."
        return (note("attributes_missing", text),)
    table = read_header(dbf, name)
    if table.rows != shapes:
        raise Invalid(
            f"{name} has {shapes} shapes and {table.rows} rows of attributes: its parts don't belong together.",
            hint="Export it again and send all parts.",
            where=name,
        )
    return ()


def _length(part: Path, name: str) -> int:
    """The length in bytes that a .shp or .shx gives for itself; Invalid when the file is shorter."""
    with part.open("rb") as file:
        head = file.read(100)
    if len(head) < 100 or head[:4] != b"\x00\x00\x27\x0a":
        raise _cut(part, name)
    told = 2 * int.from_bytes(head[24:28], "big")
    if told < 100 or part.stat().st_size < told:
        raise _cut(part, name)
    return told


def read_header(dbf: Path, name: str) -> Table:
    """The header of a .dbf; Invalid when it or the rows are cut off."""
    with dbf.open("rb") as file:
        head = file.read(_HEADER)
        if len(head) < _HEADER:
            raise _cut(dbf, name)
        rows, header_bytes, row_bytes = struct.unpack_from("<IHH", head, 4)
        fields = file.read(max(header_bytes - _HEADER, 0))
    if dbf.stat().st_size < header_bytes + rows * row_bytes:
        raise _cut(dbf, name)
    texts, at = [], 1
    for place in range(0, len(fields) - 31, 32):
        if fields[place] == 0x0D:
            break
        width = fields[place + 16]
        if fields[place + 11 : place + 12] == b"C":
            width += 256 * fields[place + 17]
            texts.append((at, width))
        at += width
    return Table(rows, header_bytes, row_bytes, head[29], tuple(texts))


def decide_encoding(shp: Path, name: str) -> tuple[str, Note | None]:
    """The Python name of the encoding of a Shapefile's texts, and how it was decided (None: plain ASCII)."""
    dbf = shp.with_suffix(".dbf")
    if not dbf.exists():
        return "utf-8", None
    table = read_header(dbf, name)
    beyond_ascii, is_utf8 = _texts(dbf, table)
    if not beyond_ascii:
        return "utf-8", None
    told, by = _told(shp, table)
    if told is None:
        chosen = "utf-8" if is_utf8 else "cp1252"
        why = "every text is valid UTF-8" if is_utf8 else "the texts are not UTF-8"
        return chosen, note("encoding", f"Neither a .cpg nor a language id says it; {why}: read as {chosen}.")
    if told == "utf-8" and not is_utf8:
        return "cp1252", note("encoding", f"{by} says UTF-8, but the texts are not: read as cp1252.")
    if told != "utf-8" and is_utf8:
        return "utf-8", note("encoding", f"{by} says {told}, but every text is valid UTF-8: read as UTF-8.")
    return told, note("encoding", f"Read as {told}, as {by} says.")


def _told(shp: Path, table: Table) -> tuple[str | None, str]:
    cpg = shp.with_suffix(".cpg")
    if cpg.exists():
        with cpg.open("rb") as file:
            said = file.read(40).decode("ascii", errors="ignore").strip()
        found = _codec(said)
        if found is not None:
            return found, "the .cpg"
    return _LANGUAGE_ID.get(table.language_id), "the language id of the .dbf"


def _codec(said: str) -> str | None:
    """Python's name for what a .cpg says: `UTF-8`, `1252`, `ANSI 1252`, `ISO 8859-1`, `88591`."""
    word = said.upper().removeprefix("ANSI").removeprefix("WINDOWS").strip(" -_")
    if latin := re.fullmatch(r"(?:ISO)?[\s_-]*8859[\s_-]*(\d{1,2})", word):
        word = f"iso-8859-{latin.group(1)}"
    elif word.isdigit():
        word = "utf-8" if word == "65001" else f"cp{word}"
    try:
        found = codecs.lookup(word.replace(" ", "-")).name
    except LookupError:
        return None
    # Latin-1 leaves 80-9F to control characters; what stands there in a .dbf is always cp1252
    return "cp1252" if found in ("iso8859-1", "ascii") else found


def _texts(dbf: Path, table: Table) -> tuple[bool, bool]:
    """Whether any text goes beyond ASCII, and whether all such texts are valid UTF-8.

    A letter cut in two by the width of its field does not count against UTF-8.
    """
    if not table.rows or not table.texts:
        return False, True
    raw = np.memmap(dbf, np.uint8, "r", table.header_bytes, (table.rows, table.row_bytes))
    beyond = False
    for at, width in table.texts:
        column = raw[:, at : at + width]
        for place in np.flatnonzero((column >= 0x80).any(axis=1)):
            beyond = True
            try:
                codecs.getincrementaldecoder("utf-8")().decode(column[place].tobytes(), final=False)
            except UnicodeDecodeError:
                return True, False
    return beyond, True


def _cut(part: Path, name: str) -> Invalid:
    return Invalid(
        f"The {part.suffix} of {name} is cut off or damaged: it is shorter than it says itself.",
        hint="Export or copy it again, all parts.",
        where=name,
    )
