"""A score as one bar built of its parts: each part as wide as it weighs, filled as far as it was won."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from landbank.charts.svg import WIDTH, Tone, box, element, picture, words

PARTS_HEIGHT: Final = 20
CUT: Final = 2


@dataclass(frozen=True, slots=True)
class ScorePart:
    """One part: what it is called in full, and shares (0..1) of the whole bar.

    `width` is all that it could give, `sure` what is won for certain, `possible` what may be won at most.
    """

    name: str
    width: float
    sure: float
    possible: float


def score_bar(parts: Sequence[ScorePart], *, key: str, title: str, description: str) -> str:
    """The parts from left to right as one SVG image; between two parts is a cut."""
    drawn, start = [], 0.0
    for part in parts:
        drawn.append(_part(key, part, start * WIDTH))
        start += part.width
        drawn.append(
            element(
                "rect", x=start * WIDTH - CUT / 2, y=0, width=CUT, height=PARTS_HEIGHT, class_="chart-cut"
            )
        )
    return picture(key, *drawn[:-1], title=title, description=description, height=PARTS_HEIGHT)


def _part(key: str, part: ScorePart, left: float) -> str:
    def piece(tone: Tone, start: float, end: float) -> str:
        if end - start <= 0:
            return ""
        width = (end - start) * WIDTH
        return box(key, tone, x=left + start * WIDTH, y=0, width=width, height=PARTS_HEIGHT)

    return element(
        "g",
        element("title", words(part.name)),
        piece(Tone.LOST, part.possible, part.width),
        piece(Tone.OPEN, part.sure, part.possible),
        piece(Tone.GOOD, 0.0, part.sure),
    )
