"""Items of any collection: a page by key, one by its id, and how many there are; the whole is never loaded.

Names in the statements are those of collections.py; every value is bound.
"""
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from landbank.domain.moment import Moment
from landbank.store.collections import Collection
from landbank.store.past import Reader

Key = int | str
Box = tuple[float, float, float, float]

GEOJSON = "ST_AsGeoJSON(ST_ForcePolygonCCW(ST_Transform({geometry}, 4326)), 7)"
"""Degrees with 7 decimals (about 1 cm), outer rings counter-clockwise. Source: RFC 7946, 3.1.6 and 4."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which items: those that touch one of the boxes (west, south, east, north in EPSG:3857 metres) and hold on
    a day between the first and the last; no boxes and no days mean all."""

    boxes: tuple[Box, ...] = ()
    first_day: date | None = None
    last_day: date | None = None


EVERYTHING = Selection()


@dataclass(frozen=True, slots=True)
class Feature:
    """One item: its id, its properties, and its geometry as the text of a GeoJSON geometry, or None."""

    key: Key
    properties: dict[str, Any]
    geojson: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """Items in the order of their ids, and the id to go on after; None when these were the last."""

    features: tuple[Feature, ...]
    next_after: Key | None


class Features:
    """Reads the collections."""

    def __init__(self, connection: Connection, moment: Moment | None = None) -> None:
        self._reader = Reader(connection, moment)

    def page(
        self,
        collection: Collection,
        selection: Selection = EVERYTHING,
        *,
        after: Key | None = None,
        limit: int = 100,
    ) -> Page:
        """At most `limit` items with ids above `after`, in one statement.

        The ids are found first, by the table's indexes; facts are gathered for these alone.
        """
        conditions, parameters = _where(collection, selection)
        if after is not None:
            conditions.append(f"t.{collection.key} > :after")
            parameters["after"] = after
        found = (
            f"SELECT t.{collection.key} AS found FROM {collection.table} t WHERE {' AND '.join(conditions)}"
            f" ORDER BY t.{collection.key} LIMIT :limit"
        )
        # Row by row: the view joins more than the planner reorders, and it would gather the facts of all plots first.
        facts = f"SELECT * FROM {collection.facts} f WHERE f.{collection.facts_key} = k.found OFFSET 0"
        statement = (
            f"SELECT {_selected(collection)} FROM ({found}) k CROSS JOIN LATERAL ({facts}) f ORDER BY k.found"
        )
        rows = self._rows(collection, statement, {**parameters, "limit": limit + 1})
        shown = tuple(rows[:limit])
        return Page(shown, shown[-1].key if len(rows) > limit else None)

    def item(self, collection: Collection, key: Key) -> Feature | None:
        """The item with that id, or None, in one statement."""
        statement = (
            f"SELECT {_selected(collection)} FROM {collection.facts} f WHERE f.{collection.facts_key} = :key"
        )
        rows = self._rows(collection, statement, {"key": key})
        return rows[0] if rows else None

    def count(self, collection: Collection, selection: Selection = EVERYTHING) -> int:
        """How many items are selected, exactly."""
        conditions, parameters = _where(collection, selection)
        statement = f"SELECT count(*) FROM {collection.table} t WHERE {' AND '.join(conditions)}"
        return int(self._reader.execute(statement, parameters).scalar_one())

    def _rows(self, collection: Collection, statement: str, parameters: dict[str, Any]) -> Sequence[Feature]:
        names = [column.name for column in collection.columns]
        place = names.index(collection.facts_key)
        return [
            Feature(row[place], dict(zip(names, row, strict=False)), row[-1])
            for row in self._reader.execute(statement, parameters)
        ]


def _selected(collection: Collection) -> str:
    names = ", ".join(f"f.{column.name}" for column in collection.columns)
    return f"{names}, {GEOJSON.format(geometry=collection.geometry)} AS geojson"


def _where(collection: Collection, selection: Selection) -> tuple[list[str], dict[str, Any]]:
    conditions = [collection.is_current]
    parameters: dict[str, Any] = {}
    boxes = []
    for number, box in enumerate(selection.boxes):
        names = [f"box{number}_{side}" for side in range(4)]
        parameters |= dict(zip(names, box, strict=True))
        envelope = f"ST_MakeEnvelope(:{', :'.join(names)}, 3857)"
        boxes.append(f"ST_Intersects(t.{collection.outline}, {envelope})")
    if boxes:
        conditions.append(f"({' OR '.join(boxes)})")
    if collection.period is not None:
        first, last = collection.period
        if selection.last_day is not None:
            conditions.append(f"{first} <= :last_day")
            parameters["last_day"] = selection.last_day
        if selection.first_day is not None:
            conditions.append(f"coalesce({last} > :first_day, true)")
            parameters["first_day"] = selection.first_day
    return conditions, parameters
