"""Where the rows of a collection are looked for, as columns for statements: its table, or the view of its facts."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Double,
    Text,
    Uuid,
    column,
    literal_column,
    table,
)
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import NullType, TypeEngine

from landbank.domain.filter import Kind
from landbank.store.collections import Collection

TYPES: dict[Kind, TypeEngine[Any]] = {
    Kind.TEXT: Text(),
    Kind.INTEGER: BigInteger(),
    Kind.NUMBER: Double(),
    Kind.BOOLEAN: Boolean(),
    Kind.DATE: Date(),
    Kind.DATETIME: DateTime(timezone=True),
    Kind.TEXTS: ARRAY(Text()),
    Kind.UUID: Uuid(as_uuid=False),
}

Sql = ColumnElement[Any]


class Relation:
    """A collection's table or its view of facts under the name `t`, and what stands in it."""

    def __init__(self, collection: Collection, *, in_facts: bool) -> None:
        self.collection = collection
        self.in_facts = in_facts
        schema, name = (collection.facts if in_facts else collection.table).split(".")
        self._key = collection.facts_key if in_facts else collection.key
        columns = {one.column: TYPES[one.kind] for one in collection.columns if self.has(one.name)}
        columns[self._key] = TYPES[collection.key_kind]
        columns[collection.outline] = NullType()
        named = [column(name, kind) for name, kind in columns.items()]
        self.source = table(name, *named, schema=schema).alias("t")

    def has(self, name: str) -> bool:
        """Whether the property stands in it."""
        return self.in_facts or self.collection.own is None or name in self.collection.own

    def value(self, name: str) -> Sql:
        """The property of that name, typed."""
        stored = self.collection.by_name[name].column
        return self.source.c[self._key if stored == self.collection.facts_key else stored]

    @property
    def key(self) -> Sql:
        """The id."""
        return self.source.c[self._key]

    @property
    def outline(self) -> Sql:
        """The geometry that spatial conditions are about, indexed, in the collection's `outline_srid`."""
        return self.source.c[self.collection.outline]

    @property
    def geometry(self) -> Sql:
        """The geometry as it is stored."""
        return literal_column(self.collection.geometry.format(t="t"))

    def current(self) -> list[Sql]:
        """The condition that a row is current, where the relation holds others too."""
        if self.in_facts or self.collection.is_current is None:
            return []
        return [literal_column(self.collection.is_current.format(t="t"), Boolean())]


@lru_cache(maxsize=64)
def relation_of(collection: Collection, in_facts: bool) -> Relation:
    """The relation, made once a collection."""
    return Relation(collection, in_facts=in_facts)


def relation_for(collection: Collection, names: Iterable[str]) -> Relation:
    """The collection's own table where all these properties stand in it, else the view of its facts."""
    own = collection.own
    return relation_of(
        collection, own is not None and any(name in collection.by_name and name not in own for name in names)
    )
