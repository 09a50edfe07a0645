"""No result, or too few: the smallest sets of musts that would have to give way, by how much, and what each gains.

The inventory is a list, so no solver is needed: a set of musts lets a plot in if it holds all that the plot fails.
The minimal ones are the inclusion-minimal of the plots' own sets, and all of them are found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from landbank.domain.advice.ladder import Rung, ladder
from landbank.domain.advice.masks import Violations, distinct, mask_of, members, minimal_masks, within
from landbank.domain.advice.steps import Step, step_for
from landbank.domain.criteria import CRITERIA
from landbank.domain.criterion import Criterion, Kind
from landbank.domain.effects import Count
from landbank.domain.kleene import FALSE, TRUE, UNKNOWN, Bools, Tri
from landbank.domain.match import A, Assessment, B
from landbank.domain.musts import asked_for, judge_reading, keys_of, relative_missing
from landbank.domain.need import Must
from landbank.domain.reading import AmountReading, Asked, CodeReading, Reading, part_of

Places: TypeAlias = NDArray[np.int64]

MOST_SETS: Final = 20
"""So many sets are told in full; the others are counted."""


@dataclass(frozen=True, slots=True)
class Relaxation:
    """Musts that give way together, the steps that let the nearest plot in, and what is found then.

    `then` and `if_dropped` are the tiers A and B after the steps, and without these musts at all; `gain` is by how
    many plots A and B grow with the steps. `rungs` tell more steps where it is one must alone.
    """

    steps: tuple[Step, ...]
    plot_id: int
    gain: int
    then: Count
    if_dropped: Count
    rungs: tuple[Rung, ...]


@dataclass(frozen=True, slots=True)
class OutOfReach:
    """A set of musts that would have to give way and holds one of law or plan; `plots` fail just these."""

    musts: tuple[Must, ...]
    plots: int


@dataclass(frozen=True, slots=True)
class Relaxations:
    """The first `MOST_SETS` of `count` relaxations, fewest musts first, then the smallest relative step.

    `is_complete` is false where there are so many that they were not all found. `legal` are sets that law or plan
    keep closed, and `not_to_be_had` counts plots that are sold or not for sale, which no relaxation brings back.
    """

    sets: tuple[Relaxation, ...]
    count: int
    is_complete: bool
    legal: tuple[OutOfReach, ...]
    legal_count: int
    not_to_be_had: int


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """Reads what plots hold on each must, each criterion once."""

    found: Assessment
    kept: dict[int, tuple[Reading, Asked]]

    def of(self, bit: int) -> tuple[Reading, Asked]:
        """What all plots hold on the must of this number."""
        if bit not in self.kept:
            must = self.found.need.musts[bit]
            asked = asked_for(self.found.need, self.found.on, conditional=must.conditional)
            self.kept[bit] = CRITERIA[must.criterion].read(self.found.columns, asked), asked
        return self.kept[bit]

    def part(self, bit: int, places: Places) -> tuple[Reading, Asked]:
        """What some plots hold on it."""
        reading, asked = self.of(bit)
        return part_of(reading, places), asked


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A need that plots fail: who fails what, and who is not to be had."""

    found: Assessment
    seen: Violations
    gone: Bools
    reader: Reader

    def touched_by(self, mask: int) -> Touched:
        """What relaxing these musts can change: plots to be had that fail no other must."""
        fails, unsure = self.seen.fails, self.seen.unsure
        inside = np.flatnonzero(within(fails, mask) & ~self.gone)
        places = inside[((fails[inside] | unsure[inside]) & np.uint64(mask)) != 0]
        now = self.found.tiers[places]
        return Touched(
            rest=Count(
                int(np.count_nonzero(self.found.tiers == A) - np.count_nonzero(now == A)),
                int(np.count_nonzero(self.found.tiers == B) - np.count_nonzero(now == B)),
            ),
            others=np.where(unsure[places] & ~np.uint64(mask) == 0, TRUE, UNKNOWN),
            readings={bit: self.reader.part(bit, places) for bit in members(mask)},
        )


@dataclass(frozen=True, slots=True, eq=False)
class Touched:
    """Plots whose tier depends on some musts alone: what they hold on these, and their verdict on all others."""

    rest: Count
    others: Tri
    readings: dict[int, tuple[Reading, Asked]]

    def counts(self, relaxed: Mapping[int, Must | None]) -> Count:
        """Tiers A and B of the inventory with these musts replaced by looser ones, or dropped where they are None."""
        verdict = self.others
        for bit, must in relaxed.items():
            if must is not None:
                verdict = np.minimum(verdict, judge_reading(must, *self.readings[bit]))
        return Count(
            self.rest.a + int(np.count_nonzero(verdict == TRUE)),
            self.rest.b + int(np.count_nonzero(verdict == UNKNOWN)),
        )


def relaxations(found: Assessment, seen: Violations) -> Relaxations:
    """All minimal sets of musts that would have to give way for at least one more plot; the smallest in full."""
    musts = found.need.musts
    reader = Reader(found, {})
    case = Case(found, seen, not_to_be_had(found, reader), reader)
    minimal = minimal_masks(distinct(seen.fails[~case.gone], len(musts)))
    legal = mask_of(bit for bit, must in enumerate(musts) if CRITERIA[must.criterion].is_legal)
    open_sets = [mask for mask in minimal.masks if not mask & legal]
    closed = [mask for mask in minimal.masks if mask & legal]
    return Relaxations(
        sets=tuple(relaxation(case, mask, places) for mask, places in nearest_first(case, open_sets)),
        count=len(open_sets),
        is_complete=minimal.is_complete,
        legal=tuple(out_of_reach(case, mask) for mask in closed[:MOST_SETS]),
        legal_count=len(closed),
        not_to_be_had=int(np.count_nonzero(case.gone)),
    )


def not_to_be_had(found: Assessment, reader: Reader) -> Bools:
    """Plots that fail a must for good: sold or not for sale by their label, or never ready."""
    gone = np.zeros(len(found.columns), dtype=np.bool_)
    for bit, (must, verdict) in enumerate(zip(found.need.musts, found.verdicts, strict=True)):
        criterion = CRITERIA[must.criterion]
        if criterion.final_codes or criterion.kind is Kind.DAYS:
            gone |= (verdict == FALSE) & is_final(criterion, reader.of(bit)[0])
    return gone


def is_final(criterion: Criterion, reading: Reading) -> Bools:
    """Which plots hold a code that is final, or come in an endless number of days."""
    if isinstance(reading, AmountReading):
        return np.isposinf(reading.low)
    if isinstance(reading, CodeReading):
        return np.isin(reading.key, keys_of(criterion, criterion.final_codes))
    raise TypeError(f"{criterion.id} has no final codes")


def nearest_first(case: Case, masks: Sequence[int]) -> Iterator[tuple[int, Places]]:
    """The first `MOST_SETS` of the sets in their order, each with the plots that fail just its musts, nearest first."""
    told = 0
    for size in sorted({mask.bit_count() for mask in masks}):
        if told >= MOST_SETS:
            return
        level = [mask for mask in masks if mask.bit_count() == size]
        ranked = sorted(
            (ordered(case, mask, places) for mask, places in groups(case, level, size)), key=key_of
        )
        for _, mask, places in ranked[: MOST_SETS - told]:
            yield mask, places
        told += len(ranked)


Ranked: TypeAlias = tuple[tuple[float, float], int, Places]


def key_of(ranked: Ranked) -> tuple[tuple[float, float], tuple[int, ...]]:
    """What sets of one size are ordered by: the smallest step, then the need's order."""
    return ranked[0], members(ranked[1])


def groups(case: Case, masks: Sequence[int], size: int) -> Iterator[tuple[int, Places]]:
    """For each set of this size, the plots to be had that fail just its musts."""
    fails = case.seen.fails
    candidates = np.flatnonzero((np.bitwise_count(fails) == size) & ~case.gone)
    candidates = candidates[np.argsort(fails[candidates], kind="stable")]
    sorted_masks = fails[candidates]
    for mask in masks:
        first, last = (np.searchsorted(sorted_masks, np.uint64(mask), side) for side in ("left", "right"))
        yield mask, candidates[first:last]


def ordered(case: Case, mask: int, places: Places) -> Ranked:
    """A set's plots by their greatest relative step, the sum of steps and their ids; with the least of both."""
    greatest, total = np.zeros(len(places)), np.zeros(len(places))
    for bit in members(mask):
        relative = relative_missing(case.found.need.musts[bit], *case.reader.part(bit, places))
        np.maximum(greatest, relative, out=greatest)
        total += relative
    greatest, total = np.round(greatest, 9), np.round(total, 9)
    order = np.lexsort((places, total, greatest))
    return (float(greatest[order[0]]), float(total[order[0]])), mask, places[order]


def relaxation(case: Case, mask: int, places: Places) -> Relaxation:
    """One set in full; `places` are the plots that fail just its musts, nearest first."""
    bits, touched = members(mask), case.touched_by(mask)
    musts = case.found.need.musts
    steps = {bit: step_for(musts[bit], *case.reader.part(bit, places[:1])) for bit in bits}
    now = len(case.found.places)
    then = touched.counts({bit: step.relaxed for bit, step in steps.items()})
    alone = bits[0] if len(bits) == 1 else None
    return Relaxation(
        steps=tuple(steps.values()),
        plot_id=int(case.found.columns.plot_id[places[0]]),
        gain=then.a + then.b - now,
        then=then,
        if_dropped=touched.counts(dict.fromkeys(bits)),
        rungs=() if alone is None else rungs_of(case, alone, places, touched),
    )


def rungs_of(case: Case, bit: int, places: Places, touched: Touched) -> tuple[Rung, ...]:
    """Further steps of one must alone."""
    return ladder(
        case.found.need.musts[bit],
        *case.reader.part(bit, places),
        counts=lambda must: touched.counts({bit: must}),
        now=len(case.found.places),
    )


def out_of_reach(case: Case, mask: int) -> OutOfReach:
    """A set that holds a must of law or plan."""
    plots = np.count_nonzero((case.seen.fails == np.uint64(mask)) & ~case.gone)
    return OutOfReach(tuple(case.found.need.musts[bit] for bit in members(mask)), int(plots))
