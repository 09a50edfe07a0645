"""Columns as the rows of PostgreSQL's binary COPY format, built by Arrow in one pass without a Python loop.

Source: PostgreSQL manual, COPY, "Binary Format": each row is a 16-bit count of fields; each field a 32-bit length,
-1 for NULL, and that many bytes; integers and floats big-endian; a date is days since 2000-01-01.
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
_NULL = b"\xff\xff\xff\xff"

Piece = Any
"""An Arrow array of bytes, or bytes that are the same in each row."""


def binary_rows(columns: Mapping[str, pa.Array]) -> bytes:
    """The columns as a whole COPY stream, header and trailer included.

    Strings, bytes, doubles, 32-bit integers, dates and booleans are known.

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
    if pa.types.is_string(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return _varying(array)
    if pa.types.is_float64(kind):
        return [_fixed(array, array.fill_null(0.0).to_numpy(zero_copy_only=False), ">f8")]
    if pa.types.is_int32(kind):
        return [_fixed(array, array.fill_null(0).to_numpy(zero_copy_only=False), ">i4")]
    if pa.types.is_date32(kind):
        days = array.cast(pa.int32()).fill_null(0).to_numpy(zero_copy_only=False)
        return [_fixed(array, days - _DAYS_1970_TO_2000, ">i4")]
    if pa.types.is_boolean(kind):
        return [_fixed(array, array.fill_null(False).to_numpy(zero_copy_only=False), "?")]
    raise TypeError(f"no binary form is known for {kind}")


def _varying(array: pa.Array) -> list[Piece]:
    lengths = pc.binary_length(array).cast(pa.int32()).fill_null(-1).to_numpy(zero_copy_only=False)
    content = array.cast(pa.binary()) if pa.types.is_string(array.type) else array
    return [_as_binary(lengths.astype(">i4")), content.cast(pa.large_binary()).fill_null(b"")]


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
