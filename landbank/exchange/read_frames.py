"""What the reading process sends to its parent: frames of one kind letter, eight bytes of length, payload.

`H` the opened file (JSON), `B` a batch (Arrow IPC stream with one record batch), `E` an error (JSON),
`Z` the end. The parent trusts none of it further than its format: batches are validated in full.
"""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Callable
from typing import Any

import pyarrow as pa

from landbank.exchange.read import Batch, Layer, Note

OPENED, BATCH, ERROR, END = b"H", b"B", b"E", b"Z"
HEAD = struct.Struct(">cQ")
LARGEST_FRAME = 1_000_000_000
_WKB, _SHEET_ROWS = "wkb", "sheet_rows"

Reader = Callable[[int], bytearray]


def send(out: int, kind: bytes, payload: bytes | memoryview = b"") -> None:
    """Write one frame to a file descriptor."""
    for part in (HEAD.pack(kind, len(payload)), payload):
        rest = memoryview(part)
        while rest:
            rest = rest[os.write(out, rest) :]


def receive(read: Reader) -> tuple[bytes, bytearray]:
    """The next frame's kind and payload.

    Raises
    ------
    ValueError
        The sender does not keep to the format.
    """
    kind, length = HEAD.unpack(read(HEAD.size))
    if kind not in (OPENED, BATCH, ERROR, END) or length > LARGEST_FRAME:
        raise ValueError("not a frame")
    return kind, read(length)


def pack_json(value: dict[str, Any]) -> bytes:
    """The JSON of a header or an error."""
    return json.dumps(value, ensure_ascii=True).encode("ascii")


def pack_notes(notes: tuple[Note, ...]) -> list[list[Any]]:
    """Notes as plain lists."""
    return [[note.row, note.code, note.text, note.field, note.value] for note in notes]


def unpack_notes(rows: list[list[Any]]) -> tuple[Note, ...]:
    """Notes from plain lists."""
    return tuple(Note(row, str(code), str(text), field, value) for row, code, text, field, value in rows)


def pack_layer(layer: Layer) -> list[Any]:
    """A layer as a plain list."""
    return [layer.name, layer.rows, layer.geometry_kind, layer.crs]


def unpack_layer(values: list[Any]) -> Layer:
    """A layer from a plain list."""
    name, rows, kind, crs = values
    return Layer(str(name), rows, kind, crs)


def pack_batch(batch: Batch) -> memoryview:
    """A batch as an Arrow IPC stream, its notes and first row in the schema's metadata."""
    names = [_WKB, *([_SHEET_ROWS] if batch.sheet_rows is not None else []), *batch.columns]
    arrays = [
        batch.wkb,
        *([batch.sheet_rows] if batch.sheet_rows is not None else []),
        *batch.columns.values(),
    ]
    told = {
        "first_row": batch.first_row,
        "notes": pack_notes(batch.notes),
        "sheet": batch.sheet_rows is not None,
    }
    fields = [pa.field(name, array.type) for name, array in zip(names, arrays, strict=True)]
    schema = pa.schema(fields, metadata={b"landbank": pack_json(told)})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema) as writer:
        writer.write_batch(pa.RecordBatch.from_arrays(arrays, schema=schema))
    return memoryview(sink.getvalue())


def unpack_batch(payload: bytearray) -> Batch:
    """The batch of a frame; its arrays lie in the payload, which must not be changed afterwards.

    Raises
    ------
    pyarrow.ArrowInvalid
        Offsets, lengths or texts that no honest sender makes.
    """
    record = pa.ipc.open_stream(pa.py_buffer(payload)).read_next_batch()
    record.validate(full=True)
    told = json.loads(record.schema.metadata[b"landbank"])
    start = 2 if told["sheet"] else 1
    return Batch(
        first_row=int(told["first_row"]),
        columns={
            record.schema.names[place]: record.column(place) for place in range(start, record.num_columns)
        },
        wkb=record.column(0),
        sheet_rows=record.column(1) if told["sheet"] else None,
        notes=unpack_notes(told["notes"]),
    )
