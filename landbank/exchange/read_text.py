"""Text as it should be: UTF-8, composed letters, no NUL; what looks misread is told, not mended."""

from __future__ import annotations

import json

import pyarrow as pa
import pyarrow.compute as pc

from landbank.exchange.read import Note
from landbank.exchange.read_notes import note

_MISREAD = "Ã[¥¤¶©„…–¼\u0085\u0084\u0096]|Â[§²°]|\ufffd"
"""å ä ö é and their capitals in UTF-8 read as cp1252 or Latin-1, and the sign for a lost letter."""


def clean_text(array: pa.Array, column: str, first_row: int) -> tuple[pa.Array, list[Note]]:
    """A string array that PostgreSQL takes, with notes on what had to be done."""
    array = array.cast(pa.string()) if not pa.types.is_string(array.type) else array
    raw = _bytes(array)
    if raw is None:
        return array, []
    notes: list[Note] = []
    if raw.isascii():
        return _without_nul(array, column, first_row, notes) if b"\x00" in raw else array, notes
    if not _is_utf8(raw, array):
        array = _repaired(array, column, first_row, notes)
        raw = _bytes(array) or b""
    if b"\x00" in raw:
        array = _without_nul(array, column, first_row, notes)
    if b"\xcc" in raw or b"\xcd" in raw:
        array = _composed(array, column, notes)
    if any(sign in raw for sign in (b"\xc3\x83", b"\xc3\x82", b"\xef\xbf\xbd")):
        notes += _misread(array, column, first_row)
    return array, notes


def as_json(array: pa.Array) -> pa.Array:
    """Lists, structs and maps as JSON text."""
    values = (value.as_py() for value in array)
    return pa.array(
        [None if value is None else json.dumps(value, ensure_ascii=False, default=str) for value in values]
    )


def _bytes(array: pa.Array) -> bytes | None:
    """The characters of the whole array in one piece; None where it holds none."""
    data = array.buffers()[2]
    if data is None or len(array) == 0:
        return None
    offsets = pa.Array.from_buffers(
        pa.int32(), len(array) + 1, [None, array.buffers()[1]], offset=array.offset
    )
    start, end = offsets[0].as_py(), offsets[len(array)].as_py()
    raw: bytes = data.slice(start, end - start).to_pybytes()
    return raw


def _is_utf8(raw: bytes, array: pa.Array) -> bool:
    try:
        raw.decode("utf-8")
        array.validate(full=True)
    except (UnicodeDecodeError, pa.ArrowInvalid):
        return False
    return True


def _repaired(array: pa.Array, column: str, first_row: int, notes: list[Note]) -> pa.Array:
    values: list[str | None] = []
    for place, value in enumerate(array.cast(pa.binary())):
        told = value.as_py()
        try:
            values.append(None if told is None else told.decode("utf-8"))
        except UnicodeDecodeError:
            values.append(told.decode("cp1252", errors="replace"))
            text = "The text is not in the encoding that the file promises; it was read as cp1252."
            notes.append(note("text_not_utf8", text, row=first_row + place, field=column, value=values[-1]))
    return pa.array(values, pa.string())


def _without_nul(array: pa.Array, column: str, first_row: int, notes: list[Note]) -> pa.Array:
    for place in _rows(pc.match_substring(array, "\x00")):
        text = "A NUL character was taken out; a database can't hold it."
        notes.append(note("text_nul", text, row=first_row + place, field=column))
    return pc.replace_substring(array, "\x00", "")


def _composed(array: pa.Array, column: str, notes: list[Note]) -> pa.Array:
    composed = pc.utf8_normalize(array, form="NFC")
    if not composed.equals(array):
        notes.append(
            note("text_decomposed", "Letters made of two characters were joined (NFC).", field=column)
        )
    return composed


def _misread(array: pa.Array, column: str, first_row: int) -> list[Note]:
    text = "The text looks as if a wrong encoding had been used before it was saved; it stands as it is."
    return [
        note("text_misread", text, row=first_row + place, field=column, value=array[place].as_py())
        for place in _rows(pc.match_substring_regex(array, _MISREAD))
    ]


def _rows(hit: pa.Array) -> list[int]:
    places: list[int] = pc.indices_nonzero(hit.fill_null(False)).to_pylist()
    return places
