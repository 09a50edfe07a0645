"""What the inventory shows to programs: each collection once, for items, their description, exports and filters.

Those of the inventory itself stand here; reference layers are described in the same form by layers.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from landbank.domain.filter import Kind
from landbank.store.tables import plot

__all__ = ["COLLECTIONS", "Collection", "Column", "Kind", "columns"]


@dataclass(frozen=True, slots=True)
class Column:
    """One property of a collection's items; `stored` is the database's name for it, where that is another."""

    name: str
    kind: Kind
    stored: str = ""

    @property
    def column(self) -> str:
        """The name of the database's column."""
        return self.stored or self.name


@dataclass(frozen=True, slots=True, eq=False)
class Collection:
    """One collection: where its rows are found and where their properties stand.

    Rows are found and counted in `table`, whose indexes serve it: by `key`, among those that `is_current` holds for,
    inside shapes by `outline` (in `outline_srid`). Their properties are read from `facts`, a view or the same table,
    whose `facts_key` is the same id; it holds current rows alone. `own` are the properties that `table` has as they
    are; a filter that speaks of these alone never touches `facts`. `geometry` (in `storage_srid`) is an expression over
    either of them. In expressions `{t}` stands for whichever is meant. All of these are SQL written here or made of
    checked names, never by a caller.
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
    own: frozenset[str] | None = None
    is_current: str | None = None
    period: tuple[str, str] | None = None
    outline_srid: int = 3857
    storage_srid: int = 3006
    geometry_name: str = "geometry"
    is_public: bool = True
    extent: tuple[float, float, float, float] | None = None
    attribution: str | None = None
    layer_id: int | None = None
    by_name: Mapping[str, Column] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", MappingProxyType({one.name: one for one in self.columns}))

    @property
    def key_name(self) -> str:
        """The property that holds the id."""
        return next(one.name for one in self.columns if one.column == self.facts_key)

    @property
    def key_kind(self) -> Kind:
        """Type of the id."""
        return self.by_name[self.key_name].kind

    @property
    def queryables(self) -> dict[str, Kind]:
        """What filters may speak of, and its kind."""
        return {one.name: one.kind for one in self.columns} | {self.geometry_name: Kind.GEOMETRY}

    @property
    def sortables(self) -> tuple[str, ...]:
        """What items may be sorted by."""
        return tuple(one.name for one in self.columns if one.kind is not Kind.TEXTS)

    @property
    def has_past(self) -> bool:
        """Whether it can be read as of an earlier moment: a layer's rows are those of its file, and no others."""
        return self.layer_id is None

    @property
    def is_in_one_table(self) -> bool:
        """Whether everything is read where rows are found."""
        return self.facts == self.table


def columns(**kinds: str) -> tuple[Column, ...]:
    """Columns in groups of one type each: `text="a b", number="c"`; the order is that of the groups."""
    return tuple(Column(name, Kind(kind)) for kind, names in kinds.items() for name in names.split())


PLOTS = Collection(
    name="plots",
    title="Plots",
    description="Planned business plots with their flat facts; one without a known outline shows as a point.",
    geometry_kind="any",
    table="landbank.plot",
    key="id",
    facts="landbank.plot_facts",
    facts_key="plot_id",
    outline="geometry_tile",
    geometry="coalesce({t}.geometry, {t}.location)",
    is_current="({t}.valid_to IS NULL OR {t}.valid_to > current_date)",
    period=("valid_from", "valid_to"),
    own=frozenset({"plot_id", *(one.name for one in plot.columns)} - {"planning_state"}),
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

RESTRICTIONS = Collection(
    name="restrictions",
    title="Restrictions",
    description="What prevents or conditions the use of current plots now, each at the place of its plot.",
    geometry_kind="any",
    table="landbank.restriction_facts",
    key="id",
    facts="landbank.restriction_facts",
    facts_key="id",
    outline="geometry_tile",
    geometry="{t}.geometry",
    columns=columns(
        integer="id plot_id",
        text="plot_reference plot_name municipality_code kind description owner source",
        boolean="is_blocking is_synthetic",
        date="due_on resolved_on confirmed_on",
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
    geometry="{t}.geometry",
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
    geometry="{t}.geometry",
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
    geometry="{t}.geometry",
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
    geometry="{t}.location",
    columns=columns(integer="id accuracy_m", text="kind name source"),
)

COLLECTIONS = {
    collection.name: collection
    for collection in (PLOTS, PLANS, RESTRICTIONS, MUNICIPALITIES, PARKS, INFRASTRUCTURE)
}
