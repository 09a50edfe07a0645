"""All that is said about an answer beyond the ranked list: what to relax, how sure the order is, what to ask.

Everything follows from the need, the columns and a seed, so the same need at the same revision has the same advice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from landbank.domain.alike import Alike, alike_wishes
from landbank.domain.ask import Question, questions
from landbank.domain.conflicts import Conflicts, conflicts
from landbank.domain.contenders import contenders, open_worths
from landbank.domain.counterfactual import NO_COSTS, Counterfactual, counterfactuals
from landbank.domain.dominance import Dominated, dominated, first_under_some_weights
from landbank.domain.masks import violations
from landbank.domain.match import Answer, Assessment
from landbank.domain.moves import Costs
from landbank.domain.near_miss import NearMiss, near_misses
from landbank.domain.rank_range import RankRange, rank_ranges
from landbank.domain.relax import Relaxations, relaxations
from landbank.domain.robust import SAMPLES, SHOWN, Robustness, robustness
from landbank.domain.stability import Stability, stabilities
from landbank.domain.trade_offs import TradeOff, trade_offs
from landbank.domain.weights import draw_weights

MOST_CHANGED: Final = 100
"""For so many of the shown plots it is told what beats them, what they lack and what would put them first."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What is said about an answer; what is told of single plots is by plot id."""

    relaxations: Relaxations
    conflicts: Conflicts
    robustness: Robustness | None
    can_be_first: dict[int, bool | None]
    stabilities: tuple[Stability, ...]
    trade_offs: tuple[TradeOff, ...]
    alike: tuple[Alike, ...]
    questions: tuple[Question, ...]
    rank_ranges: dict[int, RankRange]
    dominated: dict[int, Dominated]
    near_misses: dict[int, NearMiss]
    counterfactuals: dict[int, tuple[Counterfactual, ...]]


def advise(found: Assessment, answer: Answer, *, seed: int, costs: Costs = NO_COSTS) -> Advice:
    """The advice on an answer; `seed` decides the samples, `costs` what a unit of each criterion costs to change."""
    seen = violations(found.verdicts, len(found.columns))
    rng = np.random.Generator(np.random.PCG64(seed))
    weights = draw_weights(found.need, SAMPLES, rng)
    worths = open_worths(found)
    field = contenders(found, worths, weights, rng=rng, shown=min(SHOWN, found.need.limit))
    robust = robustness(found, field)
    first = answer.matches[:MOST_CHANGED]
    beaten = dominated(first)
    return Advice(
        relaxations=relaxations(found, seen),
        conflicts=conflicts(found, seen),
        robustness=robust,
        can_be_first=first_under_some_weights(found, field, robust, beaten),
        stabilities=stabilities(found, worths),
        trade_offs=trade_offs(found.need),
        alike=alike_wishes(found),
        questions=questions(found, field),
        rank_ranges=rank_ranges(found, answer.matches),
        dominated=beaten,
        near_misses=near_misses(found, first),
        counterfactuals=counterfactuals(found, first, costs=costs),
    )
