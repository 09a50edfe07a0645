"""Robustness, trade-offs, questions, counterfactuals and differences as plain JSON values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from landbank.domain.advice.advise import Advice
from landbank.domain.advice.alike import Alike
from landbank.domain.advice.ask import Question
from landbank.domain.advice.counterfactual import Counterfactual
from landbank.domain.advice.dominance import Dominated
from landbank.domain.advice.moves import Move
from landbank.domain.advice.robust import Acceptance, Robustness, standard_error
from landbank.domain.advice.trade_offs import TradeOff
from landbank.domain.criteria import CRITERIA
from landbank.domain.criterion import Kind
from landbank.domain.need import Need
from landbank.domain.plot_name import PlotName
from landbank.services.match_document import Document, held_document, number, value_of
from landbank.services.sentences import Sentences


@dataclass(frozen=True, slots=True)
class RobustWriter:
    """Writes how sure an order is and what would change it, for one need in one language."""

    need: Need
    names: Mapping[int, PlotName]
    say: Sentences

    def robustness(self, advice: Advice, seed: int) -> Document | None:
        """Rank acceptability, and the weights between which the first plot stays first."""
        found = advice.robustness
        if found is None:
            return None
        first = found.plots[0].plot_id
        return {
            "label": str(found.label),
            "basis": str(found.basis),
            "samples": found.samples,
            "seed": f"{seed:016x}",
            "left_out": found.left_out,
            "plots": [
                self.acceptance(one, found, advice.can_be_first.get(one.plot_id)) for one in found.plots
            ],
            "others": [share(part) for part in found.others],
            "before": [[share(part) for part in row] for row in found.before],
            "stability": [
                {
                    "criterion": one.criterion,
                    "weight": share(one.share),
                    "low": share(one.low),
                    "high": share(one.high),
                    "text": self.say.stability(one, first),
                }
                for one in advice.stabilities
            ],
            "text": self.say.robustness(found),
        }

    def acceptance(self, one: Acceptance, found: Robustness, can_be_first: bool | None) -> Document:
        """One plot's shares of ranks."""
        wishes = [wish.criterion for wish in self.need.wishes]
        return {
            **self.plot(one.plot_id),
            "p1": share(one.first),
            "p3": share(one.top3),
            "se": share(standard_error(one.first, found.samples)),
            "ranks": [share(part) for part in one.by_rank],
            "later": share(one.later),
            "central_weights": None
            if one.central is None
            else {name: share(weight) for name, weight in zip(wishes, one.central, strict=True)},
            "can_be_first": can_be_first,
        }

    def trade_off(self, one: TradeOff) -> Document:
        """What one wish is worth in terms of another."""
        return {
            "criterion": one.criterion,
            "step": None if one.step is None else number(one.step),
            "unit": CRITERIA[one.criterion].unit,
            "worse": value_of(one.worse),
            "better": value_of(one.better),
            "against": one.against,
            "worth": number(round(one.worth, 6)),
            "worth_unit": CRITERIA[one.against].unit,
            "holds": [number(one.against_worse), number(one.against_better)],
            "beyond": one.is_beyond,
            "text": self.say.trade_off(one),
        }

    def alike(self, one: Alike) -> Document:
        """Two wishes that go together."""
        return {
            "criteria": [one.first, one.second],
            "correlation": number(round(one.correlation, 3)),
            "text": self.say.alike(one),
        }

    def question(self, one: Question) -> Document:
        """A question and what its answer decides."""
        return {
            **self.plot(one.plot_id),
            "criterion": one.criterion,
            "to": str(one.to),
            "decides": "must" if one.is_must else "wish",
            "p3_at_worst": share(one.at_worst),
            "p3_at_best": share(one.at_best),
            "effect": share(one.effect),
            "text": self.say.question(one),
        }

    def dominated(self, one: Dominated) -> Document:
        """The plots that are at least as good on everything."""
        return {
            "count": one.count,
            "plots": [{**self.plot(by.plot_id), "better_on": list(by.better_on)} for by in one.by],
            "text": self.say.dominated(one),
        }

    def counterfactual(self, one: Counterfactual) -> Document:
        """What would reach a goal."""
        return {
            "goal": str(one.goal),
            "moves": [self.move(move) for move in one.moves],
            "cost": number(round(one.cost, 6)),
            "text": self.say.counterfactual(one),
        }

    def move(self, one: Move) -> Document:
        """One criterion changed, from what is held to what is enough."""
        criterion = CRITERIA[one.criterion]
        told: Document = {
            "criterion": one.criterion,
            "from": held_document(one.held, one.criterion, self.need),
            "to": value_of(one.to),
            "size": None if one.size is None else number(round(one.size, 6)),
            "by": [str(party) for party in criterion.changed_by],
        }
        if criterion.kind is Kind.DAYS and isinstance(one.to, float) and self.need.date:
            told["to_date"] = (self.need.date + timedelta(days=int(one.to // 1))).isoformat()
        return told

    def plot(self, plot_id: int) -> Document:
        """Which plot."""
        return {"plot_id": plot_id, "reference": self.names[plot_id].reference}


def share(part: float) -> float | int:
    """A share to the ten-thousandth."""
    return number(round(part, 4))
