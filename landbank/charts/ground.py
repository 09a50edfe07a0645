"""Ground seen from above: outlines in metres, drawn to one scale, north up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from landbank.charts.svg import WIDTH, element, number, picture, words

HIGHEST: Final = 260
EDGE: Final = 8
BAR_ROOM: Final = 26

Ring = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Ground:
    """A shape of one or more rings (east, north), and what it is: plot, zone, footprint, nearly or strip."""

    role: str
    rings: tuple[Ring, ...]


def ground_plan(shapes: Sequence[Ground], *, key: str, title: str, description: str, unit: str = "m") -> str:
    """The shapes, the first at the bottom, as one SVG image with a bar of the scale; there must be at least one."""
    xs = [x for shape in shapes for ring in shape.rings for x, _ in ring]
    ys = [y for shape in shapes for ring in shape.rings for _, y in ring]
    left, top = min(xs), max(ys)
    wide, high = max(max(xs) - left, 1e-6), max(top - min(ys), 1e-6)
    scale = min((WIDTH - 2 * EDGE) / wide, (HIGHEST - 2 * EDGE) / high)

    def path(shape: Ground) -> str:
        told = []
        for ring in shape.rings:
            steps = "L".join(
                f"{number(EDGE + (x - left) * scale)} {number(EDGE + (top - y) * scale)}" for x, y in ring
            )
            told.append(f"M{steps}Z")
        return element("path", d="".join(told), class_=f"ground-{shape.role}", fill_rule="evenodd")

    bottom = 2 * EDGE + high * scale
    length = round_length(80 / scale)
    return picture(
        key,
        *(path(shape) for shape in shapes),
        element(
            "path",
            d=f"M{EDGE} {number(bottom)}v6h{number(length * scale)}v-6",
            class_="ground-scale",
        ),
        element(
            "text",
            words(f"{length:g} {unit}"),
            x=EDGE + length * scale + 8,
            y=bottom + 9,
            class_="chart-tick",
        ),
        title=title,
        description=description,
        height=bottom + BAR_ROOM - EDGE,
    )


def round_length(about: float) -> float:
    """The length of 1, 2 or 5 times a power of ten that is nearest below."""
    power = 1.0
    while power * 10 <= about:
        power *= 10
    while power > about:
        power /= 10
    return next(step * power for step in (5, 2, 1) if step * power <= about)
