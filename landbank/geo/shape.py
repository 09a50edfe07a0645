"""Makes plots' shapes fit for the inventory, many at a time, and says of each what was done to it.

Shapes leave as valid 2-D polygons in EPSG:3006 in a normal form (a MultiPolygon only where there are several parts):
the same ground has the same coordinates in the same order, whatever ring, start and direction it was drawn with.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from shapely import GeometryType as Kind

from landbank.geo.area import geodesic_area_m2, ring_areas_m2
from landbank.geo.crs import LONLAT, STORAGE, Geometries, reproject, reproject_places
from landbank.geo.rings import Rings, single_rings

MAX_VERTICES = 100_000
SMALLEST_M2 = 1.0
SLIVER_WIDTH_M = 0.5
"""Twice the area over the perimeter: about the width of a long thin shape."""

Rows = NDArray[np.int64]
Flags = NDArray[np.bool_]

LINES = (Kind.LINESTRING, Kind.LINEARRING, Kind.MULTILINESTRING)
POINTS = (Kind.POINT, Kind.MULTIPOINT)
AREAS = (Kind.POLYGON, Kind.MULTIPOLYGON)


def is_none(values: NDArray[np.object_]) -> Flags:
    """Which values are None."""
    return np.asarray(np.equal(values, np.array(None, dtype=object)), dtype=bool)


@dataclass(frozen=True, slots=True)
class Mark:
    """What was found about some rows (positions in the array), with one text for each."""

    code: str
    rows: Rows
    texts: tuple[str, ...]


@dataclass(slots=True)
class Shapes:
    """Shapes on their way into the inventory; row i of every array belongs together."""

    geometry: Geometries
    """Source geometries first, after `clean` polygons in EPSG:3006; None for points and refused rows."""
    is_refused: Flags
    is_point: Flags
    location: NDArray[np.float64]
    """(n, 2) EPSG:3006; inside the polygon, or the point itself; NaN where refused."""
    area_m2: NDArray[np.float64]
    """Geodesic; NaN for points and refused rows."""
    marks: list[Mark] = field(default_factory=list)
    rings: Rings | None = None
    """After `clean`: the outlines that are one ring, in EPSG:3006."""
    ring_lonlat: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 2)))
    """The same coordinates in degrees (WGS 84)."""

    def mark(self, code: str, rows: Flags | Rows, texts: str | list[str], *, refuse: bool = False) -> None:
        """Note a code for rows that are not refused yet, and refuse them where told."""
        where = np.flatnonzero(rows) if rows.dtype == np.bool_ else np.asarray(rows, dtype=np.int64)
        if len(where) == 0:
            return
        told = (texts,) * len(where) if isinstance(texts, str) else tuple(texts)
        self.marks.append(Mark(code, where, told))
        if refuse:
            self.is_refused[where] = True
            self.geometry[where] = None

    @property
    def alive(self) -> Flags:
        """Rows that are not refused."""
        return ~self.is_refused


def read_shapes(wkb: NDArray[np.object_]) -> Shapes:
    """The shapes of WKB values (None where a row has none), 2-D and finite, still in the source CRS.

    Rings that are not closed are closed; what can't be read, is empty or has NaN or infinite coordinates is refused.
    """
    with np.errstate(invalid="ignore"):  # a NaN coordinate raises the flag, and is refused below
        geometry = np.atleast_1d(np.asarray(shapely.from_wkb(wkb, on_invalid="ignore"), dtype=object))
        n = len(geometry)
        shapes = Shapes(
            geometry, np.zeros(n, bool), np.zeros(n, bool), np.full((n, 2), np.nan), np.full(n, np.nan)
        )
        is_given = ~is_none(wkb)
        shapes.mark("no_geometry", ~is_given, "The row has no geometry.", refuse=True)
        _close_rings(shapes, wkb, is_given & shapely.is_missing(geometry))
        _flatten(shapes)
        _refuse_not_finite(shapes)
        shapes.mark(
            "empty_geometry",
            shapely.is_empty(shapes.geometry) & shapes.alive,
            "The geometry is empty: it has no coordinates.",
            refuse=True,
        )
        return shapes


def _close_rings(shapes: Shapes, wkb: NDArray[np.object_], unread: Flags) -> None:
    rows = np.flatnonzero(unread)
    if len(rows) == 0:
        return
    fixed = np.asarray(shapely.from_wkb(wkb[rows], on_invalid="fix"), dtype=object)
    is_read = ~shapely.is_missing(fixed)
    shapes.geometry[rows[is_read]] = fixed[is_read]
    shapes.mark("unclosed_ring", rows[is_read], "A ring did not end where it begins; it was closed.")
    shapes.mark("unreadable_geometry", rows[~is_read], "The geometry is not valid WKB.", refuse=True)


def _flatten(shapes: Shapes) -> None:
    has_height = shapely.has_z(shapes.geometry) | shapely.has_m(shapes.geometry)
    if has_height.any():
        shapes.geometry[has_height] = shapely.force_2d(shapes.geometry[has_height])
        shapes.mark("height_dropped", has_height, "Heights or measures (Z, M) were left out.")


def _refuse_not_finite(shapes: Shapes) -> None:
    coordinates, owner = shapely.get_coordinates(shapes.geometry, return_index=True)
    bad = ~np.isfinite(coordinates).all(axis=1)
    if bad.any():
        rows = np.unique(owner[bad])
        shapes.mark("not_finite", rows, "A coordinate is NaN or infinite.", refuse=True)


def clean(shapes: Shapes, crs: CRS | int) -> Shapes:
    """The same shapes as polygons of the storage CRS in normal form, with area and location; changed in place.

    Invalid polygons are repaired (both areas stand in the mark), closed lines become polygons, of collections the
    polygons are kept; open lines, several points, shapes without area and with more than 100 000 vertices are
    refused. `crs` is the CRS of the coordinates, x before y.
    """
    _to_areas_and_points(shapes)
    shapes.geometry = reproject(shapes.geometry, crs, STORAGE)
    _refuse_not_finite(shapes)
    _refuse_too_detailed(shapes)
    _take_points(shapes)
    _drop_repeated_points(shapes)
    _repair(shapes)
    _to_normal_form(shapes)
    _measure(shapes)
    _mark_slivers(shapes)
    return shapes


def _to_areas_and_points(shapes: Shapes) -> None:
    kinds = shapely.get_type_id(shapes.geometry)
    _open_collections(shapes, kinds == Kind.GEOMETRYCOLLECTION)
    kinds = shapely.get_type_id(shapes.geometry)
    _close_lines(shapes, np.isin(kinds, LINES))
    kinds = shapely.get_type_id(shapes.geometry)
    several = (kinds == Kind.MULTIPOINT) & (shapely.get_num_geometries(shapes.geometry) > 1)
    shapes.mark("not_an_area", several, "The row has several points; a plot has one place.", refuse=True)


def _open_collections(shapes: Shapes, collections: Flags) -> None:
    for row in np.flatnonzero(collections):
        parts = _leaves(shapes.geometry[row])
        areas = [part for part in parts if part.geom_type == "Polygon"]
        if areas and len(areas) < len(parts):
            shapes.mark("parts_dropped", np.array([row]), [_dropped(parts)])
        if areas:
            shapes.geometry[row] = shapely.MultiPolygon(areas)
        elif len(parts) == 1:
            shapes.geometry[row] = parts[0]
        else:
            shapes.mark("not_an_area", np.array([row]), "The collection holds no polygon.", refuse=True)


def _leaves(geometry: Any) -> list[Any]:
    if not hasattr(geometry, "geoms"):
        return [] if geometry.is_empty else [geometry]
    return [leaf for part in geometry.geoms for leaf in _leaves(part)]


def _dropped(parts: list[Any]) -> str:
    others = [part.geom_type for part in parts if part.geom_type != "Polygon"]
    return f"Of a collection only the polygons were kept; {len(others)} other parts ({others[0]} ..) were left out."


def _close_lines(shapes: Shapes, lines: Flags) -> None:
    rows = np.flatnonzero(lines)
    if len(rows) == 0:
        return
    parts, owner = shapely.get_parts(shapes.geometry[rows], return_index=True)
    is_ring = shapely.is_closed(parts) & (shapely.get_num_points(parts) >= 4)
    is_open = np.isin(np.arange(len(rows)), owner[~is_ring])
    shapes.mark("open_line", rows[is_open], "The row is an open line, not an area.", refuse=True)
    closed = rows[~is_open]
    if len(closed) == 0:
        return
    keep = ~is_open[owner]
    place = np.cumsum(~is_open) - 1
    xy, line = shapely.get_coordinates(parts[keep], return_index=True)
    rings: Any = shapely.polygons(shapely.linearrings(xy, indices=line))
    shapes.geometry[closed] = shapely.multipolygons(rings, indices=place[owner[keep]])
    shapes.mark("closed_line", closed, "A closed line was taken as the outline of an area.")


def _refuse_too_detailed(shapes: Shapes) -> None:
    counts = shapely.get_num_coordinates(shapes.geometry)
    rows = np.flatnonzero(counts > MAX_VERTICES)
    shapes.mark(
        "too_many_vertices", rows, [f"The outline has {counts[row]:,} vertices." for row in rows], refuse=True
    )


def _take_points(shapes: Shapes) -> None:
    rows = np.flatnonzero(np.isin(shapely.get_type_id(shapes.geometry), POINTS))
    if len(rows) == 0:
        return
    shapes.location[rows] = shapely.get_coordinates(shapes.geometry[rows])
    shapes.is_point[rows] = True
    shapes.geometry[rows] = None
    shapes.mark("point_only", rows, "The plot is known only as a point: no outline, no computed area.")


def _drop_repeated_points(shapes: Shapes) -> None:
    coordinates, owner = shapely.get_coordinates(shapes.geometry, return_index=True)
    repeats = (coordinates[1:] == coordinates[:-1]).all(axis=1) & (owner[1:] == owner[:-1])
    rows = np.unique(owner[1:][repeats])
    if len(rows) == 0:
        return
    fewer = shapely.remove_repeated_points(shapes.geometry[rows])
    lost = shapely.get_num_coordinates(shapes.geometry[rows]) - shapely.get_num_coordinates(fewer)
    shapes.geometry[rows] = fewer
    told = lost > 0
    shapes.mark(
        "repeated_points", rows[told], [f"{n} points repeat the one before them." for n in lost[told]]
    )


def _repair(shapes: Shapes) -> None:
    rows = np.flatnonzero(~shapely.is_valid(shapes.geometry) & ~shapely.is_missing(shapes.geometry))
    if len(rows) == 0:
        return
    broken = shapes.geometry[rows]
    reasons = shapely.is_valid_reason(broken)
    before = geodesic_area_m2(broken)
    made = shapely.make_valid(broken, method="structure", keep_collapsed=False)
    shapes.geometry[rows] = made
    after = np.nan_to_num(geodesic_area_m2(made))
    texts = [
        f"{reason}: repaired; area {b:,.1f} m² before, {a:,.1f} m² after."
        for reason, b, a in zip(reasons, before, after, strict=True)
    ]
    shapes.mark("repaired_geometry", rows, texts)
    for row in rows[~np.isin(shapely.get_type_id(made), AREAS)]:
        polygons = [part for part in _leaves(shapes.geometry[row]) if part.geom_type == "Polygon"]
        shapes.geometry[row] = shapely.MultiPolygon(polygons) if polygons else None
    gone = np.flatnonzero(shapely.is_missing(shapes.geometry) | shapely.is_empty(shapes.geometry))
    shapes.mark(
        "no_area", np.intersect1d(gone, rows), "Nothing with an area is left of the shape.", refuse=True
    )


def _to_normal_form(shapes: Shapes) -> None:
    is_multi = shapely.get_type_id(shapes.geometry) == Kind.MULTIPOLYGON
    rows = np.flatnonzero(is_multi & (shapely.get_num_geometries(shapes.geometry) == 1))
    if len(rows):
        shapes.geometry[rows] = shapely.get_geometry(shapes.geometry[rows], 0)
    shapes.geometry = np.asarray(shapely.normalize(shapes.geometry), dtype=object)


def _measure(shapes: Shapes) -> None:
    """Give each shape its area and a place on it, and refuse what has no area."""
    rings = shapes.rings = single_rings(shapes.geometry)
    shapes.ring_lonlat = reproject_places(rings.xy, STORAGE, LONLAT)
    is_other = ~shapely.is_missing(shapes.geometry)
    is_other[rings.rows] = False
    others = np.flatnonzero(is_other)
    shapes.area_m2[rings.rows] = ring_areas_m2(rings, shapes.ring_lonlat)
    shapes.area_m2[others] = geodesic_area_m2(shapes.geometry[others])
    is_empty = shapes.alive & ~shapes.is_point & ~(shapes.area_m2 >= SMALLEST_M2)
    shapes.mark("no_area", is_empty, f"The polygon covers less than {SMALLEST_M2:.0f} m².", refuse=True)
    shapes.area_m2[shapes.is_refused] = np.nan
    _locate(shapes, rings, others)


def _mark_slivers(shapes: Shapes) -> None:
    several = np.flatnonzero(shapely.get_num_geometries(shapes.geometry) > 1)
    thin = np.flatnonzero(2 * shapes.area_m2 < SLIVER_WIDTH_M * shapely.length(shapes.geometry))
    rows = np.union1d(several, thin)
    if len(rows) == 0:
        return
    parts, place = shapely.get_parts(shapes.geometry[rows], return_index=True)
    owner = rows[place]
    area = shapely.area(parts)
    width = 2 * area / np.maximum(shapely.length(parts), 1e-9)
    for part in np.flatnonzero((width < SLIVER_WIDTH_M) | (area < SMALLEST_M2)):
        text = f"A part of the outline covers {area[part]:,.2f} m² and is about {width[part]:.2f} m wide."
        shapes.mark("sliver", owner[part : part + 1], [text])


def _locate(shapes: Shapes, rings: Rings, others: Rows) -> None:
    """The centroid where it lies inside, else a point on the surface."""
    _, middles = rings.measured()
    places = np.concatenate((middles, shapely.get_coordinates(shapely.centroid(shapes.geometry[others]))))
    rows = np.concatenate((rings.rows, others))
    kept = ~shapes.is_refused[rows]
    places, rows = places[kept], rows[kept]
    outside = np.flatnonzero(~shapely.contains_xy(shapes.geometry[rows], places[:, 0], places[:, 1]))
    if len(outside):
        places[outside] = shapely.get_coordinates(shapely.point_on_surface(shapes.geometry[rows[outside]]))
    shapes.location[rows] = places
