"""The colours of the pages have the contrast that WCAG 2.2 asks for, in light and in dark.

Source: WCAG 2.2, definitions of relative luminance and contrast ratio; success criteria 1.4.3 and 1.4.11.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parents[2] / "web/static/css/tokens.css").read_text(encoding="utf-8")
COLOUR = re.compile(r"--([\w-]+):\s*#([0-9a-f]{6});")
LABELS = tuple(
    f"label-{name}"
    for name in ("ledig-nu", "ledig-senare", "kommande", "reserverad", "begransad", "sald", "ej-till-salu")
)
GROUNDS = ("ground", "surface")

TEXT_PAIRS = [
    *[(text, ground) for ground in (*GROUNDS, "surface-sunk") for text in ("text", "text-muted", "link")],
    *[
        (text, ground)
        for ground in GROUNDS
        for text in (*LABELS, "good", "warn", "bad", "accent", "accent-strong")
    ],
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("text", "notice"),
    ("bad", "bad-surface"),
    ("text", "bad-surface"),
]
SHAPE_PAIRS = [
    *[(shape, ground) for ground in GROUNDS for shape in ("line-strong", "accent", "focus", "bar", "bad")],
    ("bar", "bar-lost"),
    ("notice-line", "surface"),
]


def schemes() -> dict[str, dict[str, str]]:
    """The colours of the light and of the dark scheme, by token."""
    light, dark = TOKENS.split("@media (prefers-color-scheme: dark)")
    colours = dict(COLOUR.findall(light))
    return {"light": colours, "dark": colours | dict(COLOUR.findall(dark))}


def luminance(colour: str) -> float:
    """Relative luminance of a colour of six hexadecimal digits."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_is_21_to_1() -> None:
    assert contrast("000000", "ffffff") == pytest.approx(21)
    assert contrast("777777", "ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_4_5_to_1(scheme: str) -> None:
    colours = schemes()[scheme]
    low = {pair: round(contrast(*(colours[name] for name in pair)), 2) for pair in TEXT_PAIRS}

    assert {pair: ratio for pair, ratio in low.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_borders_and_symbols_stand_out_3_to_1(scheme: str) -> None:
    colours = schemes()[scheme]
    low = {pair: round(contrast(*(colours[name] for name in pair)), 2) for pair in SHAPE_PAIRS}

    assert {pair: ratio for pair, ratio in low.items() if ratio < 3} == {}


def test_dark_scheme_names_every_colour_of_the_light_one() -> None:
    light, dark = TOKENS.split("@media (prefers-color-scheme: dark)")

    assert dict(COLOUR.findall(light)).keys() == dict(COLOUR.findall(dark)).keys()
