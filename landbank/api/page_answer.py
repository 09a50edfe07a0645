"""A search from form to content: the need matched, counted and put into words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from landbank.api.advice_words import AdviceWords
from landbank.api.i18n import Words
from landbank.api.moment import query_of_moment
from landbank.api.need_form import NeedForm, need_of, parameters_of, query_of
from landbank.api.page_assemblies import AssembliesView, AssemblyMaker
from landbank.api.page_enquiry import Enquiries, Say
from landbank.api.page_form import COUNT_NAMES, FormView, form_view
from landbank.api.page_frame import ADDRESSES
from landbank.api.page_labels import LABEL_ORDER
from landbank.api.page_matches import CardMaker
from landbank.api.page_moment import DayForm, day_form
from landbank.api.page_notes import Note, notes_of
from landbank.api.page_overview import Overview, overview
from landbank.api.page_relax import RelaxMaker
from landbank.api.page_search import ResultMaker, Results, refused_results
from landbank.api.page_sureness import sureness_of
from landbank.codelists import land_uses, terms
from landbank.codelists.fields import load_fields
from landbank.domain.advice.advise import NO_ADVICE
from landbank.domain.codes import (
    EnvironmentClass,
    FloodClass,
    GroundKind,
    OwnerKind,
    PlanningState,
    PriceBasis,
    Readiness,
    Tenure,
)
from landbank.domain.waterfall import waterfall
from landbank.services.advise_match import Advised, advise_match
from landbank.services.check_fit import Fitting
from landbank.services.match_document import answer_document
from landbank.services.match_need import HeldColumns, count_choices, match_need
from landbank.services.offer_assemblies import HeldNeighbours
from landbank.store.unit import Store

CRITERION_OF_COUNT = {"status": "label"}
"""Name in the page's counts -> criterion, where they differ."""


@dataclass(frozen=True, slots=True)
class Found:
    """A search's content. `document` is the answer as the API gives it, empty where the form has errors."""

    form: FormView
    results: Results
    overview: Overview | None
    live_counts: Mapping[str, str]
    document: Mapping[str, Any]
    day_form: DayForm
    say: Say
    notes: Mapping[str, Note]


def known_choices(store: Store, words: Words) -> dict[str, dict[str, str]]:
    """Text by value of the fields with many values, in the order in which they are shown."""
    return {
        "anv": {code: use.term.label(words.language) for code, use in land_uses().items() if use.is_business},
        "status": {code: terms("public_label")[code].label(words.language) for code in LABEL_ORDER},
        "kommun": store.standing.municipalities(),
        "planlage": labels("planning_state", PlanningState, words),
        "upplatelse": labels("tenure", Tenure, words),
        "prisbas": labels("price_basis", PriceBasis, words),
        "mark": labels("readiness", Readiness, words),
        "miljo": labels("environment_class", EnvironmentClass, words),
        "jordart": labels("ground_kind", GroundKind, words),
        "oversvamning": labels("flood_class", FloodClass, words),
        "agare": labels("owner_kind", OwnerKind, words),
    }


def labels(codelist: str, codes: Iterable[str], words: Words) -> dict[str, str]:
    """Text by code of a code list, in the codes' order."""
    named = terms(codelist)
    return {str(code): named[code].label(words.language) for code in codes}


def find(
    store: Store,
    columns: HeldColumns,
    form: NeedForm,
    words: Words,
    action: str,
    *,
    fitting: Fitting,
    neighbours: HeldNeighbours,
) -> Found:
    """The content of the search page for a form, within one transaction; `fitting` judges whether buildings fit."""
    choices = known_choices(store, words)
    say = enquiries(store, words, action).say(form)
    if form.errors:
        view = form_view(form, choices, {}, words, action)
        return Found(view, refused_results(words), None, {}, {}, chosen_day(store, form, action), say, {})
    advised = (
        advise_match(need_of(form), store.catalogue, columns, fitting=fitting, neighbours=neighbours)
        if form.asks
        else Advised(match_need(need_of(form), store.catalogue, columns), NO_ADVICE, seed=0)
    )
    answer, advice = advised.matched.answer, advised.advice
    counts = plain_counts(store, columns, form)

    def count(other: NeedForm) -> int:
        found = match_need(need_of(other), store.catalogue, columns).answer.counts
        return found.a + found.b

    tell = AdviceWords(words, answer.need, answer.as_of, advised.matched.names)
    relax = RelaxMaker(form, action, tell, count)
    notes = notes_of(form, answer.need, answer.must_effects, tell, advised.matched.fit)
    ids = [match.plot_id for match in answer.matches]
    return Found(
        form=form_view(form, choices, counts, words, action, notes=notes),
        results=ResultMaker(words, form, action).results(
            answer,
            store.plot_pages.cards(ids),
            card_maker(store, form, relax, advised, ids),
            fit=advised.matched.fit,
            relax=relax.view(answer, advice) if form.asks else None,
            sureness=sureness_of(advice, tell, has_wishes=form.wishes) if form.asks else None,
            assemblies=assemblies_of(form, advised, words) if form.asks else None,
        ),
        notes=notes,
        overview=None
        if form.asks
        else overview(
            waterfall(columns.of(store.catalogue)),
            store.standing.label_sums(),
            store.standing.municipalities(),
            words,
            action,
            query_of_moment(form.asked, lead="&"),
        ),
        live_counts={
            f"{name}:{value}": words.number(number, 0)
            for name, by_value in counts.items()
            for value, number in by_value.items()
        },
        document=answer_document(advised.matched, store.moment),
        day_form=chosen_day(store, form, action),
        say=say,
    )


def assemblies_of(form: NeedForm, advised: Advised, words: Words) -> AssembliesView | None:
    """The neighbours that are together enough, where they are offered."""
    if advised.offer is None:
        return None
    maker = AssemblyMaker(
        words,
        advised.matched.names,
        ADDRESSES["plot"][words.language],
        query_of(form),
        advised.matched.answer.need.footprints,
        with_score=form.wishes,
    )
    return maker.view(advised.offer)


def card_maker(
    store: Store, form: NeedForm, relax: RelaxMaker, advised: Advised, ids: Sequence[int]
) -> CardMaker:
    """What makes the cards of an answer."""
    on = advised.matched.answer.as_of
    return CardMaker(
        relax.words,
        on,
        ADDRESSES["plot"][relax.words.language],
        query_of(form),
        with_score=form.wishes,
        with_facts=not form.asks,
        freshness=store.key_facts.columns(ids).freshness(load_fields().max_ages, on),
        fit=advised.matched.fit,
        advice=advised.advice.plots if form.asks else {},
        relax=relax,
    )


def enquiries(store: Store, words: Words, action: str) -> Enquiries:
    """What reads free texts into forms."""
    today = store.standing.inventory().today
    return Enquiries(store.standing, known_choices(store, words), words, today, action)


def chosen_day(store: Store, form: NeedForm, action: str) -> DayForm:
    """The form that asks for the same search on another day."""
    return day_form(form.asked, store.standing.inventory().today, action, parameters_of(form))


def plain_counts(store: Store, columns: HeldColumns, form: NeedForm) -> dict[str, dict[str, int]]:
    """How many plots of tiers A and B each tick would give alone, by the names that the page uses."""
    found = count_choices(need_of(form), store.catalogue, columns)
    return {
        name: {value: count.a + count.b for value, count in found[CRITERION_OF_COUNT.get(name, name)].items()}
        for name in COUNT_NAMES.values()
    }


def search_content(found: Found) -> dict[str, Any]:
    """What the templates of the search page are filled with."""
    return {
        "form": found.form,
        "results": found.results,
        "overview": found.overview,
        "day_form": found.day_form,
        "say": found.say,
    }
