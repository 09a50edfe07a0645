"""Match a need in full: the ranked plots, and all that is to be said about them beyond the list."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from landbank.domain.advice.advise import Advice, PlotAdvice, advise, advise_plot
from landbank.domain.advice.counterfactual import NO_COSTS
from landbank.domain.advice.differences import Differences, differences
from landbank.domain.advice.moves import Costs
from landbank.domain.advice.owner_view import OwnerView, owner_view
from landbank.domain.explain import Match, Tier
from landbank.domain.match import Assessment, assess, explain_at, place_of
from landbank.domain.need import Need
from landbank.domain.plot_name import PlotName
from landbank.services.check_fit import Fitting, FitVerdict, PlotFit
from landbank.services.match_document import as_json, need_document
from landbank.services.match_need import HeldColumns, Matched, PlotCatalogue, assess_fit
from landbank.services.offer_assemblies import HeldNeighbours, Offer, offer_assemblies


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """How far each shown plot is ahead of one plot, wherever that ranks."""

    against: Match
    plots: tuple[Differences, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Advised:
    """An answer with its advice; the names are of all plots that either speaks of. `offer` are plots together."""

    matched: Matched
    advice: Advice
    seed: int
    compared: Compared | None = None
    offer: Offer | None = None


def advise_match(
    need: Need,
    catalogue: PlotCatalogue,
    held: HeldColumns,
    *,
    against: int | None = None,
    costs: Costs = NO_COSTS,
    fitting: Fitting | None = None,
    neighbours: HeldNeighbours | None = None,
) -> Advised:
    """The inventory's answer to a need today in full; on request also how each plot differs from one plot.

    `costs` say what a unit of each criterion costs to change, for the cheapest pairs.

    Raises
    ------
    NotFound
        No current plot has the id of `against`.
    """
    columns = held.of(catalogue)
    seen = assess_fit(assess(need, columns, on=columns.day), fitting)
    found, answer = seen.found, seen.answer
    seed = seed_of(found.need, columns.revision)
    advice = advise(found, answer, seed=seed, costs=costs, facts=seen.facts)
    compared = None if against is None else compare(found, answer.matches, against)
    offer = None
    if fitting is not None and fitting.reader is not None and neighbours is not None:
        offer = offer_assemblies(seen.facts, answer, fitting.reader, neighbours)
    spoken = [*spoken_of(answer.matches, advice, compared), *(seen.fit.by_plot if seen.fit else ())]
    spoken += [plot_id for one in (offer.sets if offer else ()) for plot_id in one.facts.plot_ids]
    names = catalogue.named(dict.fromkeys(spoken))
    return Advised(Matched(answer, names, seen.fit), advice, seed, compared, offer)


@dataclass(frozen=True, slots=True, eq=False)
class AdvisedPlot:
    """One plot's answer with what is said of it; the names are of all plots that are spoken of."""

    need: Need
    on: date
    match: Match
    told: PlotAdvice
    names: dict[int, PlotName]
    fit: PlotFit | None = None


def explain_in_full(
    need: Need,
    plot_id: int,
    catalogue: PlotCatalogue,
    held: HeldColumns,
    *,
    costs: Costs = NO_COSTS,
    fitting: Fitting | None = None,
) -> AdvisedPlot:
    """How one plot answers a need today, wherever it ranks, and what is said of it.

    Raises
    ------
    NotFound
        No current plot has this id.
    """
    columns = held.of(catalogue)
    place = place_of(columns, plot_id)
    found = assess(need, columns, on=columns.day)
    match, told = advise_plot(found, place, costs=costs)
    named = [plot_id, *(by.plot_id for by in told.dominated.by)] if told.dominated else [plot_id]
    fit = fitting.plots([plot_id], need.footprints)[plot_id] if fitting and need.footprints else None
    shown = match if fit is None else judged_too(match, fit)
    return AdvisedPlot(found.need, columns.day, shown, told, catalogue.named(named), fit)


def judged_too(match: Match, fit: PlotFit) -> Match:
    """The plot with the fit taken into its tier; its rank is the one that the other musts give it."""
    if fit.verdict is FitVerdict.DOES_NOT_FIT:
        return replace(match, tier=Tier.C, rank=None)
    is_open = fit.verdict is not FitVerdict.FITS and match.tier is Tier.A
    return replace(match, tier=Tier.B) if is_open else match


def compare(found: Assessment, matches: Sequence[Match], against: int) -> Compared:
    """How far each match is ahead of one plot."""
    other = explain_at(found, place_of(found.columns, against))
    between = (differences(one, other) for one in matches)
    return Compared(other, tuple(one for one in between if one is not None))


def seed_of(need: Need, revision: int) -> int:
    """A seed that follows from what is asked and the inventory's revision.

    Title, template and number of plots shown don't count: the order is no more or less sure for them.
    """
    asked = as_json(need_document(replace(need, title=None, template=None, limit=1)))
    return int.from_bytes(hashlib.sha256(asked + b"@%d" % revision).digest()[:8], "big")


def spoken_of(matches: Sequence[Match], advice: Advice, compared: Compared | None) -> Iterator[int]:
    """The ids of all plots that are named."""
    yield from (one.plot_id for one in matches)
    yield from (one.plot_id for one in advice.relaxations.sets)
    yield from (witness.plot_id for one in advice.conflicts.sets for witness in one.witnesses)
    yield from (one.plot_id for one in advice.questions)
    yield from (one.plot_id for one in advice.robustness.plots) if advice.robustness else ()
    yield from () if compared is None else (compared.against.plot_id,)


def advise_owner(
    plot_id: int, needs: Sequence[Need], catalogue: PlotCatalogue, held: HeldColumns
) -> tuple[OwnerView, PlotName]:
    """What would open a plot to more of at least five needs, and the plot's name.

    Raises
    ------
    Invalid
        There are fewer than five needs.
    NotFound
        No current plot has this id.
    """
    columns = held.of(catalogue)
    view = owner_view(plot_id, columns, needs, on=columns.day)
    return view, catalogue.named([plot_id])[plot_id]
