"""Texts longer than a field of dBASE holds: cut into columns that continue one another, and joined again.

A character field of a .dbf takes 254 bytes. `begr_lista` goes on in `begr_lis_2`, `begr_lis_3` and so on. A column is
taken as a continuation only of texts that fill their field, so that somebody else's `namn_2` stays what it is.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

MOST_BYTES = 254
FULL_BYTES = 200
"""A text that goes on fills at least so much of its field: cuts are made between characters that are no spaces."""


def continuation(name: str, place: int) -> str:
    """The name of the column that a text goes on in, `place` from 2 on, in ten characters."""
    ending = f"_{place}"
    return f"{name[: 10 - len(ending)]}{ending}"


def cut_long(table: pa.Table) -> pa.Table:
    """The table with its long texts in several columns."""
    for name in table.column_names:
        array = table.column(name)
        if pa.types.is_string(array.type) and (pc.max(pc.binary_length(array)).as_py() or 0) > MOST_BYTES:
            table = _with_pieces(table, name, [_pieces(text) for text in array.to_pylist()])
    return table


def _with_pieces(table: pa.Table, name: str, cut: list[list[str]]) -> pa.Table:
    index = table.column_names.index(name)
    table = table.set_column(
        index, name, pa.array([parts[0] if parts else None for parts in cut], pa.string())
    )
    for place in range(2, max(map(len, cut)) + 1):
        values = [parts[place - 1] if len(parts) >= place else None for parts in cut]
        table = table.add_column(index + place - 1, continuation(name, place), pa.array(values, pa.string()))
    return table


def _pieces(text: str | None) -> list[str]:
    pieces = []
    rest = text or ""
    while len(rest.encode()) > MOST_BYTES:
        cut = len(rest.encode()[:MOST_BYTES].decode(errors="ignore"))
        while cut > 1 and (rest[cut - 1].isspace() or rest[cut].isspace()):
            cut -= 1
        pieces.append(rest[:cut])
        rest = rest[cut:]
    return [*pieces, rest] if rest else pieces


def join_long(columns: Mapping[str, pa.Array]) -> dict[str, pa.Array]:
    """The columns with texts that go on in others joined."""
    joined: dict[str, pa.Array] = {}
    taken: set[str] = set()
    for name, first in columns.items():
        if name in taken:
            continue
        pieces = [first]
        while (next_one := columns.get(continuation(name, len(pieces) + 1))) is not None:
            if not _goes_on(pieces[-1], next_one):
                break
            taken.add(continuation(name, len(pieces) + 1))
            pieces.append(next_one)
        joined[name] = _joined(pieces) if len(pieces) > 1 else first
    return joined


def _joined(pieces: list[pa.Array]) -> pa.Array:
    whole = pc.binary_join_element_wise(*(pc.fill_null(piece, "") for piece in pieces), "")
    return pc.if_else(pieces[0].is_valid(), whole, pa.scalar(None, whole.type))


def _goes_on(array: pa.Array, following: pa.Array) -> bool:
    if not pa.types.is_string(array.type) or not pa.types.is_string(following.type):
        return False
    said = pc.greater(pc.binary_length(following), 0)
    full = pc.greater_equal(pc.binary_length(array), FULL_BYTES)
    agrees = pc.or_kleene(pc.invert(pc.fill_null(said, False)), pc.fill_null(full, False))
    return bool(pc.any(said).as_py()) and bool(pc.all(agrees).as_py())
