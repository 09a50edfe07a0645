"""Says whether coordinates can be right, and if not, names the likely cause; it never corrects them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from landbank.geo.crs import LONLAT, STORAGE, Geometries, transformer
from landbank.geo.shape import Shapes

Points = NDArray[np.float64]
NamePlaces = Callable[[Points], list[str | None]]
"""The names of the municipalities that hold points (n, 2) of the storage CRS; None where none does."""

OTHER_SYSTEMS = (
    3006,
    3007,
    3008,
    3009,
    3010,
    3011,
    3012,
    3013,
    3014,
    3015,
    3016,
    3017,
    3018,
    3021,
    4326,
    3857,
)
"""Systems that Swedish files come in: SWEREF 99 TM and its zones, RT 90 2.5 gon V, degrees, web maps."""


@dataclass(frozen=True, slots=True)
class Extent:
    """West, south, east, north in degrees (WGS 84)."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, lonlat: Points) -> NDArray[np.bool_]:
        """Whether each point (n, 2) lies inside; NaN and infinite never do."""
        x, y = lonlat[:, 0], lonlat[:, 1]
        with np.errstate(invalid="ignore"):
            return (x >= self.west) & (x <= self.east) & (y >= self.south) & (y <= self.north)


@dataclass(frozen=True, slots=True)
class _Guess:
    code: str
    text: str
    crs: CRS | int
    is_swapped: bool


def refuse_misplaced(shapes: Shapes, crs: CRS, extent: Extent, name_places: NamePlaces) -> None:
    """Refuse the shapes (still in the source CRS) that lie outside the extent, each with its likely cause."""
    rows = np.flatnonzero(shapes.alive & ~shapely.is_missing(shapes.geometry))
    if len(rows) == 0:
        return
    middle = _middles(shapes.geometry[rows])
    lonlat = _to_lonlat(middle, crs, is_swapped=False)
    outside = ~extent.holds(lonlat)
    if outside.any():
        lost = _Misplaced(rows[outside], middle[outside], lonlat[outside])
        _name_causes(shapes, lost, crs, extent, name_places)


def _middles(geometries: Geometries) -> Points:
    bounds = shapely.bounds(geometries)
    middles: Points = (bounds[:, :2] + bounds[:, 2:]) / 2
    return middles


def _to_lonlat(xy: Points, crs: CRS | int, *, is_swapped: bool) -> Points:
    x, y = (xy[:, 1], xy[:, 0]) if is_swapped else (xy[:, 0], xy[:, 1])
    system = CRS.from_user_input(crs)
    if system.is_geographic:
        possible = (np.abs(x) <= 180) & (np.abs(y) <= 90)
        x, y = np.where(possible, x, np.nan), np.where(possible, y, np.nan)
    lon, lat = transformer(system, LONLAT).transform(x, y)
    moved: Points = np.column_stack((lon, lat)).astype(np.float64)
    moved[~np.isfinite(moved).all(axis=1)] = np.nan
    return moved


def _guesses(crs: CRS) -> list[_Guess]:
    told = crs.to_authority()
    name = ":".join(told) if told else crs.name
    first = _Guess("swapped_axes", f"if x and y changed places in {name}", crs, True)
    others = [
        _Guess(
            "other_crs",
            f"if they are EPSG:{code}{' with x and y in changed places' if swap else ''}",
            code,
            swap,
        )
        for swap in (False, True)
        for code in OTHER_SYSTEMS
        if told != ("EPSG", str(code))
    ]
    return [first, *others]


@dataclass(frozen=True, slots=True)
class _Misplaced:
    """Rows outside the extent: their middles as given, and the degrees that these mean in the stated system."""

    rows: NDArray[np.int64]
    middle: Points
    lonlat: Points


def _name_causes(shapes: Shapes, lost: _Misplaced, crs: CRS, extent: Extent, name: NamePlaces) -> None:
    """Refuse each row with the first guess that puts it into a known municipality, else into the extent, else none."""
    is_origin = (np.abs(lost.middle) < 1e-9).all(axis=1)
    shapes.mark("missing_position", lost.rows[is_origin], "The coordinates are 0, 0.", refuse=True)
    left: NDArray[np.bool_] = np.logical_not(np.asarray(is_origin))
    confirmed = [(guess, True) for guess in _guesses(crs)]
    unconfirmed = [
        (guess, False) for guess in _guesses(crs) if guess.code == "swapped_axes" or _is_plain(guess, crs)
    ]
    for guess, needs_municipality in (*confirmed, *unconfirmed):
        where = np.flatnonzero(left)
        if len(where) == 0:
            return
        there = _to_lonlat(lost.middle[where], guess.crs, is_swapped=guess.is_swapped)
        inside = extent.holds(there)
        places = _places(there, inside, name)
        fits = [k for k in range(len(where)) if inside[k] and (places[k] or not needs_municipality)]
        texts = [
            f"{_position(lost.middle[where[k]], lost.lonlat[where[k]])} They would lie {_in(places[k])} {guess.text}."
            for k in fits
        ]
        shapes.mark(guess.code, lost.rows[where[fits]], texts, refuse=True)
        left[where[fits]] = False
    texts = [_position(lost.middle[i], lost.lonlat[i]) for i in np.flatnonzero(left)]
    shapes.mark("outside_extent", lost.rows[left], texts, refuse=True)


def _is_plain(guess: _Guess, crs: CRS) -> bool:
    """Whether the guess is worth naming without a municipality that confirms it.

    Metres read as degrees, or degrees as metres, are a plain error. Between systems in metres many fit somewhere.
    """
    return bool(CRS.from_user_input(guess.crs).is_geographic != crs.is_geographic and not guess.is_swapped)


def _places(lonlat: Points, fits: NDArray[np.bool_], name: NamePlaces) -> list[str | None]:
    places: list[str | None] = [None] * len(lonlat)
    rows = np.flatnonzero(np.atleast_1d(fits))
    if len(rows):
        x, y = transformer(LONLAT, STORAGE).transform(lonlat[rows, 0], lonlat[rows, 1])
        for row, place in zip(rows, name(np.column_stack((x, y))), strict=True):
            places[row] = place
    return places


def _in(place: str | None) -> str:
    return f"in {place}" if place else "inside the extent"


def _position(middle: Points, lonlat: Points) -> str:
    given = f"The coordinates are about {middle[0]:.10g}, {middle[1]:.10g}"
    if not np.isfinite(lonlat).all():
        return f"{given}, which is no place in the stated system."
    east, north = ("E" if lonlat[0] >= 0 else "W"), ("N" if lonlat[1] >= 0 else "S")
    return f"{given}: {abs(lonlat[1]):.3f}° {north}, {abs(lonlat[0]):.3f}° {east}, outside the extent."


def likely_systems(geometries: Geometries, extent: Extent, name_places: NamePlaces) -> list[str]:
    """Texts 'in Lerum if they are EPSG:3007' for the systems that would put most of the shapes into known places.

    `geometries` have coordinates of a system that nobody states. At most three texts; without stored borders none
    but degrees can be told from the numbers.
    """
    told: list[str] = []
    if len(geometries) == 0:
        return told
    middle = _middles(geometries)
    for swap in (False, True):
        for code in OTHER_SYSTEMS:
            there = _to_lonlat(middle, code, is_swapped=swap)
            fits = extent.holds(there)
            places = [place for place in _places(there, fits, name_places) if place]
            likely = len(places) > len(middle) / 2 or (code == LONLAT and fits.mean() > 0.5)
            if likely:
                order = " with x and y in changed places" if swap else ""
                told.append(
                    f"{_in(max(set(places), key=places.count) if places else None)} if they are EPSG:{code}{order}"
                )
    return told[:3]
