"""What is to be placed, what is drawn when it fits, and the forms that an answer has."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray

from landbank.errors import Invalid

Floats: TypeAlias = NDArray[np.float64]

SMALLEST_SIDE_M: Final = 1.0
LARGEST_SIDE_M: Final = 5_000.0
TOLERANCE_M: Final = 0.05
"""Outlines are no truer than this: sizes that differ by less are told as borderline."""


class FitAnswer(StrEnum):
    """Whether a footprint fits. Borderline: one at most the tolerance smaller does, and it itself was not placed."""

    FITS = "fits"
    BORDERLINE = "borderline"
    DOES_NOT_FIT = "does_not_fit"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Footprint:
    """A building or yard, W x D metres, that may be turned to any angle."""

    width_m: float
    depth_m: float

    def __post_init__(self) -> None:
        for name, side in (("width_m", self.width_m), ("depth_m", self.depth_m)):
            if not SMALLEST_SIDE_M <= side <= LARGEST_SIDE_M:
                raise Invalid(
                    f"A footprint can't have the side {side} m.",
                    hint=f"Give sides from {SMALLEST_SIDE_M:g} to {LARGEST_SIDE_M:g} m.",
                    where=name,
                )

    @property
    def long_m(self) -> float:
        """The longer side."""
        return max(self.width_m, self.depth_m)

    @property
    def short_m(self) -> float:
        """The shorter side."""
        return min(self.width_m, self.depth_m)

    @property
    def area_m2(self) -> float:
        """Its area."""
        return self.width_m * self.depth_m


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A rectangle in its place: centre, sides, and the angle in radians from the x axis to its long side."""

    x: float
    y: float
    long_m: float
    short_m: float
    angle: float

    def corners(self) -> Floats:
        """The four corners, counter-clockwise."""
        along = np.array([math.cos(self.angle), math.sin(self.angle)]) * self.long_m / 2
        across = np.array([-math.sin(self.angle), math.cos(self.angle)]) * self.short_m / 2
        signs = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])
        corners: Floats = np.array([self.x, self.y]) + signs @ np.array([along, across])
        return corners

    def outline(self) -> shapely.Polygon:
        """The rectangle as a polygon."""
        return shapely.Polygon(self.corners())

    def moved(self, dx: float, dy: float) -> Rectangle:
        """The same rectangle elsewhere."""
        return Rectangle(self.x + dx, self.y + dy, self.long_m, self.short_m, self.angle)

    @property
    def area_m2(self) -> float:
        """Its area."""
        return self.long_m * self.short_m

    @property
    def degrees(self) -> float:
        """The angle in degrees, from 0 to 180."""
        return math.degrees(self.angle) % 180


class Reason(StrEnum):
    """Why no place exists: what the proof rests on."""

    NO_GROUND = "no_ground"
    AREA = "area"
    DIAGONAL = "diagonal"
    CIRCLE = "circle"
    EVERY_ANGLE = "every_angle"


@dataclass(frozen=True, slots=True)
class Interval:
    """The angles from `middle - half` to `middle + half`, radians."""

    middle: float
    half: float


@dataclass(frozen=True, slots=True)
class Proof:
    """That a footprint has no place. `verify.is_proved` checks it without the search that found it.

    `found` and `needed` are areas in m² (area), lengths in m (diagonal, circle) or None; `intervals` are angles
    that together make the half turn, in each of which no place exists (every_angle).
    """

    reason: Reason
    needed: float | None = None
    found: float | None = None
    intervals: tuple[Interval, ...] = ()


@dataclass(frozen=True, slots=True)
class Fit:
    """The answer for one footprint.

    `rectangle` is the place of a footprint that fits, and for a borderline one that of the footprint smaller by
    the tolerance; `proof` is there when it does not fit. `tried` counts the angles and ranges of angles tried.
    """

    answer: FitAnswer
    footprint: Footprint
    rectangle: Rectangle | None = None
    proof: Proof | None = None
    tried: int = 0
