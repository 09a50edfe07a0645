"""The meaning of every field: one definition for the schema's dictionary, the exports and the pages."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from landbank.domain.codes import AttributeClass
from landbank.domain.people import Role

VIEW = "plot_facts"
"""The flat view whose columns lists, items and exports show."""

RECORDS = "plot_records"
"""What exports show beside it: plan, contacts and many-valued facts."""

_VIEW_ORIGIN = {"legal_force_on": "plan", "implementation_ends_on": "plan", "adopted_on": "plan",
                "implementation_starts_on": "plan", "price_sek_per_m2": "price",
                "price_max_sek_per_m2": "price", "degree": "plot_use", "degree_code": "plot_use"}  # fmt: skip

_MADE_OF = {"restriction_facts": "restriction"}
"""Other views, and the table whose columns they show."""


@dataclass(frozen=True, slots=True)
class Field:
    """What one column means. `max_age_days` is that of its attribute class; None means it does not grow stale."""

    name: str
    meaning_sv: str
    meaning_en: str
    keeper: str
    unit: str | None = None
    code_list: str | None = None
    attribute_class: AttributeClass | None = None
    max_age_days: int | None = None
    is_derived: bool = False
    short_name: str | None = None


@dataclass(frozen=True, slots=True)
class Freshness:
    """The contract of one attribute class: how old its values may be, which keeper answers for them, in which role."""

    attribute_class: AttributeClass
    max_age_days: int
    keeper: str
    role: Role


@dataclass(frozen=True, slots=True)
class FieldCatalogue:
    """All fields by table, with the tables' and keepers' own texts as (Swedish, English)."""

    tables: dict[str, tuple[str, str]]
    keepers: dict[str, tuple[str, str]]
    classes: dict[AttributeClass, Freshness]
    fields: dict[str, dict[str, Field]]

    @property
    def max_ages(self) -> dict[AttributeClass, int]:
        """How many days old a value of each class may be."""
        return {name: contract.max_age_days for name, contract in self.classes.items()}

    def columns_of(self, table: str, attribute_class: AttributeClass) -> tuple[str, ...]:
        """The table's own columns that belong to a class, in the order of the dictionary."""
        entries = self.fields.get(table, {})
        return tuple(name for name, field in entries.items() if field.attribute_class is attribute_class)

    def field(self, table: str, column: str) -> Field:
        """The field of a table's column; KeyError names what has no entry."""
        if table == "plot_version":
            table = "plot"
        if table in (VIEW, RECORDS):
            return self._field_of_view(column)
        tables = (table, _MADE_OF.get(table, table), "shared")
        found = next((self.fields[one][column] for one in tables if column in self.fields.get(one, {})), None)
        if found is None:
            raise KeyError(f"{table}.{column} has no entry in data/fields.toml")
        return found

    def _field_of_view(self, column: str) -> Field:
        for table in ("view", RECORDS, _VIEW_ORIGIN.get(column, "plot"), "shared"):
            found = self.fields[table].get(column)
            if found is not None:
                return found
        raise KeyError(f"{VIEW}.{column} has no entry in data/fields.toml")


def data_folder() -> Path:
    """The folder of the code lists: in the wheel beside the package, else in the repository."""
    package = Path(__file__).resolve().parent.parent
    packed = package / "_data"
    return packed if packed.is_dir() else package.parent / "data"


@lru_cache(maxsize=1)
def load_fields() -> FieldCatalogue:
    """The field definitions of data/fields.toml, read once."""
    told: dict[str, Any] = tomllib.loads((data_folder() / "fields.toml").read_text(encoding="utf-8"))
    del told["source"]
    tables, keepers = told.pop("tables"), told.pop("keepers")
    classes = {
        AttributeClass(name): Freshness(
            AttributeClass(name),
            entry["max_age_days"],
            entry["keeper"],
            Role(keepers[entry["keeper"]]["role"]),
        )
        for name, entry in told.pop("classes").items()
    }
    return FieldCatalogue(
        tables={name: (entry["sv"], entry["en"]) for name, entry in tables.items()},
        keepers={name: (entry["sv"], entry["en"]) for name, entry in keepers.items()},
        classes=classes,
        fields={
            table: {name: _field(name, entry, classes) for name, entry in entries.items()}
            for table, entries in told.items()
        },
    )


def _field(name: str, entry: dict[str, Any], classes: dict[AttributeClass, Freshness]) -> Field:
    attribute_class = AttributeClass(entry["class"]) if "class" in entry else None
    return Field(
        name=name,
        meaning_sv=entry["sv"],
        meaning_en=entry["en"],
        keeper=entry["keeper"],
        unit=entry.get("unit"),
        code_list=entry.get("list"),
        attribute_class=attribute_class,
        max_age_days=classes[attribute_class].max_age_days if attribute_class else None,
        is_derived=entry.get("derived", False),
        short_name=entry.get("short"),
    )
