"""A building or yard that a company wants to place on the plot: W x D metres, its set-back, and how many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from landbank.domain.fit.buildable import check_set_back
from landbank.domain.fit.footprint import Footprint
from landbank.domain.fit.several import MOST_FOOTPRINTS
from landbank.errors import Invalid


@dataclass(frozen=True, slots=True)
class Building:
    """A footprint that may be turned to any angle, at least `set_back_m` from the plot's border, `count` times."""

    width_m: float
    depth_m: float
    set_back_m: float = 0.0
    count: int = 1

    def __post_init__(self) -> None:
        try:
            footprint = Footprint(float(self.width_m), float(self.depth_m))
            check_set_back(self.set_back_m)
        except Invalid as error:
            raise Invalid(error.message, hint=error.hint, where=f"/{error.where}") from error
        if isinstance(self.count, bool) or not 1 <= self.count <= MOST_FOOTPRINTS:
            raise Invalid(
                f"A footprint can't be placed {self.count} times.",
                hint=f"Give from 1 to {MOST_FOOTPRINTS}.",
                where="/count",
            )
        object.__setattr__(self, "width_m", footprint.width_m)
        object.__setattr__(self, "depth_m", footprint.depth_m)

    @property
    def footprints(self) -> tuple[Footprint, ...]:
        """One footprint each time."""
        return (Footprint(self.width_m, self.depth_m),) * self.count


def check_buildings(buildings: Sequence[Building]) -> None:
    """Refuse more footprints than are placed together."""
    number = sum(one.count for one in buildings)
    if number > MOST_FOOTPRINTS:
        raise Invalid(
            f"The need has {number} footprints.",
            hint=f"At most {MOST_FOOTPRINTS} are placed together.",
            where="/footprints",
        )
