"""How long the way from the plots to infrastructure is: invented minutes, as a road network might give them."""

from __future__ import annotations

import numpy as np

from landbank.demo.batch import Columns
from landbank.demo.context import SOURCE, Context
from landbank.demo.draw import Floats, share
from landbank.demo.setting import Infrastructure

UNKNOWN = 0.12
DETOUR, SPEED_KM_PER_MIN, START_MIN = (1.15, 1.6), 1.0, 1.5
"""How much longer the road is than the straight line, how fast it goes, and what the first street takes."""


def access_rows(rng: np.random.Generator, these: Context, infrastructure: Infrastructure) -> Columns:
    """The columns of table `access`: minutes to the nearest of each kind; no row where nobody knows them.

    Distances are left to the database, which measures them from the plots.
    """
    plots, kinds, minutes = [], [], []
    for kind in sorted(set(infrastructure.kinds)):
        targets = infrastructure.xy[[one == kind for one in infrastructure.kinds]]
        place = np.flatnonzero(~share(rng, these.n, UNKNOWN))
        road_km = nearest_m(these.xy[place], targets) / 1000 * rng.uniform(*DETOUR, len(place))
        plots.append(these.id[place])
        kinds.append(np.full(len(place), kind, dtype=object))
        minutes.append(np.round(START_MIN + road_km / SPEED_KM_PER_MIN, 1))
    n = sum(map(len, plots))
    return {
        "plot_id": np.concatenate([np.zeros(0, dtype=np.int64), *plots]),
        "kind": np.concatenate([np.zeros(0, dtype=object), *kinds]),
        "minutes": np.concatenate([np.zeros(0), *minutes]),
        "method": np.full(n, "network", dtype=object),
        "source": np.full(n, SOURCE, dtype=object),
    }


def nearest_m(places: Floats, targets: Floats) -> Floats:
    """The straight line from each place to the nearest target, metres."""
    nearest = np.full(len(places), np.inf)
    for target in targets:
        nearest = np.minimum(nearest, np.hypot(*(places - target).T))
    return nearest
