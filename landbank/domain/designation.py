"""Property designations (fastighetsbeteckningar): what a parcel is called in the Swedish real property register.

A designation names the registration district, which is a municipality by name, then a tract or a block by name, then
block and unit ('Skoby Berga 1:2'), or the unit alone where parcels are numbered within a named block ('Skoby Lejonet
7').

Source: Lantmäteriet, Handbok registerbeteckning (GEODOK/11).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from landbank.errors import Invalid

PART = re.compile(r"^\s*del\s+av\s+|\s*[,(]?\s*\bdel\s+av\)?\s*$", re.IGNORECASE)
NUMBERS = re.compile(r"^(?P<name>\S.*?)\s+(?:(?P<block>[A-Za-z]{1,2}|\d+)\s*:\s*)?(?P<unit>\d+)$")
EXAMPLE = "Write it as 'Lerum Berg 1:23', or without a block number as 'Göteborg Lejonet 7'."


@dataclass(frozen=True, slots=True)
class Designation:
    """A designation in its parts; `block` is None where parcels are numbered within a named block.

    `is_part` says that only a part of the parcel is meant ('del av').
    """

    municipality: str
    tract: str
    block: str | None
    unit: int
    is_part: bool = False

    def __str__(self) -> str:
        """The designation as it is written."""
        number = f"{self.block}:{self.unit}" if self.block else f"{self.unit}"
        return f"{'del av ' if self.is_part else ''}{self.municipality} {self.tract} {number}"


def parse_designation(text: str, municipalities: Iterable[str]) -> Designation:
    """The designation that a text holds; blanks and capitals of the municipality don't matter.

    `municipalities` are the names that may stand first. The longest that fits is taken, so that 'Lilla Edet Göta 1:5'
    lies in Lilla Edet; where none fits, the first word is taken for the municipality.

    Raises
    ------
    Invalid
        The text is no designation: there is no number at the end, or no name between municipality and number.
    """
    told = " ".join(text.split())
    whole, parts = PART.subn("", told)
    municipality, rest = split_municipality(whole.strip(), municipalities)
    found = NUMBERS.match(rest)
    if not municipality or not found:
        raise Invalid(f"'{told}' is no property designation.", hint=EXAMPLE)
    unit = int(found["unit"])
    if unit == 0:
        raise Invalid(f"'{told}' is no property designation: units are numbered from 1.", hint=EXAMPLE)
    return Designation(municipality, found["name"], found["block"], unit, is_part=parts > 0)


def split_municipality(told: str, municipalities: Iterable[str]) -> tuple[str, str]:
    """The municipality's name and what follows it; both empty where nothing follows."""
    folded = told.casefold()
    for name in sorted(municipalities, key=len, reverse=True):
        if folded.startswith(name.casefold() + " "):
            return name, told[len(name) + 1 :]
    first, _, rest = told.partition(" ")
    return (first, rest) if rest else ("", "")
