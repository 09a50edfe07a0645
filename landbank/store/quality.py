"""The quality of each municipality's inventory by day, as counts; the shares and the score follow from them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import Connection, text

from landbank.domain.quality import Quality

COUNTS = tuple(part.name for part in fields(Quality))


@dataclass(frozen=True, slots=True)
class QualityDay:
    """A municipality's counts of one day."""

    municipality_code: str
    day: date
    quality: Quality


class QualityDays:
    """Statements about the kept days."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, municipality_code: str, day: date, quality: Quality) -> None:
        """Keep a municipality's counts of a day; a second time replaces the first."""
        named = ", ".join(COUNTS)
        bound = ", ".join(f":{name}" for name in COUNTS)
        renewed = ", ".join(f"{name} = excluded.{name}" for name in COUNTS)
        self._connection.execute(
            text(
                f"INSERT INTO landbank.quality_day (municipality_code, day, {named}) VALUES (:code, :day, {bound})"  # noqa: S608
                f" ON CONFLICT (municipality_code, day) DO UPDATE SET {renewed}, computed_at = now()"
            ),
            {
                "code": municipality_code,
                "day": day,
                **{name: getattr(quality, name) for name in COUNTS},
            },
        )

    def newest(self) -> list[QualityDay]:
        """The newest kept day of each municipality, by code."""
        named = ", ".join(COUNTS)
        return self._read(
            f"""SELECT DISTINCT ON (municipality_code) municipality_code, day, {named}
                FROM landbank.quality_day ORDER BY municipality_code, day DESC"""  # noqa: S608
        )

    def weeks(self, since: date) -> list[QualityDay]:
        """The last kept day of each ISO week from a day on, by day and municipality."""
        named = ", ".join(COUNTS)
        found = self._read(
            f"""SELECT DISTINCT ON (municipality_code, date_trunc('week', day)) municipality_code, day, {named}
                FROM landbank.quality_day WHERE day >= :since
                ORDER BY municipality_code, date_trunc('week', day), day DESC""",  # noqa: S608
            since=since,
        )
        return sorted(found, key=lambda one: (one.day, one.municipality_code))

    def thin_out(self, before: date) -> int:
        """Of the days before a day keep the last of each ISO week; how many rows went."""
        statement = """DELETE FROM landbank.quality_day q WHERE q.day < :before AND EXISTS (
            SELECT FROM landbank.quality_day later WHERE later.municipality_code = q.municipality_code
              AND later.day > q.day AND date_trunc('week', later.day) = date_trunc('week', q.day))"""
        return self._connection.execute(text(statement), {"before": before}).rowcount

    def _read(self, statement: str, **bound: object) -> list[QualityDay]:
        rows = self._connection.execute(text(statement), bound)
        return [QualityDay(row[0], row[1], Quality(*row[2:])) for row in rows]
