"""What all changes of single plots share: who changes what in which store, the checks against it, and the answer.

Each change is one transaction of the caller's and one event. It answers with the plot as it stands afterwards and with
what somebody should look at: findings warn, they don't refuse.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from landbank.codelists import provisions
from landbank.domain.codes import CommitmentEnd, CommitmentKind
from landbank.domain.commitment import Commitment, Party
from landbank.domain.people import Actor, Permission, demand
from landbank.domain.plot_content import Changes, Check, InvalidDocument, Values
from landbank.errors import Conflict, Forbidden
from landbank.exchange.findings import Finding
from landbank.services.plot_document import (
    Document,
    HasPlots,
    StoredPlot,
    as_json_value,
    expect_version,
    find_plot,
)
from landbank.services.plot_ground import Ground, GroundReader, area_findings

LINKS: Final = ("area_id", "plan_id", "sales_contact_id", "steward_contact_id")


class Neighbour(Protocol):
    """A plot that shares ground."""

    @property
    def plot_id(self) -> int: ...
    @property
    def reference(self) -> str: ...
    @property
    def municipality_code(self) -> str: ...
    @property
    def area_m2(self) -> float: ...


class PlotWrites(Protocol):
    """Writes of single plots; see landbank/store/plot_changes.py."""

    def insert(self, values: Values, outline: bytes | None, location: tuple[float, float]) -> int: ...
    def update(self, plot_id: int, values: Values) -> bool: ...
    def move(self, plot_id: int, outline: bytes | None, location: tuple[float, float]) -> bool: ...
    def touch(self, plot_id: int) -> bool: ...
    def end_facts(self, noun: str, ids: Collection[int]) -> None: ...
    def add_facts(self, noun: str, plot_id: int, facts: Sequence[Values]) -> None: ...
    def set_sources(self, plot_id: int, sources: Mapping[str, Values | None]) -> None: ...
    def measure_again(self, plot_id: int) -> int: ...
    def neighbours(self, outline: bytes, besides: Collection[int]) -> Sequence[Neighbour]: ...
    def is_outside(self, municipality_code: str, location: tuple[float, float]) -> str | None: ...
    def name_at(self, location: tuple[float, float]) -> str | None: ...
    def has_municipality(self, municipality_code: str) -> bool: ...
    def holder_of_reference(self, municipality_code: str, reference: str) -> int | None: ...
    def municipality_of(self, column: str, row_id: int) -> str | None: ...
    def has_infrastructure(self, ids: Collection[int]) -> set[int]: ...
    def link(self, predecessor_id: int, successor_id: int, *, reason: str, on: date) -> None: ...


class CommitmentStore(Protocol):
    """Commitments of plots; see landbank/store/commitments.py."""

    def of_plot(self, plot_id: int) -> Sequence[Commitment]: ...
    def standing(self, plot_id: int) -> Sequence[Commitment]: ...
    def begin(
        self,
        plot_id: int,
        kind: CommitmentKind,
        party: Party,
        *,
        valid_from: date,
        valid_until: date | None = None,
        decision_reference: str | None = None,
        reason: str | None = None,
    ) -> int: ...
    def end(self, numbers: Collection[int], *, on: date, why: CommitmentEnd) -> None: ...


class PlotStore(HasPlots, Protocol):
    """What changes of plots need of a transaction's store."""

    @property
    def plot_changes(self) -> PlotWrites: ...
    @property
    def commitments(self) -> CommitmentStore: ...


@dataclass(frozen=True, slots=True)
class Editing:
    """Who changes, on which day, and where plots may lie: west, south, east, north in degrees."""

    actor: Actor
    day: date
    extent: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Changed:
    """A plot after a change, and what somebody should look at."""

    plot: StoredPlot
    findings: tuple[Finding, ...] = ()


def plot_to_change(
    store: PlotStore,
    editing: Editing,
    plot_id: int,
    row_version: int,
    *,
    permission: Permission = Permission.CHANGE_PLOT,
) -> StoredPlot:
    """The plot, if it is current, the actor may change it and it has the version that was seen."""
    plot = find_plot(store, plot_id)
    demand(editing.actor, permission, plot.municipality_code)
    expect_version(store, plot, row_version)
    return plot


def answer(
    store: PlotStore,
    plot_id: int,
    *,
    ground: Ground | None = None,
    was: StoredPlot | None = None,
) -> Changed:
    """The plot as it stands now, with what somebody should look at after this change."""
    plot = store.plot_contents.current(plot_id)
    if plot is None:
        raise Forbidden("The database does not show this plot any more.")
    findings = [] if ground is None else [*ground.findings, *ground_findings(store, plot, besides=(plot.id,))]
    values = plot.content.values
    if ground is not None or (
        was is not None and values["area_declared_m2"] != was.content.values["area_declared_m2"]
    ):
        findings += area_findings(
            None if plot.outline is None else values["area_m2"], values["area_declared_m2"]
        )
    if ground is not None and was is not None:
        findings += distance_findings(plot)
    return Changed(plot, tuple(findings))


def ground_findings(store: PlotStore, plot: StoredPlot, besides: Collection[int]) -> list[Finding]:
    """Neighbours that share the plot's ground, and a plot that lies outside its municipality."""
    found = []
    if plot.outline is not None:
        for other in store.plot_changes.neighbours(plot.outline, besides):
            text = f"Shares {other.area_m2:,.1f} m² with the plot '{other.reference}' in {other.municipality_code}."
            found.append(Finding("overlap_with_plot", text, field="geometry", value=str(other.plot_id)))
    name = store.plot_changes.is_outside(plot.municipality_code, plot.location)
    if name is not None:
        found.append(Finding("outside_municipality", f"Its middle lies outside {name}.", field="geometry"))
    return found


def distance_findings(plot: StoredPlot) -> list[Finding]:
    """Distances that were stated for the ground as it was."""
    return [
        Finding(
            "distance_of_old_outline",
            f"The {fact['kind']} is {fact['method']}: {as_json_value(fact['distance_m'] or fact['minutes'])}.",
            field="accesses",
            value=str(fact["id"]),
        )
        for fact in plot.content.facts["accesses"]
        if fact["method"] != "crow_fly"
    ]


def write_facts(store: PlotStore, plot_id: int, changes: Changes) -> None:
    """Write the many-valued facts and the sources of single values."""
    for noun, ids in changes.ended.items():
        store.plot_changes.end_facts(noun, ids)
    for noun, facts in changes.begun.items():
        store.plot_changes.add_facts(noun, plot_id, facts)
    store.plot_changes.set_sources(plot_id, changes.sources)


def must_write(is_written: bool) -> None:
    """Raise `Forbidden` where the database let no row be changed."""
    if not is_written:
        raise Forbidden("The database did not let this plot be changed.")


def area_values(ground: Ground, values: Values) -> Values:
    """The area that counts and its method: measured from the outline, else the declared one."""
    if ground.area_m2 is not None:
        return {"area_m2": ground.area_m2, "area_method": "computed"}
    declared = values.get("area_declared_m2")
    return {"area_m2": declared, "area_method": None if declared is None else "declared"}


def check_on(day: date) -> Check:
    """A check with the catalogue's codes of degrees."""
    return Check(day, frozenset(code for code, one in provisions().items() if one.letter == "e"))


def check_links(check: Check, store: PlotStore, municipality_code: str, changes: Changes) -> None:
    """Note links to what is not there or belongs to another municipality."""
    check_links_of(check, store, municipality_code, changes.values)
    named = {fact["infrastructure_id"] for fact in changes.begun["accesses"]} - {None}
    if named and (missing := sorted(named - store.plot_changes.has_infrastructure(named))):
        check.fault("/accesses", f"There is no infrastructure {missing[0]}.")


def check_links_of(
    check: Check, store: PlotStore, municipality_code: str, values: Values, pointer: str = ""
) -> None:
    """Note single values that link to what is not there or belongs to another municipality."""
    for name in LINKS:
        linked = values.get(name)
        if linked is not None and store.plot_changes.municipality_of(name, linked) != municipality_code:
            text = f"The municipality {municipality_code} has none with the number {linked}."
            check.fault(f"{pointer}/{name}", text)


def read_ground(check: Check, store: PlotStore, editing: Editing, document: Document) -> Ground | None:
    """The ground that a document gives, its faults noted; None for none."""
    name = "geometry" if document.get("geometry") is not None else "location"
    told = document.get(name)
    if told is None:
        check.fault("/geometry", "A plot has an outline, or at least a place in `location`.")
        return None
    if name == "location" and isinstance(told, dict) and told.get("type") != "Point":
        check.fault("/location", "A place is a point.")
        return None
    reader = GroundReader(editing.extent, store.plot_changes.name_at)
    try:
        return reader.read(told, document.get("crs"), pointer=f"/{name}")
    except InvalidDocument as error:
        check.faults += error.faults
        return None


def refuse_taken_reference(
    store: PlotStore, municipality_code: str, reference: str, *, besides: int | None = None
) -> None:
    """Raise `Conflict` where another current plot of the municipality has the reference."""
    holder = store.plot_changes.holder_of_reference(municipality_code, reference)
    if holder is not None and holder != besides:
        raise Conflict(
            f"Plot {holder} of the municipality has the reference '{reference}'.",
            hint="References are unique among a municipality's current plots.",
            where="/reference",
        )
