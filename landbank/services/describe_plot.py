"""Describe one plot: all that is recorded of it, or what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from landbank.errors import NotFound

Row = dict[str, Any]
GREATEST_ID = 2**63 - 1


class PlotReader(Protocol):
    """What the description needs of the store."""

    def plot(self, plot_id: int) -> Row | None:
        """A current plot's facts on one row."""

    def ended(self, plot_id: int) -> Row | None:
        """A plot that is not current any more."""

    def facts(self, kind: str, plot_id: int) -> list[Row]:
        """The current many-valued facts of a kind."""


@dataclass(frozen=True, slots=True)
class PlotDescription:
    """A current plot. `plot` is its row of `plot_facts`; the others are rows in the order they are shown.

    `sources` says by field where a single value comes from when that differs from the plot's own source.
    """

    plot: Row
    uses: tuple[Row, ...]
    restrictions: tuple[Row, ...]
    utilities: tuple[Row, ...]
    accesses: tuple[Row, ...]
    prices: tuple[Row, ...]
    sources: dict[str, Row]
    predecessors: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class EndedPlot:
    """A plot that is not current any more, and the plots that replaced it."""

    plot: Row
    successors: tuple[Row, ...]

    @property
    def moved_to(self) -> int | None:
        """Id of the one plot that took its place; None when none or several did."""
        return self.successors[0]["plot_id"] if len(self.successors) == 1 else None


def describe_plot(reader: PlotReader, plot_id: int) -> PlotDescription | EndedPlot:
    """The plot as it stands, or its end.

    Raises
    ------
    NotFound
        There never was such a plot.
    """
    if not 0 < plot_id <= GREATEST_ID:
        raise NotFound(f"There is no plot {plot_id}.", where="plot_id")
    plot = reader.plot(plot_id)
    if plot is None:
        return describe_end(reader, plot_id)
    return PlotDescription(
        plot=plot,
        uses=tuple(reader.facts("uses", plot_id)),
        restrictions=tuple(reader.facts("restrictions", plot_id)),
        utilities=tuple(reader.facts("utilities", plot_id)),
        accesses=tuple(reader.facts("accesses", plot_id)),
        prices=tuple(reader.facts("prices", plot_id)),
        sources={row["field"]: row for row in reader.facts("sources", plot_id)},
        predecessors=tuple(reader.facts("predecessors", plot_id)),
    )


def describe_end(reader: PlotReader, plot_id: int) -> EndedPlot:
    """What became of a plot that is not current.

    Raises
    ------
    NotFound
        There never was such a plot.
    """
    ended = reader.ended(plot_id)
    if ended is None:
        raise NotFound(f"There is no plot {plot_id}.", where="plot_id")
    return EndedPlot(ended, tuple(reader.facts("successors", plot_id)))
