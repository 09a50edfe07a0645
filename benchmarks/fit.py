"""The fit test against a dense search for the same footprints on the same ground: `python -m benchmarks.fit`.

The ground is that of real building areas of binding plans where ../shared/data is, else star-shaped polygons; behind
a set-back of 6 m. Sizes run from a sixth to nearly all of the ground's area, so that many are close to what fits.
The dense search lays the rectangle at every second degree on a grid of 40 x 40 centres: it proves nothing, misses
narrow places, and is what a first idea of the test looks like. Where it finds a place, the fit test must not say no.
All times are processor time of this one process, so that other programs on the machine change little.
"""

from __future__ import annotations

import argparse
import math
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from benchmarks.common import at_least, at_most, seen, show
from landbank.domain.fit.buildable import buildable_zone
from landbank.domain.fit.footprint import FitAnswer, Footprint
from landbank.domain.fit.ground import prepare
from landbank.domain.fit.largest import largest_of_ratio
from landbank.domain.fit.largest_any import largest_rectangle
from landbank.domain.fit.search import fit
from landbank.exchange.read import open_source

PLANS = Path(__file__).resolve().parents[2] / "shared" / "data" / "plans"
SOURCES = (
    ("Langenhorn_multiple.gml", "BP_BaugebietsTeilFlaeche"),
    ("BP2135_41.zip", "BP_BaugebietsTeilFlaeche"),
    ("FNP_Grasleben.gml", "FP_BebauungsFlaeche"),
)
SET_BACK_M = 6
SHARES = (0.16, 0.3, 0.5, 0.7, 0.85)
RATIOS = (1.0, 0.5, 0.25)


def real_plots() -> Iterator[BaseGeometry]:
    """Building areas of real plans of 1 500 m² and more."""
    for name, layer in SOURCES:
        with open_source(PLANS / name, layer=layer) as source:
            for batch in source.batches():
                yield from shapely.from_wkb(batch.wkb.to_numpy(zero_copy_only=False))


def generated_plots(number: int) -> Iterator[BaseGeometry]:
    """Star-shaped polygons of 5 to 60 corners, the same in every run."""
    rng = np.random.default_rng(4)
    for _ in range(number):
        corners = int(rng.integers(5, 61))
        angles = np.sort(rng.uniform(0, 2 * math.pi, corners))
        radii = rng.uniform(60, 110, corners)
        yield shapely.Polygon(np.column_stack([radii * np.cos(angles), radii * np.sin(angles)]))


def found_densely(zone: BaseGeometry, footprint: Footprint) -> bool:
    """Whether the dense search finds a place."""
    x0, y0, x1, y1 = zone.bounds
    x, y = (part.ravel() for part in np.meshgrid(np.linspace(x0, x1, 40), np.linspace(y0, y1, 40)))
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * np.array(
        [footprint.width_m / 2, footprint.depth_m / 2]
    )
    shapely.prepare(zone)
    for angle in np.radians(np.arange(0, 180, 2)):
        cosine, sine = math.cos(angle), math.sin(angle)
        turned = corners @ np.array([[cosine, sine], [-sine, cosine]])
        kept = np.ones(len(x), dtype=np.bool_)
        for right, up in turned:
            kept[kept] = shapely.contains_xy(zone, x[kept] + right, y[kept] + up)
        boxes = np.column_stack([x[kept], y[kept]])[:, None, :] + turned
        if len(boxes) and np.any(shapely.covers(zone, shapely.polygons(boxes))):
            return True
    return False


def main(plots: int = 250, dense_every: int = 20) -> None:
    """Measure and show; every so many questions are also asked densely."""
    shapes = list(real_plots() if PLANS.is_dir() else generated_plots(plots))
    shapes = [one for one in shapes if one is not None and shapely.is_valid(one) and one.area >= 1_500]
    whole: list[float] = []
    alone: list[float] = []
    dense: list[tuple[float, float]] = []
    told: Counter[tuple[FitAnswer, bool | None]] = Counter()
    corners: list[int] = []
    for plot in shapes:
        began = time.process_time()
        zone = buildable_zone(plot, set_back_m=SET_BACK_M).shape
        if zone.is_empty:
            continue
        ground = prepare(zone)
        ready = time.process_time() - began
        corners.append(int(shapely.get_num_coordinates(zone)))
        area = float(shapely.area(shapely.get_parts(zone)).max())
        for ratio in RATIOS:
            for share in SHARES:
                long = math.sqrt(area * share / ratio)
                if long * ratio < 1:
                    continue
                footprint = Footprint(long, long * ratio)
                began = time.process_time()
                answer = fit(ground, footprint).answer
                took = time.process_time() - began
                alone.append(took)
                whole.append(took + ready)
                is_there = None
                if len(alone) % dense_every == 0:
                    began = time.process_time()
                    is_there = found_densely(zone, footprint)
                    dense.append((time.process_time() - began, took))
                told[answer, is_there] += 1
    largest = [timed(lambda ground: largest_of_ratio(ground, 0.5), plot) for plot in shapes[::5]]
    largest_any = [timed(largest_rectangle, plot) for plot in shapes[::5]]
    wrong = told[FitAnswer.DOES_NOT_FIT, True]
    missed = told[FitAnswer.BORDERLINE, True] + told[FitAnswer.UNDECIDED, True]
    decided = sum(n for (answer, _), n in told.items() if answer in (FitAnswer.FITS, FitAnswer.DOES_NOT_FIT))
    show(
        "fit: footprints on building areas",
        [
            at_most("zone, preparation and fit, median", 1e3 * statistics.median(whole), 15, "ms"),
            seen("zone, preparation and fit, 90 %", 1e3 * statistics.quantiles(whole, n=10)[-1], "ms"),
            at_most("fit alone, median", 1e3 * statistics.median(alone), 15, "ms"),
            seen("fit alone, 90 %", 1e3 * statistics.quantiles(alone, n=10)[-1], "ms"),
            seen("fit alone, longest", 1e3 * max(alone), "ms"),
            at_least("dense search / fit, median of ratios", statistics.median(d / f for d, f in dense), 5),
            seen("dense search / fit, sums", sum(d for d, _ in dense) / sum(f for _, f in dense), "x"),
            at_most("places of the dense search denied", wrong, 0, ""),
            seen("places of the dense search told as borderline or undecided", missed, ""),
            at_least("decided for certain", 100 * decided / len(alone), 99, "%"),
            seen("largest of a ratio, median", 1e3 * statistics.median(largest), "ms"),
            seen("largest of any ratio, proved to 3 %, median", 1e3 * statistics.median(largest_any), "ms"),
        ],
        plots="real" if PLANS.is_dir() else "generated",
        number_of_plots=len(corners),
        corners_median=statistics.median(corners),
        corners_most=max(corners),
        questions=len(alone),
        answers={f"{answer} {is_there}": number for (answer, is_there), number in told.items()},
    )


def timed(work: object, plot: BaseGeometry) -> float:
    """Seconds that a piece of work takes on the plot's zone."""
    zone = buildable_zone(plot, set_back_m=SET_BACK_M).shape
    began = time.process_time()
    if not zone.is_empty and callable(work):
        work(prepare(zone))
    return time.process_time() - began


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plots", type=int, default=250, help="generated plots where there are no real ones")
    parser.add_argument("--dense-every", type=int, default=20)
    main(**vars(parser.parse_args()))
