"""Dividing a plot at the road front: the least land that is enough, both parts within the rules, or the reason why not."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from landbank.domain.fit.footprint import Footprint
from landbank.domain.fit.verify import is_placed
from landbank.domain.subdivision.front import find_front, straight_sides
from landbank.domain.subdivision.propose import Obstacle, Open, Refusal, Subdivision, Wanted, propose
from landbank.errors import Invalid

EAST, NORTH = 320_000.0, 6_400_000.0
PLOT = shapely.box(EAST, NORTH, EAST + 300, NORTH + 150)
SOUTH_ROAD = shapely.LineString([(EAST - 50, NORTH - 5), (EAST + 400, NORTH - 5)])
KNOWN = {"minimum_lot_m2": 5_000, "is_subdividable": True}


def divided(plot: BaseGeometry, wanted: Wanted, road: BaseGeometry | None = SOUTH_ROAD) -> Subdivision:
    """The proposals, each checked here against the rules."""
    found = propose(plot, wanted, road=road)
    for one in found.proposals:
        assert one.piece.area + one.remainder.area == pytest.approx(plot.area, abs=0.01)
        assert one.piece.intersection(one.remainder).area == pytest.approx(0, abs=1e-6)
        assert one.piece.geom_type == one.remainder.geom_type == "Polygon"
        assert min(one.piece.area, one.remainder.area) >= (wanted.minimum_lot_m2 or 0)
        assert min(one.piece_front_m, one.remainder_front_m) >= wanted.least_front_m
        assert one.piece.area >= (wanted.area_m2 or 0)
        if wanted.footprint:
            assert one.rectangle is not None
            assert is_placed(one.piece, one.rectangle, wanted.footprint)
            assert one.rectangle.outline().distance(one.piece.boundary) >= wanted.set_back_m - 0.01
        if one.largest.rectangle:
            assert one.remainder.covers(one.largest.rectangle.outline())
    return found


def test_area_is_cut_off_at_either_end_of_the_front() -> None:
    found = divided(PLOT, Wanted(area_m2=15_000, **KNOWN))

    assert [round(one.piece.area, -1) for one in found.proposals] == [15_010, 15_010]
    # The cut stands at a right angle to the road and goes through the whole depth.
    assert [one.cut.length for one in found.proposals] == pytest.approx([150, 150])
    assert {round(one.piece.centroid.x - EAST) for one in found.proposals} == {50, 250}
    assert (found.refusals, found.open) == ((), ())


def test_no_more_than_ten_centimetres_of_front_are_given_away() -> None:
    for one in divided(PLOT, Wanted(area_m2=15_000, **KNOWN)).proposals:
        assert one.piece.area <= 15_000 + 0.1 * 150


def test_footprint_decides_how_long_the_piece_is() -> None:
    # 120 x 60 m with 6 m around it: 60 + 12 m of front, its long side away from the road.
    (one, _) = divided(PLOT, Wanted(footprint=Footprint(120, 60), set_back_m=6, **KNOWN)).proposals

    assert one.piece_front_m == pytest.approx(72, abs=0.2)


def test_remainder_is_told_with_its_largest_rectangle() -> None:
    (one, _) = divided(PLOT, Wanted(area_m2=15_000, set_back_m=5, **KNOWN)).proposals

    # 200 x 150 m less 5 m all around.
    assert one.largest.rectangle is not None
    assert one.largest.rectangle.area_m2 == pytest.approx(190 * 140, rel=0.06)
    assert one.largest.at_most_m2 >= 189 * 140


def test_front_decides_which_way_is_cut() -> None:
    west = shapely.LineString([(EAST - 5, NORTH), (EAST - 5, NORTH + 150)])
    (one, _) = divided(PLOT, Wanted(area_m2=15_000, **KNOWN), west).proposals

    assert one.cut.length == pytest.approx(300)


def test_point_of_access_means_the_nearest_side_and_none_means_the_longest() -> None:
    access = shapely.Point(EAST + 310, NORTH + 70)
    by_point = divided(PLOT, Wanted(area_m2=15_000, **KNOWN), access)
    assumed = divided(PLOT, Wanted(area_m2=15_000, **KNOWN), None)

    assert by_point.proposals[0].cut.length == pytest.approx(300)
    assert assumed.proposals[0].cut.length == pytest.approx(150)
    assert (by_point.open, assumed.open) == ((), (Open.ROAD_FRONT,))


def test_least_land_taken_comes_first() -> None:
    # A trapezium, 150 m deep in the west and 60 m in the east: the footprint needs less land in the east.
    plot = shapely.Polygon([(0, 0), (300, 0), (300, 60), (0, 150)])
    road = shapely.LineString([(0, -5), (300, -5)])
    found = divided(plot, Wanted(footprint=Footprint(60, 40), **KNOWN), road)
    areas = [one.piece.area for one in found.proposals]

    assert areas == sorted(areas)
    assert found.proposals[0].piece.centroid.x > 150


@pytest.mark.parametrize(
    ("wanted", "obstacle"),
    [
        (Wanted(area_m2=100, minimum_lot_m2=5_000, is_subdividable=False), Obstacle.NOT_ALLOWED),
        (Wanted(area_m2=42_000, **KNOWN), Obstacle.PLOT_TOO_SMALL),
        (Wanted(footprint=Footprint(400, 10), **KNOWN), Obstacle.FOOTPRINT_DOES_NOT_FIT),
        (Wanted(footprint=Footprint(290, 140), **KNOWN), Obstacle.REMAINDER_TOO_SMALL),
        (Wanted(area_m2=10_000, least_front_m=250, **KNOWN), Obstacle.REMAINDER_WITHOUT_ROAD),
        (Wanted(area_m2=10_000, least_front_m=400, **KNOWN), Obstacle.NO_FRONT),
    ],
)
def test_reason_is_told_where_nothing_is_proposed(wanted: Wanted, obstacle: Obstacle) -> None:
    found = divided(PLOT, wanted)

    assert found.proposals == ()
    assert {one.obstacle for one in found.refusals} == {obstacle}


def test_refusal_names_the_amounts_that_decide() -> None:
    found = divided(PLOT, Wanted(area_m2=42_000, **KNOWN))

    assert found.refusals == (Refusal(Obstacle.PLOT_TOO_SMALL, 47_000, 45_000),)


def test_road_far_away_is_no_front() -> None:
    far = [
        shapely.Point(EAST + 1_000, NORTH),
        shapely.LineString([(EAST, NORTH - 60), (EAST + 300, NORTH - 60)]),
    ]

    for road in far:
        assert [one.obstacle for one in divided(PLOT, Wanted(area_m2=9_000, **KNOWN), road).refusals] == [
            Obstacle.NO_FRONT
        ]


def test_what_is_unknown_is_asked_and_never_taken_for_a_no() -> None:
    found = divided(PLOT, Wanted(area_m2=15_000), None)

    assert len(found.proposals) == 2
    assert found.open == (Open.IS_SUBDIVIDABLE, Open.MINIMUM_LOT, Open.ROAD_FRONT)


def test_part_that_falls_apart_is_not_proposed() -> None:
    # A comb with its teeth to the north and the road in the east: cut off from the north, the teeth come apart.
    teeth = [shapely.box(x, 0, x + 40, 100) for x in (0, 70, 160)]
    comb = shapely.union_all([shapely.box(0, 0, 200, 20), *teeth])
    east = shapely.LineString([(205, 0), (205, 100)])
    found = propose(comb, Wanted(area_m2=5_000, minimum_lot_m2=1_000), road=east)

    assert Obstacle.PIECE_FALLS_APART in {one.obstacle for one in found.refusals}
    assert all(one.piece.geom_type == "Polygon" for one in found.proposals)


@pytest.mark.parametrize(
    "asked",
    [{}, {"area_m2": 0}, {"area_m2": -5}, {"area_m2": math.nan}, {"area_m2": 10, "least_front_m": 0}],
)
def test_question_without_sense_is_refused(asked: dict[str, float]) -> None:
    with pytest.raises(Invalid):
        Wanted(**asked)


def test_curved_road_is_cut_into_sides_that_are_nearly_straight() -> None:
    arc = [(100 * math.cos(t), 100 * math.sin(t)) for t in np.radians(np.arange(0, 91, 3))]
    sides = straight_sides(shapely.Polygon([(0, 0), *arc]))

    assert sum(side.length for side in sides) == pytest.approx(100 * math.pi / 2 + 200, rel=0.001)
    # Two straight sides, and the quarter circle in four bends of less than 30 degrees.
    assert len(sides) in (5, 6)
    assert len(straight_sides(PLOT)) == 4


def test_front_without_a_road_is_the_longest_side() -> None:
    front = find_front(PLOT, None, least_m=6)

    assert front is not None
    assert (front.is_assumed, round(front.line.length)) == (True, 300)


@settings(max_examples=8, deadline=None)
@given(
    st.lists(st.floats(40, 120), min_size=5, max_size=9),
    st.floats(0, 1),
    st.floats(0.1, 0.6),
    st.integers(0, 2**31),
)
def test_every_proposal_keeps_the_rules_on_random_ground(
    radii: list[float], turn: float, share: float, seed: int
) -> None:
    angles = np.linspace(0, 2 * math.pi, len(radii), endpoint=False) + turn
    plot = shapely.Polygon(
        np.column_stack([radii * np.cos(angles), radii * np.sin(angles)]) + np.array([EAST, NORTH])
    )
    rng = np.random.default_rng(seed)
    corner = shapely.get_coordinates(plot)[int(rng.integers(len(radii)))]
    road = shapely.Point(corner + rng.uniform(-8, 8, 2)).buffer(30)
    divided(plot, Wanted(area_m2=plot.area * share, minimum_lot_m2=plot.area * 0.1), road)


def test_side_that_only_ends_at_the_road_is_no_front() -> None:
    front = find_front(PLOT, SOUTH_ROAD, least_m=1)

    assert front is not None
    assert (len(front.sides), front.line.length) == (1, pytest.approx(300))


def test_front_is_only_as_long_as_the_road() -> None:
    half = shapely.LineString([(EAST - 50, NORTH - 5), (EAST + 120, NORTH - 5)])
    front = find_front(PLOT, half, least_m=6)

    assert front is not None
    assert front.line.length == pytest.approx(120, abs=2)
    # From the west the piece has road; what is left east of the road's end has none once the cut passes it.
    found = divided(PLOT, Wanted(area_m2=25_000, **KNOWN), half)
    assert Obstacle.REMAINDER_WITHOUT_ROAD in {one.obstacle for one in found.refusals}
