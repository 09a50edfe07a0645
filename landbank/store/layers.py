"""Reference layers: their catalogue, and each layer's rows in a table of its own, which nobody else's names shape.

Names of a file never become names in SQL as they are: a table is named by the layer's id, a column by what is left of
the property's name in a-z, 0-9 and _, and the catalogue says which column holds which property.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from geoalchemy2 import Geometry
from psycopg import sql
from sqlalchemy import BigInteger, Computed, Connection, MetaData, Table, insert, select, text, update
from sqlalchemy import Column as SqlColumn
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.schema import CreateTable

from landbank.domain.filter import Kind
from landbank.errors import Gone, NotFound, Unavailable
from landbank.geo.crs import LONLAT
from landbank.store.collections import COLLECTIONS, Collection, Column
from landbank.store.layer_tables import LAYER_SCHEMA, layer
from landbank.store.relation import TYPES
from landbank.store.roles import APP_ROLE

KEY, GEOMETRY = "fid", "geom"
ON_TILES = {
    3006: "public.st_transform(geometry, 3857)",
    4326: "public.st_transform(public.st_clipbybox2d("
    "geometry, 'BOX(-180 -85.0511287798066, 180 85.0511287798066)'::box2d), 3857)",
}
"""The geometry in EPSG:3857, by the CRS it is stored in; what lies beyond the map's edge is cut off there."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One line of the catalogue."""

    id: int
    name: str
    title: str
    attribution: str | None
    source: str
    source_layer: str | None
    source_crs: str
    storage_srid: int
    geometry_kind: str
    columns: Sequence[Mapping[str, str]]
    row_count: int
    west: float | None
    south: float | None
    east: float | None
    north: float | None
    is_public: bool
    valid_from: date
    valid_to: date | None


def collection_of(one: Layer) -> Collection:
    """The layer as a collection."""
    is_global = one.storage_srid == LONLAT
    sides = (one.west, one.south, one.east, one.north)
    return Collection(
        name=one.name,
        title=one.title,
        description=f"Reference layer, from {one.source}."
        + (f" {one.attribution}" if one.attribution else ""),
        geometry_kind=one.geometry_kind,
        table=f"{LAYER_SCHEMA}.layer_{one.id}",
        key=KEY,
        facts=f"{LAYER_SCHEMA}.layer_{one.id}",
        facts_key=KEY,
        outline="geometry" if is_global else "geometry_tile",
        outline_srid=LONLAT if is_global else 3857,
        storage_srid=one.storage_srid,
        geometry="{t}.geometry",
        geometry_name=GEOMETRY,
        columns=(
            Column(KEY, Kind.INTEGER),
            *(Column(told["name"], Kind(told["kind"]), told["column"]) for told in one.columns),
        ),
        is_public=one.is_public,
        extent=None
        if None in sides
        else (sides[0] or 0.0, sides[1] or 0.0, sides[2] or 0.0, sides[3] or 0.0),
        attribution=one.attribution,
        layer_id=one.id,
    )


class Collections:
    """All collections: those of the inventory, and the layers that whoever asks may see."""

    def __init__(self, connection: Connection) -> None:
        self._layers = Layers(connection)

    def all(self, *, planning: bool) -> list[Collection]:
        """Every collection, the inventory's own first; `planning` tells whether planners' layers are shown."""
        shown = [one for one in self._layers.current() if planning or one.is_public]
        return [*COLLECTIONS.values(), *(collection_of(one) for one in shown)]

    def find(self, name: str, *, planning: bool) -> Collection:
        """The collection of that name.

        Raises
        ------
        NotFound
            There is none, or none that is shown.
        Gone
            It was a layer and has ended.
        """
        own = COLLECTIONS.get(name)
        if own is not None:
            return own
        found = self._layers.find(name)
        if found is not None and found.valid_to is None and (planning or found.is_public):
            return collection_of(found)
        if found is not None and found.valid_to is not None and (planning or found.is_public):
            raise Gone(f"The layer '{name}' ended on {found.valid_to}.", where=name)
        raise NotFound(
            f"There is no collection '{name[:80]}'.",
            hint=f"There are {', '.join(COLLECTIONS)}, and reference layers; some only for planners who signed in.",
            where=name[:80],
        )


class Layers:
    """The catalogue of layers and their tables."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def current(self) -> list[Layer]:
        """The layers that have not ended, by name."""
        rows = self._connection.execute(
            select(layer).where(layer.c.valid_to.is_(None)).order_by(layer.c.name)
        )
        return [Layer(**row) for row in rows.mappings()]

    def find(self, name: str) -> Layer | None:
        """The layer of that name: the current one, else the one that ended last, else None."""
        if "\x00" in name or not name.isascii():
            return None
        rows = self._connection.execute(
            select(layer)
            .where(layer.c.name == name)
            .order_by(layer.c.valid_to.desc().nulls_first(), layer.c.id.desc())
        )
        row = rows.mappings().first()
        return None if row is None else Layer(**row)

    def ensure_schema(self) -> None:
        """The schema of the layers' tables, made where it is not there; the application may read in it.

        Raises
        ------
        Unavailable
            The database's user may not make it.
        """
        there = text("SELECT to_regnamespace(:name) IS NOT NULL")
        if not self._connection.scalar(there, {"name": LAYER_SCHEMA}):
            self._make_schema()
        self._connection.execute(text(f"GRANT USAGE ON SCHEMA {LAYER_SCHEMA} TO {APP_ROLE}"))

    def _make_schema(self) -> None:
        try:
            self._connection.execute(text(f"CREATE SCHEMA {LAYER_SCHEMA}"))
        except ProgrammingError as error:
            raise Unavailable(
                "The database's user may not create the schema for reference layers.",
                hint=f"Let an administrator run this in the database once: CREATE SCHEMA {LAYER_SCHEMA} AUTHORIZATION"
                " the user of landbank",
            ) from error

    def create(self, columns: Mapping[str, Kind], *, srid: int) -> tuple[int, dict[str, str]]:
        """A new table for a layer with these properties: the layer's id, and the column of each property."""
        layer_id = int(
            self._connection.execute(
                text("SELECT nextval(pg_get_serial_sequence('landbank.layer', 'id'))")
            ).scalar_one()
        )
        stored = stored_names(list(columns))
        made = Table(
            f"layer_{layer_id}",
            MetaData(schema=LAYER_SCHEMA),
            SqlColumn(KEY, BigInteger, nullable=False),
            *(SqlColumn(stored[name], TYPES[kind]) for name, kind in columns.items()),
            SqlColumn("geometry", Geometry(srid=srid, spatial_index=False)),
            SqlColumn(
                "geometry_tile",
                Geometry(srid=3857, spatial_index=False),
                Computed(ON_TILES[srid], persisted=True),
            ),
        )
        self._connection.execute(CreateTable(made))
        self._connection.execute(text(f"GRANT SELECT ON {LAYER_SCHEMA}.layer_{layer_id} TO {APP_ROLE}"))
        return layer_id, stored

    def put(self, layer_id: int, columns: Sequence[str], stream: bytes) -> None:
        """Take rows in PostgreSQL's binary COPY form."""
        statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(
            sql.Identifier(LAYER_SCHEMA, f"layer_{layer_id}"),
            sql.SQL(", ").join(map(sql.Identifier, columns)),
        )
        driver: Any = self._connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write(stream)

    def index(self, layer_id: int) -> None:
        """Key and spatial indexes, once all rows are there, and the statistics that the planner reads."""
        table = f"{LAYER_SCHEMA}.layer_{int(layer_id)}"
        for statement in (
            f"ALTER TABLE {table} ADD PRIMARY KEY ({KEY})",
            f"CREATE INDEX ON {table} USING gist (geometry)",
            f"CREATE INDEX ON {table} USING gist (geometry_tile)",
            f"ANALYZE {table}",
        ):
            self._connection.execute(text(statement))

    def enter(self, layer_id: int, told: Mapping[str, Any]) -> None:
        """Write the layer into the catalogue: from here on it is shown."""
        self._connection.execute(insert(layer).values(id=layer_id, **told))

    def end(self, name: str) -> None:
        """End the layer; its rows stay where they are.

        Raises
        ------
        NotFound
            There is no current layer of that name.
        """
        self._change(name, {"valid_to": text("greatest(current_date, valid_from)")})

    def publish(self, name: str, *, is_public: bool) -> None:
        """Show the layer to everybody, or to planners alone; the same error."""
        self._change(name, {"is_public": is_public})

    def _change(self, name: str, values: Mapping[str, Any]) -> None:
        statement = update(layer).where(layer.c.name == name, layer.c.valid_to.is_(None)).values(**values)
        if self._connection.execute(statement).rowcount == 0:
            known = ", ".join(one.name for one in self.current())
            raise NotFound(
                f"There is no layer '{name}'.",
                hint=f"There are {known}." if known else "There are none.",
                where=name,
            )


def stored_names(names: Sequence[str]) -> dict[str, str]:
    """A column for each property, unlike all others: `p_` and what a-z, 0-9 and _ can say of its name."""
    made: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        base = "p_" + re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40]
        stored, number = base, 1
        while stored in taken:
            stored, number = f"{base}_{number}", number + 1
        taken.add(stored)
        made[name] = stored
    return made
