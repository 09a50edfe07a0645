"""Turns the rows of a file into rows for the inventory, and says of each what is the matter with it.

Every row is accepted or refused; a refused one has at least one finding of severity error, a repaired one the
finding of its repair. Accepted rows leave as a binary stream for the database's staging table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from landbank.exchange.accepted import AcceptedRows
from landbank.exchange.columns import Columns, suggest
from landbank.exchange.findings import Finding
from landbank.exchange.identity import Identities, municipality_words
from landbank.exchange.outline_bytes import on_tiles, outlines, point_ewkb
from landbank.exchange.profile import Profile, fixed_columns
from landbank.exchange.read import Batch, Note
from landbank.exchange.rows import RowWork
from landbank.exchange.seen import Seen
from landbank.exchange.targets import TARGETS
from landbank.exchange.units import UNITS
from landbank.exchange.values import SEPARATOR, convert
from landbank.geo.crs import STORAGE, parse_crs
from landbank.geo.overlap import Overlap, OverlapFinder
from landbank.geo.places import Borders
from landbank.geo.plausible import Extent, refuse_misplaced
from landbank.geo.shape import Shapes, clean, read_shapes

AREA_TOLERANCE = 0.02
IMPLAUSIBLE_M2 = (100.0, 1e7)
"""A plot of less than 100 m² or more than 10 km² is mostly an error of unit or system."""

READ_WARNINGS = frozenset(
    {"cell_error", "crs_default_impossible", "formula_without_value", "row_length", "text_misread", "crs_overridden"}
)  # fmt: skip
"""Notes of the reader that somebody should look at."""

IDENTITY_FIELDS = ("municipality", "reference")
"""Fields that leave as the row's key."""

ROW_COLUMNS = (
    "row", "municipality_code", "reference", "geometry", "location", "geometry_tile", "location_tile", "morton",
    "area_m2", "area_method", "is_repaired", "kept", "notes",
)  # fmt: skip
"""What every accepted row leaves with: its number, key and place, the area that counts, and what to keep as text."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What an import is told before the first row."""

    crs: str
    """CRS of the file's coordinates."""
    extent: tuple[float, float, float, float]
    municipality_names: Mapping[str, str]
    """Names of the inventory's municipalities by code."""
    borders: Mapping[str, bytes] = field(default_factory=dict)
    """Their borders as WKB in EPSG:3006, where known."""
    municipality: str | None = None
    """Code that holds for all rows; None reads it from the file."""
    profile: Profile | None = None
    permitted: frozenset[str] | None = None
    """Codes of the municipalities that whoever imports may import for; None for all."""


@dataclass(frozen=True, slots=True)
class CheckedBatch:
    """The rows of one batch, ready for the inventory."""

    rows: int
    refused: int
    accepted: AcceptedRows
    """The rows that were not refused: the columns of `ROW_COLUMNS` and those of the fields that the file states."""
    findings: tuple[Finding, ...]
    area_m2_computed: float
    area_m2_declared: float


class Checker:
    """Checks the batches of one file in their order. A context manager; leaving it removes its scratch file."""

    def __init__(self, rules: Rules) -> None:
        """A checker that has seen no row yet."""
        self._rules = rules
        self._crs = parse_crs(rules.crs)
        self._borders = Borders(rules.municipality_names, rules.borders)
        self._words = municipality_words(rules.municipality_names)
        self._identities = Identities(
            rules.municipality, rules.municipality_names, self._borders, permitted=rules.permitted
        )
        self._shapes_met, self._places_met = Seen(), Seen()
        self._overlaps = OverlapFinder()
        self._overlapping: list[Overlap] | None = None
        self.columns: Columns | None = None
        """The mapping in use; None before the first batch."""

    def __enter__(self) -> Checker:
        return self

    def __exit__(self, *_: object) -> None:
        self._overlaps.close()

    def overlaps(self) -> list[Overlap]:
        """Pairs of accepted rows that share ground, once all batches are checked; found at the first call."""
        if self._overlapping is None:
            self._overlapping = list(self._overlaps.overlaps())
        return self._overlapping

    def check(self, batch: Batch) -> CheckedBatch:
        """The batch's rows, checked."""
        work = RowWork.begin(batch)
        work.findings += [note_finding(note) for note in batch.notes]
        shapes = read_shapes(batch.wkb.to_numpy(zero_copy_only=False))
        refuse_misplaced(shapes, self._crs, Extent(*self._rules.extent), self._borders.names)
        clean(shapes, STORAGE if self._crs.to_epsg() == STORAGE else self._crs)
        self._settle_columns(batch, shapes, work)
        self._convert(batch, work)
        self._identities.settle(work, shapes)
        self._refuse_repeated(shapes, work)
        compare_areas(shapes, work)
        work.add_marks(shapes)
        return _checked(shapes, work)

    def _settle_columns(self, batch: Batch, shapes: Shapes, work: RowWork) -> None:
        """Decide the mapping at the first batch; it holds for the file."""
        if self.columns is not None:
            return
        profile = self._rules.profile
        if profile is not None and profile.columns:
            columns = fixed_columns(profile, list(batch.columns))
        else:
            columns = suggest(batch.columns, self._words)
        self.columns = settle_units(columns, batch.columns, shapes.area_m2, work)
        for name, why in self.columns.unmapped.items():
            text = f"Column '{name}' fills no field: {why}."
            work.findings.append(Finding("column_not_imported", text, field=name))

    def _convert(self, batch: Batch, work: RowWork) -> None:
        for choice in (self.columns or Columns((), {})).choices:
            array = batch.columns.get(choice.column)
            if array is None:
                array = pa.nulls(batch.rows, pa.string())
            target = TARGETS[choice.target]
            work.take(
                target.name, choice.column, convert(array, target, unit=choice.unit, own_words=choice.words)
            )
        work.settle_power()
        work.settle_prices()
        work.settle_distances()
        work.settle_degrees()

    def _refuse_repeated(self, shapes: Shapes, work: RowWork) -> None:
        self._refuse_same_outline(shapes, work)
        points = np.flatnonzero(shapes.alive & shapes.is_point)
        places = (tuple(place) for place in np.round(shapes.location[points], 2).tolist())
        before = self._places_met.first_rows(places, work.rows[points])
        again = before >= 0
        shapes.mark(
            "same_position", points[again], [f"The point is that of row {row}." for row in before[again]]
        )
        self._identities.refuse_repeated(work, shapes)
        rows = np.flatnonzero(shapes.alive & ~shapes.is_point)
        if len(rows):
            bounds = shapely.bounds(shapes.geometry[rows])
            self._overlaps.add(
                work.rows[rows], bounds, work.outlines(rows).tolist(), work.reference[rows].tolist()
            )

    def _refuse_same_outline(self, shapes: Shapes, work: RowWork) -> None:
        rows = np.flatnonzero(shapes.alive & ~shapes.is_point)
        work.outline = outlines(shapes)
        before = self._shapes_met.first_rows(work.outlines(rows), work.rows[rows])
        again = before >= 0
        texts = [f"The outline is that of row {row}." for row in before[again]]
        shapes.mark("duplicate_geometry", rows[again], texts, refuse=True)


def portions(batch: Batch, rows: int = 16_384) -> Iterator[Batch]:
    """The batch in parts of at most so many rows; its notes go with the first."""
    for start in range(0, max(batch.rows, 1), rows):
        yield replace(
            batch,
            first_row=batch.first_row + start,
            columns={name: array.slice(start, rows) for name, array in batch.columns.items()},
            wkb=batch.wkb.slice(start, rows),
            sheet_rows=None if batch.sheet_rows is None else batch.sheet_rows.slice(start, rows),
            notes=batch.notes if start == 0 else (),
        )


def note_finding(note: Note) -> Finding:
    """The reader's note as a finding."""
    code = "reader_warning" if note.code in READ_WARNINGS else "reader_note"
    return Finding(code, note.text, note.row, note.field, note.value, cause=note.code)


def settle_units(
    columns: Columns, arrays: Mapping[str, pa.Array], area_m2: NDArray[np.float64], work: RowWork
) -> Columns:
    """The mapping with the units that only the outlines can tell; a column whose unit stays unknown fills nothing."""
    for choice in columns.choices:
        kind = TARGETS[choice.target].kind
        array = arrays[choice.column]
        if kind not in UNITS or choice.unit is not None or not _is_number(array):
            continue
        unit = _unit_by_area(array, area_m2) if choice.target == "area_declared_m2" else None
        if unit is None:
            text = f"Column '{choice.column}' states no unit; `{choice.target}` is not filled from it."
            work.findings.append(Finding("unit_unknown", text, field=choice.column))
            columns = columns.without(choice.target, "its unit is not known")
        else:
            text = f"Column '{choice.column}' was taken as {unit}: then it agrees with the outlines."
            work.findings.append(Finding("unit_from_geometry", text, field=choice.column))
            columns = columns.with_unit(choice.target, unit, f"{choice.why}, unit from the outlines")
    return columns


def _is_number(array: pa.Array) -> bool:
    return bool(pa.types.is_integer(array.type) or pa.types.is_floating(array.type))


def _unit_by_area(array: pa.Array, area_m2: NDArray[np.float64]) -> str | None:
    """The unit in which half of the declared areas come within 20 % of the computed ones, or None."""
    declared = array.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    known = np.isfinite(declared) & np.isfinite(area_m2) & (declared > 0)
    if not known.any():
        return None
    for unit in ("m2", "ha", "km2"):
        ratio = declared[known] * UNITS["area"][unit] / area_m2[known]
        if np.mean((ratio > 0.8) & (ratio < 1.25)) >= 0.5:
            return unit
    return None


def compare_areas(shapes: Shapes, work: RowWork) -> None:
    """Mark rows whose declared area differs from the computed one by more than 2 %, and implausible areas."""
    area = shapes.area_m2
    with np.errstate(invalid="ignore"):
        odd = shapes.alive & ((area < IMPLAUSIBLE_M2[0]) | (area > IMPLAUSIBLE_M2[1]))
    shapes.mark("area_implausible", odd, [f"The outline covers {value:,.0f} m²." for value in area[odd]])
    array = work.values.get("area_declared_m2")
    if array is None:
        return
    declared = array.to_numpy(zero_copy_only=False)
    with np.errstate(invalid="ignore"):
        differs = shapes.alive & (np.abs(declared - area) > AREA_TOLERANCE * area)
    texts = [
        f"Declared {said:,.0f} m², the outline covers {found:,.0f} m² ({(said / found - 1) * 100:+.1f} %)."
        for said, found in zip(declared[differs], area[differs], strict=True)
    ]
    shapes.mark("area_differs", differs, texts)


def _checked(shapes: Shapes, work: RowWork) -> CheckedBatch:
    kept = np.flatnonzero(shapes.alive)
    declared = work.values.get("area_declared_m2", pa.nulls(len(work.rows), pa.float64()))
    computed = pa.array(shapes.area_m2, from_pandas=True)
    method = pc.if_else(computed.is_valid(), "computed", pc.if_else(declared.is_valid(), "declared", None))
    columns = {
        "row": pa.array(work.rows.astype(np.int32)),
        "municipality_code": pa.array(work.municipality, pa.string()),
        "reference": pa.array(work.reference, pa.string()),
        "geometry": work.outline,
        "location": point_ewkb(shapes.location),
        **on_tiles(shapes),
        "area_m2": pc.coalesce(computed, declared),
        "area_method": method,
        "is_repaired": pa.array(work.is_repaired),
        "kept": work.kept_fields(),
        "notes": work.notes(),
        **{name: _listed(name, array) for name, array in work.values.items() if name not in IDENTITY_FIELDS},
    }
    accepted = AcceptedRows(columns).at(kept)
    return CheckedBatch(
        rows=len(work.rows),
        refused=len(work.rows) - len(kept),
        accepted=accepted,
        findings=tuple(work.findings),
        area_m2_computed=float(np.nansum(shapes.area_m2[kept])),
        area_m2_declared=float(pc.sum(declared.take(pa.array(kept))).as_py() or 0),
    )


def _listed(name: str, array: pa.Array) -> pa.Array:
    """Many-valued fields as lists; a text of separators alone says nothing."""
    if TARGETS[name].kind not in ("texts", "codes"):
        return array
    return pc.split_pattern(pc.if_else(pc.equal(array, ""), None, array), SEPARATOR)
