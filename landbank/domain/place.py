"""A place that a need can be near: a named point of the infrastructure, or coordinates of one's own."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from landbank.errors import Invalid

Points: TypeAlias = Mapping[str, tuple[float, float]]
"""Named points: x, y in EPSG:3006 metres."""

MOST_NAMED: Final = 40
FARTHEST_M: Final = 1e7


@dataclass(frozen=True, slots=True)
class Place:
    """A name of the infrastructure's, or x and y in EPSG:3006 metres (then the name is the asker's own, or None).

    Raises
    ------
    Invalid
        There is neither a name nor a point, or only half a point.
    """

    name: str | None = None
    easting_m: float | None = None
    northing_m: float | None = None

    def __post_init__(self) -> None:
        point = (self.easting_m, self.northing_m)
        is_point = all(one is not None and math.isfinite(one) and abs(one) <= FARTHEST_M for one in point)
        if not is_point and (point != (None, None) or not self.name):
            raise Invalid(
                "The place has neither a name nor a point.",
                hint='Give {"name": "..."} for a port, terminal, junction or airport that landbank holds, or'
                ' {"longitude": 11.97, "latitude": 57.71}.',
                where="/place",
            )

    def point_among(self, known: Points) -> tuple[float, float]:
        """x and y, EPSG:3006 metres; a name is looked up without regard to capital letters.

        Raises
        ------
        Invalid
            No point has this name.
        """
        if self.easting_m is not None and self.northing_m is not None:
            return self.easting_m, self.northing_m
        wanted = (self.name or "").casefold()
        for name, point in known.items():
            if name.casefold() == wanted:
                return point
        alike = [name for name in known if wanted in name.casefold()] or list(known)
        listed = "; ".join(sorted(alike)[:MOST_NAMED]) or "none"
        raise Invalid(
            f"landbank holds no place called '{self.name}'.",
            hint=f"Places: {listed}; or give longitude and latitude.",
            where="/place",
        )
