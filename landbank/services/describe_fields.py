"""The data dictionary: the schema's own columns with their meaning, unit, code list, keeper and maximum age."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from landbank.codelists.fields import VIEW, FieldCatalogue

VIEW_TEXT = (
    "Gällande tomter med sina uppgifter på en rad: det som listor, kartor, API och exporter visar",
    "Current plots with their facts on one row: what lists, maps, API and exports show",
)


class ColumnShape(Protocol):
    """A column as the database has it."""

    @property
    def table(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def type_name(self) -> str: ...
    @property
    def is_required(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class FieldEntry:
    """One line of the dictionary."""

    name: str
    type_name: str
    is_required: bool
    meaning_sv: str
    meaning_en: str
    unit: str | None
    code_list: str | None
    keeper: str
    keeper_sv: str
    keeper_en: str
    max_age_days: int | None
    is_derived: bool


@dataclass(frozen=True, slots=True)
class TableEntry:
    """One table of the dictionary with its fields in the order of the schema."""

    name: str
    meaning_sv: str
    meaning_en: str
    fields: tuple[FieldEntry, ...]


def describe_fields(columns: Sequence[ColumnShape], fields: FieldCatalogue) -> tuple[TableEntry, ...]:
    """The whole dictionary, tables in the order given.

    Raises
    ------
    KeyError
        A column of the schema has no entry in data/fields.toml.
    """
    by_table: dict[str, list[FieldEntry]] = {}
    for column in columns:
        by_table.setdefault(column.table, []).append(_entry(column, fields))
    return tuple(
        TableEntry(name, *(VIEW_TEXT if name == VIEW else fields.tables[name]), tuple(entries))
        for name, entries in by_table.items()
    )


def _entry(column: ColumnShape, fields: FieldCatalogue) -> FieldEntry:
    field = fields.field(column.table, column.name)
    keeper_sv, keeper_en = fields.keepers[field.keeper]
    return FieldEntry(
        name=column.name,
        type_name=column.type_name,
        is_required=column.is_required,
        meaning_sv=field.meaning_sv,
        meaning_en=field.meaning_en,
        unit=field.unit,
        code_list=field.code_list,
        keeper=field.keeper,
        keeper_sv=keeper_sv,
        keeper_en=keeper_en,
        max_age_days=field.max_age_days,
        is_derived=field.is_derived,
    )


def as_json(tables: tuple[TableEntry, ...]) -> dict[str, Any]:
    """The dictionary as plain JSON values."""
    return {
        "tables": [
            {
                "name": table.name,
                "meaning": {"sv": table.meaning_sv, "en": table.meaning_en},
                "fields": [
                    {
                        "name": field.name,
                        "type": field.type_name,
                        "required": field.is_required,
                        "meaning": {"sv": field.meaning_sv, "en": field.meaning_en},
                        "unit": field.unit,
                        "code_list": field.code_list,
                        "keeper": {"id": field.keeper, "sv": field.keeper_sv, "en": field.keeper_en},
                        "max_age_days": field.max_age_days,
                        "derived": field.is_derived,
                    }
                    for field in table.fields
                ],
            }
            for table in tables
        ]
    }
