"""Change a plot by hand: add one, replace or patch its document, confirm it unchanged, end it.

The document is services/plot_document.py's. The lifecycle's axes change in services/change_status.py.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from landbank.domain.codes import CommitmentEnd
from landbank.domain.lifecycle import Axis, Lifecycles
from landbank.domain.merge_patch import merge_patch
from landbank.domain.people import Permission, demand
from landbank.domain.plot_content import Changes, Check, Fault, InvalidDocument, Values
from landbank.domain.plot_fields import AXES, Field, Kind
from landbank.errors import Conflict, Invalid
from landbank.services.plot_document import (
    GROUND,
    KEPT_BY_LANDBANK,
    MEMBERS,
    Document,
    StoredPlot,
    plot_document,
)
from landbank.services.plot_editing import (
    Changed,
    Editing,
    PlotStore,
    answer,
    area_values,
    check_links,
    check_on,
    must_write,
    plot_to_change,
    read_ground,
    refuse_taken_reference,
    write_facts,
)
from landbank.services.plot_ground import Ground

OWN_DATASET: Final = "landbank"
"""The dataset of plots that were added by hand."""

AT_CREATION: Final = ("municipality_code", "dataset", "valid_from", "readiness", "availability")
"""What a new plot states once, and what changes otherwise later."""


def create_plot(store: PlotStore, editing: Editing, document: Document, *, lifecycles: Lifecycles) -> Changed:
    """Add a plot. The document states `municipality_code`, `reference` and `geometry` or `location` with `crs`.

    Raises
    ------
    InvalidDocument
        Something in the document can't be.
    NotSignedIn, Forbidden
        The actor may not change plots in that municipality.
    Conflict
        A current plot of the municipality has the reference.
    """
    code = stated_municipality(store, document)
    demand(editing.actor, Permission.CHANGE_PLOT, code)
    check = check_on(editing.day)
    refuse_unknown_members(check, document)
    started = stated_start(check, editing, document, lifecycles, code)
    changes = check.changes({}, document)
    check_links(check, store, code, changes)
    ground = read_ground(check, store, editing, document)
    check.refuse_faults()
    if ground is None:
        raise InvalidDocument([Fault("/geometry", "A plot has an outline, or at least a place.")])
    refuse_taken_reference(store, code, changes.values["reference"])
    values = changes.values | started | {"municipality_code": code} | area_values(ground, changes.values)
    plot_id = store.plot_changes.insert(values, ground.wkb, ground.location)
    write_facts(store, plot_id, changes)
    return answer(store, plot_id, ground=ground)


def replace_plot(
    store: PlotStore, editing: Editing, plot_id: int, row_version: int, document: Document
) -> Changed:
    """Let a plot be what the document says; what it does not say is unknown afterwards.

    Raises
    ------
    PlotMoved
        The plot has another version than `row_version`.
    InvalidDocument
        Something in the document can't be, or is not for this way of changing.
    NotFound, Gone, NotSignedIn, Forbidden, Conflict
        There is no such plot, it has ended, the actor may not, or its new reference is another's.
    """
    plot = plot_to_change(store, editing, plot_id, row_version)
    return apply(store, editing, plot, document)


def patch_plot(store: PlotStore, editing: Editing, plot_id: int, row_version: int, patch: Any) -> Changed:
    """Change what a JSON Merge Patch (RFC 7396) names of a plot's document; raises as `replace_plot` does."""
    plot = plot_to_change(store, editing, plot_id, row_version)
    if not isinstance(patch, dict):
        raise InvalidDocument([Fault("", "A patch of a plot is an object.")])
    is_placed = any(patch.get(name) is not None for name in ("geometry", "location"))
    if is_placed != ("crs" in patch):
        raise InvalidDocument([Fault("/crs", "A geometry comes with the coordinate system that it is in.")])
    return apply(store, editing, plot, merge_patch(plot_document(plot), patch))


def confirm_plot(store: PlotStore, editing: Editing, plot_id: int, row_version: int) -> Changed:
    """Record that everything said of a plot is still true: `confirmed_on` is the day, and there is one event."""
    plot = plot_to_change(store, editing, plot_id, row_version, permission=Permission.CONFIRM)
    if plot.content.values["confirmed_on"] == editing.day:
        must_write(store.plot_changes.touch(plot_id))
    else:
        must_write(store.plot_changes.update(plot_id, {"confirmed_on": editing.day}))
    return answer(store, plot_id)


def end_plot(
    store: PlotStore, editing: Editing, plot_id: int, row_version: int, *, ends_on: date | None = None
) -> Changed:
    """Let a plot end, today or on a later day; its address answers 410 from then on.

    Raises
    ------
    Conflict
        Somebody holds the plot.
    Invalid
        The day lies before today.
    """
    plot_to_change(store, editing, plot_id, row_version)
    day = ends_on or editing.day
    if day < editing.day:
        raise Invalid(
            f"A plot can't end on {day}, which has passed.", hint=f"Today is {editing.day}.", where="/on"
        )
    standing = store.commitments.standing(plot_id)
    if any(one.is_exclusive for one in standing):
        raise Conflict(
            "Somebody holds this plot.", hint="Release it first, by a change of state with its reason."
        )
    store.commitments.end([one.id for one in standing], on=day, why=CommitmentEnd.PLOT_ENDED)
    must_write(store.plot_changes.update(plot_id, {"valid_to": day}))
    return answer(store, plot_id)


def apply(store: PlotStore, editing: Editing, plot: StoredPlot, document: Document) -> Changed:
    """Write what differs between the plot and the document."""
    base = plot_document(plot)
    check = check_on(editing.day)
    refuse_unknown_members(check, document)
    refuse_kept_members(check, base, document)
    changes = check.changes(base, document)
    check_links(check, store, plot.municipality_code, changes)
    ground = None
    if any(document.get(name) != base[name] for name in GROUND):
        ground = read_ground(check, store, editing, document)
    check.refuse_faults()
    if ground is not None and ground.is_same_as(plot.outline, plot.location):
        ground = None
    write(store, plot, changes, ground)
    return answer(store, plot.id, ground=ground, was=plot)


def write(store: PlotStore, plot: StoredPlot, changes: Changes, ground: Ground | None) -> None:
    """Write changes of a standing plot, ground and single values before facts."""
    values = dict(changes.values)
    if "reference" in values:
        refuse_taken_reference(store, plot.municipality_code, values["reference"], besides=plot.id)
    if ground is not None:
        values |= area_values(ground, plot.content.values | values)
    elif plot.outline is None and "area_declared_m2" in values:
        values |= area_values(Ground(None, plot.location, None), values)
    values = {name: value for name, value in values.items() if value != plot.content.values[name]}
    if values:
        must_write(store.plot_changes.update(plot.id, values))
    if ground is not None:
        must_write(store.plot_changes.move(plot.id, ground.wkb, ground.location))
    write_facts(store, plot.id, changes)
    if ground is not None:
        store.plot_changes.measure_again(plot.id)


def refuse_unknown_members(check: Check, document: Any) -> None:
    """Raise for a document that is no object; note members that mean nothing."""
    if not isinstance(document, dict):
        raise InvalidDocument([Fault("", "A plot is an object.")])
    check.know(document, MEMBERS, "")


def refuse_kept_members(check: Check, base: Document, document: Document) -> None:
    """Note members that differ though they are not written this way."""
    for name in KEPT_BY_LANDBANK:
        if name in document and document[name] != base[name] and name != "location":
            way = f"; POST /api/plots/{base['id']}/status changes it" if name in AXES else ""
            check.fault(f"/{name}", f"It is not changed here{way}. Leave it out, or as it is.")


def stated_municipality(store: PlotStore, document: Any) -> str:
    """The municipality of a new plot."""
    code = document.get("municipality_code") if isinstance(document, dict) else None
    if not isinstance(code, str) or not store.plot_changes.has_municipality(code):
        fault = Fault("/municipality_code", "State the code of a municipality that the inventory knows.")
        raise InvalidDocument([fault])
    return code


def stated_start(
    check: Check, editing: Editing, document: Document, lifecycles: Lifecycles, code: str
) -> Values:
    """What a new plot states once: dataset, first day, and where on the lifecycle's axes it begins."""
    lifecycle = lifecycles.of(code)
    values: Values = {}
    for axis in Axis:
        initial = [state for state in lifecycle.track(axis).states if state in lifecycle.track(axis).initial]
        field = Field(axis, Kind.CODE, tuple(map(str, initial)))
        values[axis] = check.value(field, document.get(axis), f"/{axis}")
    values["dataset"] = (
        check.value(Field("dataset", Kind.TEXT, longest=100), document.get("dataset"), "/dataset")
        or OWN_DATASET
    )
    values["valid_from"] = (
        check.value(Field("valid_from", Kind.DAY), document.get("valid_from"), "/valid_from") or editing.day
    )
    for name in KEPT_BY_LANDBANK:
        if name not in (*AT_CREATION, "location") and document.get(name) is not None:
            check.fault(f"/{name}", "landbank keeps it itself; leave it out.")
    return values
