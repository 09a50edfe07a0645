"""The default synthetic inventory, made once, and what it is made on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
import shapely

from landbank import codelists
from landbank.demo import Batch, Border, Infrastructure, generate
from landbank.exchange.borders import read_borders
from landbank.geo.crs import reproject

DAY = date(2026, 11, 23)


@pytest.fixture(scope="session")
def borders() -> list[Border]:
    """The 13 municipalities, EPSG:3006."""
    read = read_borders(codelists.municipalities())
    lands = reproject(np.array([border.geometry_lonlat for border in read], dtype=object), 4326, 3006)
    return [Border(border.code, border.name, land) for border, land in zip(read, lands, strict=True)]


@pytest.fixture(scope="session")
def infrastructure() -> Infrastructure:
    """The infrastructure points, EPSG:3006."""
    listed = codelists.infrastructure()
    points = reproject(shapely.points([point.lonlat for point in listed]), 4326, 3006)
    return Infrastructure(shapely.get_coordinates(points), tuple(str(point.kind) for point in listed))


@pytest.fixture(scope="session")
def make(borders: list[Border], infrastructure: Infrastructure) -> Callable[..., list[Batch]]:
    """Makes an inventory of so many plots from a seed."""

    def batches(plots: int, seed: int = 1, batch: int = 10_000) -> list[Batch]:
        return list(
            generate(plots, seed, borders=borders, infrastructure=infrastructure, on=DAY, batch=batch)
        )

    return batches


@pytest.fixture(scope="session")
def inventory(make: Callable[..., list[Batch]]) -> Batch:
    """The default inventory: 250 plots, seed 1."""
    (only,) = make(250)
    return only
