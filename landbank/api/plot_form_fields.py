"""What the form of a plot is made of: its groups, what each field is called, and which list its codes are of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from landbank.api.i18n import N_
from landbank.domain.plot_fields import NOUNS, PLOT_FIELDS, SOURCE_FIELDS, Field

SINGLE: Mapping[str, Field] = {field.name: field for field in PLOT_FIELDS}

NAMES: Mapping[str, str] = {
    "reference": N_("Beteckning i landbank"),
    "name": N_("Namn"),
    "description": N_("Beskrivning"),
    "property_designations": N_("Fastighet"),
    "area_id": N_("Område"),
    "plan_id": N_("Plan"),
    "planning_state": N_("Planläge"),
    "ready_on": N_("Byggklar"),
    "available_on": N_("Går att få från"),
    "tenures": N_("Släpps genom"),
    "owner_kind": N_("Ägare"),
    "area_declared_m2": N_("Area enligt ägaren"),
    "net_area_m2": N_("Säljbar del"),
    "minimum_lot_m2": N_("Minsta tomt vid delning"),
    "is_subdividable": N_("Kan delas"),
    "height_max_m": N_("Högsta höjd"),
    "height_basis": N_("Höjden räknas från"),
    "dwelling_distance_m": N_("Till närmaste bostad"),
    "environment_class": N_("Miljöklass"),
    "has_rail_siding": N_("Stickspår"),
    "slope_percent": N_("Lutning"),
    "ground_kind": N_("Jordart"),
    "flood_class": N_("Översvämning"),
    "sales_contact_id": N_("Kontakt"),
    "steward_contact_id": N_("Uppgifterna sköts av"),
    "source": N_("Källa"),
    "source_url": N_("Källans adress"),
    "confirmed_on": N_("Senast bekräftad"),
    "readiness": N_("Marken"),
    "availability": N_("Försäljning"),
    "method": N_("Metod"),
    "note": N_("Anteckning"),
    "availability_until": N_("Gäller till"),
    "area_m2": N_("Area"),
}
"""What single values are called, and what is said of their sources."""

FACT_NAMES: Mapping[str, str] = {
    "code": N_("Användning"),
    "precision_text": N_("Precisering"),
    "is_excluded": N_("Uttryckligen utesluten"),
    "degree": N_("Utnyttjandegrad"),
    "degree_code": N_("Bestämmelsens kod"),
    "degree_bound": N_("Gräns"),
    "kind": N_("Slag"),
    "description": N_("Beskrivning"),
    "is_blocking": N_("Hindrar byggande"),
    "owner": N_("Ansvarig"),
    "due_on": N_("Löst senast"),
    "resolved_on": N_("Löst den"),
    "evidence_url": N_("Underlagets adress"),
    "is_at_boundary": N_("Framme vid tomtgräns"),
    "capacity": N_("Kapacitet"),
    "capacity_unit": N_("Enhet"),
    "available_on": N_("Finns från"),
    "is_firm": N_("Utan villkor"),
    "operator": N_("Nätägare"),
    "infrastructure_id": N_("Till"),
    "distance_m": N_("Avstånd"),
    "minutes": N_("Tid"),
    "method": N_("Metod"),
    "tenure": N_("Upplåtelseform"),
    "price_sek_per_m2": N_("Pris, lägst"),
    "price_max_sek_per_m2": N_("Pris, högst"),
    "basis": N_("Räknat på"),
    "is_yearly": N_("Per år"),
    "includes_connection_fees": N_("Anslutningsavgifter ingår"),
    "decided_on": N_("Beslutat den"),
    "source": N_("Källa"),
    "confirmed_on": N_("Bekräftad"),
}
"""What the fields of facts are called."""

UNITS: Mapping[str, str] = {
    "area_declared_m2": "m²",
    "net_area_m2": "m²",
    "minimum_lot_m2": "m²",
    "height_max_m": "m",
    "dwelling_distance_m": "m",
    "slope_percent": "%",
    "distance_m": "m",
    "minutes": "min",
    "price_sek_per_m2": "kr/m²",
    "price_max_sek_per_m2": "kr/m²",
}

CODE_LISTS: Mapping[str, str] = {
    "planning_state": "planning_state",
    "tenures": "tenure",
    "owner_kind": "owner_kind",
    "height_basis": "height_basis",
    "environment_class": "environment_class",
    "ground_kind": "ground_kind",
    "flood_class": "flood_class",
    "readiness": "readiness",
    "availability": "availability",
    "uses.code": "land_use",
    "uses.degree_bound": "degree_bound",
    "restrictions.kind": "restriction_kind",
    "utilities.kind": "utility_kind",
    "accesses.kind": "access_kind",
    "accesses.method": "access_method",
    "prices.tenure": "tenure",
    "prices.basis": "price_basis",
}
"""The list that a field's codes are of, by its name, or by noun and name."""

NOUN_NAMES: Mapping[str, tuple[str, str]] = {
    "uses": (N_("Användning"), N_("Lägg till en användning")),
    "restrictions": (N_("Begränsningar"), N_("Lägg till en begränsning")),
    "utilities": (N_("El, vatten och andra ledningar"), N_("Lägg till en ledning")),
    "accesses": (N_("Avstånd till infrastruktur"), N_("Lägg till ett avstånd")),
    "prices": (N_("Pris"), N_("Lägg till ett pris")),
}
"""What each kind of facts is called, and what adds one."""


@dataclass(frozen=True, slots=True)
class Group:
    """A part of the form: its heading, single values and kinds of facts."""

    id: str
    title: str
    fields: tuple[str, ...]
    nouns: tuple[str, ...] = ()


GROUPS: tuple[Group, ...] = (
    Group(
        "identitet",
        N_("Namn och fastighet"),
        ("reference", "name", "area_id", "property_designations", "description"),
    ),
    Group("plan", N_("Plan"), ("plan_id", "planning_state")),
    Group("mark", N_("Mark och miljö"), ("slope_percent", "ground_kind", "flood_class", "environment_class")),
    Group("tid", N_("Mark och tillträde"), ("ready_on", "available_on")),
    Group("storlek", N_("Storlek"), ("area_declared_m2", "net_area_m2", "minimum_lot_m2", "is_subdividable")),
    Group("byggratt", N_("Användning och byggrätt"), ("height_max_m", "height_basis"), ("uses",)),
    Group("hinder", N_("Begränsningar"), (), ("restrictions",)),
    Group("forsorjning", N_("El, vatten och andra ledningar"), (), ("utilities",)),
    Group("omgivning", N_("Läge"), ("dwelling_distance_m", "has_rail_siding"), ("accesses",)),
    Group("pris", N_("Pris och upplåtelse"), ("tenures", "owner_kind"), ("prices",)),
    Group("kontakter", N_("Kontakter"), ("sales_contact_id", "steward_contact_id")),
    Group("uppgifter", N_("Om uppgifterna"), ("source", "source_url", "confirmed_on")),
)
"""The form from top to bottom."""

SOURCE_NAMES = tuple(field.name for field in SOURCE_FIELDS)


def field_of(name: str) -> Field | None:
    """The field behind a name of the form: 'height_max_m', 'sources.height_max_m.note', 'uses.0.degree'."""
    parts = name.split(".")
    if len(parts) == 1:
        return SINGLE.get(name)
    if len(parts) == 3 and parts[0] == "sources":
        return next((field for field in SOURCE_FIELDS if field.name == parts[2]), None)
    if len(parts) == 3 and parts[0] in NOUNS:
        return next((field for field in NOUNS[parts[0]].fields if field.name == parts[2]), None)
    return None
