"""Columns as the rows of PostgreSQL's binary COPY format, built by Arrow in one pass without a Python loop.

Source: PostgreSQL manual, COPY, "Binary Format": each row is a 16-bit count of fields; each field a 32-bit length,
-1 for NULL, and that many bytes; integers and floats big-endian; a date is days, a timestamp microseconds since
2000-01-01. An array of texts is, as array_send in PostgreSQL's arrayfuncs.c writes it: dimensions, flags, type of the
elements, then length and lower bound of each dimension, then the elements as fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

HEADER = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
TRAILER = b"\xff\xff"
_DAYS_1970_TO_2000 = 10_957
_MICROSECONDS_A_DAY = 86_400_000_000
_NULL = b"\xff\xff\xff\xff"
_OID_OF_TEXT = 25
_WIDTHS = {pa.float64(): ">f8", pa.int32(): ">i4", pa.int64(): ">i8", pa.bool_(): "?"}
_ARRAY = np.dtype([(name, ">i4") for name in ("length", "dimensions", "flags", "kind", "count", "first")])

Piece = Any
"""An Arrow array of bytes, or bytes that are the same in each row."""


def binary_rows(columns: Mapping[str, pa.Array]) -> bytes:
    """The columns as a whole COPY stream, header and trailer included.

    Strings, bytes, doubles, integers of 32 and 64 bits, dates, moments, booleans and lists of strings are known.

    Raises
    ------
    TypeError
        A column is of another type.
    """
    if not columns or len(next(iter(columns.values()))) == 0:
        return HEADER + TRAILER
    pieces: list[Piece] = [pa.scalar(len(columns).to_bytes(2, "big"), pa.large_binary())]
    for array in columns.values():
        pieces += _pieces(array)
    rows = pc.binary_join_element_wise(*pieces, pa.scalar(b"", pa.large_binary()))
    return b"".join((HEADER, _contents(rows), TRAILER))


def _contents(array: pa.Array) -> memoryview:
    """The bytes of a large_binary array, one value after the other."""
    offsets = np.frombuffer(array.buffers()[1], dtype=np.int64)[array.offset : array.offset + len(array) + 1]
    return memoryview(array.buffers()[2])[int(offsets[0]) : int(offsets[-1])]


def _pieces(array: pa.Array) -> list[Piece]:
    kind = array.type
    if pa.types.is_list(kind):
        return _lists(array)
    if pa.types.is_string(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return _varying(array)
    array = _since_2000(array)
    if array.type not in _WIDTHS:
        raise TypeError(f"no binary form is known for {kind}")
    filled = array.fill_null(False if pa.types.is_boolean(array.type) else 0)
    return [_fixed(array, filled.to_numpy(zero_copy_only=False), _WIDTHS[array.type])]


def _since_2000(array: pa.Array) -> pa.Array:
    """Days and moments as whole numbers, counted as PostgreSQL counts them; anything else as it is."""
    if pa.types.is_date32(array.type):
        return pc.subtract(array.cast(pa.int32()), pa.scalar(_DAYS_1970_TO_2000, pa.int32()))
    if pa.types.is_timestamp(array.type):
        microseconds = array.cast(pa.timestamp("us", array.type.tz)).cast(pa.int64())
        return pc.subtract(microseconds, _DAYS_1970_TO_2000 * _MICROSECONDS_A_DAY)
    return array


def _varying(array: pa.Array) -> list[Piece]:
    lengths = pc.binary_length(array).cast(pa.int32()).fill_null(-1).to_numpy(zero_copy_only=False)
    content = array.cast(pa.binary()) if pa.types.is_string(array.type) else array
    return [_as_binary(lengths.astype(">i4")), content.cast(pa.large_binary()).fill_null(b"")]


def _lists(array: pa.Array) -> list[Piece]:
    """Lists of texts, none of them empty, as arrays of one dimension."""
    flat = array.flatten()
    fields = pc.binary_join_element_wise(*_varying(flat), pa.scalar(b"", pa.large_binary()))
    counts = pc.list_value_length(array).fill_null(0).to_numpy(zero_copy_only=False)
    ends = np.frombuffer(fields.buffers()[1], dtype=np.int64)[: len(flat) + 1]
    offsets = ends[np.concatenate(([0], np.cumsum(counts)))]
    contents = pa.Array.from_buffers(
        pa.large_binary(), len(array), [None, pa.py_buffer(offsets), fields.buffers()[2]]
    )
    heads = np.zeros(len(array), dtype=_ARRAY)
    heads["length"] = np.where(counts > 0, _ARRAY.itemsize - 4 + np.diff(offsets), -1)
    heads["dimensions"], heads["kind"], heads["count"], heads["first"] = 1, _OID_OF_TEXT, counts, 1
    no_list = pa.scalar(_NULL, pa.large_binary())
    return [pc.if_else(pa.array(counts > 0), _as_binary(heads), no_list), contents]


def _fixed(array: pa.Array, values: np.ndarray[Any, Any], code: str) -> Piece:
    field = np.empty(len(values), dtype=[("length", ">i4"), ("value", code)])
    field["length"] = field.dtype["value"].itemsize
    field["value"] = values
    told = _as_binary(field)
    if array.null_count == 0:
        return told
    return pc.if_else(array.is_valid(), told, pa.scalar(_NULL, pa.large_binary()))


def _as_binary(values: np.ndarray[Any, Any]) -> pa.Array:
    width = values.dtype.itemsize
    offsets = np.arange(0, (len(values) + 1) * width, width, dtype=np.int64)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(values))]
    return pa.Array.from_buffers(pa.large_binary(), len(values), buffers)
