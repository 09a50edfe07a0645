"""Assemblies as rows of columns, so that the ordinary match judges and scores them like single plots.

A joined row never says more than its plots do. What is known of all plots is known of the whole; where they differ,
the whole has the weaker value or an unknown one.

| column | of the whole |
|---|---|
| area, net area, most floor area | sum; unknown if one is unknown |
| least floor area | sum of those known, which is a lower bound |
| price, upper price, yearly rent | mean weighted by area; unknown if a price or an area is unknown |
| metres and minutes to roads, rail, ports, airports; metres to dwellings | the least; unknown if one is unknown |
| height, environment class | the least, which holds on all of the ground; unknown if one is unknown |
| largest connected part | unknown: plots may touch each other, or face each other across a gap |
| slope, flood | the worst; unknown if one is unknown |
| ground, owner, basis of the price | that of all, else unknown |
| place | the middle of the plots' places |
| confirmed | the longest ago; unknown if one is unknown |
| uses | those that every plot allows; excluded where one excludes them |
| tenures | those in which every plot is let go |
| networks, siding | yes or no where all agree, else unknown: one connection may serve the whole |
| planning state | that of the plot least settled; unknown if one is unknown |
| readiness, ready on | ready when the last plot is; unknown if one is unknown |
| availability and its dates | that of the plot hardest to get; free when the last plot is |
| blocked | if one is |
| municipality | that of all, else unknown |
| power | firm: the best plot's; more, up to the sum, may or may not be firm, as neighbours can share a grid |
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from landbank.domain.assembly.groups import Array, Floats, Groups
from landbank.domain.assembly.joined_power import joined_power
from landbank.domain.assembly.sets import Assembly
from landbank.domain.codes import Availability, PlanningState, Readiness
from landbank.domain.columns import CLAIMS, Columns
from landbank.domain.label import BUILDABLE, HELD, TAKEN, places

SUMS: Final = ("area_m2", "net_area_m2", "floor_area_high_m2")
LEASTS: Final = (
    "motorway_m", "rail_m", "port_m", "airport_m", "motorway_min", "rail_min", "port_min", "airport_min",
    "dwelling_distance_m", "height_max_m", "environment_class",
)  # fmt: skip
SAME: Final = ("owner_kind", "price_basis", "ground_kind")
MIDDLES: Final = ("easting_m", "northing_m")

SETTLED: Final = (
    PlanningState.UPPHAVD,
    PlanningState.AVSLUTAD,
    PlanningState.OPLANERAD,
    PlanningState.OP,
    PlanningState.PLANBESKED,
    PlanningState.PABORJAD,
    PlanningState.SAMRAD,
    PlanningState.GRANSKNING,
    PlanningState.TILLSYN,
    PlanningState.OVERKLAGAD,
    PlanningState.ANTAGEN,
    PlanningState.LAGA_KRAFT,
)
"""Planning states from the least to the most settled."""

NEVER, HELD_NOW, NOT_KNOWN, COMING, FREE = range(5)


def joined_columns(columns: Columns, assemblies: Sequence[Assembly]) -> Columns:
    """One row an assembly, numbered from 1 in the order given; revision and day are those of the columns.

    Dates count from the columns' day: what has come by then is past.
    """
    if not assemblies:
        return columns.take(np.zeros(0, dtype=np.int64))
    group = Groups.of(assemblies)
    columns, group = columns.take(np.unique(group.members)), group.renumbered()
    sizes = [len(one) for one in assemblies]
    whole: dict[str, Array] = {
        **{name: group.sum(getattr(columns, name)) for name in SUMS},
        **{name: group.least(getattr(columns, name)) for name in LEASTS},
        **{name: agreed(group, getattr(columns, name)) for name in CLAIMS},
        **{name: the_same(group, getattr(columns, name)) for name in SAME},
        **{name: group.sum(getattr(columns, name)) / sizes for name in MIDDLES},
        "slope_percent": group.most(columns.slope_percent),
        "flood_class": worst_flood(group, columns.flood_class),
        "largest_part_m2": np.full(len(assemblies), np.nan),
        "confirmed_on": group.least(columns.confirmed_on),
        **prices(columns, group),
        **sets(columns, group),
        **readiness(columns, group),
        **availability(columns, group),
    }
    return Columns(
        revision=columns.revision,
        day=columns.day,
        plot_id=np.arange(1, len(assemblies) + 1, dtype=np.int64),
        municipality=the_same(group, columns.municipality),
        planning_state=least_settled(group, columns.planning_state),
        is_blocked=group.any(columns.is_blocked),
        floor_area_low_m2=sum_of_known(group, columns.floor_area_low_m2),
        power=joined_power(columns, group),
        points=columns.points,
        **whole,
    )


def the_same(group: Groups, values: NDArray[Any]) -> NDArray[Any]:
    """The value that all of the group have, else -1."""
    least, most = group.least(values), group.most(values)
    return np.where(least == most, least, -1).astype(values.dtype)


def worst_flood(group: Groups, classes: NDArray[np.int8]) -> NDArray[np.int8]:
    """The most frequent flood that reaches one of the plots; -1 if one is unknown."""
    return np.where(group.least(classes) < 0, -1, group.most(classes)).astype(np.int8)


def agreed(group: Groups, claims: NDArray[np.int8]) -> NDArray[np.int8]:
    """Yes or no where all of the group say so, else unknown."""
    least, most = group.least(claims), group.most(claims)
    return np.where(least == most, least, 0).astype(np.int8)


def sum_of_known(group: Groups, values: Floats) -> Floats:
    """The sum of what is known in each group; NaN where nothing is."""
    return np.where(group.any(~np.isnan(values)), group.sum(np.nan_to_num(values)), np.nan)


def prices(columns: Columns, group: Groups) -> dict[str, Floats]:
    """Price, upper price and yearly rent per m² of the whole."""
    area = columns.area_m2
    upper = columns.price_max_sek_per_m2
    highest = np.where(np.isnan(upper), columns.price_sek_per_m2, upper)
    total = group.sum(area)
    mean, most = (group.sum(price * area) / total for price in (columns.price_sek_per_m2, highest))
    is_range = group.any(~np.isnan(upper))
    return {
        "price_sek_per_m2": mean,
        "price_max_sek_per_m2": np.where(is_range, most, np.nan),
        "lease_sek_per_m2_year": group.sum(columns.lease_sek_per_m2_year * area) / total,
    }


def sets(columns: Columns, group: Groups) -> dict[str, Array]:
    """Uses and tenures: what every plot certainly holds, and what every plot may hold."""
    # A use that one plot is known not to allow is lost to the whole, even where another's uses are unknown.
    not_allowed = np.where(columns.use_known, ~columns.use, np.uint64(0)) | columns.excluded_use
    return {
        "use": np.bitwise_and.reduceat(columns.use[group.members], group.starts),
        "excluded_use": np.bitwise_or.reduceat(not_allowed[group.members], group.starts),
        "use_known": group.all(columns.use_known),
        "tenure": np.bitwise_and.reduceat(columns.tenure[group.members], group.starts),
        "tenure_known": group.all(columns.tenure_known),
    }


def least_settled(group: Groups, state: NDArray[np.int8]) -> NDArray[np.int8]:
    """The planning state of the plot least settled; -1 if one is unknown."""
    rank = np.array([SETTLED.index(one) for one in PlanningState] + [-1])[state]
    back = np.array([list(PlanningState).index(one) for one in SETTLED] + [-1], dtype=np.int8)
    return back[group.least(rank)]


def readiness(columns: Columns, group: Groups) -> dict[str, Array]:
    """When the whole can be built on: the least ready state, and the latest date still to come."""
    today = np.datetime64(columns.day, "D")
    is_ahead = columns.ready_on > today
    is_known = is_ahead | np.isin(columns.readiness, places(Readiness, BUILDABLE))
    last = group.latest(np.where(is_ahead, columns.ready_on, np.datetime64("NaT")))
    return {
        "readiness": group.least(columns.readiness),
        "ready_on": np.where(group.all(is_known), last, np.datetime64("NaT")),
    }


def availability(columns: Columns, group: Groups) -> dict[str, Array]:
    """When the whole can be had: the state of the plot hardest to get, and the latest dates."""
    today = np.datetime64(columns.day, "D")
    state, until = columns.availability, columns.availability_until
    is_held = np.isin(state, places(Availability, HELD)) & ~(until < today)
    is_never = np.isin(state, places(Availability, (*TAKEN, Availability.EJ_TILL_SALU)))
    is_coming = state == list(Availability).index(Availability.KOMMANDE)
    rank = np.select([is_never, is_held, state < 0, is_coming], [NEVER, HELD_NOW, NOT_KNOWN, COMING], FREE)
    hardest = group.least(rank)
    chosen = first_of(group, rank, hardest)
    ahead = np.where(columns.available_on > today, columns.available_on, np.datetime64("NaT"))
    is_dated = ~is_coming | ~np.isnat(ahead)
    last_until = group.most(np.where(is_held, until, np.datetime64("1970-01-01")))
    return {
        "availability": state[chosen],
        "available_on": np.where(group.all(is_dated), group.latest(ahead), np.datetime64("NaT")),
        "availability_until": np.where(hardest == HELD_NOW, last_until, until[chosen]),
    }


def first_of(group: Groups, rank: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.int64]:
    """The first member of each group that has the group's wanted rank."""
    sizes = np.diff(np.append(group.starts, len(group.members)))
    is_wanted = rank[group.members] == np.repeat(wanted, sizes)
    position = np.where(is_wanted, np.arange(len(group.members)), len(group.members))
    return group.members[np.minimum.reduceat(position, group.starts)]
