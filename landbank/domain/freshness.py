"""How far a plot's values can be relied on: which are stale on a day, and one certainty between 0 and 1.

The contract: each attribute class has a maximum age (data/fields.toml, [classes]). Up to it a confirmed value counts
whole, beyond it the less the older it is. Rows and columns follow one formula; a test compares them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from landbank.domain.codes import AttributeClass, KeyFact

MaxAges: TypeAlias = Mapping[AttributeClass, int]
Floats: TypeAlias = NDArray[np.float64]

NEVER_CONFIRMED: Final = 0.25
"""What a value counts that is there, but that nobody is known to have confirmed: more than nothing, less than half."""


@dataclass(frozen=True, slots=True)
class CountedFact:
    """A value that a company decides by. Without an attribute class it does not grow old, as an outline does not."""

    name: KeyFact
    attribute_class: AttributeClass | None


KEY_FACTS: Final[tuple[CountedFact, ...]] = (
    CountedFact(KeyFact.OUTLINE, None),
    CountedFact(KeyFact.PLANNING_STATE, AttributeClass.PLANNING),
    CountedFact(KeyFact.USE, None),
    CountedFact(KeyFact.READINESS, AttributeClass.GROUND),
    CountedFact(KeyFact.AVAILABILITY, AttributeClass.SALE),
    CountedFact(KeyFact.TENURES, AttributeClass.TERMS),
    CountedFact(KeyFact.PRICE, AttributeClass.TERMS),
    CountedFact(KeyFact.POWER, AttributeClass.POWER),
    CountedFact(KeyFact.WATER_AND_SEWER, AttributeClass.NETWORKS),
    CountedFact(KeyFact.NET_AREA, AttributeClass.LAND),
    CountedFact(KeyFact.OWNER, AttributeClass.LAND),
    CountedFact(KeyFact.CONTACT, AttributeClass.CONTACT),
    CountedFact(KeyFact.RESTRICTIONS, AttributeClass.RESTRICTIONS),
)
"""All count the same. Restrictions count only for a plot that has some: none known is no value to confirm."""

KEY_NAMES: Final = tuple(value.name for value in KEY_FACTS)


@dataclass(frozen=True, slots=True)
class Held:
    """One key fact of a plot: whether it is known, and when it was last confirmed (None: never)."""

    name: KeyFact
    is_known: bool
    confirmed_on: date | None


@dataclass(frozen=True, slots=True)
class PlotFreshness:
    """How far a plot's key facts can be relied on; names are those of `KEY_FACTS`, in their order."""

    certainty: float
    counted: int
    stale: tuple[KeyFact, ...]
    unknown: tuple[KeyFact, ...]

    @property
    def sound(self) -> int:
        """How many of the counted values are known and not stale."""
        return self.counted - len(self.stale) - len(self.unknown)


def is_stale(confirmed_on: date | None, max_age_days: int | None, day: date) -> bool:
    """Whether a value is older on the day than it may be; one that nobody confirmed is, one that never ages isn't."""
    if max_age_days is None:
        return False
    return confirmed_on is None or (day - confirmed_on).days > max_age_days


def value_certainty(held: Held, max_age_days: int | None, day: date) -> float:
    """What one key fact counts, 0 to 1.

    0 where it is unknown; 1 where it never ages or is at most `max_age_days` old; `max_age_days / age` beyond that;
    0.25 where it was never confirmed.
    """
    if not held.is_known:
        return 0.0
    if max_age_days is None:
        return 1.0
    if held.confirmed_on is None:
        return NEVER_CONFIRMED
    age = (day - held.confirmed_on).days
    return 1.0 if age <= max_age_days else max_age_days / age


def plot_freshness(values: Iterable[Held], ages: MaxAges, day: date) -> PlotFreshness:
    """The certainty of a plot, the mean of what its values count, and which of them are stale or unknown.

    A key fact that is not among `values` does not count for the plot. Without any the certainty is 0.
    """
    given = {held.name: held for held in values}
    counted = [(given[key.name], max_age(key, ages)) for key in KEY_FACTS if key.name in given]
    parts = [value_certainty(held, most, day) for held, most in counted]
    return PlotFreshness(
        certainty=sum(parts) / len(parts) if parts else 0.0,
        counted=len(counted),
        stale=tuple(
            held.name for held, most in counted if held.is_known and is_stale(held.confirmed_on, most, day)
        ),
        unknown=tuple(held.name for held, _ in counted if not held.is_known),
    )


def max_age(key: CountedFact, ages: MaxAges) -> int | None:
    """How many days old a key fact may be; None for one that never ages."""
    return None if key.attribute_class is None else ages[key.attribute_class]


def key_max_ages(ages: MaxAges, names: Sequence[KeyFact] = KEY_NAMES) -> Floats:
    """The maximum age of each key fact in days, infinite where it never ages; for `certainties`."""
    by_name = {key.name: max_age(key, ages) for key in KEY_FACTS}
    return np.array([np.inf if by_name[name] is None else by_name[name] for name in names], dtype=np.float64)


def certainties(known: NDArray[np.int8], age_days: Floats, max_age_days: Floats) -> Floats:
    """The certainty of many plots at once, by the formula of `plot_freshness`.

    Parameters
    ----------
    known
        Plots by key facts: 1 known, 0 unknown, -1 does not count for the plot.
    age_days
        Plots by key facts: days since confirmed; NaN for never.
    max_age_days
        One a key fact; infinite where it never ages (see `key_max_ages`).
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        worth = np.where(age_days <= max_age_days, 1.0, max_age_days / age_days)
    worth = np.where(np.isnan(age_days), NEVER_CONFIRMED, worth)
    worth = np.where(np.isinf(max_age_days), 1.0, worth)
    counted = (known >= 0).sum(axis=1)
    total = np.where(known == 1, worth, 0.0).sum(axis=1)
    return np.asarray(total / np.maximum(counted, 1), dtype=np.float64)


def stale_marks(known: NDArray[np.int8], age_days: Floats, max_age_days: Floats) -> NDArray[np.bool_]:
    """Plots by key facts: whether a known value is stale, by the rule of `is_stale`."""
    aged = np.isnan(age_days) | (age_days > max_age_days)
    return np.asarray((known == 1) & np.isfinite(max_age_days) & aged, dtype=np.bool_)
