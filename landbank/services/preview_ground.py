"""What another outline would make of a plot: areas before and after, and what to look at. Nothing is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import shapely

from landbank.domain.people import Permission, demand
from landbank.exchange.findings import Finding
from landbank.services.plot_document import StoredPlot, expect_version, find_plot
from landbank.services.plot_editing import Editing, PlotStore
from landbank.services.plot_ground import Ground, GroundReader, area_findings


@dataclass(frozen=True, slots=True)
class GroundPreview:
    """A plot with its present ground, and the ground that it would have. Areas are geodesic, m², None for a point."""

    plot: StoredPlot
    was: Ground | None
    ground: Ground
    is_same: bool
    findings: tuple[Finding, ...]


def preview_ground(
    store: PlotStore, editing: Editing, plot_id: int, row_version: int, *, geometry: Any, crs: str
) -> GroundPreview:
    """What the plot's outline would become; `geometry` is GeoJSON in `crs`.

    Raises
    ------
    PlotMoved
        The plot has another version than the one that was seen.
    InvalidDocument
        The geometry can't be an outline.
    NotFound, Gone, NotSignedIn, Forbidden
        There is no such plot, it has ended, or the actor may not change it.
    """
    plot = find_plot(store, plot_id)
    demand(editing.actor, Permission.CHANGE_PLOT, plot.municipality_code)
    expect_version(store, plot, row_version)
    reader = GroundReader(editing.extent, store.plot_changes.name_at)
    ground = reader.read(geometry, crs)
    was = None if plot.outline is None else reader.of_outline(shapely.from_wkb(plot.outline))
    return GroundPreview(
        plot,
        was,
        ground,
        ground.is_same_as(plot.outline, plot.location),
        (*ground.findings, *findings_of(store, plot, ground)),
    )


def findings_of(store: PlotStore, plot: StoredPlot, ground: Ground) -> list[Finding]:
    """Neighbours on the same ground, the municipality's border, and an area that can't be or was declared otherwise."""
    found = []
    if ground.wkb is not None:
        for other in store.plot_changes.neighbours(ground.wkb, (plot.id,)):
            text = f"Shares {other.area_m2:,.1f} m² with the plot '{other.reference}' in {other.municipality_code}."
            found.append(Finding("overlap_with_plot", text, field="geometry", value=str(other.plot_id)))
    name = store.plot_changes.is_outside(plot.municipality_code, ground.location)
    if name is not None:
        found.append(Finding("outside_municipality", f"Its middle lies outside {name}.", field="geometry"))
    return [*found, *area_findings(ground.area_m2, plot.content.values["area_declared_m2"])]
