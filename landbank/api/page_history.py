"""What happened to a plot, in words: who in which role, when, and what changed from what to what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from landbank.api.history_values import FACT_FIELDS, FIELD_NAMES, ValueTeller
from landbank.api.i18n import N_, Words
from landbank.codelists import municipalities
from landbank.domain.codes import EventKind
from landbank.domain.history import Event
from landbank.domain.people import Role
from landbank.services.describe_history import PlotHistory

KIND_TEXTS: Mapping[str, str] = {
    EventKind.CREATED: N_("Lades in i landbank"),
    EventKind.CHANGED: N_("Ändrades"),
    EventKind.ENDED: N_("Upphörde"),
    EventKind.REPLACED: N_("Ersattes av andra tomter"),
}
ROLE_TEXTS: Mapping[str, str] = {
    Role.PLANNER: N_("Planerare"),
    Role.STEWARD: N_("Dataansvarig"),
    Role.LOTS: N_("Företagslots"),
    Role.REGIONAL: N_("Regional planerare"),
    Role.ADMINISTRATOR: N_("Administratör"),
    Role.OPERATOR: N_("Driftansvarig"),
}


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One field's change: its name, and its value before and after."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class EventView:
    """One event as the page shows it. `inner` holds what is for planners: who, why."""

    revision: str
    when: str
    moment: str
    heading: str
    who: str
    inner: str
    changes: tuple[ChangeView, ...]
    has_hidden: bool
    before_url: str


@dataclass(frozen=True, slots=True)
class HistoryView:
    """The events of a plot, and the address of the older ones, or of all."""

    events: tuple[EventView, ...]
    more_url: str


def history_view(
    told: PlotHistory, words: Words, plot_path: str, *, more_url: str = "", is_planner: bool = False
) -> HistoryView:
    """The history of a plot in words. `plot_path` is the address of its page, `more_url` that of what follows."""
    teller = EventTeller(words, told.names, plot_path, is_planner)
    return HistoryView(tuple(map(teller.event, told.events)), more_url if told.has_more else "")


@dataclass(frozen=True, slots=True)
class EventTeller:
    """Puts events into words, for everybody or for planners."""

    words: Words
    names: Mapping[str, Mapping[int, str]]
    plot_path: str
    is_planner: bool

    def event(self, event: Event) -> EventView:
        """One event."""
        just_before = event.occurred_at - timedelta(microseconds=1)
        return EventView(
            revision=self.words.number(event.revision, 0),
            when=self.words.moment(event.occurred_at),
            moment=event.occurred_at.isoformat(),
            heading=self.words.gettext(KIND_TEXTS[event.kind]),
            who=who_text(event, self.words),
            inner=self.inner(event),
            changes=self.changes(event),
            has_hidden=event.has_inner_changes and not self.is_planner,
            before_url=""
            if event.kind == EventKind.CREATED
            else f"{self.plot_path}?{urlencode({'as_of': just_before.isoformat()})}",
        )

    def inner(self, event: Event) -> str:
        """Who did it and why, for planners."""
        if not self.is_planner:
            return ""
        reason = self.words.gettext("Skäl: %(reason)s") % {"reason": event.reason} if event.reason else ""
        return ". ".join(part for part in (event.actor, reason) if part)

    def changes(self, event: Event) -> tuple[ChangeView, ...]:
        """What changed, in the order of the page; a field that has no name of its own comes last, for planners."""
        found: Mapping[str, Sequence[Any]] = (
            event.changes or {} if self.is_planner else event.public_changes()
        )
        order = {name: place for place, name in enumerate(FIELD_NAMES)}
        values = ValueTeller(self.words, self.names)
        told = []
        for field in sorted(found, key=lambda name: (order.get(name, len(order)), name)):
            before, after = found[field]
            if field in FACT_FIELDS:
                before, after = gone(before, after), gone(after, before)
            if before != after:
                told.append(ChangeView(values.name(field), *values.pair(field, before, after)))
        return tuple(told)


def gone(rows: Sequence[Mapping[str, Any]], others: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The rows of facts that the others don't have."""
    return [row for row in rows or () if row not in (others or ())]


def who_text(event: Event, words: Words) -> str:
    """Role and municipality, never a name."""
    known = municipalities().get(event.municipality_code or "")
    place = known.name if known else event.municipality_code or ""
    role = ROLE_TEXTS.get(event.role or "", N_("Landbanks drift"))
    return ", ".join(part for part in (words.gettext(role), place) if part)
