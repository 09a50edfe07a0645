"""Imports that were looked at or done: who, which file, with which difference and outcome; and their reports."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

COLUMNS = (
    "id, kind, state, rolls_back_id, file_name, upload, options, dataset, municipality_codes, diff_hash, counts, actor,"
    " role, proposed_at, applied_at, first_revision, last_revision"
)


@dataclass(frozen=True, slots=True)
class ImportRecord:
    """One import; see the data dictionary for its fields. `upload` is the file's name in the scratch folder."""

    id: int
    kind: str
    state: str
    rolls_back_id: int | None
    file_name: str
    upload: str | None
    options: dict[str, Any]
    dataset: str | None
    municipality_codes: tuple[str, ...]
    diff_hash: str
    counts: dict[str, int]
    actor: str
    role: str | None
    proposed_at: datetime
    applied_at: datetime | None
    first_revision: int | None
    last_revision: int | None


class Imports:
    """Statements about imports as things that happened."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def next_id(self) -> int:
        """The id that the next import is to have."""
        return int(self._connection.scalar(text("SELECT nextval('landbank.plot_import_id_seq')")) or 0)

    def add(self, values: Mapping[str, Any], *, report: bytes | None) -> ImportRecord:
        """Note an import. `values` are columns by name, among them `id`; the report is packed with gzip."""
        told = {**values, "report": report}
        told |= {name: json.dumps(told[name], default=str) for name in ("options", "counts") if name in told}
        listed = ", ".join(told)
        bound = ", ".join(
            f"CAST(:{name} AS jsonb)" if name in ("options", "counts") else f":{name}" for name in told
        )
        row = self._connection.execute(
            text(
                f"INSERT INTO landbank.plot_import ({listed}) OVERRIDING SYSTEM VALUE VALUES ({bound})"  # noqa: S608
                f" RETURNING {COLUMNS}"
            ),
            told,
        ).one()
        return _record(row)

    def change_time(self) -> datetime:
        """The moment of the running change."""
        moment: datetime = self._connection.execute(text("SELECT landbank.change_time()")).scalar_one()
        return moment

    def revision(self) -> int:
        """The inventory's revision as this transaction sees it."""
        return int(self._connection.execute(text("SELECT revision FROM landbank.inventory")).scalar_one())

    def mark_applied(
        self, import_id: int, *, counts: Mapping[str, int], actor: str, role: str | None,
        first_revision: int | None, last_revision: int | None, report: bytes,
    ) -> ImportRecord:  # fmt: skip
        """Say that a proposed import is done, by whom and with what outcome."""
        row = self._connection.execute(
            text(
                "UPDATE landbank.plot_import SET state = 'applied', applied_at = landbank.change_time(), upload = NULL,"  # noqa: S608
                " counts = CAST(:counts AS jsonb), actor = :actor, role = :role, first_revision = :first,"
                f" last_revision = :last, report = :report WHERE id = :id RETURNING {COLUMNS}"
            ),
            {
                "id": import_id, "counts": json.dumps(counts), "actor": actor, "role": role, "first": first_revision,
                "last": last_revision, "report": report,
            },
        ).one()  # fmt: skip
        return _record(row)

    def get(self, import_id: int, *, lock: bool = False) -> ImportRecord | None:
        """The import with that id, or None; `lock` keeps others from applying it until the transaction ends."""
        ending = " FOR UPDATE" if lock else ""
        row = self._connection.execute(
            text(f"SELECT {COLUMNS} FROM landbank.plot_import WHERE id = :id{ending}"),  # noqa: S608
            {"id": import_id},
        ).one_or_none()
        return None if row is None else _record(row)

    def report(self, import_id: int) -> bytes | None:
        """The report of an import, JSON packed with gzip; None where there is none."""
        found = self._connection.execute(
            text("SELECT report FROM landbank.plot_import WHERE id = :id"), {"id": import_id}
        ).scalar_one_or_none()
        return None if found is None else bytes(found)

    def page(
        self, *, codes: Collection[str] | None, before: int | None = None, limit: int = 50
    ) -> list[ImportRecord]:
        """The newest imports first, ids below `before`; of those that touch one of the municipalities, or of all."""
        rows = self._connection.execute(
            text(
                f"SELECT {COLUMNS} FROM landbank.plot_import"  # noqa: S608
                " WHERE (CAST(:before AS bigint) IS NULL OR id < :before)"
                " AND (CAST(:codes AS text[]) IS NULL OR municipality_codes && CAST(:codes AS text[]))"
                " ORDER BY id DESC LIMIT :limit"
            ),
            {"before": before, "codes": None if codes is None else sorted(codes), "limit": limit},
        )
        return [_record(row) for row in rows]

    def rolled_back_by(self, import_id: int) -> int | None:
        """The import that rolled this one back, or None."""
        found: int | None = self._connection.execute(
            text("SELECT max(id) FROM landbank.plot_import WHERE rolls_back_id = :id AND state = 'applied'"),
            {"id": import_id},
        ).scalar_one()
        return found

    def expire(self, before: datetime) -> list[str]:
        """Lay aside what was proposed before that moment and never applied; the uploads that nobody needs any more."""
        rows = self._connection.execute(
            text(
                "WITH old AS (SELECT id, upload FROM landbank.plot_import WHERE state = 'proposed'"
                "   AND proposed_at < :before FOR UPDATE SKIP LOCKED)"
                " UPDATE landbank.plot_import i SET state = 'expired', upload = NULL FROM old WHERE i.id = old.id"
                " RETURNING old.upload"
            ),
            {"before": before},
        )
        return [row.upload for row in rows if row.upload is not None]


def _record(row: Any) -> ImportRecord:
    told = row._asdict()
    return ImportRecord(**{**told, "municipality_codes": tuple(told["municipality_codes"])})
