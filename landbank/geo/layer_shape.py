"""Shapes of reference layers: where they lie, what CRS suits them, and made fit to be asked about."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import GeometryType as Kind

from landbank.geo.crs import LONLAT, STORAGE, Geometries, parse_crs, reproject, transformer

TRUE_WITHIN = (4.0, 50.0, 30.0, 75.0)
"""West, south, east, north in degrees: here EPSG:3006 holds distances to a few per mille and is sure to come back."""
_COLLECTED: dict[int, Any] = {0: shapely.multipoints, 1: shapely.multilinestrings, 2: shapely.multipolygons}

Bounds = tuple[float, float, float, float]


def bounds_lonlat(bounds: Bounds, crs: str) -> Bounds | None:
    """West, south, east, north in degrees of bounds in another CRS; None where PROJ can't place them.

    Bounds that cross 180 degrees come back as the whole circle. They are rounded outwards to a millionth of a degree,
    so that everything lies within them.
    """
    west, south, east, north = transformer(parse_crs(crs), LONLAT).transform_bounds(*bounds)
    if not all(math.isfinite(side) for side in (west, south, east, north)) or max(-south, north) > 90:
        return None
    if west > east:
        west, east = -180.0, 180.0
    return _downwards(west, 180), _downwards(south, 90), -_downwards(-east, 180), -_downwards(-north, 90)


def _downwards(side: float, most: float) -> float:
    return max(math.floor(side * 1e6) / 1e6, -most)


def storage_for(bounds: Bounds) -> int:
    """The CRS to store a layer in: EPSG:3006 where it suits all of it, else EPSG:4326 (longitude, latitude)."""
    west, south, east, north = bounds
    least_west, least_south, most_east, most_north = TRUE_WITHIN
    suits = least_west <= west and east <= most_east and least_south <= south and north <= most_north
    return STORAGE if suits else LONLAT


@dataclass(slots=True)
class Tally:
    """What was done to shapes, counted."""

    repaired: int = 0
    parts_dropped: int = 0
    without_shape: int = 0
    unplaceable: int = 0


def layer_shapes(wkb: NDArray[np.object_], source: str, target: int, tally: Tally) -> Geometries:
    """Valid two-dimensional shapes in the CRS `target`, x before y; None where a row has none or it can't be placed."""
    shapes = np.asarray(shapely.from_wkb(wkb, on_invalid="fix"), dtype=object)
    shapes = np.asarray(shapely.force_2d(shapes), dtype=object)
    shapes[shapely.is_empty(shapes)] = None
    tally.without_shape += int(shapely.is_missing(shapes).sum())
    for row in np.flatnonzero(shapely.get_type_id(shapes) == Kind.GEOMETRYCOLLECTION):
        shapes[row] = _of_highest_dimension(shapes[row], tally)
    moved = _refuse_lost(reproject(shapes, parse_crs(source), target), tally)
    broken = np.flatnonzero(~shapely.is_valid(moved) & ~shapely.is_missing(moved))
    tally.repaired += len(broken)
    for row in broken:
        moved[row] = _of_highest_dimension(shapely.make_valid(moved[row]), Tally())
    return moved


def _refuse_lost(shapes: Geometries, tally: Tally) -> Geometries:
    coordinates, owner = shapely.get_coordinates(shapes, return_index=True)
    lost = np.unique(owner[~np.isfinite(coordinates).all(axis=1)])
    shapes[lost] = None
    tally.unplaceable += len(lost)
    return shapes


def _of_highest_dimension(shape: Any, tally: Tally) -> Any:
    """Of mixed parts those with the most dimensions: no relation is defined for a mixture."""
    if shapely.get_type_id(shape) != Kind.GEOMETRYCOLLECTION:
        return shape
    leaves = _leaves(shape)
    dimensions = [int(shapely.get_dimensions(leaf)) for leaf in leaves]
    most = max(dimensions)
    kept = [leaf for leaf, dimension in zip(leaves, dimensions, strict=True) if dimension == most]
    tally.parts_dropped += len(kept) < len(leaves)
    return _COLLECTED[most](kept)


def _leaves(shape: Any) -> list[Any]:
    if not hasattr(shape, "geoms"):
        return [] if shape.is_empty else [shape]
    return [leaf for part in shape.geoms for leaf in _leaves(part)]
