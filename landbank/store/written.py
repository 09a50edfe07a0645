"""Whether an UPDATE reached its row: one that the policies hide is passed over in silence, which is not success."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, CursorResult, text

from landbank.errors import Forbidden, NotFound
from landbank.store.database import SCHEMA

OWNED = frozenset({"plot", "area", "plan", "contact"})
"""Tables with an id and a municipality_code."""


def was_written(connection: Connection, result: CursorResult[Any], table: str, key: int) -> bool:
    """Whether an UPDATE of the row with this id changed it; False where it said already what was to be written.

    `result` is the UPDATE's, `table` one of those with an id and a municipality.

    Raises
    ------
    NotFound
        There is no such row.
    Forbidden
        The row is another municipality's.
    """
    if result.rowcount > 0:
        return True
    if table not in OWNED:
        raise ValueError(f"{table} has no municipality of its own")
    stands = connection.execute(
        text(f"SELECT landbank.writes(municipality_code) FROM {SCHEMA}.{table} WHERE id = :key"),  # noqa: S608
        {"key": key},
    ).scalar_one_or_none()
    if stands is None:
        raise NotFound(f"There is no {table} {key}.")
    if not stands:
        raise Forbidden(
            f"The {table} {key} belongs to another municipality, and you may not change it.",
            hint="Somebody with a role in that municipality can.",
        )
    return False
