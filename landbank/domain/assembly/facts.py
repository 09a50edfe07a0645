"""What has to be known of an assembly before anybody buys it: owners, plans and states, when and for how much."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from landbank.domain.assembly.sets import Assembly
from landbank.domain.codes import PlanningState
from landbank.domain.columns import Columns
from landbank.domain.reading import free_bounds, ready_bounds


@dataclass(frozen=True, slots=True)
class Holding:
    """Who owns a plot, by kind, and the reference of its plan; None where unknown."""

    owner_kind: str | None = None
    plan_reference: str | None = None


@dataclass(frozen=True, slots=True)
class AssemblyFacts:
    """An assembly in facts. Names stand once each, in order; `unknown` counts the plots that one is not known of.

    Attributes
    ----------
    owner_kinds
        Kinds of owner. The inventory does not name owners: two plots of one kind may have two owners.
    earliest_on
        When the last plot can be had and built on; None where that is unknown or never.
    price_sek
        Sum of price times area; None where one is unknown. For price ranges the lower prices.
    """

    plot_ids: tuple[int, ...]
    owner_kinds: tuple[str, ...]
    owners_unknown: int
    plans: tuple[str, ...]
    plans_unknown: int
    planning_states: tuple[str, ...]
    states_unknown: int
    municipalities: tuple[str, ...]
    earliest_on: date | None
    price_sek: float | None
    area_m2: float | None


def facts_of(
    columns: Columns, assembly: Assembly, holdings: Mapping[int, Holding], *, on: date
) -> AssemblyFacts:
    """The facts of one assembly; `holdings` are by plot id, a plot without one is unknown in both."""
    part = columns.take(np.array(assembly, dtype=np.int64))
    ids = tuple(int(one) for one in part.plot_id)
    held = [holdings.get(one, Holding()) for one in ids]
    states = [
        str(tuple(PlanningState)[place]) if place >= 0 else None for place in part.planning_state.tolist()
    ]
    owners, owners_unknown = named(one.owner_kind for one in held)
    plans, plans_unknown = named(one.plan_reference for one in held)
    planning, states_unknown = named(states)
    return AssemblyFacts(
        plot_ids=ids,
        owner_kinds=owners,
        owners_unknown=owners_unknown,
        plans=plans,
        plans_unknown=plans_unknown,
        planning_states=planning,
        states_unknown=states_unknown,
        municipalities=tuple(sorted({f"{code:04d}" for code in part.municipality.tolist()})),
        earliest_on=last_day(part, on),
        price_sek=known(float((part.price_sek_per_m2 * part.area_m2).sum())),
        area_m2=known(float(part.area_m2.sum())),
    )


def named(names: Iterable[str | None]) -> tuple[tuple[str, ...], int]:
    """The names, each once and in order, and how many are unknown."""
    listed = list(names)
    return tuple(sorted({one for one in listed if one is not None})), listed.count(None)


def last_day(part: Columns, on: date) -> date | None:
    """The day on which all plots can be had and built on; None if unknown or never."""
    latest = float(np.max(np.maximum(ready_bounds(part, on).high, free_bounds(part, on).high)))
    return date(1970, 1, 1) + timedelta(days=int(latest)) if np.isfinite(latest) else None


def known(amount: float) -> float | None:
    """The amount, None for NaN."""
    return None if np.isnan(amount) else amount
