"""Fits against what is known otherwise: closed forms, limits of simple shapes, and a dense search written here."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from landbank.domain.fit.footprint import Fit, FitAnswer, Footprint, Proof, Reason
from landbank.domain.fit.ground import prepare
from landbank.domain.fit.search import fit
from landbank.domain.fit.verify import is_placed, is_proved
from landbank.errors import Invalid

EAST, NORTH = 320_000.0, 6_400_000.0


def asked(zone: BaseGeometry, width: float, depth: float) -> Fit:
    """The answer, checked without the search: a place by covers, a refusal by its proof."""
    footprint = Footprint(width, depth)
    found = fit(prepare(zone), footprint)
    if found.answer is FitAnswer.FITS:
        assert found.rectangle is not None
        assert is_placed(zone, found.rectangle, footprint)
    if found.answer is FitAnswer.DOES_NOT_FIT:
        assert found.proof is not None
        assert is_proved(zone, footprint, found.proof)
    return found


def fits_in_rectangle(long: float, short: float, a: float, b: float) -> bool:
    """Whether long x short fits in a x b (a >= b).

    Source: W. B. Carver, Solution to problem E 1225, American Mathematical Monthly 64 (1957), 114-116;
    J. E. Wetzel, Rectangles in rectangles, Mathematics Magazine 73 (2000), 204-211.
    """
    if long <= a:
        return short <= b
    diagonal = long**2 + short**2
    if short > b or diagonal < a**2:
        return False
    return b >= (2 * long * short * a + (long**2 - short**2) * math.sqrt(diagonal - a**2)) / diagonal


def turned_box(a: float, b: float, angle: float) -> BaseGeometry:
    """An a x b rectangle somewhere in the region, turned by an angle in radians."""
    corners = np.array([[0, 0], [a, 0], [a, b], [0, b]])
    cosine, sine = math.cos(angle), math.sin(angle)
    return shapely.Polygon(corners @ np.array([[cosine, sine], [-sine, cosine]]) + np.array([EAST, NORTH]))


def test_rectangles_fit_in_rectangles_as_the_closed_form_says() -> None:
    rng = np.random.default_rng(11)
    told: Counter[tuple[bool, bool]] = Counter()
    for number in range(150):
        a = rng.uniform(40, 250)
        b = a * rng.uniform(0.15, 1)
        ratio = rng.uniform(0.04, 0.12) if number % 2 else rng.uniform(0.1, 1)
        low, high = 1.0, 1_000.0
        while high - low > 1e-9:
            middle = (low + high) / 2
            low, high = (middle, high) if fits_in_rectangle(middle, middle * ratio, a, b) else (low, middle)
        # Sides 6 cm or 1 to 20 % off the limit, so that the tolerance of 5 cm decides nothing.
        off = max(0.06 / (low * ratio), rng.uniform(0.01, 0.2) * (number % 3 > 0))
        long = low * (1 - off if number % 5 < 3 else 1 + off)
        if long * ratio < 1:
            continue
        wanted = fits_in_rectangle(long, long * ratio, a, b)
        found = asked(turned_box(a, b, rng.uniform(0, math.pi)), long, long * ratio)
        assert (found.answer is FitAnswer.FITS) == wanted, (a, b, long, long * ratio, found)
        assert (found.answer is FitAnswer.DOES_NOT_FIT) == (not wanted)
        told[wanted, long > a] += 1
    assert all(told[key] >= 5 for key in ((True, True), (True, False), (False, True), (False, False))), told


@pytest.mark.parametrize(
    ("side", "answer"),
    [(113.0, FitAnswer.FITS), (113.16, FitAnswer.BORDERLINE), (113.25, FitAnswer.DOES_NOT_FIT)],
)
def test_square_in_a_circle_is_limited_by_the_diameter(side: float, answer: FitAnswer) -> None:
    # The circle of radius 80 m drawn with 1 024 corners holds the square of side 80 times the root of 2, 113.137 m.
    circle = shapely.Point(EAST, NORTH).buffer(80, quad_segs=256)

    assert asked(circle, side, side).answer is answer


@pytest.mark.parametrize(
    ("width", "depth", "answer"),
    [
        (99.9, 39.9, FitAnswer.FITS),
        (39.9, 99.9, FitAnswer.FITS),
        (39.9, 39.9, FitAnswer.FITS),
        # Past the inner corner at 45 degrees there is room for 80 x root 2 - 2 x 5 = 103.1 m by 5 m.
        (103, 5, FitAnswer.FITS),
        (100, 40, FitAnswer.BORDERLINE),
        (40.1, 40.1, FitAnswer.DOES_NOT_FIT),
        (101, 39, FitAnswer.DOES_NOT_FIT),
        (99, 41, FitAnswer.DOES_NOT_FIT),
    ],
)
def test_l_shape_holds_what_an_arm_holds(width: float, depth: float, answer: FitAnswer) -> None:
    arms = [
        shapely.box(EAST, NORTH, EAST + 100, NORTH + 40),
        shapely.box(EAST, NORTH, EAST + 40, NORTH + 100),
    ]

    assert asked(shapely.union_all(arms), width, depth).answer is answer


@pytest.mark.parametrize(
    ("width", "depth", "answer"),
    [(99, 29, FitAnswer.FITS), (69, 31, FitAnswer.DOES_NOT_FIT), (99.9, 20, FitAnswer.FITS)],
)
def test_hole_is_no_ground(width: float, depth: float, answer: FitAnswer) -> None:
    # A hole of 40 x 40 m in the middle of 100 x 100 m leaves a ring 30 m wide.
    ring = shapely.box(EAST, NORTH, EAST + 100, NORTH + 100).difference(
        shapely.box(EAST + 30, NORTH + 30, EAST + 70, NORTH + 70)
    )

    assert asked(ring, width, depth).answer is answer


def test_smallest_hole_in_the_way_is_seen() -> None:
    ground = shapely.box(EAST, NORTH, EAST + 100, NORTH + 60)
    pierced = ground.difference(shapely.box(EAST + 50, NORTH + 30, EAST + 50.5, NORTH + 30.5))

    assert asked(ground, 90, 55).answer is FitAnswer.FITS
    assert asked(pierced, 90, 55).answer is FitAnswer.DOES_NOT_FIT
    assert asked(pierced, 90, 29).answer is FitAnswer.FITS


def test_hole_stops_a_long_building_and_not_a_short_one() -> None:
    corridor = shapely.box(EAST, NORTH, EAST + 100, NORTH + 12).difference(
        shapely.box(EAST + 49.5, NORTH + 5.5, EAST + 50.5, NORTH + 6.5)
    )

    assert asked(corridor, 90, 8).answer is FitAnswer.DOES_NOT_FIT
    assert asked(corridor, 49, 8).answer is FitAnswer.FITS
    assert asked(corridor, 90, 5).answer is FitAnswer.FITS


def test_parts_of_a_plot_are_not_added_together() -> None:
    parts = shapely.MultiPolygon(
        [
            shapely.box(EAST, NORTH, EAST + 50, NORTH + 50),
            shapely.box(EAST + 60, NORTH, EAST + 120, NORTH + 50),
        ]
    )

    assert asked(parts, 80, 40).answer is FitAnswer.DOES_NOT_FIT
    assert asked(parts, 59, 49).answer is FitAnswer.FITS


def test_crack_of_a_few_millimetres_is_borderline_and_never_a_no() -> None:
    cracked = shapely.MultiPolygon(
        [
            shapely.box(EAST, NORTH, EAST + 50, NORTH + 50),
            shapely.box(EAST + 50.005, NORTH, EAST + 120, NORTH + 50),
        ]
    )

    assert asked(cracked, 100, 40).answer is FitAnswer.BORDERLINE
    assert asked(cracked, 65, 40).answer is FitAnswer.FITS
    assert asked(cracked, 121, 40).answer is FitAnswer.DOES_NOT_FIT


def test_footprint_of_just_the_size_of_the_plot_is_borderline() -> None:
    found = asked(turned_box(100, 40, 0.3), 100, 40)

    assert found.answer is FitAnswer.BORDERLINE
    assert found.rectangle is not None
    assert (found.rectangle.long_m, found.rectangle.short_m) == pytest.approx((99.95, 39.95))
    assert turned_box(100.01, 40.01, 0.3).buffer(0.02).covers(found.rectangle.outline())


def test_rounding_is_never_taken_for_room() -> None:
    # A nanometre of room is about what coordinates of six million metres are rounded to: a place may stick out, and
    # `asked` lays each place that is told on the zone again.
    answers = {
        asked(turned_box(100, 40, 0.05 * turn + 0.01), 100 - 1e-9, 40 - 1e-9).answer for turn in range(15)
    }

    assert answers == {FitAnswer.FITS, FitAnswer.BORDERLINE}


def test_search_that_is_stopped_says_neither_yes_nor_no() -> None:
    # 100.03 x 40 m would be borderline; five angles are too few to see it.
    zone = turned_box(100, 40, 0.3).union(shapely.Point(EAST - 100, NORTH).buffer(3, quad_segs=64))

    assert fit(prepare(zone), Footprint(100.03, 40), most_tried=5).answer is FitAnswer.UNDECIDED


@pytest.mark.parametrize("width", [1e-9, 0.0, -1.0, math.nan, math.inf, 5_001.0])
def test_footprint_that_is_none_is_refused(width: float) -> None:
    with pytest.raises(Invalid):
        Footprint(width, 10)


def test_nothing_fits_where_nothing_may_be_built_on() -> None:
    found = fit(prepare(shapely.Polygon()), Footprint(10, 10))

    assert (found.answer, found.proof) == (FitAnswer.DOES_NOT_FIT, Proof(Reason.NO_GROUND))


def random_zone(rng: np.random.Generator) -> BaseGeometry:
    """A star-shaped polygon of 5 to 24 corners, and in every third a hole."""
    number = int(rng.integers(5, 25))
    angles = np.sort(rng.uniform(0, 2 * math.pi, number))
    radii = rng.uniform(25, 100, number)
    zone: BaseGeometry = shapely.Polygon(np.column_stack([radii * np.cos(angles), radii * np.sin(angles)]))
    if number % 3 == 0:
        zone = zone.difference(shapely.Point(rng.uniform(-20, 20, 2)).buffer(6, quad_segs=2))
    largest = max(shapely.get_parts(shapely.buffer(zone, 0)), key=lambda part: part.area)
    return shapely.transform(largest, lambda points: points + np.array([EAST, NORTH]))


def found_densely(zone: BaseGeometry, width: float, depth: float) -> bool:
    """Whether the rectangle was found by laying it at every second degree on a grid of 32 x 32 centres."""
    x0, y0, x1, y1 = zone.bounds
    x, y = (part.ravel() for part in np.meshgrid(np.linspace(x0, x1, 32), np.linspace(y0, y1, 32)))
    shapely.prepare(zone)
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * np.array([width / 2, depth / 2])
    for angle in np.radians(np.arange(0, 180, 2)):
        cosine, sine = math.cos(angle), math.sin(angle)
        turned = corners @ np.array([[cosine, sine], [-sine, cosine]])
        kept = np.ones(len(x), dtype=bool)
        for right, up in turned:
            kept[kept] = shapely.contains_xy(zone, x[kept] + right, y[kept] + up)
        boxes = np.column_stack([x[kept], y[kept]])[:, None, :] + turned
        if len(boxes) and shapely.covers(zone, shapely.polygons(boxes)).any():
            return True
    return False


def test_nothing_that_a_dense_search_finds_is_missed_on_random_ground() -> None:
    rng = np.random.default_rng(7)
    told: Counter[tuple[FitAnswer, bool]] = Counter()
    for _ in range(60):
        zone = random_zone(rng)
        ratio = rng.uniform(0.2, 1)
        width = math.sqrt(zone.area * rng.uniform(0.05, 0.5) / ratio)
        found = asked(zone, width, width * ratio)
        told[found.answer, found_densely(zone, width, width * ratio)] += 1

    # Every answer was certified by `asked`; none is a no where the dense search has a place, and few are open.
    assert told[FitAnswer.DOES_NOT_FIT, True] == 0
    assert told[FitAnswer.BORDERLINE, True] + told[FitAnswer.UNDECIDED, True] <= 1
    assert told[FitAnswer.UNDECIDED, False] == 0
    assert told[FitAnswer.FITS, True] >= 15
    assert told[FitAnswer.DOES_NOT_FIT, False] >= 12


@pytest.mark.parametrize("margin", [0.03, 0.3])
@pytest.mark.parametrize("ratio", [0.02, 0.3, 1.0])
def test_room_with_little_slack_is_found_at_an_angle_that_no_border_has(ratio: float, margin: float) -> None:
    # Four separate small holes pin the rectangle to its place and angle; the borders around run elsewhere.
    angle, long = 0.7321, 120.0
    inner = turned_box(long + margin, long * ratio + margin, angle)
    zone = inner.buffer(0.5, join_style="round", quad_segs=3).union(
        shapely.box(EAST - 400, NORTH - 400, EAST - 390, NORTH - 390)
    )

    assert asked(zone, long, long * ratio).answer is FitAnswer.FITS
