"""Starting needs per kind of business: visible defaults that are copied and edited, never applied unseen.

The figures are landbank's own starting points for the Göteborg region, not requirements of any company.
"""

from __future__ import annotations

from typing import Final

from landbank.domain.criterion import Op
from landbank.domain.need import Must, Need, Weight, Wish

OPEN: Final = Must("label", Op.NONE_OF, ("sald", "ej_till_salu"))
"""Every template leaves out what is sold and what is not for sale; the must is shown like any other."""

WATER: Final = (Must("water", Op.IS, threshold=True), Must("sewer", Op.IS, threshold=True))

VERSION: Final = 1
"""Changes with any default, so that an answer can be traced to the defaults it was made with."""

_LOGISTICS: Final = Need(
    title="Logistics terminal",
    musts=(
        Must("area_m2", Op.AT_LEAST, 20_000),
        Must("use", Op.ANY_OF, ("J", "Z")),
        OPEN,
    ),
    wishes=(
        Wish("motorway_m", ((1_000, 1), (8_000, 0)), Weight.DECISIVE),
        Wish("port_m", ((10_000, 1), (50_000, 0)), Weight.USEFUL),
        Wish("rail_m", ((2_000, 1), (25_000, 0)), Weight.USEFUL),
        Wish("price_sek_per_m2", ((300, 1), (1_000, 0)), Weight.IMPORTANT),
        Wish("ready_by", ((0, 1), (730, 0)), Weight.IMPORTANT),
    ),
)

_MANUFACTURING: Final = Need(
    title="Manufacturing plant",
    musts=(
        Must("area_m2", Op.AT_LEAST, 10_000),
        Must("use", Op.ANY_OF, ("J",)),
        *WATER,
        OPEN,
    ),
    wishes=(
        Wish("power_mw", ((0.5, 0), (5, 1)), Weight.DECISIVE),
        Wish("dwelling_distance_m", ((50, 0), (500, 1)), Weight.USEFUL),
        Wish("motorway_m", ((2_000, 1), (15_000, 0)), Weight.USEFUL),
        Wish("price_sek_per_m2", ((200, 1), (900, 0)), Weight.IMPORTANT),
        Wish("ready_by", ((0, 1), (730, 0)), Weight.IMPORTANT),
    ),
)

_WORKSHOP: Final = Need(
    title="Workshop",
    musts=(
        Must("area_m2", Op.BETWEEN, (1_500, 15_000)),
        Must("use", Op.ANY_OF, ("J", "Z")),
        *WATER,
        OPEN,
    ),
    wishes=(
        Wish("area_m2", ((1_500, 0), (2_500, 1), (6_000, 1), (15_000, 0)), Weight.USEFUL),
        Wish("price_sek_per_m2", ((200, 1), (900, 0)), Weight.DECISIVE),
        Wish("motorway_m", ((2_000, 1), (10_000, 0)), Weight.NICE),
        Wish("ready_by", ((0, 1), (365, 0)), Weight.IMPORTANT),
    ),
)

_DATA_CENTRE: Final = Need(
    title="Data centre",
    musts=(
        Must("area_m2", Op.AT_LEAST, 20_000),
        Must("use", Op.ANY_OF, ("E", "J", "Z")),
        Must("power_mw", Op.AT_LEAST, 5),
        OPEN,
    ),
    wishes=(
        Wish("power_mw", ((5, 0), (20, 1)), Weight.DECISIVE),
        Wish("fibre", weight=Weight.IMPORTANT),
        Wish("district_heating", weight=Weight.USEFUL),
        Wish("dwelling_distance_m", ((100, 0), (600, 1)), Weight.USEFUL),
        Wish("ready_by", ((0, 1), (730, 0)), Weight.IMPORTANT),
    ),
)

_OFFICE: Final = Need(
    title="Office",
    musts=(Must("use", Op.ANY_OF, ("C", "K")), OPEN),
    wishes=(
        Wish("floor_area_m2", ((1_000, 0), (8_000, 1)), Weight.IMPORTANT),
        Wish("fibre", weight=Weight.IMPORTANT),
        Wish("district_heating", weight=Weight.NICE),
        Wish("motorway_m", ((1_000, 1), (8_000, 0)), Weight.USEFUL),
        Wish("planning_state", weight=Weight.USEFUL),
    ),
)

_RETAIL: Final = Need(
    title="Retail",
    musts=(
        Must("use", Op.ANY_OF, ("C", "H")),
        Must("area_m2", Op.AT_LEAST, 3_000),
        OPEN,
    ),
    wishes=(
        Wish("motorway_m", ((500, 1), (5_000, 0)), Weight.DECISIVE),
        Wish("area_m2", ((3_000, 0), (10_000, 1), (40_000, 1), (80_000, 0.3)), Weight.USEFUL),
        Wish("price_sek_per_m2", ((500, 1), (1_200, 0)), Weight.USEFUL),
        Wish("ready_by", ((0, 1), (730, 0)), Weight.IMPORTANT),
    ),
)

_ENERGY: Final = Need(
    title="Energy plant",
    musts=(
        Must("use", Op.ANY_OF, ("E",)),
        Must("area_m2", Op.AT_LEAST, 5_000),
        OPEN,
    ),
    wishes=(
        Wish("power_mw", ((1, 0), (10, 1)), Weight.DECISIVE, conditional=True),
        Wish("dwelling_distance_m", ((100, 0), (800, 1)), Weight.IMPORTANT),
        Wish("price_sek_per_m2", ((100, 1), (700, 0)), Weight.USEFUL),
        Wish("restrictions", weight=Weight.USEFUL),
    ),
)

TEMPLATES: Final[dict[str, Need]] = {
    "logistics": _LOGISTICS,
    "manufacturing": _MANUFACTURING,
    "workshop": _WORKSHOP,
    "data_centre": _DATA_CENTRE,
    "office": _OFFICE,
    "retail": _RETAIL,
    "energy": _ENERGY,
}
"""Templates by name, in the order that they are offered."""

TEMPLATE_LABELS: Final[dict[str, tuple[str, str]]] = {
    "logistics": ("Logistik", "Logistics"),
    "manufacturing": ("Tillverkning", "Manufacturing"),
    "workshop": ("Verkstad", "Workshop"),
    "data_centre": ("Datacenter", "Data centre"),
    "office": ("Kontor", "Office"),
    "retail": ("Handel", "Retail"),
    "energy": ("Energi", "Energy"),
}
"""Their names in Swedish and English."""
