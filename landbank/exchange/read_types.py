"""Types for formats that hold text only: a column becomes numbers, truth values or dates when all of it is.

Codes with leading zeros stay text. The rows are spooled to the scratch folder once, so that a column has one
type from its first row to its last and memory stays flat.
"""

from __future__ import annotations

import dataclasses
import struct
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from landbank.exchange.read import Batch
from landbank.exchange.read_frames import pack_batch, unpack_batch

_WHOLE = r"-?(?:0|[1-9][0-9]{0,17})"
_GROUPED = "-?[1-9][0-9]{0,2}(?:[ \u00a0\u202f][0-9]{3})+"
_PATTERNS = {
    "int": f"^{_WHOLE}$",
    "float.": rf"^{_WHOLE}(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{{1,3}})?$",
    "float,": f"^(?:{_WHOLE}|{_GROUPED})(?:,[0-9]+)?$",
    "bool": "^(?i:true|false)$",
    "date": r"^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$",
    "time": (
        r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,6})?"
        r"(?:Z|[+-][0-9]{2}:?[0-9]{2})?$"
    ),
}
_LENGTH = struct.Struct(">Q")


def typed(
    batches: Iterable[Batch], scratch: Path, *, decimals: Collection[str], textual: Collection[str] = ()
) -> Iterator[Batch]:
    """The same batches with their text columns typed.

    Parameters
    ----------
    decimals
        The decimal signs that numbers may have: `.`, `,` or both (one a column).
    textual
        Columns that stay text; looked at after the last batch has been taken.
    """
    guesses: dict[str, set[str]] = {}
    spool = scratch / "spool"
    with spool.open("wb") as file:
        for batch in batches:
            _guess(batch, guesses, decimals)
            packed = pack_batch(batch)
            file.write(_LENGTH.pack(len(packed)))
            file.write(packed)
    chosen = {name: _first(left) for name, left in guesses.items() if name not in textual}
    with spool.open("rb") as file:
        for batch in _spooled(file):
            yield dataclasses.replace(
                batch, columns={name: _cast(array, chosen.get(name)) for name, array in batch.columns.items()}
            )
    spool.unlink()


def _spooled(file: BinaryIO) -> Iterator[Batch]:
    while head := file.read(_LENGTH.size):
        payload = bytearray(_LENGTH.unpack(head)[0])
        file.readinto(payload)  # type: ignore[attr-defined]
        yield unpack_batch(payload)


def _guess(batch: Batch, guesses: dict[str, set[str]], decimals: Collection[str]) -> None:
    """Strike the types that a column's new values rule out."""
    wanted = {"int", "bool", "date", "time", *(f"float{sign}" for sign in decimals)}
    for name, array in batch.columns.items():
        if not pa.types.is_string(array.type):
            continue
        if array.null_count == len(array):
            continue
        left = guesses.setdefault(name, set(wanted))
        for kind in list(left):
            if not pc.all(pc.match_substring_regex(array, _PATTERNS[kind])).as_py():
                left.discard(kind)


def _first(left: set[str]) -> str | None:
    return next((kind for kind in _PATTERNS if kind in left), None)


def _cast(array: pa.Array, kind: str | None) -> pa.Array:
    if kind is None or not pa.types.is_string(array.type):
        return array
    if kind == "bool":
        return pc.equal(pc.utf8_lower(array), "true")
    if kind == "int":
        return array.cast(pa.int64())
    if kind == "float,":
        bare = pc.replace_substring_regex(array, "[ \u00a0\u202f]", "")
        return pc.replace_substring(bare, ",", ".").cast(pa.float64())
    if kind == "float.":
        return array.cast(pa.float64())
    return _moment(array, kind)


def _moment(array: pa.Array, kind: str) -> pa.Array:
    """Dates and times; text stays where a day is none (2026-02-30)."""
    zoned = pc.any(pc.match_substring_regex(array, r"(?:Z|[+-][0-9]{2}:?[0-9]{2})$")).as_py()
    target = pa.date32() if kind == "date" else pa.timestamp("us", "UTC" if zoned else None)
    try:
        return array.cast(target)
    except pa.ArrowInvalid:
        return array
