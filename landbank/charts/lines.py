"""Lines over two axes: a history, a value curve. Lines are told apart by dash and name, not by colour alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from landbank.charts.svg import WIDTH, element, number, picture, words

LEFT: Final = 34
RIGHT: Final = WIDTH - 10
TOP: Final = 12
BOTTOM: Final = 172
HEIGHT: Final = 200
DASHES: Final = ("", "7 4", "2 3")

Tick = tuple[float, str]
"""Where on an axis, 0 to 1, and what stands there."""


@dataclass(frozen=True, slots=True)
class Line:
    """A named line through points (x, y), both 0 to 1, y upwards; one point alone is drawn as a dot."""

    name: str
    points: tuple[tuple[float, float], ...]


def line_chart(
    lines: Sequence[Line],
    *,
    key: str,
    title: str,
    description: str,
    x_ticks: Sequence[Tick],
    y_ticks: Sequence[Tick],
) -> str:
    """The lines with their axes as one SVG image; names stand below where there is more than one line."""
    names = lines if len(lines) > 1 else ()
    drawn = [
        *(_y_tick(tick) for tick in y_ticks),
        *(_x_tick(tick) for tick in x_ticks),
        *(_line(line, place) for place, line in enumerate(lines)),
        *(_name(line, place) for place, line in enumerate(names)),
    ]
    return picture(key, *drawn, title=title, description=description, height=HEIGHT + 20 * len(names))


def _across(x: float) -> float:
    return LEFT + x * (RIGHT - LEFT)


def _up(y: float) -> float:
    return BOTTOM - y * (BOTTOM - TOP)


def _y_tick(tick: Tick) -> str:
    place, text = tick
    y = _up(place)
    return element("path", d=f"M{LEFT} {number(y)}H{RIGHT}", class_="chart-grid") + element(
        "text", words(text), x=LEFT - 6, y=y + 4, text_anchor="end", class_="chart-tick"
    )


def _x_tick(tick: Tick) -> str:
    place, text = tick
    anchor = "start" if place < 0.1 else "end" if place > 0.9 else "middle"
    return element(
        "text", words(text), x=_across(place), y=BOTTOM + 18, text_anchor=anchor, class_="chart-tick"
    )


def _line(line: Line, place: int) -> str:
    places = [(_across(x), _up(y)) for x, y in line.points]
    dots = [element("circle", cx=x, cy=y, r=3, class_="chart-dot") for x, y in places]
    if len(places) < 2:
        return "".join(dots)
    path = "M" + "L".join(f"{number(x)} {number(y)}" for x, y in places)
    shown = dots if len(places) <= 60 and not _dash(place) else []
    return element("path", d=path, class_="chart-line", **_dashed(place)) + "".join(shown)


def _name(line: Line, place: int) -> str:
    y = HEIGHT + 20 * place
    return element("path", d=f"M{LEFT} {number(y + 5)}h28", class_="chart-line", **_dashed(place)) + element(
        "text", words(line.name), x=LEFT + 36, y=y + 10, class_="chart-tick"
    )


def _dash(place: int) -> str:
    return DASHES[place % len(DASHES)]


def _dashed(place: int) -> dict[str, str]:
    dash = _dash(place)
    return {"stroke_dasharray": dash} if dash else {}
