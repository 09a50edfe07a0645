"""Plots that lie beside a piece of ground: what a border may be drawn along, and what may be merged with it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, text

from landbank.store.database import read_sql

MOST = 400


@dataclass(frozen=True, slots=True)
class PlotBeside:
    """A current plot near a piece of ground: its outline is WKB in EPSG:3006, `distance_m` 0 where they touch."""

    plot_id: int
    row_version: int
    reference: str
    name: str | None
    municipality_code: str
    area_m2: float | None
    outline: bytes
    distance_m: float


class Beside:
    """Statements about neighbours."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_outline(
        self, outline: bytes, *, reach_m: float, besides: Collection[int] = ()
    ) -> list[PlotBeside]:
        """Current plots with an outline within so many metres of one (WKB, EPSG:3006), nearest first, at most 400."""
        rows = self._connection.execute(
            text(read_sql("beside.sql")),
            {"outline": outline, "reach": reach_m, "besides": list(besides), "most": MOST},
        )
        return [
            PlotBeside(
                row.id, row.row_version, row.reference, row.name, row.municipality_code, row.area_m2,
                bytes(row.outline), float(row.distance),
            )
            for row in rows
        ]  # fmt: skip
