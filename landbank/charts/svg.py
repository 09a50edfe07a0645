"""SVG elements as text: every word is escaped here and nowhere else, every number is written short."""

from __future__ import annotations

from enum import StrEnum
from typing import Final
from xml.sax.saxutils import escape, quoteattr

WIDTH: Final = 400
"""Units across every picture. On a phone a unit is a little less than a pixel: 14 units of text stay legible."""


class Tone(StrEnum):
    """What a shape means; its colour and, where colour alone would not tell, its hatching follow from it."""

    WHOLE = "whole"
    GOOD = "good"
    OPEN = "open"
    LOST = "lost"
    WARN = "warn"
    BAD = "bad"


def element(name: str, /, *children: str, **attributes: str | float) -> str:
    """An element with finished children. `class_` is the attribute class; `_` within a name stands for a hyphen."""
    told = "".join(
        f" {attribute.rstrip('_').replace('_', '-')}={quoteattr(number(value))}"
        for attribute, value in attributes.items()
    )
    return f"<{name}{told}>{''.join(children)}</{name}>" if children else f"<{name}{told}/>"


def words(text: str) -> str:
    """Text as the content of an element."""
    return escape(text)


def number(value: str | float) -> str:
    """A number with at most two decimals; text as it is."""
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")


def picture(key: str, *children: str, title: str, description: str, height: float) -> str:
    """The whole picture as an image with title and description; `key` makes its ids unlike those of others."""
    hatch = element(
        "pattern",
        element("rect", width=6, height=6, class_="chart-hatch-ground"),
        element("path", d="M-1 7 7-1M-1 1 1-1M5 7 7 5", class_="chart-hatch-line"),
        id=f"{key}-hatch",
        width=6,
        height=6,
        patternUnits="userSpaceOnUse",
    )
    return element(
        "svg",
        element("title", words(title), id=f"{key}-title"),
        element("desc", words(description), id=f"{key}-desc"),
        element("defs", hatch),
        *children,
        class_="chart",
        role="img",
        aria_labelledby=f"{key}-title {key}-desc",
        viewBox=f"0 0 {WIDTH} {number(height)}",
        focusable="false",
    )


def box(key: str, tone: Tone, *, x: float, y: float, width: float, height: float) -> str:
    """A rectangle in its tone; an open one is hatched."""
    fill = {"fill": f"url(#{key}-hatch)"} if tone is Tone.OPEN else {}
    return element(
        "rect", x=x, y=y, width=max(width, 0.0), height=height, class_=f"chart-{tone}", **fill
    )  # fmt: skip
