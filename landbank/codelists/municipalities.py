"""The 13 municipalities of the Göteborg region."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from landbank.codelists.files import read_list


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality; `centre` is the approximate longitude and latitude of its principal town."""

    code: str
    name: str
    county: str
    county_code: str
    centre: tuple[float, float]


@cache
def municipalities() -> Mapping[str, Municipality]:
    """The municipalities by their four-digit code, in code order."""
    rows = read_list("municipalities")["municipality"]
    return MappingProxyType(
        {
            row["code"]: Municipality(
                row["code"],
                row["name"],
                row["county"],
                row["county_code"],
                (row["centre"][0], row["centre"][1]),
            )
            for row in rows
        }
    )
