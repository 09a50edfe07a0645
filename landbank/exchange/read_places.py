"""Where a table says that its rows are: a column of WKT or hexadecimal WKB, or two columns of coordinates."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from landbank.errors import Invalid
from landbank.exchange.read import Note, TableOptions
from landbank.exchange.read_curve_wkt import curve_from_wkt
from landbank.exchange.read_curves import UnknownShape, linearise
from landbank.exchange.read_notes import note
from landbank.geo.identify import crs_code, crs_name

_WKT = re.compile(
    r"(?i)\s*(?:SRID=(\d+);)?\s*((?:MULTI)?(?:POINT|LINESTRING|POLYGON|CURVE|SURFACE)|GEOMETRYCOLLECTION|CURVEPOLYGON"
    r"|COMPOUNDCURVE|CIRCULARSTRING|TIN|TRIANGLE|POLYHEDRALSURFACE)\s*(?:ZM|Z|M)?\s*(?:\(|EMPTY)"
)
_PLAIN_WKT = r"(?i)^\s*(?:MULTI)?(?:POINT|LINESTRING|POLYGON)\s*(?:ZM|Z|M)?\s*(?:\(|EMPTY)"
_HEX = re.compile(r"(?i)\s*0[01](?:[0-9a-f]{2}){8,}\s*")
_CURVED = re.compile(r"(?i)CURVE|CIRCULAR|SURFACE|TIN\b|TRIANGLE")
_X_IS_NORTH = re.compile(r"(?i)\bx\s*(?:=|:|är|is|\()\s*(?:norr|north|nord|n\b)")
_PAIRS = (
    (
        r"(?:sweref\w*|rt90\w*|koordinat)?(?:e|east|eastings?|öst|ost)(?:koord\w*|coord\w*|sweref\w*|rt90\w*|m)?",
        r"(?:sweref\w*|rt90\w*|koordinat)?(?:n|north|northings?|norr|nord)(?:koord\w*|coord\w*|sweref\w*|rt90\w*|m)?",
        False,
    ),
    (
        r"(?:wgs84)?(?:lon|long|lng|longitude|longitud)(?:wgs84|dd|deg)?",
        r"(?:wgs84)?lat(?:itude?)?(?:wgs84|dd|deg)?",
        False,
    ),
    (r"geo?x", r"geo?y", True),
    (
        r"(?:koordinat(?:er)?)?x(?:koord\w*|coord\w*|sweref\w*|rt90\w*)?",
        r"(?:koordinat(?:er)?)?y(?:koord\w*|coord\w*|sweref\w*|rt90\w*)?",
        True,
    ),
)
"""Normalised names of x and y columns, clearest first, and whether X may mean north (Swedish surveying)."""
_STATED = (
    (re.compile(r"(?i)EPSG\s*:*\s*(\d{4,5})\b"), None),
    (re.compile(r"(?i)SWEREF\s*-?\s*99\s*-?_?\s*TM\b"), "EPSG:3006"),
    (re.compile(r"(?i)\bRT\s*90\s*2[.,]5\s*gon\s*V"), "EPSG:3021"),
    (re.compile(r"(?i)\bWGS\s*-?84\b"), "EPSG:4326"),
)
_ZONE = re.compile(r"(?i)SWEREF\s*-?\s*99[\s_-]*([12]\d)[\s_.-]*(\d{2})\b")
_ZONES = {"1200": 3007, "1330": 3008, "1500": 3009, "1630": 3010, "1800": 3011, "1415": 3012}
_ZONES |= {"1545": 3013, "1715": 3014, "1845": 3015, "2015": 3016, "2145": 3017, "2315": 3018}
_NORTHINGS, _EASTINGS = (6_000_000, 8_000_000), (0, 2_000_000)
"""Metres of projected coordinates in Sweden: no northing is an easting, so their order can't be mistaken."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a table's rows are placed; all None when they are not."""

    geometry: str | None = None
    srid: int | None = None
    x: str | None = None
    y: str | None = None
    crs: str | None = None
    decimal: str | None = None
    notes: tuple[Note, ...] = ()

    @property
    def kind(self) -> str | None:
        """The kind of geometry to come."""
        if self.geometry is not None:
            return "Unknown"
        return "Point" if self.x is not None else None


def plan_places(
    names: tuple[str, ...], data: list[list[str | None]], titles: str, options: TableOptions, name: str
) -> Plan:
    """How the table's rows are placed, from its names, its first rows and what the caller says.

    Raises
    ------
    Invalid
        A column that the caller names is not there, or several columns hold geometries.
    """
    columns = {title: [row[place] for row in data] for place, title in enumerate(names)}
    for wanted in (options.x, options.y, options.geometry):
        if wanted is not None and wanted not in columns:
            raise Invalid(f"{name} has no column '{wanted}'. It has {', '.join(names)}.", where="column")
    geometry = options.geometry or (None if options.x else _geometry_column(columns, name))
    if geometry is not None:
        return _by_geometry(geometry, columns[geometry], titles)
    return _by_coordinates(columns, titles, options)


def _geometry_column(columns: dict[str, list[str | None]], name: str) -> str | None:
    found = []
    for title, values in columns.items():
        told = [value for value in values if value]
        if told and all(_WKT.match(value) or _HEX.fullmatch(value) for value in told):
            found.append(title)
    if len(found) > 1:
        raise Invalid(
            f"{name} has several columns of geometries: {', '.join(found)}.",
            hint="Name the one that is meant with --geometry-column.",
            where=name,
        )
    return found[0] if found else None


def _by_geometry(title: str, values: list[str | None], titles: str) -> Plan:
    srid = next((found for value in values if value and (found := _srid(value))), None)
    if srid is not None:
        return Plan(geometry=title, srid=srid, crs=crs_code(f"EPSG:{srid}"))
    crs, notes = _stated_crs(f"{titles} {title}")
    return Plan(geometry=title, crs=crs, notes=notes)


def _srid(value: str) -> int | None:
    """The SRID of EWKT or hexadecimal EWKB; None when it states none or 0."""
    matched = _WKT.match(value)
    if matched is not None:
        return int(matched.group(1)) or None if matched.group(1) else None
    raw = bytes.fromhex(value.strip()[:18])
    order = "little" if raw[0] == 1 else "big"
    flagged = int.from_bytes(raw[1:5], order) & 0x20000000  # type: ignore[arg-type]
    return int.from_bytes(raw[5:9], order) or None if flagged else None  # type: ignore[arg-type]


def _by_coordinates(columns: dict[str, list[str | None]], titles: str, options: TableOptions) -> Plan:
    pairs = _pairs(columns, options)
    if not pairs:
        text = (
            "No column holds shapes or coordinates: say which do (--x-column, --y-column, --geometry-column)."
        )
        return Plan(notes=(note("geometry_missing", text),))
    x, y, ambiguous = pairs[0]
    notes: list[Note] = []
    if len(pairs) > 1:
        text = f"The coordinates were taken from {x} and {y}; {', '.join(' and '.join(p[:2]) for p in pairs[1:])} "
        notes.append(
            note("coordinates_chosen", text + "could be meant too. Say --x-column and --y-column.", field=x)
        )
    crs, told = _stated_crs(f"{titles} {x} {y}")
    swapped, why = _order(columns, x, y, titles, options, ambiguous=ambiguous)
    if swapped:
        notes.append(note("axis_order", f"{x} was taken as northing and {y} as easting: {why}.", field=x))
        x, y = y, x
    return Plan(x=x, y=y, crs=crs, decimal=options.decimal, notes=(*notes, *told))


def _pairs(columns: dict[str, list[str | None]], options: TableOptions) -> list[tuple[str, str, bool]]:
    """Pairs of x and y columns with at least one number each, the fullest first."""
    if options.x is not None and options.y is not None:
        return [(options.x, options.y, False)]
    plain = {re.sub(r"[^\wåäö]|_", "", title.casefold()): title for title in reversed(columns)}
    found = []
    for rank, (x_name, y_name, ambiguous) in enumerate(_PAIRS):
        x = next((title for told, title in plain.items() if re.fullmatch(x_name, told)), None)
        y = next((title for told, title in plain.items() if re.fullmatch(y_name, told)), None)
        if x is None or y is None:
            continue
        full = min(_numbers(columns[x]).size, _numbers(columns[y]).size)
        if full or not columns[x]:
            found.append((-full, rank, x, y, ambiguous))
    return [(x, y, ambiguous) for *_, x, y, ambiguous in sorted(found)]


def _numbers(values: list[str | None]) -> NDArray[np.float64]:
    told = as_numbers(values, None)
    return told[np.isfinite(told)]


def _order(
    columns: dict[str, list[str | None]],
    x: str,
    y: str,
    titles: str,
    options: TableOptions,
    *,
    ambiguous: bool,
) -> tuple[bool, str]:
    """Whether x and y are northing and easting, and why."""
    if options.axis_order is not None:
        return options.axis_order == "yx", "so it was given"
    if not ambiguous:
        return False, ""
    if _X_IS_NORTH.search(titles) or _X_IS_NORTH.search(f"{x} {y}"):
        return True, "the table says so"
    first, second = _numbers(columns[x]), _numbers(columns[y])
    if first.size and second.size and _within(first, _NORTHINGS) and _within(second, _EASTINGS):
        return True, "all lie where Swedish northings and eastings in metres lie, as surveying has it"
    return False, ""


def _within(values: NDArray[np.float64], span: tuple[int, int]) -> bool:
    return bool((values >= span[0]).all() and (values <= span[1]).all())


def _stated_crs(text: str) -> tuple[str | None, tuple[Note, ...]]:
    """The CRS that the table's title or column names state in words; None when none or several."""
    found: dict[str, str] = {}
    for pattern, code in _STATED:
        for hit in pattern.finditer(text):
            found.setdefault(code or f"EPSG:{hit.group(1)}", hit.group())
    for hit in _ZONE.finditer(text):
        if hit.group(1) + hit.group(2) in _ZONES:
            found.setdefault(f"EPSG:{_ZONES[hit.group(1) + hit.group(2)]}", hit.group())
    if len(found) != 1:
        return None, ()
    code, words = next(iter(found.items()))
    if crs_code(code) is None:
        return None, ()
    return code, (
        note("crs_from_text", f"The table says '{words}', which is {crs_name(code)}.", value=words),
    )


def as_numbers(values: list[str | None], decimal: str | None) -> NDArray[np.float64]:
    """Coordinates as numbers, NaN where a cell is none; a decimal comma and grouped digits are understood."""
    made = np.full(len(values), np.nan)
    for place, value in enumerate(values):
        if value is None:
            continue
        bare = re.sub(r"[\s\u00a0\u202f]", "", value)
        if decimal != "." and re.fullmatch(r"[-+]?\d+,\d+", bare):
            bare = bare.replace(",", ".")
        try:
            made[place] = float(bare) if "_" not in bare else np.nan
        except ValueError:
            continue
    return made


def places(columns: dict[str, pa.Array], plan: Plan, first_row: int) -> tuple[pa.Array, list[Note]]:
    """The WKB of a batch's rows, null where a row has none, with notes on those that can't be read."""
    rows = len(next(iter(columns.values()), ()))
    if plan.geometry is not None:
        return _shapes(columns[plan.geometry], plan, first_row)
    if plan.x is None or plan.y is None:
        return pa.nulls(rows, pa.binary()), []
    return _points(columns[plan.x].to_pylist(), columns[plan.y].to_pylist(), plan, first_row)


def _points(
    x_told: list[str | None], y_told: list[str | None], plan: Plan, first_row: int
) -> tuple[pa.Array, list[Note]]:
    x, y = as_numbers(x_told, plan.decimal), as_numbers(y_told, plan.decimal)
    given = np.isfinite(x) & np.isfinite(y)
    values = np.full(len(x), None, dtype=object)
    values[given] = shapely.to_wkb(shapely.points(x[given], y[given]), byte_order=1)
    notes = []
    for place in np.flatnonzero(~given):
        for title, told, number in ((plan.x, x_told[place], x[place]), (plan.y, y_told[place], y[place])):
            if told is not None and not np.isfinite(number):
                text = f"The coordinate in {title} is no number; the row has no place."
                notes.append(
                    note("coordinate_unreadable", text, row=first_row + int(place), field=title, value=told)
                )
    return pa.array(values, pa.binary()), notes


def _shapes(told: pa.Array, plan: Plan, first_row: int) -> tuple[pa.Array, list[Note]]:
    """WKB of a column of WKT or hexadecimal WKB: plain WKT at one go, the rest cell by cell."""
    values = np.full(len(told), None, dtype=object)
    plain = pc.match_substring_regex(told, _PLAIN_WKT).fill_null(False).to_numpy(zero_copy_only=False)
    if plain.any():
        shapes = shapely.from_wkt(told.to_numpy(zero_copy_only=False)[plain], on_invalid="ignore")
        values[plain] = shapely.to_wkb(shapes, byte_order=1, flavor="iso")
    missing = pc.is_valid(told).to_numpy(zero_copy_only=False) & np.array(
        [value is None for value in values], bool
    )
    notes: list[Note] = []
    for place in np.flatnonzero(missing):
        cell = str(told[place])
        values[place], problem = _shape(cell, plan)
        if problem is not None:
            code, text = problem
            notes.append(note(code, text, row=first_row + int(place), field=plan.geometry, value=cell))
    return pa.array(values, pa.binary()), notes


def _shape(value: str, plan: Plan) -> tuple[bytes | None, tuple[str, str] | None]:
    """WKB of one cell, and what is to be told of it."""
    is_hex = _HEX.fullmatch(value) is not None
    srid = _srid(value) if is_hex or _WKT.match(value) else None
    if srid is not None and srid != plan.srid:
        return None, ("srid_differs", f"The shape names SRID {srid}, the first {plan.srid}; one CRS a file.")
    try:
        made, has_arcs = _from_hex(value) if is_hex else _from_wkt(value)
    except (shapely.errors.ShapelyError, UnknownShape, ValueError) as error:
        said = str(error).split("\n")[0].removeprefix("ParseException: ")
        return None, ("geometry_unreadable", f"The shape can't be read: {said[:200]}")
    text = "Arcs were replaced by chords of at most one degree (0.005 % of a circle's area)."
    return made, ("curve_linearised", text) if has_arcs else None


def _from_hex(value: str) -> tuple[bytes, bool]:
    raw = bytes.fromhex(value.strip())
    try:
        made: bytes = shapely.to_wkb(shapely.from_wkb(raw), byte_order=1, flavor="iso")
    except NotImplementedError:  # shapely has no curves
        chords, arcs = linearise(raw)
        return chords, arcs > 0
    return made, False


def _from_wkt(value: str) -> tuple[bytes, bool]:
    bare = re.sub(r"(?i)^\s*SRID=\d+;", "", value)
    if _CURVED.search(bare[:200]):
        return shapely.to_wkb(curve_from_wkt(bare), byte_order=1), "CIRCULAR" in bare.upper()
    return shapely.to_wkb(shapely.from_wkt(bare), byte_order=1, flavor="iso"), False
