"""Rows of fixed width from a binary COPY, straight into numpy.

Source: PostgreSQL documentation, COPY, section "Binary Format": 11 bytes signature, two int32 (flags, length of
the extension), then per row an int16 number of fields and per field an int32 length and its big-endian value;
an int16 of -1 ends it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

SIGNATURE = b"PGCOPY\n\xff\r\n\x00"
HEADER_LENGTH = len(SIGNATURE) + 8
TRAILER = b"\xff\xff"


def copy_rows(
    connection: Connection, statement: str, bound: Mapping[str, Any], layout: Mapping[str, str]
) -> dict[str, NDArray[Any]]:
    """The columns of a `COPY ... TO STDOUT (FORMAT binary)` whose values are never null, in native byte order.

    `layout` gives each column's numpy type in order, `bound` the statement's client-side parameters. It runs in
    the connection's transaction.

    Raises
    ------
    ValueError
        The rows don't have the layout's width: the statement and the layout have grown apart.
    """
    raw = connection.connection.driver_connection
    if raw is None:
        raise ValueError("the connection is closed")
    with raw.cursor() as cursor, cursor.copy(statement, bound) as copy:
        stream = b"".join(copy)
    return read_rows(stream, layout)


def read_rows(stream: bytes, layout: Mapping[str, str]) -> dict[str, NDArray[Any]]:
    """The columns of a whole binary COPY stream."""
    row = np.dtype([("fields", ">i2"), *(part for name in layout for part in field_of(name, layout[name]))])
    body = stream[HEADER_LENGTH : -len(TRAILER)]
    if not stream.startswith(SIGNATURE) or len(body) % row.itemsize:
        raise ValueError(f"{len(body)} bytes are no whole number of rows of {row.itemsize}")
    rows = np.frombuffer(body, dtype=row)
    for name, width in [("fields", len(layout)), *((f"{n}_length", row[n].itemsize) for n in layout)]:
        if not np.all(rows[name] == width):
            raise ValueError(f"{name} is not {width} in every row")
    return {name: rows[name].astype(np.dtype(layout[name])) for name in layout}


def field_of(name: str, kind: str) -> tuple[tuple[str, str], tuple[str, np.dtype[Any]]]:
    """The length and the value of one field, as they stand in the stream."""
    return (f"{name}_length", ">i4"), (name, np.dtype(kind).newbyteorder(">"))
