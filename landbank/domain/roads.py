"""A road network and the quickest way from each place to the nearest of some others.

Every corner of a road is a node, so that roads meet where they share a corner, as in OpenStreetMap and NVDB. Times are
free-flow: the speed that is allowed, without queues and traffic lights. Coordinates are metres of EPSG:3006.

Source: E. W. Dijkstra, A note on two problems in connexion with graphs (1959), by scipy.sparse.csgraph.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]

GRID_M: Final = 0.01
"""Corners that lie closer than this are one node."""

BY_FOOT_OF_ROAD_KMH: Final = 20.0
"""Speed on the unmapped metres between a place and its road."""


class Way(StrEnum):
    """In which directions a road may be driven, as seen along its corners."""

    BOTH = "both"
    ALONG = "along"
    AGAINST = "against"


@dataclass(frozen=True, slots=True)
class Road:
    """One road: corners (n x 2, east and north), the speed allowed in km/h, and its directions."""

    corners: Floats
    speed_kmh: float
    way: Way = Way.BOTH


@dataclass(frozen=True, slots=True, eq=False)
class RoadNetwork:
    """Nodes (n x 2, metres) and directed arcs from `tail` to `head` with minutes and metres each."""

    nodes: Floats
    tail: Ints
    head: Ints
    minutes: Floats
    metres: Floats

    @property
    def length_m(self) -> float:
        """Metres of road, each road once."""
        low, high = np.minimum(self.tail, self.head), np.maximum(self.tail, self.head)
        _, first = np.unique(np.stack([low, high]), axis=1, return_index=True)
        return float(self.metres[first].sum())

    def backwards(self) -> csr_array:
        """The arcs turned round, for ways to a few places from all others; the quicker of two parallel arcs."""
        order = np.lexsort((self.minutes, self.tail, self.head))
        tail, head, minutes = self.tail[order], self.head[order], self.minutes[order]
        is_first = np.ones(len(tail), dtype=np.bool_)
        is_first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
        size = len(self.nodes)
        return csr_array((minutes[is_first], (head[is_first], tail[is_first])), shape=(size, size))


@dataclass(frozen=True, slots=True, eq=False)
class Snapped:
    """The node that each place is nearest to, and how far it is; -1 and infinity beyond the reach."""

    node: Ints
    distance_m: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Reached:
    """Minutes from each place to the nearest target, and that target's number; NaN and -1 where no road leads."""

    minutes: Floats
    target: Ints


@dataclass(frozen=True, slots=True)
class Ride:
    """Minutes by road from a plot to the nearest infrastructure of a kind."""

    plot_id: int
    kind: str
    infrastructure_id: int
    minutes: float


def build_network(roads: Sequence[Road]) -> RoadNetwork:
    """The network of the roads; a road without length or speed adds nothing."""
    usable = [road for road in roads if len(road.corners) > 1 and road.speed_kmh > 0]
    if not usable:
        none = np.zeros(0, dtype=np.int64)
        return RoadNetwork(np.zeros((0, 2)), none, none, np.zeros(0), np.zeros(0))
    corners = np.concatenate([road.corners[:, :2] for road in usable])
    sizes = np.array([len(road.corners) for road in usable])
    nodes, place = numbered(corners)
    is_last = np.zeros(len(corners), dtype=np.bool_)
    is_last[np.cumsum(sizes) - 1] = True
    start = np.flatnonzero(~is_last)
    of_road = np.repeat(np.arange(len(usable)), sizes)[start]
    metres = np.hypot(*(corners[start + 1] - corners[start]).T)
    speed = np.array([road.speed_kmh for road in usable])[of_road]
    ways = np.array([list(Way).index(road.way) for road in usable])[of_road]
    forth, back = ways != 2, ways != 1
    tail = np.concatenate([place[start][forth], place[start + 1][back]])
    head = np.concatenate([place[start + 1][forth], place[start][back]])
    length = np.concatenate([metres[forth], metres[back]])
    minutes = length / np.concatenate([speed[forth], speed[back]]) * 0.06
    is_arc = tail != head
    return RoadNetwork(nodes, tail[is_arc], head[is_arc], minutes[is_arc], length[is_arc])


def numbered(corners: Floats) -> tuple[Floats, Ints]:
    """The distinct corners, and for each corner its number among them."""
    cells = np.round(corners / GRID_M).astype(np.int64)
    _, first, place = np.unique(cells, axis=0, return_index=True, return_inverse=True)
    return corners[first], place.reshape(-1).astype(np.int64)


def snap(network: RoadNetwork, places: Floats, *, reach_m: float) -> Snapped:
    """The nearest node of each place (n x 2) in the network's largest connected part, within `reach_m`.

    Only that part counts, so that a place beside a road that leads nowhere is not cut off by it.
    """
    if len(network.nodes) == 0 or len(places) == 0:
        return Snapped(np.full(len(places), -1, dtype=np.int64), np.full(len(places), np.inf))
    main = largest_part(network)
    nearest = cKDTree(network.nodes[main]).query(places, distance_upper_bound=reach_m)
    distance, found = np.asarray(nearest[0], dtype=np.float64), np.asarray(nearest[1], dtype=np.int64)
    is_near = np.isfinite(distance)
    node = np.full(len(places), -1, dtype=np.int64)
    node[is_near] = main[found[is_near]]
    return Snapped(node, distance)


def largest_part(network: RoadNetwork) -> Ints:
    """The nodes of the largest part in which every node can be reached from every other; the first of equals."""
    _, part = connected_components(network.backwards(), directed=True, connection="strong")
    counts = np.bincount(part)
    return np.flatnonzero(part == int(np.argmax(counts))).astype(np.int64)


def minutes_to_nearest(network: RoadNetwork, places: Snapped, targets: Snapped) -> Reached:
    """The quickest way from each place to any of the targets, with the way to and from the road at 20 km/h."""
    unreached = Reached(np.full(len(places.node), np.nan), np.full(len(places.node), -1, dtype=np.int64))
    usable = np.flatnonzero(targets.node >= 0)
    if not len(usable) or not len(network.nodes):
        return unreached
    graph, first_hop = with_hops(network, targets, usable)
    minutes, _, source = dijkstra(graph, indices=first_hop, min_only=True, return_predecessors=True)
    is_on_road = places.node >= 0
    node = np.where(is_on_road, places.node, 0)
    found = np.where(is_on_road, minutes[node] + hop_minutes(places.distance_m), np.inf)
    reached = np.isfinite(found)
    number = np.full(len(graph.indptr) - 1, -1, dtype=np.int64)
    number[first_hop] = usable
    target = np.where(reached, number[np.where(reached, source[node], 0)], -1)
    return Reached(np.where(reached, found, np.nan), target)


def with_hops(network: RoadNetwork, targets: Snapped, usable: Ints) -> tuple[csr_array, Ints]:
    """The reversed network with a node more for each target, from which its hop to the road leads."""
    arcs = network.backwards().tocoo()
    size = len(network.nodes)
    extra = size + np.arange(len(usable), dtype=np.int64)
    # an arc of no length would be no arc in a sparse matrix
    hops = np.maximum(hop_minutes(targets.distance_m[usable]), 1e-9)
    data = np.concatenate([arcs.data, hops])
    rows = np.concatenate([arcs.coords[0], extra])
    columns = np.concatenate([arcs.coords[1], targets.node[usable]])
    whole = size + len(usable)
    return csr_array((data, (rows, columns)), shape=(whole, whole)), extra


def hop_minutes(distance_m: Floats) -> Floats:
    """Minutes between a place and its road."""
    minutes: Floats = distance_m / BY_FOOT_OF_ROAD_KMH * 0.06
    return minutes
