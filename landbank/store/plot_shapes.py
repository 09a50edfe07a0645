"""Outlines of plots as shapes, for fitting, joining and dividing: EPSG:3006, metres, as they are stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, text

from landbank.domain.assembly.facts import Holding
from landbank.store.database import read_sql


@dataclass(frozen=True, slots=True, eq=False)
class PlotShape:
    """A current plot's outline, None for one that is only a point, and what is known of dividing it."""

    plot_id: int
    row_version: int
    reference: str
    name: str | None
    area_m2: float | None
    minimum_lot_m2: float | None
    is_subdividable: bool | None
    is_synthetic: bool
    outline: BaseGeometry | None


class PlotShapes:
    """Reads of outlines, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def shape(self, plot_id: int) -> PlotShape | None:
        """A current plot with its outline; None when no such plot is current."""
        row = self._connection.execute(text(read_sql("plot_shape.sql")), {"plot_id": plot_id}).one_or_none()
        if row is None:
            return None
        return as_plot(dict(row._mapping))

    def shapes(self, plot_ids: Iterable[int]) -> dict[int, PlotShape]:
        """Current plots with their outlines, by id in ascending order; those that are not current are left out."""
        rows = self._connection.execute(text(read_sql("plot_shapes.sql")), {"plot_ids": list(plot_ids)})
        return {row.plot_id: as_plot(dict(row._mapping)) for row in rows}

    def outlines(self, plot_ids: Iterable[int]) -> dict[int, BaseGeometry]:
        """The outlines of the plots that are current and have one, by id in ascending order."""
        return self._shapes("plot_outlines.sql", plot_ids=list(plot_ids))

    def near(self, plot_id: int, *, within_m: float) -> dict[int, BaseGeometry]:
        """The outlines of the other current plots no farther from the plot than the distance, by id."""
        return self._shapes("plots_near.sql", plot_id=plot_id, within_m=within_m)

    def holdings(self, plot_ids: Iterable[int]) -> dict[int, Holding]:
        """Kind of owner and plan of the plots that are current, by id."""
        rows = self._connection.execute(text(read_sql("plot_holdings.sql")), {"plot_ids": list(plot_ids)})
        return {row.plot_id: Holding(row.owner_kind, row.plan_reference) for row in rows}

    def _shapes(self, name: str, **parameters: Any) -> dict[int, BaseGeometry]:
        rows = self._connection.execute(text(read_sql(name)), parameters)
        return {row.plot_id: as_shape(row.geometry) for row in rows}


def as_plot(told: dict[str, Any]) -> PlotShape:
    """The plot that a row tells of."""
    wkb = told.pop("geometry")
    return PlotShape(**told, outline=None if wkb is None else as_shape(wkb))


def as_shape(wkb: bytes) -> BaseGeometry:
    """The shape that well-known binary holds; a MultiPolygon of one part is that part."""
    shape = shapely.from_wkb(bytes(wkb))
    parts = shapely.get_parts(shape)
    return parts[0] if len(parts) == 1 else shape
