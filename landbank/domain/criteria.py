"""The catalogue of criteria: what a need can ask for, in which unit, with which operators, and how it is read.

Adding a criterion is adding one entry here; needs, schema, matching and explanation follow.
"""

from __future__ import annotations

from typing import Final

from landbank.domain import reading
from landbank.domain.codes import PlanningState, PublicLabel, Tenure
from landbank.domain.columns import use_bit
from landbank.domain.criterion import Criterion, Kind, Point
from landbank.domain.parties import Party
from landbank.domain.reading import Reader

USE_CODES: Final = tuple("JZKHGCEVTPFROSDUNLBMY")
"""Use codes of kvartersmark (Boverket, BFS 2020:5), business uses first."""


def amount(
    name: str,
    label_sv: str,
    label_en: str,
    unit: str,
    scale: float,
    *default: Point,
    read: Reader | None = None,
    known_by: Party = Party.MUNICIPALITY,
    changed_by: tuple[Party, ...] = (),
) -> Criterion:
    """A criterion whose value is a number."""
    return Criterion(
        name,
        Kind.AMOUNT,
        label_sv,
        label_en,
        read or reading.amount(name),
        unit=unit,
        scale=scale,
        default=default,
        known_by=known_by,
        changed_by=changed_by,
    )


def claim(name: str, label_sv: str, label_en: str, column: str, *, provider: Party) -> Criterion:
    """A criterion that holds or not, and is good to have; its provider knows it and can change it."""
    return Criterion(
        name,
        Kind.CLAIM,
        label_sv,
        label_en,
        reading.claim(column),
        default=((True, 1.0), (False, 0.0)),
        known_by=provider,
        changed_by=(provider,),
    )


_LISTED: Final = (
    amount(
        "area_m2",
        "Tomtarea",
        "Plot area",
        "m²",
        10_000,
        (2_000, 0.0),
        (10_000, 1.0),
        (50_000, 1.0),
        (150_000, 0.3),
        changed_by=(Party.OWNER, Party.PLAN_AUTHORITY),
    ),
    amount(
        "net_area_m2",
        "Nettoarea",
        "Net area",
        "m²",
        10_000,
        (2_000, 0.0),
        (10_000, 1.0),
        changed_by=(Party.OWNER, Party.PLAN_AUTHORITY),
    ),
    Criterion(
        "use",
        Kind.CODES,
        "Tillåten användning",
        "Permitted use",
        reading.use,
        codes=USE_CODES,
        key_of=use_bit,
        is_legal=True,
        known_by=Party.PLAN_AUTHORITY,
        changed_by=(Party.PLAN_AUTHORITY,),
    ),
    Criterion(
        "power_mw",
        Kind.AMOUNT,
        "Eleffekt",
        "Electric power",
        reading.power,
        unit="MW",
        default=((0, 0.0), (5, 1.0)),
        can_be_conditional=True,
        known_by=Party.GRID_OWNER,
        changed_by=(Party.GRID_OWNER,),
    ),
    amount(
        "price_sek_per_m2",
        "Pris",
        "Price",
        "kr/m²",
        500,
        (200, 1.0),
        (1_200, 0.0),
        read=reading.price,
        known_by=Party.OWNER,
        changed_by=(Party.OWNER,),
    ),
    amount("motorway_m", "Till motorväg", "To motorway", "m", 5_000, (1_000, 1.0), (10_000, 0.0)),
    amount("rail_m", "Till kombiterminal", "To rail terminal", "m", 10_000, (1_000, 1.0), (25_000, 0.0)),
    amount("port_m", "Till hamn", "To port", "m", 10_000, (5_000, 1.0), (50_000, 0.0)),
    amount("airport_m", "Till flygplats", "To airport", "m", 20_000, (10_000, 1.0), (60_000, 0.0)),
    Criterion(
        "ready_by",
        Kind.DAYS,
        "Klar i tid",
        "Ready in time",
        reading.days_late,
        unit="d",
        scale=365,
        default=((0, 1.0), (730, 0.0)),
        changed_by=(Party.OWNER, Party.MUNICIPALITY),
    ),
    Criterion(
        "planning_state",
        Kind.CODE,
        "Planläge",
        "Planning state",
        reading.planning_state,
        codes=tuple(PlanningState),
        default=(
            ("laga_kraft", 1.0),
            ("antagen", 0.8),
            ("overklagad", 0.5),
            ("tillsyn", 0.5),
            ("granskning", 0.5),
            ("samrad", 0.3),
            ("paborjad", 0.2),
            ("planbesked", 0.1),
        ),
        is_legal=True,
        known_by=Party.PLAN_AUTHORITY,
        changed_by=(Party.PLAN_AUTHORITY,),
    ),
    Criterion(
        "label",
        Kind.CODE,
        "Status",
        "Status",
        reading.label,
        codes=tuple(PublicLabel),
        default=(("ledig_nu", 1.0), ("ledig_senare", 0.7), ("kommande", 0.4), ("reserverad", 0.2)),
        known_by=Party.OWNER,
        changed_by=(Party.OWNER,),
        final_codes=(PublicLabel.SALD, PublicLabel.EJ_TILL_SALU),
    ),
    Criterion(
        "municipality",
        Kind.CODE,
        "Kommun",
        "Municipality",
        reading.municipality,
        pattern="^[0-9]{4}$",
        key_of=int,
    ),
    Criterion(
        "tenure",
        Kind.CODES,
        "Upplåtelseform",
        "Tenure",
        reading.tenure,
        codes=tuple(Tenure),
        known_by=Party.OWNER,
        changed_by=(Party.OWNER,),
    ),
    claim("water", "Vatten", "Water", "has_water", provider=Party.MUNICIPALITY),
    claim("sewer", "Spillvatten", "Sewer", "has_sewer", provider=Party.MUNICIPALITY),
    claim(
        "district_heating",
        "Fjärrvärme",
        "District heating",
        "has_district_heating",
        provider=Party.GRID_OWNER,
    ),
    claim("fibre", "Fiber", "Fibre", "has_fibre", provider=Party.GRID_OWNER),
    claim("gas", "Gas", "Gas", "has_gas", provider=Party.GRID_OWNER),
    amount("dwelling_distance_m", "Till bostäder", "To dwellings", "m", 200, (50, 0.0), (500, 1.0)),
    amount(
        "height_max_m",
        "Byggnadshöjd över mark",
        "Building height above ground",
        "m",
        5,
        (8, 0.0),
        (20, 1.0),
        known_by=Party.PLAN_AUTHORITY,
        changed_by=(Party.PLAN_AUTHORITY,),
    ),
    amount(
        "floor_area_m2",
        "Byggrätt, bruttoarea",
        "Permitted gross floor area",
        "m²",
        5_000,
        (1_000, 0.0),
        (10_000, 1.0),
        read=reading.floor_area,
        known_by=Party.PLAN_AUTHORITY,
        changed_by=(Party.PLAN_AUTHORITY,),
    ),
    Criterion(
        "restrictions",
        Kind.CLAIM,
        "Blockerande begränsning",
        "Blocking restriction",
        reading.is_blocked,
        default=((False, 1.0), (True, 0.0)),
        is_legal=True,
        changed_by=(Party.OWNER, Party.MUNICIPALITY),
    ),
)

CRITERIA: Final[dict[str, Criterion]] = {criterion.id: criterion for criterion in _LISTED}
"""All criteria by id, in the order that forms and tables show them."""
