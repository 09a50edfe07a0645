"""Spatial operators and measures in SQL. A shape is bound as bytes in the CRS of the column, so its index serves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import shapely
from sqlalchemy import Boolean, Double, Integer, LargeBinary, and_, case, cast, func, literal, not_, true

from landbank.domain.filter import Call, Literal, Node, Property, Shape
from landbank.geo.crs import LONLAT, TILE
from landbank.store.relation import Sql

TOLERANCE_M = 0.05
"""Within this on the map (EPSG:3857) two shapes are equal: coordinates go out rounded to about a centimetre."""
FARTHEST_M = 500_000.0
"""Up to this distance an index finds what is near; a box around more is of no use."""

BOX_ROUNDING_M = 4.0
"""More than the bounding boxes that PostGIS keeps are rounded by (float32) as far north and east as Sweden lies."""

postgis: Any = func.public
"""PostGIS by the schema that it lies in."""


def place(shape: Shape) -> Sql:
    """The placed shape, bound."""
    return postgis.st_geomfromwkb(  # type: ignore[no-any-return]
        literal(shapely.to_wkb(shape.geometry), LargeBinary()), literal(shape.srid, Integer())
    )


def spatial(node: Call, left: Sql, right: Sql) -> Sql:
    """The operator between two geometries."""
    if node.op == "s_disjoint":
        return not_(_meet(node, left, right))
    if node.op == "s_intersects":
        return _meet(node, left, right)
    shapes = [arg for arg in node.args if isinstance(arg, Shape)]
    if node.op == "s_equals" and len(shapes) == 1 and shapes[0].srid == TILE:
        return _almost_equal(left, right)
    return _claim(f"st_{node.op.removeprefix('s_')}", left, right)


def _meet(node: Call, left: Sql, right: Sql) -> Sql:
    """Whether two geometries have a point in common; what lies well within a box is not looked at more closely."""
    one, other = node.args
    if isinstance(one, Shape):
        one, other, left, right = other, one, right, left
    if not (isinstance(one, Property) and isinstance(other, Shape) and other.srid == TILE):
        return _claim("st_intersects", left, right)
    within = left.op("OPERATOR(public.@)", return_type=Boolean())(place(_well_within(other)))
    exact = func.landbank.meets(left, right, type_=Boolean())
    return and_(_touches(left, right), case((within, true()), else_=exact))


def _well_within(shape: Shape) -> Shape:
    """The box whose inhabitants certainly meet the shape: a smaller one if that is a box itself, or an empty one."""
    west, south, east, north = shape.geometry.bounds
    is_box = shape.geometry.geom_type == "Polygon" and shape.geometry.equals(
        shapely.box(*shape.geometry.bounds)
    )
    inner = shapely.box(
        west + BOX_ROUNDING_M, south + BOX_ROUNDING_M, east - BOX_ROUNDING_M, north - BOX_ROUNDING_M
    )
    is_wide = min(east - west, north - south) > 2 * BOX_ROUNDING_M
    return replace(shape, geometry=inner if is_box and is_wide else shapely.Polygon())


def _almost_equal(left: Sql, right: Sql) -> Sql:
    """Equal as far as delivered coordinates tell."""
    distance = postgis.st_hausdorffdistance(left, right, type_=Double())
    return and_(_touches(left, postgis.st_expand(right, TOLERANCE_M)), distance <= TOLERANCE_M)


def geography(value: Sql) -> Sql:
    """The geometry on the ellipsoid."""
    return postgis.geography(postgis.st_transform(value, LONLAT))  # type: ignore[no-any-return]


def within_m(node: Call, left: Sql, right: Sql, metres: Sql, *, outline: Sql) -> Sql:
    """Whether two places on the ellipsoid are at most so many metres apart; an index finds what is near a shape."""
    exact = _claim("st_dwithin", left, right, cast(metres, Double))
    near = _shape_and_distance(node.args)
    if near is None:
        return exact
    shape, distance = near
    around = postgis.st_buffer(geography(place(shape)), literal(1.02 * distance + 1, Double()))
    box = postgis.st_transform(postgis.geometry(around), literal(shape.srid, Integer()))
    return and_(_touches(outline, postgis.st_envelope(box)), exact)


def _shape_and_distance(args: tuple[Node, ...]) -> tuple[Shape, float] | None:
    shapes = [arg for arg in args if isinstance(arg, Shape)]
    distance = args[2]
    if len(shapes) != 1 or not isinstance(distance, Literal) or not isinstance(distance.value, int | float):
        return None
    return (shapes[0], float(distance.value)) if 0 <= distance.value <= FARTHEST_M else None


def _touches(column: Sql, box: Sql) -> Sql:
    """Whether the bounding boxes touch, as an index tells."""
    return column.op("OPERATOR(public.&&)", return_type=Boolean())(box)


def _claim(name: str, *args: Sql) -> Sql:
    return getattr(postgis, name)(*args, type_=Boolean())  # type: ignore[no-any-return]
