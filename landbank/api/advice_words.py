"""Advice in sentences, Swedish and English: the same on the page, in the API and in the command."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from landbank.api.advice_phrases import BY_DAY, Phrases, capital, loosened, rounded
from landbank.api.assembly_words import assembly_text
from landbank.api.fit_words import check_text, fit_text
from landbank.api.i18n import N_, Words
from landbank.api.page_values import amount_text, codes_text, in_sentence, name_of
from landbank.domain.advice.alike import Alike
from landbank.domain.advice.ask import Question
from landbank.domain.advice.conflicts import Conflict
from landbank.domain.advice.counterfactual import Counterfactual, Goal
from landbank.domain.advice.dominance import Dominated
from landbank.domain.advice.moves import Move
from landbank.domain.advice.near_miss import Change, NearMiss
from landbank.domain.advice.owner_view import Opening
from landbank.domain.advice.relax import OutOfReach, Relaxation
from landbank.domain.advice.robust import Label, Robustness
from landbank.domain.advice.stability import Stability
from landbank.domain.advice.steps import Step
from landbank.domain.advice.trade_offs import TradeOff
from landbank.domain.criteria import CRITERIA
from landbank.domain.criterion import Kind, Op
from landbank.domain.explain import Held
from landbank.domain.need import Must, Need
from landbank.domain.plot_name import PlotName
from landbank.services.check_fit import FitCheck, PlotFit
from landbank.services.offer_assemblies import Offered

SURENESS: Mapping[Label, str] = {
    Label.STABLE: N_(
        "%(plot)s är först i omkring %(share)s av fallen när vikter och okända värden varieras: "
        "förstaplatsen är stabil."
    ),
    Label.LEANING: N_(
        "%(plot)s är först i omkring %(share)s av fallen när vikter och okända värden varieras: "
        "det lutar åt den."
    ),
    Label.OPEN: N_(
        "%(plot)s är först i omkring %(share)s av fallen när vikter och okända värden varieras: "
        "vilken tomt som är först är öppet."
    ),
}
GOALS: Mapping[Goal, str] = {
    Goal.FIRST: N_("Skulle vara först med %(moves)s."),
    Goal.TIER_A: N_("Skulle uppfylla alla krav med %(moves)s."),
    Goal.TIER_B: N_("Skulle inte missa något känt krav med %(moves)s."),
}


@dataclass(frozen=True, slots=True)
class AdviceWords:
    """Sentences in one language about a need and its plots; the need's date is filled in."""

    words: Words
    need: Need
    on: date
    names: Mapping[int, PlotName]

    @property
    def phrases(self) -> Phrases:
        """The parts of the sentences."""
        return Phrases(self.words, self.need.date or self.on, self.on)

    def relaxation(self, one: Relaxation) -> str:
        """'Minst 4,6 ha mark i stället för minst 5 ha mark: 1 tomt till; minst 4,2 ha: 3.'"""
        steps = self.phrases.all_of([self.step(step) for step in one.steps])
        told = f"{capital(steps)}: {self.phrases.plots(one.gain)}"
        for rung in one.rungs[1:]:
            told += f"; {self.looser(rung.must, in_full=False)}: {self.words.number(rung.gain, 0)}"
        return f"{told}."

    def step(self, step: Step) -> str:
        """What becomes of one must."""
        asked = self.phrases.must(step.must)
        if step.relaxed is None:
            return self._("utan kravet på %(must)s") % {"must": asked}
        return self._("%(relaxed)s i stället för %(asked)s") % {
            "relaxed": self.looser(step.relaxed),
            "asked": asked,
        }

    def looser(self, must: Must, *, in_full: bool = True) -> str:
        """A looser must, its limits rounded so that it still lets in what it is meant to."""
        is_amount = CRITERIA[must.criterion].kind is Kind.AMOUNT
        shown = loosened(must)
        return self.phrases.limits(shown) if is_amount and not in_full else self.phrases.must(shown)

    def legal(self, one: OutOfReach) -> str:
        """'Avgörs av plan eller lag: …'"""
        told = self.words.ngettext("%(number)s tomt", "%(number)s tomter", one.plots)
        return self._("Avgörs av plan eller lag: %(musts)s. %(plots)s faller bara på det.") % {
            "musts": self.phrases.all_of([self.phrases.must(must) for must in one.musts]),
            "plots": told % {"number": self.words.number(one.plots, 0)},
        }

    def conflict(self, one: Conflict, *, is_certain: bool) -> str:
        """'Ingen tomt förenar minst 10 MW el senast 2028-01-01 och högst 10 km till hamn.'"""
        musts = self.phrases.all_of([self.phrases.must(must) for must in one.musts])
        if not is_certain:
            return self._("Ingen tomt är känd för att ha %(musts)s, men några kanske har det.") % {
                "musts": musts
            }
        if len(one.musts) == 1:
            return self._("Ingen tomt har %(musts)s.") % {"musts": musts}
        return self._("Ingen tomt förenar %(musts)s.") % {"musts": musts}

    def near_miss(self, one: NearMiss) -> str:
        """All that a plot would need."""
        return " ".join(self.change(change) for change in one.changes)

    def change(self, one: Change) -> str:
        """What one failed must would need on either side."""
        parts = {
            "asked": self.phrases.must(one.must),
            "relaxed": self.let_go(one.need) if one.need else "",
            "parties": self.phrases.parties(one.supply.by) if one.supply else "",
            "when": self.when(one.supply.on) if one.supply else "",
        }
        if one.need is None and one.supply is None:
            return self._("Ni bad om %(asked)s; den här tomten går inte att få.") % parts
        if one.need is None:
            return (
                self._(
                    "Ni bad om %(asked)s, vilket inte går att lätta på; %(parties)s kan ändra det%(when)s."
                )
                % parts
            )
        if one.supply is None:
            return self._("Ni bad om %(asked)s och kan %(relaxed)s; på tomten kan ingen ändra det.") % parts
        return (
            self._("Ni bad om %(asked)s och kan %(relaxed)s, eller så kan %(parties)s ändra det%(when)s.")
            % parts
        )

    def let_go(self, step: Step) -> str:
        """How a company could settle for less."""
        if step.relaxed is None:
            return self._("avstå från det")
        return self._("nöja er med %(relaxed)s") % {"relaxed": self.looser(step.relaxed)}

    def when(self, on: date | None) -> str:
        """From when it is expected to be so."""
        return "" if on is None else self._(" (väntas %(day)s)") % {"day": self.words.day(on)}

    def robustness(self, one: Robustness) -> str:
        """How sure the first rank is."""
        first = one.plots[0]
        return self._(SURENESS[one.label]) % {
            "plot": self.plot(first.plot_id),
            "share": self.words.percent(first.first),
        }

    def stability(self, one: Stability, first: int) -> str:
        """'H0 är först så länge eleffekt väger 12 till 41 % (nu 25 %).'"""
        if one.low < 0.005 and one.high > 0.995:
            return self._("%(plot)s är först hur mycket eller litet %(name)s än väger.") % {
                "plot": self.plot(first),
                "name": name_of(one.criterion, self.words),
            }
        return self._("%(plot)s är först så länge %(name)s väger %(low)s till %(high)s (nu %(now)s).") % {
            "plot": self.plot(first),
            "name": name_of(one.criterion, self.words),
            "low": self.words.percent(one.low),
            "high": self.words.percent(one.high),
            "now": self.words.percent(one.share),
        }

    def trade_off(self, one: TradeOff) -> str:
        """'Era vikter säger att 1 km närmare motorvägsmot är värt 25 kr/m². Stämmer det?'"""
        if one.is_beyond:
            ends = [self.worth(one.against, end) for end in (one.against_worse, one.against_better)]
            return self._(
                "Era vikter säger att %(step)s är värt mer än hela skillnaden mellan %(worse)s och %(better)s. "
                "Stämmer det?"
            ) % {"step": self.gain(one), "worse": ends[0], "better": ends[1]}
        return self._("Era vikter säger att %(step)s är värt %(worth)s. Stämmer det?") % {
            "step": self.gain(one),
            "worth": self.worth(one.against, one.worth),
        }

    def worth(self, criterion: str, amount: float) -> str:
        """An amount that something is set against; days as days."""
        if criterion in BY_DAY:
            told = self.words.ngettext("%(number)s dag", "%(number)s dagar", round(amount))
            return told % {"number": self.words.number(amount, 0)}
        return in_sentence(criterion, amount_text(criterion, amount, self.words), self.words)

    def gain(self, one: TradeOff) -> str:
        """What is gained."""
        if one.step is not None:
            return self.phrases.step(one.criterion, one.step)
        if isinstance(one.better, bool):
            return self.phrases.claim(one.criterion, holds=one.better)
        worse = self._("något annat") if one.worse is None else self.code(one.criterion, one.worse)
        return self._("%(name)s %(better)s i stället för %(worse)s") % {
            "name": name_of(one.criterion, self.words),
            "better": self.code(one.criterion, one.better),
            "worse": worse,
        }

    def code(self, criterion: str, code: float | str | bool) -> str:
        """A code by its label."""
        return codes_text(criterion, [str(code)], self.words)

    def alike(self, one: Alike) -> str:
        """That two wishes go together, or against each other."""
        told = N_(
            "%(first)s och %(second)s följs åt i inventeringen (korrelation %(r)s): samma sak väger två gånger."
        )
        if one.correlation < 0:
            told = N_("%(first)s och %(second)s drar åt motsatta håll i inventeringen (korrelation %(r)s).")
        return capital(
            self._(told)
            % {
                "first": name_of(one.first, self.words),
                "second": name_of(one.second, self.words),
                "r": self.words.number(one.correlation, 2),
            }
        )

    def question(self, one: Question) -> str:
        """What to ask, whom, and what the answer decides."""
        told = N_(
            "Fråga %(party)s om %(plot)s: %(name)s. Svaret avgör om tomten är bland de tre första i omkring "
            "%(low)s eller %(high)s av fallen."
        )
        if one.is_must:
            told = N_(
                "Fråga %(party)s om %(plot)s: %(name)s. Är svaret bra är tomten bland de tre första i omkring "
                "%(high)s av fallen, annars faller den bort."
            )
        return self._(told) % {
            "party": self.phrases.parties([one.to]),
            "name": name_of(one.criterion, self.words),
            "plot": self.plot(one.plot_id),
            "low": self.words.percent(one.at_worst),
            "high": self.words.percent(one.at_best),
        }

    def dominated(self, one: Dominated) -> str:
        """Which plot is better on everything."""
        by = one.by[0]
        return self._("%(plot)s är minst lika bra på allt ni frågat efter och bättre på %(names)s.") % {
            "plot": self.plot(by.plot_id),
            "names": self.phrases.all_of([name_of(name, self.words) for name in by.better_on]),
        }

    def counterfactual(self, one: Counterfactual) -> str:
        """'Skulle vara först med ett pris på 600 kr/m² (400 kr/m² lägre pris). Markägaren kan ändra det.'"""
        moves = self.phrases.all_of([self.move(move) for move in one.moves])
        parties = [party for move in one.moves for party in CRITERIA[move.criterion].changed_by]
        return " ".join(
            (
                self._(GOALS[one.goal]) % {"moves": moves},
                self._("%(parties)s kan ändra det.") % {"parties": capital(self.phrases.parties(parties))},
            )
        )

    def move(self, move: Move) -> str:
        """What a criterion would have to be, and how far that is from what it is."""
        if move.size is None or not isinstance(move.to, float):
            return self.changed(move.criterion, move.to)
        if move.criterion in BY_DAY:
            to = self._(BY_DAY[move.criterion][0]) % {"day": self.phrases.day_of(move.to)}
        else:
            amount = rounded(move.criterion, move.to, up=move.size > 0)
            to = self.phrases.amount(move.criterion, amount_text(move.criterion, amount, self.words))
        return f"{to} ({self.phrases.step(move.criterion, move.size)})"

    def changed(self, criterion: str, to: float | str | bool) -> str:
        """A code or a truth that a plot would have."""
        if isinstance(to, bool):
            return self.phrases.held(criterion, Held(to))
        return f"{name_of(criterion, self.words)} {self.code(criterion, to)}"

    def plot_fit(self, one: PlotFit) -> str:
        """'Får plats: 120 × 80 m.'"""
        return fit_text(one, self.need.footprints, self.words)

    def fit_check(self, check: FitCheck) -> str:
        """'120 × 80 m är prövat på de 46 första tomterna: ...'"""
        return check_text(check, self.words)

    def assembly(self, one: Offered) -> str:
        """'Lyckan 2 och Lyckan 3 är tillsammans 8,4 ha. Ägare: ...'"""
        return assembly_text(one, self.names, self.words)

    def opening(self, one: Opening) -> str:
        """'Med minst 5 MW el skulle tomten uppfylla alla krav för 9 behov till.'"""
        if one.op in (Op.AT_LEAST, Op.AT_MOST) and not isinstance(one.to, str):
            change = self.phrases.must(Must(one.criterion, one.op, one.to))
        else:
            change = self.changed(one.criterion, one.to if isinstance(one.to, str | bool) else "")
        told = self.words.ngettext(
            "Med %(change)s skulle tomten uppfylla alla krav för %(number)s behov till.",
            "Med %(change)s skulle tomten uppfylla alla krav för %(number)s behov till.",
            one.needs,
        )
        return told % {"change": change, "number": self.words.number(one.needs, 0)}

    def plot(self, plot_id: int) -> str:
        """What a plot is called."""
        named = self.names[plot_id]
        return named.name or named.reference

    def _(self, text: str) -> str:
        return self.words.gettext(text)
