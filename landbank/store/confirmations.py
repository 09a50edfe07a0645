"""Confirming that values still hold: what would be confirmed, and doing it. A value keeps its row's other facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Connection, text

from landbank.domain.codes import AttributeClass
from landbank.store.database import SCHEMA

ROWS: Final[tuple[tuple[AttributeClass, str, str], ...]] = (
    (AttributeClass.TERMS, "price", "true"),
    (AttributeClass.POWER, "utility", "t.kind = 'el'"),
    (AttributeClass.NETWORKS, "utility", "t.kind <> 'el'"),
    (AttributeClass.RESTRICTIONS, "restriction", "coalesce(t.resolved_on > current_date, true)"),
)
"""Which rows of many-valued facts belong to a class."""

OF_PLAN: Final = {"planning_state": "coalesce(p.planning_state, l.state)"}
"""Columns of a plot that are known by its plan too."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A current plot as it stands before a confirmation."""

    plot_id: int
    reference: str
    name: str | None
    municipality_code: str
    row_version: int


@dataclass(frozen=True, slots=True)
class Confirmable:
    """A known value: a column of the plot, or the rows of a fact of one kind; when it was last confirmed."""

    plot_id: int
    field: str
    kind: str | None
    confirmed_on: date | None


class Confirmations:
    """Statements of confirming. They change nothing but the days, by successors where rows are never rewritten."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def plots(self, plot_ids: Sequence[int]) -> list[Standing]:
        """Those of the plots that are current, by id."""
        statement = f"""SELECT id, reference, name, municipality_code, row_version FROM {SCHEMA}.plot
            WHERE id = ANY (CAST(:ids AS bigint[])) AND (valid_to IS NULL OR valid_to > current_date) ORDER BY id"""  # noqa: S608
        return [Standing(*row) for row in self._connection.execute(text(statement), {"ids": list(plot_ids)})]

    def columns(self, plot_ids: Sequence[int], names: Iterable[str]) -> list[Confirmable]:
        """The known ones among these columns of the plots, with the day of each."""
        listed = self._listed(names)
        if not listed or not plot_ids:
            return []
        statement = f"""SELECT p.id, f.field, NULL, coalesce(s.confirmed_on, p.confirmed_on)
            FROM {SCHEMA}.plot p LEFT JOIN {SCHEMA}.plan l ON l.id = p.plan_id
            CROSS JOIN LATERAL (VALUES {listed}) AS f(field, is_known)
            LEFT JOIN LATERAL (SELECT max(confirmed_on) AS confirmed_on FROM {SCHEMA}.value_source
              WHERE plot_id = p.id AND field = f.field AND superseded_at IS NULL) s ON true
            WHERE p.id = ANY (CAST(:ids AS bigint[])) AND f.is_known ORDER BY p.id, f.field"""  # noqa: S608
        return [
            Confirmable(*row) for row in self._connection.execute(text(statement), {"ids": list(plot_ids)})
        ]

    def rows(self, plot_ids: Sequence[int], classes: Iterable[AttributeClass]) -> list[Confirmable]:
        """The facts of the classes, one entry a kind of fact, with the oldest day among its rows (None: never)."""
        found: list[Confirmable] = []
        for table, condition, kind in self._tables(classes):
            statement = f"""SELECT t.plot_id, '{table}', t.{kind},
                  CASE WHEN count(*) = count(coalesce(t.confirmed_on, p.confirmed_on))
                    THEN min(coalesce(t.confirmed_on, p.confirmed_on)) END
                FROM {SCHEMA}.{table} t JOIN {SCHEMA}.plot p ON p.id = t.plot_id
                WHERE t.plot_id = ANY (CAST(:ids AS bigint[])) AND t.superseded_at IS NULL AND {condition}
                GROUP BY t.plot_id, t.{kind} ORDER BY t.plot_id, t.{kind}"""  # noqa: S608
            found += [
                Confirmable(*row)
                for row in self._connection.execute(text(statement), {"ids": list(plot_ids)})
            ]
        return found

    def confirm_plots(self, plot_ids: Sequence[int], day: date) -> None:
        """Confirm the plots as a whole on the day; a plot that was confirmed later stays as it is."""
        self._connection.execute(
            text(
                f"""UPDATE {SCHEMA}.plot SET confirmed_on = :day
                    WHERE id = ANY (CAST(:ids AS bigint[])) AND coalesce(confirmed_on < :day, true)"""  # noqa: S608
            ),
            {"ids": list(plot_ids), "day": day},
        )

    def confirm_columns(self, plot_ids: Sequence[int], names: Iterable[str], day: date) -> None:
        """Confirm the known ones among these columns, each as a value with a day of its own."""
        listed = self._listed(names)
        if not listed:
            return
        known = f"""FROM {SCHEMA}.plot p LEFT JOIN {SCHEMA}.plan l ON l.id = p.plan_id
            CROSS JOIN LATERAL (VALUES {listed}) AS f(field, is_known)
            WHERE p.id = ANY (CAST(:ids AS bigint[])) AND f.is_known"""
        bound = {"ids": list(plot_ids), "day": day}
        self._succeed("value_source", f"(t.plot_id, t.field) IN (SELECT p.id, f.field {known})", bound)
        self._connection.execute(
            text(
                f"""INSERT INTO {SCHEMA}.value_source (plot_id, field, confirmed_on)
                    SELECT p.id, f.field, :day {known} AND NOT EXISTS (
                      SELECT FROM {SCHEMA}.value_source s
                      WHERE s.plot_id = p.id AND s.field = f.field AND s.superseded_at IS NULL)
                    ORDER BY p.id, f.field"""  # noqa: S608
            ),
            bound,
        )

    def confirm_rows(self, plot_ids: Sequence[int], classes: Iterable[AttributeClass], day: date) -> None:
        """Confirm the facts of the classes, also those that have no day of their own yet."""
        bound = {"ids": list(plot_ids), "day": day}
        for table, condition, _ in self._tables(classes):
            self._succeed(table, f"t.plot_id = ANY (CAST(:ids AS bigint[])) AND {condition}", bound)

    def confirm_dated(self, plot_ids: Sequence[int], day: date) -> None:
        """Confirm every value and fact that has an earlier day of its own; the others follow their plot."""
        bound = {"ids": list(plot_ids), "day": day}
        earlier = "t.plot_id = ANY (CAST(:ids AS bigint[])) AND t.confirmed_on IS NOT NULL"
        for table in ("value_source", "price", "utility", "restriction"):
            self._succeed(table, earlier, bound)

    def _succeed(self, table: str, condition: str, bound: dict[str, object]) -> None:
        """Let each current row that has no day as late as this one be followed by itself with that day."""
        own = {"id", "confirmed_on", "recorded_at", "superseded_at"}
        kept = [name for name in columns_of(table) if name not in own]
        self._connection.execute(
            text(
                f"""WITH old AS (
                      UPDATE {SCHEMA}.{table} t SET superseded_at = landbank.change_time()
                      WHERE t.superseded_at IS NULL AND coalesce(t.confirmed_on < :day, true) AND {condition}
                      RETURNING {", ".join(f"t.{name}" for name in ("id", *kept))})
                    INSERT INTO {SCHEMA}.{table} ({", ".join(kept)}, confirmed_on)
                    SELECT {", ".join(kept)}, :day FROM old ORDER BY id"""  # noqa: S608
            ),
            bound,
        )

    def _listed(self, names: Iterable[str]) -> str:
        """The columns as rows of VALUES: their name and whether the plot has a value."""
        own = set(columns_of("plot"))
        return ", ".join(
            f"('{name}', {OF_PLAN.get(name, f'p.{name}')} IS NOT NULL)" for name in names if name in own
        )

    def _tables(self, classes: Iterable[AttributeClass]) -> Iterable[tuple[str, str, str]]:
        """Table, condition over `t`, and the column that tells rows of one kind, of each fact of the classes."""
        wanted = set(classes)
        for attribute_class, table, condition in ROWS:
            if attribute_class in wanted:
                yield table, condition, "tenure" if table == "price" else "kind"


def columns_of(table: str) -> tuple[str, ...]:
    """The columns of one of landbank's tables, in their order."""
    from landbank.store.tables import metadata

    return tuple(column.name for column in metadata.tables[f"{SCHEMA}.{table}"].columns)
