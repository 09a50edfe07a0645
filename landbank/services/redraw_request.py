"""What is asked for when plots are split, merged or redrawn, and everything that can be wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

import shapely

from landbank.domain.codes import Availability, LineageReason, Readiness
from landbank.domain.handover import Choices, ChoicesNeeded, Needed, Part
from landbank.domain.lineage import Ledger, Outline, Unbalanced
from landbank.domain.plot_content import Fault, InvalidDocument, Values
from landbank.domain.plot_fields import AXES, PLOT_FIELDS, Field, Kind
from landbank.errors import Conflict, Invalid
from landbank.services.plot_document import StoredPlot
from landbank.services.plot_editing import Editing, PlotStore, check_links_of, check_on
from landbank.services.plot_ground import Ground, GroundReader

MOST_PARTS: Final = 200
NUMBERS: Final = {
    LineageReason.SPLIT: ((1, 1), (2, MOST_PARTS)),
    LineageReason.MERGE: ((2, MOST_PARTS), (1, 1)),
    LineageReason.REDRAW: ((1, MOST_PARTS), (1, MOST_PARTS)),
}
"""How many plots and how many parts each kind takes, least and most."""


class GroundChange(StrEnum):
    """What a redrawing does with ground on purpose."""

    RELEASED = "released"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Seen:
    """A plot that is to be replaced, in the version that was seen."""

    plot_id: int
    row_version: int


@dataclass(frozen=True, slots=True)
class PartIn:
    """A plot that is to take a place. `geometry` is GeoJSON in `crs`; a merge may leave it out, and is the union.

    `values` are single values stated for it, `inherits` the plots it takes over from; None: all it has ground of.
    """

    reference: str
    geometry: Any = None
    crs: Any = None
    values: Values = field(default_factory=dict)
    inherits: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Redrawing:
    """What is asked for. `ground_left` and `ground_added` say that a redrawing gives ground up or takes some in."""

    reason: LineageReason
    plots: tuple[Seen, ...]
    parts: tuple[PartIn, ...]
    choices: Choices = field(default_factory=Choices)
    ground_left: GroundChange | None = None
    ground_added: GroundChange | None = None


def refuse_numbers(asked: Redrawing) -> None:
    """Raise `Invalid` where there are too few or too many plots or parts, or the same twice."""
    plots, parts = NUMBERS[asked.reason]
    refuse_number(asked, "plots", [str(seen.plot_id) for seen in asked.plots], plots)
    refuse_number(asked, "parts", [part.reference for part in asked.parts], parts)


def refuse_number(asked: Redrawing, name: str, told: Sequence[str], wanted: tuple[int, int]) -> None:
    """Raise `Invalid` where a list has too few or too many members, or the same twice."""
    least, most = wanted
    if not least <= len(told) <= most:
        number = f"exactly {least}" if least == most else f"{least} to {most}"
        raise Invalid(f"A {asked.reason} takes {number} {name}, not {len(told)}.", where=f"/{name}")
    if len(set(told)) < len(told):
        raise Invalid(f"The same stands twice in {name}.", where=f"/{name}")


def refuse_strangers(plots: Sequence[StoredPlot]) -> None:
    """Raise where plots lie in different municipalities, or one has no outline to compare with."""
    if len({plot.municipality_code for plot in plots}) > 1:
        raise Conflict("Plots of different municipalities can't become one another.", where="/plots")
    for plot in plots:
        if plot.outline is None:
            raise Conflict(
                f"Plot {plot.id} is known as a point only, so that its ground can't be compared.",
                hint="Give it an outline first.",
                where="/plots",
            )


def checked_values(store: PlotStore, editing: Editing, plot: StoredPlot, place: int, part: PartIn) -> Values:
    """The single values stated for a part."""
    pointer = f"/parts/{place}/values"
    check = check_on(editing.day)
    known = {one.name: one for one in (*PLOT_FIELDS, *AXIS_FIELDS) if one.name != "reference"}
    if not isinstance(part.values, dict):
        raise InvalidDocument([Fault(pointer, "It must be an object.")])
    check.know(part.values, list(known), pointer)
    values = {
        name: check.value(known[name], told, f"{pointer}/{name}")
        for name, told in part.values.items()
        if name in known
    }
    reference = Field("reference", Kind.TEXT, longest=100, is_required=True)
    check.value(reference, part.reference, f"/parts/{place}/reference")
    check_links_of(check, store, plot.municipality_code, values, pointer)
    check.refuse_faults()
    return values


AXIS_FIELDS: Final = (
    Field(AXES[0], Kind.CODE, tuple(map(str, Availability))),
    Field(AXES[1], Kind.DAY),
    Field(AXES[2], Kind.CODE, tuple(map(str, Readiness))),
)
"""Axes in which plots that become one may differ; one of their values is chosen."""


def read_part(
    store: PlotStore, editing: Editing, plots: Sequence[StoredPlot], place: int, part: PartIn
) -> Ground:
    """The ground of a part; without a geometry that of all plots together."""
    reader = GroundReader(editing.extent, store.plot_changes.name_at)
    pointer = f"/parts/{place}/geometry"
    if part.geometry is None:
        if part.crs is not None or len(plots) < 2:
            raise InvalidDocument([Fault(pointer, "Give the part's outline.")])
        return reader.of_outline(shapely.union_all([held_outline(plot) for plot in plots]))
    ground = reader.read(part.geometry, part.crs, pointer=pointer)
    if ground.outline is None:
        raise InvalidDocument([Fault(pointer, "A part has an outline, not only a place.")])
    return ground


def held_outline(plot: StoredPlot) -> shapely.Geometry:
    """A plot's outline as it is stored."""
    return shapely.from_wkb(plot.outline or b"")


def outline_of(plot: StoredPlot) -> Outline:
    """A plot's ground with its area on the ellipsoid."""
    reader = GroundReader((-180, -90, 180, 90), lambda _place: None)
    ground = reader.of_outline(held_outline(plot))
    return as_outline(str(plot.content.values["reference"]), ground)


def as_outline(name: str, ground: Ground) -> Outline:
    """Named ground, to be compared."""
    return Outline(name, ground.outline or shapely.MultiPolygon(), ground.area_m2 or 0.0)


def refuse_unbalanced(asked: Redrawing, ledger: Ledger) -> None:
    """Raise where the ground does not add up; a redrawing may give ground up or take some in, if it says so."""
    is_redraw = asked.reason is LineageReason.REDRAW
    if ledger.overlaps or not ledger.balances or (not is_redraw and (ledger.has_left or ledger.has_added)):
        raise Unbalanced(ledger)
    needed = [
        Needed(f"/{name}", f"{area_m2:,.1f} m² {what}.", (option,))
        for name, is_so, area_m2, stated, option, what in (
            (
                "ground_left", ledger.has_left, ledger.left_m2, asked.ground_left, GroundChange.RELEASED,
                "lie in no part any more",
            ),
            (
                "ground_added", ledger.has_added, ledger.added_m2, asked.ground_added, GroundChange.ADDED,
                "belong to none of the plots yet",
            ),
        )
        if is_so and stated is not option
    ]  # fmt: skip
    if needed:
        raise ChoicesNeeded(needed)


def inherited(place: int, part: PartIn, plots: Sequence[StoredPlot], ledger: Ledger) -> tuple[int, ...]:
    """The plots that a part takes over from."""
    ground = tuple(plots[source].id for source in ledger.sources(place))
    if part.inherits is None:
        if not ground:
            raise Invalid(f"'{part.reference}' has no ground of any of the plots.", where=f"/parts/{place}")
        return ground
    strange = [source for source in part.inherits if source not in ground]
    if strange or not part.inherits:
        raise Invalid(
            f"'{part.reference}' can take over from {', '.join(map(str, ground)) or 'none'} of the plots.",
            where=f"/parts/{place}/inherits",
        )
    return part.inherits


def refuse_heirless(plots: Sequence[StoredPlot], parts: Sequence[Part]) -> None:
    """Raise `Invalid` where nothing takes over from a plot."""
    for plot in plots:
        if not any(plot.id in part.sources for part in parts):
            raise Invalid(
                f"No part takes over from plot {plot.id}.",
                hint="Let a part inherit from it, or end it by itself.",
                where="/parts",
            )


def refuse_taken(store: PlotStore, plots: Sequence[StoredPlot], parts: Sequence[PartIn]) -> None:
    """Raise `Conflict` where a current plot that stays has one of the new references."""
    ending = {plot.id for plot in plots}
    for place, part in enumerate(parts):
        holder = store.plot_changes.holder_of_reference(plots[0].municipality_code, part.reference)
        if holder is not None and holder not in ending:
            raise Conflict(
                f"Plot {holder} of the municipality has the reference '{part.reference}'.",
                hint="References are unique among a municipality's current plots.",
                where=f"/parts/{place}/reference",
            )
