"""Planning states with the spellings of the national specification and of INSPIRE."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from landbank.codelists.files import read_list
from landbank.codelists.terms import Term, as_term


@dataclass(frozen=True, slots=True)
class PlanningTerm:
    """A planning state; `ngp` is None for landbank's own, `inspire` None where nothing is reported."""

    term: Term
    ngp: str | None
    inspire: str | None


@cache
def planning_terms() -> Mapping[str, PlanningTerm]:
    """The planning states by code, from unplanned to discontinued."""
    rows = read_list("planning_states")["planning_state"]
    return MappingProxyType(
        {
            code: PlanningTerm(as_term(code, row), row.get("ngp"), row["inspire"] or None)
            for code, row in rows.items()
        }
    )


@cache
def inspire_values(name: str) -> Mapping[str, Term]:
    """An INSPIRE PLU list by code: process_step_general, level_of_spatial_plan or regulation_nature."""
    return MappingProxyType({code: as_term(code, row) for code, row in read_list("inspire")[name].items()})
