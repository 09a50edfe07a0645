"""What each must does to a result: how many plots it excludes, and what the result would be with another choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from landbank.domain.columns import Columns
from landbank.domain.criteria import CRITERIA
from landbank.domain.criterion import Criterion, Kind, Op
from landbank.domain.kleene import FALSE, TRUE, UNKNOWN, Tri, every
from landbank.domain.musts import asked_for, judge, judge_reading
from landbank.domain.need import Must, Need

CHOICES: Final = (
    "use",
    "label",
    "municipality",
    "planning_state",
    "tenure",
    "water",
    "sewer",
    "district_heating",
    "fibre",
    "gas",
    "restrictions",
)
"""Criteria that a form offers as ticks, each with a count."""


@dataclass(frozen=True, slots=True)
class MustEffect:
    """How many plots fail a must, may fail it, and fail nothing but it."""

    must: Must
    fails: int
    unknown: int
    only_this_excludes: int


@dataclass(frozen=True, slots=True)
class Count:
    """How many plots would be in tier A and in tier B."""

    a: int
    b: int


def must_effects(need: Need, verdicts: Sequence[Tri], size: int) -> tuple[MustEffect, ...]:
    """The effect of each must, in the need's order."""
    fails = np.zeros(size, dtype=np.int16)
    for verdict in verdicts:
        fails += verdict == FALSE
    return tuple(
        MustEffect(
            must,
            fails=int(np.count_nonzero(verdict == FALSE)),
            unknown=int(np.count_nonzero(verdict == UNKNOWN)),
            only_this_excludes=int(np.count_nonzero((verdict == FALSE) & (fails == 1))),
        )
        for must, verdict in zip(need.musts, verdicts, strict=True)
    )


def excludes_most(effects: Sequence[MustEffect]) -> MustEffect | None:
    """The must that most plots fail, then the one that alone keeps out most; None if none excludes any."""
    excluding = [effect for effect in effects if effect.fails]
    return max(excluding, key=lambda effect: (effect.fails, effect.only_this_excludes), default=None)


def live_counts(need: Need, columns: Columns, *, on: date) -> dict[str, dict[str, Count]]:
    """For each choice of a form, how many plots would match if it were the only one ticked under its criterion.

    All other musts stay. Codes by criterion; a claim has the one choice `true`, that it is as one would wish.
    """
    need = need.on(on)
    verdicts = [
        judge(must, columns, asked_for(need, on, conditional=must.conditional)) for must in need.musts
    ]
    counts: dict[str, dict[str, Count]] = {}
    for name in CHOICES:
        others = [
            verdict for must, verdict in zip(need.musts, verdicts, strict=True) if must.criterion != name
        ]
        counts[name] = counts_of(CRITERIA[name], need, columns, on, every(others, len(columns)))
    return counts


def counts_of(criterion: Criterion, need: Need, columns: Columns, on: date, others: Tri) -> dict[str, Count]:
    """Tier counts for each choice under one criterion, given the verdict of all other musts."""
    asked = asked_for(need, on)
    reading = criterion.read(columns, asked)
    found = {}
    for choice, must in choices_of(criterion, columns).items():
        verdict = np.minimum(others, judge_reading(must, reading, asked))
        found[choice] = Count(
            int(np.count_nonzero(verdict == TRUE)), int(np.count_nonzero(verdict == UNKNOWN))
        )
    return found


def choices_of(criterion: Criterion, columns: Columns) -> dict[str, Must]:
    """The must that each choice alone would be."""
    if criterion.kind is Kind.CLAIM:
        return {"true": Must(criterion.id, Op.IS, threshold=bool(criterion.default[0][0]))}
    codes = criterion.codes or tuple(f"{code:04d}" for code in np.unique(columns.municipality))
    return {code: Must(criterion.id, Op.ANY_OF, (code,)) for code in codes}
