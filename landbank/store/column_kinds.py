"""What the tables' columns are made of: the kinds of column."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import CheckConstraint, Column, Computed, DateTime, text


def one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    """A check that the column holds a code of the list, or nothing."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def geometry(kind: str, name: str = "geometry", *, nullable: bool = True) -> Column[Any]:
    """A geometry column in the storage CRS; spatial indexes are named where they are wanted."""
    return Column(name, Geometry(kind, srid=3006, spatial_index=False), nullable=nullable)


def on_tiles(kind: str, name: str) -> Column[Any]:
    """The same geometry in EPSG:3857, kept by the database, so that a tile never reprojects it."""
    made = f"public.st_transform({name}, 3857)"
    return Column(
        f"{name}_tile", Geometry(kind, srid=3857, spatial_index=False), Computed(made, persisted=True)
    )


def recorded() -> list[Column[Any]]:
    """Record time of a fact that is versioned in place."""
    return [
        Column(
            "recorded_at",
            DateTime(timezone=True),
            nullable=False,
            server_default=text("landbank.change_time()"),
        ),
        Column("superseded_at", DateTime(timezone=True)),
    ]
