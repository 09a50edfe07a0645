"""What a plot's owner could change to suit more companies: with 5 MW it would enter tier A for 9 more needs.

Needs are what companies think of in confidence: nothing is told of fewer than five of them together.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np

from landbank.domain.advice.moves import Mover, is_about_members
from landbank.domain.columns import Columns
from landbank.domain.criteria import CRITERIA
from landbank.domain.criterion import Criterion, Kind, Op
from landbank.domain.explain import Held, Match, Tier, Verdict
from landbank.domain.match import assess, explain_at, place_of
from landbank.domain.musts import asked_for, limits_on
from landbank.domain.need import Need
from landbank.domain.parties import Party
from landbank.errors import Invalid

FEWEST_NEEDS: Final = 5
MOST_STEPS: Final = 5
ROUND: Final = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0)
"""Amounts are told as one of these times a power of ten, never as what a single need asks for."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A change of one criterion of a plot, and for how many more needs it then meets every must.

    `to` is a round amount, at least (`>=`) or at most (`<=`), the first day of a quarter, a code or a truth.
    """

    criterion: str
    op: Op
    to: float | str | bool | date
    needs: int
    by: tuple[Party, ...]


@dataclass(frozen=True, slots=True)
class OwnerView:
    """How many of the needs a plot meets, or may meet, and what would open it to more; the most needs come first."""

    plot_id: int
    needs: int
    tier_a: int
    tier_b: int
    openings: tuple[Opening, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """What one criterion would have to be for a need: an amount in a span (days count from year 1), or a code."""

    criterion: Criterion
    op: Op
    least: float = -math.inf
    most: float = math.inf
    code: str | bool | None = None


def owner_view(plot_id: int, columns: Columns, needs: Sequence[Need], *, on: date) -> OwnerView:
    """What one criterion alone would open a plot to, over many needs.

    Raises
    ------
    Invalid
        There are fewer than five needs: what is told would tell of single ones.
    NotFound
        The inventory has no current plot of this id.
    """
    if len(needs) < FEWEST_NEEDS:
        raise Invalid(
            f"{len(needs)} needs are too few to tell an owner of.",
            hint=f"Give at least {FEWEST_NEEDS}, so that none of them can be told apart.",
            where="/needs",
        )
    place = place_of(columns, plot_id)
    plot = columns.take(np.array([place], dtype=np.int64))
    found = [explain_at(assess(replace(need, wishes=()), plot, on=on), 0) for need in needs]
    targets = [
        target
        for need, match in zip(needs, found, strict=True)
        for target in targets_of(need.on(on), match, on)
    ]
    return OwnerView(
        plot_id,
        len(needs),
        sum(match.tier is Tier.A for match in found),
        sum(match.tier is Tier.B for match in found),
        tuple(
            sorted(
                openings(targets), key=lambda opening: (-opening.needs, opening.criterion, str(opening.to))
            )
        ),
    )


def targets_of(need: Need, match: Match, on: date) -> Iterator[Target]:
    """What one criterion would have to be for the plot to meet all musts of a need, if it alone stands in the way."""
    lacking = [judged for judged in match.musts if judged.verdict is not Verdict.PASS]
    criteria = {judged.must.criterion for judged in lacking}
    if len(criteria) != 1:
        return
    criterion = CRITERIA[criteria.pop()]
    if not criterion.changed_by or lacking[0].held.value in criterion.final_codes:
        return
    if criterion.is_numeric:
        yield from span_target(need, criterion, lacking[0].held, on)
        return
    mover = Mover(need, on, match, {})
    if criterion.kind is Kind.CLAIM:
        yield from (
            Target(criterion, Op.IS, code=one) for one in (True, False) if mover.fits_musts(criterion, one)
        )
    elif not is_about_members(criterion, lacking):
        offered = (code for code in criterion.codes if code not in criterion.final_codes)
        yield from (
            Target(criterion, Op.ANY_OF, code=str(code))
            for code in offered
            if mover.fits_musts(criterion, code)
        )


def span_target(need: Need, criterion: Criterion, held: Held, on: date) -> Iterator[Target]:
    """The span that an amount has to reach; none where it is unknown and limited on both sides."""
    asked = asked_for(need, on)
    low, high = limits_on(need, criterion, asked)
    shift = asked.date.toordinal() if criterion.kind is Kind.DAYS else 0
    least, most = -math.inf if low is None else low + shift, math.inf if high is None else high + shift
    amount = held.value + shift if isinstance(held.value, float) else math.nan
    if amount < least or (math.isnan(amount) and high is None):
        yield Target(criterion, Op.AT_LEAST, least, most)
    elif amount > most or (math.isnan(amount) and low is None):
        yield Target(criterion, Op.AT_MOST, least, most)


def openings(targets: Sequence[Target]) -> Iterator[Opening]:
    """What opens the plot to at least five of the needs."""
    for criterion, op in dict.fromkeys((target.criterion, target.op) for target in targets):
        same = [target for target in targets if (target.criterion, target.op) == (criterion, op)]
        counted = by_amount(same, op) if criterion.is_numeric else by_code(same)
        told = [(to, count) for to, count in counted.items() if count >= FEWEST_NEEDS]
        for place in sorted(
            {n * (len(told) - 1) // max(1, MOST_STEPS - 1) for n in range(MOST_STEPS)} if told else ()
        ):
            to, count = told[place]
            shown = date.fromordinal(int(to)) if criterion.kind is Kind.DAYS else to
            yield Opening(criterion.id, op, shown, count, criterion.changed_by)


def by_code(targets: Sequence[Target]) -> dict[float | str | bool, int]:
    """How many needs each code or truth opens."""
    counts: dict[float | str | bool, int] = {}
    for target in targets:
        if target.code is not None:
            counts[target.code] = counts.get(target.code, 0) + 1
    return counts


def by_amount(targets: Sequence[Target], op: Op) -> dict[float | str | bool, int]:
    """How many needs each round amount opens, nearest first; those that open no more than a nearer one left out."""
    rounded = (
        quarter_before
        if targets[0].criterion.kind is Kind.DAYS
        else round_up
        if op is Op.AT_LEAST
        else round_down
    )
    sides = {rounded(target.least if op is Op.AT_LEAST else target.most) for target in targets}
    counts: dict[float | str | bool, int] = {}
    for amount in sorted(sides, reverse=op is Op.AT_MOST):
        count = sum(target.least <= amount <= target.most for target in targets)
        if count > max(counts.values(), default=0):
            counts[amount] = count
    return counts


def round_up(amount: float) -> float:
    """The next round amount."""
    if amount <= 0:
        return amount
    power = 10.0 ** math.floor(math.log10(amount))
    return next(step * power for step in (*ROUND, 10.0) if step * power >= amount * (1 - 1e-12))


def round_down(amount: float) -> float:
    """The round amount at or below."""
    if amount <= 0:
        return amount
    power = 10.0 ** math.floor(math.log10(amount))
    return next(
        step * power for step in reversed((0.8, *ROUND, 10.0)) if step * power <= amount * (1 + 1e-12)
    )


def quarter_before(day: float) -> float:
    """The first day of the quarter in which a day lies, counted from year 1."""
    found = date.fromordinal(int(day))
    return float(date(found.year, 3 * ((found.month - 1) // 3) + 1, 1).toordinal())
