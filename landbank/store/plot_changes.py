"""Writes of single plots: what people change by hand. History comes from triggers (migrations/sql/0002_history.sql).

The inventory's lock is held since the transaction began, so that what was read in it still stands when it is written.
"""
# ruff: noqa: S608 - every name in these statements is a constant of the domain or of this file; values are bound

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Connection, text

from landbank.domain.plot_content import Values
from landbank.domain.plot_fields import NOUNS, SOURCE_FIELDS
from landbank.store.database import read_sql

LINKED: Final = {
    "area_id": "area",
    "plan_id": "plan",
    "sales_contact_id": "contact",
    "steward_contact_id": "contact",
}
"""Columns that name a row of another table, which belongs to a municipality."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A current plot that shares ground with an outline, and how much of it in m²."""

    plot_id: int
    reference: str
    municipality_code: str
    area_m2: float


class PlotChanges:
    """Statements that change plots."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def insert(self, values: Values, outline: bytes | None, location: tuple[float, float]) -> int:
        """Add a plot; its id comes back. `outline` is WKB, `location` x and y, in EPSG:3006."""
        named = ", ".join(values)
        bound = ", ".join(f":{name}" for name in values)
        return int(
            self._connection.execute(
                text(
                    f"INSERT INTO landbank.plot ({named}, geometry, location)"
                    f" VALUES ({bound}, ST_Multi(ST_GeomFromWKB(:outline, 3006)), ST_Point(:x, :y, 3006)) RETURNING id"
                ),
                {**values, "outline": outline, "x": location[0], "y": location[1]},
            ).scalar_one()
        )

    def update(self, plot_id: int, values: Values) -> bool:
        """Set columns of a plot; False where the database let no row be changed."""
        told = ", ".join(f"{name} = :{name}" for name in values)
        done = self._connection.execute(
            text(f"UPDATE landbank.plot SET {told} WHERE id = :plot_id"), {**values, "plot_id": plot_id}
        )
        return bool(done.rowcount)

    def move(self, plot_id: int, outline: bytes | None, location: tuple[float, float]) -> bool:
        """Give a plot another outline and place."""
        done = self._connection.execute(
            text(
                "UPDATE landbank.plot SET geometry = ST_Multi(ST_GeomFromWKB(:outline, 3006)),"
                " location = ST_Point(:x, :y, 3006) WHERE id = :plot_id"
            ),
            {"outline": outline, "x": location[0], "y": location[1], "plot_id": plot_id},
        )
        return bool(done.rowcount)

    def touch(self, plot_id: int) -> bool:
        """Make an event and a version of a plot of which nothing differs: somebody says that it is still true."""
        done = self._connection.execute(
            text("UPDATE landbank.plot SET row_version = row_version + 1 WHERE id = :plot_id"),
            {"plot_id": plot_id},
        )
        return bool(done.rowcount)

    def end_facts(self, noun: str, ids: Collection[int]) -> None:
        """Let facts of a kind hold no longer."""
        if ids:
            self._connection.execute(
                text(
                    f"UPDATE landbank.{NOUNS[noun].table} SET superseded_at = landbank.change_time()"
                    " WHERE id = ANY(:ids) AND superseded_at IS NULL"
                ),
                {"ids": list(ids)},
            )

    def add_facts(self, noun: str, plot_id: int, facts: Sequence[Values]) -> None:
        """Add facts of a kind to a plot."""
        if facts:
            names = [field.name for field in NOUNS[noun].fields]
            statement = (
                f"INSERT INTO landbank.{NOUNS[noun].table} (plot_id, {', '.join(names)})"
                f" VALUES (:plot_id, {', '.join(f':{name}' for name in names)})"
            )
            rows = [{"plot_id": plot_id, **{name: fact[name] for name in names}} for fact in facts]
            self._connection.execute(text(statement), rows)

    def set_sources(self, plot_id: int, sources: Mapping[str, Values | None]) -> None:
        """State where single values come from, by field; None takes what was stated away."""
        if not sources:
            return
        self._connection.execute(
            text(
                "UPDATE landbank.value_source SET superseded_at = landbank.change_time()"
                " WHERE plot_id = :plot_id AND superseded_at IS NULL AND field = ANY(:fields)"
            ),
            {"plot_id": plot_id, "fields": list(sources)},
        )
        names = [field.name for field in SOURCE_FIELDS]
        rows = [
            {"plot_id": plot_id, "field": field, **{name: source[name] for name in names}}
            for field, source in sources.items()
            if source is not None
        ]
        if rows:
            bound = ", ".join(f":{name}" for name in names)
            self._connection.execute(
                text(
                    f"INSERT INTO landbank.value_source (plot_id, field, {', '.join(names)})"
                    f" VALUES (:plot_id, :field, {bound})"
                ),
                rows,
            )

    def measure_again(self, plot_id: int) -> int:
        """Measure a moved plot's straight distances anew; how many were."""
        return len(self._connection.execute(text(read_sql("measure_again.sql")), {"plot_id": plot_id}).all())

    def neighbours(self, outline: bytes, besides: Collection[int]) -> list[Neighbour]:
        """Current plots that share more than 1 m² of ground with an outline (WKB, EPSG:3006), some left out."""
        rows = self._connection.execute(
            text(read_sql("neighbours.sql")), {"outline": outline, "besides": list(besides)}
        )
        return [Neighbour(row.id, row.reference, row.municipality_code, row.shared) for row in rows]

    def is_outside(self, municipality_code: str, location: tuple[float, float]) -> str | None:
        """The municipality's name where the place lies outside its stored border, else None."""
        return self._connection.execute(
            text(
                "SELECT name FROM landbank.municipality WHERE code = :code"
                " AND NOT ST_Contains(geometry, ST_Point(:x, :y, 3006))"
            ),
            {"code": municipality_code, "x": location[0], "y": location[1]},
        ).scalar_one_or_none()

    def name_at(self, location: tuple[float, float]) -> str | None:
        """The name of the municipality whose stored border holds the place."""
        return self._connection.execute(
            text(
                "SELECT name FROM landbank.municipality WHERE ST_Contains(geometry, ST_Point(:x, :y, 3006)) LIMIT 1"
            ),
            {"x": location[0], "y": location[1]},
        ).scalar_one_or_none()

    def has_municipality(self, municipality_code: str) -> bool:
        """Whether the inventory knows the municipality."""
        return bool(
            self._connection.execute(
                text("SELECT EXISTS (SELECT FROM landbank.municipality WHERE code = :code)"),
                {"code": municipality_code},
            ).scalar_one()
        )

    def holder_of_reference(self, municipality_code: str, reference: str) -> int | None:
        """The current plot of a municipality that has the reference."""
        return self._connection.execute(
            text(
                "SELECT id FROM landbank.plot WHERE municipality_code = :code AND reference = :reference"
                " AND valid_to IS NULL"
            ),
            {"code": municipality_code, "reference": reference},
        ).scalar_one_or_none()

    def municipality_of(self, column: str, row_id: int) -> str | None:
        """The municipality of the row that a linking column names; None where there is no such row."""
        return self._connection.execute(
            text(f"SELECT municipality_code FROM landbank.{LINKED[column]} WHERE id = :id"), {"id": row_id}
        ).scalar_one_or_none()

    def has_infrastructure(self, ids: Collection[int]) -> set[int]:
        """Which of the points of infrastructure are there."""
        found = self._connection.execute(
            text("SELECT id FROM landbank.infrastructure WHERE id = ANY(:ids)"), {"ids": list(ids)}
        )
        return set(found.scalars())

    def link(self, predecessor_id: int, successor_id: int, *, reason: str, on: date) -> None:
        """Record that one plot took another's place."""
        self._connection.execute(
            text(
                "INSERT INTO landbank.plot_lineage (predecessor_id, successor_id, reason, occurred_on)"
                " VALUES (:predecessor_id, :successor_id, :reason, :on)"
            ),
            {"predecessor_id": predecessor_id, "successor_id": successor_id, "reason": reason, "on": on},
        )

    def today(self) -> date:
        """The database's day, which labels and ends depend on."""
        day: date = self._connection.execute(text("SELECT current_date")).scalar_one()
        return day
