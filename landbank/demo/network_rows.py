"""What reaches the plots: power in steps, and the other networks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landbank.demo.batch import Columns
from landbank.demo.context import SOURCE, Context
from landbank.demo.draw import (
    NEVER,
    Bools,
    Days,
    Floats,
    Objects,
    days_from,
    share,
    when,
    without,
)

POWER_SHARE = 0.91
NETWORKS = {
    "vatten": (0.08, 0.86, "VA-huvudmannen"),
    "spillvatten": (0.10, 0.82, "VA-huvudmannen"),
    "dagvatten": (0.13, 0.74, "VA-huvudmannen"),
    "fiber": (0.09, 0.72, "Fiberoperatören"),
    "fjarrvarme": (0.11, 0.34, "Fjärrvärmebolaget"),
    "gas": (0.14, 0.12, "Gasnätsägaren"),
    "fjarrkyla": (0.94, 0.40, "Fjärrvärmebolaget"),
    "vatgas": (0.97, 0.50, "Vätgasleverantören"),
}
"""Kind: which part of the plots nobody knows, which part of the known has it at the boundary, and whose it is."""


@dataclass(frozen=True, slots=True)
class Step:
    """One level of power on some plots: places in the batch, MW, date it holds from, firm or conditional."""

    place: NDArray[np.int64]
    megawatt: Floats
    available_on: Days
    is_firm: Objects


def utility_rows(rng: np.random.Generator, these: Context) -> Columns:
    """The columns of table `utility`; no row where nothing is known of a network."""
    parts = [power_rows(rng, these), *(network_rows(rng, these, kind) for kind in NETWORKS)]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def power_rows(rng: np.random.Generator, these: Context) -> Columns:
    """Power: a first level on nine plots in ten, a later and higher one on half, a third on some.

    A level holds from its date and replaces the earlier one; levels rise with their dates. Small ones are in kW.
    """
    steps = power_steps(rng, these)
    place = np.concatenate([step.place for step in steps])
    megawatt = np.concatenate([step.megawatt for step in steps])
    n = len(place)
    small = (megawatt < 1) & share(rng, n, 0.5)
    return {
        "plot_id": these.id[place],
        "kind": np.full(n, "el", dtype=object),
        "is_at_boundary": without(share(rng, n, 0.85).astype(object), share(rng, n, 0.06)),
        "capacity": np.where(small, np.round(megawatt * 1000), megawatt),
        "capacity_unit": np.where(small, "kW", "MW").astype(object),
        "available_on": np.concatenate([step.available_on for step in steps]),
        "is_firm": np.concatenate([step.is_firm for step in steps]),
        "operator": without(np.full(n, "Elnätsägaren", dtype=object), share(rng, n, 0.08)),
        "source": np.full(n, SOURCE, dtype=object),
        "confirmed_on": when(~share(rng, n, 0.08), days_from(these.on, -rng.integers(5, 600, n))),
    }


def power_steps(rng: np.random.Generator, these: Context) -> list[Step]:
    """The levels, first to last."""
    n = these.n
    hectares = these.area_m2 / 10_000
    first = np.clip(0.35 * hectares**0.75 * np.exp(rng.normal(0, 0.6, n)), 0.1, 40)
    has = share(rng, n, POWER_SHARE)
    second = has & share(rng, n, 0.5)
    third = second & share(rng, n, 0.35)
    started = days_from(
        these.on, np.where(share(rng, n, 0.8), -rng.integers(30, 2000, n), rng.integers(60, 500, n))
    )
    later = started.clip(min=these.on) + rng.integers(150, 900, n).astype("timedelta64[D]")
    last = later + rng.integers(250, 1100, n).astype("timedelta64[D]")
    high = first * rng.uniform(1.6, 4.0, n)
    top = high * rng.uniform(1.5, 3.0, n)
    return [
        step(rng, has, first, when(~share(rng, n, 0.07), started), 0.92),
        step(rng, second, high, later, 0.6),
        step(rng, third, top, last, 0.25),
    ]


def step(rng: np.random.Generator, mask: Bools, megawatt: Floats, since: Days, firm: float) -> Step:
    """The level of the plots in the mask, to 10 kW."""
    place = np.flatnonzero(mask)
    n = len(place)
    is_firm = without(share(rng, n, firm).astype(object), share(rng, n, 0.07))
    return Step(
        place, np.round(np.minimum(megawatt[place], 120.0), 2).astype(np.float64), since[place], is_firm
    )


def network_rows(rng: np.random.Generator, these: Context, kind: str) -> Columns:
    """One other network: at the boundary or not, and since or from when."""
    unknown, present, operator = NETWORKS[kind]
    place = np.flatnonzero(~share(rng, these.n, unknown))
    n = len(place)
    reaches = share(rng, n, present)
    planned = reaches & ~these.in_force[place]
    days = np.where(planned, rng.integers(200, 1500, n), -rng.integers(100, 4000, n))
    return {
        "plot_id": these.id[place],
        "kind": np.full(n, kind, dtype=object),
        "is_at_boundary": reaches.astype(object),
        "capacity": np.full(n, np.nan),
        "capacity_unit": np.full(n, None, dtype=object),
        "available_on": when(reaches & ~share(rng, n, 0.15), days_from(these.on, days)),
        "is_firm": np.full(n, None, dtype=object),
        "operator": without(np.full(n, operator, dtype=object), share(rng, n, 0.10)),
        "source": np.full(n, SOURCE, dtype=object),
        "confirmed_on": np.full(n, NEVER),
    }
