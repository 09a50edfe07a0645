"""What the properties of a collection mean: from the data dictionary and the code lists, in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from landbank.codelists import terms
from landbank.codelists.fields import Field, FieldCatalogue

LISTS = {
    "planning_states": "planning_state",
    "labels": "public_label",
    "restrictions": "restriction_kind",
    "access": "access_kind",
    "readiness": "readiness",
    "availability": "availability",
    "tenure": "tenure",
    "owner_kind": "owner_kind",
    "area_method": "area_method",
    "height_basis": "height_basis",
    "price_basis": "price_basis",
}
"""The closed code lists by their name in the dictionary."""


class Described(Protocol):
    """What is needed of a collection: the table or view that its properties stand in."""

    @property
    def facts(self) -> str: ...
    @property
    def layer_id(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a property means; `codes` are the values that it may have, where these are a closed list."""

    sv: str
    en: str
    unit: str | None = None
    codes: Sequence[str] = ()


def meaning_of(collection: Described, name: str, fields: FieldCatalogue) -> Meaning | None:
    """The meaning of a property; None for one of a reference layer, whose file says no more than its name."""
    if collection.layer_id is not None:
        return None
    field: Field = fields.field(collection.facts.partition(".")[2], name)
    listed = LISTS.get(field.code_list or "")
    return Meaning(field.meaning_sv, field.meaning_en, field.unit, tuple(terms(listed)) if listed else ())
