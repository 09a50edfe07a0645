"""Confirm unchanged: values that were looked at and still hold get a new day, and each plot one event.

For one plot or many, for all that is recorded of them or for some attribute classes. A preview says what would be
confirmed and carries a digest; who confirms many shows it, so that nobody confirms what changed meanwhile.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from landbank.codelists.fields import FieldCatalogue
from landbank.domain.codes import AttributeClass
from landbank.domain.freshness import is_stale
from landbank.domain.people import Actor, Permission, demand
from landbank.errors import Conflict, Invalid, NotFound, Stale, Unconditional

MOST_PLOTS: Final = 1_000
"""So many plots can be confirmed at once: more can't be looked at."""


class Standing(Protocol):
    """A current plot."""

    @property
    def plot_id(self) -> int: ...
    @property
    def reference(self) -> str: ...
    @property
    def name(self) -> str | None: ...
    @property
    def municipality_code(self) -> str: ...
    @property
    def row_version(self) -> int: ...


class Confirmable(Protocol):
    """A known value and when it was last confirmed."""

    @property
    def plot_id(self) -> int: ...
    @property
    def field(self) -> str: ...
    @property
    def kind(self) -> str | None: ...
    @property
    def confirmed_on(self) -> date | None: ...


class ConfirmStore(Protocol):
    """What confirming needs of the store."""

    def plots(self, plot_ids: Sequence[int]) -> Sequence[Standing]: ...
    def columns(self, plot_ids: Sequence[int], names: Iterable[str]) -> Sequence[Confirmable]: ...
    def rows(self, plot_ids: Sequence[int], classes: Iterable[AttributeClass]) -> Sequence[Confirmable]: ...
    def confirm_plots(self, plot_ids: Sequence[int], day: date) -> None: ...
    def confirm_columns(self, plot_ids: Sequence[int], names: Iterable[str], day: date) -> None: ...
    def confirm_rows(self, plot_ids: Sequence[int], classes: Iterable[AttributeClass], day: date) -> None: ...
    def confirm_dated(self, plot_ids: Sequence[int], day: date) -> None: ...


@dataclass(frozen=True, slots=True)
class ValueToConfirm:
    """A value that would be confirmed: its field (or kind of fact), its class, its day, and whether that is too old."""

    field: str
    kind: str | None
    attribute_class: AttributeClass
    confirmed_on: date | None
    is_stale: bool


@dataclass(frozen=True, slots=True)
class PlotToConfirm:
    """A plot and what would be confirmed of it."""

    plot_id: int
    reference: str
    name: str | None
    municipality_code: str
    row_version: int
    values: tuple[ValueToConfirm, ...]


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What is, or would be, confirmed on a day; `digest` names exactly this."""

    day: date
    classes: tuple[AttributeClass, ...]
    is_whole: bool
    plots: tuple[PlotToConfirm, ...]

    @property
    def digest(self) -> str:
        """SHA-256 over the plots with their versions, the classes and the day, in hexadecimal digits."""
        told = (
            [(plot.plot_id, plot.row_version) for plot in self.plots],
            [str(one) for one in self.classes],
            self.is_whole,
            self.day.isoformat(),
        )
        return hashlib.sha256(repr(told).encode()).hexdigest()


def preview_confirmation(
    store: ConfirmStore,
    plot_ids: Sequence[int],
    *,
    actor: Actor,
    fields: FieldCatalogue,
    classes: Collection[AttributeClass] | None = None,
    day: date,
) -> Confirmation:
    """What would be confirmed of the plots: all that grows old, or what belongs to some classes.

    Raises
    ------
    Invalid
        No plot is named, or more than 1 000 are.
    NotFound
        One of the plots is not there, or not current any more.
    NotSignedIn, Forbidden
        The actor may not confirm in one of the municipalities.
    """
    if not 0 < len(plot_ids) <= MOST_PLOTS:
        raise Invalid(
            f"{len(plot_ids)} plots can't be confirmed at once.",
            hint=f"Name 1 to {MOST_PLOTS} plots.",
            where="plot_ids",
        )
    standing = store.plots(plot_ids)
    absent = set(plot_ids) - {plot.plot_id for plot in standing}
    if absent:
        raise NotFound(
            f"There is no current plot {min(absent)}.",
            hint="Leave it out: it has ended, or never was.",
            where="plot_ids",
        )
    for code in sorted({plot.municipality_code for plot in standing}):
        demand(actor, Permission.CONFIRM, code)
    chosen = tuple(one for one in AttributeClass if classes is None or one in classes)
    values = _values(store, [plot.plot_id for plot in standing], chosen, fields, day)
    return Confirmation(
        day,
        chosen,
        is_whole=classes is None,
        plots=tuple(
            PlotToConfirm(
                plot.plot_id, plot.reference, plot.name, plot.municipality_code, plot.row_version,
                tuple(values.get(plot.plot_id, ())),
            )
            for plot in standing
        ),
    )  # fmt: skip


def _values(
    store: ConfirmStore,
    plot_ids: Sequence[int],
    classes: Sequence[AttributeClass],
    fields: FieldCatalogue,
    day: date,
) -> dict[int, list[ValueToConfirm]]:
    found: dict[int, list[ValueToConfirm]] = {}
    for one in classes:
        most = fields.max_ages[one]
        held = (*store.columns(plot_ids, fields.columns_of("plot", one)), *store.rows(plot_ids, (one,)))
        for value in held:
            too_old = is_stale(value.confirmed_on, most, day)
            told = ValueToConfirm(value.field, value.kind, one, value.confirmed_on, too_old)
            found.setdefault(value.plot_id, []).append(told)
    return found


def confirm_plots(
    store: ConfirmStore,
    plot_ids: Sequence[int],
    *,
    actor: Actor,
    fields: FieldCatalogue,
    classes: Collection[AttributeClass] | None = None,
    day: date,
    versions: Mapping[int, int] | None = None,
    digest: str | None = None,
) -> Confirmation:
    """Confirm the plots on the day, all that is recorded or some classes; what was confirmed comes back.

    Runs inside a transaction that changes the inventory. What was confirmed on that day already stays untouched, so
    a second time leaves no event. Either `versions` (row version by plot) or the `digest` of a preview holds the
    plots to what the actor has seen; one plot's page gives its version, a list of many its digest.

    Raises
    ------
    Unconditional
        Neither versions nor a digest is given.
    Stale
        A plot has another version than was seen.
    Conflict
        The digest is not that of what would be confirmed now.
    Invalid, NotFound, NotSignedIn, Forbidden
        As for the preview.
    """
    told = preview_confirmation(store, plot_ids, actor=actor, fields=fields, classes=classes, day=day)
    _refuse_unseen(told, versions, digest)
    ids = [plot.plot_id for plot in told.plots]
    if told.is_whole:
        store.confirm_plots(ids, day)
        store.confirm_dated(ids, day)
    else:
        columns = [name for one in told.classes for name in fields.columns_of("plot", one)]
        store.confirm_columns(ids, columns, day)
        store.confirm_rows(ids, told.classes, day)
    return told


def _refuse_unseen(told: Confirmation, versions: Mapping[int, int] | None, digest: str | None) -> None:
    if versions is None and digest is None:
        raise Unconditional(
            "A confirmation has to say what was looked at.",
            hint="Send the digest of a preview, or the version of each plot.",
            where="digest",
        )
    for plot in told.plots if versions is not None else ():
        if versions is not None and versions.get(plot.plot_id) != plot.row_version:
            raise Stale(
                f"The plot {plot.plot_id} changed meanwhile; it has version {plot.row_version} now.",
                hint="Look at it again, then confirm.",
                where="plot_ids",
            )
    if digest is not None and digest != told.digest:
        raise Conflict(
            "The plots changed since the preview, or other ones are confirmed than were shown.",
            hint="Ask for the preview again.",
            where="digest",
        )
