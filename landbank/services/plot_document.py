"""A plot as a document that people change: every single value, every fact with its id, and where values come from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, Protocol

from landbank.domain.plot_content import Content
from landbank.domain.plot_fields import NOUNS, PLOT_FIELDS, READ_ONLY
from landbank.errors import Gone, NotFound, Stale
from landbank.geo.crs import STORAGE
from landbank.services.plot_ground import geometry_document

Document = dict[str, Any]
GREATEST_ID: Final = 2**63 - 1

GROUND: Final = ("crs", "geometry", "location")
MEMBERS: Final = (
    "id", "row_version", "municipality_code", "dataset", *(field.name for field in PLOT_FIELDS), "readiness",
    "availability", "availability_until", "area_m2", "area_method", "is_synthetic", "valid_from", "valid_to", *GROUND,
    *NOUNS, "sources",
)  # fmt: skip
"""The members of a document, in their order."""

KEPT_BY_LANDBANK: Final = (*READ_ONLY, "location")
SILENT: Final = ("row_version",)
"""Members that differ between any two versions and say nothing of the plot."""


class StoredPlot(Protocol):
    """A plot as the store has it; see landbank/store/plot_contents.py."""

    @property
    def id(self) -> int: ...
    @property
    def row_version(self) -> int: ...
    @property
    def outline(self) -> bytes | None: ...
    @property
    def location(self) -> tuple[float, float]: ...
    @property
    def today(self) -> date: ...
    @property
    def content(self) -> Content: ...
    @property
    def municipality_code(self) -> str: ...
    @property
    def is_current(self) -> bool: ...


class Contents(Protocol):
    """Reads of whole plots."""

    def current(self, plot_id: int) -> StoredPlot | None: ...
    def at_version(self, plot_id: int, row_version: int) -> StoredPlot | None: ...


class Fate(Protocol):
    """What became of a plot."""

    @property
    def ended_on(self) -> date | None: ...
    @property
    def successors(self) -> tuple[int, ...]: ...


class Plots(Protocol):
    """Plots as things with a life."""

    def fate(self, plot_id: int) -> Fate | None: ...


class HasPlots(Protocol):
    """A transaction's store, as far as plots are read whole."""

    @property
    def plot_contents(self) -> Contents: ...
    @property
    def plots(self) -> Plots: ...


class PlotMoved(Stale):
    """A change made against an earlier version: what stands now, and what others changed meanwhile.

    `difference` is {field: [as the changer saw it, as it stands]}; None where that version is not known.
    """

    def __init__(
        self, current: StoredPlot, row_version: int, difference: dict[str, list[Any]] | None
    ) -> None:
        fields = f": {', '.join(difference)}" if difference else ""
        super().__init__(
            f"Plot {current.id} has version {current.row_version}; the change was made against version"
            f" {row_version}. Changed meanwhile{fields or ': nothing that the document shows'}.",
            hint="Take `current`, make the change in it, and send it with its ETag.",
            where="If-Match",
        )
        self.current = current
        self.difference = difference


def plot_document(plot: StoredPlot, *, crs: int = STORAGE) -> Document:
    """The document of a plot, with coordinates x, y in `crs`; days are texts as 2027-06-30."""
    content = plot.content
    told = {
        "id": plot.id,
        "row_version": plot.row_version,
        **content.values,
        **geometry_document(plot.outline, plot.location, crs),
        **{noun: [plain(fact) for fact in facts] for noun, facts in content.facts.items()},
        "sources": {field: plain(source) for field, source in sorted(content.sources.items())},
    }
    return {name: as_json_value(told[name]) for name in MEMBERS}


def plain(values: Mapping[str, Any]) -> Document:
    """Values as JSON has them."""
    return {name: as_json_value(value) for name, value in values.items()}


def as_json_value(value: Any) -> Any:
    """One value as JSON has it."""
    return value.isoformat() if isinstance(value, date) else value


def day_text(day: date | None) -> str | None:
    """A day as 2027-06-30, or None."""
    return None if day is None else day.isoformat()


def find_plot(store: HasPlots, plot_id: int) -> StoredPlot:
    """The plot, if it is current.

    Raises
    ------
    NotFound
        There never was one with this id.
    Gone
        It has ended; the hint names the plots in its place.
    """
    found = store.plot_contents.current(plot_id) if 0 < plot_id <= GREATEST_ID else None
    if found is None:
        raise NotFound(f"There is no plot {plot_id}.", where=str(plot_id))
    if not found.is_current:
        fate = store.plots.fate(plot_id)
        successors = ", ".join(map(str, fate.successors)) if fate else ""
        raise Gone(
            f"Plot {plot_id} ended on {found.content.values['valid_to']}.",
            hint=f"In its place: {successors}." if successors else None,
            where=str(plot_id),
        )
    return found


def expect_version(store: HasPlots, plot: StoredPlot, row_version: int) -> None:
    """Raise `PlotMoved` where the plot has another version than the one a change was made against."""
    if plot.row_version == row_version:
        return
    base = store.plot_contents.at_version(plot.id, row_version)
    difference = None if base is None else differences(plot_document(base), plot_document(plot))
    raise PlotMoved(plot, row_version, difference)


def differences(base: Document, theirs: Document) -> dict[str, list[Any]]:
    """Field by field what differs between two documents: {field: [base, theirs]}."""
    return {
        name: [base[name], theirs[name]]
        for name in MEMBERS
        if name not in SILENT and base[name] != theirs[name]
    }
