"""How the inventory stands as a whole: its revision, its municipalities, and plots and hectares by label."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, text

from landbank.domain.moment import Moment
from landbank.store.database import read_sql
from landbank.store.past import Reader


@dataclass(frozen=True, slots=True)
class Inventory:
    """The inventory at one moment. `today` is the database's date, which the labels depend on."""

    revision: int
    changed_at: datetime
    today: date
    is_synthetic: bool


@dataclass(frozen=True, slots=True)
class LabelSum:
    """Current plots of one municipality with one public label; `area_m2` leaves out plots of unknown area."""

    municipality_code: str
    label: str
    plots: int
    area_m2: float


class Standing:
    """Statements about the whole inventory."""

    def __init__(self, connection: Connection, moment: Moment | None = None) -> None:
        self._connection = connection
        self._reader = Reader(connection, moment)

    def inventory(self) -> Inventory:
        """The inventory now, whatever moment is asked for; synthetic while any current plot is."""
        row = self._connection.execute(
            text(
                """SELECT i.revision, i.changed_at, current_date AS today, EXISTS (
                     SELECT FROM landbank.plot p
                     WHERE p.is_synthetic AND (p.valid_to IS NULL OR p.valid_to > current_date)) AS is_synthetic
                   FROM landbank.inventory i"""
            )
        ).one()
        return Inventory(row.revision, row.changed_at, row.today, row.is_synthetic)

    def municipalities(self) -> dict[str, str]:
        """Name by code of all municipalities, in the order of the Swedish alphabet."""
        rows = self._reader.execute(
            'SELECT code, name FROM landbank.municipality ORDER BY name COLLATE "sv-x-icu", code'
        )
        return {row.code: row.name for row in rows}

    def off_tiles(self) -> tuple[int, int]:
        """Of the newest plots, at most 50 000, how many lie elsewhere on tiles than in truth; and how many there are.

        A bulk load brings its tile columns along (migrations/sql/0004_bulk_load.sql): did it tell the truth?
        """
        row = self._connection.execute(text(read_sql("plots_off_tiles.sql"))).one()
        return row.wrong, row.looked_at

    def plot_counts(self) -> dict[str, int]:
        """How many current plots each municipality has, by code; one without any is left out."""
        rows = self._connection.execute(
            text(
                "SELECT municipality_code, count(*) AS plots FROM landbank.plot"
                " WHERE valid_to IS NULL OR valid_to > current_date GROUP BY municipality_code"
            )
        )
        return {row.municipality_code: row.plots for row in rows}

    def label_sums(self, municipality_code: str | None = None) -> list[LabelSum]:
        """Plots and area by municipality and public label, of one municipality or all, in the order of the codes."""
        rows = self._reader.execute(
            """SELECT municipality_code, label, count(*) AS plots, coalesce(sum(area_m2), 0) AS area_m2
               FROM landbank.plot_facts WHERE CAST(:code AS text) IS NULL OR municipality_code = :code
               GROUP BY municipality_code, label ORDER BY municipality_code, label""",
            {"code": municipality_code},
        )
        return [LabelSum(row.municipality_code, row.label, row.plots, row.area_m2) for row in rows]
