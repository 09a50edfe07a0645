"""What an answer needs of a language: one sentence for each kind of advice. The API has them in Swedish and English."""

from __future__ import annotations

from typing import Protocol

from landbank.domain.advice.alike import Alike
from landbank.domain.advice.ask import Question
from landbank.domain.advice.conflicts import Conflict
from landbank.domain.advice.counterfactual import Counterfactual
from landbank.domain.advice.dominance import Dominated
from landbank.domain.advice.near_miss import Change, NearMiss
from landbank.domain.advice.owner_view import Opening
from landbank.domain.advice.relax import OutOfReach, Relaxation
from landbank.domain.advice.robust import Robustness
from landbank.domain.advice.stability import Stability
from landbank.domain.advice.trade_offs import TradeOff
from landbank.services.check_fit import FitCheck, PlotFit
from landbank.services.offer_assemblies import Offered


class Sentences(Protocol):
    """Says each kind of advice in one language, for one need and its plots."""

    def relaxation(self, one: Relaxation) -> str:
        """What to relax, to what, and what it gains."""

    def legal(self, one: OutOfReach) -> str:
        """Which musts are not the company's to relax."""

    def conflict(self, one: Conflict, *, is_certain: bool) -> str:
        """Which musts no plot meets together."""

    def near_miss(self, one: NearMiss) -> str:
        """All that a plot would need."""

    def change(self, one: Change) -> str:
        """What one failed must would need on either side."""

    def robustness(self, one: Robustness) -> str:
        """How sure the first rank is."""

    def stability(self, one: Stability, first: int) -> str:
        """Between which weights the first plot stays first."""

    def trade_off(self, one: TradeOff) -> str:
        """What one wish is worth in terms of another."""

    def alike(self, one: Alike) -> str:
        """That two wishes go together."""

    def question(self, one: Question) -> str:
        """What to ask, whom, and what the answer decides."""

    def dominated(self, one: Dominated) -> str:
        """Which plot is better on everything."""

    def counterfactual(self, one: Counterfactual) -> str:
        """What would put a plot first, or into tier A."""

    def plot_fit(self, one: PlotFit) -> str:
        """Whether the need's buildings fit on a plot."""

    def fit_check(self, check: FitCheck) -> str:
        """How many plots were judged for the need's buildings, and how that went."""

    def assembly(self, one: Offered) -> str:
        """Which plots are together enough, and what has to be known of them."""

    def opening(self, one: Opening) -> str:
        """What would open a plot to more needs."""
