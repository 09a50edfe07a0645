"""Bulk rows by COPY: the synthetic inventory, and the municipalities and infrastructure that everything refers to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from psycopg import sql
from sqlalchemy import Connection, text

from landbank.store.database import SCHEMA

Columns = Mapping[str, NDArray[Any]]

NUMBERED = ("contact", "area", "plan", "plot")
"""Tables whose rows come numbered from 1 and are given the next free numbers of the database."""

NAMES_ROW_OF = {
    "area_id": "area", "plan_id": "plan", "sales_contact_id": "contact", "steward_contact_id": "contact",
    "plot_id": "plot",
}  # fmt: skip
COPIED_AT_ONCE = 8_192
EMPTY = "\\N"
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class Load:
    """Statements that fill an inventory."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def has_plots(self) -> bool:
        """Whether there is or ever was a plot, a business park or a plan."""
        there = text(
            f"SELECT EXISTS (SELECT FROM {SCHEMA}.plot) OR EXISTS (SELECT FROM {SCHEMA}.area)"  # noqa: S608
            f" OR EXISTS (SELECT FROM {SCHEMA}.plan)"
        )
        return bool(self._connection.scalar(there))

    def allow_pauses(self) -> None:
        """Let the transaction wait between statements while rows are being made, longer than a request may."""
        self._connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))

    def municipalities(self, rows: Sequence[Mapping[str, object]]) -> None:
        """Add the municipalities, or bring their names and borders up to date; same rows, no change.

        Rows: code, name, county (or None), geometry as hex EWKB in EPSG:3006, geometry_source.
        """
        self._connection.execute(text(MUNICIPALITY), list(rows))

    def infrastructure(self, rows: Sequence[Mapping[str, object]]) -> None:
        """Add the points, or bring them up to date by kind and name; same rows, no change.

        Rows: kind, name, source, accuracy_m, location as hex EWKB in EPSG:3006.
        """
        self._connection.execute(text(INFRASTRUCTURE), list(rows))

    def first_numbers(self) -> dict[str, int]:
        """What is added to the numbers of rows, which count from 1, of each numbered table.

        Sound while nobody else adds rows: the transaction holds the inventory's lock.
        """
        return {
            table: int(
                self._connection.scalar(text(f"SELECT coalesce(max(id), 0) FROM {SCHEMA}.{table}")) or 0  # noqa: S608
            )
            for table in NUMBERED
        }

    def copy(self, tables: Iterable[tuple[str, Columns]], numbers: Mapping[str, int]) -> None:
        """Copy the tables' rows in, in the order given; `numbers` come from `first_numbers`."""
        for table, columns in tables:
            shifted = dict(columns)
            for name, values in columns.items():
                target = table if name == "id" else NAMES_ROW_OF.get(name)
                if target:
                    shifted[name] = np.where(values > 0, values + numbers[target], 0)
            self._copy_table(table, shifted)

    def settle_numbers(self) -> None:
        """Let the database continue numbering behind the copied rows."""
        for table in NUMBERED:
            self._connection.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{SCHEMA}.{table}', 'id'), max(id))"  # noqa: S608
                    f" FROM {SCHEMA}.{table} HAVING max(id) IS NOT NULL"
                )
            )

    def analyse(self) -> None:
        """Renew the statistics that the planner reads; they would lag behind a bulk load for a minute.

        Only the tables' owner may: as another user the database passes over it with a warning.
        """
        before = self._connection.scalar(text("SELECT current_setting('role')"))
        self._connection.execute(text("SET LOCAL ROLE NONE"))
        for table in ("municipality", "area", "plan", *NUMBERED[3:], *FACTS):
            self._connection.execute(text(f"ANALYZE {SCHEMA}.{table}"))
        self._connection.execute(text("SELECT set_config('role', :role, true)"), {"role": before})

    def _copy_table(self, table: str, columns: Columns) -> None:
        """Copy rows in, through a table of the session's own where policies stand before it: they rule COPY out."""
        if not len(next(iter(columns.values()))):
            return
        target = sql.Identifier(SCHEMA, table)
        is_behind_policies = self._connection.scalar(
            text("SELECT row_security_active(CAST(:table AS regclass))"), {"table": f"{SCHEMA}.{table}"}
        )
        if not is_behind_policies:
            self._copy_into(target, columns)
            return
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        stage = sql.Identifier(f"load_{table}")
        for statement in (
            sql.SQL("CREATE TEMP TABLE {stage} ON COMMIT DROP AS SELECT {names} FROM {target} WITH NO DATA"),
            None,
            sql.SQL("INSERT INTO {target} ({names}) OVERRIDING SYSTEM VALUE SELECT {names} FROM {stage}"),
            sql.SQL("DROP TABLE {stage}"),
        ):
            if statement is None:
                self._copy_into(stage, columns)
            else:
                self._driver.execute(statement.format(stage=stage, target=target, names=names))

    def _copy_into(self, target: sql.Identifier, columns: Columns) -> None:
        rows = len(next(iter(columns.values())))
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
            target, sql.SQL(", ").join(map(sql.Identifier, columns))
        )
        with self._driver.cursor() as cursor, cursor.copy(statement) as copy:
            for start in range(0, rows, COPIED_AT_ONCE):
                part = slice(start, start + COPIED_AT_ONCE)
                fields = zip(*(encode(values[part]) for values in columns.values()), strict=True)
                copy.write("\n".join(map("\t".join, fields)) + "\n")

    @property
    def _driver(self) -> Any:
        """The driver's own connection, which COPY wants."""
        return self._connection.connection.driver_connection


FACTS = ("plot_use", "restriction", "utility", "access", "price", "value_source")

MUNICIPALITY = f"""
INSERT INTO {SCHEMA}.municipality AS m (code, name, county, geometry, geometry_source)
VALUES (:code, :name, :county, CAST(:geometry AS public.geometry), :geometry_source)
ON CONFLICT (code) DO UPDATE SET name = excluded.name, county = coalesce(excluded.county, m.county),
  geometry = excluded.geometry, geometry_source = excluded.geometry_source
WHERE (m.name, m.geometry_source) IS DISTINCT FROM (excluded.name, excluded.geometry_source)
  OR m.geometry IS DISTINCT FROM excluded.geometry
"""  # noqa: S608

INFRASTRUCTURE = f"""
INSERT INTO {SCHEMA}.infrastructure AS i (kind, name, source, accuracy_m, location)
VALUES (:kind, :name, :source, :accuracy_m, CAST(:location AS public.geometry))
ON CONFLICT (kind, name) DO UPDATE SET source = excluded.source, accuracy_m = excluded.accuracy_m,
  location = excluded.location
WHERE (i.source, i.accuracy_m) IS DISTINCT FROM (excluded.source, excluded.accuracy_m)
  OR NOT public.st_equals(i.location, excluded.location)
"""  # noqa: S608


def encode(values: NDArray[Any]) -> list[str]:
    """The values in PostgreSQL's text form of COPY; NaN, NaT, None and the number 0 of a named row are empty."""
    kind = values.dtype.kind
    if kind == "f":
        return [repr(v) if v == v else EMPTY for v in values.tolist()]  # noqa: PLR0124
    if kind == "i":
        return [str(v) if v else EMPTY for v in values.tolist()]
    if kind == "b":
        return ["t" if v else "f" for v in values.tolist()]
    if kind == "M":
        return [EMPTY if v == "NaT" else v for v in values.astype(str).tolist()]
    if len(values) and isinstance(values[0], shapely.Geometry):
        hexed: list[str] = shapely.to_wkb(
            shapely.set_srid(values, 3006), hex=True, include_srid=True
        ).tolist()
        return hexed
    return encode_objects(values.tolist())


def encode_objects(values: Sequence[object]) -> list[str]:
    """Values of mixed kinds in the text form of COPY; few of them differ, so each is worked out once."""
    known: dict[object, str] = {None: EMPTY, True: "t", False: "f"}
    encoded = []
    for value in values:
        told = known.get(value)
        if told is None:
            told = known[value] = encode_one(value)
        encoded.append(told)
    return encoded


def encode_one(value: object) -> str:
    """One text, or a tuple of texts as an array, in the text form of COPY."""
    if isinstance(value, tuple):
        quoted = (str(part).replace("\\", "\\\\").replace('"', '\\"') for part in value)
        return ("{" + ",".join(f'"{part}"' for part in quoted) + "}").translate(ESCAPES)
    return str(value).translate(ESCAPES)
