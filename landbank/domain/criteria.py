"""The catalogue of criteria: what a need can ask for, in which unit, with which operators, and how it is read.

Adding a criterion is adding one entry here; needs, schema, matching and explanation follow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from landbank.domain import reading
from landbank.domain.codes import PlanningState, PublicLabel, Tenure
from landbank.domain.columns import use_bit
from landbank.domain.reading import Reader


class Kind(StrEnum):
    """What a criterion's value is."""

    AMOUNT = "amount"
    DAYS = "days"
    CODE = "code"
    CODES = "codes"
    CLAIM = "claim"


class Op(StrEnum):
    """How a must compares."""

    AT_LEAST = ">="
    AT_MOST = "<="
    BETWEEN = "between"
    ANY_OF = "any_of"
    NONE_OF = "none_of"
    IS = "is"


OPERATORS: Final[dict[Kind, tuple[Op, ...]]] = {
    Kind.AMOUNT: (Op.AT_LEAST, Op.AT_MOST, Op.BETWEEN),
    Kind.DAYS: (Op.AT_MOST,),
    Kind.CODE: (Op.ANY_OF, Op.NONE_OF),
    Kind.CODES: (Op.ANY_OF, Op.NONE_OF),
    Kind.CLAIM: (Op.IS,),
}

Point: TypeAlias = tuple[float | str | bool, float]
Points: TypeAlias = tuple[Point, ...]

USE_CODES: Final = tuple("JZKHGCEVTPFROSDUNLBMY")
"""Use codes of kvartersmark (Boverket, BFS 2020:5), business uses first."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that a need can ask for.

    Attributes
    ----------
    unit
        Unit of amounts, or None.
    scale
        A difference in the unit that matters; relative shortfalls divide by it where the threshold is 0.
    codes
        Codes that can be asked for; empty where any text of `pattern` goes.
    default
        Points of the value function for a wish that names none; empty where there is no sensible one.
    is_legal
        A must on it can't be relaxed by either side alone: the law or the plan decides.
    """

    id: str
    kind: Kind
    label_sv: str
    label_en: str
    read: Reader
    unit: str | None = None
    scale: float = 1.0
    codes: tuple[str, ...] = ()
    pattern: str | None = None
    key_of: Callable[[str], int] | None = None
    default: Points = ()
    is_legal: bool = False
    can_be_conditional: bool = False

    @property
    def operators(self) -> tuple[Op, ...]:
        """The operators that a must on it may have."""
        return OPERATORS[self.kind]

    @property
    def is_numeric(self) -> bool:
        """Whether thresholds and curve points are numbers."""
        return self.kind in (Kind.AMOUNT, Kind.DAYS)

    def key(self, code: str) -> int:
        """The number that stands for a code in the columns: a place in the list, or a bit."""
        return self.key_of(code) if self.key_of else self.codes.index(code)


def amount(
    name: str,
    label_sv: str,
    label_en: str,
    unit: str,
    scale: float,
    *default: Point,
    read: Reader | None = None,
) -> Criterion:
    """A criterion whose value is a number."""
    reader = read or reading.amount(name)
    return Criterion(name, Kind.AMOUNT, label_sv, label_en, reader, unit=unit, scale=scale, default=default)


def claim(name: str, label_sv: str, label_en: str, column: str) -> Criterion:
    """A criterion that holds or not, and is good to have."""
    return Criterion(
        name,
        Kind.CLAIM,
        label_sv,
        label_en,
        reading.claim(column),
        default=((True, 1.0), (False, 0.0)),
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
    ),
    amount("net_area_m2", "Nettoarea", "Net area", "m²", 10_000, (2_000, 0.0), (10_000, 1.0)),
    Criterion(
        "use",
        Kind.CODES,
        "Tillåten användning",
        "Permitted use",
        reading.use,
        codes=USE_CODES,
        key_of=use_bit,
        is_legal=True,
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
    ),
    amount("price_sek_per_m2", "Pris", "Price", "kr/m²", 500, (200, 1.0), (1_200, 0.0), read=reading.price),
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
    ),
    Criterion(
        "label",
        Kind.CODE,
        "Status",
        "Status",
        reading.label,
        codes=tuple(PublicLabel),
        default=(("ledig_nu", 1.0), ("ledig_senare", 0.7), ("kommande", 0.4), ("reserverad", 0.2)),
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
    Criterion("tenure", Kind.CODES, "Upplåtelseform", "Tenure", reading.tenure, codes=tuple(Tenure)),
    claim("water", "Vatten", "Water", "has_water"),
    claim("sewer", "Spillvatten", "Sewer", "has_sewer"),
    claim("district_heating", "Fjärrvärme", "District heating", "has_district_heating"),
    claim("fibre", "Fiber", "Fibre", "has_fibre"),
    claim("gas", "Gas", "Gas", "has_gas"),
    amount("dwelling_distance_m", "Till bostäder", "To dwellings", "m", 200, (50, 0.0), (500, 1.0)),
    amount(
        "height_max_m", "Byggnadshöjd över mark", "Building height above ground", "m", 5, (8, 0.0), (20, 1.0)
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
    ),
    Criterion(
        "restrictions",
        Kind.CLAIM,
        "Blockerande begränsning",
        "Blocking restriction",
        reading.is_blocked,
        default=((False, 1.0), (True, 0.0)),
        is_legal=True,
    ),
)

CRITERIA: Final[dict[str, Criterion]] = {criterion.id: criterion for criterion in _LISTED}
"""All criteria by id, in the order that forms and tables show them."""
