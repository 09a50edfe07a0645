"""Small drawings of ground as SVG: outlines before and after, parts of a plot, neighbours. North is up.

Coordinates are EPSG:3006; the drawing has its own, a tenth of a unit exact. Colours come from the style sheet by class.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import shapely

WIDTH, HEIGHT, MARGIN = 480.0, 320.0, 16.0
MOST_POINTS = 3_000
"""Corners that a drawing shows; what has more is drawn a little simpler."""


@dataclass(frozen=True, slots=True)
class Layer:
    """Ground to be drawn: `kind` is its class in the style sheet, `label` stands in it."""

    kind: str
    geometry: shapely.Geometry
    label: str = ""
    is_in_view: bool = True


@dataclass(frozen=True, slots=True)
class Shape:
    """One drawn path, and its label with its place."""

    kind: str
    path: str
    label: str
    x: str
    y: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """What the template draws; `scale_m` is the length of the scale bar, `scale_width` what it is on the drawing."""

    width: int
    height: int
    shapes: tuple[Shape, ...]
    scale_m: int
    scale_width: str


def draw(layers: Sequence[Layer]) -> Drawing | None:
    """The layers, the first at the bottom, the view around those that are to be in it; None where there is nothing."""
    seen = [layer.geometry for layer in layers if layer.is_in_view and not shapely.is_empty(layer.geometry)]
    if not seen:
        return None
    west, south, east, north = shapely.total_bounds(seen).tolist()
    span = max((east - west) / (WIDTH - 2 * MARGIN), (north - south) / (HEIGHT - 2 * MARGIN), 1e-3)
    middle = ((west + east) / 2, (south + north) / 2)
    paper = Paper(middle[0] - WIDTH / 2 * span, middle[1] + HEIGHT / 2 * span, span)
    scale = round_length(span * WIDTH / 4)
    shapes = tuple(paper.shape(layer) for layer in layers if not shapely.is_empty(layer.geometry))
    return Drawing(int(WIDTH), int(HEIGHT), shapes, scale, f"{scale / span:.1f}")


@dataclass(frozen=True, slots=True)
class Paper:
    """Where ground lies on a drawing: its upper left corner, and metres a unit."""

    west: float
    north: float
    span: float

    def shape(self, layer: Layer) -> Shape:
        """A layer as a path."""
        drawn = layer.geometry
        if shapely.get_num_coordinates(drawn) > MOST_POINTS:
            drawn = shapely.simplify(drawn, self.span / 2)
        place = shapely.point_on_surface(drawn)
        x, y = self.at(place.x, place.y)
        return Shape(layer.kind, " ".join(self.paths(drawn)), layer.label, f"{x:.1f}", f"{y:.1f}")

    def at(self, east: float, north: float) -> tuple[float, float]:
        """A place on the drawing."""
        return (east - self.west) / self.span, (self.north - north) / self.span

    def paths(self, geometry: shapely.Geometry) -> Iterable[str]:
        """The lines of a geometry; rings are closed."""
        for piece in shapely.get_parts(geometry):
            if piece.geom_type == "Polygon":
                for ring in (piece.exterior, *piece.interiors):
                    yield f"{self.line(ring.coords[:-1])}Z"
            elif piece.geom_type == "LineString":
                yield self.line(piece.coords)

    def line(self, corners: Iterable[Sequence[float]]) -> str:
        """Corners one after the other."""
        told = (self.at(corner[0], corner[1]) for corner in corners)
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in told)


def round_length(most_m: float) -> int:
    """The greatest of 1, 2, 5, 10, 20, ... metres that is not more."""
    found = 1
    for power in range(7):
        for step in (1, 2, 5):
            if step * 10**power <= most_m:
                found = step * 10**power
    return found
