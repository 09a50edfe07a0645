"""Steps of one must alone: 4,6 ha lets 1 plot in, 4,2 ha lets 3 in, 4,0 ha 10."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from landbank.domain.advice.steps import relaxed_for
from landbank.domain.effects import Count
from landbank.domain.need import Must
from landbank.domain.reading import AmountReading, Asked, CodeReading, Reading, SetReading, part_of

COUNTS: Final = (1, 3, 10, 30, 100)
"""After how many plots a step is told; steps between them are left out, not rounded."""

MOST_CODES: Final = 5


@dataclass(frozen=True, slots=True)
class Rung:
    """A looser must, by how many plots the tiers A and B grow with it, and what they are then."""

    must: Must
    gain: int
    then: Count


def ladder(
    must: Must, plots: Reading, asked: Asked, *, counts: Callable[[Must], Count], now: int
) -> tuple[Rung, ...]:
    """The steps; `plots` is what the plots hold that fail this must alone, nearest first, `now` how many are found."""
    if isinstance(plots, AmountReading):
        looser: Iterator[Must] = by_number(must, plots, asked)
    elif isinstance(plots, CodeReading | SetReading):
        looser = by_code(must, plots, asked)
    else:
        return ()
    rungs = [rung(one, counts(one), now) for one in looser]
    if isinstance(plots, AmountReading):
        return tuple(rungs)
    # Codes have no order of their own: the one that gains most comes first.
    return tuple(sorted(rungs, key=lambda one: -one.gain)[:MOST_CODES])


def rung(must: Must, then: Count, now: int) -> Rung:
    """A looser must with what it gains."""
    return Rung(must, then.a + then.b - now, then)


def by_number(must: Must, plots: AmountReading, asked: Asked) -> Iterator[Must]:
    """The limits that let the first 1, 3, 10, ... plots in, each limit once."""
    before = None
    for count in COUNTS:
        if count > len(plots.low):
            return
        looser = relaxed_for(must, part_of(plots, np.arange(count)), asked)
        if looser is None:
            return
        if looser != before:
            yield looser
        before = looser


def by_code(must: Must, plots: CodeReading | SetReading, asked: Asked) -> Iterator[Must]:
    """The must with one more code accepted, for each different thing that plots hold."""
    held = plots.key if isinstance(plots, CodeReading) else plots.certain
    _, first = np.unique(held, return_index=True)
    seen = set()
    for place in np.sort(first):
        looser = relaxed_for(must, part_of(plots, np.array([place])), asked)
        if looser is not None and looser not in seen:
            seen.add(looser)
            yield looser
