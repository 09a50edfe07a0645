"""The ground that a document gives a plot: an outline or a place in a stated system, made fit for the inventory."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from shapely.errors import GEOSException

from landbank.domain.plot_content import Fault, InvalidDocument
from landbank.exchange.findings import Finding
from landbank.geo.crs import LONLAT, STORAGE, parse_crs, reproject
from landbank.geo.plausible import OTHER_SYSTEMS, Extent, refuse_misplaced
from landbank.geo.shape import Shapes, clean, read_shapes

SAME_GROUND_M: Final = 0.01
"""Outlines whose corners lie nearer than this are the same: what rounding does to coordinates."""

KINDS: Final = ("Polygon", "MultiPolygon", "Point")
SYSTEM: Final = re.compile(r"^EPSG:(\d{4,5})$")
DECIMALS: Final = {LONLAT: 9}
"""Decimals of coordinates in a document, others than 3: a tenth of a millimetre in degrees, a millimetre in metres."""

AREA_TOLERANCE: Final = 0.02
IMPLAUSIBLE_M2: Final = (100.0, 1e7)

NamePlace = Callable[[tuple[float, float]], str | None]
"""The name of the municipality at a place (x, y in EPSG:3006), None where none is."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A plot's ground in EPSG:3006: its outline (None where only the place is known), a place inside, its area on the
    ellipsoid in m² (None without an outline), and what was noticed while it was read."""

    outline: shapely.MultiPolygon | None
    location: tuple[float, float]
    area_m2: float | None
    findings: tuple[Finding, ...] = ()

    @property
    def wkb(self) -> bytes | None:
        """The outline as the store takes it."""
        return None if self.outline is None else bytes(shapely.to_wkb(self.outline))

    def is_same_as(self, wkb: bytes | None, location: tuple[float, float]) -> bool:
        """Whether it is the stored ground, but for rounding."""
        if self.outline is None or wkb is None:
            return (
                self.outline is None and wkb is None and math.dist(self.location, location) <= SAME_GROUND_M
            )
        stored = shapely.from_wkb(wkb)
        return bool(
            shapely.equals_exact(self.outline, stored, SAME_GROUND_M)
            or shapely.hausdorff_distance(self.outline, stored) <= SAME_GROUND_M
        )


@dataclass(frozen=True, slots=True)
class GroundReader:
    """Reads geometries: `extent` (degrees) bounds where plots may lie, `name_place` helps to tell a mistaken system."""

    extent: tuple[float, float, float, float]
    name_place: NamePlace

    def read(self, geometry: Any, crs: Any, *, pointer: str = "/geometry") -> Ground:
        """The ground of a GeoJSON geometry whose coordinates are x, y in `crs`.

        Raises
        ------
        InvalidDocument
            No system is stated or it is not known, the geometry can't be read, or it lies outside the extent; the
            fault's pointer is `pointer`, or that of `crs` beside it.
        """
        system = read_system(crs, pointer.rpartition("/")[0] + "/crs")
        shapes = read_shapes(np.array([as_wkb(geometry, pointer)], dtype=object))
        refuse_misplaced(shapes, parse_crs(str(system)), Extent(*self.extent), self.names)
        clean(shapes, system)
        if shapes.is_refused[0]:
            raise InvalidDocument([Fault(pointer, shapes.marks[-1].texts[0])])
        return ground_of(shapes)

    def of_outline(self, outline: shapely.Geometry) -> Ground:
        """The ground of an outline that is in EPSG:3006 already, in normal form."""
        shapes = read_shapes(np.array([shapely.to_wkb(outline)], dtype=object))
        clean(shapes, STORAGE)
        return ground_of(shapes)

    def names(self, points: Any) -> list[str | None]:
        """The names of the municipalities at several places."""
        return [self.name_place((float(x), float(y))) for x, y in points]


def ground_of(shapes: Shapes) -> Ground:
    """The ground of the one shape that was read."""
    outline = shapes.geometry[0]
    x, y = shapes.location[0].tolist()
    findings = [
        Finding(mark.code, mark.texts[0], field="geometry")
        for mark in shapes.marks
        if mark.code not in ("repeated_points", "height_dropped")
    ]
    if outline is not None and shapely.get_num_geometries(outline) > 1:
        text = f"The outline has {shapely.get_num_geometries(outline)} pieces that don't touch."
        findings.append(Finding("disjoint_outline", text, field="geometry"))
    area_m2 = None if outline is None else float(shapes.area_m2[0])
    return Ground(outline, (x, y), area_m2, tuple(findings))


def read_system(crs: Any, pointer: str) -> int:
    """The EPSG code of a system that plots are given in."""
    found = SYSTEM.match(crs) if isinstance(crs, str) else None
    code = int(found[1]) if found else None
    if code not in OTHER_SYSTEMS:
        known = ", ".join(f"EPSG:{one}" for one in OTHER_SYSTEMS)
        raise InvalidDocument(
            [Fault(pointer, f"State the coordinate system of the geometry, one of {known}.")]
        )
    return code


def as_wkb(geometry: Any, pointer: str) -> bytes:
    """A GeoJSON geometry as WKB; its kind and its numbers are looked at before any library sees them."""
    if not isinstance(geometry, dict) or geometry.get("type") not in KINDS:
        raise InvalidDocument([Fault(pointer, f"It must be a GeoJSON geometry: {', '.join(KINDS)}.")])
    if not is_numbers(geometry.get("coordinates")):
        raise InvalidDocument([Fault(f"{pointer}/coordinates", "It must be lists of numbers, x before y.")])
    told = {"type": geometry["type"], "coordinates": geometry["coordinates"]}
    try:
        return bytes(shapely.to_wkb(shapely.from_geojson(json.dumps(told))))
    except (GEOSException, ValueError, TypeError) as error:
        raise InvalidDocument([Fault(pointer, f"It can't be read: {str(error)[:200]}.")]) from error


def is_numbers(told: Any, depth: int = 0) -> bool:
    """Whether a value is lists of lists of numbers, no deeper than a multipolygon's."""
    if not isinstance(told, list) or not told or depth > 3:
        return False
    if all(isinstance(one, list) for one in told):
        return all(is_numbers(one, depth + 1) for one in told)
    return len(told) >= 2 and all(
        isinstance(one, int | float) and not isinstance(one, bool) and math.isfinite(one) for one in told
    )


def geometry_document(
    outline: bytes | None, location: tuple[float, float], crs: int = STORAGE
) -> dict[str, Any]:
    """The members `crs`, `geometry` and `location` of a document, in a system of the reader's choice."""
    held = None if outline is None else shapely.from_wkb(outline)
    moved = reproject(np.array([held, shapely.Point(location)], dtype=object), STORAGE, crs)
    decimals = DECIMALS.get(crs, 3)
    geometry, place = (
        None if one is None else rounded(json.loads(shapely.to_geojson(one)), decimals) for one in moved
    )
    return {"crs": f"EPSG:{crs}", "geometry": geometry, "location": place}


def rounded(geometry: dict[str, Any], decimals: int) -> dict[str, Any]:
    """A GeoJSON geometry with so many decimals."""

    def cut(told: Any) -> Any:
        return [cut(one) for one in told] if isinstance(told, list) else round(told, decimals)

    return {"type": geometry["type"], "coordinates": cut(geometry["coordinates"])}


def area_findings(area_m2: float | None, declared_m2: float | None) -> list[Finding]:
    """What an area makes one ask: whether it can be a plot's, and whether it is the one that was declared."""
    if area_m2 is None:
        return []
    found = []
    if not IMPLAUSIBLE_M2[0] <= area_m2 <= IMPLAUSIBLE_M2[1]:
        found.append(Finding("area_implausible", f"The outline covers {area_m2:,.0f} m².", field="geometry"))
    if declared_m2 is not None and abs(declared_m2 - area_m2) > AREA_TOLERANCE * area_m2:
        text = (
            f"Declared {declared_m2:,.0f} m², the outline covers {area_m2:,.0f} m²"
            f" ({(declared_m2 / area_m2 - 1) * 100:+.1f} %)."
        )
        found.append(Finding("area_differs", text, field="area_declared_m2"))
    return found
