"""All that is recorded of one plot, as it stands or as an earlier version of it stood, in one statement."""
# ruff: noqa: S608 - every name in these statements is a constant of the domain or of this file; values are bound

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, text

from landbank.domain.plot_content import Content, Values
from landbank.domain.plot_fields import NOUNS, PLOT_FIELDS, SOURCE_FIELDS, Field, Kind

SINGLE: Final = (
    *(field.name for field in PLOT_FIELDS), "municipality_code", "dataset", "readiness", "availability",
    "availability_until", "area_m2", "area_method", "is_synthetic", "valid_from", "valid_to",
)  # fmt: skip

HOLDS_NOW: Final = "f.superseded_at IS NULL"
HELD_THEN: Final = (
    "f.recorded_at <= p.recorded_at AND (f.superseded_at IS NULL OR f.superseded_at > p.recorded_at)"
)


@dataclass(frozen=True, slots=True)
class StoredPlot:
    """A plot with its content.

    `outline` is WKB in EPSG:3006, None where only the place is known; `location` is x, y there. `today` is the
    database's day.
    """

    id: int
    row_version: int
    outline: bytes | None
    location: tuple[float, float]
    today: date
    content: Content

    @property
    def municipality_code(self) -> str:
        """The municipality that keeps it."""
        return str(self.content.values["municipality_code"])

    @property
    def is_current(self) -> bool:
        """Whether it has not ended."""
        ended: date | None = self.content.values["valid_to"]
        return ended is None or ended > self.today


class PlotContents:
    """Reads of whole plots."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def current(self, plot_id: int) -> StoredPlot | None:
        """The plot as it stands, ended ones too; None where there never was one."""
        return self._read(statement("landbank.plot", "p.id", HOLDS_NOW), plot_id=plot_id)

    def at_version(self, plot_id: int, row_version: int) -> StoredPlot | None:
        """The plot as a version of it stood before it was superseded; None for a version that never was."""
        source = statement("landbank.plot_version", "p.plot_id", HELD_THEN)
        return self._read(
            f"{source} AND p.row_version = :row_version", plot_id=plot_id, row_version=row_version
        )

    def _read(self, asked: str, **keys: int) -> StoredPlot | None:
        row = self._connection.execute(text(asked), keys).mappings().one_or_none()
        if row is None:
            return None
        facts = {
            name: tuple(typed(fact, (Field("id", Kind.ID), *noun.fields)) for fact in row[name])
            for name, noun in NOUNS.items()
        }
        sources = {one["field"]: typed(one, SOURCE_FIELDS) for one in row["sources"]}
        values = {name: row[name] for name in SINGLE}
        outline = None if row["outline"] is None else bytes(row["outline"])
        return StoredPlot(
            row["id"], row["row_version"], outline, (row["x"], row["y"]), row["today"], Content(values, facts, sources)
        )  # fmt: skip


def statement(table: str, key: str, holds: str) -> str:
    """The statement that reads one plot from a table; facts come as JSON, in the order of their ids."""
    single = ", ".join(f"p.{name}" for name in SINGLE)
    gathered = ", ".join(
        f"(SELECT coalesce(jsonb_agg(to_jsonb(f) ORDER BY f.id), '[]') FROM landbank.{table_of} f"
        f" WHERE f.plot_id = {key} AND {holds}) AS {name}"
        for name, table_of in (
            *((name, noun.table) for name, noun in NOUNS.items()),
            ("sources", "value_source"),
        )
    )
    return (
        f"SELECT {key} AS id, p.row_version, {single}, ST_AsBinary(p.geometry) AS outline, ST_X(p.location) AS x,"
        f" ST_Y(p.location) AS y, current_date AS today, {gathered} FROM {table} p WHERE {key} = :plot_id"
    )


def typed(fact: Values, fields: tuple[Field, ...]) -> Values:
    """The fields of a fact that came as JSON, days as days and numbers as floats."""
    return {field.name: as_kind(field.kind, fact[field.name]) for field in fields}


def as_kind(kind: Kind, told: Any) -> Any:
    """A value of JSON in the kind that the column has."""
    if told is None:
        return None
    if kind in (Kind.DAY, Kind.PAST):
        return date.fromisoformat(told)
    return float(told) if kind is Kind.NUMBER else told
