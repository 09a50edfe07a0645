"""A place is found by the border that holds it, an outline beyond the shore by the border it shares most with."""

from __future__ import annotations

import numpy as np
import shapely

from landbank.geo.places import Borders

WEST, EAST = shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)
BORDERS = Borders({"1": "West", "2": "East"}, {"1": shapely.to_wkb(WEST), "2": shapely.to_wkb(EAST)})


def test_point_lies_in_the_border_that_holds_it() -> None:
    assert list(BORDERS.codes(np.array([[50.0, 50.0], [150.0, 50.0], [50.0, 500.0]]))) == ["1", "2", None]


def test_outline_beyond_the_shore_belongs_where_it_shares_most() -> None:
    outlines = np.array([shapely.box(80, 90, 190, 900), shapely.box(0, 500, 10, 510), None], dtype=object)
    assert list(BORDERS.codes_by_share(outlines)) == ["2", None, None]
