"""A park's plots as polygons, its outline, and its invented name."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
import shapely
from numpy.typing import NDArray

from landbank.demo.setting import Words
from landbank.demo.sites import Site
from landbank.demo.subdivide import Layout, divide, lay_out

BEND = 0.035
JITTER_M = 1.6


@dataclass(frozen=True, slots=True)
class Park:
    """Plot polygons in the order of their sizes, and the outline around plots and streets; EPSG:3006."""

    plots: NDArray[np.object_]
    outline: shapely.Polygon


def draw_park(rng: np.random.Generator, site: Site, sizes_m2: Sequence[float], plots: int) -> Park:
    """The park's plots on its site: a slightly bent and uneven division with shared edges.

    What `sizes_m2` holds behind the first `plots` stays green.

    The bend is two shears, which keep areas and never fold. The unevenness moves each shared vertex once, for all
    plots that have it; where it would make a ring cross itself, the park goes without.
    """
    layout = lay_out(divide(sizes_m2, site.width, site.height), site.width, site.height)
    local = np.array(layout.vertices)
    bent = bend(rng, local, site)
    uneven = bent + rng.uniform(-JITTER_M, JITTER_M, size=bent.shape)
    park = polygons(layout, place(uneven, site))
    if not (shapely.is_valid(park.plots).all() and park.outline.is_valid):
        park = polygons(layout, place(bent, site))
    return Park(park.plots[:plots], park.outline)


def bend(rng: np.random.Generator, local: NDArray[np.float64], site: Site) -> NDArray[np.float64]:
    """The vertices after a shear along each axis, centred on (0, 0)."""
    x, y = local[:, 0] - site.width / 2, local[:, 1] - site.height / 2
    phase_x, phase_y = rng.uniform(0, 2 * math.pi, 2)
    x = x + BEND * site.width * np.sin(2.2 * y / site.height + phase_x)
    y = y + BEND * site.height * np.sin(2.2 * x / site.width + phase_y)
    return np.column_stack((x, y))


def place(local: NDArray[np.float64], site: Site) -> NDArray[np.float64]:
    """The vertices turned and moved to the site, to the centimetre."""
    cos, sin = math.cos(site.angle), math.sin(site.angle)
    x, y = local[:, 0], local[:, 1]
    turned = np.column_stack((x * cos - y * sin + site.centre[0], x * sin + y * cos + site.centre[1]))
    return np.round(turned, 2)


def polygons(layout: Layout, vertices: NDArray[np.float64]) -> Park:
    """The layout's rings over the placed vertices."""
    rings = [*layout.rings, layout.outline]
    index = np.repeat(np.arange(len(rings)), [len(ring) for ring in rings])
    flat = np.fromiter((i for ring in rings for i in ring), dtype=np.int64)
    made = np.asarray(shapely.polygons(shapely.linearrings(vertices[flat], indices=index)), dtype=object)
    return Park(made[:-1], made[-1])


def park_names(
    rng: np.random.Generator, municipalities: Sequence[str], words: Words
) -> list[tuple[str, str]]:
    """Stem and full name of each park, no stem twice in a municipality: ('Ekstubbåsen', 'Ekstubbåsens ...')."""
    fresh: dict[str, Iterator[str]] = {}
    named = []
    for code in municipalities:
        stems = fresh.setdefault(code, shuffled_stems(rng, words))
        stem = next(stems)
        kind = words.kinds[int(rng.integers(len(words.kinds)))]
        named.append((stem, f"{genitive(stem)} {kind}"))
    return named


def genitive(stem: str) -> str:
    """The stem in the genitive, a number kept behind it."""
    name, _, number = stem.partition(" ")
    return f"{name}s {number}".strip()


def shuffled_stems(rng: np.random.Generator, words: Words) -> Iterator[str]:
    """Invented place names in random order; a number is added once all have been used."""
    stems = [a + b for a in words.first for b in words.second if b[:3] not in a.lower()]
    order = rng.permutation(len(stems))
    return (stems[i] if turn == 1 else f"{stems[i]} {turn}" for turn in count(1) for i in order)
