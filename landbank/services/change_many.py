"""Change many plots of a municipality in one way: what would become of each, or why not; then all that can, or none.

The preview decides by the same rules as the change of a single plot and writes nothing. It carries a digest over the
plots' versions and what would become of them; the change is made only while that still holds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from landbank.codelists.fields import FieldCatalogue
from landbank.domain.codes import Availability, CommitmentKind
from landbank.domain.commitment import KIND_OF_STATE
from landbank.domain.lifecycle import Asking, Axis, Lifecycles, Standing, decide, expired
from landbank.domain.people import Permission, demand
from landbank.domain.plot_content import Values
from landbank.errors import Conflict, Forbidden, Gone, Invalid, LandbankError, NotFound
from landbank.services.change_plot import patch_plot
from landbank.services.change_status import (
    StatusChange,
    change_status,
    readiness_of,
    ready_day,
    recorded_standing,
    refuse_second_interest,
)
from landbank.services.confirm_plots import ConfirmStore, confirm_plots
from landbank.services.plot_document import StoredPlot, find_plot
from landbank.services.plot_editing import Editing, PlotStore

MOST_PLOTS: Final = 500
"""So many plots are changed at once: more can't be looked at."""

LINKED: Final = ("sales_contact_id", "steward_contact_id", "plan_id")
"""The values that many plots can be given at once."""


class ManyStore(PlotStore, Protocol):
    """What changes of many plots need of a transaction's store."""

    @property
    def confirmations(self) -> ConfirmStore: ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """One change for many plots: of state, of a link (None takes it away), or, with neither, a confirmation."""

    status: StatusChange | None = None
    link: str | None = None
    linked_id: int | None = None

    @property
    def permission(self) -> Permission:
        """What it takes at least; a step of the lifecycle may ask for more."""
        if self.link is not None:
            return Permission.CHANGE_PLOT
        return Permission.READ_PLANNING if self.status is not None else Permission.CONFIRM


@dataclass(frozen=True, slots=True)
class PlotPreview:
    """What would become of one plot: the values that differ before and after, or why it can't be."""

    plot_id: int
    reference: str
    name: str | None
    row_version: int
    before: Values = field(default_factory=dict)
    after: Values = field(default_factory=dict)
    refusal: LandbankError | None = None

    @property
    def is_changed(self) -> bool:
        """Whether anything would be written."""
        return self.refusal is None and self.before != self.after


@dataclass(frozen=True, slots=True)
class Preview:
    """What would become of all the plots; `digest` names exactly this."""

    wanted: Wanted
    plots: tuple[PlotPreview, ...]

    @property
    def changed(self) -> tuple[PlotPreview, ...]:
        """The plots that would be changed."""
        return tuple(one for one in self.plots if one.is_changed)

    @property
    def digest(self) -> str:
        """SHA-256 over the change, and the plots with their versions and outcomes, in hexadecimal digits."""
        told = [
            (one.plot_id, one.row_version, sorted(one.after.items()), str(one.refusal or ""))
            for one in self.plots
        ]
        return hashlib.sha256(repr((self.wanted, told)).encode()).hexdigest()


def preview_changes(
    store: ManyStore,
    editing: Editing,
    municipality_code: str,
    plot_ids: Sequence[int],
    *,
    wanted: Wanted,
    lifecycles: Lifecycles,
) -> Preview:
    """What would become of each plot, in the order given; nothing is written.

    Raises
    ------
    Invalid
        No plot is named, or more than 500 are; or what they would be linked to is another municipality's.
    NotFound
        One of the plots is not the municipality's.
    NotSignedIn, Forbidden
        The actor may not change plots of the municipality in this way.
    """
    if not 0 < len(plot_ids) <= MOST_PLOTS:
        raise Invalid(f"{len(plot_ids)} plots can't be changed at once.", hint=f"Choose 1 to {MOST_PLOTS}.")
    demand(editing.actor, wanted.permission, municipality_code)
    refuse_foreign_link(store, municipality_code, wanted)
    found = []
    for plot_id in dict.fromkeys(plot_ids):
        try:
            plot = find_plot(store, plot_id)
        except Gone:
            continue
        if plot.municipality_code != municipality_code:
            raise NotFound(f"The municipality {municipality_code} has no plot {plot_id}.", where="tomt")
        found.append(preview_of(store, editing, plot, wanted=wanted, lifecycles=lifecycles))
    return Preview(wanted, tuple(found))


def refuse_foreign_link(store: ManyStore, municipality_code: str, wanted: Wanted) -> None:
    """Raise `Invalid` where the plots would be linked to what is not the municipality's."""
    if wanted.link is None:
        return
    if wanted.link not in LINKED:
        raise Invalid("That can't be changed for many plots at once.", where=wanted.link)
    if wanted.linked_id is not None:
        owner = store.plot_changes.municipality_of(wanted.link, wanted.linked_id)
        if owner != municipality_code:
            raise Invalid("The municipality has none with that number.", where=wanted.link)


def preview_of(
    store: ManyStore, editing: Editing, plot: StoredPlot, *, wanted: Wanted, lifecycles: Lifecycles
) -> PlotPreview:
    """What would become of one plot."""
    values = plot.content.values
    named: dict[str, Any] = {
        "plot_id": plot.id,
        "reference": values["reference"],
        "name": values["name"],
        "row_version": plot.row_version,
    }
    try:
        after = outcome(store, editing, plot, wanted=wanted, lifecycles=lifecycles)
    except (Conflict, Forbidden, Invalid) as fault:
        return PlotPreview(**named, refusal=fault)
    return PlotPreview(**named, before={name: values[name] for name in after}, after=after)


def outcome(
    store: ManyStore, editing: Editing, plot: StoredPlot, *, wanted: Wanted, lifecycles: Lifecycles
) -> Values:
    """The values that a plot would have.

    Raises
    ------
    Conflict, Forbidden, Invalid
        The plot can't be changed so.
    """
    if wanted.link is not None:
        return {wanted.link: wanted.linked_id}
    if wanted.status is None:
        return {"confirmed_on": editing.day}
    change = wanted.status
    track = lifecycles.of(plot.municipality_code).track(change.axis)
    asking = Asking(editing.actor, plot.municipality_code, editing.day)
    if change.axis is Axis.READINESS:
        step = decide(track, Standing(readiness_of(plot)), change.asked, asking)
        return {"readiness": step.transition.after} | ready_day(change)
    standing = store.commitments.standing(plot.id)
    stands = expired(recorded_standing(plot, standing), editing.day)
    step = decide(track, stands, change.asked, asking)
    if KIND_OF_STATE.get(Availability(step.transition.after)) is CommitmentKind.INTEREST:
        refuse_second_interest(standing, change.asked)
    return {"availability": step.transition.after, "availability_until": step.until}


def change_many(
    store: ManyStore,
    editing: Editing,
    municipality_code: str,
    plot_ids: Sequence[int],
    *,
    wanted: Wanted,
    lifecycles: Lifecycles,
    fields: FieldCatalogue,
    digest: str,
) -> Preview:
    """Change all plots that can be changed so, each with one event; what was done comes back.

    Raises
    ------
    Conflict
        The digest is not that of what would become of the plots now.
    Invalid, NotFound, NotSignedIn, Forbidden
        As for the preview.
    """
    told = preview_changes(store, editing, municipality_code, plot_ids, wanted=wanted, lifecycles=lifecycles)
    if told.digest != digest:
        raise Conflict(
            "The plots changed since the preview, or other ones are changed than were shown.",
            hint="Look at the preview again.",
            where="digest",
        )
    versions: Mapping[int, int] = {one.plot_id: one.row_version for one in told.changed}
    if wanted.status is None and wanted.link is None:
        if versions:
            confirm_plots(
                store.confirmations, list(versions), actor=editing.actor, fields=fields, day=editing.day,
                versions=versions,
            )  # fmt: skip
        return told
    for plot_id, version in versions.items():
        if wanted.status is not None:
            change_status(store, editing, plot_id, version, change=wanted.status, lifecycles=lifecycles)
        else:
            patch_plot(store, editing, plot_id, version, {wanted.link: wanted.linked_id})
    return told
