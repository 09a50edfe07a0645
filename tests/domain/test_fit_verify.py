"""The checker believes no proof that is not one, and no rectangle that is not in its place."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import shapely

from landbank.domain.fit.centres import inner_box
from landbank.domain.fit.footprint import FitAnswer, Footprint, Interval, Proof, Reason, Rectangle
from landbank.domain.fit.ground import prepare
from landbank.domain.fit.search import fit
from landbank.domain.fit.verify import common_box, is_placed, is_proved

# An arrow head: 60 x 60 m has area and diagonal enough and no place.
ZONE = shapely.Polygon([(0, 0), (120, 0), (60, 40), (60, 110)])
REFUSED = Footprint(60, 45)


@pytest.fixture
def proof() -> Proof:
    """A true proof by every angle."""
    found = fit(prepare(ZONE), REFUSED)
    assert (found.answer, found.proof and found.proof.reason) == (FitAnswer.DOES_NOT_FIT, Reason.EVERY_ANGLE)
    assert found.proof is not None
    return found.proof


def test_true_proof_is_believed(proof: Proof) -> None:
    assert is_proved(ZONE, REFUSED, proof)


def test_proof_with_an_angle_left_out_is_not_believed(proof: Proof) -> None:
    for place in range(len(proof.intervals)):
        part = replace(proof, intervals=proof.intervals[:place] + proof.intervals[place + 1 :])
        assert not is_proved(ZONE, REFUSED, part)


def test_proof_for_one_footprint_is_none_for_a_smaller_one(proof: Proof) -> None:
    small = Footprint(45, 30)
    assert fit(prepare(ZONE), small).answer is FitAnswer.FITS
    assert not is_proved(ZONE, small, proof)


def test_quarter_turn_is_proof_for_a_square_alone() -> None:
    quarter = tuple(Interval(math.radians(2 * n + 1), math.radians(1)) for n in range(45))

    assert is_proved(ZONE, Footprint(60, 60), Proof(Reason.EVERY_ANGLE, intervals=quarter))
    assert not is_proved(ZONE, Footprint(61, 60), Proof(Reason.EVERY_ANGLE, intervals=quarter))


@pytest.mark.parametrize("reason", [Reason.NO_GROUND, Reason.AREA, Reason.DIAGONAL, Reason.CIRCLE])
def test_reason_that_does_not_hold_is_not_believed(reason: Reason) -> None:
    assert not is_proved(ZONE, Footprint(40, 20), Proof(reason))


@pytest.mark.parametrize(
    ("footprint", "reason"),
    [
        (Footprint(100, 80), Reason.AREA),
        (Footprint(160, 2), Reason.DIAGONAL),
        (Footprint(57, 50), Reason.CIRCLE),
    ],
)
def test_quick_proofs_hold_and_are_believed(footprint: Footprint, reason: Reason) -> None:
    found = fit(prepare(ZONE), footprint)

    assert found.proof is not None
    assert found.proof.reason is reason
    assert is_proved(ZONE, footprint, found.proof)


def test_rectangle_out_of_place_or_of_other_sides_is_not_believed() -> None:
    square = shapely.box(0, 0, 50, 50)
    placed = Rectangle(25, 25, 40, 30, 0.1)

    assert is_placed(square, placed, Footprint(30, 40))
    assert not is_placed(square, placed, Footprint(30, 41))
    assert not is_placed(square, placed.moved(9, 0), Footprint(30, 40))


@pytest.mark.parametrize("half", [0.001, 0.01, 0.05, 0.2])
@pytest.mark.parametrize("short", [5.0, 40.0, 100.0])
def test_inner_box_stays_inside_at_every_angle(half: float, short: float) -> None:
    footprint = Footprint(100, short)
    boxes = [common_box(footprint, half)]
    if math.sin(2 * half) <= short / 100:
        boxes.append(inner_box(100, short, half))
    for long, deep in boxes:
        for step in range(-50, 51):
            turn = half * step / 50
            along = long * math.cos(turn) + deep * abs(math.sin(turn))
            across = deep * math.cos(turn) + long * abs(math.sin(turn))
            assert along <= 100 + 1e-6
            assert across <= short + 1e-6


def test_formula_of_the_inner_box_is_refused_where_it_is_wrong() -> None:
    # At 0.08 rad the corner of a 100 x 10 m rectangle's box has passed its farthest point: sin 0.16 > 10 / 100.
    with pytest.raises(ValueError, match="too wide"):
        inner_box(100, 10, 0.08)
