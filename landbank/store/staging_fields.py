"""The fields that an import can state, by where they stand; constants from which its statements are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

TEXT, TEXTS, NUMBER, DAY, CLAIM = "text", "text[]", "double precision", "date", "boolean"

BASE_COLUMNS = {
    "row": "integer NOT NULL",
    "municipality_code": TEXT,
    "reference": TEXT,
    **dict.fromkeys(("geometry", "location", "geometry_tile", "location_tile"), "geometry"),
    "morton": "bigint",
    "area_m2": NUMBER,
    "area_method": TEXT,
    "is_repaired": CLAIM,
    "kept": TEXT,
    "notes": TEXT,
}
"""What every row comes with: the area that counts, its method, and texts with their fields (exchange/rows.py)."""

PLOT_FIELDS = {
    **dict.fromkeys(
        ("name", "planning_state", "readiness", "availability", "owner_kind", "description", "dataset"), TEXT
    ),
    **dict.fromkeys(("source", "source_url", "height_basis"), TEXT),
    **dict.fromkeys(("environment_class", "ground_kind", "flood_class"), TEXT),
    **dict.fromkeys(("property_designations", "tenures"), TEXTS),
    **dict.fromkeys(("ready_on", "available_on", "availability_until", "confirmed_on"), DAY),
    **dict.fromkeys(("area_declared_m2", "net_area_m2", "minimum_lot_m2"), NUMBER),
    **dict.fromkeys(("height_max_m", "dwelling_distance_m", "slope_percent"), NUMBER),
    **dict.fromkeys(("is_subdividable", "has_rail_siding", "is_synthetic"), CLAIM),
}
"""Single values of a plot."""


@dataclass(frozen=True, slots=True)
class Link:
    """Something that plots share, named by a field: its table, and the fields that say more about it."""

    by: str
    """The field of a row that names it."""
    column: str
    """The column of `plot` that points to it."""
    table: str
    name: str
    said: Mapping[str, str] = field(default_factory=dict)
    """Column of the table by field of the row."""
    kind: str | None = None
    """Of offices: what they are for."""

    @property
    def is_of_kind(self) -> str:
        """The condition on the table's rows, as `t`."""
        return f"t.kind = '{self.kind}'" if self.kind else "true"


LINKS = (
    Link("area_name", "area_id", "area", "name"),
    Link(
        "plan_reference", "plan_id", "plan", "reference",
        {
            "plan_name": "name", "plan_kind": "kind", "plan_state": "state", "plan_document_url": "document_url",
            "adopted_on": "adopted_on", "legal_force_on": "legal_force_on",
            "implementation_starts_on": "implementation_starts_on",
            "implementation_ends_on": "implementation_ends_on",
        },
    ),
    Link(
        "sales_contact_title", "sales_contact_id", "contact", "title",
        {"sales_contact_email": "email", "sales_contact_phone": "phone"}, "sales",
    ),
    Link(
        "steward_title", "steward_contact_id", "contact", "title",
        {"steward_email": "email", "steward_phone": "phone"}, "steward",
    ),
)  # fmt: skip

LINKED_FIELDS = {link.by: TEXT for link in LINKS}
LINK_COLUMNS = {link.column: "bigint" for link in LINKS}
SAID_FIELDS = dict.fromkeys((name for link in LINKS for name in link.said), TEXT)
"""Fields that say something about what plots share; they are compared once for each shared thing, not for each row."""


@dataclass(frozen=True, slots=True)
class RecordTable:
    """Where the records of a field stand: their table, which of its rows they are (as `x`), and their columns."""

    table: str
    are_these: str
    columns: Mapping[str, str]


RECORDS = {
    "restrictions": RecordTable(
        "restriction", "coalesce(x.resolved_on > current_date, true)",
        {"kind": TEXT, "is_blocking": CLAIM, "owner": TEXT, "due_on": DAY, "description": TEXT,
         "evidence_url": TEXT},
    ),
    "use_degrees": RecordTable(
        "plot_use", "NOT x.is_excluded",
        {"code": TEXT, "degree": NUMBER, "degree_code": TEXT, "degree_bound": TEXT, "precision_text": TEXT},
    ),
    "rents": RecordTable(
        "price", "x.tenure <> 'forsaljning'",
        {"tenure": TEXT, "price_sek_per_m2": NUMBER, "price_max_sek_per_m2": NUMBER, "basis": TEXT,
         "is_yearly": CLAIM, "decided_on": DAY},
    ),
}  # fmt: skip
"""The fields of the view plot_records that hold lists of records."""

UTILITIES = {
    "has_water": "vatten",
    "has_sewer": "spillvatten",
    "has_district_heating": "fjarrvarme",
    "has_fibre": "fiber",
    "has_gas": "gas",
    "has_district_cooling": "fjarrkyla",
    "has_hydrogen": "vatgas",
}
DISTANCES = {"motorway": "motorway_junction", "rail": "rail_terminal", "port": "port", "airport": "airport"}
"""Kinds of infrastructure by the beginning of the fields that tell how far it is."""

FACT_FIELDS = {
    **dict.fromkeys(("use_codes", "excluded_use_codes"), TEXTS),
    **dict.fromkeys(("price_basis", *RECORDS), TEXT),
    **dict.fromkeys(("power_mw", "power_max_mw", "price_sek_per_m2", "price_max_sek_per_m2"), NUMBER),
    **dict.fromkeys(("power_max_on", "price_decided_on"), DAY),
    **dict.fromkeys(("power_max_is_firm", *UTILITIES), CLAIM),
    **{f"{name}_m": NUMBER for name in DISTANCES},
    **{f"{name}_method": TEXT for name in DISTANCES},
    **{f"{name}_min": NUMBER for name in DISTANCES},
    **{f"{name}_min_method": TEXT for name in DISTANCES},
}
"""Fields that stand in tables of facts."""

SETS = ("tenures", "use_codes", "excluded_use_codes")
COLUMN_TYPES = {**BASE_COLUMNS, **PLOT_FIELDS, **LINKED_FIELDS, **LINK_COLUMNS, **SAID_FIELDS, **FACT_FIELDS}
ASIDE = (*BASE_COLUMNS, *LINK_COLUMNS, *SAID_FIELDS)
"""Columns of a batch that are not compared field by field."""

NEEDED = {"dataset": ":dataset", "is_synthetic": "false"}
"""Fields that a plot can't be without, and what stands where a row says nothing."""

GROUPS = (
    ("price_sek_per_m2", "price_max_sek_per_m2", "price_basis", "price_decided_on"),
    ("power_mw", "power_max_mw", "power_max_on", "power_max_is_firm"),
    *((f"{name}_m", f"{name}_method") for name in DISTANCES),
    *((f"{name}_min", f"{name}_min_method") for name in DISTANCES),
)
"""Fields that stand in one row of facts: where a value of one was not taken, the others stay as well."""
