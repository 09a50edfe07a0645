"""From all land in the inventory down to what can be built on now: an account where every square metre has its place.

Definitions. Gross: the computed area of all current plots. Net: gross without what can't be sold (streets, slopes,
public space), as far as the saleable part is stated. Usable: net without what is sold, under contract, reserved,
allotted, not for sale or blocked by a restriction, and without plots of which nobody knows whether they can be had.
Ready now: usable land whose public label is "ledig_nu". Where the saleable part of a plot is not stated its whole area
goes on, but apart: such square metres are an upper bound. Plots without a known area are counted, not measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from landbank.domain.codes import Availability, PublicLabel
from landbank.domain.columns import Columns
from landbank.domain.label import LABELS, place, public_labels

Bools: TypeAlias = NDArray[np.bool_]


class Part(StrEnum):
    """Where a plot's saleable land stands in the account; UNSALEABLE is the rest of the plot."""

    UNSALEABLE = "unsaleable"
    SOLD = "sold"
    RESERVED = "reserved"
    NOT_FOR_SALE = "not_for_sale"
    BLOCKED = "blocked"
    UNKNOWN_SALE = "unknown_sale"
    COMING = "coming"
    UNKNOWN_GROUND = "unknown_ground"
    LATER = "later"
    READY_NOW = "ready_now"


class Step(StrEnum):
    """A level of the waterfall."""

    GROSS = "gross"
    NET = "net"
    USABLE = "usable"
    READY_NOW = "ready_now"


USABLE_PARTS: Final = (Part.COMING, Part.UNKNOWN_GROUND, Part.LATER, Part.READY_NOW)
STEP_PARTS: Final[Mapping[Step, tuple[Part, ...]]] = MappingProxyType(
    {
        Step.GROSS: tuple(Part),
        Step.NET: tuple(part for part in Part if part is not Part.UNSALEABLE),
        Step.USABLE: USABLE_PARTS,
        Step.READY_NOW: (Part.READY_NOW,),
    }
)
"""The parts that each step still holds; each step keeps some of the parts of the step before."""


@dataclass(frozen=True, slots=True)
class Amount:
    """Land of one part: of plots whose saleable part is stated, of plots where it isn't, and how many plots.

    Areas have one decimal. `plots` of UNSALEABLE are those that have such land; each plot is counted once among the
    other parts. `unmeasured` are the plots without a known area.
    """

    stated_m2: float = 0.0
    unstated_m2: float = 0.0
    plots: int = 0
    unmeasured: int = 0

    @property
    def area_m2(self) -> float:
        """Both together."""
        return round(self.stated_m2 + self.unstated_m2, 1)

    def __add__(self, other: Amount) -> Amount:
        return Amount(
            round(self.stated_m2 + other.stated_m2, 1),
            round(self.unstated_m2 + other.unstated_m2, 1),
            self.plots + other.plots,
            self.unmeasured + other.unmeasured,
        )


@dataclass(frozen=True, slots=True)
class Waterfall:
    """The account of some plots: an amount a part, which together are the gross area."""

    parts: Mapping[Part, Amount]

    def step(self, step: Step) -> Amount:
        """What a step holds; unsaleable land adds no plots, since its plots stand in another part."""
        total = Amount()
        for part in STEP_PARTS[step]:
            amount = self.parts[part]
            total += amount if part is not Part.UNSALEABLE else Amount(amount.stated_m2)
        return total


def waterfall(columns: Columns, chosen: Bools | None = None) -> Waterfall:
    """The account of the chosen plots (a mask over the columns), or of all."""
    everything = np.zeros(len(columns), dtype=np.int64)
    return waterfalls(columns, everything, chosen).get(0, NOTHING)


def waterfalls(
    columns: Columns, group: NDArray[np.integer], chosen: Bools | None = None
) -> dict[int, Waterfall]:
    """The accounts of the chosen plots, or of all, by the group that each plot belongs to; groups without are left out.

    Each plot counts to a tenth of a square metre, so that the parts are the whole to the last digit. A saleable part
    that is stated larger than its plot counts as the whole plot; the checks find it.
    """
    taken = np.ones(len(columns), dtype=np.bool_) if chosen is None else chosen
    area_m2, net_m2 = columns.area_m2[taken], columns.net_area_m2[taken]
    area = np.rint(np.nan_to_num(area_m2, nan=0.0) * 10)
    is_stated = ~np.isnan(net_m2)
    saleable = np.where(is_stated, np.minimum(np.rint(net_m2 * 10), area), area)
    names, row = np.unique(group[taken], return_inverse=True)
    cell = row * len(Part) + parts_of(columns)[taken]

    def summed(
        weights: NDArray[np.float64] | Bools, place: NDArray[np.int64], width: int
    ) -> NDArray[np.float64]:
        counted = np.bincount(place, weights=weights, minlength=len(names) * width)
        return np.asarray(counted, dtype=np.float64).reshape(len(names), width)

    stated, unstated = (summed(saleable * which, cell, len(Part)) for which in (is_stated, ~is_stated))
    plots, unmeasured = (summed(which, cell, len(Part)) for which in (np.ones(len(cell)), np.isnan(area_m2)))
    rest = summed(area - saleable, row, 1)
    with_rest = summed(area > saleable, row, 1)
    return {
        int(name): _account(
            (stated[at], unstated[at], plots[at], unmeasured[at]), rest[at, 0], with_rest[at, 0]
        )
        for at, name in enumerate(names)
    }


def _account(sums: tuple[NDArray[np.float64], ...], rest: float, with_rest: float) -> Waterfall:
    """One account from its sums by part: tenths of square metres stated and unstated, plots, plots without area."""
    parts = {
        part: Amount(int(stated) / 10, int(unstated) / 10, int(plots), int(unmeasured))
        for part, stated, unstated, plots, unmeasured in zip(Part, *sums, strict=True)
    }
    parts[Part.UNSALEABLE] = Amount(int(rest) / 10, 0.0, int(with_rest))
    return Waterfall(MappingProxyType(parts))


NOTHING: Final = Waterfall(MappingProxyType({part: Amount() for part in Part}))
"""The account of no plots."""


def parts_of(columns: Columns) -> NDArray[np.int8]:
    """Where the saleable land of each plot stands, as a place in `Part`: by its public label, the unknown apart.

    Apart stand plots that would be usable but for an axis that nobody knows: whether they can be had, or the plan or
    the ground, unless something else already says that they come later.
    """
    label, today = labels_of(columns), np.datetime64(columns.day, "D")
    coming = label == LABELS.index(PublicLabel.KOMMANDE)
    later = label == LABELS.index(PublicLabel.LEDIG_SENARE)
    is_dated = (columns.ready_on > today) | (columns.available_on > today)
    is_withheld = columns.availability == place(Availability, Availability.KOMMANDE)
    rules = (
        (Part.SOLD, label == LABELS.index(PublicLabel.SALD)),
        (Part.RESERVED, label == LABELS.index(PublicLabel.RESERVERAD)),
        (Part.NOT_FOR_SALE, label == LABELS.index(PublicLabel.EJ_TILL_SALU)),
        (Part.BLOCKED, label == LABELS.index(PublicLabel.BEGRANSAD)),
        (Part.UNKNOWN_SALE, columns.availability < 0),
        (Part.COMING, coming & (is_withheld | (columns.planning_state >= 0))),
        (Part.UNKNOWN_GROUND, coming | (later & (columns.readiness < 0) & ~is_dated)),
        (Part.LATER, later),
    )
    order = list(Part)
    return np.select(
        [holds for _, holds in rules],
        [np.int8(order.index(part)) for part, _ in rules],
        np.int8(order.index(Part.READY_NOW)),
    ).astype(np.int8)


def labels_of(columns: Columns) -> NDArray[np.int8]:
    """The public labels on the columns' day, as places in `LABELS`."""
    return public_labels(
        availability=columns.availability,
        availability_until=columns.availability_until,
        is_blocked=columns.is_blocked,
        planning_state=columns.planning_state,
        readiness=columns.readiness,
        ready_on=columns.ready_on,
        available_on=columns.available_on,
        day=columns.day,
    )
