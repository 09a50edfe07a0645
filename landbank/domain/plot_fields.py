"""The fields of a plot's document that people change: their kinds and bounds, for the check and for the schema.

The names are the columns of the tables; what each means stands in the data dictionary (data/fields.toml).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from landbank.domain import codes
from landbank.domain.criteria import USE_CODES


class Kind(StrEnum):
    """What a field's value is."""

    TEXT = "text"
    TEXTS = "texts"
    CODE = "code"
    CODES = "codes"
    NUMBER = "number"
    ID = "id"
    DAY = "day"
    PAST = "past"
    CLAIM = "claim"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its kind, its codes if it has any, its least and greatest value or length, what stands for nothing."""

    name: str
    kind: Kind
    codes: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    longest: int = 500
    is_required: bool = False
    default: bool | None = None


@dataclass(frozen=True, slots=True)
class Noun:
    """One kind of many-valued facts: its table and the fields of one fact."""

    table: str
    fields: tuple[Field, ...]


def text(name: str, longest: int = 500, *, is_required: bool = False) -> Field:
    """A field of running text."""
    return Field(name, Kind.TEXT, longest=longest, is_required=is_required)


def code(name: str, listed: type[StrEnum] | tuple[str, ...], *, is_required: bool = False) -> Field:
    """A field with one code of a list."""
    return Field(name, Kind.CODE, tuple(str(one) for one in listed), is_required=is_required)


def number(name: str, least: float, most: float, *, is_required: bool = False) -> Field:
    """A field with a number between two bounds."""
    return Field(name, Kind.NUMBER, least=least, most=most, is_required=is_required)


def of_kind(kind: Kind, *names: str) -> tuple[Field, ...]:
    """Fields of one kind without bounds."""
    return tuple(Field(name, kind) for name in names)


def claim(name: str, default: bool | None = None) -> Field:
    """A yes or no; `default` stands where nothing is said of it, None leaves it unknown."""
    return Field(name, Kind.CLAIM, default=default)


MOST_M2: Final = 1e11

PLOT_FIELDS: Final[tuple[Field, ...]] = (
    text("reference", 100, is_required=True),
    text("name", 200),
    text("description", 5_000),
    Field("property_designations", Kind.TEXTS, longest=100),
    *of_kind(Kind.ID, "area_id", "plan_id"),
    code("planning_state", codes.PlanningState),
    *of_kind(Kind.DAY, "ready_on", "available_on"),
    Field("tenures", Kind.CODES, tuple(str(one) for one in codes.Tenure)),
    code("owner_kind", codes.OwnerKind),
    number("area_declared_m2", 1, MOST_M2),
    number("net_area_m2", 1, MOST_M2),
    number("minimum_lot_m2", 1, MOST_M2),
    claim("is_subdividable"),
    number("height_max_m", 0.1, 500),
    code("height_basis", codes.HeightBasis),
    number("dwelling_distance_m", 0, 1e5),
    code("environment_class", codes.EnvironmentClass),
    claim("has_rail_siding"),
    number("slope_percent", 0, 100),
    code("ground_kind", codes.GroundKind),
    code("flood_class", codes.FloodClass),
    *of_kind(Kind.ID, "sales_contact_id", "steward_contact_id"),
    text("source"),
    Field("source_url", Kind.ADDRESS, longest=2_000),
    Field("confirmed_on", Kind.PAST),
)
"""The single values of a plot, in the order of its document."""

EVERY_FACT: Final = (text("source"), Field("confirmed_on", Kind.PAST))
"""Where a fact comes from and when it was last confirmed."""

NOUNS: Final[Mapping[str, Noun]] = {
    "uses": Noun(
        "plot_use",
        (
            code("code", USE_CODES, is_required=True),
            text("precision_text"),
            claim("is_excluded", default=False),
            number("degree", 0, MOST_M2),
            text("degree_code", 100),
            code("degree_bound", codes.DegreeBound),
            *EVERY_FACT,
        ),
    ),
    "restrictions": Noun(
        "restriction",
        (
            code("kind", codes.RestrictionKind, is_required=True),
            text("description", 5_000),
            claim("is_blocking", default=False),
            text("owner", 200),
            *of_kind(Kind.DAY, "due_on", "resolved_on"),
            Field("evidence_url", Kind.ADDRESS, longest=2_000),
            *EVERY_FACT,
        ),
    ),
    "utilities": Noun(
        "utility",
        (
            code("kind", codes.UtilityKind, is_required=True),
            claim("is_at_boundary"),
            number("capacity", 0, 1e9),
            text("capacity_unit", 20),
            *of_kind(Kind.DAY, "available_on"),
            claim("is_firm"),
            text("operator", 200),
            *EVERY_FACT,
        ),
    ),
    "accesses": Noun(
        "access",
        (
            code("kind", codes.AccessKind, is_required=True),
            *of_kind(Kind.ID, "infrastructure_id"),
            number("distance_m", 0, 1e7),
            number("minutes", 0, 1e5),
            code("method", codes.AccessMethod, is_required=True),
            *EVERY_FACT,
        ),
    ),
    "prices": Noun(
        "price",
        (
            code("tenure", codes.Tenure, is_required=True),
            number("price_sek_per_m2", 0, 1e6, is_required=True),
            number("price_max_sek_per_m2", 0, 1e6),
            code("basis", codes.PriceBasis, is_required=True),
            claim("is_yearly", default=False),
            claim("includes_connection_fees"),
            *of_kind(Kind.PAST, "decided_on"),
            *EVERY_FACT,
        ),
    ),
}
"""The many-valued facts of a plot, in the order of its document."""

SOURCE_FIELDS: Final[tuple[Field, ...]] = (
    *EVERY_FACT[:1],
    text("method"),
    text("note", 5_000),
    EVERY_FACT[1],
)
"""What can be said of where a single value comes from."""

AXES: Final = ("availability", "availability_until", "readiness")
"""Fields that change by the lifecycle's rules alone."""

READ_ONLY: Final = (
    "id", "row_version", "municipality_code", "dataset", *AXES, "area_m2", "area_method", "is_synthetic",
    "valid_from", "valid_to", "recorded_at",
)  # fmt: skip
"""What a document shows and nobody writes into it."""

SOURCED: Final = frozenset(
    {field.name for field in PLOT_FIELDS} - {"source", "source_url", "confirmed_on"} | set(AXES) | {"area_m2"}
)
"""The fields that a source of their own can be stated for."""

MOST_FACTS: Final = 200
"""Facts of one kind of a plot; more is a mistake of some program."""
