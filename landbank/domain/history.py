"""What happened to things, as events say it, and what of it everybody may read.

Anybody may read that a plot changed, in which of the fields that its page shows, and in which role of which
municipality somebody did it. Who that was, why, and whatever else stands in an event is for planners.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

PUBLIC_FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "plot": frozenset(
        ("municipality_code", "area_id", "plan_id", "reference", "name", "property_designations", "dataset",
         "description", "planning_state", "readiness", "ready_on", "availability", "available_on",
         "availability_until", "tenures", "owner_kind", "area_m2", "area_method", "area_declared_m2", "net_area_m2",
         "minimum_lot_m2", "is_subdividable", "height_max_m", "height_basis", "dwelling_distance_m",
         "environment_class", "has_rail_siding", "slope_percent", "ground_kind", "flood_class",
         "sales_contact_id", "steward_contact_id", "source", "source_url", "confirmed_on", "is_synthetic",
         "valid_from", "valid_to", "geometry", "location", "successors")
    ),
    "municipality": frozenset(
        ("name", "county", "organisation_number", "website_url", "geometry", "geometry_source")
    ),
    "area": frozenset(("municipality_code", "name", "description", "geometry", "is_synthetic")),
    "plan": frozenset(
        ("municipality_code", "reference", "name", "kind", "state", "adopted_on", "legal_force_on",
         "implementation_starts_on", "implementation_ends_on", "ngp_id", "document_url", "geometry", "source",
         "is_synthetic")
    ),
    "infrastructure": frozenset(("kind", "name", "source", "accuracy_m", "location")),
}  # fmt: skip
"""Fields that pages and collections show, by noun. What is not listed here is a planners' matter."""

PUBLIC_FACTS: Final[Mapping[str, tuple[str, ...]]] = {
    "plot_use": ("code", "precision_text", "is_excluded", "degree", "degree_code", "degree_bound"),
    "restriction": ("kind", "description", "is_blocking", "owner", "due_on", "resolved_on",
                    "evidence_url"),
    "utility": ("kind", "is_at_boundary", "capacity", "capacity_unit", "available_on", "is_firm", "operator"),
    "access": ("kind", "infrastructure_id", "distance_m", "minutes", "method"),
    "price": ("tenure", "price_sek_per_m2", "price_max_sek_per_m2", "basis", "is_yearly", "includes_connection_fees",
              "decided_on"),
    "value_source": ("field", "method", "note"),
    "commitment": ("number", "kind", "valid_from", "valid_until"),
}  # fmt: skip
"""Facts of a plot that its public page shows, each with what it shows of them beside `id`, source and confirmation."""

OF_EVERY_FACT: Final = ("id", "source", "confirmed_on")
SHAPES: Final = frozenset({"geometry", "location"})

Change = tuple[Any, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """One accepted change of one thing. `changes` gives before and after by field; a new thing has none."""

    revision: int
    noun: str
    noun_id: str
    kind: str
    actor: str
    role: str | None
    municipality_code: str | None
    request_id: str | None
    reason: str | None
    occurred_at: datetime
    changes: Mapping[str, Sequence[Any]] | None

    def public_changes(self) -> dict[str, Change]:
        """Before and after of what everybody may read, in the order of the fields' names."""
        return {
            field: (public_value(field, before), public_value(field, after))
            for field, (before, after) in sorted((self.changes or {}).items())
            if self.is_public(field)
        }

    def is_public(self, field: str) -> bool:
        """Whether everybody may read a field."""
        is_fact = self.noun == "plot" and field in PUBLIC_FACTS
        return is_fact or field in PUBLIC_FIELDS.get(self.noun, frozenset())

    @property
    def has_inner_changes(self) -> bool:
        """Whether something changed that only planners may read."""
        return not all(map(self.is_public, self.changes or ()))


def public_value(field: str, value: Any) -> Any:
    """A field's value with nothing that its page doesn't show."""
    if field not in PUBLIC_FACTS:
        return value
    shown = (*OF_EVERY_FACT, *PUBLIC_FACTS[field])
    return [{name: row[name] for name in shown if name in row} for row in value or ()]
