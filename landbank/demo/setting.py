"""What the generator is given: where land lies, where infrastructure is, and which names and anchors it may use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from shapely import Polygon
from shapely.geometry import MultiPolygon

from landbank.codelists.files import read_list


@dataclass(frozen=True, slots=True)
class Border:
    """A municipality and the land it covers, EPSG:3006."""

    code: str
    name: str
    geometry: Polygon | MultiPolygon


@dataclass(frozen=True, slots=True)
class Infrastructure:
    """Where junctions, terminals, ports and airports lie: x, y in EPSG:3006 metres, shape (n, 2), and their kinds."""

    xy: NDArray[np.float64]
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Anchor:
    """Places of a municipality around which parks are scattered: longitude and latitude, and a weight."""

    municipality: str
    lonlat: tuple[tuple[float, float], ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Words:
    """Parts of invented park names."""

    first: tuple[str, ...]
    second: tuple[str, ...]
    kinds: tuple[str, ...] = ()


@cache
def anchors() -> tuple[Anchor, ...]:
    """The anchors of data/demo.toml, one entry a municipality."""
    return tuple(
        Anchor(row["municipality"], tuple((x, y) for x, y in row["near"]), float(row["weight"]))
        for row in read_list("demo")["anchor"]
    )


@cache
def words() -> Words:
    """The parts of invented names of data/demo.toml."""
    names = read_list("demo")["names"]
    return Words(tuple(names["first"]), tuple(names["second"]), tuple(names["kinds"]))


@cache
def price_levels() -> Mapping[str, float]:
    """Invented price levels in SEK per m² by municipality code."""
    return MappingProxyType(dict(read_list("demo")["price_level_sek_per_m2"]))
