"""Coordinates as people write them: SWEREF 99 in either order, or longitude and latitude.

Swedish maps name north first and call it x; programs put east first and call it x. Here the order is found from the
values themselves, since north and east of a system never share a range in Sweden; the letters N and E, where there are
any, must agree, and x and y say nothing. Pure text and arithmetic: nothing is reprojected.

Source: Lantmäteriet, SWEREF 99 (false easting 500 000 m in TM, 150 000 m in the zones).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from landbank.errors import Invalid

TOKEN = re.compile(
    r"(?P<grouped>[+-]?\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d+)?(?!\d))"
    r"|(?P<number>[+-]?\d+(?:[.,]\d+)?)|(?P<word>[^\W\d_]+)"
)
NORTH_WORDS = frozenset({"n", "nord", "norr", "north", "lat", "latitud", "latitude"})
EAST_WORDS = frozenset({"e", "ö", "ost", "öst", "east", "lon", "long", "longitud", "longitude"})
SILENT_WORDS = frozenset({"x", "y", "m"})


@dataclass(frozen=True, slots=True)
class Coordinates:
    """A place: x east and y north in metres, or longitude and latitude in degrees, and the EPSG code they are in."""

    x: float
    y: float
    crs: str


@dataclass(frozen=True, slots=True)
class System:
    """Where the values of a coordinate system lie in Sweden; `crs` is None for a zone that nobody named."""

    crs: str | None
    name: str
    east: tuple[float, float]
    north: tuple[float, float]

    def holds(self, east: float, north: float) -> bool:
        """Whether the pair can be a place in Sweden."""
        return self.east[0] <= east <= self.east[1] and self.north[0] <= north <= self.north[1]


SWEREF_TM = System("EPSG:3006", "SWEREF 99 TM", (200_000, 930_000), (6_100_000, 7_700_000))
LONLAT = System("EPSG:4326", "longitude and latitude", (10.0, 24.7), (54.9, 69.5))
ZONE = System(None, "a zone of SWEREF 99", (10_000, 290_000), (6_100_000, 7_700_000))
ZONE_CODES = {
    "EPSG:3007": "12 00", "EPSG:3008": "13 30", "EPSG:3009": "15 00", "EPSG:3010": "16 30", "EPSG:3011": "18 00",
    "EPSG:3012": "14 15", "EPSG:3013": "15 45", "EPSG:3014": "17 15", "EPSG:3015": "18 45", "EPSG:3016": "20 15",
    "EPSG:3017": "21 45", "EPSG:3018": "23 15",
}  # fmt: skip
"""The zones of SWEREF 99 with the degrees and minutes of their central meridian."""

EXAMPLE = "Write it as '6398667 319000' (SWEREF 99 TM, metres) or '57.7089 11.9746' (degrees)."


def parse_coordinates(text: str, *, crs: str | None = None) -> Coordinates:
    """The place that a text names, in either order, with decimal comma or point, blanks in thousands, N and E or not.

    `crs` says the system where the numbers can't: the zones of SWEREF 99 look all alike, and near the western edge TM
    does too. It is EPSG:3006 to EPSG:3018 or EPSG:4326.

    Raises
    ------
    Invalid
        There are not two numbers, no place in Sweden has them in either order, letters contradict the values, or
        several systems fit and `crs` names none.
    """
    told = " ".join(text.split())
    numbers, words = read_tokens(told)
    first, second = numbers
    fitting = [
        (system, (second, first) if north_first else (first, second))
        for system in systems(crs)
        for north_first in (False, True)
        if (system.holds(second, first) if north_first else system.holds(first, second))
    ]
    if not fitting:
        raise Invalid(f"'{told}' is no place in Sweden{of_system(crs)}.", hint=EXAMPLE, where=told)
    if len(fitting) > 1:
        names = " or ".join(system.name for system, _ in fitting)
        raise Invalid(
            f"'{told}' can be {names}.", hint="Name the coordinate system, as EPSG:3006.", where=told
        )
    system, (x, y) = fitting[0]
    refuse_contradiction(told, words, north_first=x == second)
    if system.crs is None:
        raise Invalid(
            f"'{told}' lies in a zone of SWEREF 99, but the numbers don't say in which.",
            hint="Name the zone; SWEREF 99 12 00, used around Göteborg, is EPSG:3007.",
            where=told,
        )
    return Coordinates(x, y, system.crs)


def systems(crs: str | None) -> tuple[System, ...]:
    """The systems that a text may be in: the one named, or all."""
    if crs is None:
        return (SWEREF_TM, ZONE, LONLAT)
    if crs in ZONE_CODES:
        return (System(crs, f"SWEREF 99 {ZONE_CODES[crs]}", ZONE.east, ZONE.north),)
    for system in (SWEREF_TM, LONLAT):
        if crs == system.crs:
            return (system,)
    raise Invalid(
        f"{crs} is not read from text.", hint="EPSG:3006 to EPSG:3018 and EPSG:4326 are.", where="crs"
    )


def of_system(crs: str | None) -> str:
    """How a refusal names the system that was asked for."""
    return f" in {crs}" if crs else ""


def read_tokens(told: str) -> tuple[tuple[float, float], tuple[str, str]]:
    """The two numbers of a text, and the word that stands with each ('' for none).

    Words stand before their numbers if the text begins with one, behind them otherwise.
    """
    tokens = [(match.lastgroup or "", match[0]) for match in TOKEN.finditer(told)]
    values: list[float] = []
    words: list[str] = []
    before = bool(tokens) and tokens[0][0] == "word"
    for place, (kind, token) in enumerate(tokens):
        if kind == "word":
            refuse_unknown(told, token)
            continue
        found = split_number(token, alone=sum(kind != "word" for kind, _ in tokens) == 1)
        values.extend(found)
        beside = tokens[place - 1 : place] if before else tokens[place + 1 : place + 2]
        words.extend([beside[0][1].lower() if beside and beside[0][0] == "word" else ""] * len(found))
    if len(values) != 2:
        raise Invalid(f"'{told}' does not hold two numbers.", hint=EXAMPLE, where=told)
    return (values[0], values[1]), (words[0], words[1])


def refuse_unknown(told: str, word: str) -> None:
    """Raise `Invalid` for a word that belongs to no coordinates."""
    if word.lower() not in NORTH_WORDS | EAST_WORDS | SILENT_WORDS:
        raise Invalid(f"'{told}' holds '{word}', which belongs to no coordinates.", hint=EXAMPLE, where=told)


def split_number(token: str, *, alone: bool) -> list[float]:
    """The number of a token; two, if it is alone and can only be two written together.

    '6 398 667 319 000' runs north and east together, which have seven and six digits in SWEREF 99 TM; in
    '6398667,319000' the comma parts them, since one number is no place.
    """
    if alone:
        digits = re.sub(r"[ \u00a0\u202f]", "", token)
        if re.fullmatch(r"\d{13}", digits):
            return [float(digits[:7]), float(digits[7:])]
        parts = digits.split(",")
        if len(parts) == 2 and all(len(part) >= 5 for part in parts):
            return [float(part) for part in parts]
    return [float(re.sub(r"[ \u00a0\u202f]", "", token).replace(",", "."))]


def refuse_contradiction(told: str, words: Sequence[str], *, north_first: bool) -> None:
    """Raise `Invalid` where a word calls east what can only be north, or the other way round."""
    north, east = words if north_first else reversed(words)
    if north in EAST_WORDS or east in NORTH_WORDS:
        raise Invalid(
            f"'{told}' names north and east the wrong way round: its values fit only the other way.",
            hint="Compare the numbers with their source.",
            where=told,
        )
