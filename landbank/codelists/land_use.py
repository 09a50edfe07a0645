"""Uses that a detailed plan can give to land for building."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from landbank.codelists.files import read_list
from landbank.codelists.terms import Term, as_term


@dataclass(frozen=True, slots=True)
class LandUse:
    """A use with its Boverket code, the colour word of the plan map and its HILUCS values, dominant first.

    `catalogue_hilucs` and `why` are set where landbank departs from the catalogue's own HILUCS value.
    """

    term: Term
    boverket_code: str
    colour: str
    is_business: bool
    hilucs: tuple[str, ...]
    catalogue_hilucs: str | None = None
    why: str | None = None

    @property
    def code(self) -> str:
        """The letter on the plan map."""
        return self.term.code

    def label(self, language: str) -> str:
        """Letter and name, such as 'J, industri'."""
        return f"{self.code}, {self.term.label(language).lower()}"


@cache
def land_uses() -> Mapping[str, LandUse]:
    """The uses by letter, those for business first."""
    rows = read_list("land_use")["land_use"]
    return MappingProxyType(
        {
            code: LandUse(
                as_term(code, row),
                row["boverket_code"],
                row["colour"],
                row["is_business"],
                tuple(row["hilucs"]),
                row.get("catalogue_hilucs"),
                row.get("why"),
            )
            for code, row in rows.items()
        }
    )
