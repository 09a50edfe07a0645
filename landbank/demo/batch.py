"""What the generator hands over: rows of one batch of whole parks, as columns, ready for COPY."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

Columns = Mapping[str, NDArray[Any]]
"""One array a column, all of one length. Empty values: NaN, NaT, None, and 0 for a number that names another row."""

TABLES = (
    "contact",
    "area",
    "plan",
    "plot",
    "plot_use",
    "restriction",
    "utility",
    "access",
    "price",
    "value_source",
)
"""The tables of a batch, in an order in which every row names only rows before it."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of some whole parks by table name.

    Plots, areas, plans and contacts are numbered from 1 through all batches (`id`); other rows name them by these
    numbers. Geometries are shapely objects in EPSG:3006.
    """

    plots: int
    tables: Mapping[str, Columns]

    def __getitem__(self, table: str) -> Columns:
        """The columns of a table."""
        return self.tables[table]
