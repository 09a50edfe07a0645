"""One shape for all formats: typed columns, one binary column of WKB, curves as lines, notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from landbank.exchange.read import Batch, Note
from landbank.exchange.read_curves import COLLECTION, CURVES, UnknownShape, linearise
from landbank.exchange.read_notes import note
from landbank.exchange.read_text import as_json, clean_text

LARGEST_BATCH_BYTES = 64_000_000
_RAW = (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_fixed_size_binary, pa.types.is_binary_view)
_SURFACES = {15: "polyhedral surface", 16: "TIN", 17: "triangle"}


class Normaliser:
    """Turns record batches of any source into batches, one after the other."""

    def __init__(self, geometry: str | None, *, degrees_by_format: bool = False) -> None:
        self._geometry = geometry
        self._degrees = degrees_by_format
        self._next_row = 1
        self._told: set[tuple[str, str | None]] = set()

    def batches(self, records: Iterable[pa.RecordBatch]) -> Iterator[Batch]:
        """The batches of a stream, none larger than `LARGEST_BATCH_BYTES` unless one row is."""
        for record in records:
            for piece in _pieces(record):
                yield self._batch(piece)

    def _batch(self, record: pa.RecordBatch) -> Batch:
        first = self._next_row
        self._next_row += record.num_rows
        notes: list[Note] = []
        columns: dict[str, pa.Array] = {}
        for name in record.schema.names:
            if name == self._geometry:
                continue
            made = self._column(record.column(record.schema.names.index(name)), name, first, notes)
            if made is not None:
                columns[name] = made
        wkb = pa.nulls(record.num_rows, pa.binary())
        if self._geometry is not None and self._geometry in record.schema.names:
            wkb = self._shapes(record.column(self._geometry), first, notes)
        return Batch(first, columns, wkb, None, tuple(notes))

    def _column(self, array: pa.Array, name: str, first: int, notes: list[Note]) -> pa.Array | None:
        made = _typed(array)
        if made is None:
            self._once(notes, "column_left_out", f"The column {name} holds raw bytes and was left out.", name)
            return None
        if pa.types.is_string(made.type):
            made, told = clean_text(made, name, first)
            for one in told:
                if one.row is not None or (one.code, name) not in self._told:
                    self._told.add((one.code, name))
                    notes.append(one)
        return made

    def _shapes(self, array: pa.Array, first: int, notes: list[Note]) -> pa.Array:
        array = array.storage if isinstance(array, pa.ExtensionArray) else array
        array = array.cast(pa.binary()) if not pa.types.is_binary(array.type) else array
        codes, present = wkb_codes(array)
        kinds = codes % 1000
        if (present & (codes >= 1000)).any():
            self._once(notes, "z_or_m", "Coordinates carry heights (Z) or measures (M).")
        if self._degrees:
            self._check_degrees(array, notes)
        odd = present & ((kinds >= COLLECTION) | (kinds < 1))
        return _replaced(array, np.flatnonzero(odd), kinds, first, notes) if odd.any() else array

    def _check_degrees(self, array: pa.Array, notes: list[Note]) -> None:
        shapes = shapely.from_wkb(array.to_numpy(zero_copy_only=False), on_invalid="ignore")
        corners = shapely.bounds(shapes)
        finite = np.isfinite(corners).all(axis=1)
        if not finite.any():
            return
        west, south, east, north = shapely.total_bounds(shapes[finite])
        if west < -180 or east > 180 or south < -90 or north > 90:
            text = (
                "The file states no CRS and its format then means degrees (WGS 84), but there are coordinates "
                f"as {west:.0f}, {south:.0f}: they are most likely metres. State the CRS, e.g. --crs EPSG:3006."
            )
            self._once(notes, "crs_default_impossible", text)

    def _once(self, notes: list[Note], code: str, text: str, field: str | None = None) -> None:
        if (code, field) not in self._told:
            self._told.add((code, field))
            notes.append(note(code, text, field=field))


def wkb_codes(array: pa.Array) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """ISO geometry code of every row, and which rows have a geometry; EWKB's flags become ISO thousands."""
    present = pc.is_valid(array).to_numpy(zero_copy_only=False)
    data = array.buffers()[2]
    if data is None or len(array) == 0:
        return np.zeros(len(array), np.int64), np.zeros(len(array), bool)
    offsets = np.frombuffer(array.buffers()[1], np.int32)[array.offset : array.offset + len(array) + 1]
    present = present & (np.diff(offsets) >= 5)
    raw = np.frombuffer(data, np.uint8)
    starts = np.where(present, offsets[:-1], 0)
    if len(raw) < 5:
        return np.zeros(len(array), np.int64), np.zeros(len(array), bool)
    four = np.stack([raw[starts + place] for place in range(1, 5)]).astype(np.int64)
    little = four[0] + (four[1] << 8) + (four[2] << 16) + (four[3] << 24)
    big = four[3] + (four[2] << 8) + (four[1] << 16) + (four[0] << 24)
    codes = np.where(raw[starts] == 1, little, big)
    z, m = (codes >> 31) & 1, (codes >> 30) & 1
    return np.where(present, (codes & 0xFFFFFFF) + 1000 * z + 2000 * m, 0), present


def _replaced(
    array: pa.Array, rows: NDArray[np.intp], kinds: NDArray[np.int64], first: int, notes: list[Note]
) -> pa.Array:
    """The array with curves as lines and null where a shape is no area, line or point."""
    values = array.to_numpy(zero_copy_only=False).copy()
    for place in rows:
        row, kind = first + int(place), int(kinds[place])
        try:
            made, arcs = linearise(values[place])
        except UnknownShape as error:
            what = _SURFACES.get(kind, str(error))
            text = f"The shape is a {what}, no area on a map. Export it as polygons."
            notes.append(note("surface_unsupported", text, row=row, value=what))
            values[place] = None
            continue
        if kind in CURVES or arcs:
            values[place] = made
        if arcs:
            text = "Arcs were replaced by chords of at most one degree (0.005 % of a circle's area)."
            notes.append(note("curve_linearised", text, row=row))
    return pa.array(values, pa.binary())


def _typed(array: pa.Array) -> pa.Array | None:
    """The array in one of the agreed types; None for raw bytes."""
    kind = array.type
    if pa.types.is_dictionary(kind):
        array = array.dictionary_decode()
        kind = array.type
    if any(is_raw(kind) for is_raw in _RAW):
        return None
    if pa.types.is_nested(kind):
        return as_json(array)
    target = _target(array)
    return array if target == kind else array.cast(target, safe=False)


def _target(array: pa.Array) -> pa.DataType:
    """The agreed type for an array of text, numbers, truth values, dates or times; text for the rest."""
    kind = array.type
    if pa.types.is_boolean(kind):
        return kind
    if pa.types.is_integer(kind):
        return pa.int64() if not pa.types.is_uint64(kind) or _fits(array) else pa.string()
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return pa.float64()
    if pa.types.is_date(kind):
        return pa.date32()
    return pa.timestamp("us", kind.tz) if pa.types.is_timestamp(kind) else pa.string()


def _fits(array: pa.Array) -> bool:
    largest = pc.max(array).as_py()
    return largest is None or largest < 2**63


def _pieces(record: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """The batch, cut in halves until each is small enough to send."""
    if record.num_rows == 0:
        return
    if record.nbytes <= LARGEST_BATCH_BYTES or record.num_rows == 1:
        yield record
        return
    half = record.num_rows // 2
    yield from _pieces(record.slice(0, half))
    yield from _pieces(record.slice(half))
