"""What a plot would have to hold to be first, or to meet every must: one criterion alone, or the cheapest two.

By criterion j alone the plot i reaches the first one's score where v_j = v_ij + (S_1 - S_i) / (100 w_j); the amount
nearest to what it holds that is worth so much is found by reading the curve backwards. All other plots, and the
priors that stand for what is unknown of them, are taken to stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Final

from landbank.domain.advice.moves import Costs, Move, Mover
from landbank.domain.criteria import CRITERIA
from landbank.domain.explain import Contribution, Match, Tier, Verdict
from landbank.domain.match import Assessment

NO_COSTS: Final[Costs] = {}


class Goal(StrEnum):
    """What a change would bring a plot: the first rank, or into tier A or B."""

    FIRST = "first"
    TIER_A = "tier_a"
    TIER_B = "tier_b"


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """Changes that together are enough for the goal, and none of which can be left out."""

    goal: Goal
    moves: tuple[Move, ...]

    @property
    def cost(self) -> float:
        """What the moves cost together."""
        return sum(move.cost for move in self.moves)


def counterfactuals(
    found: Assessment, matches: Sequence[Match], *, costs: Costs = NO_COSTS
) -> dict[int, tuple[Counterfactual, ...]]:
    """For each match that is not first what would make it so, cheapest first, or bring it into tier A; by plot id.

    A plot of the first one's tier: each criterion that alone is enough for the first rank, or, where none is, the
    cheapest pair. A plot that fails musts on one criterion only: their threshold. Only criteria that somebody can
    change count. `costs` are of one unit by criterion.
    """
    changes = {}
    for one in matches:
        mover = Mover(found.need, found.on, one, costs)
        if one.tier is Tier.C:
            changes[one.plot_id] = tuple(into_tiers(mover))
        elif one.tier is matches[0].tier and one.score is not None and one.rank != 1:
            changes[one.plot_id] = to_first(mover, (matches[0].score or 0.0) - one.score)
    return changes


def to_first(mover: Mover, behind: float) -> tuple[Counterfactual, ...]:
    """What would bring a plot that lies so many points behind to the first rank."""
    parts = [part for part in mover.plot.contributions if can_change(part)]
    alone = (mover.reach(part, behind) for part in parts)
    single = [Counterfactual(Goal.FIRST, (move,)) for move in alone if move is not None]
    if single:
        return tuple(sorted(single, key=lambda change: change.cost))
    pairs = (
        Counterfactual(Goal.FIRST, pair)
        for left, right in combinations(parts, 2)
        for pair in pairs_of(mover, (left, right), behind)
    )
    cheapest = min(pairs, key=lambda change: change.cost, default=None)
    return () if cheapest is None else (cheapest,)


def can_change(part: Contribution) -> bool:
    """Whether somebody can change what a wish is about, and it is known what the plot holds."""
    return bool(CRITERIA[part.wish.criterion].changed_by) and part.is_known


def pairs_of(
    mover: Mover, parts: tuple[Contribution, Contribution], points: float
) -> Iterator[tuple[Move, Move]]:
    """Moves of two criteria that together gain so many points, the cheapest such pair among them.

    Costs and curves are straight between the curves' points, so in a cheapest pair one of the two stands at a point
    of its curve or at a limit, and the other makes up what is missing.
    """
    left, right = parts
    for part, other in ((left, right), (right, left)):
        for move, gained in mover.corners(part):
            if 0 < gained < points and (rest := mover.reach(other, points - gained)) is not None:
                yield (move, rest) if part is left else (rest, move)


def into_tiers(mover: Mover) -> Iterator[Counterfactual]:
    """What would bring a plot that fails musts on one criterion into tier A, or B where something is unknown."""
    failed = [judged for judged in mover.plot.musts if judged.verdict is Verdict.FAIL]
    criteria = {judged.must.criterion for judged in failed}
    if len(criteria) != 1 or not CRITERIA[failed[0].must.criterion].changed_by:
        return
    is_unsure = any(judged.verdict is Verdict.UNKNOWN for judged in mover.plot.musts)
    move = mover.to_threshold(failed)
    if move is not None:
        yield Counterfactual(Goal.TIER_B if is_unsure else Goal.TIER_A, (move,))
