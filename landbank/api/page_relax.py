"""No result, or too few: what stands in the way, the smallest steps that help, each one link away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from landbank.api import form_fields as ff
from landbank.api.advice_phrases import loosened
from landbank.api.advice_words import AdviceWords
from landbank.api.form_steps import eased
from landbank.api.i18n import Words
from landbank.api.need_form import NeedForm, as_wish, query_of, without
from landbank.api.page_chips import chips_of
from landbank.api.page_form import Link
from landbank.domain.advice.advise import Advice
from landbank.domain.advice.near_miss import NearMiss
from landbank.domain.advice.relax import Relaxation
from landbank.domain.effects import MustEffect
from landbank.domain.match import Answer
from landbank.domain.need import Must

FEW: Final = 3
"""With fewer plots in tiers A and B it is told what to relax."""

MOST_TOLD: Final = 4
MOST_RUNGS: Final = 3


@dataclass(frozen=True, slots=True)
class Way:
    """One way to more plots: what it changes and gains, and links that do it."""

    text: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class RelaxView:
    """What to relax: `steps` are the smallest changes, `musts` what each must keeps out and how to let go of it."""

    heading: str
    lead: str
    conflicts: tuple[str, ...]
    steps: tuple[Way, ...]
    musts: tuple[Way, ...]
    legal: tuple[str, ...]
    more: str


@dataclass(frozen=True, slots=True)
class RelaxMaker:
    """Says what to relax of a form. `count` tells how many plots of tiers A and B another form finds."""

    form: NeedForm
    action: str
    say: AdviceWords
    count: Callable[[NeedForm], int]

    @property
    def words(self) -> Words:
        """The language."""
        return self.say.words

    def _(self, text: str) -> str:
        return self.words.gettext(text)

    def view(self, answer: Answer, advice: Advice) -> RelaxView | None:
        """What to relax where there is nothing, or too little; else None."""
        found = answer.counts.a + answer.counts.b
        if found >= FEW or found == answer.counts.total or not answer.need.musts:
            return None
        steps = tuple(self.way(one) for one in advice.relaxations.sets[:MOST_TOLD])
        musts = self.musts(answer)
        left = advice.relaxations.count - len(steps)
        return RelaxView(
            heading=self._("Det här går att lätta på") if not found else self._("För fler träffar"),
            lead=self.lead(steps, musts),
            conflicts=tuple(
                self.say.conflict(one, is_certain=advice.conflicts.is_certain)
                for one in advice.conflicts.sets[:MOST_TOLD]
                if not found
            ),
            steps=steps,
            musts=musts,
            legal=tuple(self.say.legal(one) for one in advice.relaxations.legal[:MOST_RUNGS]),
            more=self._("Det finns %(number)s sätt till.") % {"number": self.words.number(left, 0)}
            if left > 0
            else "",
        )

    def lead(self, steps: Sequence[Way], musts: Sequence[Way]) -> str:
        """What the ways mean taken together."""
        if not steps and musts:
            return self._("Ingen ändring av mått räcker. Vad varje krav stänger ute står nedan.")
        return self._("Minsta ändringarna står först. De närmaste tomterna visas nedanför.") if steps else ""

    def way(self, one: Relaxation) -> Way:
        """A set of steps, and for one must alone also the larger ones."""
        links = [self.link([(step.must, step.relaxed) for step in one.steps])]
        if len(one.steps) == 1:
            asked = one.steps[0].must
            links += [self.link([(asked, rung.must)]) for rung in one.rungs[1:MOST_RUNGS]]
        unlike = {link.url: link for link in links}
        return Way(self.say.relaxation(one), tuple(unlike.values()))

    def link(self, changes: Sequence[tuple[Must, Must | None]]) -> Link:
        """The search with these changes."""
        phrases = self.say.phrases
        looser = [
            phrases.must(loosened(relaxed))
            if relaxed is not None
            else self._("%(must)s som önskemål") % {"must": phrases.must(asked)}
            for asked, relaxed in changes
        ]
        text = self._("Sök med %(musts)s") % {"musts": phrases.all_of(looser)}
        return Link(self.action + query_of(eased(self.form, changes)), text)

    def near(self, one: NearMiss) -> Link | None:
        """The search that lets a near miss in, where the company alone can do that."""
        if not one.by_need or not one.changes:
            return None
        return self.link([(part.must, part.need.relaxed) for part in one.changes if part.need is not None])

    def musts(self, answer: Answer) -> tuple[Way, ...]:
        """For each must, what letting go of it would give; those that give most come first."""
        fails: dict[str, MustEffect] = {}
        for effect in answer.must_effects:
            name = ff.BY_CRITERION[effect.must.criterion].name
            if effect.fails and (name not in fails or fails[name].fails < effect.fails):
                fails[name] = effect
        gains = {name: self.count(without(self.form, name)) for name in fails}
        ordered = sorted(fails, key=lambda name: (-gains[name], -fails[name].fails))
        return tuple(
            self.must(name, fails[name].fails, gains[name], answer.counts.total)
            for name in ordered[:MOST_TOLD]
        )

    def must(self, name: str, fails: int, gain: int, total: int) -> Way:
        """One must, how much it excludes, and links to search without it."""
        chips = chips_of(self.form, self.words, self.action)
        chip = next(chip.text for chip in chips if chip.name == name)
        text = self._("%(must)s: stänger ute %(fails)s av %(total)s tomter.") % {
            "must": chip[:1].upper() + chip[1:],
            "fails": self.words.number(fails, 0),
            "total": self.words.number(total, 0),
        }
        if gain:
            told = self.words.ngettext("%(number)s tomt", "%(number)s tomter", gain)
            plots = told % {"number": self.words.number(gain, 0)}
            text += " " + self._("Utan det kravet: %(plots)s.") % {"plots": plots}
        return Way(
            text,
            (
                Link(self.action + query_of(as_wish(self.form, name)), self._("Gör till önskemål")),
                Link(self.action + query_of(without(self.form, name)), self._("Ta bort kravet")),
            ),
        )
