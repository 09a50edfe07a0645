"""What the rows of an import share: business parks, plans and offices, each found by its name in its municipality.

A row names one and may say more about it. What is said counts for it wherever it is named; where two rows say different
things the first counts, and the other is told. An empty cell says nothing: what is shared is no single row's to empty.
"""

# ruff: noqa: S608 - every name in these statements is a constant of this room; values stand in tables

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landbank.store.staging_fields import LINKS, Link
from landbank.store.staging_run import ImportSql

if TYPE_CHECKING:
    from landbank.exchange.accepted import AcceptedRows

Key = tuple[str, str]
"""Municipality and name."""


@dataclass(frozen=True, slots=True)
class LinkedChange:
    """Something shared that the import makes or changes: {column: [before, after]}; `field` names it in a row."""

    field: str
    table: str
    municipality_code: str
    name: str
    is_new: bool
    changes: dict[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two rows that say different things about something shared."""

    table: str
    name: str
    column: str
    taken: Any
    other: Any


class Links:
    """Collects what the rows say of shared things, and makes and changes these where told."""

    def __init__(self, sql: ImportSql, *, is_applied: bool) -> None:
        self._sql = sql
        self._is_applied = is_applied
        self._said: dict[str, dict[Key, dict[str, Any]]] = {link.by: {} for link in LINKS}
        self._ids: dict[str, dict[Key, int]] = {link.by: {} for link in LINKS}
        self._new: set[tuple[str, Key]] = set()
        self.contradictions: list[Contradiction] = []

    def take(self, rows: AcceptedRows) -> None:
        """Note what the rows say; in an import that is applied, make what is not there yet."""
        for link in LINKS:
            if link.by in rows.names:
                fresh = self._note(link, rows)
                if fresh:
                    self._look_up(link, fresh)

    def _note(self, link: Link, rows: AcceptedRows) -> list[Key]:
        """The keys that were not met before."""
        fields = [name for name in link.said if name in rows.names]
        said: dict[Key, dict[str, Any]] = self._said[link.by]
        fresh: dict[Key, None] = {}
        synthetic = [name for name in ("is_synthetic",) if name in rows.names]
        for row in rows.distinct(("municipality_code", link.by, *fields, *synthetic)):
            if row[link.by] is None:
                continue
            key = (row["municipality_code"], row[link.by])
            if key not in said:
                said[key] = {}
                fresh[key] = None
            if key in fresh and row.get("is_synthetic"):
                said[key]["is_synthetic"] = True  # what invented plots share is invented too
            self._merge(link, key, {link.said[name]: row[name] for name in fields if row[name] is not None})
        return list(fresh)

    def _merge(self, link: Link, key: Key, told: Mapping[str, Any]) -> None:
        known = self._said[link.by][key]
        for column, value in told.items():
            if column not in known:
                known[column] = value
            elif known[column] != value:
                self.contradictions.append(Contradiction(link.table, key[1], column, known[column], value))

    def _look_up(self, link: Link, keys: Sequence[Key]) -> None:
        """Learn the ids of the keys; what is not there is made where told."""
        self._ids[link.by] |= self._found(link, keys)
        missing = sorted(key for key in keys if key not in self._ids[link.by])
        self._new |= {(link.by, key) for key in missing}
        if missing and self._is_applied:
            self._make(link, missing)
            self._ids[link.by] |= self._found(link, missing)

    def _found(self, link: Link, keys: Sequence[Key]) -> dict[Key, int]:
        codes, names = ([key[place] for key in keys] for place in (0, 1))
        found = self._sql.run(
            f"SELECT t.municipality_code, t.{link.name}, t.id FROM landbank.{link.table} t"
            " JOIN unnest(CAST(:codes AS text[]), CAST(:names AS text[])) AS u(code, name)"
            f" ON t.municipality_code = u.code AND t.{link.name} = u.name WHERE {link.is_of_kind}",
            codes=codes,
            names=names,
        )
        return {(row[0], row[1]): row[2] for row in found}

    def _make(self, link: Link, keys: Sequence[Key]) -> None:
        own = {"kind": link.kind} if link.kind else {}
        said = self._said[link.by]
        columns = [
            "municipality_code",
            link.name,
            *sorted({*own, *(name for key in keys for name in said[key])}),
        ]
        told = [
            {"municipality_code": code, link.name: name, **own, **said[code, name]} for code, name in keys
        ]
        self._sql.run(
            f"INSERT INTO landbank.{link.table} ({', '.join(columns)}) SELECT {', '.join(map(_or_default, columns))}"
            f" FROM jsonb_populate_recordset(NULL::landbank.{link.table}, CAST(:told AS jsonb)) t ORDER BY 1, 2",
            told=self._sql.json(told),
        )

    def with_ids(self, rows: AcceptedRows) -> AcceptedRows:
        """The rows with the ids of what they name, in the columns of `plot`."""
        for link in LINKS:
            if link.by in rows.names:
                ids = self._ids[link.by]
                keys = zip(rows.texts("municipality_code"), rows.texts(link.by), strict=True)
                rows = rows.with_numbers(
                    link.column, [ids.get((str(code), str(name))) for code, name in keys]
                )
        return rows

    def finish(self) -> list[LinkedChange]:
        """What the import makes and changes of shared things, in the order of tables and keys; written where told."""
        changes = [change for link in LINKS for change in self._changes(link)]
        if self._is_applied:
            for change in changes:
                if not change.is_new:
                    self._change(change)
        return changes

    def _changes(self, link: Link) -> Iterator[LinkedChange]:
        said = self._said[link.by]
        columns = sorted(set(link.said.values()))
        known = [key for key in sorted(said) if (link.by, key) not in self._new and said[key]]
        stands = self._standing(link, columns, known) if columns and known else {}
        for key in sorted(said):
            if (link.by, key) in self._new:
                told = {column: [None, _as_json(value)] for column, value in sorted(said[key].items())}
                yield LinkedChange(link.by, link.table, *key, True, told)
                continue
            before = stands.get(key, {})
            changed = {
                column: [before[column], _as_json(value)]
                for column, value in sorted(said[key].items())
                if column in before and before[column] != _as_json(value)
            }
            if changed:
                yield LinkedChange(link.by, link.table, *key, False, changed)

    def _standing(self, link: Link, columns: Sequence[str], keys: Sequence[Key]) -> dict[Key, dict[str, Any]]:
        codes, names = ([key[place] for key in keys] for place in (0, 1))
        made = ", ".join(f"'{column}', t.{column}" for column in columns)
        found = self._sql.run(
            f"SELECT t.municipality_code, t.{link.name}, jsonb_build_object({made}) FROM landbank.{link.table} t"
            " JOIN unnest(CAST(:codes AS text[]), CAST(:names AS text[])) AS u(code, name)"
            f" ON t.municipality_code = u.code AND t.{link.name} = u.name WHERE {link.is_of_kind}",
            codes=codes,
            names=names,
        )
        return {(row[0], row[1]): row[2] for row in found}

    def _change(self, change: LinkedChange) -> None:
        sets = ", ".join(f"{column} = n.{column}" for column in change.changes)
        told = {column: after for column, (_, after) in change.changes.items()}
        self._sql.run(
            f"UPDATE landbank.{change.table} t SET {sets}"
            f" FROM jsonb_populate_record(NULL::landbank.{change.table}, CAST(:told AS jsonb)) n WHERE t.id = :id",
            told=self._sql.json(told),
            id=self._ids[change.field][change.municipality_code, change.name],
        )


def _or_default(column: str) -> str:
    """The value that a new row says, or the column's default where it says none."""
    defaults = {"is_synthetic": "false", "kind": "'detaljplan'"}
    return f"coalesce(t.{column}, {defaults[column]})" if column in defaults else f"t.{column}"


def _as_json(value: Any) -> Any:
    """A value as JSON gives it back."""
    return value.isoformat() if hasattr(value, "isoformat") else value
