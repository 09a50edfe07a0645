"""The scene of the inventory: how many parks of which plots lie where, and what each is like."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
from numpy.typing import NDArray

from landbank.demo.draw import share, spread
from landbank.demo.parks import park_names
from landbank.demo.plan_rows import states
from landbank.demo.setting import Border, Infrastructure, anchors, price_levels, words
from landbank.demo.sites import Ground, Site, find_sites
from landbank.demo.sizes import park_counts, plot_sizes_m2
from landbank.demo.subdivide import park_rectangle
from landbank.geo.crs import LONLAT, STORAGE, transformer

REGION_HOLDS = 3_000
"""Plots that the anchors of the region have room for; more are spread over all municipalities given."""

PLOTS_A_PARK = 8.0
PLOTS_A_LARGE_PARK = 45.0
EARLY_SIZE_M2 = 90_000.0
THEMES = {
    "industri": 0.28, "logistik": 0.24, "verksamheter": 0.26, "handel": 0.08, "kontor": 0.07, "hamn": 0.03,
    "teknik": 0.04,
}  # fmt: skip
"""Characters of parks and their shares."""


@dataclass(frozen=True, slots=True)
class Scene:
    """The parks before their plots are drawn; sequences run in step, one entry a park.

    `starts` are the numbers of plots before each park, `sizes_m2` the sizes of all plots in the parks' order,
    `greens_m2` the land of each park that stays green.
    `municipality_names` go by code; `contact_sets` number the municipalities that have parks, from 0.
    """

    on: np.datetime64
    municipality_names: Mapping[str, str]
    contact_sets: Mapping[str, int]

    sites: Sequence[Site]
    counts: NDArray[np.int64]
    starts: NDArray[np.int64]
    sizes_m2: NDArray[np.float64]
    greens_m2: NDArray[np.float64]
    names: Sequence[tuple[str, str]]
    themes: NDArray[np.object_]
    states: NDArray[np.object_]
    levels: NDArray[np.float64]
    infrastructure: Infrastructure

    def sizes_of(self, park: int) -> list[float]:
        """The sizes of a park's plots in m²; behind them that of its green, where it has one."""
        return park_sizes(self.sizes_m2, int(self.starts[park]), int(self.counts[park]), self.greens_m2[park])


def set_scene(
    plots: int, seed: int, *, borders: Sequence[Border], infrastructure: Infrastructure, on: date
) -> Scene:
    """The parks: how many plots of which sizes, where, called what, of which character and planning state."""
    rng = np.random.default_rng((seed, 0))
    counts = park_counts(rng, plots, PLOTS_A_PARK if plots <= REGION_HOLDS else PLOTS_A_LARGE_PARK)
    starts = np.cumsum(counts) - counts
    sizes = small_first(plot_sizes_m2(rng, plots), int(counts[: len(borders)].sum()))
    totals = np.add.reduceat(sizes, starts)
    greens = np.where(
        share(rng, len(counts), 0.6) & (counts >= 5), rng.uniform(0.05, 0.13, len(counts)) * totals, 0.0
    )
    shapes = [
        park_rectangle(park_sizes(sizes, start, n, green), aspect)
        for start, n, green, aspect in zip(
            starts.tolist(), counts.tolist(), greens.tolist(), rng.uniform(1.0, 1.9, len(counts)), strict=True
        )
    ]
    near, weights = anchor_points(rng, borders)
    ground = Ground(borders, infrastructure.xy)
    sites = find_sites(rng, shapes, near, weights, ground)
    municipalities = [site.municipality for site in sites]
    themes = spread(rng, len(counts), THEMES)
    known = price_levels()
    base = np.array([known.get(code, 260.0) for code in municipalities])
    return Scene(
        on=np.datetime64(on),
        municipality_names={border.code: border.name for border in borders},
        contact_sets={code: i for i, code in enumerate(dict.fromkeys(municipalities))},
        sites=sites,
        counts=counts,
        starts=starts,
        sizes_m2=sizes,
        greens_m2=greens,
        names=park_names(rng, municipalities, words()),
        themes=themes,
        states=states(rng, len(counts)),
        levels=base * np.exp(rng.normal(0, 0.18, len(counts))),
        infrastructure=infrastructure,
    )


def park_sizes(sizes_m2: NDArray[np.float64], start: int, n: int, green_m2: float) -> list[float]:
    """The sizes of the park's n plots, which begin at `start`, and of its green, where it has one."""
    sizes: list[float] = sizes_m2[start : start + n].tolist()
    return [*sizes, float(green_m2)] if green_m2 else sizes


def small_first(sizes_m2: NDArray[np.float64], first: int) -> NDArray[np.float64]:
    """The sizes with the very large ones behind the first few, which must fit on islands too."""
    early, later = (
        np.flatnonzero(sizes_m2[:first] > EARLY_SIZE_M2),
        np.flatnonzero(sizes_m2[first:] <= EARLY_SIZE_M2),
    )
    n = min(len(early), len(later))
    there = later[:n] + first
    sizes_m2[early[:n]], sizes_m2[there] = sizes_m2[there], sizes_m2[early[:n]]
    return sizes_m2


def anchor_points(
    rng: np.random.Generator, borders: Sequence[Border]
) -> tuple[dict[str, list[tuple[float, float]]], dict[str, float]]:
    """Places near which parks lie, EPSG:3006, and the weights of the municipalities."""
    given = {anchor.municipality: anchor for anchor in anchors()}
    to_storage = transformer(LONLAT, STORAGE)
    points: dict[str, list[tuple[float, float]]] = {}
    weights: dict[str, float] = {}
    for border in borders:
        anchor = given.get(border.code)
        if anchor:
            points[border.code] = [to_storage.transform(*lonlat) for lonlat in anchor.lonlat]
            weights[border.code] = anchor.weight if len(borders) <= len(given) else border.geometry.area / 1e9
        else:
            towns = 2 + round(math.sqrt(border.geometry.area) / 5_000)
            points[border.code] = random_points(rng, border, towns)
            weights[border.code] = border.geometry.area / 1e9 * float(np.clip(rng.pareto(1.5), 0.2, 2.0))
    return points, weights


def random_points(rng: np.random.Generator, border: Border, n: int) -> list[tuple[float, float]]:
    """n points on the municipality's land."""
    west, south, east, north = border.geometry.bounds
    found: list[tuple[float, float]] = []
    while len(found) < n:
        x, y = west + (east - west) * rng.random(), south + (north - south) * rng.random()
        if shapely.intersects_xy(border.geometry, x, y):
            found.append((x, y))
    return found
