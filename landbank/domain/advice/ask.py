"""Which unknown value is worth asking for first: the one whose answer moves a plot's chance of the first three most."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from landbank.domain.advice.contenders import AHEAD, Contenders
from landbank.domain.criteria import CRITERIA
from landbank.domain.kleene import UNKNOWN
from landbank.domain.match import TIE, A, Assessment
from landbank.domain.parties import Party

Floats: TypeAlias = NDArray[np.float64]

MOST_QUESTIONS: Final = 5


@dataclass(frozen=True, slots=True)
class Question:
    """One unknown value of one plot, and who knows it.

    `at_best` and `at_worst` are the plot's shares of the first three ranks with the best and the worst answer;
    `effect` is how far they lie apart, divided by the answers that it takes where several musts are unknown.
    `effect_on_first` is the same of the first rank alone.
    """

    plot_id: int
    criterion: str
    to: Party
    is_must: bool
    at_worst: float
    at_best: float
    effect: float
    effect_on_first: float


def questions(found: Assessment, field: Contenders) -> tuple[Question, ...]:
    """The questions with most effect, at most `MOST_QUESTIONS`; none whose answer would change nothing.

    Asked are the first plots of the answer and the first of tier B, whose unknown musts may carry them ahead.
    """
    asked: list[Question] = []
    order, race = list(CRITERIA), Race.over(field.scores)
    for place in range(len(field.drawn)):
        by_criterion: dict[str, Question] = {}
        for question in (*about_musts(found, field, race, place), *about_wishes(found, field, race, place)):
            known = by_criterion.get(question.criterion)
            if known is None or key_of(question) > key_of(known):
                by_criterion[question.criterion] = question
        asked += sorted(by_criterion.values(), key=lambda one: order.index(one.criterion))
    telling = [question for question in asked if max(key_of(question)) > 0]
    return tuple(sorted(telling, key=lambda one: tuple(-part for part in key_of(one))))[:MOST_QUESTIONS]


def key_of(question: Question) -> tuple[float, float]:
    """What questions are ordered by; equal ones stay in the order of their plots."""
    return round(question.effect, 6), round(question.effect_on_first, 6)


@dataclass(frozen=True, slots=True, eq=False)
class Race:
    """The plots' scores in each sample, and the four best of each, to tell who has one of the first ranks."""

    scores: Floats
    best: Floats

    @classmethod
    def over(cls, scores: Floats) -> Race:
        """The race of all these plots (plots x samples)."""
        padded = np.vstack([scores, np.full((4, scores.shape[1]), -np.inf)])
        return cls(scores, -np.sort(np.partition(-padded, 3, axis=0)[:4], axis=0))

    def chance(self, place: int, score: Floats, ranks: int) -> float:
        """In which share of the samples a plot with another score would have one of the first ranks (1 or 3)."""
        is_ahead = self.scores[place] >= self.best[ranks - 1]
        to_beat = np.where(is_ahead, self.best[ranks], self.best[ranks - 1])
        return float(np.mean(score >= to_beat - TIE))


def about_musts(found: Assessment, field: Contenders, race: Race, place: int) -> Iterator[Question]:
    """The unknown musts of a plot: passed together they carry it into tier A, any of them failed drops it."""
    at = field.places[place]
    unknown = [
        must.criterion
        for must, verdict in zip(found.need.musts, found.verdicts, strict=True)
        if verdict[at] == UNKNOWN
    ]
    if not unknown:
        return
    lifted = field.scores[place] + (AHEAD if found.tiers[at] != A else 0.0)
    top3, first = race.chance(place, lifted, 3), race.chance(place, lifted, 1)
    for criterion in unknown:
        yield question(found, at, criterion, (0.0, top3), first, answers=len(unknown))


def about_wishes(found: Assessment, field: Contenders, race: Race, place: int) -> Iterator[Question]:
    """The unknown wishes of a plot, each at its best and at its worst while all else is as drawn."""
    for number, drawn in field.drawn[place].items():
        per_worth = 100 * field.weights[:, number]
        ends = [
            field.scores[place] + per_worth * (end[place, number] - drawn)
            for end in (field.worths.low, field.worths.high)
        ]
        worst, best = (race.chance(place, score, 3) for score in ends)
        firsts = [race.chance(place, score, 1) for score in ends]
        criterion = found.need.wishes[number].criterion
        yield question(found, field.places[place], criterion, (worst, best), firsts[1] - firsts[0])


def question(
    found: Assessment,
    at: np.int64,
    criterion: str,
    ends: tuple[float, float],
    effect_on_first: float,
    *,
    answers: int = 0,
) -> Question:
    """A question; `answers` is how many unknown musts it takes, 0 for a wish."""
    worst, best = ends
    return Question(
        plot_id=int(found.columns.plot_id[at]),
        criterion=criterion,
        to=CRITERIA[criterion].known_by,
        is_must=answers > 0,
        at_worst=worst,
        at_best=best,
        effect=(best - worst) / max(1, answers),
        effect_on_first=effect_on_first / max(1, answers),
    )
