"""Tiles, their boxes and their Morton ranges. Göteborg's central station lies at 57.7089 N, 11.9735 E."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landbank.geo.tile import Tile, interleave, latitude, on_map, stretch, tile_at, tiles_over

WORLD = 20037508.342789244

tiles = st.integers(0, 22).flatmap(
    lambda z: st.builds(Tile, st.just(z), st.integers(0, 2**z - 1), st.integers(0, 2**z - 1))
)


def test_tile_of_zoom_0_is_the_whole_map() -> None:
    assert Tile(0, 0, 0).box() == (-WORLD, -WORLD, WORLD, WORLD)
    assert Tile(0, 0, 0).morton_range() == (0, 2**48 - 1)


def test_rows_count_from_the_north() -> None:
    assert Tile(1, 0, 0).box() == (-WORLD, 0.0, 0.0, WORLD)
    assert Tile(1, 1, 1).box() == (0.0, -WORLD, WORLD, 0.0)


def test_goteborg_central_station_lies_in_10_546_309() -> None:
    # Column and row by the formulas of the OpenStreetMap wiki, "Slippy map tilenames", worked out by hand.
    assert tile_at(1332883.9, 7906413.5, 10) == Tile(10, 546, 309)


def test_map_ends_at_85_degrees() -> None:
    # Source: EPSG guidance note 7-2, the square of Pseudo-Mercator reaches 85.06 degrees.
    assert latitude(WORLD) == pytest.approx(85.0511287798, abs=1e-9)


def test_goteborg_central_station_stands_where_proj_puts_it() -> None:
    # echo 11.9735 57.7089 | cs2cs EPSG:4326 EPSG:3857 with the axes in this order
    assert on_map(11.9735, 57.7089) == pytest.approx((1332883.92, 7906413.52), abs=0.01)


def test_poles_stand_on_the_edge_of_the_map() -> None:
    assert on_map(-180, 90) == pytest.approx((-WORLD, WORLD))
    assert on_map(180, -90) == pytest.approx((WORLD, -WORLD))


def test_map_is_twice_as_long_at_60_degrees() -> None:
    assert stretch(8399737.889818) == pytest.approx(2.0, rel=1e-9)


@pytest.mark.parametrize(
    ("tile", "exists"),
    [
        (Tile(0, 0, 0), True),
        (Tile(22, 2**22 - 1, 0), True),
        (Tile(23, 0, 0), False),
        (Tile(-1, 0, 0), False),
        (Tile(3, 8, 0), False),
        (Tile(3, 0, -1), False),
    ],
)
def test_only_tiles_on_the_map_exist(tile: Tile, exists: bool) -> None:
    assert tile.exists is exists


def test_bits_of_x_stand_before_bits_of_y() -> None:
    assert interleave([0, 1, 0, 1, 2, 3], [0, 0, 1, 1, 0, 3]).tolist() == [0, 1, 2, 3, 4, 15]


@given(tiles)
def test_children_share_out_their_parents_morton_range(tile: Tile) -> None:
    ranges = [child.morton_range() for child in tile.children()]
    assert ranges[0][0] == tile.morton_range()[0]
    assert ranges[3][1] == tile.morton_range()[1]
    assert [last + 1 for _, last in ranges[:3]] == [first for first, _ in ranges[1:]]
    assert all(child.parent() == tile for child in tile.children())


@given(tiles)
def test_middle_of_a_tile_lies_in_it(tile: Tile) -> None:
    west, south, east, north = tile.box()
    assert tile_at((west + east) / 2, (south + north) / 2, tile.z) == tile


def test_box_in_degrees_of_the_north_east_quarter() -> None:
    assert Tile(1, 1, 0).box_lonlat() == pytest.approx((0.0, 0.0, 180.0, 85.0511287798))


def test_tiles_over_a_box_come_row_by_row() -> None:
    assert list(tiles_over(-1.0, -1.0, 1.0, 1.0, 1)) == [
        Tile(1, 0, 0),
        Tile(1, 1, 0),
        Tile(1, 0, 1),
        Tile(1, 1, 1),
    ]
