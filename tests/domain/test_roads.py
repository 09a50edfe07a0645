"""Ways through small road networks, their answers by hand."""

from __future__ import annotations

import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landbank.domain.roads import Road, RoadNetwork, Snapped, Way, build_network, minutes_to_nearest, snap


def road(*corners: tuple[float, float], kmh: float = 60, way: Way = Way.BOTH) -> Road:
    """A road; at 60 km/h a kilometre takes a minute."""
    return Road(np.array(corners, dtype=np.float64), kmh, way)


def grid(size: int) -> RoadNetwork:
    """A city of streets a kilometre apart, at 60 km/h."""
    streets = [road(*((x * 1000.0, y * 1000.0) for x in range(size))) for y in range(size)]
    avenues = [road(*((x * 1000.0, y * 1000.0) for y in range(size))) for x in range(size)]
    return build_network([*streets, *avenues])


def minutes(
    network: RoadNetwork, places: list[tuple[float, float]], targets: list[tuple[float, float]]
) -> list[float]:
    """Minutes from each place to the nearest target."""
    found = minutes_to_nearest(
        network,
        snap(network, np.array(places, dtype=np.float64), reach_m=500),
        snap(network, np.array(targets, dtype=np.float64), reach_m=500),
    )
    return [float(one) for one in found.minutes]


def test_city_grid_is_driven_along_its_streets() -> None:
    assert minutes(grid(6), [(0, 0), (3000, 4000), (5000, 5000)], [(0, 0)]) == pytest.approx(
        [0, 7, 10], abs=1e-6
    )


def test_nearest_of_several_targets_counts_and_is_named() -> None:
    network = grid(6)
    places = snap(network, np.array([[1000.0, 0.0], [4000.0, 0.0]]), reach_m=1)
    targets = snap(network, np.array([[0.0, 0.0], [5000.0, 0.0]]), reach_m=1)
    assert list(minutes_to_nearest(network, places, targets).target) == [0, 1]


def test_one_way_street_is_driven_one_way() -> None:
    network = build_network(
        [road((0, 0), (1000, 0), way=Way.ALONG), road((1000, 0), (1000, 1000), (0, 1000), (0, 0))]
    )
    assert minutes(network, [(0, 0)], [(1000, 0)]) == pytest.approx([1], abs=1e-6)
    assert minutes(network, [(1000, 0)], [(0, 0)]) == pytest.approx([3], abs=1e-6)
    against = build_network(
        [road((1000, 0), (0, 0), way=Way.AGAINST), road((1000, 0), (1000, 1000), (0, 1000), (0, 0))]
    )
    assert minutes(against, [(0, 0)], [(1000, 0)]) == pytest.approx([1], abs=1e-6)


def test_faster_road_wins_over_the_shorter() -> None:
    network = build_network([road((0, 0), (1000, 0), kmh=20), road((0, 0), (500, 1000), (1000, 0), kmh=120)])
    assert minutes(network, [(0, 0)], [(1000, 0)])[0] == pytest.approx(
        2 * np.hypot(500, 1000) / 2000, abs=1e-6
    )


def test_metres_off_the_road_are_driven_slowly() -> None:
    network = build_network([road((0, 0), (1000, 0))])
    assert minutes(network, [(0, 200)], [(1000, 100)]) == pytest.approx([1 + 0.6 + 0.3], abs=1e-6)


def test_place_beyond_the_reach_is_unknown_not_far() -> None:
    assert np.isnan(minutes(grid(3), [(0, -501)], [(0, 0)])[0])
    assert np.isnan(minutes(grid(3), [(0, 0)], [(0, -501)])[0])


def test_dead_island_does_not_cut_a_place_off() -> None:
    network = build_network([road(*((x * 1000.0, 0.0) for x in range(5))), road((10, 20), (10, 30))])
    assert minutes(network, [(10, 25)], [(4000, 0)])[0] == pytest.approx(
        4 + 0.003 * np.hypot(10, 25), abs=1e-3
    )


def test_network_without_roads_reaches_nothing() -> None:
    assert np.isnan(minutes(build_network([]), [(0, 0)], [(0, 0)])[0])
    assert build_network([road((0, 0), kmh=50), road((0, 0), (1, 1), kmh=0)]).nodes.shape == (0, 2)


def test_length_counts_each_road_once() -> None:
    assert grid(3).length_m == pytest.approx(12_000)


corner = st.tuples(st.integers(0, 5), st.integers(0, 5))
link = st.tuples(corner, corner, st.sampled_from([20, 50, 110]), st.sampled_from(list(Way)))


@given(st.lists(link, min_size=1, max_size=25), corner, corner)
@settings(max_examples=150, deadline=None)
def test_ways_are_those_of_an_independent_library(
    links: list[tuple[tuple[int, int], tuple[int, int], int, Way]],
    start: tuple[int, int],
    end: tuple[int, int],
) -> None:
    roads = [
        road((a[0] * 1000, a[1] * 1000), (b[0] * 1000, b[1] * 1000), kmh=kmh, way=way)
        for a, b, kmh, way in links
    ]
    network = build_network(roads)
    graph = networkx.MultiDiGraph()
    graph.add_nodes_from([start, end])
    for a, b, kmh, way in links:
        weight = float(np.hypot(a[0] - b[0], a[1] - b[1])) * 60 / kmh
        if way is not Way.AGAINST:
            graph.add_edge(a, b, weight=weight)
        if way is not Way.ALONG:
            graph.add_edge(b, a, weight=weight)
    try:
        expected = networkx.dijkstra_path_length(graph, start, end)
    except networkx.NetworkXNoPath:
        expected = np.nan

    found = minutes_to_nearest(network, on_node(network, start), on_node(network, end))

    if (
        start in {a for a, *_ in links} | {b for _, b, *_ in links}
        and len(network.nodes)
        and on_node(network, end).node[0] >= 0
        and on_node(network, start).node[0] >= 0
    ):
        assert found.minutes[0] == pytest.approx(expected, abs=1e-6, nan_ok=True)


def on_node(network: RoadNetwork, place: tuple[int, int]) -> Snapped:
    """The node at a place, whatever part of the network it belongs to."""
    at = np.flatnonzero(np.all(np.isclose(network.nodes, np.array(place) * 1000.0), axis=1))
    return Snapped(np.array([at[0] if len(at) else -1]), np.array([0.0 if len(at) else np.inf]))
