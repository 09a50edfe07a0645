"""Where the parks lie: scattered around anchors on land, clear of one another and of what stands there."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from landbank.demo.draw import spread
from landbank.demo.setting import Border
from landbank.errors import Invalid

BETWEEN_PARKS_M = 90.0
MARGIN = 1.10
TRIES = 300
CELL_M = 4_000.0

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Site:
    """A park's place: municipality, centre in EPSG:3006 metres, angle in radians, width and height in metres."""

    municipality: str
    centre: Point
    angle: float
    width: float
    height: float

    @property
    def radius(self) -> float:
        """Radius of the circle around the park, its bent border included."""
        return math.hypot(self.width, self.height) / 2 * MARGIN


class Ground:
    """Land that parks can be put on, and the parks put there so far."""

    def __init__(self, borders: Sequence[Border], kept_clear: NDArray[np.float64]) -> None:
        """`kept_clear`: x, y of points that no park covers, such as junctions and runways."""
        self._land = {border.code: border.geometry for border in borders}
        for geometry in self._land.values():
            shapely.prepare(geometry)
        self._cells: dict[tuple[int, int], list[tuple[float, float, float]]] = {}
        self._reach = 0.0
        for x, y in kept_clear:
            self._take(float(x), float(y), 250.0)

    def put(self, site: Site) -> bool:
        """Whether the site is on land and free; if so it is taken."""
        x, y = site.centre
        if not self._is_free(x, y, site.radius) or not self._land[site.municipality].contains(
            footprint(site)
        ):
            return False
        self._take(x, y, site.radius)
        return True

    def _take(self, x: float, y: float, radius: float) -> None:
        self._cells.setdefault((int(x // CELL_M), int(y // CELL_M)), []).append((x, y, radius))
        self._reach = max(self._reach, radius)

    def _is_free(self, x: float, y: float, radius: float) -> bool:
        steps = math.ceil((radius + self._reach + BETWEEN_PARKS_M) / CELL_M)
        column, row = int(x // CELL_M), int(y // CELL_M)
        return not any(
            math.hypot(x - other_x, y - other_y) < radius + other + BETWEEN_PARKS_M
            for near in range(column - steps, column + steps + 1)
            for over in range(row - steps, row + steps + 1)
            for other_x, other_y, other in self._cells.get((near, over), ())
        )


def footprint(site: Site) -> shapely.Polygon:
    """The site as a rectangle with room for a bent border."""
    cos, sin = math.cos(site.angle), math.sin(site.angle)
    half_x, half_y = site.width / 2 * MARGIN, site.height / 2 * MARGIN
    corners = ((-half_x, -half_y), (half_x, -half_y), (half_x, half_y), (-half_x, half_y))
    x, y = site.centre
    return shapely.Polygon([(x + u * cos - v * sin, y + u * sin + v * cos) for u, v in corners])


def find_sites(
    rng: np.random.Generator,
    shapes: Sequence[tuple[float, float]],
    anchors: Mapping[str, Sequence[Point]],
    weights: Mapping[str, float],
    ground: Ground,
) -> list[Site]:
    """A site for each park shape (width, height in metres).

    The first parks go to one municipality each, so that none is left empty; the others follow the weights. The
    circle around an anchor grows until there is room.

    Raises
    ------
    Invalid
        There is no room: too many or too large plots for the land.
    """
    codes = list(anchors)
    chances = np.array([weights[code] for code in codes], dtype=np.float64)
    chances /= chances.sum()
    first = [codes[i] for i in rng.permutation(len(codes))]
    wanted = [*first, *spread(rng, max(len(shapes) - len(first), 0), weights)]
    sites = []
    for shape, code in zip(shapes, wanted, strict=False):
        others = [codes[i] for i in rng.choice(len(codes), size=12, p=chances)]
        sites.append(find_site(rng, shape, [code, *others], anchors, ground))
    return sites


def find_site(
    rng: np.random.Generator,
    shape: tuple[float, float],
    municipalities: Sequence[str],
    anchors: Mapping[str, Sequence[Point]],
    ground: Ground,
) -> Site:
    """A free site in the first of the municipalities that has room for the shape."""
    for code in municipalities:
        near = anchors[code]
        x, y = near[int(rng.integers(len(near)))]
        reach = 700.0 + max(shape)
        for _ in range(TRIES):
            distance, bearing = reach * math.sqrt(rng.random()), 2 * math.pi * rng.random()
            centre = (x + distance * math.cos(bearing), y + distance * math.sin(bearing))
            site = Site(code, centre, math.pi * rng.random(), *shape)
            if ground.put(site):
                return site
            reach *= 1.012
    raise Invalid("There is no room left for the parks.", hint="Ask for fewer plots, or for more land.")
