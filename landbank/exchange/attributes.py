"""The attributes that leave and re-enter landbank: name and kind, in the order of a file's columns.

The names are those of the flat view `plot_facts`; their meaning stands in the data dictionary.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import pyarrow as pa

from landbank.exchange.records import write_records

Kind = Literal["text", "texts", "records", "number", "count", "claim", "day"]


@dataclass(frozen=True, slots=True)
class Attribute:
    """One column of an export. `texts` and `records` are one text each, since no common format keeps lists."""

    name: str
    kind: Kind


_IN_ORDER: tuple[tuple[Kind, str], ...] = (
    ("count", "plot_id"),
    ("text", "reference name municipality_code municipality_name area_name"),
    ("texts", "property_designations"),
    ("text", "plan_reference plan_name plan_kind plan_state plan_document_url planning_state"),
    ("day", "adopted_on legal_force_on implementation_starts_on implementation_ends_on"),
    ("text", "readiness"),
    ("day", "ready_on"),
    ("text", "availability"),
    ("day", "available_on availability_until"),
    ("text", "label"),
    ("day", "label_on"),
    ("claim", "needs_confirmation"),
    ("texts", "restriction_kinds"),
    ("text", "blocking_kind"),
    ("records", "restrictions"),
    ("texts", "use_codes excluded_use_codes"),
    ("records", "use_degrees"),
    ("number", "degree"),
    ("text", "degree_code"),
    ("number", "height_max_m"),
    ("text", "height_basis"),
    ("number", "area_m2"),
    ("text", "area_method"),
    ("number", "area_declared_m2 net_area_m2 largest_part_m2 minimum_lot_m2"),
    ("claim", "is_subdividable"),
    ("number", "power_mw power_max_mw"),
    ("day", "power_max_on"),
    ("claim", "power_max_is_firm has_water has_sewer has_district_heating has_fibre has_gas"),
    ("claim", "has_district_cooling has_hydrogen has_rail_siding"),
    ("number", "motorway_m rail_m port_m airport_m"),
    ("text", "motorway_method rail_method port_method airport_method"),
    ("number", "motorway_min rail_min port_min airport_min"),
    ("text", "motorway_min_method rail_min_method port_min_method airport_min_method"),
    ("number", "price_sek_per_m2 price_max_sek_per_m2"),
    ("text", "price_basis"),
    ("day", "price_decided_on"),
    ("number", "lease_sek_per_m2_year"),
    ("text", "lease_basis"),
    ("records", "rents"),
    ("texts", "tenures"),
    ("text", "owner_kind"),
    ("number", "dwelling_distance_m"),
    ("text", "environment_class"),
    ("number", "slope_percent"),
    ("text", "ground_kind flood_class"),
    ("text", "description sales_contact_title sales_contact_email sales_contact_phone"),
    ("text", "steward_title steward_email steward_phone"),
    ("text", "dataset source source_url"),
    ("day", "confirmed_on valid_from"),
    ("claim", "is_synthetic"),
    ("count", "row_version"),
)

ATTRIBUTES: tuple[Attribute, ...] = tuple(
    Attribute(name, kind) for kind, names in _IN_ORDER for name in names.split()
)

RANKING: tuple[Attribute, ...] = (
    Attribute("rank", "count"),
    Attribute("tier", "text"),
    Attribute("score", "number"),
)
"""What a search adds in front: place in the list, tier A-C and score 0-100."""

_ARROW: dict[str, Any] = {
    "text": pa.string(),
    "texts": pa.string(),
    "records": pa.string(),
    "number": pa.float64(),
    "count": pa.int64(),
    "claim": pa.bool_(),
    "day": pa.date32(),
}


def arrow_schema(attributes: tuple[Attribute, ...]) -> pa.Schema:
    """The Arrow schema of the attributes, without geometry."""
    return pa.schema([(attribute.name, _ARROW[attribute.kind]) for attribute in attributes])


def arrow_columns(attributes: tuple[Attribute, ...], rows: list[dict[str, Any]]) -> list[pa.Array]:
    """The rows as Arrow columns; what is many-valued as one text."""
    return [
        pa.array([plain_value(attribute, row[attribute.name]) for row in rows], _ARROW[attribute.kind])
        for attribute in attributes
    ]


def plain_value(attribute: Attribute, value: Any) -> Any:
    """The value as a cell takes it: lists of texts joined by `; `, records as records.py writes them."""
    if attribute.kind == "records":
        return write_records(attribute.name, value)
    return "; ".join(value) if attribute.kind == "texts" and value is not None else value
