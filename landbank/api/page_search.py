"""The search page's answer: heading, what was asked for, tiers of cards, what to relax, and the way to more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landbank.api import form_fields as ff
from landbank.api.fit_words import check_text
from landbank.api.i18n import N_, Words
from landbank.api.need_form import (
    MOST_SHOWN,
    PAGE_STEP,
    NeedForm,
    query_of,
    showing,
)
from landbank.api.page_assemblies import AssembliesView
from landbank.api.page_chips import Chip, chips_of
from landbank.api.page_form import Link
from landbank.api.page_matches import Card, CardMaker
from landbank.api.page_relax import RelaxView
from landbank.api.page_sureness import Sureness
from landbank.domain.explain import Tier
from landbank.domain.match import TIERS, Answer, Counts
from landbank.services.check_fit import FitCheck

DOWNLOADS: Mapping[str, str] = {
    "csv": "CSV",
    "xlsx": "Excel",
    "geojson": "GeoJSON",
    "gpkg": "GeoPackage",
    "zip": "Shapefile",
    "parquet": "GeoParquet",
    "fgb": "FlatGeobuf",
}
"""Ending of the download's address -> the format's name."""

TIER_TEXTS: Mapping[str, tuple[str, str]] = {
    "A": (N_("Uppfyller alla krav"), N_("Allt som ni kräver är känt och uppfyllt.")),
    "B": (
        N_("Kan passa"),
        N_("Missar inget känt krav, men någon uppgift saknas. Fråga innan ni räknar bort dem."),
    ),
    "C": (N_("Når inte ända fram"), N_("Missar minst ett krav. Ordnade efter hur nära de är.")),
}
"""Heading and meaning of each tier."""


@dataclass(frozen=True, slots=True)
class TierView:
    """The cards of one tier."""

    code: str
    heading: str
    meaning: str
    first_rank: int
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """What the template shows of an answer."""

    heading: str
    lead: str
    fit: str
    status: str
    title: str
    map_toggle: str
    chips: tuple[Chip, ...]
    relax: RelaxView | None
    sureness: Sureness | None
    assemblies: AssembliesView | None
    tiers: tuple[TierView, ...]
    more_url: str
    more_text: str
    downloads: tuple[Link, ...]
    download_heading: str
    ranks: tuple[tuple[int, int, str], ...] | None


@dataclass(frozen=True, slots=True)
class ResultMaker:
    """Puts an answer into words."""

    words: Words
    form: NeedForm
    action: str

    def results(
        self,
        answer: Answer,
        rows: Mapping[int, Mapping[str, Any]],
        cards: CardMaker,
        *,
        fit: FitCheck | None,
        relax: RelaxView | None,
        sureness: Sureness | None,
        assemblies: AssembliesView | None,
    ) -> Results:
        """The whole answer as the page shows it."""
        counts = answer.counts
        heading = self.heading(counts)
        more = min(MOST_SHOWN, self.form.shown + PAGE_STEP)
        has_more = self.form.shown < min(counts.total, MOST_SHOWN)
        found = counts.a + counts.b
        return Results(
            heading=heading,
            lead=self.lead(counts),
            fit=check_text(fit, self.words) if fit else "",
            status=heading,
            title=f"{heading} – landbank",
            map_toggle=self._("Visa karta (%(number)s)") % {"number": self.words.number(found, 0)},
            chips=chips_of(self.form, self.words, self.action),
            relax=relax,
            sureness=sureness,
            assemblies=assemblies,
            tiers=self.tiers(answer, rows, cards),
            more_url=self.action + query_of(showing(self.form, more)) if has_more else "",
            more_text=self._("Visa %(number)s till")
            % {"number": min(PAGE_STEP, counts.total - self.form.shown)},
            downloads=self.downloads() if found else (),
            download_heading=self.words.ngettext(
                "Hämta tomten som fil", "Hämta de %(number)s tomterna som fil", found
            )
            % {"number": self.words.number(found, 0)},
            ranks=self.ranks(answer) if self.form.asks else None,
        )

    def _(self, text: str) -> str:
        return self.words.gettext(text)

    def tomter(self, number: int) -> str:
        """So many plots."""
        told = self.words.ngettext("%(number)s tomt", "%(number)s tomter", number)
        return told % {"number": self.words.number(number, 0)}

    def has_musts(self) -> bool:
        """Whether the form asks for anything as a must."""
        return any(
            self.form.asks_for(one.name) and self.form.strength(one.name) == ff.MUST for one in ff.FIELDS
        )

    def heading(self, counts: Counts) -> str:
        """How many plots there are for the need, in one line."""
        if not counts.total:
            return self._("Inventeringen är tom")
        if not self.form.asks:
            return self._("%(plots)s i inventeringen") % {"plots": self.tomter(counts.total)}
        if not self.has_musts():
            return self._("%(plots)s ordnade efter era önskemål") % {"plots": self.tomter(counts.total)}
        return self.musts_heading(counts)

    def musts_heading(self, counts: Counts) -> str:
        """How many plots meet, or may meet, all that must hold."""
        if counts.a:
            told = self.words.ngettext(
                "%(number)s tomt uppfyller alla krav", "%(number)s tomter uppfyller alla krav", counts.a
            )
            return told % {"number": self.words.number(counts.a, 0)}
        if counts.b:
            told = self.words.ngettext(
                "%(number)s tomt kan uppfylla alla krav", "%(number)s tomter kan uppfylla alla krav", counts.b
            )
            return told % {"number": self.words.number(counts.b, 0)}
        return self._("Ingen tomt uppfyller alla krav")

    def lead(self, counts: Counts) -> str:
        """What else there is to know about the answer."""
        if not counts.total:
            return ""
        parts = []
        if counts.a and counts.b:
            parts.append(
                self.words.ngettext(
                    "%(number)s till kan passa, men någon uppgift saknas.",
                    "%(number)s till kan passa, men någon uppgift saknas.",
                    counts.b,
                )
                % {"number": self.words.number(counts.b, 0)}
            )
        if counts.c and self.has_musts():
            parts.append(self._("%(plots)s missar minst ett krav.") % {"plots": self.tomter(counts.c)})
        if not self.form.wishes and counts.a + counts.b:
            parts.append(self._("De som går att få snarast står först."))
        return " ".join(parts)

    def tiers(
        self, answer: Answer, rows: Mapping[int, Mapping[str, Any]], cards: CardMaker
    ) -> tuple[TierView, ...]:
        """The matches by tier, without the plots that ended since the columns were read."""
        found = []
        place = 0
        for tier in Tier:
            made = []
            for match in answer.matches:
                if match.tier is tier and match.plot_id in rows:
                    place += 1
                    rank = (
                        (match.rank if self.form.wishes else place)
                        if self.form.asks and tier is not Tier.C
                        else None
                    )
                    made.append(cards.card(match, rows[match.plot_id], rank))
            if made:
                found.append(self.tier(tier, answer.counts, tuple(made)))
        return tuple(found)

    def tier(self, tier: Tier, counts: Counts, cards: tuple[Card, ...]) -> TierView:
        """One tier with its heading; without musts there is only one, and it needs no letter."""
        number = {Tier.A: counts.a, Tier.B: counts.b, Tier.C: counts.c}[tier]
        if not self.has_musts():
            heading, meaning = self._("Tomterna"), ""
        else:
            name, meaning = (self._(text) if text else "" for text in TIER_TEXTS[tier])
            heading = f"{tier}. {name} ({self.words.number(number, 0)})"
        return TierView(str(tier), heading, meaning, cards[0].rank or 1, cards)

    def ranks(self, answer: Answer) -> tuple[tuple[int, int, str], ...]:
        """Plot, rank and tier of all plots that fail no must, best first."""
        ranks = answer.ranks
        return tuple(
            (int(plot_id), int(rank) if self.form.wishes else place, str(TIERS[tier]))
            for place, (plot_id, rank, tier) in enumerate(
                zip(ranks.plot_id, ranks.rank, ranks.tier, strict=True), start=1
            )
        )

    def downloads(self) -> tuple[Link, ...]:
        """The formats in which exactly these plots can be fetched."""
        query = query_of(showing(self.form, PAGE_STEP))
        return tuple(Link(f"/export.{ending}{query}", text) for ending, text in DOWNLOADS.items())


def refused_results(words: Words) -> Results:
    """What stands in the list's place while the form has errors."""
    heading = words.gettext("Rätta uppgifterna för att söka")
    return Results(
        heading=heading,
        lead=words.gettext("Felen står vid sina fält. Inget av det som är ifyllt har gått förlorat."),
        fit="",
        status=heading,
        title=f"{heading} – landbank",
        map_toggle=words.gettext("Visa karta"),
        chips=(),
        relax=None,
        sureness=None,
        assemblies=None,
        tiers=(),
        more_url="",
        more_text="",
        downloads=(),
        download_heading="",
        ranks=None,
    )
