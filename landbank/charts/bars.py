"""Horizontal bars, each under its name and number: parts of a whole, contributions, or a waterfall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from landbank.charts.svg import WIDTH, Tone, box, element, picture, words

ROW_HEIGHT: Final = 38
BAR_TOP: Final = 18
BAR_HEIGHT: Final = 12
BASELINE: Final = 13


@dataclass(frozen=True, slots=True)
class Bar:
    """A piece of a row from `start` to `end`, shares (0..1) of the picture's width."""

    start: float
    end: float
    tone: Tone


@dataclass(frozen=True, slots=True)
class BarRow:
    """A row: its name, its number as text, and its pieces. A main row is set bold, another one is set in."""

    name: str
    figure: str
    bars: tuple[Bar, ...]
    is_main: bool = True


def bar_chart(rows: Sequence[BarRow], *, key: str, title: str, description: str) -> str:
    """The rows from top to bottom as one SVG image."""
    drawn = [_row(key, row, place * ROW_HEIGHT) for place, row in enumerate(rows)]
    return picture(key, *drawn, title=title, description=description, height=max(len(rows), 1) * ROW_HEIGHT)


def _row(key: str, row: BarRow, top: float) -> str:
    weight = "chart-name" if row.is_main else "chart-name chart-minor"
    return element(
        "g",
        element("text", words(row.name), x=0, y=top + BASELINE, class_=weight),
        element(
            "text", words(row.figure), x=WIDTH, y=top + BASELINE, text_anchor="end", class_="chart-figure"
        ),
        element("rect", x=0, y=top + BAR_TOP, width=WIDTH, height=BAR_HEIGHT, class_="chart-ground"),
        *[
            box(
                key,
                bar.tone,
                x=bar.start * WIDTH,
                y=top + BAR_TOP,
                width=(bar.end - bar.start) * WIDTH,
                height=BAR_HEIGHT,
            )
            for bar in row.bars
        ],
    )
