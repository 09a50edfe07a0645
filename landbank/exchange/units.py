"""Quantities as people write them: '12,5 ha', '1 200 m²', '30-150', 'ca 25 000 kvm'; and prose that is none."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

UNITS: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "area": {
            "m2": 1.0, "kvm": 1.0, "kvadratmeter": 1.0, "sqm": 1.0, "squaremetres": 1.0, "squaremeters": 1.0,
            "ha": 1e4, "hektar": 1e4, "hectare": 1e4, "hectares": 1e4, "tha": 1e4,
            "km2": 1e6, "kvkm": 1e6, "kvadratkilometer": 1e6,
            "acre": 4046.8564224, "acres": 4046.8564224, "ac": 4046.8564224,
            "tunnland": 4936.4, "tunnlands": 4936.4,
        },
        "length": {"m": 1.0, "meter": 1.0, "metres": 1.0, "km": 1e3, "kilometer": 1e3, "mil": 1e4, "cm": 0.01},
        "power": {"mw": 1.0, "mva": 1.0, "kw": 1e-3, "kva": 1e-3, "gw": 1e3},
        "price": {"krm2": 1.0, "krkvm": 1.0, "sekm2": 1.0, "kr": 1.0, "sek": 1.0, "krperm2": 1.0, "krperkvm": 1.0,
                  "kronor": 1.0, "sekperm2": 1.0, "krkvadratmeter": 1.0},
        "time": {"min": 1.0, "minuter": 1.0, "minutes": 1.0, "h": 60.0, "tim": 60.0, "timmar": 60.0, "hours": 60.0},
        "share": {"procent": 1.0, "percent": 1.0, "pct": 1.0},
    }
)  # fmt: skip
"""What one unit is in the field's own: m², m, MW, kr per m², minutes, per cent.

1 acre = 4 046.8564224 m² (international acre, 43 560 ft² of 0.3048 m). 1 tunnland = 14 000 square ells of
0.5938 m, 4 936.4 m² (the Swedish measure until 1889). MVA counts as MW (power factor 1).
"""

NUMBER = r"[+-]?\d[\d.,' ]*(?:[eE][+-]?\d+)?"
_SINGLE = re.compile(
    rf"^(?P<about>ca\.?|cirka|circa|approx\.?|c:a|~|≈)?\s*(?P<number>{NUMBER})\s*(?P<unit>.*)$"
)
_RANGE = re.compile(
    r"^(?:ca\.?\s*)?(?P<low>\d[\d.,' ]*?)\s*(?:-|–|—|till|to)\s*(?P<high>\d[\d.,' ]*)\s*(?P<unit>\D*)$"
)


class NotAQuantity(ValueError):
    """The text is no single quantity; the message says why."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value, or a range where `high` is given, in the dimension's own unit."""

    value: float
    high: float | None = None


def parse_quantity(text: str, dimension: str, unit: str | None) -> Quantity:
    """The quantity that a text states, in m², m, MW or kr per m².

    A unit in the text wins over `unit`, which the column states. A comma is a decimal sign unless three digits
    follow it, which can be read in two ways.

    Raises
    ------
    NotAQuantity
        The text is prose, a bound ('<500'), of another unit or ambiguous, or no unit is stated.
    """
    told = _tidy(text)
    ranged = _RANGE.match(told)
    if ranged:
        factor = _factor(ranged["unit"], dimension, unit)
        low, high = parse_number(ranged["low"]), parse_number(ranged["high"])
        if high < low:
            raise NotAQuantity("the range ends below its beginning")
        return Quantity(low * factor, high * factor)
    single = _SINGLE.match(told)
    if not single:
        raise NotAQuantity("it is not a number")
    return Quantity(parse_number(single["number"]) * _factor(single["unit"], dimension, unit))


def _tidy(text: str) -> str:
    """The text with ordinary spaces, digits and minus signs: 'm²' becomes 'm2', thin spaces plain ones."""
    normal = unicodedata.normalize("NFKC", text).replace("−", "-").replace("’", "'")
    return re.sub(r"\s+", " ", normal).strip()


def parse_number(text: str) -> float:
    """The number that a text states, with decimal comma or point and spaces, points or apostrophes between thousands.

    Raises
    ------
    NotAQuantity
        It is none, or can be read in two ways ('1,200').
    """
    digits = re.sub(r"[ ']", "", text).rstrip(".,")
    commas, points = digits.count(","), digits.count(".")
    if commas and points:
        digits = (
            digits.replace(".", "").replace(",", ".")
            if digits.rfind(",") > digits.rfind(".")
            else digits.replace(",", "")
        )
    elif commas > 1 or points > 1:
        if not re.fullmatch(r"[+-]?\d{1,3}([.,]\d{3})+", digits):
            raise NotAQuantity("its points or commas don't stand between thousands")
        digits = re.sub(r"[.,]", "", digits)
    elif commas == 1:
        if re.fullmatch(r"[+-]?[1-9]\d{0,2},\d{3}", digits):
            raise NotAQuantity("the comma can be a decimal sign or stand between thousands")
        digits = digits.replace(",", ".")
    try:
        return float(digits)
    except ValueError:
        raise NotAQuantity("it is not a number") from None


def _factor(written: str, dimension: str, unit: str | None) -> float:
    known = UNITS[dimension]
    word = re.sub(r"[^a-z0-9åäö]", "", written.casefold())
    if word:
        if word not in known:
            raise NotAQuantity(f"'{written.strip()}' is not a unit of {dimension}")
        return known[word]
    if unit is None:
        raise NotAQuantity("no unit is stated")
    return known[unit]


def unit_in_header(header: str, dimension: str) -> tuple[str | None, str]:
    """The unit that a header states, and the header without it: 'Areal (ha)' gives ('ha', 'areal')."""
    tokens = re.findall(
        r"[a-zåäö]+[0-9]?|[0-9]+", _tidy(re.sub(r"([a-zåäö])([A-ZÅÄÖ])", r"\1 \2", header)).casefold()
    )
    known = UNITS[dimension]
    for width in (4, 3, 2, 1):
        for start in range(len(tokens) - width, -1, -1):
            word = "".join(tokens[start : start + width])
            if word in known and (width < len(tokens) or word in ("hectares", "hektar", "krm2")):
                return word, "".join(tokens[:start] + tokens[start + width :])
    return None, "".join(tokens)
