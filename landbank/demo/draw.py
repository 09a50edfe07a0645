"""Draws that keep their promise in small numbers too: shares are met exactly, not on average."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Days = NDArray[np.datetime64]
Objects = NDArray[np.object_]

NEVER = np.datetime64("NaT", "D")


def share(rng: np.random.Generator, n: int, part: float) -> Bools:
    """A mask of n with `part` of it true, rounded to the nearest whole number, in random places."""
    mask = np.zeros(n, dtype=np.bool_)
    mask[: round(part * n)] = True
    rng.shuffle(mask)
    return mask


def share_of(rng: np.random.Generator, mask: Bools, part: float) -> Bools:
    """`part` of the places where the mask holds, rounded to the nearest whole number."""
    chosen = np.zeros(len(mask), dtype=np.bool_)
    chosen[np.flatnonzero(mask)] = share(rng, int(mask.sum()), part)
    return chosen


def spread(rng: np.random.Generator, n: int, parts: Mapping[str, float]) -> Objects:
    """n codes in the given proportions, each proportion met as nearly as n allows, in random order."""
    names = np.array(list(parts), dtype=object)
    edges = np.cumsum(list(parts.values()))
    drawn: Objects = names[np.searchsorted(edges / edges[-1], (np.arange(n) + 0.5) / max(n, 1))]
    rng.shuffle(drawn)
    return drawn


def choose(rng: np.random.Generator, n: int, values: Sequence[object]) -> Objects:
    """n values drawn evenly."""
    return np.array(list(values), dtype=object)[rng.integers(0, len(values), n)]


def without(values: Objects, missing: Bools) -> Objects:
    """The values with None where they are missing."""
    kept = values.astype(object)
    kept[missing] = None
    return kept


def blanked(values: Floats, missing: Bools) -> Floats:
    """The numbers with NaN where they are missing."""
    return np.where(missing, np.nan, values)


def days_from(on: np.datetime64, days: NDArray[np.int64]) -> Days:
    """Dates at whole days from `on`."""
    return on + days.astype("timedelta64[D]")


def when(mask: Bools, dates: Days) -> Days:
    """The dates where the mask holds, no date elsewhere."""
    return np.where(mask, dates, NEVER)


def as_objects(values: Sequence[object]) -> Objects:
    """The values as an array of one dimension, tuples and geometries kept whole."""
    made: Objects = np.empty(len(values), dtype=object)
    made[:] = values
    return made


def as_multipolygons(polygons: Objects) -> Objects:
    """One multipolygon of each polygon."""
    made: Objects = np.empty(len(polygons), dtype=object)
    shapely.multipolygons(polygons, indices=np.arange(len(polygons)), out=made)
    return made
