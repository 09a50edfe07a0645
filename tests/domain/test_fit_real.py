"""Fits on real building areas of binding plans, with arcs, slivers and gaps: every answer is certified, none fails."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from landbank.domain.fit.buildable import buildable_zone
from landbank.domain.fit.footprint import FitAnswer, Footprint
from landbank.domain.fit.ground import prepare
from landbank.domain.fit.search import fit
from landbank.domain.fit.verify import is_placed, is_proved
from landbank.exchange.read import open_source

SET_BACK_M = 6


@pytest.fixture(scope="module")
def building_areas() -> list[BaseGeometry]:
    """Building areas of real plans of 1 500 m² and more that are valid as drawn."""
    folder = Path(__file__).resolve().parents[3] / "shared" / "data" / "plans"
    if not folder.is_dir():
        pytest.skip("the folder ../shared/data with public data is not here")
    found: list[BaseGeometry] = []
    for name in ("Langenhorn_multiple.gml", "BP2135_41.zip"):
        with open_source(folder / name, layer="BP_BaugebietsTeilFlaeche") as source:
            for batch in source.batches():
                found.extend(shapely.from_wkb(batch.wkb.to_numpy(zero_copy_only=False)))
    return [one for one in found if one is not None and shapely.is_valid(one) and one.area >= 1_500]


def test_every_answer_on_real_ground_is_certified(building_areas: list[BaseGeometry]) -> None:
    told: Counter[FitAnswer] = Counter()
    assert len(building_areas) >= 40
    for number, plot in enumerate(building_areas):
        zone = buildable_zone(plot, set_back_m=SET_BACK_M).shape
        if zone.is_empty:
            continue
        ratio, share = (1.0, 0.5, 0.25)[number % 3], (0.15, 0.3, 0.45, 0.6)[number % 4]
        long = math.sqrt(max(part.area for part in shapely.get_parts(zone)) * share / ratio)
        footprint = Footprint(max(long, 1), max(long * ratio, 1))
        found = fit(prepare(zone), footprint)
        told[found.answer] += 1
        if found.rectangle is not None and found.answer is FitAnswer.FITS:
            assert is_placed(zone, found.rectangle, footprint)
            assert found.rectangle.outline().distance(plot.boundary) >= SET_BACK_M - 1e-5
        if found.proof is not None:
            assert is_proved(zone, footprint, found.proof), (number, footprint)

    assert told[FitAnswer.FITS] >= 10
    assert told[FitAnswer.DOES_NOT_FIT] >= 10
    assert told[FitAnswer.UNDECIDED] == 0
