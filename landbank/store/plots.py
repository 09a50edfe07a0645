"""Plots as things with a life: they end or are replaced, and their address still answers. (Facts: features.py.)"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, text

from landbank.domain.moment import Moment
from landbank.store.database import read_sql
from landbank.store.past import Reader


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a plot: whether it is current, the day it ended, and the current plots in its place."""

    is_current: bool
    ended_on: date | None
    successors: tuple[int, ...]


class Plots:
    """Reads of single plots."""

    def __init__(self, connection: Connection, moment: Moment | None = None) -> None:
        self._reader = Reader(connection, moment)

    def fate(self, plot_id: int) -> Fate | None:
        """What became of a plot; None where there never was one with that id."""
        row = self._reader.execute(read_sql("plot_fate.sql"), {"key": plot_id}).one_or_none()
        return None if row is None else Fate(row.is_current, row.valid_to, tuple(row.successors))

    def municipality_of(self, plot_id: int) -> str | None:
        """The municipality that keeps a plot, current or not; None where there never was one with that id."""
        statement = text("SELECT municipality_code FROM landbank.plot WHERE id = :key")
        code: str | None = self._reader.connection.execute(statement, {"key": plot_id}).scalar_one_or_none()
        return code
