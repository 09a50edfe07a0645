"""A value curve in little, to stand beside the control that it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from landbank.charts.svg import WIDTH, element, number, picture, words

TOP: Final = 8
BOTTOM: Final = 62
HEIGHT: Final = 86
EDGE: Final = 6
MARGIN: Final = 0.15
"""Share of the curve's width that is drawn beyond its ends, where it runs on level."""


def value_curve(
    points: Sequence[tuple[float, float]],
    *,
    key: str,
    title: str,
    description: str,
    names: Sequence[str],
) -> str:
    """The curve through points (amount, worth 0 to 1) as one SVG image; `names` are the amounts in words."""
    low, high = points[0][0], points[-1][0]
    beyond = (high - low) * MARGIN or 1.0
    places = [(_across(x, low - beyond, high + beyond), _up(worth)) for x, worth in points]
    line = [(EDGE, places[0][1]), *places, (WIDTH - EDGE, places[-1][1])]
    path = "M" + "L".join(f"{number(x)} {number(y)}" for x, y in line)
    area = f"{path}V{BOTTOM}H{EDGE}Z"
    return picture(
        key,
        element("path", d=f"M{EDGE} {BOTTOM}H{WIDTH - EDGE}", class_="chart-grid"),
        element("path", d=area, class_="chart-area"),
        element("path", d=path, class_="chart-line"),
        *(element("circle", cx=x, cy=y, r=4, class_="chart-dot") for x, y in places),
        *(_name(x, name) for (x, _), name in zip(places, names, strict=True) if name),
        title=title,
        description=description,
        height=HEIGHT,
    )


def _across(x: float, low: float, high: float) -> float:
    return EDGE + (x - low) / (high - low) * (WIDTH - 2 * EDGE)


def _up(worth: float) -> float:
    return BOTTOM - worth * (BOTTOM - TOP)


def _name(x: float, name: str) -> str:
    anchor = "start" if x < 0.2 * WIDTH else "end" if x > 0.8 * WIDTH else "middle"
    return element("text", words(name), x=x, y=BOTTOM + 20, text_anchor=anchor, class_="chart-tick")
