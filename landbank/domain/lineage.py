"""Ground that changes plots: whether the parts are the whole, no more and no less, and where they are not.

Coordinates are EPSG:3006. Shared ground is measured in the plane there (within 0.4 % of the ellipsoid everywhere in
Sweden), sums are those of the ellipsoid, which the caller measures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from landbank.errors import Invalid

SMALLEST_TOLERANCE_M2: Final = 1.0
TOLERANCE_SHARE: Final = 1e-4
"""Outlines drawn by hand beside each other differ by less than this share of the whole."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A named piece of ground: its outline and its area on the ellipsoid, m²."""

    name: str
    geometry: shapely.Geometry
    area_m2: float


@dataclass(frozen=True, slots=True)
class Shared:
    """Ground that two parts both cover."""

    one: str
    other: str
    area_m2: float


@dataclass(frozen=True, slots=True)
class Ledger:
    """How parts compare with the whole, m².

    `shares` says how much of each whole (row) lies in each part (column), `gives` whether that is more than drawing
    explains, or most of either; `left` is ground of the whole in no part, `added` ground of parts outside the whole,
    each with a place in it (x, y), None where there is none.
    """

    whole_m2: float
    parts_m2: float
    tolerance_m2: float
    shares: NDArray[np.float64]
    gives: NDArray[np.bool_]
    overlaps: tuple[Shared, ...]
    left_m2: float
    left_at: tuple[float, float] | None
    added_m2: float
    added_at: tuple[float, float] | None

    @property
    def has_left(self) -> bool:
        """Whether more ground is left over than drawing explains."""
        return self.left_m2 > self.tolerance_m2

    @property
    def has_added(self) -> bool:
        """Whether more ground is added than drawing explains."""
        return self.added_m2 > self.tolerance_m2

    @property
    def balances(self) -> bool:
        """Whether the areas add up, less what is left over and more what is added."""
        wanted = self.whole_m2 - self.left_m2 + self.added_m2
        return abs(self.parts_m2 - wanted) <= self.tolerance_m2 + 0.005 * (self.left_m2 + self.added_m2)

    def sources(self, part: int) -> list[int]:
        """The wholes that a part has ground of."""
        return [int(whole) for whole in np.flatnonzero(self.gives[:, part])]

    def as_members(self) -> dict[str, Any]:
        """The figures for programs."""
        return {
            "whole_m2": round(self.whole_m2, 1),
            "parts_m2": round(self.parts_m2, 1),
            "tolerance_m2": round(self.tolerance_m2, 1),
            "overlaps": [
                {"parts": [shared.one, shared.other], "area_m2": round(shared.area_m2, 1)}
                for shared in self.overlaps
            ],
            "left_m2": round(self.left_m2, 1),
            "left_at": self.left_at,
            "added_m2": round(self.added_m2, 1),
            "added_at": self.added_at,
        }


class Unbalanced(Invalid):
    """Parts that are not the whole; the figures are members for programs."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(
            " ".join(unbalanced(ledger)),
            hint="Draw the parts so that they share their borders; redraw gives up or takes in ground on purpose.",
            where="/parts",
        )
        self.ledger = ledger

    def members(self) -> dict[str, Any]:
        """The figures."""
        return {"ground": self.ledger.as_members()}


def unbalanced(ledger: Ledger) -> list[str]:
    """What does not add up, each as a sentence with its figure."""
    told = [
        f"'{shared.one}' and '{shared.other}' both cover {shared.area_m2:,.1f} m²."
        for shared in ledger.overlaps
    ]
    if ledger.has_left:
        told.append(f"{ledger.left_m2:,.1f} m² lie in no part{placed(ledger.left_at)}.")
    if ledger.has_added:
        told.append(f"{ledger.added_m2:,.1f} m² lie outside the whole{placed(ledger.added_at)}.")
    if not told or not ledger.balances:
        told.append(
            f"The parts cover {ledger.parts_m2:,.1f} m², the whole {ledger.whole_m2:,.1f} m²;"
            f" {ledger.tolerance_m2:,.1f} m² are tolerated."
        )
    return told


def placed(place: tuple[float, float] | None) -> str:
    """Where something lies, in words."""
    return "" if place is None else f", around {place[0]:.0f}, {place[1]:.0f} (EPSG:3006)"


def compare(wholes: Sequence[Outline], parts: Sequence[Outline]) -> Ledger:
    """The parts compared with the wholes."""
    ground = shapely.union_all([one.geometry for one in wholes])
    covered = shapely.union_all([one.geometry for one in parts])
    whole_m2 = float(sum(one.area_m2 for one in wholes))
    tolerance = max(SMALLEST_TOLERANCE_M2, TOLERANCE_SHARE * whole_m2)
    left, added = shapely.difference(ground, covered), shapely.difference(covered, ground)
    rows = np.array([one.geometry for one in wholes], dtype=object)
    columns = np.array([one.geometry for one in parts], dtype=object)
    shares: NDArray[np.float64] = shapely.area(shapely.intersection(rows[:, None], columns[None, :]))
    smaller = np.minimum.outer(shapely.area(rows), shapely.area(columns))
    return Ledger(
        whole_m2=whole_m2,
        parts_m2=float(sum(one.area_m2 for one in parts)),
        tolerance_m2=tolerance,
        shares=shares,
        gives=shares > np.minimum(tolerance, smaller / 2),
        overlaps=tuple(overlaps(parts, tolerance)),
        left_m2=float(left.area),
        left_at=middle(left),
        added_m2=float(added.area),
        added_at=middle(added),
    )


def overlaps(parts: Sequence[Outline], tolerance_m2: float) -> list[Shared]:
    """Pairs of parts that share more ground than drawing explains."""
    found = []
    for place, one in enumerate(parts):
        for other in parts[place + 1 :]:
            area_m2 = float(shapely.area(shapely.intersection(one.geometry, other.geometry)))
            if area_m2 > tolerance_m2:
                found.append(Shared(one.name, other.name, area_m2))
    return found


def middle(geometry: shapely.Geometry) -> tuple[float, float] | None:
    """A place inside the largest piece, whole metres; None for nothing."""
    pieces = [piece for piece in shapely.get_parts(geometry) if piece.area > 0]
    if not pieces:
        return None
    point = shapely.point_on_surface(max(pieces, key=lambda piece: float(piece.area)))
    return round(float(point.x)), round(float(point.y))
