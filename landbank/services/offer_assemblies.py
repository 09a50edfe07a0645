"""Where single plots are too few or too small: neighbours that are together enough, scored and fitted as one."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from shapely.geometry.base import BaseGeometry

from landbank.domain.assembly.facts import AssemblyFacts
from landbank.domain.assembly.for_need import added_musts
from landbank.domain.columns import Columns
from landbank.domain.criterion import Op
from landbank.domain.explain import Match
from landbank.domain.match import Answer, Assessment, assess, explain_at
from landbank.domain.need import Must, Need
from landbank.services.check_fit import Fitting, FitVerdict, HeldFits, PlotFit, ShapesReader
from landbank.services.find_assemblies import (
    Neighbourhood,
    OutlineReader,
    describe_assembly,
    find_assemblies_for,
    read_neighbourhood,
)

FEW: Final = 3
"""With fewer plots in tiers A and B, assemblies are offered."""

MOST_OFFERED: Final = 5
MOST_TRIED: Final = 20
"""So many assemblies, best scored first, are described and fitted at most."""

MOST_FOUND: Final = 500
GAP_M: Final = 0.0
"""Neighbours share a border: the inventory knows no roads between plots, so none is bridged."""


@dataclass(frozen=True, slots=True, eq=False)
class Offered:
    """One assembly: its facts, its plots' outlines, how the whole answers the need, and whether the buildings fit."""

    facts: AssemblyFacts
    outlines: tuple[BaseGeometry, ...]
    match: Match
    fit: PlotFit | None


@dataclass(frozen=True, slots=True, eq=False)
class Offer:
    """The assemblies for a need, best first.

    `found` counts those that fail no must, `refused` those of the first where the buildings have no place;
    `more_exist` says that not every set was looked at.
    """

    sets: tuple[Offered, ...]
    found: int
    refused: int
    more_exist: bool


@dataclass(slots=True, eq=False)
class HeldNeighbours:
    """Who adjoins whom in the newest inventory, kept in the process and read again when it has changed."""

    _held: Neighbourhood | None = None
    _reading: threading.Lock = field(default_factory=threading.Lock)

    def of(self, reader: OutlineReader, columns: Columns) -> Neighbourhood:
        """The neighbourhood of the columns."""
        with self._reading:
            held = self._held
            if held is None or (held.columns.revision, held.columns.day) != (columns.revision, columns.day):
                held = self._held = read_neighbourhood(reader, columns, most_gap_m=GAP_M)
            return held


@dataclass(frozen=True, slots=True)
class Ground:
    """The ground of an assembly as the fit test takes a plot."""

    outline: BaseGeometry
    plot_id: int = 0
    row_version: int = 0
    reference: str = ""
    name: str | None = None
    is_synthetic: bool = False
    minimum_lot_m2: float | None = None
    is_subdividable: bool | None = None


def offer_assemblies(
    facts: Assessment, answer: Answer, reader: ShapesReader, neighbours: HeldNeighbours
) -> Offer | None:
    """Assemblies for a need that asks for ground and finds too few plots; None where it does not."""
    need = facts.need
    if answer.counts.a + answer.counts.b >= FEW or not (added_musts(need) or need.footprints):
        return None
    hood = neighbours.of(reader, facts.columns)
    found = find_assemblies_for(with_ground(need), hood, on=facts.on, most_found=MOST_FOUND)
    whole = assess(need, found.rows, on=facts.on, priors=facts.priors)
    sets: list[Offered] = []
    refused = 0
    for place in whole.places[:MOST_TRIED].tolist():
        if len(sets) == MOST_OFFERED:
            break
        one = describe(
            found.found.sets[place], explain_at(whole, place), reader, hood, need=need, on=facts.on
        )
        if one.fit is not None and one.fit.verdict is FitVerdict.DOES_NOT_FIT:
            refused += 1
        else:
            sets.append(one)
    return Offer(tuple(sets), len(whole.places), refused, found.found.more_exist)


def with_ground(need: Need) -> Need:
    """The need, with the least area that its buildings take where it asks for no area itself."""
    if added_musts(need):
        return need
    least = sum(size.area_m2 for one in need.footprints for size in one.footprints)
    return replace(need, musts=(*need.musts, Must("area_m2", Op.AT_LEAST, least)))


def describe(
    assembly: Sequence[int],
    match: Match,
    reader: ShapesReader,
    hood: Neighbourhood,
    *,
    need: Need,
    on: date,
) -> Offered:
    """One assembly with its facts, its ground and the fit on it."""
    told, ground = describe_assembly(reader, hood, tuple(assembly), on=on)
    fit = None
    if need.footprints:
        fit = Fitting(None, HeldFits()).plot(Ground(ground.shape), need.footprints)
    outlines = tuple(shape for place in assembly if (shape := hood.outlines[place]) is not None)
    return Offered(told, outlines, match, fit)
