"""The fields of the need form: parameter names, units, what each asks of the matching, and how strongly.

One table makes the form, its reading, its writing and the words of its answers. Texts are Swedish and marked
for translation; values in addresses are Swedish in both languages, so that a link means the same in both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landbank.api.i18n import N_
from landbank.domain.criterion import Points

MUST = "krav"
WEIGHTS: Mapping[str, str] = {
    "avgorande": "decisive",
    "viktigt": "important",
    "bra": "useful",
    "garna": "nice",
}
"""Word of a wish in the address -> weight word of the matching."""

STRENGTH_TEXTS: Mapping[str, str] = {
    MUST: N_("Krav"),
    "avgorande": N_("Önskemål: avgörande"),
    "viktigt": N_("Önskemål: viktigt"),
    "bra": N_("Önskemål: bra att ha"),
    "garna": N_("Önskemål: gärna"),
}

WEIGHT_TEXTS: Mapping[str, str] = {
    "decisive": N_("avgörande"),
    "important": N_("viktigt"),
    "useful": N_("bra att ha"),
    "nice": N_("gärna"),
}

LATEST_DAYS = 365
"""A wished date loses all its points when the plot is ready so many days late."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form.

    `name` begins its parameters, `criteria` are what it asks of the matching, `factor` turns the number typed
    into the criterion's unit, `strength` is how it is meant unless the visitor says otherwise.
    """

    name: str
    criteria: tuple[str, ...]
    label: str
    unit: str = ""
    factor: float = 1
    strength: str = MUST
    example: str = ""

    @property
    def parameters(self) -> tuple[str, ...]:
        """The query parameters with its values."""
        return (self.name,)


class Span(Field):
    """A number from and to, either end open."""

    __slots__ = ()

    @property
    def parameters(self) -> tuple[str, ...]:
        """The two ends."""
        return (f"{self.name}_min", f"{self.name}_max")


class AtLeast(Field):
    """A number that is reached or passed."""

    __slots__ = ()


class AtMost(Field):
    """A number that is not passed."""

    __slots__ = ()


class Choice(Field):
    """Any of some codes."""

    __slots__ = ()


class Flag(Field):
    """Something that is there; for hindrances, that there is none."""

    __slots__ = ()

    @property
    def wanted(self) -> bool:
        """What the criterion says of a plot that is as asked for."""
        return "restrictions" not in self.criteria


class InTime(Flag):
    """That something is so on the day that the plot is needed, today where no day is asked for."""

    __slots__ = ()


class Day(Field):
    """The day that the plot is needed."""

    __slots__ = ()


class Sizes(Field):
    """Buildings that have to fit on the plot, and how far they stay from its border."""

    __slots__ = ()

    @property
    def parameters(self) -> tuple[str, ...]:
        """The sizes, and the distance."""
        return (self.name, f"{self.name}_avstand")


SIZE = Span("yta", ("area_m2",), N_("Tomtens storlek"), "ha", 10_000, example="5")
NET_SIZE = Span("netto", ("net_area_m2",), N_("Säljbar mark"), "ha", 10_000, example="4")
LARGEST_PART = Span("del", ("largest_part_m2",), N_("Största sammanhängande del"), "ha", 10_000, example="3")
USE = Choice("anv", ("use",), N_("Användning som planen tillåter"))
POWER = AtLeast("el", ("power_mw",), N_("Eleffekt, minst"), "MW", example="2,5")
PRICE = AtMost(
    "pris", ("price_sek_per_m2",), N_("Pris, högst"), N_("kr/m²"), strength="viktigt", example="600"
)
PRICE_BASIS = Choice("prisbas", ("price_basis",), N_("Priset räknas på"), strength="bra")
LEASE = AtMost(
    "avgald", ("lease_sek_per_m2_year",), N_("Årlig avgift, högst"), N_("kr/m² och år"), 1, "viktigt", "30"
)
MOTORWAY = AtMost("motorvag", ("motorway_m",), N_("Till motorvägsmot, högst"), "km", 1000, "viktigt", "3")
RAIL = AtMost("jarnvag", ("rail_m",), N_("Till järnvägsterminal, högst"), "km", 1000, "viktigt", "20")
PORT = AtMost("hamn", ("port_m",), N_("Till hamn, högst"), "km", 1000, "viktigt", "25")
AIRPORT = AtMost("flyg", ("airport_m",), N_("Till flygplats, högst"), "km", 1000, "viktigt", "40")
MOTORWAY_TIME = AtMost(
    "motorvag_tid", ("motorway_min",), N_("Restid till motorvägsmot, högst"), "min", 1, "viktigt", "5"
)
RAIL_TIME = AtMost(
    "jarnvag_tid", ("rail_min",), N_("Restid till järnvägsterminal, högst"), "min", 1, "viktigt", "20"
)
PORT_TIME = AtMost("hamn_tid", ("port_min",), N_("Restid till hamn, högst"), "min", 1, "viktigt", "30")
AIRPORT_TIME = AtMost(
    "flyg_tid", ("airport_min",), N_("Restid till flygplats, högst"), "min", 1, "viktigt", "40"
)
SIDING = Flag("stickspar", ("siding",), N_("Stickspår på tomten"))
NEEDED_ON = Day("datum", ("ready_by",), N_("Byggklar senast"))
FREE_IN_TIME = InTime("tilltrade", ("available_by",), N_("Tillträde möjligt den dagen"))
READINESS = Choice("mark", ("readiness",), N_("Markens skick"))
MUNICIPALITY = Choice("kommun", ("municipality",), N_("Kommun"))
STATUS = Choice("status", ("label",), N_("Status"))
WATER = Flag("va", ("water", "sewer"), N_("Vatten och avlopp vid tomtgräns"))
FIBRE = Flag("fiber", ("fibre",), N_("Fiber vid tomtgräns"), strength="bra")
HEATING = Flag("fjarrvarme", ("district_heating",), N_("Fjärrvärme vid tomtgräns"), strength="bra")

GAS = Flag("gas", ("gas",), N_("Gas vid tomtgräns"), strength="bra")
COOLING = Flag("fjarrkyla", ("cooling",), N_("Fjärrkyla vid tomtgräns"), strength="bra")
HYDROGEN = Flag("vatgas", ("hydrogen",), N_("Vätgas vid tomtgräns"), strength="bra")
FLOOR_AREA = Span("byggratt", ("floor_area_m2",), N_("Byggrätt, bruttoarea"), "m²", example="5000")
FLOOR_SHARE = AtLeast(
    "exploatering", ("floor_share_percent",), N_("Byggrätt av tomtens area, minst"), "%", example="40"
)
HEIGHT = AtLeast("hojd", ("height_max_m",), N_("Byggnadshöjd, minst"), "m", example="12")
PLANNING = Choice("planlage", ("planning_state",), N_("Planläge"))
FREE = Flag("hinderfri", ("restrictions",), N_("Inget som hindrar byggande"))
DWELLINGS = AtLeast(
    "bostader", ("dwelling_distance_m",), N_("Till bostäder, minst"), "m", strength="viktigt", example="300"
)
ENVIRONMENT = Choice("miljo", ("environment_class",), N_("Miljöfarlig verksamhet i klass"))
SLOPE = AtMost("lutning", ("slope_percent",), N_("Lutning, högst"), "%", strength="viktigt", example="5")
GROUND = Choice("jordart", ("ground_kind",), N_("Jordart"), strength="bra")
FLOOD = Choice("oversvamning", ("flood_class",), N_("Översvämning"))
OWNER = Choice("agare", ("owner_kind",), N_("Ägare"), strength="bra")
CONFIRMED = AtMost(
    "bekraftad", ("confirmed_days",), N_("Bekräftad de senaste"), N_("dagar"), strength="bra", example="365"
)
TENURE = Choice("upplatelse", ("tenure",), N_("Upplåtelseform"))

BUILDING = Sizes("byggnad", (), N_("Byggnader som ska få plats"), "m", example="120x80")

FIELDS: tuple[Field, ...] = (
    SIZE,
    BUILDING,
    NET_SIZE,
    LARGEST_PART,
    USE,
    STATUS,
    FLOOR_AREA,
    FLOOR_SHARE,
    HEIGHT,
    PLANNING,
    FREE,
    NEEDED_ON,
    FREE_IN_TIME,
    READINESS,
    POWER,
    WATER,
    FIBRE,
    HEATING,
    GAS,
    COOLING,
    HYDROGEN,
    MOTORWAY,
    RAIL,
    PORT,
    AIRPORT,
    MOTORWAY_TIME,
    RAIL_TIME,
    PORT_TIME,
    AIRPORT_TIME,
    SIDING,
    DWELLINGS,
    ENVIRONMENT,
    SLOPE,
    GROUND,
    FLOOD,
    PRICE,
    PRICE_BASIS,
    LEASE,
    TENURE,
    OWNER,
    CONFIRMED,
    MUNICIPALITY,
)
"""All that the form can ask for: every criterion but the distance to a place of one's own, which needs the place."""

BY_NAME: Mapping[str, Field] = {one.name: one for one in FIELDS}
BY_CRITERION: Mapping[str, Field] = {criterion: one for one in FIELDS for criterion in one.criteria}


def wish_points(one: Field, values: tuple[Any, ...]) -> Points:
    """How a wish gives points: (value or code, 0..1), ... in the criterion's unit.

    What was asked for gives full points. At most X falls to nothing at 2 X, at least X rises from nothing
    at 0, an area falls to nothing at half its least and twice its most size, a day at a year's delay.
    """
    match one:
        case Choice():
            return tuple((code, 1.0) for code in values)
        case InTime() | Day():
            return (0.0, 1.0), (float(LATEST_DAYS), 0.0)
        case Flag():
            return (one.wanted, 1.0), (not one.wanted, 0.0)
        case AtLeast():
            return (0.0, 0.0), (values[0], 1.0)
        case AtMost():
            return (values[0], 1.0), (2 * values[0], 0.0)
    return span_points(*values)


def span_points(least: float | None, most: float | None) -> Points:
    """How a wish for a span gives points, either end open."""
    if least == 0:
        return ((0.0, 1.0), (1.0, 1.0)) if most is None else ((most, 1.0), (2 * most, 0.0))
    rising = () if least is None else ((least / 2, 0.0), (least, 1.0))
    falling = () if most is None else ((most, 1.0), (2 * most, 0.0))
    return (*rising, *(falling[1:] if least == most else falling))
