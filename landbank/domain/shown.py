"""Numbers as they are shown: rounded so that the parts still add up to the whole."""

from __future__ import annotations

import math
from collections.abc import Sequence

NOISE = 1e-9


def tenths(amount: float) -> int:
    """The nearest tenth, halves upward, as a whole number of tenths."""
    return math.floor(amount * 10 + 0.5 + NOISE)


def tenths_down(amount: float) -> int:
    """The tenth at or below."""
    return math.floor(amount * 10 + NOISE)


def tenths_up(amount: float) -> int:
    """The tenth at or above."""
    return math.ceil(amount * 10 - NOISE)


def parts_in_tenths(parts: Sequence[float], whole: int) -> tuple[int, ...]:
    """Each part rounded down or up to tenths, so that together they are `whole`, their rounded sum in tenths.

    The largest remainders are rounded up; of equal ones the earlier. A part of 0 stays 0.

    Raises
    ------
    ValueError
        The parts don't sum to the whole within half a tenth.
    """
    floors = [tenths_down(part) for part in parts]
    left = whole - sum(floors)
    order = sorted(range(len(parts)), key=lambda place: (-round(parts[place] * 10 - floors[place], 6), place))
    if not 0 <= left <= len(parts):
        raise ValueError(f"parts {parts} don't sum to {whole / 10}")
    raised = set(order[:left])
    return tuple(floor + (place in raised) for place, floor in enumerate(floors))
