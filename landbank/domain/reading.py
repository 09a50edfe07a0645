"""How each criterion's value is read from the columns, for the day that a need speaks of.

A reading says what is known: bounds for amounts, certain and possible members for sets, -1 for an unknown code.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from landbank.domain.codes import Availability, EnvironmentClass, Readiness
from landbank.domain.columns import TENURES, Columns
from landbank.domain.kleene import Tri
from landbank.domain.label import BUILDABLE, HELD, TAKEN, place, places, public_labels
from landbank.domain.place import Place
from landbank.domain.power import power_bounds

Floats: TypeAlias = NDArray[np.float64]
Masks: TypeAlias = NDArray[np.uint64]
ALL_BITS = np.uint64(0xFFFF_FFFF_FFFF_FFFF)


@dataclass(frozen=True, slots=True)
class Asked:
    """The day of the asking, the day of the need, whether conditional power counts, and the place asked for."""

    on: date
    date: date
    with_conditional: bool = False
    place: Place | None = None


@dataclass(frozen=True, slots=True, eq=False)
class AmountReading:
    """Least and most of an amount; equal where it is known, NaN where that side is unbounded."""

    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True, eq=False)
class CodeReading:
    """One code a plot, as a number; -1 where it is unknown."""

    key: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class SetReading:
    """The codes that a plot certainly holds, and those that it may hold; equal where they are known."""

    certain: Masks
    possible: Masks


@dataclass(frozen=True, slots=True, eq=False)
class ClaimReading:
    """A yes or no in three-valued form."""

    holds: Tri


Reading: TypeAlias = AmountReading | CodeReading | SetReading | ClaimReading
Reader: TypeAlias = Callable[[Columns, Asked], Reading]


def part_of(reading: Reading, places: NDArray[np.int64]) -> Reading:
    """What was read of some of the plots, in the order of the places."""
    if isinstance(reading, AmountReading):
        return AmountReading(reading.low[places], reading.high[places])
    if isinstance(reading, CodeReading):
        return CodeReading(reading.key[places])
    if isinstance(reading, SetReading):
        return SetReading(reading.certain[places], reading.possible[places])
    return ClaimReading(reading.holds[places])


def amount(name: str) -> Reader:
    """A reader of one column of numbers."""

    def read(columns: Columns, _: Asked) -> AmountReading:
        values = getattr(columns, name)
        return AmountReading(values, values)

    return read


def code(name: str) -> Reader:
    """A reader of one column of codes."""

    def read(columns: Columns, _: Asked) -> CodeReading:
        return CodeReading(getattr(columns, name).astype(np.int64))

    return read


def claim(name: str) -> Reader:
    """A reader of one column of three-valued claims."""

    def read(columns: Columns, _: Asked) -> ClaimReading:
        return ClaimReading(getattr(columns, name))

    return read


def price(columns: Columns, _: Asked) -> AmountReading:
    """The price for sale, kr per m² of plot; a price range bounds it."""
    most = np.where(
        np.isnan(columns.price_max_sek_per_m2), columns.price_sek_per_m2, columns.price_max_sek_per_m2
    )
    return AmountReading(columns.price_sek_per_m2, most)


def power(columns: Columns, asked: Asked) -> AmountReading:
    """Power in MW on the need's day."""
    return AmountReading(
        *power_bounds(columns.power, len(columns), asked.date, with_conditional=asked.with_conditional)
    )


def floor_area(columns: Columns, _: Asked) -> AmountReading:
    """Gross floor area allowed, m²."""
    return AmountReading(columns.floor_area_low_m2, columns.floor_area_high_m2)


def floor_share(columns: Columns, _: Asked) -> AmountReading:
    """Gross floor area allowed in per cent of the plot's area."""
    per_cent = 100 / np.where(columns.area_m2 > 0, columns.area_m2, np.nan)
    return AmountReading(columns.floor_area_low_m2 * per_cent, columns.floor_area_high_m2 * per_cent)


def environment_class(columns: Columns, _: Asked) -> SetReading:
    """The classes of activity that the plot takes: that of its column and all that demand less."""
    most = columns.environment_class.astype(np.int64)
    taken = (np.uint64(2) << np.maximum(most, 0).astype(np.uint64)) - np.uint64(1)
    every = np.uint64((1 << len(EnvironmentClass)) - 1)
    return SetReading(np.where(most < 0, np.uint64(0), taken), np.where(most < 0, every, taken))


def days_since_confirmed(columns: Columns, asked: Asked) -> AmountReading:
    """Days from the last confirmation of the plot's values to the day of the asking; unknown if there was none."""
    since = day_number(asked.on) - day_numbers(columns.confirmed_on)
    return AmountReading(since, since)


def place_distance(columns: Columns, asked: Asked) -> AmountReading:
    """The straight line from the plot to the place asked for, km; unknown where no place is asked for."""
    if asked.place is None:
        nothing = np.full(len(columns), np.nan)
        return AmountReading(nothing, nothing)
    x, y = asked.place.point_among(columns.points)
    distance_km = np.hypot(columns.easting_m - x, columns.northing_m - y) / 1000
    return AmountReading(distance_km, distance_km)


def municipality(columns: Columns, _: Asked) -> CodeReading:
    """The municipality's code as a number."""
    return CodeReading(columns.municipality.astype(np.int64))


def label(columns: Columns, asked: Asked) -> CodeReading:
    """The public label on the day of the asking, as a place in PublicLabel."""
    labels = public_labels(
        availability=columns.availability,
        availability_until=columns.availability_until,
        is_blocked=columns.is_blocked,
        planning_state=columns.planning_state,
        readiness=columns.readiness,
        ready_on=columns.ready_on,
        available_on=columns.available_on,
        day=asked.on,
    )
    return CodeReading(labels.astype(np.int64))


def use(columns: Columns, _: Asked) -> SetReading:
    """The uses that the plan allows; one that it excludes is not held even where the rest is unknown."""
    allowed = ~columns.excluded_use
    return SetReading(columns.use & allowed, np.where(columns.use_known, columns.use, ALL_BITS) & allowed)


def tenure(columns: Columns, _: Asked) -> SetReading:
    """The forms in which the plot is let go."""
    listed = np.uint64((1 << len(TENURES)) - 1)
    return SetReading(columns.tenure, np.where(columns.tenure_known, columns.tenure, listed))


def is_blocked(columns: Columns, _: Asked) -> ClaimReading:
    """Whether a restriction blocks the plot; restrictions that nobody recorded are taken not to be there."""
    return ClaimReading(np.where(columns.is_blocked, 1, -1).astype(np.int8))


def days_until_free(columns: Columns, asked: Asked) -> AmountReading:
    """Days from the need's day until the plot can be taken over; negative is early, infinite is never."""
    free = free_bounds(columns, asked.on)
    wanted = float(np.datetime64(asked.date, "D").astype(np.int64))
    low, high = free.low - wanted, free.high - wanted
    high[np.isposinf(low)] = np.inf
    return AmountReading(low, high)


def days_late(columns: Columns, asked: Asked) -> AmountReading:
    """Days from the need's day until the plot can be taken over and built on; negative is early.

    Infinite for a plot that is sold, agreed or not for sale. What is unknown is not earlier than the day of the
    asking, nor, where the plot is known not to be ready or free, than the day after it.
    """
    ready, free = ready_bounds(columns, asked.on), free_bounds(columns, asked.on)
    wanted = float(np.datetime64(asked.date, "D").astype(np.int64))
    low = np.maximum(ready.low, free.low) - wanted
    high = np.maximum(ready.high, free.high) - wanted
    high[np.isposinf(low)] = np.inf
    return AmountReading(low, high)


def ready_bounds(columns: Columns, on: date) -> AmountReading:
    """When the ground can be built on, days since 1970; a date that has passed without readiness says nothing."""
    today = day_number(on)
    ready_on = day_numbers(columns.ready_on)
    built = np.isin(columns.readiness, places(Readiness, BUILDABLE))
    ahead = ready_on > today
    known = np.where(ahead, ready_on, np.where(built, today, np.nan))
    earliest = np.where(columns.readiness < 0, today, today + 1)
    return AmountReading(np.where(np.isnan(known), earliest, known), known)


def free_bounds(columns: Columns, on: date) -> AmountReading:
    """When the plot can be had, days since 1970; infinite for never."""
    today = day_number(on)
    available_on = day_numbers(columns.available_on)
    until = day_numbers(columns.availability_until)
    state = columns.availability
    held = np.isin(state, places(Availability, HELD)) & ~(until < today)
    never = np.isin(state, places(Availability, (*TAKEN, Availability.EJ_TILL_SALU)))
    coming = state == place(Availability, Availability.KOMMANDE)
    ahead = np.where(available_on > today, available_on, np.nan)
    known = np.where(coming, ahead, np.where(np.isnan(ahead), today, ahead))
    known[(state < 0) | held] = np.nan
    known[never] = np.inf
    earliest = np.where(state < 0, today, today + 1)
    earliest[held] = np.fmax(until[held] + 1, today + 1)
    return AmountReading(np.where(np.isnan(known), earliest, known), known)


def day_number(day: date) -> float:
    """Days since 1970-01-01."""
    return float(np.datetime64(day, "D").astype(np.int64))


def day_numbers(days: NDArray[np.datetime64]) -> Floats:
    """Days since 1970-01-01, NaN where unknown."""
    numbers = days.astype(np.int64).astype(np.float64)
    numbers[np.isnat(days)] = np.nan
    return numbers
