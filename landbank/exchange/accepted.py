"""Rows that passed the checks, as columns: what the inventory's side of an import asks of them.

The inventory knows neither Arrow nor files; it names the columns that it wants and adds numbers of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from landbank.exchange.binary_rows import binary_rows


@dataclass(frozen=True, slots=True)
class AcceptedRows:
    """Some accepted rows of a file in its order; place i of every column belongs to the same row."""

    columns: Mapping[str, pa.Array]

    def __len__(self) -> int:
        return len(self.columns["row"])

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns in their order."""
        return tuple(self.columns)

    def texts(self, name: str) -> list[str | None]:
        """A column's texts, None where nothing is said."""
        told: list[str | None] = self.columns[name].to_pylist()
        return told

    def numbers(self, name: str) -> NDArray[np.int64]:
        """A column of whole numbers, of which none is missing."""
        return np.asarray(self.columns[name].to_numpy(zero_copy_only=False), dtype=np.int64)

    def count(self, name: str) -> int:
        """In how many rows a column of claims says yes."""
        return int(pc.sum(self.columns[name]).as_py() or 0)

    def is_said(self, name: str) -> NDArray[np.bool_]:
        """In which rows a column says something."""
        return np.asarray(self.columns[name].is_valid().to_numpy(zero_copy_only=False), dtype=bool)

    def distinct(self, names: Sequence[str]) -> list[dict[str, Any]]:
        """The different combinations of values in these columns, in the order in which they first come."""
        table = pa.table({name: self.columns[name] for name in names})
        told: list[dict[str, Any]] = table.group_by(list(names), use_threads=False).aggregate([]).to_pylist()
        return told

    def without_same(self, name: str, other: str) -> AcceptedRows:
        """The same where a column says nothing in rows where it says what another one says."""
        if name not in self.columns or other not in self.columns:
            return self
        array = self.columns[name]
        is_same = pc.fill_null(pc.equal(array, self.columns[other]), False)
        return self._with(name, pc.if_else(is_same, None, array))

    def at(self, places: NDArray[np.int64]) -> AcceptedRows:
        """The rows at these places."""
        if len(places) == len(self):
            return self
        take = pa.array(places)
        return replace(self, columns={name: array.take(take) for name, array in self.columns.items()})

    def with_numbers(self, name: str, values: Sequence[int | None] | NDArray[np.int64]) -> AcceptedRows:
        """The same with one more column of whole numbers."""
        return self._with(name, pa.array(values, pa.int64()))

    def with_moment(self, name: str, moment: datetime) -> AcceptedRows:
        """The same with one more column that says the same moment in every row."""
        return self._with(name, pa.repeat(pa.scalar(moment, pa.timestamp("us", "UTC")), len(self)))

    def with_default(self, name: str, value: str | bool) -> AcceptedRows:
        """The same with this value wherever the column says nothing, or is not there."""
        if name in self.columns:
            return self._with(name, pc.fill_null(self.columns[name], value))
        return self._with(name, pa.repeat(pa.scalar(value), len(self)))

    def _with(self, name: str, array: pa.Array) -> AcceptedRows:
        return replace(self, columns={**self.columns, name: array})

    def stream(self, names: Sequence[str]) -> bytes:
        """The columns of these names in PostgreSQL's binary COPY form."""
        columns: dict[str, Any] = {name: self.columns[name] for name in names}
        return binary_rows(columns)
