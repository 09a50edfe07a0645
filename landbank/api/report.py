"""An answer as one HTML file to keep, mail or print: the page's words and charts, with nothing to fetch beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from markupsafe import Markup

from landbank.api.advice_words import AdviceWords
from landbank.api.fit_words import size_text
from landbank.api.form_fields import WEIGHT_TEXTS
from landbank.api.health import own_version
from landbank.api.i18n import Words
from landbank.api.languages import words_in
from landbank.api.match import Asking, advised_answer
from landbank.api.need_form import NeedForm
from landbank.api.page_assemblies import AssembliesView, AssemblyMaker
from landbank.api.page_frame import environment
from landbank.api.page_matches import Card, CardMaker
from landbank.api.page_relax import RelaxMaker
from landbank.api.page_search import TIER_TEXTS
from landbank.api.page_sureness import sureness_of
from landbank.api.page_values import name_of, wanted_text
from landbank.api.static import find_web
from landbank.codelists.fields import load_fields
from landbank.domain.explain import Tier
from landbank.domain.need import Need
from landbank.services.advise_match import Advised
from landbank.services.match_document import need_document
from landbank.store.unit import Store
from landbank.wiring import Landbank

STYLES = ("tokens.css", "charts.css", "report.css")


@dataclass(frozen=True, slots=True)
class Part:
    """A must or a wish in words."""

    name: str
    wanted: str
    strength: str


@dataclass(frozen=True, slots=True)
class TierPart:
    """The plots of one tier."""

    heading: str
    meaning: str
    cards: tuple[Card, ...]


def report_html(landbank: Landbank, need: Need, asking: Asking) -> str:
    """The report of a need's answer; the same need at the same revision and day gives the same text."""
    words = words_in(asking.language)
    with landbank.reading(asking.moment) as store:
        advised = advised_answer(landbank, store, need, asking)
        content = content_of(store, advised, words, asking)
    web = find_web()
    engine = environment(web / "templates", str, words)
    return engine.get_template("report.html").render(style=style_of(web), **content)


def style_of(web: Path) -> Markup:
    """The report's style sheets as one text; they are landbank's own and hold nothing that ends the element."""
    told = "\n".join((web / "static/css" / name).read_text(encoding="utf-8") for name in STYLES)
    return Markup(told)  # noqa: S704 - files of our own


def content_of(store: Store, advised: Advised, words: Words, asking: Asking) -> dict[str, Any]:
    """What the template is filled in with."""
    answer, inventory = advised.matched.answer, store.standing.inventory()
    say = AdviceWords(words, answer.need, answer.as_of, advised.matched.names)
    fit, robust = advised.matched.fit, advised.advice
    return {
        "language": str(asking.language),
        "title": answer.need.title or words.gettext("Behov av verksamhetsmark"),
        "parts": parts_of(answer.need, say),
        "day": words.day(answer.need.date or answer.as_of),
        "revision": words.number(answer.revision, 0),
        "as_of": moment_text(store, answer.as_of, words),
        "version": own_version(),
        "is_synthetic": inventory.is_synthetic,
        "counts": counts_of(advised, words),
        "fit": say.fit_check(fit) if fit else "",
        "sure": sureness_of(robust, say, has_wishes=bool(answer.need.wishes)),
        "conflicts": [
            say.conflict(one, is_certain=robust.conflicts.is_certain) for one in robust.conflicts.sets
        ],
        "relaxations": [say.relaxation(one) for one in robust.relaxations.sets[:8]],
        "assemblies": assemblies_of(advised, words),
        "tiers": tiers_of(store, advised, say),
        "need_json": json.dumps(need_document(answer.need), ensure_ascii=False, indent=2),
    }


def moment_text(store: Store, day: Any, words: Words) -> str:
    """As of when the inventory is shown."""
    then: datetime | None = store.moment.as_of if store.moment is not None else None
    return words.day(day) if then is None else words.moment(then)


def parts_of(need: Need, say: AdviceWords) -> list[Part]:
    """Musts, buildings among them, then wishes."""
    words = say.words
    musts = [
        Part(name_of(one.criterion, words), say.phrases.must(one), words.gettext("krav"))
        for one in need.musts
    ]
    if need.footprints:
        size = size_text(need.footprints, words)
        musts.append(Part(words.gettext("Byggnader som ska få plats"), size, words.gettext("krav")))
    wishes = []
    for one in need.wishes:
        weight = WEIGHT_TEXTS.get(str(one.weight))
        told = words.gettext(weight) if weight else words.number(one.units)
        wishes.append(
            Part(
                name_of(one.criterion, words),
                wanted_text(one, words),
                words.gettext("önskemål: %(weight)s") % {"weight": told},
            )
        )
    return musts + wishes


def counts_of(advised: Advised, words: Words) -> list[tuple[str, str, str]]:
    """Tier, number and meaning."""
    counts = advised.matched.answer.counts
    numbers = {"A": counts.a, "B": counts.b, "C": counts.c}
    return [
        (code, words.number(numbers[code], 0), words.gettext(heading))
        for code, (heading, _) in TIER_TEXTS.items()
    ]


def assemblies_of(advised: Advised, words: Words) -> AssembliesView | None:
    """The neighbours that are together enough, where they are offered."""
    if advised.offer is None:
        return None
    need = advised.matched.answer.need
    maker = AssemblyMaker(words, advised.matched.names, "", "", need.footprints, with_score=bool(need.wishes))
    return maker.view(advised.offer)


def tiers_of(store: Store, advised: Advised, say: AdviceWords) -> list[TierPart]:
    """The plots by tier, as the list on the page shows them."""
    answer = advised.matched.answer
    ids = [match.plot_id for match in answer.matches]
    rows: Mapping[int, Any] = store.plot_pages.cards(ids)
    maker = CardMaker(
        say.words,
        answer.as_of,
        "",
        "",
        with_score=bool(answer.need.wishes),
        with_facts=False,
        freshness=store.key_facts.columns(ids).freshness(load_fields().max_ages, answer.as_of),
        fit=advised.matched.fit,
        advice=advised.advice.plots,
        relax=RelaxMaker(NeedForm(), "", say, lambda _form: 0),
    )
    found = []
    for tier in Tier:
        cards = tuple(
            maker.card(match, rows[match.plot_id], match.rank if tier is not Tier.C else None)
            for match in answer.matches
            if match.tier is tier and match.plot_id in rows
        )
        if cards:
            heading, meaning = TIER_TEXTS[str(tier)]
            found.append(
                TierPart(
                    f"{tier}. {say.words.gettext(heading)}",
                    say.words.gettext(meaning) if meaning else "",
                    cards,
                )
            )
    return found
