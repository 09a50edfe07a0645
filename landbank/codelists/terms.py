"""Codes with a label and a definition in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Any

from landbank.codelists.files import read_list
from landbank.domain import codes

ENUM_OF_LIST: Mapping[str, type[StrEnum]] = MappingProxyType(
    {
        "planning_state": codes.PlanningState,
        "readiness": codes.Readiness,
        "availability": codes.Availability,
        "public_label": codes.PublicLabel,
        "restriction_kind": codes.RestrictionKind,
        "utility_kind": codes.UtilityKind,
        "access_kind": codes.AccessKind,
        "access_method": codes.AccessMethod,
        "tenure": codes.Tenure,
        "price_basis": codes.PriceBasis,
        "area_method": codes.AreaMethod,
        "owner_kind": codes.OwnerKind,
        "height_basis": codes.HeightBasis,
        "environment_class": codes.EnvironmentClass,
        "ground_kind": codes.GroundKind,
        "flood_class": codes.FloodClass,
        "plan_kind": codes.PlanKind,
        "degree_bound": codes.DegreeBound,
        "contact_kind": codes.ContactKind,
        "event_kind": codes.EventKind,
        "commitment_kind": codes.CommitmentKind,
        "commitment_end": codes.CommitmentEnd,
        "notice_kind": codes.NoticeKind,
        "lineage_reason": codes.LineageReason,
        "import_kind": codes.ImportKind,
        "import_state": codes.ImportState,
        "attribute_class": codes.AttributeClass,
        "key_fact": codes.KeyFact,
        "check_kind": codes.CheckKind,
        "todo_kind": codes.TodoKind,
        "mail_kind": codes.MailKind,
        "mail_state": codes.MailState,
    }
)
"""The closed lists by name; `land_use` and `municipality` are open lists and stand in files of their own."""


@dataclass(frozen=True, slots=True)
class Term:
    """A code with its labels and definitions; a definition is empty where the list gives none."""

    code: str
    sv: str
    en: str
    definition_sv: str = ""
    definition_en: str = ""

    def label(self, language: str) -> str:
        """The label in 'sv' or 'en'."""
        return self.en if language == "en" else self.sv

    def definition(self, language: str) -> str:
        """The definition in 'sv' or 'en'."""
        return self.definition_en if language == "en" else self.definition_sv


@dataclass(frozen=True, slots=True)
class Source:
    """Where a list comes from, under which licence, and the date of its state."""

    title: str
    publisher: str
    licence: str
    date: date
    url: str = ""
    note: str = ""


def as_term(code: str, row: Mapping[str, Any]) -> Term:
    """The term that a table of a list describes; further keys are the caller's."""
    return Term(code, row["sv"], row["en"], row.get("definition_sv", ""), row.get("definition_en", ""))


def source_of(file: str) -> Source:
    """The source of data/<file>.toml."""
    return Source(**read_list(file)["source"])


@cache
def terms(name: str) -> Mapping[str, Term]:
    """The terms of a closed list by code, in the order of the list.

    Raises
    ------
    KeyError
        There is no such list; the names are those of `ENUM_OF_LIST`.
    """
    file = "planning_states" if name == "planning_state" else "codes"
    return MappingProxyType({code: as_term(code, row) for code, row in read_list(file)[name].items()})


@cache
def hilucs() -> Mapping[str, Term]:
    """The HILUCS values that landbank uses, by code."""
    return MappingProxyType({code: as_term(code, row) for code, row in read_list("hilucs")["hilucs"].items()})


def label(name: str, code: str, language: str = "sv") -> str:
    """The label of a code of a closed list, in 'sv' or 'en'.

    Raises
    ------
    KeyError
        There is no such list or code.
    """
    return terms(name)[code].label(language)
