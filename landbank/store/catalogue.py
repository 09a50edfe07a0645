"""The inventory as columns for the matching: all current plots of one revision, read in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from landbank.domain.build_right import CODE_PREFIX, DEGREE_CODES, MEANINGS, floor_area_bounds
from landbank.domain.columns import AMOUNTS, CLAIMS, CODE_LISTS, DATES, TENURES, Columns
from landbank.domain.moment import Moment
from landbank.domain.place import Points
from landbank.domain.plot_name import PlotName
from landbank.domain.power import PowerSteps
from landbank.domain.refreshed import refreshed
from landbank.store.binary_copy import copy_rows
from landbank.store.database import read_sql
from landbank.store.past import BOUND_BY_DRIVER, Reader, at, parameters_of

READING_MS: Final = 120_000
MOST_REFRESHED: Final = 5_000
"""Changes up to which the changed plots are read one by one: beyond it the whole is read as fast."""
UNKNOWN_DAY: Final = -2_147_483_648

LAYOUT: Final[dict[str, str]] = {
    "plot_id": "i8",
    "municipality": "i2",
    **dict.fromkeys(CODE_LISTS, "i2"),
    "degree_code": "i2",
    **dict.fromkeys(DATES, "i4"),
    "is_blocked": "i2",
    "use_known": "i2",
    "tenure_known": "i2",
    "use": "u8",
    "excluded_use": "u8",
    "tenure": "u8",
    **dict.fromkeys(AMOUNTS, "f8"),
    "degree": "f8",
    **dict.fromkeys(CLAIMS, "i2"),
}
"""The columns of sql/catalogue.sql in their order."""

STEP_LAYOUT: Final = {"plot_id": "i8", "from_day": "i4", "mw": "f8", "firm": "i2"}


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an answer depends on besides the need: the revision, the day, and whether plots that begin after it count.

    `is_now` is false where an earlier moment, or another day than the database's, was asked for.
    """

    revision: int
    day: date
    is_now: bool = True
    only_begun: bool = False


class Catalogue:
    """Statements that the matching reads by. Use it inside `Landbank.reading()`: one state throughout."""

    def __init__(self, connection: Connection, moment: Moment | None = None) -> None:
        self._connection = connection
        self._moment = moment

    def stamp(self) -> Stamp:
        """The revision and day of this transaction, or of the moment that it was opened for."""
        if self._moment is not None:
            return Stamp(
                self._moment.revision,
                self._moment.valid_on,
                is_now=False,
                only_begun=self._moment.is_valid_on_asked,
            )
        row = self._connection.execute(
            text("SELECT revision, current_date AS today FROM landbank.inventory")
        ).one()
        return Stamp(row.revision, row.today)

    def columns(self, plot_ids: Sequence[int] | None = None) -> Columns:
        """All current plots, or those of the ids, with the revision and day that they hold for."""
        stamp = self.stamp()
        some = {"plot_ids": None if plot_ids is None else list(plot_ids)}
        bound = some | {
            **{name: list(codes) for name, codes in CODE_LISTS.items()},
            "tenures": list(TENURES),
            "degree_codes": list(DEGREE_CODES),
            "code_prefix": f"^{CODE_PREFIX}",
        }
        with self._given_time():
            rows = copy_rows(self._connection, *self._copied("catalogue.sql", bound), LAYOUT)
            steps = copy_rows(self._connection, *self._copied("power_steps.sql", some), STEP_LAYOUT)
        return columns_from(rows, steps, stamp, self._points())

    def refreshed(self, held: Columns) -> Columns | None:
        """Held columns of an earlier revision brought up to this transaction's by reading what changed; None where
        that is not known to be enough: on another day, of an earlier moment, or after too many changes."""
        stamp = self.stamp()
        if self._moment is not None or held.day != stamp.day or held.revision > stamp.revision:
            return None
        bound = {"since": held.revision, "most": MOST_REFRESHED}
        changed = [
            row.plot_id for row in self._connection.execute(text(read_sql("changed_plots.sql")), bound)
        ]
        if None in changed or len(changed) > MOST_REFRESHED:
            return None
        return refreshed(held, self.columns(changed), np.array(changed, dtype=np.int64))

    def _points(self) -> dict[str, tuple[float, float]]:
        """The infrastructure's points by name; of two of the same name the first by kind."""
        found = Reader(self._connection, self._moment).execute(
            "SELECT i.name, public.st_x(i.location) AS x, public.st_y(i.location) AS y"
            " FROM landbank.infrastructure i ORDER BY i.name, i.kind DESC"
        )
        return {row.name: (row.x, row.y) for row in found}

    def _copied(self, name: str, bound: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """A statement and what it is bound to, for the moment at hand."""
        statement = read_sql(name)
        if self._moment is None:
            return statement, bound
        return at(statement, **BOUND_BY_DRIVER), bound | parameters_of(self._moment)

    @contextmanager
    def _given_time(self) -> Iterator[None]:
        """Let a statement read the whole inventory (25 s for a million plots), which no other statement does."""
        change = text("SELECT set_config('statement_timeout', :ms, true)")
        usual = self._connection.execute(text("SHOW statement_timeout")).scalar_one()
        self._connection.execute(change, {"ms": str(READING_MS)})
        yield
        self._connection.execute(change, {"ms": usual})

    def named(self, plot_ids: Iterable[int]) -> dict[int, PlotName]:
        """How plots are named, by id; one that is not current is left out."""
        rows = Reader(self._connection, self._moment).execute(
            "SELECT plot_id, reference, name, municipality_code, municipality_name, area_name"
            " FROM landbank.plot_facts WHERE plot_id = ANY(CAST(:ids AS bigint[]))",
            {"ids": list(plot_ids)},
        )
        return {
            row.plot_id: PlotName(
                row.reference, row.name, row.municipality_code, row.municipality_name, row.area_name
            )
            for row in rows
        }


def columns_from(
    rows: dict[str, NDArray[Any]], steps: dict[str, NDArray[Any]], stamp: Stamp, points: Points
) -> Columns:
    """The columns of what the statements gave."""
    low, high = floor_area_bounds(rows["degree"], meanings(rows["degree_code"]), rows["area_m2"])
    arrays: dict[str, Any] = {
        **{name: rows[name].astype(np.int8) for name in (*CODE_LISTS, *CLAIMS)},
        **{name: rows[name] == 1 for name in ("is_blocked", "use_known", "tenure_known")},
        **{name: as_days(rows[name]) for name in DATES},
        **{name: rows[name] for name in (*AMOUNTS, "municipality", "use", "excluded_use", "tenure")},
    }
    return Columns(
        revision=stamp.revision,
        day=stamp.day,
        plot_id=rows["plot_id"],
        floor_area_low_m2=low,
        floor_area_high_m2=high,
        power=power_of(steps, rows["plot_id"]),
        points=points,
        **arrays,
    )


def meanings(places: NDArray[np.int16]) -> NDArray[np.int8]:
    """What degrees count, from the places of their codes in `DEGREE_CODES`; -1 for none."""
    by_place = [MEANINGS.index(meaning) for meaning in DEGREE_CODES.values()]
    return np.array([*by_place, -1], dtype=np.int8)[places]


def as_days(numbers: NDArray[np.int32]) -> NDArray[np.datetime64]:
    """Dates from days since 1970-01-01, NaT where unknown."""
    days = numbers.astype(np.int64).astype("datetime64[D]")
    days[numbers == UNKNOWN_DAY] = np.datetime64("NaT")
    return days


def power_of(steps: dict[str, NDArray[Any]], plot_ids: NDArray[np.int64]) -> PowerSteps:
    """The power steps, by places in the columns."""
    places = np.searchsorted(plot_ids, steps["plot_id"]).astype(np.int32)
    return PowerSteps.ordered(places, as_days(steps["from_day"]), steps["mw"], steps["firm"].astype(np.int8))
