"""Plots that are together enough, as the page shows them: names that lead to their pages, facts, and the ground."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from landbank.api.assembly_words import assembly_facts, names_text, size_of
from landbank.api.fit_words import fit_text, picture_of
from landbank.api.i18n import Words
from landbank.api.page_form import Link
from landbank.api.page_values import name_of
from landbank.domain.building import Building
from landbank.domain.explain import Tier
from landbank.domain.plot_name import PlotName
from landbank.services.fit_document import Drawn, fit_drawing
from landbank.services.offer_assemblies import Offer, Offered


@dataclass(frozen=True, slots=True)
class AssemblyView:
    """One assembly."""

    name: str
    size: str
    plots: tuple[Link, ...]
    meaning: str
    score: str
    fit: str
    ask: str
    facts: tuple[tuple[str, str], ...]
    drawing: Markup


@dataclass(frozen=True, slots=True)
class AssembliesView:
    """The assemblies, or that there are none."""

    lead: str
    sets: tuple[AssemblyView, ...]


@dataclass(frozen=True, slots=True)
class AssemblyMaker:
    """Shows assemblies in one language. `plot_path` and `query` make the addresses of plots' pages."""

    words: Words
    names: Mapping[int, PlotName]
    plot_path: str
    query: str
    buildings: tuple[Building, ...]
    with_score: bool

    def view(self, offer: Offer) -> AssembliesView:
        """The assemblies with what is said of them together."""
        return AssembliesView(self.lead(offer), tuple(self.one(found) for found in offer.sets))

    def lead(self, offer: Offer) -> str:
        """How many there are, and what they rest on."""
        if not offer.sets:
            return self.words.gettext("Inga grannar som går att få räcker heller tillsammans.")
        told = self.words.ngettext(
            "%(number)s grupp av tomter med gemensam gräns räcker tillsammans.",
            "%(number)s grupper av tomter med gemensam gräns räcker tillsammans; de bästa visas.",
            offer.found,
        ) % {"number": self.words.number(offer.found, 0)}
        return f"{told} " + self.words.gettext("Det krävs att alla ägare säljer.")

    def one(self, found: Offered) -> AssemblyView:
        """One assembly."""
        match = found.match
        is_sure = match.tier is Tier.A
        score = self.words.gettext("%(score)s av 100") % {"score": self.words.fixed(match.score or 0.0)}
        name = names_text(found.facts.plot_ids, self.names, self.words)
        return AssemblyView(
            name=name,
            size=size_of(found, self.words),
            plots=tuple(
                Link(
                    f"{self.plot_path}/{plot_id}{self.query}",
                    self.names[plot_id].name or self.names[plot_id].reference,
                )
                for plot_id in found.facts.plot_ids
            ),
            meaning=self.words.gettext("Uppfyller alla krav") if is_sure else self.words.gettext("Kan passa"),
            score=score if self.with_score and match.score is not None else "",
            fit=fit_text(found.fit, self.buildings, self.words) if found.fit else "",
            ask=", ".join(name_of(criterion, self.words) for criterion in match.ask),
            facts=tuple(assembly_facts(found, self.words)),
            drawing=self.drawing(found, name),
        )

    def drawing(self, found: Offered, name: str) -> Markup:
        """The plots of the assembly with the buildings where they fit."""
        drawn = [Drawn("plot", shape) for shape in found.outlines]
        if found.fit is not None and found.fit.fitted is not None:
            drawn += [one for one in fit_drawing(found.fit.fitted) if one.role != "plot"]
        key = "grupp-" + "-".join(str(plot_id) for plot_id in found.facts.plot_ids)
        return picture_of(drawn, key, name, self.words)
