"""Relaxations, conflicts and near misses as plain JSON values."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from landbank.domain.advice.conflicts import Conflict, Conflicts
from landbank.domain.advice.near_miss import Change, NearMiss
from landbank.domain.advice.relax import Relaxation, Relaxations
from landbank.domain.advice.steps import Step
from landbank.domain.criteria import CRITERIA
from landbank.domain.effects import Count
from landbank.domain.need import Need
from landbank.domain.plot_name import PlotName
from landbank.services.match_document import Document, held_document, must_document, number
from landbank.services.sentences import Sentences


@dataclass(frozen=True, slots=True)
class RelaxWriter:
    """Writes what an answer without enough plots is told with, for one need in one language."""

    need: Need
    names: Mapping[int, PlotName]
    say: Sentences

    def relaxations(self, found: Relaxations) -> Document:
        """All minimal sets of musts to relax, the first of them in full."""
        return {
            "count": found.count,
            "complete": found.is_complete,
            "not_to_be_had": found.not_to_be_had,
            "sets": [self.relaxation(one) for one in found.sets],
            "legal_count": found.legal_count,
            "legal": [
                {
                    "musts": [must_document(must) for must in one.musts],
                    "plots": one.plots,
                    "text": self.say.legal(one),
                }
                for one in found.legal
            ],
        }

    def relaxation(self, one: Relaxation) -> Document:
        """One set with its steps and what they gain."""
        return {
            "steps": [step_document(step) for step in one.steps],
            "nearest": self.plot(one.plot_id),
            "gain": one.gain,
            "then": count_document(one.then),
            "if_dropped": count_document(one.if_dropped),
            "rungs": [
                {"must": must_document(rung.must), "gain": rung.gain, "then": count_document(rung.then)}
                for rung in one.rungs
            ],
            "text": self.say.relaxation(one),
        }

    def conflicts(self, found: Conflicts) -> Document:
        """All minimal sets of musts that no plot meets together, the first of them in full."""
        return {
            "count": found.count,
            "certain": found.is_certain,
            "complete": found.is_complete,
            "complete_to": found.complete_to,
            "sets": [self.conflict(one, is_certain=found.is_certain) for one in found.sets],
        }

    def conflict(self, one: Conflict, *, is_certain: bool) -> Document:
        """One conflict with its witnesses."""
        return {
            "musts": [must_document(must) for must in one.musts],
            "witnesses": [
                {"lacks": must_document(witness.must), "plots": witness.plots, **self.plot(witness.plot_id)}
                for witness in one.witnesses
            ],
            "text": self.say.conflict(one, is_certain=is_certain),
        }

    def near_miss(self, one: NearMiss) -> Document:
        """What a plot of tier C would need."""
        return {
            "by_need": one.by_need,
            "by_supply": one.by_supply,
            "changes": [self.change(change) for change in one.changes],
            "text": self.say.near_miss(one),
        }

    def change(self, one: Change) -> Document:
        """Both sides of one failed must."""
        supply = None
        if one.supply is not None:
            supply = {
                **held_document(one.supply.held, one.must.criterion, self.need),
                "by": [str(party) for party in one.supply.by],
                "expected_on": None if one.supply.on is None else one.supply.on.isoformat(),
            }
        return {
            "must": must_document(one.must),
            "need_side": None if one.need is None else step_document(one.need),
            "supply_side": supply,
            "text": self.say.change(one),
        }

    def plot(self, plot_id: int) -> Document:
        """Which plot."""
        return {"plot_id": plot_id, "reference": self.names[plot_id].reference}


def step_document(step: Step) -> Document:
    """What becomes of one must; `relaxed` is null where only letting go of it helps."""
    return {
        "must": must_document(step.must),
        "relaxed": None if step.relaxed is None else must_document(step.relaxed),
        "size": None if step.size is None else number(round(step.size, 6)),
        "unit": CRITERIA[step.must.criterion].unit,
        "relative": number(round(step.relative, 6)) if math.isfinite(step.relative) else None,
    }


def count_document(count: Count) -> Document:
    """How many plots tiers A and B hold."""
    return {"A": count.a, "B": count.b}
