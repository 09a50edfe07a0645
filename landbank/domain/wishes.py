"""Valuing wishes: for each plot, what its value is worth from 0 to 1, and between which bounds if unknown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from landbank.domain.columns import Columns, use_mask
from landbank.domain.criteria import CRITERIA
from landbank.domain.criterion import Criterion, Kind
from landbank.domain.kleene import Bools
from landbank.domain.musts import asked_for
from landbank.domain.need import Need, Wish
from landbank.domain.reading import AmountReading, Asked, ClaimReading, CodeReading, Reading, SetReading
from landbank.domain.value import Curve, best_held, value_at, value_bounds, worth_of

Floats: TypeAlias = NDArray[np.float64]
Priors: TypeAlias = tuple[tuple[float, ...], ...]

CLASSES: Final = (("J",), ("Z",), ("K", "C"), ("H", "G"))
"""Kinds of plot by the first of these uses that they allow; a plot with none of them is of the last kind."""

FEWEST_KNOWN: Final = 5


@dataclass(frozen=True, slots=True, eq=False)
class Worth:
    """Bounds of v, equal where the value is known."""

    low: Floats
    high: Floats
    is_known: Bools

    def of(self, places: NDArray[np.int64]) -> Worth:
        """The worth of some of the plots."""
        return Worth(self.low[places], self.high[places], self.is_known[places])


def worth(wish: Wish, columns: Columns, asked: Asked) -> Worth:
    """What each plot's value is worth to the wish."""
    criterion = CRITERIA[wish.criterion]
    return worth_of_reading(wish, criterion, criterion.read(columns, asked))


def worth_of_reading(wish: Wish, criterion: Criterion, reading: Reading) -> Worth:
    """What the values read are worth to the wish."""
    if isinstance(reading, AmountReading):
        return worth_of_amount(reading, curve_of(wish))
    if isinstance(reading, SetReading):
        table = table_of(wish, criterion)
        low, high = best_held(reading.certain, table), best_held(reading.possible, table)
        return Worth(low, high, reading.certain == reading.possible)
    if isinstance(reading, ClaimReading):
        reading = CodeReading(np.where(reading.holds == 0, -1, reading.holds > 0).astype(np.int64))
    return worth_of_code(reading, table_of(wish, criterion), size=code_count(criterion))


def worth_of_amount(reading: AmountReading, curve: Curve) -> Worth:
    """What amounts are worth; the part of the curve between their bounds where they are unknown."""
    is_known = reading.low == reading.high
    low = value_at(reading.low, curve)
    high = low.copy()
    unknown = np.flatnonzero(~is_known)
    low[unknown], high[unknown] = value_bounds(reading.low[unknown], reading.high[unknown], curve)
    return Worth(low, high, is_known)


def worth_of_code(reading: CodeReading, table: dict[int, float], *, size: int | None) -> Worth:
    """What single codes are worth; anything in the table, or 0 unless it names all `size` codes, if unknown."""
    is_known = reading.key >= 0
    low = worth_of(reading.key, table)
    high = low.copy()
    low[~is_known] = min(table.values()) if len(table) == size else 0.0
    high[~is_known] = max(table.values())
    return Worth(low, high, is_known)


def code_count(criterion: Criterion) -> int | None:
    """How many codes there are to hold; None where the list is open."""
    return 2 if criterion.kind is Kind.CLAIM else len(criterion.codes) or None


def curve_of(wish: Wish) -> Curve:
    """The wish's points as a curve over amounts."""
    return tuple((float(x), v) for x, v in wish.points)


def table_of(wish: Wish, criterion: Criterion) -> dict[int, float]:
    """The wish's points as worth by the number of a code; a claim's are 0 and 1."""
    return {int(x) if isinstance(x, bool) else criterion.key(str(x)): v for x, v in wish.points}


def plot_classes(columns: Columns) -> NDArray[np.int8]:
    """The kind of each plot, as a place in `CLASSES`; the next number for other and unknown uses."""
    held = [(columns.use & np.uint64(use_mask(uses))) != 0 for uses in CLASSES]
    return np.select(held, [np.int8(place) for place in range(len(CLASSES))], np.int8(len(CLASSES))).astype(
        np.int8
    )


def priors_of(need: Need, inventory: Columns, *, on: date) -> Priors:
    """For each wish and kind of plot, the median worth of the plots whose value is known.

    It is taken over the whole inventory, never over a result, and stands in for unknown values until they are
    known. A kind with fewer than five known plots takes the median of all; with none known it is 0.
    """
    classes = plot_classes(inventory)
    found = (
        worth(wish, inventory, asked_for(need, on, conditional=wish.conditional)) for wish in need.wishes
    )
    return tuple(prior_by_class(one, classes) for one in found)


def prior_by_class(found: Worth, classes: NDArray[np.int8]) -> tuple[float, ...]:
    """The median of known worth for each kind of plot."""
    known, kinds = found.low[found.is_known], classes[found.is_known]
    overall = float(np.median(known)) if len(known) else 0.0
    groups = (known[kinds == kind] for kind in range(len(CLASSES) + 1))
    return tuple(float(np.median(group)) if len(group) >= FEWEST_KNOWN else overall for group in groups)


def prior_where_needed(found: Worth, classes: NDArray[np.int8]) -> tuple[float, ...]:
    """The prior for each kind of plot, or zeros that stand for nothing where every value is known."""
    return (0.0,) * (len(CLASSES) + 1) if found.is_known.all() else prior_by_class(found, classes)


def point_worth(found: Worth, expected: Floats) -> Floats:
    """The one v that the score counts: what is known, else the expected worth held inside the bounds."""
    if found.is_known.all():
        return found.low
    return np.where(found.is_known, found.low, np.clip(expected, found.low, found.high))


def shares(need: Need) -> tuple[float, ...]:
    """What share of the whole each wish counts; they sum to 1."""
    units = [wish.units for wish in need.wishes]
    return tuple(unit / sum(units) for unit in units)
