"""Whether places meet: what is told from bounding boxes alone is what the exact test tells, to the last half metre."""

from __future__ import annotations

import itertools

import shapely
from sqlalchemy import select

from landbank.domain.filter import Call, Kind, Property, Shape
from landbank.geo.crs import TILE
from landbank.store.filter_places import place, spatial
from landbank.wiring import Landbank

EAST, NORTH = 1_333_000.25, 7_906_000.75
PLOT = shapely.Polygon([(EAST, NORTH), (EAST + 30, NORTH + 3), (EAST + 24, NORTH + 40)])
"""A triangle: its bounding box has corners that it does not fill."""


def test_what_lies_in_a_box_is_what_meets_it(landbank: Landbank) -> None:
    west, south, east, north = PLOT.bounds
    steps = (-6.0, -3.0, -0.5, 0.0, 0.5, 3.0, 6.0)
    boxes = [
        shapely.box(west + a, south + b, east + c, north + d)
        for a, b, c, d in itertools.product(steps, steps, (*steps, -25.0), (0.0, 6.0, -35.0))
    ]
    corners = [
        shapely.box(west - 5, north - step, west + step, north + 5)
        for step in (0.5, 3.0, 6.0, 9.0, 15.0, 25.0)
    ]
    shapes = [
        *boxes,
        *corners,
        shapely.Point(EAST + 1, NORTH + 30),
        shapely.Point(EAST + 20, NORTH + 10),
        PLOT.buffer(9),
    ]
    outline = Property("geometry", at="", kind=Kind.GEOMETRY)
    with landbank.reading() as store:
        for op, chosen in (("s_intersects", shapes), ("s_disjoint", shapes[-20:])):
            told: list[bool] = []
            for start in range(0, len(chosen), 100):  # many in one statement: each would cost a round trip
                bound = [Shape(shape, at="", srid=TILE) for shape in chosen[start : start + 100]]
                left = place(Shape(PLOT, at="", srid=TILE))
                asked = (spatial(Call(op, (outline, one), at=""), left, place(one)) for one in bound)
                told += store.connection.execute(select(*(claim.label(None) for claim in asked))).one()
            assert told == [bool(PLOT.intersects(shape)) is (op == "s_intersects") for shape in chosen]
            assert set(told) == {True, False}
