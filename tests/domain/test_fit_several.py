"""Several footprints at once: drawn where they fit, refused where it is proved, and undecided otherwise."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
import shapely

from landbank.domain.fit.footprint import FitAnswer, Footprint
from landbank.domain.fit.ground import prepare
from landbank.domain.fit.several import Together, fit_together, ground_needed
from landbank.domain.fit.verify import is_placed
from landbank.errors import Invalid

EAST, NORTH = 320_000.0, 6_400_000.0
GROUND = shapely.box(EAST, NORTH, EAST + 100, NORTH + 60)


def together(*sizes: tuple[float, float], gap: float = 0.0, zone: shapely.Polygon = GROUND) -> Together:
    """The answer, with every place and distance checked here."""
    footprints = [Footprint(*size) for size in sizes]
    found = fit_together(prepare(zone), footprints, gap_m=gap)
    assert bool(found.rectangles) == (found.answer is FitAnswer.FITS)
    for rectangle, footprint in zip(found.rectangles, footprints, strict=bool(found.rectangles)):
        assert is_placed(zone, rectangle, footprint)
    for one, other in combinations([rectangle.outline() for rectangle in found.rectangles], 2):
        assert one.distance(other) >= gap
        assert one.intersection(other).area == 0
    return found


def test_two_halves_fit_side_by_side() -> None:
    assert together((49.9, 59.9), (49.9, 59.9)).answer is FitAnswer.FITS


def test_gap_is_kept() -> None:
    assert together((45, 59), (45, 59), gap=9.9).answer is FitAnswer.FITS


def test_different_footprints_are_drawn_in_their_order() -> None:
    found = together((20, 5), (59, 59), (30, 30), (30, 20), gap=2)

    assert found.answer is FitAnswer.FITS
    assert [round(one.area_m2) for one in found.rectangles] == [100, 3_481, 900, 600]


def test_too_much_area_is_refused_by_area() -> None:
    found = together((60, 40), (60, 40), (40, 40))

    assert found.answer is FitAnswer.DOES_NOT_FIT
    assert (found.needed_m2, round(found.found_m2)) == (6_400, 6_000)


def test_gaps_count_for_the_area() -> None:
    # 24 x 24 m nine times is 5 184 of 6 000 m²; with 8 m between them each takes (24 + 8)² less its corners.
    assert ground_needed([Footprint(24, 24)] * 9, 0) == 5_184
    assert together(*[(24.0, 24.0)] * 9, gap=8).answer is FitAnswer.DOES_NOT_FIT


def test_one_that_does_not_fit_alone_is_enough_for_a_no() -> None:
    found = together((10, 10), (61, 62))

    assert found.answer is FitAnswer.DOES_NOT_FIT
    assert [one.answer for one in found.alone] == [FitAnswer.FITS, FitAnswer.DOES_NOT_FIT]


def test_what_is_neither_placed_nor_refused_is_undecided() -> None:
    # Two squares of 51 m overlap in the middle wherever they lie, which neither area nor either square alone shows.
    assert together((51, 51), (51, 51)).answer is FitAnswer.UNDECIDED


def test_one_alone_has_the_answer_of_a_single_fit() -> None:
    assert together((99, 59)).answer is FitAnswer.FITS
    assert together((100, 60)).answer is FitAnswer.BORDERLINE
    assert together((101, 60)).answer is FitAnswer.DOES_NOT_FIT


def test_random_ground_is_never_built_on_twice() -> None:
    rng = np.random.default_rng(5)
    answers = []
    for _ in range(12):
        angles = np.sort(rng.uniform(0, 2 * np.pi, 9))
        radii = rng.uniform(40, 100, 9)
        zone = shapely.Polygon(
            np.column_stack([radii * np.cos(angles), radii * np.sin(angles)]) + np.array([EAST, NORTH])
        )
        sizes = [(float(a), float(b)) for a, b in rng.uniform(8, 35, (3, 2))]
        answers.append(together(*sizes, gap=3, zone=zone).answer)
    assert answers.count(FitAnswer.FITS) >= 4


@pytest.mark.parametrize(("number", "gap"), [(0, 0), (11, 0), (1, -1), (1, 201)])
def test_numbers_and_gaps_that_cannot_be_are_refused(number: int, gap: float) -> None:
    with pytest.raises(Invalid):
        fit_together(prepare(GROUND), [Footprint(1, 1)] * number, gap_m=gap)
