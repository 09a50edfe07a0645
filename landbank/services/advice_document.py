"""An answer in full as plain JSON values: the plain answer, and each kind of advice under a name that stays."""

from __future__ import annotations

from landbank.domain.advice.advise import PlotAdvice
from landbank.domain.advice.owner_view import OwnerView
from landbank.domain.moment import Moment
from landbank.domain.plot_name import PlotName
from landbank.domain.shown import tenths
from landbank.services.advise_match import Advised, AdvisedPlot, Compared
from landbank.services.match_document import Document, answer_document, match_document, plot_fit_document
from landbank.services.offer_assemblies import Offer, Offered
from landbank.services.relax_document import RelaxWriter
from landbank.services.robust_document import RobustWriter
from landbank.services.sentences import Sentences


def advised_document(advised: Advised, say: Sentences, moment: Moment | None = None) -> Document:
    """The whole answer; what is told of single plots stands with them. `moment`: the earlier one that it is of."""
    answer, names, advice = advised.matched.answer, advised.matched.names, advised.advice
    relax, robust = RelaxWriter(answer.need, names, say), RobustWriter(answer.need, names, say)
    questions = [robust.question(one) for one in advice.questions]
    document = answer_document(advised.matched, moment)
    fit = advised.matched.fit
    for match in document["matches"]:
        match.update(match_advice(advice.plots[match["plot_id"]], relax, robust))
        if match.get("fit") and fit is not None:
            match["fit"]["text"] = say.plot_fit(fit.by_plot[match["plot_id"]])
    if fit is not None:
        document["fit"]["text"] = say.fit_check(fit)
    document |= {
        "relaxations": relax.relaxations(advice.relaxations),
        "conflicts": relax.conflicts(advice.conflicts),
        "robustness": robust.robustness(advice, advised.seed),
        "trade_offs": [robust.trade_off(one) for one in advice.trade_offs],
        "alike": [robust.alike(one) for one in advice.alike],
        "ask_first": questions[0] if questions else None,
        "questions": questions,
    }
    if advised.offer is not None:
        document["assemblies"] = offer_document(advised.offer, names, say)
    if advised.compared is not None:
        document["differences"] = differences_document(advised.compared, names)
    return document


def offer_document(offer: Offer, names: dict[int, PlotName], say: Sentences) -> Document:
    """Plots that are together enough: facts, score and fit of each assembly."""
    return {
        "found": offer.found,
        "refused": offer.refused,
        "more_exist": offer.more_exist,
        "sets": [offered_document(one, names, say) for one in offer.sets],
    }


def offered_document(one: Offered, names: dict[int, PlotName], say: Sentences) -> Document:
    """One assembly."""
    facts, match = one.facts, one.match
    return {
        "plots": [{"plot_id": id_, "reference": names[id_].reference} for id_ in facts.plot_ids],
        "tier": str(match.tier),
        "score": None if match.score is None else tenths(match.score) / 10,
        "ask": list(match.ask),
        "area_m2": None if facts.area_m2 is None else round(facts.area_m2, 1),
        "price_sek": None if facts.price_sek is None else round(facts.price_sek),
        "owner_kinds": list(facts.owner_kinds),
        "owners_unknown": facts.owners_unknown,
        "plans": list(facts.plans),
        "plans_unknown": facts.plans_unknown,
        "planning_states": list(facts.planning_states),
        "states_unknown": facts.states_unknown,
        "municipalities": list(facts.municipalities),
        "earliest_on": None if facts.earliest_on is None else facts.earliest_on.isoformat(),
        "fit": None if one.fit is None else plot_fit_document(one.fit) | {"text": say.plot_fit(one.fit)},
        "text": say.assembly(one),
    }


def match_advice(told: PlotAdvice, relax: RelaxWriter, robust: RobustWriter) -> Document:
    """What is told of one plot; null where it does not apply."""
    ranks, beaten, missed = told.rank_range, told.dominated, told.near_miss
    return {
        "rank_range": None if ranks is None else {"best": ranks.best, "worst": ranks.worst},
        "dominated_by": None if beaten is None else robust.dominated(beaten),
        "near_miss": None if missed is None else relax.near_miss(missed),
        "counterfactuals": [robust.counterfactual(one) for one in told.counterfactuals],
    }


def advised_plot_document(advised: AdvisedPlot, say: Sentences) -> Document:
    """One plot's answer in full, as it stands among the matches of a whole answer."""
    need, names = advised.need, advised.names
    relax, robust = RelaxWriter(need, names, say), RobustWriter(need, names, say)
    document = match_document(advised.match, names[advised.match.plot_id], need)
    if advised.fit is not None:
        document["fit"] = plot_fit_document(advised.fit) | {"text": say.plot_fit(advised.fit)}
    return document | match_advice(advised.told, relax, robust)


def differences_document(compared: Compared, names: dict[int, PlotName]) -> Document:
    """How far each plot is ahead of one, in points as displayed; the parts add up to the difference."""
    against = compared.against
    return {
        "against": {
            "plot_id": against.plot_id,
            "reference": names[against.plot_id].reference,
            "score": None if against.score is None else tenths(against.score) / 10,
        },
        "plots": [
            {
                "plot_id": one.plot_id,
                "points": one.shown_tenths / 10,
                "parts": [
                    {"criterion": part.criterion, "points": part.shown_tenths / 10} for part in one.parts
                ],
            }
            for one in compared.plots
        ],
    }


def owner_document(view: OwnerView, named: PlotName, say: Sentences) -> Document:
    """What would open a plot to more needs."""
    return {
        "plot_id": view.plot_id,
        "reference": named.reference,
        "needs": view.needs,
        "meets": {"A": view.tier_a, "B": view.tier_b},
        "openings": [
            {
                "criterion": one.criterion,
                "op": str(one.op),
                "to": one.to if isinstance(one.to, str | bool | int | float) else one.to.isoformat(),
                "needs": one.needs,
                "by": [str(party) for party in one.by],
                "text": say.opening(one),
            }
            for one in view.openings
        ],
    }
