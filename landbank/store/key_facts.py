"""The key facts of plots as columns: what is known of each, and when it was last confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from landbank.domain.freshness import (
    KEY_FACTS,
    KEY_NAMES,
    Held,
    MaxAges,
    PlotFreshness,
    certainties,
    key_max_ages,
    plot_freshness,
    stale_marks,
)
from landbank.domain.moment import Moment
from landbank.store.binary_copy import copy_rows
from landbank.store.catalogue import as_days
from landbank.store.database import read_sql
from landbank.store.past import BOUND_BY_DRIVER, at, parameters_of

LAYOUT: Final[dict[str, str]] = {
    "plot_id": "i8",
    "municipality": "i2",
    "has_finding": "i2",
    **{f"known_{name}": "i2" for name in KEY_NAMES},
    **{f"day_{name}": "i4" for name in KEY_NAMES},
}
"""The columns of sql/key_facts.sql in their order."""


@dataclass(frozen=True, slots=True, eq=False)
class KeyFactColumns:
    """Plots in the order of their ids, and their key facts in the order of `KEY_FACTS`.

    `known` (plots, values) is 1 known, 0 unknown, -1 not counted; `confirmed_on` has their days, NaT for never.
    """

    plot_id: NDArray[np.int64]
    municipality: NDArray[np.int16]
    has_finding: NDArray[np.bool_]
    known: NDArray[np.int8]
    confirmed_on: NDArray[np.datetime64]

    def age_days(self, day: date) -> NDArray[np.float64]:
        """Days since each value was confirmed; NaN for never."""
        ages = (np.datetime64(day, "D") - self.confirmed_on).astype("timedelta64[D]")
        return np.where(np.isnat(ages), np.nan, ages.astype(np.float64))

    def certainties(self, ages: MaxAges, day: date) -> NDArray[np.float64]:
        """The certainty of each plot on the day."""
        return certainties(self.known, self.age_days(day), key_max_ages(ages))

    def stale(self, ages: MaxAges, day: date) -> NDArray[np.bool_]:
        """Whether any known value of each plot is stale on the day."""
        return np.asarray(
            stale_marks(self.known, self.age_days(day), key_max_ages(ages)).any(axis=1), dtype=np.bool_
        )

    def freshness(self, ages: MaxAges, day: date) -> dict[int, PlotFreshness]:
        """Each plot's freshness by id, with the names of what is stale and unknown; for a page's worth of plots."""
        return {
            int(plot_id): plot_freshness(self._values(row), ages, day)
            for row, plot_id in enumerate(self.plot_id)
        }

    def _values(self, row: int) -> list[Held]:
        days: list[Any] = self.confirmed_on[row].tolist()
        return [
            Held(key.name, bool(known == 1), days[place])
            for place, (key, known) in enumerate(zip(KEY_FACTS, self.known[row].tolist(), strict=True))
            if known >= 0
        ]


class KeyFacts:
    """Reads the key facts of current plots, or of those of a moment; contacts and findings are today's."""

    def __init__(self, connection: Connection, moment: Moment | None = None) -> None:
        self._connection = connection
        self._moment = moment

    def columns(
        self, plot_ids: Sequence[int] | None = None, *, municipality_code: str | None = None
    ) -> KeyFactColumns:
        """Those of the plots, or of a municipality, or of all; what is not current is left out."""
        bound = {
            "ids": None if plot_ids is None else list(plot_ids),
            "municipality": municipality_code,
        }
        statement = read_sql("key_facts.sql")
        if self._moment is not None:
            statement, bound = at(statement, **BOUND_BY_DRIVER), bound | parameters_of(self._moment)
        rows = copy_rows(self._connection, statement, bound, LAYOUT)
        return KeyFactColumns(
            plot_id=rows["plot_id"],
            municipality=rows["municipality"],
            has_finding=rows["has_finding"] == 1,
            known=np.stack([rows[f"known_{name}"] for name in KEY_NAMES], axis=1).astype(np.int8),
            confirmed_on=np.stack([as_days(rows[f"day_{name}"]) for name in KEY_NAMES], axis=1),
        )
