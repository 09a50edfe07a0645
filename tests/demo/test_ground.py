"""Where the synthetic plots lie, and how they lie to one another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from landbank import codelists
from landbank.demo import Batch, Border, Infrastructure
from landbank.demo.scene import set_scene
from landbank.domain.codes import AccessKind
from landbank.exchange.borders import read_borders
from landbank.geo.crs import reproject


def neighbours(plots: NDArray[np.object_]) -> NDArray[np.int64]:
    """Pairs of plots that touch or overlap, shape (2, n)."""
    pairs = shapely.STRtree(plots).query(plots, predicate="intersects")
    return pairs[:, pairs[0] < pairs[1]]


def test_no_plot_overlaps_another(make: Callable[..., list[Batch]]) -> None:
    for seed in (1, 2, 3):
        plots = make(400, seed)[0]["plot"]["geometry"]
        one, other = neighbours(plots)
        assert shapely.area(shapely.intersection(plots[one], plots[other])).max() < 1.0


def test_plots_are_valid_multipolygons_with_a_position_inside(inventory: Batch) -> None:
    plots = inventory["plot"]["geometry"]
    assert shapely.is_valid(plots).all()
    assert set(shapely.get_type_id(plots)) == {shapely.GeometryType.MULTIPOLYGON}
    assert shapely.contains(plots, inventory["plot"]["location"]).all()


def test_neighbours_share_their_edges_corner_for_corner(inventory: Batch) -> None:
    plots = inventory["plot"]["geometry"]
    one, other = neighbours(plots)
    shared = shapely.intersection(shapely.boundary(plots[one]), shapely.boundary(plots[other]))
    long = shapely.length(shared) > 10
    assert len(np.unique(np.r_[one[long], other[long]])) > 0.6 * len(plots)
    corners = [set(map(tuple, shapely.get_coordinates(plot))) for plot in plots]
    for i, j, line in zip(one[long], other[long], shared[long], strict=True):
        assert set(map(tuple, shapely.get_coordinates(line))) <= corners[i] & corners[j]


def test_parks_have_streets(inventory: Batch) -> None:
    """A park of five plots and more is larger than its plots, by the streets between them."""
    park = inventory["plot"]["area_id"]
    inside = np.bincount(park, weights=shapely.area(inventory["plot"]["geometry"]))[1:]
    many = np.bincount(park)[1:] >= 5
    ratio = inside / shapely.area(inventory["area"]["geometry"])
    assert (ratio[many] < 0.985).all()
    assert (ratio > 0.75).all()


def test_parks_hold_their_plots_and_keep_apart(inventory: Batch) -> None:
    outlines = inventory["area"]["geometry"]
    assert shapely.covers(
        shapely.buffer(outlines[inventory["plot"]["area_id"] - 1], 0.01), inventory["plot"]["geometry"]
    ).all()
    assert neighbours(outlines).shape[1] == 0


def test_plots_lie_on_the_land_of_their_municipality(inventory: Batch, borders: list[Border]) -> None:
    land = {border.code: border.geometry for border in borders}
    plots = inventory["plot"]
    assert all(
        land[code].contains(plot)
        for code, plot in zip(plots["municipality_code"], plots["geometry"], strict=True)
    )


def test_every_municipality_has_plots_and_the_largest_most(inventory: Batch) -> None:
    held = Counter(inventory["plot"]["municipality_code"])
    assert set(held) == set(codelists.municipalities())
    assert held.most_common(1)[0][0] == "1480"


def test_plots_are_near_roads(inventory: Batch, infrastructure: Infrastructure) -> None:
    kinds = np.array([point.kind for point in codelists.infrastructure()])
    junctions = infrastructure.xy[kinds == AccessKind.MOTORWAY_JUNCTION]
    place = shapely.get_coordinates(inventory["plot"]["location"])
    motorway = np.hypot(*(place[:, None, :] - junctions[None]).transpose(2, 0, 1)).min(axis=1)
    assert np.median(motorway) < 6_000
    assert motorway.max() < 25_000
    assert motorway.min() > 100


def test_sizes_are_long_tailed_within_a_fifth_and_a_hundred_hectares(
    make: Callable[..., list[Batch]],
) -> None:
    for seed in (1, 2, 3):
        area = make(250, seed)[0]["plot"]["area_m2"]
        assert 2_000 <= area.min() < 4_000
        assert 300_000 < area.max() <= 1_000_000
        assert 6_000 < np.median(area) < 14_000
        assert np.sort(area)[-25:].sum() > 0.45 * area.sum()


def test_ports_and_terminals_stand_by_their_municipality(
    borders: list[Border], infrastructure: Infrastructure
) -> None:
    """Within 2 km of land of the region, its generalised shore considered; Ljungskile lies just north of it."""
    land = shapely.union_all([border.geometry for border in borders])
    names = [point.name for point in codelists.infrastructure()]
    away = shapely.distance(land, shapely.points(infrastructure.xy))
    far = {name for name, metres in zip(names, away, strict=True) if metres > 2_000}
    assert far == {"E6 Ljungskile"}


@pytest.mark.long
def test_two_hundred_thousand_plots_find_room_in_the_country() -> None:
    """4 000 parks and more, none on another's circle; only the places are drawn here, no plot."""
    read = read_borders()
    lands = reproject(np.array([border.geometry_lonlat for border in read], dtype=object), 4326, 3006)
    borders = [Border(border.code, border.name, land) for border, land in zip(read, lands, strict=True)]
    nowhere = Infrastructure(np.zeros((0, 2)))
    scene = set_scene(200_000, 1, borders=borders, infrastructure=nowhere, on=date(2026, 11, 23))
    centre = np.array([site.centre for site in scene.sites])
    radius = np.array([site.radius for site in scene.sites])
    circles = shapely.buffer(shapely.points(centre), radius, quad_segs=4)
    assert scene.counts.sum() == 200_000
    assert neighbours(circles).shape[1] == 0
    assert {site.municipality for site in scene.sites} == {border.code for border in borders}
