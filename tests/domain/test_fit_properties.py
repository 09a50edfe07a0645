"""What holds of fits on any ground: turning, moving, scaling or swapping sides change nothing, less room never helps."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import affinity
from shapely.geometry.base import BaseGeometry

from landbank.domain.fit.footprint import FitAnswer, Footprint
from landbank.domain.fit.ground import prepare
from landbank.domain.fit.search import fit
from landbank.domain.fit.verify import is_placed

DECIDED = (FitAnswer.FITS, FitAnswer.DOES_NOT_FIT)


@st.composite
def zones(draw: Any) -> BaseGeometry:
    """A star-shaped polygon of 4 to 12 corners around (0, 0), 20 to 90 m from it, sometimes with a hole."""
    number = draw(st.integers(4, 12))
    radii = draw(st.lists(st.floats(20, 90), min_size=number, max_size=number))
    angles = np.linspace(0, 2 * math.pi, number, endpoint=False) + draw(st.floats(0, 1))
    zone: BaseGeometry = shapely.Polygon(np.column_stack([radii * np.cos(angles), radii * np.sin(angles)]))
    if draw(st.booleans()):
        zone = zone.difference(shapely.box(-3, -2, draw(st.floats(0, 8)), 4))
    return max(shapely.get_parts(zone), key=lambda part: part.area)


sides = st.tuples(st.floats(5, 120), st.floats(3, 60))


def answer(zone: BaseGeometry, width: float, depth: float) -> FitAnswer:
    """The answer alone."""
    return fit(prepare(zone), Footprint(width, depth)).answer


@settings(max_examples=100, deadline=None)
@given(zones(), sides, st.floats(0, math.pi), st.tuples(st.floats(2e5, 9e5), st.floats(6.1e6, 7.6e6)))
def test_turned_and_moved_ground_gives_no_opposite_answer(
    zone: BaseGeometry, size: tuple[float, float], angle: float, place: tuple[float, float]
) -> None:
    elsewhere = affinity.translate(affinity.rotate(zone, angle, use_radians=True), *place)

    assert {answer(zone, *size), answer(elsewhere, *size)} != set(DECIDED)


@settings(max_examples=60, deadline=None)
@given(zones(), sides, st.floats(0.5, 4))
def test_scaled_ground_and_footprint_give_no_opposite_answer(
    zone: BaseGeometry, size: tuple[float, float], scale: float
) -> None:
    larger = affinity.scale(zone, scale, scale, origin=(0, 0))

    assert {answer(zone, *size), answer(larger, size[0] * scale, size[1] * scale)} != set(DECIDED)


@settings(max_examples=60, deadline=None)
@given(zones(), sides)
def test_width_and_depth_may_be_swapped(zone: BaseGeometry, size: tuple[float, float]) -> None:
    one, other = fit(prepare(zone), Footprint(*size)), fit(prepare(zone), Footprint(*size[::-1]))

    assert (one.answer, one.rectangle, one.proof) == (other.answer, other.rectangle, other.proof)


@settings(max_examples=100, deadline=None)
@given(zones(), sides, st.floats(0.3, 1), st.floats(0.3, 1))
def test_smaller_footprint_fits_where_a_larger_one_does(
    zone: BaseGeometry, size: tuple[float, float], less_wide: float, less_deep: float
) -> None:
    smaller = (max(size[0] * less_wide, 1), max(size[1] * less_deep, 1))

    assert (answer(zone, *size), answer(zone, *smaller)) != (FitAnswer.FITS, FitAnswer.DOES_NOT_FIT)


@settings(max_examples=60, deadline=None)
@given(zones(), sides, st.tuples(st.floats(-50, 50), st.floats(-50, 50)))
def test_less_ground_never_helps(
    zone: BaseGeometry, size: tuple[float, float], lost: tuple[float, float]
) -> None:
    rest = zone.difference(shapely.Point(lost).buffer(10, quad_segs=2))
    parts = [part for part in shapely.get_parts(rest) if part.area > 1]

    assert (answer(shapely.MultiPolygon(parts), *size), answer(zone, *size)) != (
        FitAnswer.FITS,
        FitAnswer.DOES_NOT_FIT,
    )


@settings(max_examples=12, deadline=None)
@given(zones(), sides)
def test_borderline_means_that_five_centimetres_less_fit(
    zone: BaseGeometry, size: tuple[float, float]
) -> None:
    # Grow the footprint evenly up to the edge of what fits, where borderline answers are.
    low, high = 0.02, 4.0
    for _ in range(12):
        middle = (low + high) / 2
        shape = Footprint(max(size[0] * middle, 1), max(size[1] * middle, 1))
        found = fit(prepare(zone), shape)
        if found.answer is FitAnswer.BORDERLINE:
            assert found.rectangle is not None
            less = Footprint(shape.long_m - 0.05, shape.short_m - 0.05)
            assert is_placed(zone.buffer(0.001), found.rectangle, less)
            return
        assert found.answer in DECIDED
        low, high = (middle, high) if found.answer is FitAnswer.FITS else (low, middle)


@settings(max_examples=30, deadline=None)
@given(zones(), sides)
def test_fit_is_the_same_each_time(zone: BaseGeometry, size: tuple[float, float]) -> None:
    assert fit(prepare(zone), Footprint(*size)) == fit(prepare(shapely.from_wkb(zone.wkb)), Footprint(*size))
