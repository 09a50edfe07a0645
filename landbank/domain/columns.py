"""The inventory as columns: one numpy array per fact, over all plots in the order of their ids.

What is unknown is said so in each type: NaN, NaT, -1 for a code, 0 for a three-valued claim, a flag for a set.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from landbank.domain.build_right import MEANINGS, degree_meaning, floor_area_bounds
from landbank.domain.codes import (
    Availability,
    EnvironmentClass,
    FloodClass,
    GroundKind,
    OwnerKind,
    PlanningState,
    PriceBasis,
    Readiness,
    Tenure,
)
from landbank.domain.place import Points
from landbank.domain.power import PowerSteps

Floats: TypeAlias = NDArray[np.float64]
Days: TypeAlias = NDArray[np.datetime64]
Masks: TypeAlias = NDArray[np.uint64]

AMOUNTS = (
    "area_m2",
    "net_area_m2",
    "price_sek_per_m2",
    "price_max_sek_per_m2",
    "motorway_m",
    "rail_m",
    "port_m",
    "airport_m",
    "dwelling_distance_m",
    "height_max_m",
    "largest_part_m2",
    "lease_sek_per_m2_year",
    "motorway_min",
    "rail_min",
    "port_min",
    "airport_min",
    "slope_percent",
    "easting_m",
    "northing_m",
)
"""Plain numbers. Prices and rents are per m² of plot, heights above ground; others are left unknown.

The plot's place is in metres of EPSG:3006.
"""

DATES = ("ready_on", "available_on", "availability_until", "confirmed_on")
CLAIMS = (
    "has_water", "has_sewer", "has_district_heating", "has_fibre", "has_gas", "has_district_cooling", "has_hydrogen",
    "has_rail_siding",
)  # fmt: skip
CODE_LISTS: dict[str, tuple[str, ...]] = {
    "planning_state": tuple(PlanningState),
    "readiness": tuple(Readiness),
    "availability": tuple(Availability),
    "owner_kind": tuple(OwnerKind),
    "price_basis": tuple(PriceBasis),
    "environment_class": tuple(EnvironmentClass),
    "ground_kind": tuple(GroundKind),
    "flood_class": tuple(FloodClass),
}
TENURES: tuple[str, ...] = tuple(Tenure)
OTHER_USE_BIT = 63


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """All current plots at one revision on one day; arrays are read-only and ordered by `plot_id`."""

    revision: int
    day: date
    plot_id: NDArray[np.int64]
    municipality: NDArray[np.int16]
    planning_state: NDArray[np.int8]
    readiness: NDArray[np.int8]
    availability: NDArray[np.int8]
    owner_kind: NDArray[np.int8]
    price_basis: NDArray[np.int8]
    environment_class: NDArray[np.int8]
    ground_kind: NDArray[np.int8]
    flood_class: NDArray[np.int8]
    ready_on: Days
    available_on: Days
    availability_until: Days
    confirmed_on: Days
    is_blocked: NDArray[np.bool_]
    use: Masks
    excluded_use: Masks
    use_known: NDArray[np.bool_]
    tenure: Masks
    tenure_known: NDArray[np.bool_]
    area_m2: Floats
    net_area_m2: Floats
    price_sek_per_m2: Floats
    price_max_sek_per_m2: Floats
    motorway_m: Floats
    rail_m: Floats
    port_m: Floats
    airport_m: Floats
    dwelling_distance_m: Floats
    height_max_m: Floats
    largest_part_m2: Floats
    lease_sek_per_m2_year: Floats
    motorway_min: Floats
    rail_min: Floats
    port_min: Floats
    airport_min: Floats
    slope_percent: Floats
    easting_m: Floats
    northing_m: Floats
    floor_area_low_m2: Floats
    floor_area_high_m2: Floats
    has_water: NDArray[np.int8]
    has_sewer: NDArray[np.int8]
    has_district_heating: NDArray[np.int8]
    has_fibre: NDArray[np.int8]
    has_gas: NDArray[np.int8]
    has_district_cooling: NDArray[np.int8]
    has_hydrogen: NDArray[np.int8]
    has_rail_siding: NDArray[np.int8]
    power: PowerSteps = field(repr=False)
    points: Points = field(default_factory=dict, repr=False)
    """The infrastructure's points by name, at the same revision."""

    def __post_init__(self) -> None:
        """Hold every array to the length and order of the plot ids, and lock it against writing."""
        if not np.all(self.plot_id[1:] > self.plot_id[:-1]):
            raise ValueError("plot ids must ascend, each once")
        for name in PER_PLOT:
            array = getattr(self, name)
            if array.shape != self.plot_id.shape:
                raise ValueError(f"column {name} has {array.shape} for {self.plot_id.shape} plots")
            array.flags.writeable = False

    def __len__(self) -> int:
        return len(self.plot_id)

    def take(self, places: NDArray[np.int64]) -> Columns:
        """Some of the plots; `places` must ascend."""
        arrays = {name: getattr(self, name)[places] for name in PER_PLOT}
        power = self.power.of(places, len(self))
        return Columns(revision=self.revision, day=self.day, power=power, points=self.points, **arrays)

    def place_of(self, plot_id: int) -> int | None:
        """Where a plot stands in the columns, or None."""
        place = int(np.searchsorted(self.plot_id, plot_id))
        return place if place < len(self) and self.plot_id[place] == plot_id else None


PER_PLOT = tuple(
    part.name for part in fields(Columns) if part.name not in {"revision", "day", "power", "points"}
)


def use_bit(code: str) -> int:
    """The bit of a use code: A to Z by its letter (`J1` counts as J), 63 for anything else."""
    letter, rest = code[:1], code[1:]
    return ord(letter) - ord("A") if "A" <= letter <= "Z" and rest.isdigit() | (rest == "") else OTHER_USE_BIT


def use_mask(codes: Iterable[str]) -> int:
    """The bits of several use codes together."""
    return sum(1 << bit for bit in {use_bit(code) for code in codes})


def tenure_mask(codes: Iterable[str]) -> int:
    """The bits of several forms of tenure together."""
    return sum(1 << place for place, tenure in enumerate(TENURES) if tenure in set(codes))


def columns_of(
    plots: Sequence[Mapping[str, Any]], *, revision: int = 0, day: date, points: Points | None = None
) -> Columns:
    """Columns made from plain rows, for what-ifs and small inventories; a key that is missing is unknown.

    A row's keys are the columns' names, `plot_id` (required), codes as text, `use`, `excluded_use` and `tenures`
    as lists, `degree` with `degree_code`, and `power` as a list of (from date or None, MW or None, firm or None).
    """
    rows = sorted(plots, key=lambda row: int(row["plot_id"]))
    area = amounts(rows, "area_m2")
    named: dict[str, Any] = {
        **{name: codes(rows, name) for name in CODE_LISTS},
        **{name: days(rows, name) for name in DATES},
        **{name: claims(rows, name) for name in CLAIMS},
        **{name: amounts(rows, name) for name in AMOUNTS},
    }
    low, high = floor_area_bounds(amounts(rows, "degree"), degree_meanings(rows), area)
    return Columns(
        revision=revision,
        day=day,
        plot_id=np.array([row["plot_id"] for row in rows], dtype=np.int64),
        municipality=np.array([int(row.get("municipality", "1480")) for row in rows], dtype=np.int16),
        is_blocked=np.array([bool(row.get("is_blocked", False)) for row in rows], dtype=np.bool_),
        use=masks([use_mask(row.get("use") or ()) for row in rows]),
        excluded_use=masks([use_mask(row.get("excluded_use") or ()) for row in rows]),
        use_known=np.array([row.get("use") is not None for row in rows], dtype=np.bool_),
        tenure=masks([tenure_mask(row.get("tenures") or ()) for row in rows]),
        tenure_known=np.array([row.get("tenures") is not None for row in rows], dtype=np.bool_),
        floor_area_low_m2=low,
        floor_area_high_m2=high,
        power=power_of(rows),
        points=points or {},
        **named,
    )


def amounts(rows: Sequence[Mapping[str, Any]], name: str) -> Floats:
    """A number of each row, NaN where it is missing."""
    return np.array([np.nan if row.get(name) is None else row[name] for row in rows], dtype=np.float64)


def codes(rows: Sequence[Mapping[str, Any]], name: str) -> NDArray[np.int8]:
    """A code of each row as its place in the list, -1 where it is missing."""
    listed = CODE_LISTS[name]
    return np.array([-1 if row.get(name) is None else listed.index(row[name]) for row in rows], dtype=np.int8)


def days(rows: Sequence[Mapping[str, Any]], name: str) -> Days:
    """A date of each row, NaT where it is missing."""
    return np.array([row.get(name) for row in rows], dtype="datetime64[D]")


def claims(rows: Sequence[Mapping[str, Any]], name: str) -> NDArray[np.int8]:
    """A yes or no of each row, 0 where it is missing."""
    return np.array([claim(row.get(name)) for row in rows], dtype=np.int8)


def claim(value: bool | None) -> int:
    """A yes or no in three-valued form."""
    return 0 if value is None else (1 if value else -1)


def masks(values: Sequence[int]) -> Masks:
    """Bit masks as an array."""
    return np.array(values, dtype=np.uint64)


def degree_meanings(rows: Sequence[Mapping[str, Any]]) -> NDArray[np.int8]:
    """What each row's degree counts, as a place in `MEANINGS`, -1 for none."""
    found = [degree_meaning(row.get("degree_code")) for row in rows]
    return np.array([-1 if one is None else MEANINGS.index(one) for one in found], dtype=np.int8)


def power_of(rows: Sequence[Mapping[str, Any]]) -> PowerSteps:
    """The power steps of all rows."""
    steps = [(place, *step) for place, row in enumerate(rows) for step in row.get("power") or ()]
    return PowerSteps.ordered(
        np.array([step[0] for step in steps], dtype=np.int32),
        np.array([step[1] for step in steps], dtype="datetime64[D]"),
        np.array([np.nan if step[2] is None else step[2] for step in steps], dtype=np.float64),
        np.array([claim(step[3]) for step in steps], dtype=np.int8),
    )
