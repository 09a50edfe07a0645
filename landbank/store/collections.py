"""What the inventory shows to programs: each collection once, for items, their description, exports and filters."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from landbank.errors import NotFound


class Kind(StrEnum):
    """Type of a column as callers see it."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    TEXTS = "texts"
    UUID = "uuid"


@dataclass(frozen=True, slots=True)
class Column:
    """One property of a collection's items."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Collection:
    """One collection: where its rows are found and where their properties stand.

    Rows are found and counted in `table`, whose indexes serve it: by `key`, among those that `is_current` holds
    for, inside a box by `outline` (EPSG:3857) and inside a period by `period`, its first and last day. Their
    properties are read from `facts`, a view or the same table, whose `facts_key` is the same id. `geometry` is an
    expression over `facts` in the storage CRS. All of these are SQL written here, never by a caller.
    """

    name: str
    title: str
    description: str
    geometry_kind: str
    table: str
    key: str
    facts: str
    facts_key: str
    outline: str
    geometry: str
    columns: tuple[Column, ...]
    is_current: str = "true"
    period: tuple[str, str] | None = None

    @property
    def key_kind(self) -> Kind:
        """Type of the id."""
        return next(column.kind for column in self.columns if column.name == self.facts_key)


def columns(**kinds: str) -> tuple[Column, ...]:
    """Columns in groups of one type each: `text="a b", number="c"`; the order is that of the groups."""
    return tuple(Column(name, Kind(kind)) for kind, names in kinds.items() for name in names.split())


PLOTS = Collection(
    name="plots",
    title="Plots",
    description="Planned business plots with their flat facts; one without a known outline shows as a point.",
    geometry_kind="polygon-or-point",
    table="landbank.plot",
    key="id",
    facts="landbank.plot_facts",
    facts_key="plot_id",
    outline="geometry_tile",
    geometry="coalesce(f.geometry, f.location)",
    is_current="(t.valid_to IS NULL OR t.valid_to > current_date)",
    period=("t.valid_from", "t.valid_to"),
    columns=columns(
        integer="plot_id area_id plan_id sales_contact_id steward_contact_id restriction_count row_version",
        text="reference name municipality_code municipality_name area_name plan_reference plan_name"
        " plan_document_url planning_state readiness availability label blocking_kind degree_code height_basis"
        " area_method motorway_method rail_method port_method airport_method price_basis owner_kind description"
        " motorway_min_method rail_min_method port_min_method airport_min_method lease_basis environment_class"
        " ground_kind flood_class"
        " sales_contact_title sales_contact_email sales_contact_phone steward_title dataset source source_url",
        texts="property_designations restriction_kinds use_codes excluded_use_codes tenures",
        number="degree height_max_m area_m2 area_declared_m2 net_area_m2 minimum_lot_m2 power_mw power_max_mw"
        " motorway_m rail_m port_m airport_m price_sek_per_m2 price_max_sek_per_m2 lease_sek_per_m2_year"
        " dwelling_distance_m motorway_min rail_min port_min airport_min largest_part_m2 slope_percent",
        boolean="needs_confirmation is_subdividable power_max_is_firm has_water has_sewer has_district_heating"
        " has_fibre has_gas has_district_cooling has_hydrogen has_rail_siding is_synthetic",
        date="legal_force_on implementation_ends_on ready_on available_on availability_until label_on"
        " power_max_on price_decided_on confirmed_on valid_from valid_to",
        datetime="recorded_at",
    ),
)

MUNICIPALITIES = Collection(
    name="municipalities",
    title="Municipalities",
    description="The municipalities that keep their land in landbank.",
    geometry_kind="multipolygon",
    table="landbank.municipality",
    key="code",
    facts="landbank.municipality",
    facts_key="code",
    outline="geometry_tile",
    geometry="f.geometry",
    columns=columns(text="code name county organisation_number website_url geometry_source"),
)

PARKS = Collection(
    name="parks",
    title="Business parks",
    description="Areas of plots with a common name.",
    geometry_kind="multipolygon",
    table="landbank.area",
    key="id",
    facts="landbank.area",
    facts_key="id",
    outline="geometry_tile",
    geometry="f.geometry",
    columns=columns(integer="id", text="municipality_code name description", boolean="is_synthetic"),
)

PLANS = Collection(
    name="plans",
    title="Plans",
    description="Detailed plans, and older kinds, that decide the use of plots.",
    geometry_kind="multipolygon",
    table="landbank.plan",
    key="id",
    facts="landbank.plan",
    facts_key="id",
    outline="geometry_tile",
    geometry="f.geometry",
    columns=columns(
        integer="id",
        text="municipality_code reference name kind state document_url source",
        date="adopted_on legal_force_on implementation_starts_on implementation_ends_on",
        uuid="ngp_id",
        boolean="is_synthetic",
    ),
)

INFRASTRUCTURE = Collection(
    name="infrastructure",
    title="Infrastructure",
    description="Points of the transport system that distances are measured to.",
    geometry_kind="point",
    table="landbank.infrastructure",
    key="id",
    facts="landbank.infrastructure",
    facts_key="id",
    outline="location_tile",
    geometry="f.location",
    columns=columns(integer="id accuracy_m", text="kind name source"),
)

COLLECTIONS = {
    collection.name: collection for collection in (PLOTS, MUNICIPALITIES, PARKS, PLANS, INFRASTRUCTURE)
}


def find_collection(name: str) -> Collection:
    """The collection of that name.

    Raises
    ------
    NotFound
        There is none.
    """
    found = COLLECTIONS.get(name)
    if found is None:
        raise NotFound(
            f"There is no collection '{name}'.", hint=f"There are {', '.join(COLLECTIONS)}.", where=name
        )
    return found
