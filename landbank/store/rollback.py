"""What an import did, and the way back: plots, their facts and what they share as they stood before it."""

# ruff: noqa: S608 - every name in these statements is a constant of this room; values are bound

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from landbank.store.commitments import end_commitments_of

SHARED = ("area", "plan", "contact")


@dataclass(frozen=True, slots=True)
class TouchedPlot:
    """A plot that an import made (`is_new`) or changed, as it is now."""

    plot_id: int
    municipality_code: str
    row_version: int
    is_new: bool
    stands: bool


@dataclass(frozen=True, slots=True)
class LaterChange:
    """A change after the import of something that it touched."""

    noun: str
    noun_id: int
    municipality_code: str | None
    name: str
    revision: int
    occurred_at: datetime
    actor: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SharedChange:
    """What an import changed of a park, plan or office: {column: [before, after]}."""

    noun: str
    noun_id: int
    changes: dict[str, list[Any]]


class Rollback:
    """Statements that take one import back; made once in a transaction."""

    def __init__(
        self, connection: Connection, *, first_revision: int, last_revision: int, applied_at: datetime
    ) -> None:
        """Gather what the import touched in a temporary table; it vanishes with the transaction."""
        self._connection = connection
        self._told = {"first": first_revision, "last": last_revision, "at": applied_at}
        self._run(
            "CREATE TEMP TABLE rollback_plot ON COMMIT DROP AS SELECT CAST(e.noun_id AS bigint) AS plot_id,"
            " e.kind = 'created' AS is_new FROM landbank.event e WHERE e.noun = 'plot'"
            " AND e.revision BETWEEN :first AND :last"
        )

    def _run(self, statement: str, **bound: Any) -> Any:
        told = {name: value for name, value in {**self._told, **bound}.items() if f":{name}" in statement}
        return self._connection.execute(text(statement), told)

    def touched(self) -> list[TouchedPlot]:
        """The plots that the import touched, by id."""
        rows = self._run(
            "SELECT p.id, p.municipality_code, p.row_version, r.is_new, p.valid_to IS NULL AS stands"
            " FROM rollback_plot r JOIN landbank.plot p ON p.id = r.plot_id ORDER BY p.id"
        )
        return [
            TouchedPlot(row.id, row.municipality_code, row.row_version, row.is_new, row.stands)
            for row in rows
        ]

    def later_changes(self) -> list[LaterChange]:
        """The last change after the import of each plot that it touched, and plots that took a reference since."""
        rows = self._run(
            "SELECT DISTINCT ON (p.id) p.id, p.municipality_code, p.reference, e.revision, e.occurred_at, e.actor,"
            " ARRAY(SELECT jsonb_object_keys(e.changes) ORDER BY 1) AS fields"
            " FROM rollback_plot r JOIN landbank.plot p ON p.id = r.plot_id"
            " JOIN landbank.event e ON e.noun = 'plot' AND e.noun_id = CAST(p.id AS text) AND e.revision > :last"
            " ORDER BY p.id, e.revision DESC"
        )
        found = [
            LaterChange(
                "plot", row.id, row.municipality_code, row.reference, row.revision, row.occurred_at, row.actor,
                tuple(row.fields),
            )
            for row in rows
        ]  # fmt: skip
        known = {change.noun_id for change in found}
        return found + [change for change in self._references_taken() if change.noun_id not in known]

    def _references_taken(self) -> list[LaterChange]:
        rows = self._run(
            "SELECT p.id, p.municipality_code, p.reference, e.revision, e.occurred_at, e.actor"
            " FROM rollback_plot r JOIN landbank.plot p ON p.id = r.plot_id AND p.valid_to IS NOT NULL AND NOT r.is_new"
            " JOIN landbank.plot o ON o.municipality_code = p.municipality_code AND o.reference = p.reference"
            "   AND o.valid_to IS NULL"
            " JOIN landbank.event e ON e.noun = 'plot' AND e.noun_id = CAST(o.id AS text) AND e.kind = 'created'"
            " ORDER BY p.id"
        )
        return [
            LaterChange(
                "plot", row.id, row.municipality_code, row.reference, row.revision, row.occurred_at, row.actor,
                ("reference",),
            )
            for row in rows
        ]  # fmt: skip

    def leave_out(self, plot_ids: Sequence[int]) -> None:
        """Let these plots stay as they are."""
        self._run(
            "DELETE FROM rollback_plot WHERE plot_id = ANY (CAST(:ids AS bigint[]))", ids=list(plot_ids)
        )

    def held(self) -> list[str]:
        """References of the plots that the import made, stand, and that somebody holds since."""
        rows = self._run(
            "SELECT p.reference FROM rollback_plot r JOIN landbank.plot p ON p.id = r.plot_id"
            " WHERE r.is_new AND p.valid_to IS NULL AND EXISTS (SELECT FROM landbank.commitment c"
            "   WHERE c.plot_id = p.id AND c.kind <> 'interest' AND c.superseded_at IS NULL AND c.ended_on IS NULL)"
            " ORDER BY p.municipality_code, p.reference"
        )
        return list(rows.scalars())

    def end_new(self) -> None:
        """End the plots that the import made and that stand, and the interests in them."""
        ended = self._run(
            "UPDATE landbank.plot p SET valid_to = greatest(p.valid_from, current_date)"
            " FROM rollback_plot r WHERE r.plot_id = p.id AND r.is_new AND p.valid_to IS NULL RETURNING p.id"
        )
        end_commitments_of(self._connection, list(ended.scalars()))

    def restore_changed(self) -> None:
        """Let the plots that the import changed or ended stand as before, with their facts."""
        from landbank.store.tables import FACT_TABLES, plot_columns

        kept = ("row_version", "recorded_at")
        columns = [column.name for column in plot_columns() if column.name not in kept]
        sets = ", ".join(f"{name} = v.{name}" for name in columns)
        self._run(
            f"UPDATE landbank.plot p SET {sets} FROM rollback_plot r"
            " JOIN landbank.plot_version v ON v.plot_id = r.plot_id AND v.superseded_at = :at"
            " WHERE p.id = r.plot_id AND NOT r.is_new"
        )
        for table in FACT_TABLES:
            self._restore_facts(table.name, [column.name for column in table.columns])

    def _restore_facts(self, table: str, columns: Sequence[str]) -> None:
        """Supersede what came with the import or after it, and state again what stood before it."""
        self._run(
            f"UPDATE landbank.{table} x SET superseded_at = landbank.change_time() FROM rollback_plot r"
            " WHERE x.plot_id = r.plot_id AND NOT r.is_new AND x.superseded_at IS NULL AND x.recorded_at >= :at"
        )
        copied = ", ".join(name for name in columns if name not in ("id", "recorded_at", "superseded_at"))
        of_x = ", ".join(f"x.{name.strip()}" for name in copied.split(","))
        self._run(
            f"INSERT INTO landbank.{table} ({copied}, recorded_at) SELECT {of_x}, landbank.change_time()"
            f" FROM landbank.{table} x JOIN rollback_plot r ON r.plot_id = x.plot_id"
            " WHERE NOT r.is_new AND x.recorded_at < :at AND x.superseded_at >= :at"
            "   AND x.superseded_at < landbank.change_time() ORDER BY x.id"
        )

    def shared_changes(self) -> list[SharedChange]:
        """What the import changed of parks, plans and offices that stood before, by revision."""
        rows = self._run(
            "SELECT noun, CAST(noun_id AS bigint) AS id, changes FROM landbank.event WHERE noun = ANY (:nouns)"
            " AND kind = 'changed' AND revision BETWEEN :first AND :last ORDER BY revision",
            nouns=list(SHARED),
        )
        return [SharedChange(row.noun, row.id, row.changes) for row in rows]

    def shared_conflict(self, change: SharedChange) -> LaterChange | None:
        """The last change of it after the import, or None."""
        names = {"area": "name", "plan": "reference", "contact": "title"}
        row = self._run(
            f"SELECT t.municipality_code, t.{names[change.noun]} AS name, e.revision, e.occurred_at, e.actor,"
            f" ARRAY(SELECT jsonb_object_keys(e.changes) ORDER BY 1) AS fields FROM landbank.{change.noun} t"
            " JOIN landbank.event e ON e.noun = :noun AND e.noun_id = CAST(t.id AS text) AND e.revision > :last"
            " WHERE t.id = :id ORDER BY e.revision DESC LIMIT 1",
            noun=change.noun,
            id=change.noun_id,
        ).one_or_none()
        if row is None:
            return None
        return LaterChange(
            change.noun, change.noun_id, row.municipality_code, row.name, row.revision, row.occurred_at, row.actor,
            tuple(row.fields),
        )  # fmt: skip

    def restore_shared(self, change: SharedChange) -> None:
        """Let a park, plan or office say again what it said before the import."""
        from landbank.store.tables import metadata

        known = metadata.tables[f"landbank.{change.noun}"].columns.keys()
        columns = [name for name in change.changes if name in known and name != "id"]
        sets = ", ".join(f"{name} = v.{name}" for name in columns)
        self._run(
            f"UPDATE landbank.{change.noun} t SET {sets}"
            f" FROM jsonb_populate_record(NULL::landbank.{change.noun}, CAST(:before AS jsonb)) v WHERE t.id = :id",
            before=json.dumps({name: change.changes[name][0] for name in columns}),
            id=change.noun_id,
        )
