"""Pages in any order: what items are sorted by, and where the next page begins.

The order is total, ties broken by the id, unknown values last in either direction. A page begins behind the values of
the last item before it, so that edits and ended items never shift it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, false, literal, or_

from landbank.domain.filter import Kind
from landbank.store.filter_sql import by_code_point
from landbank.store.relation import TYPES, Relation, Sql

After = tuple[Any, ...]
"""The values that the last item was sorted by, then its id."""


@dataclass(frozen=True, slots=True)
class SortKey:
    """A property to sort by, and in which direction."""

    name: str
    is_descending: bool = False


@dataclass(frozen=True, slots=True)
class OrderColumn:
    """One column of the order, the id being the last."""

    value: Sql
    kind: Kind
    is_descending: bool

    @property
    def ordered(self) -> Sql:
        """The column as ORDER BY has it."""
        return self.value.desc().nulls_last() if self.is_descending else self.value.asc()

    def is_same(self, last: Any) -> Sql:
        """That an item has the same value as the last one."""
        return self.value.is_(None) if last is None else self.value == literal(last, TYPES[self.kind])

    def is_behind(self, last: Any) -> Sql:
        """That an item comes behind the last one for this value; nothing comes behind the unknown."""
        if last is None:
            return false()
        bound = literal(last, TYPES[self.kind])
        return or_(self.value < bound if self.is_descending else self.value > bound, self.value.is_(None))


def order_of(relation: Relation, keys: tuple[SortKey, ...]) -> list[OrderColumn]:
    """The columns of a total order."""
    collection = relation.collection
    chosen = [
        OrderColumn(
            by_code_point(relation.value(key.name), collection.by_name[key.name].kind),
            collection.by_name[key.name].kind,
            key.is_descending,
        )
        for key in keys
    ]
    return [
        *chosen,
        OrderColumn(by_code_point(relation.key, collection.key_kind), collection.key_kind, False),
    ]


def behind(order: list[OrderColumn], after: After) -> Sql:
    """The condition that an item comes behind the last one of the page before."""
    *keys, identity = order
    *values, last_id = after
    bound = literal(last_id, TYPES[identity.kind])
    condition: Sql = identity.value > bound
    for column, value in zip(reversed(keys), reversed(values), strict=True):
        condition = or_(column.is_behind(value), and_(column.is_same(value), condition))
    return condition
