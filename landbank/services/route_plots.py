"""Minutes by road from every plot to the nearest junction, terminal, port and airport, over a given network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np

from landbank.domain.roads import Ride, RoadNetwork, Snapped, minutes_to_nearest, snap

PLOT_REACH_M: Final = 1_000.0
"""How far a plot may lie from a road; farther means that the network does not cover it."""

INFRASTRUCTURE_REACH_M: Final = 3_000.0
"""The same for infrastructure, whose places are only known to about a kilometre."""


class PlacesOnMap(Protocol):
    """Ids and places; see landbank/store/routes.py."""

    @property
    def ids(self) -> Any: ...
    @property
    def places(self) -> Any: ...


class RouteStore(Protocol):
    """What routing needs of the store."""

    def plots(self, municipality_code: str | None = None) -> PlacesOnMap: ...
    def infrastructure(self) -> dict[str, Any]: ...
    def replace(self, plot_ids: Sequence[int], rides: Iterable[Ride], *, source: str) -> Any: ...


@dataclass(frozen=True, slots=True)
class RouteReport:
    """What routing found: plots in all and on the network, plots reached by kind, and what was written (or None)."""

    plots: int
    on_network: int
    reached: dict[str, int]
    written: Any


def route_plots(
    store: RouteStore, network: RoadNetwork, *, source: str, municipality_code: str | None, is_applied: bool
) -> RouteReport:
    """The report of routing all plots; routes are written only where `is_applied`.

    A plot that the network doesn't reach has no minutes afterwards: unknown, not far.
    """
    plots = store.plots(municipality_code)
    snapped = snap(network, plots.places, reach_m=PLOT_REACH_M)
    rides = list(all_rides(store, network, plots, snapped))
    written = store.replace([int(one) for one in plots.ids], rides, source=source) if is_applied else None
    reached: dict[str, int] = {}
    for ride in rides:
        reached[ride.kind] = reached.get(ride.kind, 0) + 1
    return RouteReport(len(plots.ids), int(np.count_nonzero(snapped.node >= 0)), reached, written)


def all_rides(
    store: RouteStore, network: RoadNetwork, plots: PlacesOnMap, snapped: Snapped
) -> Iterator[Ride]:
    """The ride of each plot to the nearest infrastructure of each kind, where a road leads there."""
    for kind, targets in store.infrastructure().items():
        there = snap(network, targets.places, reach_m=INFRASTRUCTURE_REACH_M)
        found = minutes_to_nearest(network, snapped, there)
        for place in np.flatnonzero(found.target >= 0):
            yield Ride(
                int(plots.ids[place]),
                kind,
                int(targets.ids[found.target[place]]),
                round(float(found.minutes[place]), 2),
            )
