"""Split, merge and redraw plots: the old ones end, new ones take their place on the same ground, lineage says which.

Areas reconcile or the request is refused with the figures; what is not obvious is chosen or the request is refused with
the choices. One transaction of the caller's: all of it holds or nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from landbank.codelists import provisions
from landbank.domain.carrying import carry
from landbank.domain.codes import CommitmentEnd
from landbank.domain.handover import Part, Predecessor, Successor
from landbank.domain.lineage import Ledger, compare
from landbank.exchange.findings import Finding
from landbank.services.plot_document import StoredPlot
from landbank.services.plot_editing import (
    Editing,
    PlotStore,
    area_values,
    ground_findings,
    must_write,
    plot_to_change,
)
from landbank.services.plot_ground import Ground
from landbank.services.redraw_request import (
    Redrawing,
    as_outline,
    checked_values,
    inherited,
    outline_of,
    read_part,
    refuse_heirless,
    refuse_numbers,
    refuse_strangers,
    refuse_taken,
    refuse_unbalanced,
)

TEMPORARY: Final = "\x7f"
"""Stands before a new plot's reference while the plot that it replaces still has it; no reference may hold it."""


@dataclass(frozen=True, slots=True)
class Redrawn:
    """The new plots in the order of the parts, the ids of those they replace, the areas compared, and findings."""

    plots: tuple[StoredPlot, ...]
    replaced: tuple[int, ...]
    ledger: Ledger
    findings: tuple[Finding, ...]


def redraw_plots(store: PlotStore, editing: Editing, asked: Redrawing) -> Redrawn:
    """Let the parts take the place of the plots.

    Raises
    ------
    Unbalanced
        The parts overlap, leave ground over, or cover ground outside the whole.
    ChoicesNeeded
        It is not obvious what goes where.
    PlotMoved, NotFound, Gone, NotSignedIn, Forbidden
        A plot has another version, there is none, it has ended, or the actor may not.
    Invalid, Conflict
        The request can't be, a reference is taken, or different parties hold plots that would become one.
    """
    refuse_numbers(asked)
    plots = [plot_to_change(store, editing, seen.plot_id, seen.row_version) for seen in asked.plots]
    refuse_strangers(plots)
    values = [checked_values(store, editing, plots[0], place, part) for place, part in enumerate(asked.parts)]
    grounds = [read_part(store, editing, plots, place, part) for place, part in enumerate(asked.parts)]
    ledger = compare(
        [outline_of(plot) for plot in plots],
        [as_outline(part.reference, ground) for part, ground in zip(asked.parts, grounds, strict=True)],
    )
    refuse_unbalanced(asked, ledger)
    parts = [
        Part(part.reference, values[place], inherited(place, part, plots, ledger))
        for place, part in enumerate(asked.parts)
    ]
    refuse_heirless(plots, parts)
    successors = carry(
        [Predecessor(plot.id, plot.content, tuple(store.commitments.standing(plot.id))) for plot in plots],
        parts,
        asked.choices,
        absolute_codes=absolute_codes(),
    )
    refuse_taken(store, plots, asked.parts)
    made = Writing(store, editing, asked, plots, ledger).write(list(zip(successors, grounds, strict=True)))
    return answer(store, made, plots, grounds, ledger)


def absolute_codes() -> frozenset[str]:
    """The provisions whose degree is square metres."""
    return frozenset(code for code, one in provisions().items() if one.letter == "e" and one.unit == "m2")


@dataclass(frozen=True, slots=True)
class Writing:
    """Writes one redrawing."""

    store: PlotStore
    editing: Editing
    asked: Redrawing
    plots: Sequence[StoredPlot]
    ledger: Ledger

    def write(self, made: Sequence[tuple[Successor, Ground]]) -> list[int]:
        """Write the new plots with lineage, then end the old ones; the ids of the new ones.

        A new plot may have the reference of one that ends, which is free only then; until then it has a temporary one.
        """
        held = {plot.content.values["reference"] for plot in self.plots}
        ids = [self.add(*one, is_held=one[0].reference in held) for one in made]
        for place, plot_id in enumerate(ids):
            for source in self.ledger.sources(place):
                self.store.plot_changes.link(
                    self.plots[source].id, plot_id, reason=self.asked.reason, on=self.editing.day
                )
        for plot in self.plots:
            self.end(plot)
        for plot_id, (successor, _ground) in zip(ids, made, strict=True):
            if successor.reference in held:
                must_write(self.store.plot_changes.update(plot_id, {"reference": successor.reference}))
        return ids

    def add(self, successor: Successor, ground: Ground, *, is_held: bool) -> int:
        """Write one new plot with everything that it begins with."""
        changes = self.store.plot_changes
        reference = TEMPORARY + successor.reference if is_held else successor.reference
        values = successor.values | area_values(ground, successor.values)
        own = {"reference": reference, "valid_from": self.editing.day}
        plot_id = changes.insert(values | own, ground.wkb, ground.location)
        for noun, facts in successor.facts.items():
            changes.add_facts(noun, plot_id, facts)
        changes.set_sources(plot_id, dict(successor.sources))
        changes.measure_again(plot_id)
        take_over(self.store, plot_id, successor)
        return plot_id

    def end(self, plot: StoredPlot) -> None:
        """End one old plot and its commitments."""
        day = self.editing.day
        standing = [one.id for one in self.store.commitments.standing(plot.id)]
        self.store.commitments.end(standing, on=day, why=CommitmentEnd.PLOT_REPLACED)
        must_write(self.store.plot_changes.update(plot.id, {"valid_to": day}))


def take_over(store: PlotStore, plot_id: int, successor: Successor) -> None:
    """Let commitments go on for a new plot, as they began and until they end."""
    hold = () if successor.hold is None else (successor.hold,)
    for one in (*hold, *successor.interests):
        if one.party is not None:
            store.commitments.begin(
                plot_id,
                one.kind,
                one.party,
                valid_from=one.valid_from,
                valid_until=one.valid_until,
                decision_reference=one.decision_reference,
                reason=one.reason,
            )


def answer(
    store: PlotStore,
    ids: Sequence[int],
    replaced: Sequence[StoredPlot],
    grounds: Sequence[Ground],
    ledger: Ledger,
) -> Redrawn:
    """The new plots, with what somebody should look at."""
    plots, findings = [], []
    for plot_id, ground in zip(ids, grounds, strict=True):
        plot = store.plot_contents.current(plot_id)
        must_write(plot is not None)
        if plot is None:
            continue
        plots.append(plot)
        findings += [*ground.findings, *ground_findings(store, plot, besides=ids), *lost(plot, replaced)]
    return Redrawn(tuple(plots), tuple(plot.id for plot in replaced), ledger, tuple(findings))


def lost(plot: StoredPlot, replaced: Sequence[StoredPlot]) -> list[Finding]:
    """Values of the old plots that say nothing of a new one."""
    found = []
    for name in ("area_declared_m2", "net_area_m2"):
        if plot.content.values[name] is None and any(
            one.content.values[name] is not None for one in replaced
        ):
            text = f"The {name} of the plots before says nothing of '{plot.content.values['reference']}'."
            found.append(Finding("value_not_carried", text, field=name))
    return found
