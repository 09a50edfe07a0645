"""What is wrong with a current plot on a day: the rules of the standing checks. Measures come in, findings come out.

Nothing here measures shapes: areas, widths and reaches are given. A finding is told apart from others of its plot by
its kind and its subject (the other plot, the restriction, the missing fact), so that it keeps its first day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from landbank.domain.codes import Availability, CheckKind, KeyFact, PlanningState, Readiness
from landbank.domain.label import HELD, TAKEN

OVERLAP_M2: Final = 1.0
"""Less shared ground than this is the noise of coordinates."""

SLIVER_WIDTH_M: Final = 0.5
"""A strip, a gap or an overlap narrower than this comes from borders that were drawn apart."""

AREA_SHARE: Final = 0.02
"""How far a stated area may be from the computed one: planar areas and rounding explain less than this."""

OUTSIDE_SHARE: Final = 0.01
OUTSIDE_M2: Final = 10.0
"""Which part of a plot, and how much, may lie outside its plan: plan maps and plots are digitised apart."""

EXACT_BORDER_M: Final = 1.0
"""How far a plot may reach over a border whose accuracy is not worse."""

PAIR_KINDS: Final = frozenset({CheckKind.OVERLAP, CheckKind.SLIVER})
"""What two plots have with one another; each gets a finding, whose subject is the other's id."""


@dataclass(frozen=True, slots=True, order=True)
class DueRestriction:
    """A restriction that is not resolved. Its row changes whenever it is confirmed, so it is told by kind and day."""

    kind: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class PlotToCheck:
    """What the checks want to know of a current plot; None stands for unknown, areas are m².

    `outside_plan_m2` is the part outside the plan's outline (None without plan or outlines), `beyond_border_m` how
    far the plot reaches beyond its municipality's border, whose accuracy is `border_accuracy_m`. `thin_parts_m2` are
    the areas of the outline's parts that are narrower than `SLIVER_WIDTH_M`.
    """

    plot_id: int
    has_outline: bool
    has_use: bool
    can_be_reached: bool
    planning_state: PlanningState | None = None
    readiness: Readiness | None = None
    availability: Availability | None = None
    availability_until: date | None = None
    implementation_ends_on: date | None = None
    area_m2: float | None = None
    area_declared_m2: float | None = None
    net_area_m2: float | None = None
    outside_plan_m2: float | None = None
    beyond_border_m: float | None = None
    border_accuracy_m: float = 0.0
    thin_parts_m2: tuple[float, ...] = ()
    restrictions: tuple[DueRestriction, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """Two current plots that meet: ground that both cover, and narrow gaps between them, with mean widths in m."""

    plot_id: int
    other_id: int
    shared_m2: float
    shared_width_m: float
    gap_m2: float


@dataclass(frozen=True, slots=True)
class Found:
    """A finding of one plot; `details` holds plain numbers, codes and ISO dates, never text from the inventory."""

    plot_id: int
    kind: CheckKind
    subject: str = ""
    details: Mapping[str, float | int | str] = field(default_factory=dict)


def check_plot(plot: PlotToCheck, day: date) -> tuple[Found, ...]:
    """Everything that is wrong with one plot by itself on the day, in the order of the kinds."""
    return (
        *_slivers(plot),
        *_outside(plot),
        *_areas(plot),
        *_past_due(plot, day),
        *_contact(plot),
        *_ended(plot, day),
        *_missing(plot),
    )


def check_pair(pair: Pair) -> tuple[Found, ...]:
    """What is wrong between two plots: one finding for each of them, or none.

    More than 1 m² of shared ground is an overlap where it is half a metre wide or more on average, otherwise a
    sliver; so is more than 1 m² of gap.
    """
    if pair.shared_m2 > OVERLAP_M2 and pair.shared_width_m >= SLIVER_WIDTH_M:
        return _both(pair, CheckKind.OVERLAP, {"shared_m2": round(pair.shared_m2, 1)})
    sides = {"shared_m2": pair.shared_m2, "gap_m2": pair.gap_m2}
    wide = {name: round(area, 1) for name, area in sides.items() if area > OVERLAP_M2}
    return _both(pair, CheckKind.SLIVER, wide) if wide else ()


def _both(pair: Pair, kind: CheckKind, details: Mapping[str, float]) -> tuple[Found, ...]:
    ends = ((pair.plot_id, pair.other_id), (pair.other_id, pair.plot_id))
    return tuple(
        Found(own, kind, str(other), {"other_plot_id": other, **details}) for own, other in sorted(ends)
    )


def _slivers(plot: PlotToCheck) -> Iterator[Found]:
    if plot.thin_parts_m2:
        details = {"parts": len(plot.thin_parts_m2), "area_m2": round(sum(plot.thin_parts_m2), 1)}
        yield Found(plot.plot_id, CheckKind.SLIVER, "", details)


def _outside(plot: PlotToCheck) -> Iterator[Found]:
    reach = plot.beyond_border_m
    if reach is not None and reach > max(plot.border_accuracy_m, EXACT_BORDER_M):
        details = {"beyond_m": round(reach), "accuracy_m": round(plot.border_accuracy_m)}
        yield Found(plot.plot_id, CheckKind.OUTSIDE_MUNICIPALITY, "", details)
    outside = plot.outside_plan_m2
    if outside is None or not plot.area_m2:
        return
    if outside > OUTSIDE_M2 and outside > OUTSIDE_SHARE * plot.area_m2:
        share = round(min(outside / plot.area_m2, 1.0), 3)
        yield Found(plot.plot_id, CheckKind.OUTSIDE_PLAN, "", {"outside_m2": round(outside), "share": share})


def _areas(plot: PlotToCheck) -> Iterator[Found]:
    area = plot.area_m2
    if not area or not plot.has_outline:
        return  # without an outline the area is itself a stated one
    if plot.area_declared_m2 is not None and abs(plot.area_declared_m2 - area) > AREA_SHARE * area:
        details = {"declared_m2": round(plot.area_declared_m2), "computed_m2": round(area)}
        yield Found(plot.plot_id, CheckKind.AREA_DIFFERS, "", details)
    if plot.net_area_m2 is not None and plot.net_area_m2 > area + OVERLAP_M2:
        details = {"net_m2": round(plot.net_area_m2), "computed_m2": round(area)}
        yield Found(plot.plot_id, CheckKind.NET_ABOVE_AREA, "", details)


def _past_due(plot: PlotToCheck, day: date) -> Iterator[Found]:
    past = {one for one in plot.restrictions if one.due_on is not None and one.due_on < day}
    for restriction in sorted(past):
        due_on = f"{restriction.due_on}"
        details = {"restriction_kind": restriction.kind, "due_on": due_on}
        yield Found(plot.plot_id, CheckKind.RESTRICTION_PAST_DUE, f"{restriction.kind} {due_on}", details)


def _contact(plot: PlotToCheck) -> Iterator[Found]:
    if not plot.can_be_reached and not _is_off_the_market(plot):
        yield Found(plot.plot_id, CheckKind.CONTACT_GONE)


def _ended(plot: PlotToCheck, day: date) -> Iterator[Found]:
    ended, until = plot.implementation_ends_on, plot.availability_until
    if ended is not None and ended < day and plot.availability not in TAKEN:
        yield Found(plot.plot_id, CheckKind.IMPLEMENTATION_ENDED, "", {"ended_on": ended.isoformat()})
    if plot.availability in HELD and until is not None and until < day:
        yield Found(plot.plot_id, CheckKind.COMMITMENT_EXPIRED, "", {"until": until.isoformat()})


def _missing(plot: PlotToCheck) -> Iterator[Found]:
    """The facts without which nobody can judge a plot; of a plot that is off the market only its outline."""
    told = {KeyFact.OUTLINE: plot.has_outline}
    if not _is_off_the_market(plot):
        told |= {
            KeyFact.PLANNING_STATE: plot.planning_state is not None,
            KeyFact.USE: plot.has_use,
            KeyFact.READINESS: plot.readiness is not None,
            KeyFact.AVAILABILITY: plot.availability is not None,
        }
    for fact, is_known in told.items():
        if not is_known:
            yield Found(plot.plot_id, CheckKind.KEY_FACT_MISSING, str(fact), {"fact": str(fact)})


def _is_off_the_market(plot: PlotToCheck) -> bool:
    return plot.availability in TAKEN or plot.availability is Availability.EJ_TILL_SALU
