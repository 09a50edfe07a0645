"""All that is said about an answer beyond the ranked list: what to relax, how sure the order is, what to ask.

Everything follows from the need, the columns and a seed, so the same need at the same revision has the same advice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from landbank.domain.advice.alike import Alike, alike_wishes
from landbank.domain.advice.ask import Question, questions
from landbank.domain.advice.conflicts import Conflicts, conflicts
from landbank.domain.advice.contenders import contenders, open_worths
from landbank.domain.advice.counterfactual import NO_COSTS, Counterfactual, counterfactuals
from landbank.domain.advice.dominance import (
    Dominated,
    dominated,
    dominators,
    first_under_some_weights,
)
from landbank.domain.advice.masks import violations
from landbank.domain.advice.moves import Costs
from landbank.domain.advice.near_miss import NearMiss, near_misses
from landbank.domain.advice.rank_range import RankRange, rank_ranges
from landbank.domain.advice.relax import Relaxations, relaxations
from landbank.domain.advice.robust import SAMPLES, SHOWN, Robustness, robustness
from landbank.domain.advice.stability import Stability, stabilities
from landbank.domain.advice.trade_offs import TradeOff, trade_offs
from landbank.domain.advice.weights import draw_weights
from landbank.domain.explain import Match
from landbank.domain.match import Answer, Assessment, explain_at

MOST_CHANGED: Final = 100
"""For so many of the shown plots it is told what beats them, what they lack and what would put them first."""


@dataclass(frozen=True, slots=True)
class PlotAdvice:
    """What is said of one plot; None or empty where it does not apply."""

    rank_range: RankRange | None
    dominated: Dominated | None
    near_miss: NearMiss | None
    counterfactuals: tuple[Counterfactual, ...]


NOTHING: Final = PlotAdvice(None, None, None, ())


@dataclass(frozen=True, slots=True)
class Advice:
    """What is said about an answer; `plots` holds what is said of single plots, by plot id."""

    relaxations: Relaxations
    conflicts: Conflicts
    robustness: Robustness | None
    can_be_first: dict[int, bool | None]
    stabilities: tuple[Stability, ...]
    trade_offs: tuple[TradeOff, ...]
    alike: tuple[Alike, ...]
    questions: tuple[Question, ...]
    plots: dict[int, PlotAdvice]


NO_ADVICE: Final = Advice(
    relaxations=Relaxations((), 0, is_complete=True, legal=(), legal_count=0, not_to_be_had=0),
    conflicts=Conflicts((), 0, is_certain=True, is_complete=True, complete_to=0),
    robustness=None,
    can_be_first={},
    stabilities=(),
    trade_offs=(),
    alike=(),
    questions=(),
    plots={},
)
"""What is said where nothing was asked for."""


def advise(
    found: Assessment,
    answer: Answer,
    *,
    seed: int,
    costs: Costs = NO_COSTS,
    facts: Assessment | None = None,
) -> Advice:
    """The advice on an answer; `seed` decides the samples, `costs` what a unit of each criterion costs to change.

    `facts` is the assessment before the fit was taken in, where it was: what to relax is told of the musts alone.
    """
    facts = facts or found
    seen = violations(found.verdicts, len(found.columns))
    rng = np.random.Generator(np.random.PCG64(seed))
    weights = draw_weights(found.need, SAMPLES if found.need.wishes else 1, rng)
    worths = open_worths(found)
    field = contenders(found, worths, weights, rng=rng, shown=min(SHOWN, found.need.limit))
    robust = robustness(found, field)
    beaten = dominated(answer.matches[:MOST_CHANGED])
    return Advice(
        relaxations=relaxations(facts, seen),
        conflicts=conflicts(facts, seen),
        robustness=robust,
        can_be_first=first_under_some_weights(found, field, robust, beaten),
        stabilities=stabilities(found, worths),
        trade_offs=trade_offs(found.need),
        alike=alike_wishes(found),
        questions=questions(found, field),
        plots=of_plots(found, answer.matches, beaten, costs),
    )


def of_plots(
    found: Assessment, matches: Sequence[Match], beaten: Mapping[int, Dominated], costs: Costs
) -> dict[int, PlotAdvice]:
    """What is said of each match; rank ranges of all of them, the rest of the first ones."""
    ranges, few = rank_ranges(found, matches), matches[:MOST_CHANGED]
    missed, changes = near_misses(found, few), counterfactuals(found, few, costs=costs)
    return {
        one.plot_id: PlotAdvice(
            ranges.get(one.plot_id),
            beaten.get(one.plot_id),
            missed.get(one.plot_id),
            changes.get(one.plot_id, ()),
        )
        for one in matches
    }


def advise_plot(found: Assessment, place: int, *, costs: Costs = NO_COSTS) -> tuple[Match, PlotAdvice]:
    """How the plot at a place of the columns answers the need, wherever it ranks, and what is said of it."""
    one = explain_at(found, place)
    beaten = dominators(found, place)
    is_first = not len(found.places) or place == found.places[0]
    compared = (one,) if is_first else (explain_at(found, int(found.places[0])), one)
    told = of_plots(found, compared, {} if beaten is None else {one.plot_id: beaten}, costs)
    return one, told[one.plot_id]
