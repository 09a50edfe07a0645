"""Property provisions (egenskapsbestämmelser) with what their number counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from landbank.codelists.files import read_list
from landbank.codelists.terms import Term, as_term
from landbank.domain.codes import DegreeBound, HeightBasis

ProvisionLetter = Term


@dataclass(frozen=True, slots=True)
class Provision:
    """A provision of Boverket's catalogue.

    `measure` is gross (bruttoarea), footprint (byggnadsarea), plot or height; `unit` percent, m2 or m; `within` says
    of which land a percentage is taken or which land an absolute figure covers. All are None for provisions without
    a number. `height_basis` is set for heights only.
    """

    term: Term
    letter: str
    measure: str | None
    unit: str | None
    within: str | None
    bound: DegreeBound | None
    height_basis: HeightBasis | None

    @property
    def code(self) -> str:
        """The catalogue's code, such as DP_KM_Eg_Utnytt_StorstaAreaProc_ByggnadsEgen."""
        return self.term.code


@cache
def provisions() -> Mapping[str, Provision]:
    """The provisions by catalogue code."""
    rows = read_list("property_provisions")["provision"]
    return MappingProxyType(
        {
            row["code"]: Provision(
                as_term(row["code"], row),
                row["letter"],
                row.get("measure"),
                row.get("unit"),
                row.get("within"),
                DegreeBound(row["bound"]) if "bound" in row else None,
                HeightBasis(row["height_basis"]) if "height_basis" in row else None,
            )
            for row in rows
        }
    )


@cache
def provision_letters() -> Mapping[str, ProvisionLetter]:
    """What each letter on the plan map stands for."""
    rows = read_list("property_provisions")["letter"]
    return MappingProxyType({letter: as_term(letter, row) for letter, row in rows.items()})
