"""Find assemblies of neighbouring plots for a need, with their ground, their facts and their rows for the match."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np
from shapely.geometry.base import BaseGeometry

from landbank.domain.assembly.adjacency import LEAST_BORDER_M, Adjacency, adjacency
from landbank.domain.assembly.facts import AssemblyFacts, Holding, facts_of
from landbank.domain.assembly.for_need import assemblies_for
from landbank.domain.assembly.joined import joined_columns
from landbank.domain.assembly.outline import Outline, outline_of
from landbank.domain.assembly.sets import MOST_FOUND, MOST_PLOTS, Assemblies, Assembly
from landbank.domain.columns import Columns
from landbank.domain.need import Need


class OutlineReader(Protocol):
    """What assemblies need of the store."""

    def outlines(self, plot_ids: Iterable[int]) -> Mapping[int, BaseGeometry]:
        """Outlines by plot id, EPSG:3006; a plot without one is left out."""

    def holdings(self, plot_ids: Iterable[int]) -> Mapping[int, Holding]:
        """Kind of owner and plan by plot id."""


@dataclass(frozen=True, slots=True, eq=False)
class Neighbourhood:
    """The plots of some columns with their outlines (None where unknown) and who adjoins whom; made once a revision.

    Places are those of the columns. `barriers` are roads, rivers and the like in EPSG:3006.
    """

    columns: Columns
    outlines: tuple[BaseGeometry | None, ...]
    adjacency: Adjacency
    most_gap_m: float
    least_border_m: float
    barriers: tuple[BaseGeometry, ...]


@dataclass(frozen=True, slots=True, eq=False)
class FoundAssemblies:
    """Assemblies for a need. `rows` are their columns, numbered from 1 in the order of `found.sets`, for the match."""

    found: Assemblies
    rows: Columns


def read_neighbourhood(
    reader: OutlineReader,
    columns: Columns,
    *,
    most_gap_m: float = 0.0,
    least_border_m: float = LEAST_BORDER_M,
    barriers: Sequence[BaseGeometry] = (),
) -> Neighbourhood:
    """Who adjoins whom among the plots of the columns, from the outlines stored."""
    known = reader.outlines(columns.plot_id.tolist())
    outlines = tuple(known.get(plot_id) for plot_id in columns.plot_id.tolist())
    pairs = adjacency(outlines, least_border_m=least_border_m, most_gap_m=most_gap_m, barriers=barriers)
    return Neighbourhood(columns, outlines, pairs, most_gap_m, least_border_m, tuple(barriers))


def find_assemblies_for(
    need: Need,
    neighbourhood: Neighbourhood,
    *,
    on: date,
    most_plots: int = MOST_PLOTS,
    most_found: int = MOST_FOUND,
    across_barriers: bool = False,
) -> FoundAssemblies:
    """The minimal sets of neighbouring available plots that reach the need's areas together, with their rows."""
    pairs = neighbourhood.adjacency
    found = assemblies_for(
        need,
        neighbourhood.columns,
        pairs if across_barriers else pairs.without_barriers(),
        on=on,
        most_plots=most_plots,
        most_found=most_found,
    )
    return FoundAssemblies(found, joined_columns(neighbourhood.columns, found.sets))


def describe_assembly(
    reader: OutlineReader,
    neighbourhood: Neighbourhood,
    assembly: Assembly,
    *,
    on: date,
    across_barriers: bool = False,
) -> tuple[AssemblyFacts, Outline]:
    """One assembly's facts, and its ground as one shape for fitting and drawing (EPSG:3006)."""
    ids = neighbourhood.columns.plot_id[np.array(assembly)].tolist()
    shapes = [shape for place in assembly if (shape := neighbourhood.outlines[place]) is not None]
    ground = outline_of(
        shapes,
        most_gap_m=neighbourhood.most_gap_m,
        least_border_m=neighbourhood.least_border_m,
        barriers=neighbourhood.barriers,
        across_barriers=across_barriers,
    )
    return facts_of(neighbourhood.columns, assembly, reader.holdings(ids), on=on), ground
